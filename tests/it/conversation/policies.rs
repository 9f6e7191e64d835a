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
    assert_snapshot!(&transcript[since..], @r#"
    countersign card 1.1 "Dr. Kim explains flu shots this Saturday." | needs 1 of: Dr. Rao, Dr. Kim; and Dr. Kim, who is named in it [Sign] [Decline] [Hold] [Edit] [Withdraw]
    countersign now draft 1.0 "Dr. Kim explains flu shots this Saturday." | in review
    dr-rao      ✅ on card 1.1
    countersign now card 1.1 "Dr. Kim explains flu shots this Saturday." | needs Dr. Kim, who is named in it [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    dr-kim      ✅ on card 1.1
    network     p1 is live: "Dr. Kim explains flu shots this Saturday."
    countersign now card 1.1 "Dr. Kim explains flu shots this Saturday." | published | Is live [Take it down]
    countersign 1 on Practice page: is live.
    "#);
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

/// Others rewrote what Dr. Kim had begun, and it went out in Dr. Kim's name unseen.
#[tokio::test]
async fn who_began_a_post_that_names_them_signs_what_others_made_of_it() {
    let practice = TestPractice::open().await;
    let kim = practice.person("dr-kim");
    kim.submits("Dr. Kim explains flu shots this Saturday.").await;
    practice.transcript();

    let maya = practice.person("maya");
    maya.fills("Edit", &[("text", "Dr. Kim praises flu shots this Saturday.")]).await;
    practice.settle().await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;
    assert!(practice.network.live().is_empty());
    kim.signs().await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    maya        [Edit] text=Dr. Kim praises flu shots this Saturday.
    countersign card 1.2 "Dr. Kim praises flu shots this Saturday." | "Dr. Kim explains flu shots this …" is now "Dr. Kim praises flu shots this …" | needs 1 of: Dr. Rao; and Dr. Kim, who is named in it [Sign] [Decline] [Hold] [Edit] [Withdraw]
    countersign now card 1.1 "Dr. Kim explains flu shots this Saturday." | replaced by 2
    dr-rao      ✅ on card 1.2
    countersign now card 1.2 "Dr. Kim praises flu shots this Saturday." | "Dr. Kim explains flu shots this …" is now "Dr. Kim praises flu shots this …" | needs Dr. Kim, who is named in it [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    dr-kim      ✅ on card 1.2
    network     p1 is live: "Dr. Kim praises flu shots this Saturday."
    countersign now card 1.2 "Dr. Kim praises flu shots this Saturday." | "Dr. Kim explains flu shots this …" is now "Dr. Kim praises flu shots this …" | published | Is live [Take it down]
    countersign 1 on Practice page: is live.
    "#);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn somebody_elses_idea_is_not_ones_own_words() {
    let practice = TestPractice::open().await;
    practice.person("tomas").has_idea("Dr. Kim praises flu shots.").await;
    practice.settle().await;
    let kim = practice.person("dr-kim");
    kim.presses("Make a post").await;
    practice.settle().await;
    kim.presses("Send for signature").await;
    practice.settle().await;

    practice.person("dr-rao").signs().await;
    practice.settle().await;

    assert_eq!(practice.post(1).await.state, State::InReview);
    kim.signs().await;
    practice.settle().await;
    assert_eq!(practice.network.texts(), ["Dr. Kim praises flu shots."]);
}

#[tokio::test]
async fn a_message_that_one_chose_is_not_ones_own_words() {
    let practice = TestPractice::open().await;
    let words = "Dr. Kim praises flu shots.";
    let message = practice.person("tomas").says("approvals", words).await;
    let kim = practice.person("dr-kim");
    kim.picks("approvals", &message, words).await;
    practice.settle().await;
    kim.presses("Send for signature").await;
    practice.settle().await;

    practice.person("dr-rao").signs().await;
    practice.settle().await;

    assert_eq!(practice.post(1).await.state, State::InReview);
}

#[tokio::test]
async fn an_own_message_that_one_chose_is_ones_own_words() {
    let practice = TestPractice::open().await;
    let words = "Dr. Kim praises flu shots.";
    let kim = practice.person("dr-kim");
    let message = kim.says("approvals", words).await;
    kim.picks_of(Some("dr-kim"), "approvals", (&message, words)).await;
    practice.settle().await;
    kim.presses("Send for signature").await;
    practice.settle().await;

    practice.person("dr-rao").signs().await;
    practice.settle().await;

    assert_eq!(practice.network.texts(), [words]);
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

    assert_snapshot!(practice.transcript(), @r#"
    dr-rao      ✅ on card 1.1
    -- 2h
    countersign now card 1.1 "Flu shots this Saturday." | 1 of 2 signed, needs 1 of: Dr. Kim [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    dr-kim      ✅ on card 1.1
    network     p1 is live: "Flu shots this Saturday."
    countersign now card 1.1 "Flu shots this Saturday." | published | Is live [Take it down]
    countersign 1 on Practice page: is live.
    "#);
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

    assert_snapshot!(practice.transcript(), @r#"
    ana         ✅ on card 1.1
    countersign now card 1.1 "Flu shots this Saturday." | needs 1 of: Dr. Rao, Dr. Kim [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    lena        ✅ on card 1.1
    countersign (to lena) no effect on 1: only the practice's approvers sign or decline; you can hold the post with ✋
    dr-kim      [Sign]
    network     p1 is live: "Flu shots this Saturday."
    countersign now card 1.1 "Flu shots this Saturday." | published | Is live [Take it down]
    countersign 1 on Practice page: is live.
    "#);
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

    assert_snapshot!(practice.transcript(), @r#"
    dr-rao      [Treat as low risk]
    countersign (to dr-rao) no effect on 1: only the practice's compliance gives a post another risk
    ana         [Treat as low risk]
    network     p1 is live: "Closed on Thanksgiving."
    countersign now card 1.1 "Closed on Thanksgiving." | published | Is live [Take it down]
    countersign 1 on Practice page: is live.
    "#);
    practice.ledger_equals_tables().await;
}
