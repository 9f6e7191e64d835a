//! What stands there from before does not decide again: old cards, old offers, old reactions.

use countersign::domain::outbox::Certainty;
use countersign::domain::state::State;
use insta::assert_snapshot;
use jiff::SignedDuration;

use super::signed;
use crate::support::{Does, TestPractice};

#[tokio::test]
async fn a_tick_taken_back_by_button_is_not_found_again() {
    let mut practice = TestPractice::open().await;
    signed(&practice).await;

    practice.person("dr-rao").presses("Take my sign-off back").await;
    practice.settle().await;
    practice.person("dr-rao").presses("Lift the hold").await;
    practice.settle().await;
    practice.restarts().await;
    practice.waits(SignedDuration::from_hours(2)).await;

    assert_eq!(practice.post(1).await.state, State::InReview);
    assert!(practice.network.live().is_empty());
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn an_old_offer_of_a_slot_moves_nothing() {
    let practice = TestPractice::open().await;
    practice.person("maya").submits("Flu shots this Saturday.").await;
    practice.waits(SignedDuration::from_hours(25)).await;
    let (offer, now) = practice.chat.button("maya", "Now");
    practice.person("maya").fills("Edit", &[("slot", "+3h")]).await;
    practice.settle().await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;
    practice.transcript();

    practice.person("maya").presses_that(&offer, &now).await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"
    maya        presses slot
    countersign (to maya) no effect on 1: that offer is over: the post went on since
    ");
    assert!(practice.network.live().is_empty());
}

#[tokio::test]
async fn a_hand_taken_off_an_old_card_lifts_no_hold_on_the_new_one() {
    let practice = TestPractice::open().await;
    signed(&practice).await;
    let (ana, old) = (practice.person("ana"), practice.chat.card(1, 1));
    ana.reacts("✋", &old).await;
    practice.settle().await;
    practice.person("maya").fills("Edit", &[("text", "Flu shots on Sunday.")]).await;
    practice.settle().await;
    ana.presses("Hold").await;
    practice.settle().await;

    ana.unreacts("✋", &old).await;
    practice.settle().await;

    assert!(practice.post(1).await.hold.is_some());
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_second_hold_is_said_to_be_none_and_found_when_the_first_is_lifted() {
    let practice = TestPractice::open().await;
    signed(&practice).await;
    let card = practice.chat.card(1, 1);
    practice.transcript();

    practice.person("lena").reacts("✋", &card).await;
    practice.person("ana").reacts("✋", &card).await;
    practice.settle().await;
    practice.person("lena").unreacts("✋", &card).await;
    practice.waits(SignedDuration::from_hours(2)).await;

    assert_snapshot!(practice.transcript(), @r#"
    lena        ✋ on card 1.1
    ana         ✋ on card 1.1
    countersign now card 1.1 "Flu shots this Saturday." | signed off | held by Lena [Sign] [Take my sign-off back] [Decline] [Lift the hold] [Edit] [Withdraw]
    countersign (to ana) no effect on 1: somebody else holds this post already: hold it again once that hold is lifted
    lena        takes ✋ off card 1.1
    -- 2h
    countersign now card 1.1 "Flu shots this Saturday." | signed off | held by Ana [Sign] [Take my sign-off back] [Decline] [Lift the hold] [Edit] [Withdraw]
    "#);
    assert!(practice.network.live().is_empty());
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_held_draft_is_not_sent_for_signature() {
    let practice = TestPractice::open().await;
    practice.person("maya").says("ideas", "/post new Flu shots this Saturday.").await;
    practice.settle().await;
    practice.person("ana").says("ideas", "/post hold 1").await;
    practice.settle().await;
    practice.transcript();

    practice.person("maya").presses("Send for signature").await;
    practice.settle().await;
    practice.person("ana").presses("Lift the hold").await;
    practice.settle().await;
    practice.person("maya").presses("Send for signature").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    maya        [Send for signature]
    countersign (to maya) no effect on 1: this post is held
    ana         [Lift the hold]
    countersign now draft 1.0 "Flu shots this Saturday." [Send for signature] [Edit] [Withdraw]
    maya        [Send for signature]
    countersign now draft 1.0 "Flu shots this Saturday." | in review
    countersign card 1.1 "Flu shots this Saturday." | needs 1 of: Dr. Rao, Dr. Kim [Sign] [Decline] [Hold] [Edit] [Withdraw]
    "#);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn everybodys_stop_counts_and_none_comes_back_after_a_release() {
    let mut practice = TestPractice::open().await;
    signed(&practice).await;
    let card = practice.chat.card(1, 1);
    practice.person("dr-kim").reacts("🛑", &card).await;
    practice.person("tomas").reacts("🛑", &card).await;
    practice.settle().await;

    practice.person("lena").presses("Release").await;
    practice.settle().await;
    practice.restarts().await;
    practice.waits(SignedDuration::from_hours(2)).await;

    assert_eq!(practice.network.live().len(), 1);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn what_nobody_can_name_is_taken_down_by_hand() {
    let practice = TestPractice::open().await;
    practice.network.certainty_is(Certainty::Neither);
    signed(&practice).await;
    practice.network.next(&[Does::TakesSilently]);
    practice.waits(SignedDuration::from_hours(1)).await;
    practice.person("lena").presses("It is live").await;
    practice.settle().await;
    practice.transcript();

    practice.person("lena").presses("Take it down").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    lena        [Take it down]
    countersign now card 1.1 "Flu shots this Saturday." | taken down
    countersign (to lena) 1 on Practice page: could not be taken down: remove it there by hand.
    countersign 1 on Practice page: could not be taken down: remove it there by hand.
    "#);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_draft_is_no_card() {
    let practice = TestPractice::open().await;
    practice.person("maya").says("ideas", "/post new Flu shots this Saturday.").await;
    practice.settle().await;
    let draft = practice.chat.newest_draft();
    practice.transcript();

    practice.person("dr-rao").reacts("✅", &draft).await;
    practice.settle().await;
    practice.person("maya").presses("Send for signature").await;
    practice.settle().await;
    practice.person("dr-rao").reacts("✔", &draft).await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    dr-rao      ✅ on draft 1
    countersign (to dr-rao) no effect on 1: this post is still a draft: send it for signature first
    maya        [Send for signature]
    countersign card 1.1 "Flu shots this Saturday." | needs 1 of: Dr. Rao, Dr. Kim [Sign] [Decline] [Hold] [Edit] [Withdraw]
    countersign now draft 1.0 "Flu shots this Saturday." | in review
    dr-rao      ✔ on draft 1
    countersign (to dr-rao) no effect on 1: this is the draft: the card in the approvals channel is the one to sign
    "#);
    assert_eq!(practice.ledger().await.iter().filter(|kind| *kind == "no-effect").count(), 2);
    practice.ledger_equals_tables().await;
}
