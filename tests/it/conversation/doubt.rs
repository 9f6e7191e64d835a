//! A platform without keys that does not answer: what may have been shown is looked for first.

use insta::assert_snapshot;
use jiff::SignedDuration;

use crate::support::TestPractice;

/// Long enough that what was on its way is looked for.
const A_WHILE: SignedDuration = SignedDuration::from_mins(2);

async fn without_keys() -> TestPractice {
    let practice = TestPractice::open().await;
    practice.chat.knows_no_keys();
    practice
}

#[tokio::test]
async fn a_card_whose_answer_was_lost_is_found_and_can_be_signed() {
    let practice = without_keys().await;
    let maya = practice.person("maya");
    maya.says("ideas", "/post new Flu shots this Saturday.").await;
    practice.settle().await;
    practice.transcript();

    practice.chat.answers_nothing(&[true]);
    maya.presses("Send for signature").await;
    practice.settle().await;
    practice.waits(A_WHILE).await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    maya        [Send for signature]
    countersign card 1.1 "Flu shots this Saturday." | needs 1 of: Dr. Rao, Dr. Kim [Sign] [Decline] [Hold] [Edit] [Withdraw]
    countersign now draft 1.0 "Flu shots this Saturday." | in review
    -- 2m
    dr-rao      ✅ on card 1.1
    network     p1 is live: "Flu shots this Saturday."
    countersign now card 1.1 "Flu shots this Saturday." | published | Is live [Take it down]
    countersign 1 on Practice page: is live.
    "#);
}

#[tokio::test]
async fn however_late_it_is_looked_for_from_when_it_was_shown() {
    let practice = without_keys().await;
    practice.chat.answers_nothing(&[true]);
    practice.person("maya").says("ideas", "/post new Flu shots this Saturday.").await;
    practice.settle().await;
    let shown = practice.office.now();

    practice.chat.away(true);
    for _ in 0..4 {
        practice.waits(SignedDuration::from_mins(20)).await;
    }
    practice.chat.away(false);
    practice.waits(SignedDuration::from_mins(20)).await;

    assert!(practice.chat.searched().is_some_and(|since| since <= shown));
    assert_eq!(practice.transcript().matches("draft 1.0").count(), 1);
}

#[tokio::test]
async fn a_card_that_surely_does_not_stand_there_is_shown_again() {
    let practice = without_keys().await;
    let maya = practice.person("maya");
    practice.chat.answers_nothing(&[false]);

    maya.says("ideas", "/post new Flu shots this Saturday.").await;
    practice.settle().await;
    practice.waits(A_WHILE).await;

    assert_snapshot!(practice.transcript(), @r#"
    maya        says: /post new Flu shots this Saturday.
    -- 2m
    countersign draft 1.0 "Flu shots this Saturday." [Send for signature] [Edit] [Withdraw]
    "#);
}

#[tokio::test]
async fn what_one_person_alone_may_have_seen_is_not_shown_twice() {
    let practice = without_keys().await;
    practice.chat.answers_nothing(&[true]);

    practice.person("maya").says("ideas", "/post queue").await;
    practice.settle().await;
    practice.waits(A_WHILE).await;

    assert_snapshot!(practice.transcript(), @"
    maya        says: /post queue
    countersign (to maya) queue of 0
    -- 2m
    ");
}
