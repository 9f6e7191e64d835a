//! A desk's message with pictures: its sender is asked once for all drafts.

use countersign::domain::post::Post;
use insta::assert_snapshot;

use crate::support::{TestPractice, a_picture, message_in, over_platform};

fn pictures(post: &Post) -> usize {
    post.draft.pictures.len()
}

#[tokio::test]
async fn a_desk_asks_once_for_all_its_drafts() {
    // Not on a platform: a command brings no files there.
    if over_platform() {
        return;
    }
    let agency = TestPractice::open_agency().await;
    let maya = agency.person("maya");
    let text = "/post new northside, hillcrest: Our new door.";

    maya.only_shows_in("desk", text, "A green door").await;
    agency.settle().await;
    for practice in ["northside", "hillcrest"] {
        assert_eq!(pictures(&agency.post_of(practice, 1).await.expect("a post")), 0);
    }
    maya.presses("No").await;
    agency.settle().await;

    assert_snapshot!(agency.transcript(), @r#"
    maya        says: /post new northside, hillcrest: Our new door.
    countersign draft 1.0 "Our new door." [Send for signature] [Edit] [Withdraw] [Ask about the picture]
    countersign hillcrest: draft 1 is begun [Send for signature]
    countersign draft 1.0 "Our new door." [Send for signature] [Edit] [Withdraw] [Ask about the picture]
    countersign northside: draft 1 is begun [Send for signature]
    countersign (to maya) asks whether a patient is in the picture [No] [Yes] [Not sure]
    maya        [No]
    countersign now draft 1.0 "Our new door." [Send for signature] [Edit] [Withdraw]
    countersign (to maya) hillcrest: notes: post 1 has the picture now
    countersign now draft 1.0 "Our new door." [Send for signature] [Edit] [Withdraw]
    countersign (to maya) northside: notes: post 1 has the picture now
    "#);
    for practice in ["northside", "hillcrest"] {
        assert_eq!(pictures(&agency.post_of(practice, 1).await.expect("a post")), 1);
    }
}

#[tokio::test]
async fn an_unsure_answer_about_more_pictures_takes_the_old_one_out_too() {
    // Not on a platform: files can't be added to a message there.
    if over_platform() {
        return;
    }
    let agency = TestPractice::open_agency().await;
    let maya = agency.person("maya");
    let text = "/post new northside, hillcrest: Our new door.";
    let master = maya.shows_in("desk", text, "A green door").await;
    agency.settle().await;
    let other = agency.chat.upload(a_picture());
    let at = message_in("desk", &master);
    maya.reshows(&at, text, &[("f1", "A green door"), (&other, "Open")]).await;
    agency.settle().await;

    maya.presses("Not sure").await;
    agency.settle().await;

    for practice in ["northside", "hillcrest"] {
        assert_eq!(pictures(&agency.post_of(practice, 1).await.expect("a post")), 0);
    }
}
