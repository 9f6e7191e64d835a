//! Who must sign: nothing leaves before every demand is met.

use countersign::domain::ids::MemberId;
use countersign::domain::policy::{Dated, Demand, Needed, Policy};
use countersign::domain::state::State;
use insta::assert_snapshot;
use jiff::SignedDuration;

use crate::support::TestPractice;

/// The sample practice with this policy for every post.
async fn with(demands: Vec<Demand>) -> TestPractice {
    let policy = Dated::always(Policy::of(demands));
    TestPractice::open_with(|practice| practice.policies = vec![policy]).await
}

fn physicians(needed: Needed) -> Demand {
    let of = vec![MemberId::new("dr-rao"), MemberId::new("dr-kim")];
    Demand::Approvers { needed, of }
}

#[tokio::test]
async fn a_post_that_names_a_physician_needs_that_physician_too() {
    let practice = TestPractice::open().await;
    practice.person("maya").submits("Dr. Kim explains flu shots this Saturday.").await;

    practice.person("dr-rao").signs().await;
    practice.settle().await;
    assert!(practice.network.live().is_empty());
    practice.person("dr-kim").signs().await;
    practice.settle().await;

    let transcript = practice.transcript();
    let since = transcript.find("countersign card").expect("a card");
    assert_snapshot!(&transcript[since..], @"");
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_name_in_an_alt_text_counts_too() {
    let practice = TestPractice::open().await;
    let tomas = practice.person("tomas");
    tomas.shows("Flu shots this Saturday.", "Dr. Kim with a bandage").await;
    practice.settle().await;
    tomas.presses("Make a post").await;
    practice.settle().await;
    tomas.presses("Send for signature").await;
    practice.settle().await;

    practice.person("dr-rao").signs().await;
    practice.settle().await;

    assert_eq!(practice.post(1).await.state, State::InReview);
    assert!(practice.network.live().is_empty());
}

#[tokio::test]
async fn one_of_two_is_shown_and_nothing_leaves() {
    let practice = with(vec![physicians(Needed::Some(2))]).await;
    practice.person("maya").submits("Flu shots this Saturday.").await;
    practice.transcript();

    practice.person("dr-rao").signs().await;
    practice.waits(SignedDuration::from_hours(2)).await;
    assert!(practice.network.live().is_empty());
    practice.person("dr-kim").signs().await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"");
}

#[tokio::test]
async fn all_of_them_sign() {
    let practice = with(vec![physicians(Needed::All)]).await;
    practice.person("maya").submits("Flu shots this Saturday.").await;

    practice.person("dr-rao").signs().await;
    practice.settle().await;
    assert!(practice.network.live().is_empty());
    practice.person("dr-kim").signs().await;
    practice.settle().await;

    assert_eq!(practice.network.texts(), ["Flu shots this Saturday."]);
}

#[tokio::test]
async fn compliance_signs_in_addition_and_for_nobody_else() {
    let practice = with(vec![physicians(Needed::Some(1)), Demand::Compliance]).await;
    practice.person("maya").submits("Flu shots this Saturday.").await;
    practice.transcript();

    practice.person("ana").signs().await;
    practice.settle().await;
    practice.person("lena").signs().await;
    practice.settle().await;
    assert!(practice.network.live().is_empty());
    practice.person("dr-kim").presses("Sign").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"");
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn only_compliance_gives_a_post_another_risk() {
    let mut policy = Policy::some(2, Vec::new());
    policy.low = vec![physicians(Needed::Some(1))];
    let practice = TestPractice::open_with(|p| p.policies = vec![Dated::always(policy)]).await;
    practice.person("maya").submits("Closed on Thanksgiving.").await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;
    practice.transcript();

    practice.person("dr-rao").presses("Treat as low risk").await;
    practice.settle().await;
    practice.person("ana").presses("Treat as low risk").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"");
    practice.ledger_equals_tables().await;
}
