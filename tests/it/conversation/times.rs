//! Slots and windows: what was meant, and what moves them.

use insta::assert_snapshot;
use jiff::SignedDuration;

use super::{planned, planned_and_signed, quiet_at_night};
use crate::support::{TestPractice, over_platform};

/// What the newest card says of its slot and window.
fn times(practice: &TestPractice) -> String {
    let card = practice.chat.newest_card_view();
    format!("{} | {}", card.slot, card.window)
}

#[tokio::test]
async fn a_slot_that_moves_inside_the_signed_window_keeps_the_signatures() {
    let practice = TestPractice::open().await;
    planned_and_signed(&practice, &[("slot", "tomorrow 9:00")]).await;

    practice.person("maya").fills("Edit", &[("slot", "tomorrow 11:00")]).await;
    practice.settle().await;
    practice.waits(SignedDuration::from_hours(25)).await;
    assert!(practice.network.live().is_empty());
    practice.waits(SignedDuration::from_hours(1)).await;

    assert_snapshot!(practice.transcript(), @r#"
    maya        [Edit] slot=tomorrow 11:00
    countersign now card 1.1 "Flu shots this Saturday." | signed off [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    -- 25h
    -- 1h
    network     p1 is live: "Flu shots this Saturday."
    countersign now card 1.1 "Flu shots this Saturday." | published | Is live [Take it down]
    countersign 1 on Practice page: is live.
    "#);
    practice.ledger_equals_tables().await;
}

/// What was typed on Monday means Tuesday, though Countersign was away until then.
#[tokio::test]
async fn a_slot_is_read_as_of_when_it_was_typed() {
    let practice = TestPractice::open().await;
    planned(&practice, &[("slot", "tomorrow 9:00")]).await;

    practice.person("maya").fills("Edit", &[("slot", "tomorrow 11:00")]).await;
    practice.waits(SignedDuration::from_hours(20)).await;

    assert_snapshot!(times(&practice), @"Tue 24 Nov 2026, 11:00 America/Chicago | Mon 23 Nov 2026, 09:00 to Wed 25 Nov 2026, 09:00 America/Chicago");
}

#[tokio::test]
async fn a_slot_that_moves_outside_the_signed_window_voids_the_signatures() {
    let practice = TestPractice::open().await;
    planned_and_signed(&practice, &[("slot", "tomorrow 9:00")]).await;

    practice.person("maya").fills("Edit", &[("slot", "Saturday 9am")]).await;
    practice.waits(SignedDuration::from_hours(26)).await;

    assert_snapshot!(practice.transcript(), @r#"
    maya        [Edit] slot=Saturday 9am
    -- 26h
    countersign now card 1.1 "Flu shots this Saturday." | replaced by 2
    countersign card 1.2 "Flu shots this Saturday." | needs 1 of: Dr. Rao, Dr. Kim [Sign] [Decline] [Hold] [Edit] [Withdraw]
    "#);
    assert!(practice.network.live().is_empty());
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_window_of_its_own_is_what_is_signed() {
    let practice = TestPractice::open().await;
    planned(&practice, &[("slot", "between 2026-11-25 and 2026-11-26")]).await;
    assert_snapshot!(times(&practice), @"as soon as it is signed, not before Wed 25 Nov 2026, 00:00 America/Chicago | Wed 25 Nov 2026, 00:00 to Fri 27 Nov 2026, 00:00 America/Chicago");

    practice.person("dr-rao").signs().await;
    practice.settle().await;
    practice.waits(SignedDuration::from_hours(38)).await;
    assert!(practice.network.live().is_empty());
    practice.waits(SignedDuration::from_hours(1)).await;

    assert_snapshot!(practice.transcript(), @r#"
    dr-rao      ✅ on card 1.1
    countersign now card 1.1 "Flu shots this Saturday." | signed off [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    -- 38h
    -- 1h
    network     p1 is live: "Flu shots this Saturday."
    countersign now card 1.1 "Flu shots this Saturday." | published | Is live [Take it down]
    countersign 1 on Practice page: is live.
    "#);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn times_that_can_not_be_are_said_at_once() {
    // Not on Slack: its forms say what is wrong, and stay.
    if over_platform() {
        return;
    }
    let practice = TestPractice::open().await;
    planned(&practice, &[("slot", "tomorrow 9:00")]).await;
    let maya = practice.person("maya");

    for (field, typed) in [
        ("slot", "soon"),
        ("slot", "Saturday"),
        ("slot", "2026-11-22 09:00"),
        ("slot", "2027-01-20 09:00"),
        ("opens", "2026-11-25"),
        ("closes", "2027-01-20"),
        ("closes", "2026-11-24 08:00"),
    ] {
        maya.fills("Edit", &[(field, typed)]).await;
        practice.settle().await;
    }

    assert_snapshot!(practice.transcript(), @"
    maya        [Edit] slot=soon
    countersign (to maya) no effect on 1: that is not a time: write now, +2h, 17:30, tomorrow 9:00, Saturday 9am, 2026-11-24 09:00, or between 2026-11-24 and 2026-11-26
    maya        [Edit] slot=Saturday
    countersign (to maya) no effect on 1: that is a day: add the time, as in Saturday 9:00 or 2026-11-24 09:00
    maya        [Edit] slot=2026-11-22 09:00
    countersign (to maya) no effect on 1: that time is past: choose a later one
    maya        [Edit] slot=2027-01-20 09:00
    countersign (to maya) no effect on 1: that slot is more than 29 days ahead: choose an earlier one, or say when the window opens
    maya        [Edit] opens=2026-11-25
    countersign (to maya) no effect on 1: that slot is outside the window that you gave: change one of them with Edit
    maya        [Edit] closes=2027-01-20
    countersign (to maya) no effect on 1: a window is open for at most 30 days, within a year: choose a shorter one
    maya        [Edit] closes=2026-11-24 08:00
    countersign (to maya) no effect on 1: that slot is outside the window that you gave: change one of them with Edit
    ");
    assert_eq!(practice.post(1).await.revision, 1);
}

#[tokio::test]
async fn a_slot_that_does_not_exist_is_the_first_instant_after() {
    let practice = TestPractice::open().await;
    practice.waits(SignedDuration::from_hours(109 * 24)).await;

    planned(&practice, &[("slot", "2027-03-14 02:30")]).await;

    assert_snapshot!(times(&practice), @"Sun 14 Mar 2027, 03:00 America/Chicago, as 02:30 does not exist that day | Fri 12 Mar 2027, 09:00 to Mon 15 Mar 2027, 03:00 America/Chicago");
}

#[tokio::test]
async fn a_slot_that_happens_twice_is_the_earlier() {
    let practice = TestPractice::open().await;
    practice.waits(SignedDuration::from_hours(345 * 24)).await;

    planned(&practice, &[("slot", "2027-11-07 01:30")]).await;

    assert_snapshot!(times(&practice), @"Sun 7 Nov 2027, 01:30 America/Chicago, the first of two 01:30 that day | Wed 3 Nov 2027, 10:00 to Mon 8 Nov 2027, 00:30 America/Chicago");
}

#[tokio::test]
async fn quiet_hours_move_a_slot_and_the_card_says_so() {
    let practice = TestPractice::open_with(quiet_at_night).await;
    planned(&practice, &[("slot", "22:30")]).await;
    assert_snapshot!(times(&practice), @"Tue 24 Nov 2026, 07:00 America/Chicago, moved from 22:30 (quiet hours 21:00 to 07:00) | Mon 23 Nov 2026, 09:00 to Wed 25 Nov 2026, 07:00 America/Chicago");

    practice.person("dr-rao").signs().await;
    practice.waits(SignedDuration::from_hours(14)).await;
    practice.waits(SignedDuration::from_hours(8)).await;

    assert_snapshot!(practice.transcript(), @r#"
    dr-rao      ✅ on card 1.1
    -- 14h
    countersign now card 1.1 "Flu shots this Saturday." | signed off [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    -- 8h
    network     p1 is live: "Flu shots this Saturday."
    countersign now card 1.1 "Flu shots this Saturday." | published | Is live [Take it down]
    countersign 1 on Practice page: is live.
    "#);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn quiet_hours_never_move_a_window() {
    // Not on Slack: its forms say what is wrong, and stay.
    if over_platform() {
        return;
    }
    let practice = TestPractice::open_with(quiet_at_night).await;
    let maya = practice.person("maya");
    maya.says("ideas", "/post new Flu shots this Saturday.").await;
    practice.settle().await;

    maya.fills("Edit", &[("slot", "22:30"), ("closes", "tomorrow 6:00")]).await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    maya        says: /post new Flu shots this Saturday.
    countersign draft 1.0 "Flu shots this Saturday." [Send for signature] [Edit] [Withdraw]
    maya        [Edit] slot=22:30 closes=tomorrow 6:00
    countersign (to maya) no effect on 1: quiet hours move that slot out of its window: choose another slot, or a longer window
    "#);
}
