//! What a rule of the screen keeps from being sent, and who may override it.

use countersign::domain::policy::Risk;
use countersign::ports::notice::View;
use insta::assert_snapshot;

use crate::support::TestPractice;

const OFFER: &str = "Refer a friend and get a $50 gift card.";

async fn an_offer() -> TestPractice {
    let practice = TestPractice::open().await;
    practice.person("maya").says("ideas", &format!("/post new {OFFER}")).await;
    practice.settle().await;
    practice
}

#[tokio::test]
async fn what_a_rule_blocks_is_not_sent_until_somebody_else_says_why_it_may() {
    let practice = an_offer().await;
    let (maya, lena) = (practice.person("maya"), practice.person("lena"));

    maya.presses("Send for signature").await;
    practice.settle().await;
    for (who, reason) in [("maya", "It is fine."), ("dr-rao", "It is fine."), ("lena", " ")] {
        practice.person(who).fills("Override", &[("reason", reason)]).await;
        practice.settle().await;
    }
    lena.fills("Override", &[("reason", "Our lawyer looked at it.")]).await;
    practice.settle().await;
    maya.presses("Send for signature").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    maya        says: /post new Refer a friend and get a $50 gift card.
    countersign draft 1.0 "Refer a friend and get a $50 gift card." [Send for signature] [Edit] [Withdraw] [Override]
    maya        [Send for signature]
    countersign (to maya) no effect on 1: this offers something of value to people in a federal program, or for referrals (leave the offer out); a rule keeps this from being sent: change the words, or ask the practice's manager or compliance to override it on the draft
    maya        [Override] reason=It is fine.
    countersign (to maya) no effect on 1: only the practice's manager or compliance overrides a rule
    dr-rao      [Override] reason=It is fine.
    countersign (to dr-rao) no effect on 1: only the practice's manager or compliance overrides a rule
    lena        [Override] reason=
    countersign (to lena) no effect on 1: say why the rule does not hold here: whoever signs reads it
    lena        [Override] reason=Our lawyer looked at it.
    countersign now draft 1.0 "Refer a friend and get a $50 gift card." [Send for signature] [Edit] [Withdraw]
    maya        [Send for signature]
    countersign now draft 1.0 "Refer a friend and get a $50 gift card." | in review
    countersign card 1.1 "Refer a friend and get a $50 gift card." | needs 1 of: Dr. Rao, Dr. Kim [Sign] [Decline] [Hold] [Edit] [Withdraw]
    "#);
    let Some(View::Card(card)) = practice.chat.newest_view() else { panic!("no card") };
    let said = "overridden by Lena: Our lawyer looked at it.";
    assert!(card.findings.iter().any(|line| line == said), "{:?}", card.findings);
    assert_eq!(card.blocking, [""; 0]);
    assert_eq!(practice.post(1).await.risk, Risk::High);
}

#[tokio::test]
async fn an_override_is_for_the_words_that_stood_there() {
    let practice = an_offer().await;
    let (maya, lena) = (practice.person("maya"), practice.person("lena"));
    lena.fills("Override", &[("reason", "Our lawyer looked at it.")]).await;
    practice.settle().await;
    practice.transcript();

    maya.fills("Edit", &[("text", "Refer a friend and get a $90 gift card.")]).await;
    practice.settle().await;
    maya.presses("Send for signature").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    maya        [Edit] text=Refer a friend and get a $90 gift card.
    countersign now draft 1.0 "Refer a friend and get a $90 gift card." [Send for signature] [Edit] [Withdraw] [Override]
    maya        [Send for signature]
    countersign (to maya) no effect on 1: this offers something of value to people in a federal program, or for referrals (leave the offer out); a rule keeps this from being sent: change the words, or ask the practice's manager or compliance to override it on the draft
    "#);
}

#[tokio::test]
async fn nothing_in_review_becomes_what_a_rule_blocks() {
    let practice = TestPractice::open().await;
    let maya = practice.person("maya");
    maya.submits("Flu shots this Saturday.").await;
    practice.transcript();

    maya.fills("Edit", &[("text", OFFER)]).await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"
    maya        [Edit] text=Refer a friend and get a $50 gift card.
    countersign (to maya) no effect on 1: this offers something of value to people in a federal program, or for referrals (leave the offer out); a rule keeps this from being sent: change the words, or ask the practice's manager or compliance to override it on the draft
    ");
    assert_eq!(practice.post(1).await.revision, 1);
}
