//! Slots and windows: what was meant, what moves them, and what waits for a person's choice.

use countersign::domain::practice::Practice;
use countersign::domain::quiet::Quiet;
use countersign::domain::state::State;
use insta::assert_snapshot;
use jiff::SignedDuration;
use jiff::civil::Time;

use crate::support::{Does, TestPractice};

/// A post in review, with these fields filled in.
async fn planned(practice: &TestPractice, fields: &[(&str, &str)]) {
    let maya = practice.person("maya");
    maya.says("ideas", "/post new Flu shots this Saturday.").await;
    practice.settle().await;
    maya.fills("Edit", fields).await;
    practice.settle().await;
    maya.presses("Send for signature").await;
    practice.settle().await;
    practice.transcript();
}

fn quiet_at_night(practice: &mut Practice) {
    let (from, to) = (Time::constant(21, 0, 0, 0), Time::constant(7, 0, 0, 0));
    practice.quiet = Some(Quiet { from, to });
}

/// What the newest card says of its slot and window.
fn times(practice: &TestPractice) -> String {
    let card = practice.chat.newest_card_view();
    format!("{} | {}", card.slot, card.window)
}

#[tokio::test]
async fn a_slot_that_moves_inside_the_signed_window_keeps_the_signatures() {
    let practice = TestPractice::open().await;
    planned(&practice, &[("slot", "tomorrow 9:00")]).await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;

    practice.person("maya").fills("Edit", &[("slot", "tomorrow 11:00")]).await;
    practice.settle().await;
    practice.waits(SignedDuration::from_hours(25)).await;
    assert!(practice.network.live().is_empty());
    practice.waits(SignedDuration::from_hours(1)).await;

    assert_snapshot!(practice.transcript(), @r#"
    dr-rao      ✅ on card 1.1
    countersign now card 1.1 "Flu shots this Saturday." | signed off [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
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
    planned(&practice, &[("slot", "tomorrow 9:00")]).await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;

    practice.person("maya").fills("Edit", &[("slot", "Saturday 9am")]).await;
    practice.waits(SignedDuration::from_hours(26)).await;

    assert_snapshot!(practice.transcript(), @r#"
    dr-rao      ✅ on card 1.1
    countersign now card 1.1 "Flu shots this Saturday." | signed off [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
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

#[tokio::test]
async fn what_is_late_does_not_leave_in_quiet_hours() {
    let practice = TestPractice::open_with(quiet_at_night).await;
    planned(&practice, &[("slot", "20:45")]).await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;
    practice.network.next(&[Does::Later(1800)]);

    practice.waits(SignedDuration::from_mins(11 * 60 + 45)).await;
    practice.waits(SignedDuration::from_mins(31)).await;
    practice.waits(SignedDuration::from_hours(9)).await;
    assert!(practice.network.live().is_empty());
    practice.waits(SignedDuration::from_hours(1)).await;

    assert_snapshot!(practice.transcript(), @r#"
    dr-rao      ✅ on card 1.1
    countersign now card 1.1 "Flu shots this Saturday." | signed off [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    -- 11h 45m
    countersign now card 1.1 "Flu shots this Saturday." | signed off | Waits until Mon 23 Nov 2026, 21:15 America/Chicago: the network asked to wait [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    countersign 1 on Practice page: waits until Mon 23 Nov 2026, 21:15 America/Chicago: the network asked to wait.
    -- 31m
    countersign now card 1.1 "Flu shots this Saturday." | signed off | Waits until Tue 24 Nov 2026, 07:00 America/Chicago: these are the practice's quiet hours: it leaves when they are over [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    -- 9h
    -- 1h
    network     p1 is live: "Flu shots this Saturday."
    countersign now card 1.1 "Flu shots this Saturday." | published | Is live [Take it down]
    countersign 1 on Practice page: is live.
    "#);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn quiet_hours_past_the_end_of_the_window_make_it_missed() {
    let practice = TestPractice::open_with(quiet_at_night).await;
    planned(&practice, &[("slot", "20:45"), ("closes", "23:00")]).await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;
    practice.network.next(&[Does::Later(1800)]);

    practice.waits(SignedDuration::from_mins(11 * 60 + 45)).await;
    practice.waits(SignedDuration::from_mins(31)).await;
    practice.waits(SignedDuration::from_hours(2)).await;

    assert_snapshot!(practice.transcript(), @r#"
    dr-rao      ✅ on card 1.1
    countersign now card 1.1 "Flu shots this Saturday." | signed off [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    -- 11h 45m
    countersign now card 1.1 "Flu shots this Saturday." | signed off | Waits until Mon 23 Nov 2026, 21:15 America/Chicago: the network asked to wait [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    countersign 1 on Practice page: waits until Mon 23 Nov 2026, 21:15 America/Chicago: the network asked to wait.
    -- 31m
    countersign now card 1.1 "Flu shots this Saturday." | signed off | Waits until Mon 23 Nov 2026, 23:00 America/Chicago: these are the practice's quiet hours: it leaves when they are over [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    -- 2h
    countersign now card 1.1 "Flu shots this Saturday." | missed | Missed its window [Edit] [Withdraw]
    countersign 1 missed its window [Tomorrow 7:00] [Tomorrow 9:00] [Withdraw]
    "#);
    assert!(practice.network.live().is_empty());
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn what_is_signed_after_its_slot_asks_when_to_go() {
    let practice = TestPractice::open().await;
    planned(&practice, &[("slot", "+1h")]).await;
    practice.passes(SignedDuration::from_hours(3));

    practice.person("dr-rao").signs().await;
    practice.settle().await;
    assert!(practice.network.live().is_empty());
    practice.person("dr-rao").presses("Today 17:00").await;
    practice.settle().await;
    assert!(practice.network.live().is_empty());
    practice.waits(SignedDuration::from_hours(5)).await;

    assert_snapshot!(practice.transcript(), @r#"
    -- 3h
    dr-rao      ✅ on card 1.1
    countersign 1: asks Dr. Rao for a slot after Mon 23 Nov 2026, 10:00 America/Chicago [Now] [Today 17:00] [Tomorrow 9:00] [Withdraw]
    countersign now card 1.1 "Flu shots this Saturday." | signed off | it was signed off after its slot: choose another in the thread [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    dr-rao      [Today 17:00]
    countersign now card 1.1 "Flu shots this Saturday." | signed off [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    -- 5h
    network     p1 is live: "Flu shots this Saturday."
    countersign now card 1.1 "Flu shots this Saturday." | published | Is live [Take it down]
    countersign 1 on Practice page: is live.
    "#);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn what_is_signed_late_can_go_now() {
    let practice = TestPractice::open().await;
    planned(&practice, &[("slot", "+1h")]).await;
    practice.passes(SignedDuration::from_mins(76));
    practice.person("dr-rao").signs().await;
    practice.settle().await;
    practice.transcript();

    practice.person("dr-rao").presses("Now").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    dr-rao      [Now]
    countersign now card 1.1 "Flu shots this Saturday." | signed off [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    network     p1 is live: "Flu shots this Saturday."
    countersign now card 1.1 "Flu shots this Saturday." | published | Is live [Take it down]
    countersign 1 on Practice page: is live.
    "#);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn what_is_signed_a_little_late_goes() {
    let practice = TestPractice::open().await;
    planned(&practice, &[("slot", "+1h")]).await;
    practice.passes(SignedDuration::from_mins(75));

    practice.person("dr-rao").signs().await;
    practice.settle().await;

    assert_eq!(practice.post(1).await.state, State::Published);
}

#[tokio::test]
async fn what_nobody_chose_a_slot_for_is_missed() {
    let practice = TestPractice::open().await;
    planned(&practice, &[("slot", "+1h")]).await;
    practice.passes(SignedDuration::from_hours(3));
    practice.person("dr-rao").signs().await;
    practice.settle().await;
    practice.transcript();

    practice.waits(SignedDuration::from_hours(23)).await;

    assert_snapshot!(practice.transcript(), @r#"
    -- 23h
    countersign now card 1.1 "Flu shots this Saturday." | missed [Edit] [Withdraw]
    countersign 1 missed its window [Now] [Today 17:00] [Tomorrow 9:00] [Withdraw]
    "#);
    assert!(practice.network.live().is_empty());
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_signature_that_is_too_old_by_the_slot_is_asked_for_again() {
    let practice = TestPractice::open().await;
    let window = [("slot", "2027-01-15 09:00"), ("opens", "2027-01-10"), ("closes", "2027-01-17")];
    planned(&practice, &window).await;
    let rao = practice.person("dr-rao");
    rao.signs().await;
    practice.settle().await;

    practice.waits(SignedDuration::from_hours(52 * 24 + 1)).await;
    rao.presses("Sign").await;
    practice.settle().await;
    practice.waits(SignedDuration::from_hours(24)).await;

    assert_snapshot!(practice.transcript(), @r#"
    dr-rao      ✅ on card 1.1
    countersign now card 1.1 "Flu shots this Saturday." | signed off | sign again before the slot, a signature counts for 45 days: Dr. Rao [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    -- 1249h
    countersign 1: asks Dr. Rao to sign again before Fri 15 Jan 2027, 09:00 America/Chicago
    dr-rao      [Sign]
    countersign now card 1.1 "Flu shots this Saturday." | signed off [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    -- 24h
    network     p1 is live: "Flu shots this Saturday."
    countersign now card 1.1 "Flu shots this Saturday." | published | Is live [Take it down]
    countersign 1 on Practice page: is live.
    "#);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_signature_that_is_too_old_lets_nothing_out() {
    let practice = TestPractice::open().await;
    let window = [("slot", "2027-01-15 09:00"), ("opens", "2027-01-10"), ("closes", "2027-01-17")];
    planned(&practice, &window).await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;

    practice.waits(SignedDuration::from_hours(53 * 24 + 1)).await;
    practice.waits(SignedDuration::from_hours(3 * 24)).await;

    assert_snapshot!(practice.transcript(), @r#"
    dr-rao      ✅ on card 1.1
    countersign now card 1.1 "Flu shots this Saturday." | signed off | sign again before the slot, a signature counts for 45 days: Dr. Rao [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    -- 1273h
    countersign now card 1.1 "Flu shots this Saturday." | signed off | sign again before the slot, a signature counts for 45 days: Dr. Rao | Waits until Fri 15 Jan 2027, 10:00 America/Chicago: a signature on this post is too old: sign it again [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    countersign 1: asks Dr. Rao to sign again before Fri 15 Jan 2027, 09:00 America/Chicago
    -- 72h
    countersign now card 1.1 "Flu shots this Saturday." | missed | Missed its window [Edit] [Withdraw]
    countersign 1 missed its window [Now] [Today 17:00] [Tomorrow 9:00] [Withdraw]
    "#);
    assert!(practice.network.live().is_empty());
}

#[tokio::test]
async fn what_no_longer_fits_before_its_slot_is_held_and_its_author_told() {
    let practice = TestPractice::open().await;
    planned(&practice, &[("slot", "Saturday 9am")]).await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;

    practice.network.takes_only(20);
    practice.waits(SignedDuration::from_hours(4 * 24)).await;
    practice.waits(SignedDuration::from_hours(24)).await;

    assert_snapshot!(practice.transcript(), @r#"
    dr-rao      ✅ on card 1.1
    countersign now card 1.1 "Flu shots this Saturday." | signed off [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    -- 96h
    countersign now card 1.1 "Flu shots this Saturday." | signed off | held: it does not fit its network any more, an edit lets it go on [Sign] [Take my sign-off back] [Decline] [Lift the hold] [Edit] [Withdraw]
    countersign 1 does not fit, Maya: the text has 24 characters and Practice page takes 20: shorten it with Edit
    -- 24h
    "#);
    assert!(practice.network.live().is_empty());
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn limits_are_looked_at_an_hour_ahead_as_well() {
    let practice = TestPractice::open().await;
    planned(&practice, &[("slot", "+20h")]).await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;

    practice.network.takes_only(20);
    practice.waits(SignedDuration::from_hours(18)).await;
    assert!(practice.post(1).await.hold.is_none());
    practice.waits(SignedDuration::from_hours(1)).await;

    assert_snapshot!(practice.transcript(), @r#"
    dr-rao      ✅ on card 1.1
    countersign now card 1.1 "Flu shots this Saturday." | signed off [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    -- 18h
    -- 1h
    countersign now card 1.1 "Flu shots this Saturday." | signed off | held: it does not fit its network any more, an edit lets it go on [Sign] [Take my sign-off back] [Decline] [Lift the hold] [Edit] [Withdraw]
    countersign 1 does not fit, Maya: the text has 24 characters and Practice page takes 20: shorten it with Edit
    "#);
}
