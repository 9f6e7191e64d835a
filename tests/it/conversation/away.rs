//! What happened while it was down is found, and counts once; nothing leaves by surprise.

use countersign::domain::state::State;
use insta::assert_snapshot;
use jiff::SignedDuration;

use super::signed;
use crate::support::TestPractice;

#[tokio::test]
async fn an_outage_over_the_window_is_asked_about() {
    let mut practice = TestPractice::open().await;
    signed(&practice).await;

    practice.passes(SignedDuration::from_hours(30));
    practice.restarts().await;
    practice.settle().await;
    practice.person("maya").presses("Now").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    -- 30h
    -- restart
    countersign now card 1.1 "Flu shots this Saturday." | missed | Missed its window [Edit] [Withdraw]
    countersign 1 missed its window [Now] [Today 17:00] [Tomorrow 9:00] [Withdraw]
    countersign (to lena) alarm: 1  did not go out: its window closed first [Now] [Today 17:00] [Tomorrow 9:00] [Withdraw]
    maya        [Now]
    countersign now card 1.1 "Flu shots this Saturday." | Missed its window | replaced by 2
    countersign (to lena) now all is mended
    countersign card 1.2 "Flu shots this Saturday." | needs 1 of: Dr. Rao, Dr. Kim [Sign] [Decline] [Hold] [Edit] [Withdraw]
    "#);
    assert!(practice.network.live().is_empty());
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_reaction_made_while_it_was_down_is_found() {
    let mut practice = TestPractice::open().await;
    practice.person("maya").submits("Flu shots this Saturday.").await;
    practice.transcript();

    practice.chat.deaf(true);
    practice.person("dr-rao").signs().await;
    practice.chat.deaf(false);
    practice.restarts().await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    dr-rao      ✅ on card 1.1
    -- restart
    network     p1 is live: "Flu shots this Saturday."
    countersign now card 1.1 "Flu shots this Saturday." | published | Is live [Take it down]
    countersign 1 on Practice page: is live.
    "#);
    assert!(practice.post(1).await.decisions[0].recovered);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_sign_off_taken_back_while_it_was_down_stops_the_post() {
    let mut practice = TestPractice::open().await;
    signed(&practice).await;
    let card = practice.chat.card(1, 1);

    practice.chat.deaf(true);
    practice.person("dr-rao").unreacts("✅", &card).await;
    practice.chat.deaf(false);
    practice.passes(SignedDuration::from_hours(2));
    practice.restarts().await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    dr-rao      takes ✅ off card 1.1
    -- 2h
    -- restart
    countersign now card 1.1 "Flu shots this Saturday." | needs 1 of: Dr. Rao, Dr. Kim | held by Dr. Rao [Sign] [Decline] [Lift the hold] [Edit] [Withdraw]
    "#);
    assert!(practice.network.live().is_empty());
    practice.ledger_equals_tables().await;
}

/// Went wrong: what nobody told the program stood for as long as the program ran.
#[tokio::test]
async fn a_sign_off_taken_back_unheard_stops_the_post() {
    let practice = TestPractice::open().await;
    signed(&practice).await;
    let card = practice.chat.card(1, 1);

    practice.chat.deaf(true);
    practice.person("dr-rao").unreacts("✅", &card).await;
    practice.chat.deaf(false);
    practice.waits(SignedDuration::from_hours(2)).await;

    assert!(practice.network.live().is_empty());
    assert_eq!(practice.post(1).await.state, State::InReview);
    practice.ledger_equals_tables().await;
}

/// Went wrong: a ✅ that was told of after its end signed the post, and the post left at once.
#[tokio::test]
async fn a_reaction_told_of_after_its_end_lets_nothing_leave() {
    let practice = TestPractice::open().await;
    practice.person("maya").submits("Flu shots this Saturday.").await;
    let card = practice.chat.card(1, 1);
    practice.transcript();
    practice.tells_hearsay();

    practice.person("dr-rao").unreacts("✅", &card).await;
    practice.person("dr-rao").reacts_unseen("✅", &card).await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    dr-rao      takes ✅ off card 1.1
    dr-rao      ✅ in approvals
    countersign now card 1.1 "Flu shots this Saturday." | needs 1 of: Dr. Rao, Dr. Kim | held by Dr. Rao [Sign] [Decline] [Lift the hold] [Edit] [Withdraw]
    "#);
    assert!(practice.network.live().is_empty());
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn nothing_leaves_before_its_card_was_read_again() {
    let mut practice = TestPractice::open().await;
    signed(&practice).await;

    practice.chat.away(true);
    practice.passes(SignedDuration::from_hours(2));
    practice.restarts().await;
    practice.settle().await;
    assert!(practice.network.live().is_empty());
    practice.chat.away(false);
    practice.waits(SignedDuration::from_mins(1)).await;

    assert_eq!(practice.network.texts(), ["Flu shots this Saturday."]);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_card_deleted_while_it_was_down_comes_back() {
    let mut practice = TestPractice::open().await;
    signed(&practice).await;

    practice.chat.delete(&practice.chat.card(1, 1)).await;
    practice.restarts().await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    -- restart
    countersign card 1.1 "Flu shots this Saturday." | signed off [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    "#);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_sign_off_outlives_its_card_and_is_taken_back_by_button() {
    let mut practice = TestPractice::open().await;
    signed(&practice).await;

    practice.person("tomas").deletes(&practice.chat.card(1, 1)).await;
    practice.settle().await;
    practice.restarts().await;
    practice.settle().await;
    assert_eq!(practice.post(1).await.state, State::SignedOff);
    practice.person("dr-rao").presses("Take my sign-off back").await;
    practice.waits(SignedDuration::from_hours(2)).await;

    assert_snapshot!(practice.transcript(), @r#"
    tomas       deletes card 1.1
    countersign card 1.1 "Flu shots this Saturday." | signed off [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    -- restart
    dr-rao      [Take my sign-off back]
    -- 2h
    countersign now card 1.1 "Flu shots this Saturday." | needs 1 of: Dr. Rao, Dr. Kim | held by Dr. Rao [Sign] [Decline] [Lift the hold] [Edit] [Withdraw]
    "#);
    assert!(practice.network.live().is_empty());
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_hold_made_while_it_was_down_counts_once() {
    let mut practice = TestPractice::open().await;
    signed(&practice).await;
    let card = practice.chat.card(1, 1);

    practice.chat.deaf(true);
    practice.person("ana").reacts("✋", &card).await;
    practice.chat.deaf(false);
    practice.restarts().await;
    practice.settle().await;
    practice.person("lena").presses("Lift the hold").await;
    practice.settle().await;
    practice.restarts().await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    ana         ✋ on card 1.1
    -- restart
    countersign now card 1.1 "Flu shots this Saturday." | signed off | held by Ana [Sign] [Take my sign-off back] [Decline] [Lift the hold] [Edit] [Withdraw]
    lena        [Lift the hold]
    countersign now card 1.1 "Flu shots this Saturday." | signed off [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    -- restart
    "#);
    assert!(practice.post(1).await.hold.is_none());
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_stop_made_while_it_was_down_counts_once() {
    let mut practice = TestPractice::open().await;
    signed(&practice).await;
    let card = practice.chat.card(1, 1);

    practice.chat.deaf(true);
    practice.person("dr-kim").reacts("🛑", &card).await;
    practice.chat.deaf(false);
    practice.passes(SignedDuration::from_hours(2));
    practice.restarts().await;
    practice.settle().await;
    assert!(practice.network.live().is_empty());
    practice.person("lena").presses("Release").await;
    practice.settle().await;
    practice.restarts().await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    dr-kim      🛑 on card 1.1
    -- 2h
    -- restart
    countersign now card 1.1 "Flu shots this Saturday." | signed off | stopped: nothing leaves until it is released [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    countersign stopped by Dr. Kim, in flight: 0 [Release]
    lena        [Release]
    network     p1 is live: "Flu shots this Saturday."
    countersign now card 1.1 "Flu shots this Saturday." | published | Is live [Take it down]
    countersign released by Lena, in flight: 0
    countersign 1 on Practice page: is live.
    -- restart
    "#);
    assert_eq!(practice.network.live().len(), 1);
    practice.ledger_equals_tables().await;
}
