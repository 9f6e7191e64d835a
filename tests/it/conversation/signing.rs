//! Signing: who may, what it voids, what it lets out.

use insta::assert_snapshot;

use crate::support::TestPractice;

#[tokio::test]
async fn an_idea_is_signed_and_published() {
    let practice = TestPractice::open().await;
    let tomas = practice.person("tomas");
    let maya = practice.person("maya");

    tomas
        .has_idea("Flu shots this Saturday 9 to 12, no appointment needed.")
        .await;
    practice.settle().await;
    maya.presses("Make a post").await;
    practice.settle().await;
    maya.presses("Send for signature").await;
    practice.settle().await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"");
    practice.ledger_equals_tables().await;
}
