//! Own words: the only approver of a practice signs what they wrote in a second, separate step.

use countersign::domain::ids::MemberId;
use countersign::domain::member::Role;
use countersign::domain::policy::{ALWAYS, Dated, Policy};
use countersign::domain::practice::Practice;
use insta::assert_snapshot;

use crate::support::TestPractice;

/// Dr. Rao's own practice, where own words may be signed, or not.
async fn solo(own_words: bool) -> TestPractice {
    let alone = move |practice: &mut Practice| {
        practice.members.retain(|m| m.role != Role::Approver || m.id == MemberId::new("dr-rao"));
        practice.policies = vec![Dated::always(Policy::some(1, Vec::new()))];
        practice.own_words = own_words.then_some(ALWAYS);
    };
    TestPractice::open_with(alone).await
}

#[tokio::test]
async fn the_only_approver_signs_own_words_in_a_step_of_its_own() {
    let practice = solo(true).await;
    let rao = practice.person("dr-rao");
    rao.submits("I am back from the congress.").await;
    practice.transcript();

    rao.signs().await;
    practice.settle().await;
    assert!(practice.network.live().is_empty());
    rao.presses("These are my own words: sign").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    dr-rao      ✅ on card 1.1
    countersign (to dr-rao) no effect on 1: you wrote this post yourself: press "These are my own words: sign" on the card to sign it
    dr-rao      [These are my own words: sign]
    network     p1 is live: "I am back from the congress."
    countersign now card 1.1 "I am back from the congress." | published | Is live [Take it down]
    countersign 1 on Practice page: is live.
    "#);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn pressing_send_for_somebody_does_not_make_it_another_persons_words() {
    let practice = solo(false).await;
    let rao = practice.person("dr-rao");
    rao.has_idea("I am back from the congress.").await;
    practice.settle().await;
    rao.presses("Make a post").await;
    practice.settle().await;
    practice.transcript();

    practice.person("tomas").presses("Send for signature").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"
    tomas       [Send for signature]
    countersign (to tomas) no effect on 1: nobody could sign this: the policy, or a name in the text, asks for somebody who can't
    ");
}

#[tokio::test]
async fn somebody_elses_words_are_not_signed_as_own() {
    let practice = solo(true).await;
    practice.person("tomas").submits("Closed on Thanksgiving.").await;
    practice.transcript();

    practice.person("dr-rao").signs().await;
    practice.settle().await;

    assert_eq!(practice.network.texts(), ["Closed on Thanksgiving."]);
}
