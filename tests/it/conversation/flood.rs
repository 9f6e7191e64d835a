//! One person's flood costs nobody else anything; and what is no picture is no picture.

use countersign::ports::intake::Receipt;
use insta::assert_snapshot;
use jiff::SignedDuration;

use crate::support::TestPractice;

#[tokio::test]
async fn three_hundred_drafts_in_a_minute_are_twenty() {
    let practice = TestPractice::open().await;
    let tomas = practice.person("tomas");

    for n in 0..300 {
        tomas.has_idea(&format!("Idea {n}")).await;
    }
    practice.person("maya").has_idea("Flu shots this Saturday.").await;
    practice.settle().await;

    let lines = practice.transcript();
    let count = |what: &str| lines.lines().filter(|line| line.contains(what)).count();
    assert_eq!(count("[too many]"), 280);
    assert_eq!(count("idea by Tomas"), 20);
    assert_eq!(count("(to tomas) keeps no more than 20 a minute"), 1);
    assert_eq!(count("idea by Maya"), 1);
}

#[tokio::test]
async fn signing_holding_and_stopping_are_never_too_many() {
    let practice = TestPractice::open_as(|_| {}, |office| office.pace.submissions = 3).await;
    let rao = practice.person("dr-rao");
    practice.person("maya").submits("Flu shots this Saturday.").await;
    for _ in 0..5 {
        rao.has_idea("Idea").await;
    }
    practice.settle().await;
    practice.transcript();

    rao.says("ideas", "/post new One more.").await;
    rao.says("ideas", "/post hold 1").await;
    practice.settle().await;
    rao.presses("Lift the hold").await;
    practice.settle().await;
    rao.signs().await;
    practice.settle().await;
    rao.says("approvals", "stop everything").await;
    practice.settle().await;
    practice.waits(SignedDuration::from_secs(60)).await;
    rao.has_idea("After a minute").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    dr-rao      says: /post new One more.
                [too many]
    dr-rao      says: /post hold 1
    countersign now card 1.1 "Flu shots this Saturday." | needs 1 of: Dr. Rao, Dr. Kim | held by Dr. Rao [Sign] [Decline] [Lift the hold] [Edit] [Withdraw]
    dr-rao      [Lift the hold]
    countersign now card 1.1 "Flu shots this Saturday." | needs 1 of: Dr. Rao, Dr. Kim [Sign] [Decline] [Hold] [Edit] [Withdraw]
    dr-rao      ✅ on card 1.1
    network     p1 is live: "Flu shots this Saturday."
    countersign now card 1.1 "Flu shots this Saturday." | published | Is live [Take it down]
    countersign 1 on Practice page: is live.
    dr-rao      says: stop everything
    countersign stopped by Dr. Rao, in flight: 0 [Release]
    -- 1m
    dr-rao      says: After a minute
    countersign idea by Dr. Rao [Make a post] [Not a post]
    "#);
}

#[tokio::test]
async fn a_flood_of_edits_is_kept_out_as_well() {
    let practice = TestPractice::open_as(|_| {}, |office| office.pace.submissions = 3).await;
    let tomas = practice.person("tomas");
    let idea = tomas.has_idea("Flu shots this Saturday.").await;
    practice.settle().await;
    practice.transcript();

    for n in 0..4 {
        tomas.rewrites("ideas", &idea, &format!("Flu shots, week {n}.")).await;
    }
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"
    tomas       rewrites m1: Flu shots, week 0.
    tomas       rewrites m1: Flu shots, week 1.
    tomas       rewrites m1: Flu shots, week 2.
                [too many]
    tomas       rewrites m1: Flu shots, week 3.
                [too many]
    countersign (to tomas) keeps no more than 3 a minute
    ");
}

#[tokio::test]
async fn a_video_is_refused_in_plain_words() {
    let practice = TestPractice::open().await;
    practice
        .person("tomas")
        .brings_bytes("Our new room.", "room.mp4", b"\0\0\0\x18ftypisom\0\0\0\0")
        .await;
    practice.settle().await;

    practice.person("maya").presses("Make a post").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"
    tomas       says: Our new room.
    countersign (to tomas) asks whether a patient is in the picture [No] [Yes] [Not sure]
    countersign idea by Tomas [Make a post] [Not a post]
    tomas       presses pictured
    countersign (to tomas) notes: the picture will go with the post that is made of your message
    maya        [Make a post]
    countersign (to maya) no effect on 0: videos can't be posted until they can have captions: post a still picture of it as a JPEG or PNG
    ");
}

#[tokio::test]
async fn what_is_too_much_is_acknowledged_and_not_stored() {
    let practice = TestPractice::open_on_a_file(|_| {}).await;
    let tomas = practice.person("tomas");
    for n in 0..20 {
        tomas.has_idea(&format!("Idea {n}")).await;
    }
    practice.settle().await;

    let receipt = tomas.sends("One more, a secret word: xylophone.").await;
    practice.settle().await;

    assert_eq!(receipt, Receipt::TooMany);
    assert!(practice.office.store.unhandled(0, 10).await.expect("readable").is_empty());
    for entry in std::fs::read_dir(practice.folder.path()).expect("a folder") {
        let bytes = std::fs::read(entry.expect("an entry").path()).expect("readable");
        assert!(!bytes.windows(9).any(|here| here == b"xylophone"));
    }
}
