//! Whoever is of one practice finds nothing of another, whatever they know of its ids.

use insta::assert_snapshot;

use crate::support::{TestPractice, over_platform};

/// A post of Lakeside in review; its number is 1, as Northside's is not.
async fn lakesides() -> TestPractice {
    let agency = TestPractice::open_agency().await;
    let lena = agency.person("lena");
    lena.says("lakeside-ideas", "/post new Flu shots at the lake.").await;
    agency.settle().await;
    lena.presses("Send for signature").await;
    agency.settle().await;
    agency.transcript();
    agency
}

#[tokio::test]
async fn numbers_are_a_practices_own() {
    let agency = lakesides().await;
    let tomas = agency.person("tomas");

    for asked in ["show 1", "hold 1", "withdraw 1", "edit 1 Ours now", "queue"] {
        tomas.says("ideas", &format!("/post {asked}")).await;
    }
    agency.settle().await;

    assert_snapshot!(agency.transcript(), @"
    tomas       says: /post show 1
    tomas       says: /post hold 1
    tomas       says: /post withdraw 1
    tomas       says: /post edit 1 Ours now
    tomas       says: /post queue
    countersign (to tomas) no effect on 0: there is no post 1 here
    countersign (to tomas) no effect on 0: there is no post 1 here
    countersign (to tomas) no effect on 0: there is no post 1 here
    countersign (to tomas) no effect on 0: there is no post 1 here
    countersign (to tomas) queue of 0
    ");
}

#[tokio::test]
async fn a_button_of_another_practice_is_a_button_of_nothing() {
    let agency = lakesides().await;
    let (_, sign) = agency.chat.button("dr-rao", "Sign");
    let (_, withdraw) = agency.chat.button("dr-rao", "Withdraw");
    agency.person("tomas").says("ideas", "An idea").await;
    agency.settle().await;
    let (here, _) = agency.chat.button("tomas", "Make a post");
    agency.transcript();

    agency.person("dr-rao").presses_that(&here, &sign).await;
    agency.person("tomas").presses_that(&here, &withdraw).await;
    agency.person("tomas").presses_that(&here, &format!("take:{}:0", &sign[5..])).await;
    agency.settle().await;

    assert_snapshot!(agency.transcript(), @"
    dr-rao      presses sign
    tomas       presses withdraw
    tomas       presses take
    countersign (to dr-rao) no effect on 0: that button belongs to nothing here
    countersign (to tomas) no effect on 0: that button belongs to nothing here
    countersign (to tomas) no effect on 0: that button belongs to nothing here
    ");
}

#[tokio::test]
async fn a_reaction_on_anothers_card_from_ones_own_channel_is_nothing() {
    // Not on Slack: a reaction names the channel of its message.
    if over_platform() {
        return;
    }
    let agency = lakesides().await;
    let card = agency.chat.newest_card();
    let mut elsewhere = card.clone();
    elsewhere.channel = crate::support::sample::channel("approvals");
    agency.transcript();

    agency.person("dr-rao").reacts_unseen("✅", &elsewhere).await;
    agency.person("tomas").reacts_unseen("🛑", &elsewhere).await;
    agency.person("tomas").reacts_unseen("✋", &card).await;
    agency.settle().await;

    assert_snapshot!(agency.transcript(), @"
    dr-rao      ✅ in approvals
    tomas       🛑 in approvals
    tomas       ✋ in lakeside-approvals
    countersign (to tomas) no effect on 0: you are not a member of this practice: ask its manager to add you
    ");
    let post = agency.post_of("lakeside", 1).await.expect("a post");
    assert!(post.decisions.is_empty() && post.hold.is_none());
}

#[tokio::test]
async fn who_is_of_one_practice_is_a_stranger_in_anothers_channel() {
    let agency = lakesides().await;
    let tomas = agency.person("tomas");

    tomas.says("lakeside-ideas", "An idea").await;
    tomas.says("lakeside-ideas", "/post show 1").await;
    tomas.says("lakeside-approvals", "Stop everything!").await;
    tomas.says("desk", "/post show lakeside 1").await;
    tomas.says("desk", "/post queue").await;
    agency.settle().await;

    assert_snapshot!(agency.transcript(), @"
    tomas       says: An idea
    tomas       says: /post show 1
    tomas       says: Stop everything!
    tomas       says: /post show lakeside 1
    tomas       says: /post queue
    countersign (to tomas) no effect on 0: you are not a member of this practice: ask its manager to add you
    countersign (to tomas) no effect on 0: you are not a member of this practice: ask its manager to add you
    ");
}

#[tokio::test]
async fn what_only_the_practice_may_is_refused_at_a_desk() {
    let agency = lakesides().await;
    let maya = agency.person("maya");
    maya.says("desk", "/post show lakeside 1").await;
    agency.settle().await;
    let (at_desk, hold) = agency.chat.button("maya", "Hold");
    let post = hold.trim_start_matches("hold:").to_owned();
    agency.transcript();

    for verb in ["sign", "decline", "live", "takedown"] {
        maya.presses_that(&at_desk, &format!("{verb}:{post}:x")).await;
    }
    maya.says("desk", "/post release lakeside").await;
    agency.settle().await;

    assert_snapshot!(agency.transcript(), @"
    maya        presses sign
    maya        presses decline
    maya        presses live
    maya        presses takedown
    maya        says: /post release lakeside
    countersign (to maya) lakeside: no effect on 1: that is for the practice's own people, in the practice's own channels
    countersign (to maya) lakeside: no effect on 1: that is for the practice's own people, in the practice's own channels
    countersign (to maya) lakeside: no effect on 1: that is for the practice's own people, in the practice's own channels
    countersign (to maya) lakeside: no effect on 1: that is for the practice's own people, in the practice's own channels
    countersign (to maya) lakeside: no effect on 0: nothing is stopped
    ");
}

#[tokio::test]
async fn nothing_of_one_practice_stands_in_anothers_channel() {
    let agency = TestPractice::open_agency().await;
    let maya = agency.person("maya");

    for practice in ["northside", "lakeside", "hillcrest"] {
        maya.says("desk", &format!("/post new {practice}: For {practice} alone.")).await;
        agency.settle().await;
        maya.presses_in("desk", "Send for signature").await;
        agency.settle().await;
    }
    maya.says("desk", "/post stop all").await;
    agency.settle().await;

    let shown = agency.chat.words_since_last();
    assert_eq!(shown.iter().filter(|(_, words)| words.contains("alone.")).count(), 3);
    for (channel, words) in shown.iter().filter(|(channel, _)| channel != "desk") {
        let own = channel.split_once('-').map_or("northside", |(practice, _)| practice);
        for other in ["northside", "lakeside", "hillcrest"].iter().filter(|id| **id != own) {
            assert!(!words.to_lowercase().contains(other), "{channel}: {words}");
        }
    }
}
