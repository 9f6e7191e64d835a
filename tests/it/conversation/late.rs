//! What would be late: it waits for a person's choice, a quiet hour's end, or another signature.

use countersign::domain::state::State;
use insta::assert_snapshot;
use jiff::SignedDuration;

use super::{planned, planned_and_signed, quiet_at_night};
use crate::support::{Does, TestPractice};

#[tokio::test]
async fn what_is_late_does_not_leave_in_quiet_hours() {
    let practice = TestPractice::open_with(quiet_at_night).await;
    planned_and_signed(&practice, &[("slot", "20:45")]).await;
    practice.network.next(&[Does::Later(1800)]);

    practice.waits(SignedDuration::from_mins(11 * 60 + 45)).await;
    practice.waits(SignedDuration::from_mins(31)).await;
    practice.waits(SignedDuration::from_hours(9)).await;
    assert!(practice.network.live().is_empty());
    practice.waits(SignedDuration::from_hours(1)).await;

    assert_snapshot!(practice.transcript(), @r#"
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
    planned_and_signed(&practice, &[("slot", "20:45"), ("closes", "23:00")]).await;
    practice.network.next(&[Does::Later(1800)]);

    practice.waits(SignedDuration::from_mins(11 * 60 + 45)).await;
    practice.waits(SignedDuration::from_mins(31)).await;
    practice.waits(SignedDuration::from_hours(2)).await;

    assert_snapshot!(practice.transcript(), @r#"
    -- 11h 45m
    countersign now card 1.1 "Flu shots this Saturday." | signed off | Waits until Mon 23 Nov 2026, 21:15 America/Chicago: the network asked to wait [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    countersign 1 on Practice page: waits until Mon 23 Nov 2026, 21:15 America/Chicago: the network asked to wait.
    -- 31m
    countersign now card 1.1 "Flu shots this Saturday." | signed off | Waits until Mon 23 Nov 2026, 23:00 America/Chicago: these are the practice's quiet hours: it leaves when they are over [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    -- 2h
    countersign now card 1.1 "Flu shots this Saturday." | missed | Missed its window [Edit] [Withdraw]
    countersign 1 missed its window [Tomorrow 7:00] [Tomorrow 9:00] [Withdraw]
    countersign (to lena) alarm: 1  did not go out: its window closed first [Tomorrow 7:00] [Tomorrow 9:00] [Withdraw]
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
    countersign (to lena) alarm: 1  did not go out: its window closed first [Now] [Today 17:00] [Tomorrow 9:00] [Withdraw]
    "#);
    assert!(practice.network.live().is_empty());
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_signature_that_is_too_old_by_the_slot_is_asked_for_again() {
    let practice = TestPractice::open().await;
    let window = [("slot", "2027-01-15 09:00"), ("opens", "2027-01-10"), ("closes", "2027-01-17")];
    planned_and_signed(&practice, &window).await;
    let rao = practice.person("dr-rao");

    practice.waits(SignedDuration::from_hours(52 * 24 + 1)).await;
    rao.presses("Sign").await;
    practice.settle().await;
    practice.waits(SignedDuration::from_hours(24)).await;

    assert_snapshot!(practice.transcript(), @r#"
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
    planned_and_signed(&practice, &window).await;

    practice.waits(SignedDuration::from_hours(53 * 24 + 1)).await;
    practice.waits(SignedDuration::from_hours(3 * 24)).await;

    assert_snapshot!(practice.transcript(), @r#"
    -- 1273h
    countersign now card 1.1 "Flu shots this Saturday." | signed off | sign again before the slot, a signature counts for 45 days: Dr. Rao | Waits until Fri 15 Jan 2027, 10:00 America/Chicago: a signature on this post is too old: sign it again [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    countersign 1: asks Dr. Rao to sign again before Fri 15 Jan 2027, 09:00 America/Chicago
    -- 72h
    countersign now card 1.1 "Flu shots this Saturday." | missed | Missed its window [Edit] [Withdraw]
    countersign 1 missed its window [Now] [Today 17:00] [Tomorrow 9:00] [Withdraw]
    countersign (to lena) alarm: 1  did not go out: its window closed first [Now] [Today 17:00] [Tomorrow 9:00] [Withdraw]
    "#);
    assert!(practice.network.live().is_empty());
}

#[tokio::test]
async fn what_no_longer_fits_before_its_slot_is_held_and_its_author_told() {
    let practice = TestPractice::open().await;
    planned_and_signed(&practice, &[("slot", "Saturday 9am")]).await;

    practice.network.takes_only(20);
    practice.waits(SignedDuration::from_hours(4 * 24)).await;
    practice.waits(SignedDuration::from_hours(24)).await;

    assert_snapshot!(practice.transcript(), @r#"
    -- 96h
    countersign now card 1.1 "Flu shots this Saturday." | signed off | held: it does not fit its network any more, an edit lets it go on [Sign] [Take my sign-off back] [Decline] [Lift the hold] [Edit] [Withdraw]
    countersign (to lena) alarm: 1  is held: it does not fit its network any more, an edit lets it go on [Lift the hold] [Edit]
    countersign 1 does not fit, Maya: the text has 24 characters and Practice page takes 20: shorten it with Edit
    -- 24h
    "#);
    assert!(practice.network.live().is_empty());
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn limits_are_looked_at_an_hour_ahead_as_well() {
    let practice = TestPractice::open().await;
    planned_and_signed(&practice, &[("slot", "+20h")]).await;

    practice.network.takes_only(20);
    practice.waits(SignedDuration::from_hours(18)).await;
    assert!(practice.post(1).await.hold.is_none());
    practice.waits(SignedDuration::from_hours(1)).await;

    assert_snapshot!(practice.transcript(), @r#"
    -- 18h
    -- 1h
    countersign now card 1.1 "Flu shots this Saturday." | signed off | held: it does not fit its network any more, an edit lets it go on [Sign] [Take my sign-off back] [Decline] [Lift the hold] [Edit] [Withdraw]
    countersign (to lena) alarm: 1  is held: it does not fit its network any more, an edit lets it go on [Lift the hold] [Edit]
    countersign 1 does not fit, Maya: the text has 24 characters and Practice page takes 20: shorten it with Edit
    "#);
}
