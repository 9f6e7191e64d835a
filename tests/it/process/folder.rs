//! A database of another version: moved aside when it is a sample, left alone when it is not.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;
use sqlx::Connection;

use super::{connects, runs};
use crate::workspace::{House, Workspace};

const ANOTHER_VERSION: &str = "UPDATE _sqlx_migrations SET checksum = x'00' WHERE version = 1";
const NOT_A_SAMPLE: &str = "UPDATE practices SET sample = 0";

/// A data folder whose program was ended in the middle of things.
async fn lived_in() -> Arc<House> {
    let house = Arc::new(House::new());
    let workspace = Workspace::open_in(&house);
    let said = json!({ "as": "tomas", "channel": "ideas", "text": "Flu shots this Saturday." });
    workspace.does("POST", "messages", &said).await;
    workspace.dies();
    house
}

fn database(house: &House) -> PathBuf {
    house.data().join("countersign.db")
}

fn names(house: &House) -> Vec<String> {
    let names = fs::read_dir(house.data()).expect("a folder");
    let mut names: Vec<String> = names
        .map(|entry| entry.expect("a file").file_name().to_string_lossy().into_owned())
        .filter(|name| !name.ends_with("-wal") && !name.ends_with("-shm"))
        .collect();
    names.sort();
    names
}

/// Starts, says something, and ends.
async fn goes_on(house: &Arc<House>) -> String {
    let workspace = Workspace::open_in(house);
    let said = json!({ "as": "tomas", "channel": "ideas", "text": "Now also on Sunday." });
    workspace.does("POST", "messages", &said).await;
    workspace.newest("ideas", "tomas", "idea").await;
    workspace.stops().await.stderr()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sample_of_another_version_is_moved_aside_with_all_that_belongs_to_it() {
    let house = lived_in().await;
    runs(&database(&house), ANOTHER_VERSION).await;

    let said = goes_on(&house).await;
    runs(&database(&house), ANOTHER_VERSION).await;
    goes_on(&house).await;

    assert!(said.contains("It held only the sample practice, so it was moved aside"), "{said}");
    let names = names(&house);
    let dated: Vec<&String> = names.iter().filter(|name| name.contains(".before-20")).collect();
    let (first, second): (Vec<&String>, _) =
        dated.into_iter().partition(|name| !name.ends_with("-2"));
    let begins = |names: &[&String]| -> Vec<String> {
        names
            .iter()
            .filter_map(|name| name.split_once(".before-"))
            .map(|n| n.0.to_owned())
            .collect()
    };
    let history = ["countersign.db", "heads.log", "local.db"];
    assert_eq!(
        (begins(&first), begins(&second)),
        (history.map(str::to_owned).to_vec(), history.map(str::to_owned).to_vec())
    );
    // What was in the log beside the database went with it.
    let mut old = connects(&house.data().join(first[0])).await;
    let ideas: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM ideas").fetch_one(&mut old).await.expect("ideas");
    old.close().await.expect("closed");
    assert_eq!(ideas, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_local_world_of_another_version_takes_its_database_along() {
    let house = lived_in().await;
    runs(&house.data().join("local.db"), "PRAGMA user_version = 99").await;

    let said = goes_on(&house).await;

    assert!(said.contains("moved aside"), "{said}");
    assert_eq!(names(&house).iter().filter(|name| name.contains(".before-20")).count(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_no_sample_is_left_alone() {
    let house = lived_in().await;
    runs(&database(&house), ANOTHER_VERSION).await;
    runs(&database(&house), NOT_A_SAMPLE).await;
    let before = (names(&house), fs::read(database(&house)).expect("bytes"));

    let ended = house.fails();

    let sentence = "was made by another version of Countersign and holds more than the sample";
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr().contains(sentence), "{}", ended.stderr());
    assert!((names(&house), fs::read(database(&house)).expect("bytes")) == before);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_database_of_ours_is_left_alone() {
    for text in ["CREATE TABLE recipes (name TEXT)", "-- nothing of SQLite's"] {
        let house = House::new();
        fs::create_dir_all(house.data().join("keys")).expect("a folder");
        for key in ["ledger", "trace"] {
            fs::write(house.data().join("keys").join(key), "ab".repeat(32)).expect("a key");
        }
        if text.starts_with("CREATE") {
            fs::write(database(&house), "").expect("a file");
            runs(&database(&house), "CREATE TABLE recipes (name TEXT)").await;
        } else {
            fs::write(database(&house), text.repeat(50)).expect("a file");
        }
        let before = fs::read(database(&house)).expect("bytes");

        let ended = house.fails();

        assert_eq!(ended.code, Some(1), "{}", ended.stderr());
        assert!(ended.stderr().contains("countersign.db"), "{}", ended.stderr());
        assert!(fs::read(database(&house)).expect("bytes") == before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_in_use_is_not_moved() {
    let house = lived_in().await;
    runs(&database(&house), ANOTHER_VERSION).await;
    let mut other = connects(&database(&house)).await;
    sqlx::query("SELECT * FROM practices").fetch_all(&mut other).await.expect("in use");

    let ended = house.fails();

    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr().contains("another program has it open"), "{}", ended.stderr());
    assert!(!names(&house).iter().any(|name| name.contains(".before-")));
}
