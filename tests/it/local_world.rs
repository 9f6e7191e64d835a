//! What the world keeps, what it does not keep, and who sees it.

use std::sync::Arc;
use std::time::Duration;

use countersign::chat::local::{LocalChat, NOT_KEPT, NotOpened, World, identity};
use countersign::ports::chat::{Chat, Place, Shown};
use serde_json::json;

use crate::local_support::{PNG, Platform, Still, in_ideas, noted, open_world, words};

#[tokio::test]
async fn what_the_gate_does_not_keep_is_nowhere() {
    let platform = Platform::open().await;
    let picture = [PNG, b" of the patient's wristband"].concat();
    let file = platform.uploads(&picture).await;
    let other = platform.uploads(PNG).await;
    let files = json!([{ "id": file, "name": "wristband.png", "alt": "her wristband" }]);
    let said = json!({
        "as": "tomas", "channel": "ideas", "text": "Jane Roe, MRN 12345", "files": files
    });

    let answer = platform.ask("POST", "/local/api/messages").json(&said).await;

    assert_eq!(answer.status, 201);
    assert_eq!(answer.json()["kept"], false);
    assert!(answer.json()["note"].is_string());
    let stands = &platform.ideas("tomas").await[0];
    assert_eq!(stands["text"], NOT_KEPT);
    assert_eq!(stands["kept"], false);
    assert_eq!(stands["files"], json!([]));
    let bytes = platform.bytes_on_disk();
    for trace in ["Jane Roe", "MRN", "wristband"] {
        let is_there = bytes.windows(trace.len()).any(|some| some == trace.as_bytes());
        assert!(!is_there, "{trace}");
    }
    let gone = platform.ask("GET", &format!("/local/api/files/{file}")).send().await;
    let stays = platform.ask("GET", &format!("/local/api/files/{other}")).send().await;
    assert_eq!((gone.status, stays.status), (404, 200));
}

#[tokio::test]
async fn a_file_name_passes_the_gate_too() {
    let platform = Platform::open().await;
    let file = platform.uploads(PNG).await;
    let files = json!([{ "id": file, "name": "MRN 12345.png", "alt": "a scan" }]);
    let said = json!({ "as": "tomas", "channel": "ideas", "text": "Look", "files": files });

    let answer = platform.ask("POST", "/local/api/messages").json(&said).await;

    assert_eq!(answer.json()["kept"], false);
    assert_eq!(platform.ideas("tomas").await[0]["text"], NOT_KEPT);
}

#[tokio::test]
async fn an_edit_that_is_not_kept_leaves_nothing_of_the_message() {
    let platform = Platform::open().await;
    let id = platform.says("tomas", "A lovely story").await;
    let edit = json!({ "as": "tomas", "text": "Jane Roe, MRN 12345" });

    let at = format!("/local/api/messages/{id}");
    let answer = platform.ask("PATCH", &at).json(&edit).await;

    assert_eq!(answer.json()["kept"], false);
    assert_eq!(platform.ideas("tomas").await[0]["text"], NOT_KEPT);
    let bytes = platform.bytes_on_disk();
    assert!(!bytes.windows(8).any(|some| some == b"Jane Roe"));
    let mend = json!({ "as": "tomas", "text": "A patient's story, told with consent" });
    platform.ask("PATCH", &at).json(&mend).await;
    assert_eq!(platform.ideas("tomas").await[0]["kept"], true);
}

#[tokio::test]
async fn a_message_that_could_not_be_looked_at_is_not_kept() {
    let platform = Platform::open().await;

    platform.says("tomas", "this panics the gate").await;

    assert_eq!(platform.ideas("tomas").await[0]["text"], NOT_KEPT);
}

#[tokio::test]
async fn a_message_that_was_not_recorded_is_not_there() {
    let platform = Platform::open().await;
    let said = json!({ "as": "tomas", "channel": "ideas", "text": "this fills the disk" });

    let answer = platform.ask("POST", "/local/api/messages").json(&said).await;

    assert_eq!(answer.status, 503);
    assert!(platform.ideas("tomas").await.is_empty());
}

#[tokio::test]
async fn the_world_goes_on_while_nobody_listens() {
    let platform = Platform::open().await;
    let id = platform.says("tomas", "Flu shots").await;
    platform.world.deaf(true).await.expect("told");
    let at = format!("/local/api/messages/{id}/reactions/%E2%9C%85?as=maya");
    let said = json!({ "as": "tomas", "channel": "ideas", "text": "Anybody?" });

    let reacted = platform.ask("PUT", &at).send().await;
    let spoke = platform.ask("POST", "/local/api/messages").json(&said).await;
    let heard = platform.intake.heard().len();
    platform.world.deaf(false).await.expect("told");
    platform.says("tomas", "There you are").await;

    assert_eq!((reacted.status, spoke.status), (200, 503));
    assert_eq!(heard, 1);
    assert_eq!(platform.intake.heard().len(), 2);
    assert_eq!(platform.ideas("tomas").await[0]["reactions"][0]["people"], json!(["maya"]));
}

#[tokio::test]
async fn a_private_notice_is_for_one_person() {
    let platform = Platform::open().await;
    let place = Place { only: Some(identity("maya")), ..in_ideas() };

    let shown = platform.chat.show("k1", &place, &noted("only for you")).await;

    let Shown::Done(at) = shown else { unreachable!("shown") };
    assert_eq!(platform.ideas("maya").await.len(), 1);
    assert!(platform.ideas("tomas").await.is_empty());
    let public = "/local/api/transcript?channel=ideas";
    let public = platform.ask("GET", public).send().await.json();
    assert_eq!(public["messages"], json!([]));
    let reaction = format!("/local/api/messages/{}/reactions/%E2%9C%85?as=tomas", at.message);
    assert_eq!(platform.ask("PUT", &reaction).send().await.status, 404);
}

#[tokio::test]
async fn a_change_of_another_process_is_noticed() {
    let platform = Platform::open().await;
    let other = open_world(platform.dir.path().join("local.db")).await;
    let mut changes = other.changes();
    let before = *changes.borrow_and_update();

    platform.says("tomas", "Flu shots").await;

    let noticed = tokio::time::timeout(Duration::from_secs(10), changes.changed()).await;

    noticed.expect("in time").expect("a change");
    let seen = other.transcript("ideas", before, None).await.expect("a transcript");
    assert_eq!(seen.messages[0].text, "Flu shots");
    let later = other.transcript("ideas", seen.seq, None).await.expect("a transcript");
    assert!(later.messages.is_empty());
}

#[tokio::test]
async fn the_same_notice_from_two_processes_is_one() {
    let platform = Platform::open().await;
    let other = open_world(platform.dir.path().join("local.db")).await;
    let other = LocalChat::new(other, words());
    let (place, notice) = (in_ideas(), noted("a card"));

    let (one, two) =
        tokio::join!(platform.chat.show("k1", &place, &notice), other.show("k1", &place, &notice),);

    assert_eq!(one, two);
    assert_eq!(platform.ideas("maya").await.len(), 1);
}

#[tokio::test]
async fn a_file_of_another_version_is_left_alone() {
    let platform = Platform::open().await;
    let path = platform.dir.path().join("other.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let pool = sqlx::SqlitePool::connect_with(options).await.expect("a file");
    sqlx::raw_sql("PRAGMA user_version = 99").execute(&pool).await.expect("told");
    pool.close().await;

    let clock = Arc::new(Still);
    let opened = World::open(&path, Vec::new(), Vec::new(), clock).await;

    assert!(matches!(opened, Err(NotOpened::OtherVersion(99))));
}
