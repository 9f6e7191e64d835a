//! Whoever sends a picture is asked whether a patient could be in it, and nothing of it is taken in
//! before.

use countersign::app::picture;
use countersign::domain::canonical::hex;
use countersign::domain::consent::Vouched;
use countersign::domain::ids::MemberId;
use countersign::domain::post::Post;
use countersign::ports::chat::MessageRef;
use countersign::ports::intake::{FileRef, Happening};
use countersign::ports::notice::View;
use insta::assert_snapshot;
use jiff::SignedDuration;

use crate::support::{Does, TestPractice, a_picture, message_in, over_platform};

/// Tomas sends a picture and says nothing of it yet; a draft is made of his message.
async fn with_a_draft(practice: &TestPractice) -> String {
    let message = practice.person("tomas").only_shows("Our new door.", "A green door").await;
    practice.settle().await;
    practice.person("maya").presses("Make a post").await;
    practice.settle().await;
    message
}

fn newest_findings(practice: &TestPractice) -> Vec<String> {
    match practice.chat.newest_view() {
        Some(View::Card(card) | View::Draft(card)) => card.findings,
        other => panic!("no card: {other:?}"),
    }
}

async fn answers(practice: &TestPractice, label: &'static str) {
    practice.person("tomas").presses(label).await;
    practice.settle().await;
}

fn pictures(post: &Post) -> usize {
    post.draft.pictures.len()
}

#[tokio::test]
async fn a_picture_waits_for_its_senders_word() {
    let practice = TestPractice::open().await;

    with_a_draft(&practice).await;
    assert_eq!(pictures(&practice.post(1).await), 0);
    let waits = "without its picture: Tomas has not said yet whether a patient could be in it";
    assert!(newest_findings(&practice).contains(&waits.to_owned()));
    answers(&practice, "No").await;

    assert_snapshot!(practice.transcript(), @r#"
    tomas       says: Our new door.
    countersign (to tomas) asks whether a patient is in the picture [No] [Yes] [Not sure]
    countersign idea by Tomas [Make a post] [Not a post]
    maya        [Make a post]
    countersign draft 1.0 "Our new door." [Send for signature] [Edit] [Withdraw] [Ask about the picture]
    countersign now idea is post 1
    tomas       [No]
    countersign now draft 1.0 "Our new door." [Send for signature] [Edit] [Withdraw]
    countersign (to tomas) notes: post 1 has the picture now
    "#);
    let post = practice.post(1).await;
    assert_eq!((pictures(&post), &*post.draft.pictures[0].alt), (1, "A green door"));
    assert!(practice.ledger().await.iter().any(|line| line.contains("pictures-vouched")));
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn what_was_said_before_goes_with_the_post() {
    let practice = TestPractice::open().await;
    practice.person("tomas").shows("Our new door.", "A green door").await;
    practice.settle().await;
    practice.person("maya").presses("Make a post").await;
    practice.settle().await;

    let post = practice.post(1).await;
    let vouched = post.draft.vouched.values().next().expect("a word");
    assert_eq!(vouched, &Vouched { by: MemberId::new("tomas"), consents: Vec::new() });
    practice.person("tomas").presses("Send for signature").await;
    practice.settle().await;
    let said = "Tomas says that no patient is in the picture";
    assert!(newest_findings(&practice).contains(&said.to_owned()));
    practice.person("dr-rao").signs().await;
    practice.settle().await;
    assert_eq!(practice.network.texts().len(), 1);
}

// "Not sure" forgets nothing, as nothing was kept: whoever asks the people in it says so later.
#[tokio::test]
async fn not_sure_leaves_it_out_until_somebody_is() {
    let practice = TestPractice::open().await;
    with_a_draft(&practice).await;
    practice.transcript();

    answers(&practice, "Not sure").await;
    assert_eq!(pictures(&practice.post(1).await), 0);
    let sha256 = hex::encode(&picture::admit(&a_picture()).expect("a picture").sha256);
    let media = async || practice.office.store.media(&practice.id(), &sha256).await.expect("read");
    assert!(media().await.is_none());
    let out = "without its picture: Tomas says that a patient is, or may be, in it";
    practice.person("maya").says("ideas", "/post show 1").await;
    practice.settle().await;
    assert!(newest_findings(&practice).contains(&out.to_owned()));
    answers(&practice, "Not sure").await;
    answers(&practice, "Ask about the picture").await;
    answers(&practice, "No").await;

    assert!(media().await.is_some());
    assert_snapshot!(practice.transcript(), @r#"
    tomas       [Not sure]
    countersign (to tomas) notes: the picture will not be shown, and nothing of it is kept here; your message still stands in the channel: delete it if a patient could be in it
    maya        says: /post show 1
    countersign draft 1.0 "Our new door." [Send for signature] [Edit] [Withdraw] [Ask about the picture]
    tomas       [Not sure]
    countersign (to tomas) no effect on 0: that was said already
    tomas       [Ask about the picture]
    countersign (to tomas) asks whether a patient is in the picture [No] [Yes] [Not sure]
    tomas       [No]
    countersign now draft 1.0 "Our new door." [Send for signature] [Edit] [Withdraw]
    countersign (to tomas) notes: post 1 has the picture now
    "#);
    assert_eq!(pictures(&practice.post(1).await), 1);
}

#[tokio::test]
async fn a_picture_that_should_not_be_here_goes_and_is_forgotten() {
    let practice = TestPractice::open().await;
    with_a_draft(&practice).await;
    answers(&practice, "No").await;
    let sha256 = practice.post(1).await.draft.pictures[0].sha256.clone();
    let media = async || practice.office.store.media(&practice.id(), &sha256).await.expect("read");
    assert!(media().await.is_some());
    practice.transcript();

    answers(&practice, "Not sure").await;

    assert_eq!(pictures(&practice.post(1).await), 0);
    assert!(media().await.is_none());
    assert!(practice.post(1).await.draft.vouched.is_empty());
    assert_snapshot!(practice.transcript(), @r#"
    tomas       [Not sure]
    countersign now draft 1.0 "Our new door." [Send for signature] [Edit] [Withdraw] [Ask about the picture]
    countersign (to tomas) notes: the picture will not be shown, and what was kept of it is forgotten; your message still stands in the channel: delete it if a patient could be in it
    "#);
    practice.ledger_equals_tables().await;
}

// What was put before physicians is a revision, and stays one; without the picture it is another.
#[tokio::test]
async fn a_picture_goes_from_what_is_in_review_by_a_new_revision() {
    let practice = TestPractice::open().await;
    with_a_draft(&practice).await;
    answers(&practice, "No").await;
    answers(&practice, "Send for signature").await;
    practice.person("dr-rao").signs().await;
    practice.transcript();

    answers(&practice, "Not sure").await;

    let post = practice.post(1).await;
    assert_eq!((post.revision, pictures(&post)), (2, 0));
    assert_snapshot!(practice.transcript(), @r#"
    tomas       [Not sure]
    countersign now card 1.1 "Our new door." | replaced by 2
    countersign card 1.2 "Our new door." | needs 1 of: Dr. Rao, Dr. Kim [Sign] [Decline] [Hold] [Edit] [Withdraw]
    countersign (to tomas) notes: post 1 goes on without the picture; what was put before the approvers stays in the records
    "#);
}

#[tokio::test]
async fn only_whoever_was_asked_or_runs_the_practice_answers() {
    let practice = TestPractice::open().await;
    let message = with_a_draft(&practice).await;
    let (at, button) = practice.chat.question("tomas", &message).expect("a question");
    practice.transcript();

    for who in ["maya", "dr-rao", "lena"] {
        practice.person(who).presses_that(&at, &button).await;
        practice.settle().await;
    }

    assert_snapshot!(practice.transcript(), @r#"
    maya        presses pictured
    countersign (to maya) no effect on 0: Tomas was asked, and has to say it: who took it knows who is in it
    dr-rao      presses pictured
    countersign (to dr-rao) no effect on 0: Tomas was asked, and has to say it: who took it knows who is in it
    lena        presses pictured
    countersign now draft 1.0 "Our new door." [Send for signature] [Edit] [Withdraw]
    countersign (to lena) notes: post 1 has the picture now
    "#);
    assert_eq!(
        practice.post(1).await.draft.vouched.values().next().expect("one").by.as_str(),
        "lena"
    );
}

#[tokio::test]
async fn whoever_picks_a_message_is_asked_about_its_picture() {
    // Not on a platform: what was picked there was written before anybody listened, without files.
    if over_platform() {
        return;
    }
    let practice = TestPractice::open().await;
    let id = practice.chat.upload(a_picture());
    let files = vec![FileRef { id, name: "photo.png".to_owned(), alt: "A door".to_owned() }];
    let (message, text) = (message_in("ideas", "m77"), "Our new door.".to_owned());
    let picked = Happening::Picked { message, author: None, text, files };

    practice.person("maya").did(0, picked).await;
    practice.settle().await;
    assert_eq!(pictures(&practice.post(1).await), 0);
    practice.person("maya").presses("No").await;
    practice.settle().await;

    assert_eq!(pictures(&practice.post(1).await), 1);
}

#[tokio::test]
async fn other_pictures_are_asked_about_anew() {
    // Not on a platform: files can't be added to a message there.
    if over_platform() {
        return;
    }
    let practice = TestPractice::open().await;
    let tomas = practice.person("tomas");
    let message = tomas.only_shows("Our new door.", "A green door").await;
    practice.settle().await;
    let (asked, old) = practice.chat.question("tomas", &message).expect("a question");
    let other = practice.chat.upload(a_picture());
    let at: MessageRef = message_in("ideas", &message);
    practice.transcript();

    tomas.reshows(&at, "Our new door.", &[("f1", "A door"), (&other, "Open")]).await;
    practice.settle().await;
    tomas.presses_that(&asked, &old).await;
    practice.settle().await;
    tomas.vouches(&message).await;
    practice.person("maya").presses("Make a post").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    tomas       rewrites m1: Our new door., with "A door", "Open"
    countersign (to tomas) asks whether a patient is in the 2 pictures [No] [Yes] [Not sure]
    tomas       presses pictured
    countersign (to tomas) no effect on 0: the message has other pictures now: its sender was asked again
    tomas       presses pictured
    maya        [Make a post]
    countersign (to tomas) notes: the pictures will go with the post that is made of your message
    countersign draft 1.0 "Our new door." [Send for signature] [Edit] [Withdraw]
    countersign now idea is post 1
    "#);
    assert_eq!(pictures(&practice.post(1).await), 2);
}

// A file that is no picture is told to whoever sent it; the words wait as a draft.
#[tokio::test]
async fn what_is_no_picture_is_told_when_it_is_taken_in() {
    let practice = TestPractice::open().await;
    let tomas = practice.person("tomas");
    let message = tomas.only_brings_bytes("Our new room.", "room.pdf", b"%PDF-1.7 words").await;
    practice.settle().await;
    practice.person("maya").presses("Make a post").await;
    practice.settle().await;
    practice.transcript();

    tomas.vouches(&message).await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"
    tomas       presses pictured
    countersign (to tomas) no effect on 0: documents can't be posted: post a picture of the page as a JPEG or PNG
    ");
}

// Signed without it, a post is not made another behind everybody's back.
#[tokio::test]
async fn a_late_no_asks_before_it_makes_a_new_revision() {
    let practice = TestPractice::open().await;
    with_a_draft(&practice).await;
    practice.person("maya").presses("Send for signature").await;
    practice.settle().await;
    practice.transcript();

    answers(&practice, "No").await;
    assert_eq!((practice.post(1).await.revision, pictures(&practice.post(1).await)), (1, 0));
    answers(&practice, "Put it in").await;

    assert_eq!((practice.post(1).await.revision, pictures(&practice.post(1).await)), (2, 1));
    assert_snapshot!(practice.transcript(), @r#"
    tomas       [No]
    countersign (to tomas) notes: post 1 was sent for signature without the picture: with the picture it has to be signed anew [Put it in]
    tomas       [Put it in]
    countersign card 1.2 "Our new door." | needs 1 of: Dr. Rao, Dr. Kim [Sign] [Decline] [Hold] [Edit] [Withdraw]
    countersign now card 1.1 "Our new door." | replaced by 2
    countersign (to tomas) notes: post 1 has the picture now
    "#);
}

// The safe answer is never refused: what can't be changed any more is held, or told of.
#[tokio::test]
async fn a_patient_seen_too_late_is_told_where_cards_are_signed() {
    let practice = TestPractice::open().await;
    with_a_draft(&practice).await;
    answers(&practice, "No").await;
    answers(&practice, "Send for signature").await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;
    assert_eq!(practice.network.texts().len(), 1);
    practice.transcript();

    answers(&practice, "Not sure").await;

    assert_snapshot!(practice.transcript(), @"
    tomas       [Not sure]
    countersign notes: Tomas says that a patient is, or may be, in a picture of post 1, which is live or leaving [Take it down]
    countersign (to tomas) notes: a patient is, or may be, in a picture of post 1, which is live or leaving [Take it down]
    ");
    assert!(practice.ledger().await.iter().any(|line| line.contains("pictures-left-out")));
    assert!(practice.post(1).await.draft.vouched.is_empty());
    practice.person("dr-rao").presses("Take it down").await;
    practice.settle().await;
    assert_eq!(practice.network.live().len(), 0);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_picture_goes_from_what_waits_for_its_network() {
    let practice = TestPractice::open().await;
    with_a_draft(&practice).await;
    answers(&practice, "No").await;
    answers(&practice, "Send for signature").await;
    practice.network.next(&[Does::Later(300)]);
    practice.person("dr-rao").signs().await;
    practice.settle().await;
    practice.transcript();

    answers(&practice, "Not sure").await;
    practice.waits(SignedDuration::from_mins(30)).await;

    assert_snapshot!(practice.transcript(), @r#"
    tomas       [Not sure]
    countersign now card 1.1 "Our new door." | replaced by 2
    countersign card 1.2 "Our new door." | needs 1 of: Dr. Rao, Dr. Kim [Sign] [Decline] [Hold] [Edit] [Withdraw]
    countersign (to tomas) notes: post 1 goes on without the picture; what was put before the approvers stays in the records
    -- 30m
    "#);
    assert_eq!(practice.network.texts().len(), 0);
    practice.ledger_equals_tables().await;
}
