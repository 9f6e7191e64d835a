//! Signing: who may, what voids it, what it lets out.

use countersign::domain::policy::{Dated, Policy};
use countersign::domain::state::State;
use insta::assert_snapshot;
use jiff::SignedDuration;

use crate::support::TestPractice;

const IN_AN_HOUR: &[(&str, &str)] = &[("slot", "+1h")];

/// A post in review that leaves in an hour if it is signed.
async fn in_review(practice: &TestPractice) {
    let maya = practice.person("maya");
    practice.person("tomas").has_idea("Flu shots this Saturday.").await;
    practice.settle().await;
    maya.presses("Make a post").await;
    practice.settle().await;
    maya.fills("Edit", IN_AN_HOUR).await;
    practice.settle().await;
    maya.presses("Send for signature").await;
    practice.settle().await;
    practice.transcript();
}

/// The sample practice, where so many of all approvers must sign.
async fn asking(needed: usize) -> TestPractice {
    let policy = Dated::always(Policy::some(needed, Vec::new()));
    TestPractice::open_with(|practice| practice.policies = vec![policy]).await
}

#[tokio::test]
async fn an_idea_is_signed_and_published() {
    let practice = TestPractice::open().await;
    let (tomas, maya) = (practice.person("tomas"), practice.person("maya"));

    tomas.has_idea("Flu shots this Saturday 9 to 12, no appointment needed.").await;
    practice.settle().await;
    maya.presses("Make a post").await;
    practice.settle().await;
    maya.presses("Send for signature").await;
    practice.settle().await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    tomas       says: Flu shots this Saturday 9 to 12, no appointment needed.
    countersign idea by Tomas [Make a post] [Not a post]
    maya        [Make a post]
    countersign draft 1.0 "Flu shots this Saturday 9 to 12, no appointment needed." [Send for signature] [Edit] [Withdraw]
    countersign now idea is post 1
    maya        [Send for signature]
    countersign card 1.1 "Flu shots this Saturday 9 to 12, no appointment needed." | needs 1 of: Dr. Rao, Dr. Kim [Sign] [Decline] [Hold] [Edit] [Withdraw]
    countersign now draft 1.0 "Flu shots this Saturday 9 to 12, no appointment needed." | in review
    dr-rao      ✅ on card 1.1
    network     p1 is live: "Flu shots this Saturday 9 to 12, no appointment needed."
    countersign now card 1.1 "Flu shots this Saturday 9 to 12, no appointment needed." | published | Is live [Take it down]
    countersign 1 on Practice page: is live.
    "#);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn one_character_of_alt_text_voids_a_signature() {
    let practice = TestPractice::open().await;
    let (tomas, maya) = (practice.person("tomas"), practice.person("maya"));
    tomas.shows("Flu shots this Saturday.", "A nurse with a bandage").await;
    practice.settle().await;
    maya.presses("Make a post").await;
    practice.settle().await;
    maya.fills("Edit", IN_AN_HOUR).await;
    practice.settle().await;
    maya.presses("Send for signature").await;
    practice.settle().await;
    practice.transcript();

    practice.person("dr-rao").signs().await;
    practice.settle().await;
    maya.fills("Edit", &[("alt1", "A nurse with a bandage.")]).await;
    practice.waits(SignedDuration::from_hours(2)).await;

    assert_snapshot!(practice.transcript(), @r#"
    dr-rao      ✅ on card 1.1
    countersign now card 1.1 "Flu shots this Saturday." | signed off [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    maya        [Edit] alt1=A nurse with a bandage.
    -- 2h
    countersign now card 1.1 "Flu shots this Saturday." | replaced by 2
    countersign card 1.2 "Flu shots this Saturday." | "… nurse with a bandage" is now "… nurse with a bandage." | needs 1 of: Dr. Rao, Dr. Kim [Sign] [Decline] [Hold] [Edit] [Withdraw]
    "#);
    assert!(practice.network.live().is_empty());
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn an_old_card_can_not_be_signed() {
    let practice = TestPractice::open().await;
    in_review(&practice).await;
    let old = practice.chat.card(1, 1);
    practice.person("maya").fills("Edit", &[("text", "Flu shots this Sunday.")]).await;
    practice.settle().await;

    practice.person("dr-rao").reacts("✅", &old).await;
    practice.waits(SignedDuration::from_hours(2)).await;

    assert_snapshot!(practice.transcript(), @r#"
    maya        [Edit] text=Flu shots this Sunday.
    countersign card 1.2 "Flu shots this Sunday." | "Flu shots this Saturday." is now "Flu shots this Sunday." | needs 1 of: Dr. Rao, Dr. Kim [Sign] [Decline] [Hold] [Edit] [Withdraw]
    countersign now card 1.1 "Flu shots this Saturday." | replaced by 2
    dr-rao      ✅ on card 1.1
    -- 2h
    countersign (to dr-rao) no effect on 1: this is revision 1; revision 2 is the one to sign
    "#);
    assert!(practice.network.live().is_empty());
}

#[tokio::test]
async fn a_sign_off_taken_back_holds_the_post() {
    let practice = TestPractice::open().await;
    in_review(&practice).await;
    let (rao, card) = (practice.person("dr-rao"), practice.chat.card(1, 1));

    rao.reacts("✅", &card).await;
    practice.settle().await;
    rao.unreacts("✅", &card).await;
    practice.waits(SignedDuration::from_hours(2)).await;
    rao.reacts("✅", &card).await;
    practice.settle().await;
    rao.presses("Lift the hold").await;
    practice.settle().await;
    rao.presses("Now").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    dr-rao      ✅ on card 1.1
    countersign now card 1.1 "Flu shots this Saturday." | signed off [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    dr-rao      takes ✅ off card 1.1
    -- 2h
    countersign now card 1.1 "Flu shots this Saturday." | needs 1 of: Dr. Rao, Dr. Kim | held by Dr. Rao [Sign] [Decline] [Lift the hold] [Edit] [Withdraw]
    dr-rao      ✅ on card 1.1
    countersign now card 1.1 "Flu shots this Saturday." | signed off | held by Dr. Rao [Sign] [Take my sign-off back] [Decline] [Lift the hold] [Edit] [Withdraw]
    countersign 1: asks Dr. Rao for a slot after Mon 23 Nov 2026, 10:00 America/Chicago [Now] [Today 17:00] [Tomorrow 9:00] [Withdraw]
    dr-rao      [Lift the hold]
    countersign now card 1.1 "Flu shots this Saturday." | signed off | it was signed off after its slot: choose another in the thread [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    dr-rao      [Now]
    network     p1 is live: "Flu shots this Saturday."
    countersign now card 1.1 "Flu shots this Saturday." | published | Is live [Take it down]
    countersign 1 on Practice page: is live.
    "#);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_sign_off_taken_back_too_late_offers_a_takedown() {
    let practice = TestPractice::open().await;
    practice.person("maya").submits("Flu shots this Saturday.").await;
    let (rao, card) = (practice.person("dr-rao"), practice.chat.card(1, 1));
    rao.reacts("✅", &card).await;
    practice.settle().await;
    practice.transcript();

    rao.unreacts("✅", &card).await;
    practice.settle().await;
    rao.presses("Take it down").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    dr-rao      takes ✅ off card 1.1
    countersign (to dr-rao) no effect on 1: this post is already live; you can take it down [Take it down]
    dr-rao      [Take it down]
    network     p1 is gone
    countersign now card 1.1 "Flu shots this Saturday." | taken down
    countersign 1 on Practice page: was taken down.
    "#);
    assert!(practice.network.live().is_empty());
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn nobody_else_can_sign() {
    let practice = TestPractice::open_with(|practice| {
        practice.members.iter_mut().filter(|m| m.name == "Maya").for_each(|m| {
            m.role = countersign::domain::member::Role::Approver;
        });
        practice.policies = vec![Dated::always(Policy::some(1, Vec::new()))];
    })
    .await;
    practice.person("dr-kim").submits("Flu shots this Saturday.").await;
    practice.transcript();
    let card = practice.chat.card(1, 1);

    // The author; an agency's person, whatever their role says; staff; no member; a bot.
    for user in ["dr-kim", "maya", "tomas", "ana", "guest", "robot"] {
        practice.person(user).reacts("✅", &card).await;
        practice.settle().await;
    }

    assert_snapshot!(practice.transcript(), @"
    dr-kim      ✅ on card 1.1
    countersign (to dr-kim) no effect on 1: you submitted this post, so somebody else has to sign it
    maya        ✅ on card 1.1
    countersign (to maya) no effect on 1: only the practice's approvers sign or decline; you can hold the post with ✋
    tomas       ✅ on card 1.1
    countersign (to tomas) no effect on 1: only the practice's approvers sign or decline; you can hold the post with ✋
    ana         ✅ on card 1.1
    countersign (to ana) no effect on 1: only the practice's approvers sign or decline; you can hold the post with ✋
    guest       ✅ on card 1.1
    countersign (to guest) no effect on 0: you are not a member of this practice: ask its manager to add you
    robot       ✅ on card 1.1
    ");
    assert_eq!(practice.post(1).await.state, State::InReview);
    assert!(practice.network.live().is_empty());
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn two_signatures_at_once_both_count() {
    let practice = asking(2).await;
    practice.person("maya").submits("Flu shots this Saturday.").await;
    practice.transcript();
    let card = practice.chat.card(1, 1);
    let (rao, kim) = (practice.person("dr-rao"), practice.person("dr-kim"));

    tokio::join!(rao.reacts("✅", &card), kim.reacts("✅", &card));
    tokio::join!(practice.handles_events(), practice.handles_events());
    practice.settle().await;

    assert_eq!(practice.network.texts(), ["Flu shots this Saturday."]);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn one_person_tapping_twice_counts_once() {
    let practice = asking(2).await;
    practice.person("maya").submits("Flu shots this Saturday.").await;
    practice.transcript();
    let (rao, card) = (practice.person("dr-rao"), practice.chat.card(1, 1));

    rao.reacts("✅", &card).await;
    rao.reacts("✔️", &card).await;
    rao.presses("Sign").await;
    rao.presses("Sign").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    dr-rao      ✅ on card 1.1
    dr-rao      ✔️ on card 1.1
    dr-rao      [Sign]
    dr-rao      [Sign]
    countersign now card 1.1 "Flu shots this Saturday." | 1 of 2 signed, needs 1 of: Dr. Kim, Dr. Diaz [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    "#);
    assert_eq!(practice.post(1).await.decisions.len(), 1);
    assert!(practice.network.live().is_empty());
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_sign_and_a_decline_freeze_the_revision() {
    let practice = asking(1).await;
    in_review(&practice).await;
    let card = practice.chat.card(1, 1);

    practice.person("dr-rao").reacts("✅", &card).await;
    practice.settle().await;
    practice.person("dr-kim").reacts("❌", &card).await;
    practice.settle().await;
    practice.person("dr-diaz").reacts("✅", &card).await;
    practice.waits(SignedDuration::from_hours(2)).await;
    practice.person("maya").fills("Edit", &[("text", "Flu shots on Saturday.")]).await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    dr-rao      ✅ on card 1.1
    countersign now card 1.1 "Flu shots this Saturday." | signed off [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    dr-kim      ❌ on card 1.1
    countersign now card 1.1 "Flu shots this Saturday." | frozen: one approver signed and one declined; only a new revision can go on [Take my sign-off back] [Hold] [Edit] [Withdraw]
    countersign 1: asks Dr. Kim why
    dr-diaz     ✅ on card 1.1
    -- 2h
    countersign (to dr-diaz) no effect on 1: one approver signed and one declined this revision: only a new revision can go on
    maya        [Edit] text=Flu shots on Saturday.
    countersign now card 1.1 "Flu shots this Saturday." | replaced by 2
    countersign card 1.2 "Flu shots on Saturday." | "Flu shots this Saturday." is now "Flu shots on Saturday." | needs 1 of: Dr. Rao, Dr. Kim, Dr. Diaz [Sign] [Decline] [Hold] [Edit] [Withdraw]
    "#);
    assert!(practice.network.live().is_empty());
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_decline_asks_why_and_keeps_the_answer() {
    let practice = TestPractice::open().await;
    in_review(&practice).await;
    let (rao, card) = (practice.person("dr-rao"), practice.chat.card(1, 1));

    rao.reacts("❌", &card).await;
    practice.settle().await;
    rao.replies(&card, "The study is not out yet.").await;
    practice.settle().await;
    rao.unreacts("❌", &card).await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    dr-rao      ❌ on card 1.1
    countersign now card 1.1 "Flu shots this Saturday." | declined by Dr. Rao: an edit makes a new revision [Hold] [Edit] [Withdraw]
    countersign 1: asks Dr. Rao why
    dr-rao      says: The study is not out yet.
    dr-rao      takes ❌ off card 1.1
    countersign (to dr-rao) no effect on 1: a decline stays: ask for an edit, the next revision can be signed
    "#);
    assert!(practice.ledger().await.contains(&"reason-given".to_owned()));
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn tones_and_variants_count_and_other_emoji_do_not() {
    let practice = TestPractice::open().await;
    in_review(&practice).await;
    let (rao, card) = (practice.person("dr-rao"), practice.chat.card(1, 1));

    for emoji in ["👍", "🎉", "💯", "🙏🏽"] {
        rao.reacts(emoji, &card).await;
        practice.settle().await;
    }
    practice.person("ana").reacts("✋🏿", &card).await;
    practice.settle().await;
    rao.reacts("✔️", &card).await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    dr-rao      👍 on card 1.1
    dr-rao      🎉 on card 1.1
    dr-rao      💯 on card 1.1
    dr-rao      🙏🏽 on card 1.1
    ana         ✋🏿 on card 1.1
    countersign now card 1.1 "Flu shots this Saturday." | needs 1 of: Dr. Rao, Dr. Kim | held by Ana [Sign] [Decline] [Lift the hold] [Edit] [Withdraw]
    dr-rao      ✔️ on card 1.1
    countersign now card 1.1 "Flu shots this Saturday." | signed off | held by Ana [Sign] [Take my sign-off back] [Decline] [Lift the hold] [Edit] [Withdraw]
    "#);
}

#[tokio::test]
async fn a_deleted_card_comes_back() {
    let practice = TestPractice::open().await;
    in_review(&practice).await;

    practice.person("tomas").deletes(&practice.chat.card(1, 1)).await;
    practice.settle().await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    tomas       deletes card 1.1
    countersign card 1.1 "Flu shots this Saturday." | needs 1 of: Dr. Rao, Dr. Kim [Sign] [Decline] [Hold] [Edit] [Withdraw]
    dr-rao      ✅ on card 1.1
    countersign now card 1.1 "Flu shots this Saturday." | signed off [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    "#);
    assert_eq!(practice.post(1).await.state, State::SignedOff);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn who_submits_a_draft_can_not_sign_it() {
    let practice = TestPractice::open().await;
    let rao = practice.person("dr-rao");
    practice.person("tomas").says("ideas", "/post new Flu shots this Saturday.").await;
    practice.settle().await;
    rao.fills("Edit", &[("text", "Flu shots are safe.")]).await;
    practice.settle().await;
    rao.presses("Send for signature").await;
    practice.settle().await;
    practice.transcript();

    rao.signs().await;
    practice.settle().await;
    practice.person("dr-kim").signs().await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    dr-rao      ✅ on card 1.1
    countersign (to dr-rao) no effect on 1: you submitted this post, so somebody else has to sign it
    dr-kim      ✅ on card 1.1
    network     p1 is live: "Flu shots are safe."
    countersign now card 1.1 "Flu shots are safe." | published | Is live [Take it down]
    countersign 1 on Practice page: is live.
    "#);
    practice.ledger_equals_tables().await;
}
