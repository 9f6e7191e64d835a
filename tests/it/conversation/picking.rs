//! A message of anybody's that somebody chose becomes a draft.

use countersign::ports::intake::Receipt;
use insta::assert_snapshot;

use crate::support::TestPractice;

#[tokio::test]
async fn a_message_that_was_chosen_becomes_a_draft_once() {
    let practice = TestPractice::open().await;
    let (tomas, maya) = (practice.person("tomas"), practice.person("maya"));
    let message = tomas.says("approvals", "Flu shots this Saturday.").await;
    practice.settle().await;

    maya.picks("approvals", &message, "Flu shots this Saturday.").await;
    practice.settle().await;
    tomas.picks("approvals", &message, "Flu shots this Saturday.").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    tomas       says: Flu shots this Saturday.
    maya        picks m1
    countersign draft 1.0 "Flu shots this Saturday." [Send for signature] [Edit] [Withdraw]
    tomas       picks m1
    countersign (to tomas) no effect on 0: this message is a post already
    "#);
    assert_eq!(practice.post(1).await.drafter.as_str(), "maya");
}

#[tokio::test]
async fn a_chosen_message_about_a_patient_is_not_kept() {
    let practice = TestPractice::open().await;
    let maya = practice.person("maya");

    let receipt = maya.picks("approvals", "m1", "Our patient Jane Roe, SSN 219-09-9999.").await;
    practice.settle().await;

    assert!(matches!(receipt, Receipt::Blocked(_)), "{receipt:?}");
    assert_snapshot!(practice.transcript(), @"
    maya        picks m1
    countersign (to maya) blocked, 2 kinds, still there: true [It is about no patient]
    ");
}
