//! Whoever runs Countersign stops everything, for all practices, and releases it.

use countersign::app::operator;
use insta::assert_snapshot;
use jiff::SignedDuration;

use super::signed;
use crate::support::TestPractice;

#[tokio::test]
async fn a_stop_for_all_keeps_everything_in() {
    let practice = TestPractice::open().await;
    signed(&practice).await;

    assert!(operator::stop_all(&practice.office, true).await.expect("stopped"));
    operator::tell_all(&practice.office).await.expect("told");
    practice.waits(SignedDuration::from_hours(2)).await;
    practice.person("maya").says("ideas", "/post queue").await;
    practice.person("lena").says("approvals", "/post release").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    -- 2h
    countersign now card 1.1 "Flu shots this Saturday." | signed off | everything is stopped by whoever runs Countersign [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    countersign everything is stopped
    maya        says: /post queue
    lena        says: /post release
    countersign (to maya) queue of 1
    countersign (to lena) no effect on 0: everything is stopped by whoever runs Countersign: only they can release that
    "#);
}

#[tokio::test]
async fn a_release_for_all_lets_out_what_its_practice_did_not_stop() {
    let practice = TestPractice::open().await;
    signed(&practice).await;
    operator::stop_all(&practice.office, true).await.expect("stopped");
    practice.person("dr-kim").says("approvals", "Stop everything!").await;
    practice.waits(SignedDuration::from_hours(2)).await;
    practice.transcript();

    operator::stop_all(&practice.office, false).await.expect("released");
    operator::tell_all(&practice.office).await.expect("told");
    practice.waits(SignedDuration::from_hours(1)).await;
    practice.person("lena").says("approvals", "/post release").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    -- 1h
    countersign now card 1.1 "Flu shots this Saturday." | signed off | stopped: nothing leaves until it is released [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    countersign everything is released
    lena        says: /post release
    network     p1 is live: "Flu shots this Saturday."
    countersign now card 1.1 "Flu shots this Saturday." | published | Is live [Take it down]
    countersign released by Lena, in flight: 0
    countersign 1 on Practice page: is live.
    "#);
}

#[tokio::test]
async fn who_was_not_told_is_told_when_it_is_done_again() {
    let practice = TestPractice::open().await;
    operator::stop_all(&practice.office, true).await.expect("stopped");

    let again = operator::stop_all(&practice.office, true).await.expect("stands");
    for _ in 0..2 {
        operator::tell_all(&practice.office).await.expect("told");
        practice.settle().await;
    }

    assert!(!again);
    assert_snapshot!(practice.transcript(), @"countersign everything is stopped");
}

#[tokio::test]
async fn one_practice_is_stopped_and_released_from_outside() {
    let practice = TestPractice::open().await;
    signed(&practice).await;

    let (stopped, _) =
        operator::stop_one(&practice.office, &practice.id(), true).await.expect("stopped");
    practice.waits(SignedDuration::from_hours(2)).await;
    let (released, _) =
        operator::stop_one(&practice.office, &practice.id(), false).await.expect("released");
    practice.settle().await;

    assert!(stopped && released);
    assert_snapshot!(practice.transcript(), @r#"
    -- 2h
    countersign now card 1.1 "Flu shots this Saturday." | signed off | stopped: nothing leaves until it is released [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    countersign stopped by Whoever runs Countersign, in flight: 0
    network     p1 is live: "Flu shots this Saturday."
    countersign now card 1.1 "Flu shots this Saturday." | published | Is live [Take it down]
    countersign released by Whoever runs Countersign, in flight: 0
    countersign 1 on Practice page: is live.
    "#);
    practice.ledger_equals_tables().await;
}
