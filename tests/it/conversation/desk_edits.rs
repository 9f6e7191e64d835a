//! Edits at a desk that are not kept: each practice holds the post that they would have changed.

use insta::assert_snapshot;

use crate::support::{TestPractice, message_in, over_platform};

/// What is not kept: a record number, beside a word that is nowhere else.
const SECRET: &str = "Zebulon, MRN 12345678, gets flu shots.";

#[tokio::test]
async fn an_edit_at_a_desk_that_is_not_kept_holds_the_post() {
    // Not on Slack: a command is no message there: it can't be changed.
    if over_platform() {
        return;
    }
    let agency = TestPractice::open_agency().await;
    let maya = agency.person("maya");
    let master = maya.says("desk", "/post new northside, lakeside: Flu shots.").await;
    agency.settle().await;
    maya.says("desk", "/post new northside, lakeside, hillcrest: Closed on Thanksgiving.").await;
    agency.settle().await;
    agency.transcript();

    maya.says("desk", &format!("/post edit northside 2 {SECRET}")).await;
    agency.settle().await;
    maya.rewrites("desk", &master, &format!("Only northside: {SECRET}")).await;
    agency.settle().await;

    assert_snapshot!(agency.transcript(), @r#"
    maya        says: /post edit northside 2 Zebulon, MRN 12345678, gets flu shots.
                [not kept]
    countersign (to maya) blocked, 1 kinds, still there: true
    countersign now draft 2.0 "Closed on Thanksgiving." | held: an edit looked like patient information and was not kept [Send for signature] [Lift the hold] [Edit] [Withdraw]
    countersign (to lena) alarm: 2  is held: an edit looked like patient information and was not kept [Lift the hold] [Edit]
    countersign northside: alarm: 2  is held: an edit looked like patient information and was not kept [Edit]
    maya        rewrites m1: Only northside: Zebulon, MRN 12345678, gets flu shots.
                [not kept]
    countersign (to lena) now alarm: 1  is held: an edit looked like patient information and was not kept; 2  is held: an edit looked like patient information and was not kept [Lift the hold (post 1)] [Edit (post 1)] [Lift the hold (post 2)] [Edit (post 2)]
    countersign now northside: alarm: 1  is held: an edit looked like patient information and was not kept; 2  is held: an edit looked like patient information and was not kept [Edit (northside 1)] [Edit (northside 2)]
    countersign (to maya) blocked, 1 kinds, still there: true
    countersign now draft 1.0 "Flu shots." | held: an edit looked like patient information and was not kept [Send for signature] [Lift the hold] [Edit] [Withdraw]
    countersign (to lena) alarm: 1  is held: an edit looked like patient information and was not kept [Lift the hold] [Edit]
    countersign now draft 1.0 "Flu shots." | held: an edit looked like patient information and was not kept [Send for signature] [Lift the hold] [Edit] [Withdraw]
    countersign lakeside: alarm: 1  is held: an edit looked like patient information and was not kept [Edit]
    "#);
    assert!(agency.post_of("lakeside", 2).await.expect("a post").hold.is_none());
    assert!(agency.post_of("hillcrest", 1).await.expect("a post").hold.is_none());
    let stored = agency.office.store.unhandled(0, 99).await.expect("readable");
    assert!(stored.is_empty());
    agency.ledger_equals_tables().await;
}

#[tokio::test]
async fn other_words_for_a_masters_drafts_that_are_not_kept_hold_them_all() {
    // Not on Slack: a command is no message there: nothing stands in its thread.
    if over_platform() {
        return;
    }
    let agency = TestPractice::open_agency().await;
    let maya = agency.person("maya");
    let master = maya.says("desk", "/post new northside, lakeside: Flu shots.").await;
    agency.settle().await;
    agency.transcript();

    let thread = message_in("desk", &master);
    maya.replies(&thread, &format!("/post edit all {SECRET}")).await;
    agency.settle().await;

    assert_snapshot!(agency.transcript(), @r#"
    maya        says: /post edit all Zebulon, MRN 12345678, gets flu shots.
                [not kept]
    countersign (to maya) blocked, 1 kinds, still there: true
    countersign now draft 1.0 "Flu shots." | held: an edit looked like patient information and was not kept [Send for signature] [Lift the hold] [Edit] [Withdraw]
    countersign (to lena) alarm: 1  is held: an edit looked like patient information and was not kept [Lift the hold] [Edit]
    countersign now draft 1.0 "Flu shots." | held: an edit looked like patient information and was not kept [Send for signature] [Lift the hold] [Edit] [Withdraw]
    countersign (to lena) alarm: 1  is held: an edit looked like patient information and was not kept [Lift the hold] [Edit]
    countersign lakeside: alarm: 1  is held: an edit looked like patient information and was not kept [Edit]
    countersign northside: alarm: 1  is held: an edit looked like patient information and was not kept [Edit]
    "#);
    for practice in ["northside", "lakeside"] {
        assert!(agency.post_of(practice, 1).await.expect("a post").hold.is_some(), "{practice}");
    }
}

#[tokio::test]
async fn a_form_at_a_desk_that_is_not_kept_holds_the_post() {
    let agency = TestPractice::open_agency().await;
    let maya = agency.person("maya");
    maya.says("desk", "/post new lakeside: Flu shots.").await;
    agency.settle().await;
    maya.says("desk", "/post show lakeside 1").await;
    agency.settle().await;
    agency.transcript();

    let (at, edit) = agency.chat.button_in(Some("desk"), "maya", "Edit");
    maya.press(&at, &edit, &[("text", SECRET)]).await;
    agency.settle().await;

    assert_snapshot!(agency.transcript(), @r#"
                [not kept]
    countersign (to maya) blocked, 1 kinds, still there: false
    countersign now draft 1.0 "Flu shots." | held: an edit looked like patient information and was not kept [Send for signature] [Lift the hold] [Edit] [Withdraw]
    countersign (to lena) alarm: 1  is held: an edit looked like patient information and was not kept [Lift the hold] [Edit]
    countersign lakeside: alarm: 1  is held: an edit looked like patient information and was not kept [Edit]
    "#);
}
