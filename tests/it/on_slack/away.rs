//! What happens on Slack while nobody listens is found later, once.

use insta::assert_snapshot;

use crate::support::TestPractice;

#[tokio::test]
async fn ideas_and_what_became_of_them_are_found_once() {
    let practice = TestPractice::open_over_slack().await;
    let tomas = practice.person("tomas");
    let first = tomas.has_idea("Flu shots.").await;
    let second = tomas.has_idea("Sunscreen.").await;
    practice.settle().await;
    practice.transcript();

    practice.chat.deaf(true);
    tomas.rewrites("ideas", &first, "Flu shots this Saturday.").await;
    tomas.deletes(&crate::support::message_in("ideas", &second)).await;
    tomas.has_idea("Wash hands.").await;
    practice.settle().await;
    practice.chat.deaf(false);
    practice.note("-- heard again");
    practice.catches_up().await;
    practice.catches_up().await;
    practice.person("maya").presses("Make a post").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    tomas       rewrites m1: Flu shots this Saturday.
    tomas       deletes m2
    tomas       says: Wash hands.
    -- heard again
    countersign idea by Tomas [Make a post] [Not a post]
    maya        [Make a post]
    countersign draft 1.0 "Wash hands." [Send for signature] [Edit] [Withdraw]
    countersign now idea is post 1
    "#);
    let at = crate::support::message_in("ideas", &first);
    let idea = practice.office.store.idea(&practice.id(), &at).await.expect("read").expect("one");
    assert_eq!(idea.text, "Flu shots this Saturday.");
    let at = crate::support::message_in("ideas", &second);
    let idea = practice.office.store.idea(&practice.id(), &at).await.expect("read").expect("one");
    assert!(idea.dismissed);
}

#[tokio::test]
async fn what_was_heard_is_not_heard_again() {
    let practice = TestPractice::open_over_slack().await;
    practice.person("dr-rao").says("ideas", "stop everything").await;
    practice.settle().await;
    practice.person("lena").says("approvals", "/post release").await;
    practice.settle().await;
    practice.transcript();

    practice.catches_up().await;

    assert_snapshot!(practice.transcript(), @"");
}

#[tokio::test]
async fn nothing_leaves_while_slack_is_not_heard() {
    let practice = TestPractice::open_over_slack().await;
    practice.person("maya").submits("Flu shots this Saturday.").await;
    practice.person("dr-rao").signs().await;
    practice.chat.away(true);

    practice.waits(jiff::SignedDuration::from_mins(2)).await;
    assert!(practice.network.texts().is_empty());
    practice.chat.away(false);
    practice.waits(jiff::SignedDuration::from_mins(2)).await;

    assert_eq!(practice.network.texts(), ["Flu shots this Saturday."]);
}
