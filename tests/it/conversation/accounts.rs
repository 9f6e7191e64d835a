//! An account that is out, and what a network refuses before anything left: both are raised at once.

use insta::assert_snapshot;
use jiff::SignedDuration;

use super::signed;
use crate::support::{Does, TestPractice};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

// A network that refused what was uploaded was asked again and again, and nobody was told.
#[tokio::test]
async fn what_is_refused_before_it_leaves_is_raised_at_once() {
    let practice = TestPractice::open().await;
    signed(&practice).await;
    practice.network.next(&[Does::RefusesPictures]);

    practice.waits(HOUR).await;

    assert_snapshot!(practice.transcript(), @r#"
    -- 1h
    countersign now card 1.1 "Flu shots this Saturday." | missed | Was refused: it does not like the pictures [Edit] [Withdraw]
    countersign 1 on Practice page: was refused: it does not like the pictures.
    countersign (to lena) alarm: 1 Practice page was refused: it does not like the pictures [Now] [Today 17:00] [Tomorrow 9:00] [Withdraw]
    "#);
    assert_eq!(practice.network.requests(), 0);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn an_account_that_is_out_is_raised_and_its_posts_wait_until_it_is_connected_again() {
    let practice = TestPractice::open().await;
    signed(&practice).await;
    practice.network.next(&[Does::SignsOut]);

    practice.waits(HOUR).await;
    practice.waits(SignedDuration::from_mins(5)).await;
    practice.network.connected_again();
    practice.waits(SignedDuration::from_mins(1)).await;

    assert_snapshot!(practice.transcript(), @r#"
    -- 1h
    countersign now card 1.1 "Flu shots this Saturday." | signed off | Waits until Mon 23 Nov 2026, 10:00 America/Chicago: its account has to be connected again (the password was revoked) [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    countersign 1 on Practice page: waits until Mon 23 Nov 2026, 10:00 America/Chicago: its account has to be connected again (the password was revoked).
    countersign (to lena) alarm: Practice page has to be connected again, and its posts wait: the password was revoked
    -- 5m
    -- 1m
    network     p1 is live: "Flu shots this Saturday."
    countersign now card 1.1 "Flu shots this Saturday." | published | Is live [Take it down]
    countersign 1 on Practice page: is live.
    "#);
    assert_eq!(practice.network.requests(), 2, "nobody asks while it is out");
    practice.ledger_equals_tables().await;
}
