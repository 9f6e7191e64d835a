//! The real program on a PostgreSQL server.

use std::process::Command;
use std::sync::Arc;

use serde_json::json;

use super::keeping::{
    a_backup_goes_on_elsewhere, last_nights_backup_publishes_nothing_again, names,
};
use crate::database::TestDatabase;
use crate::workspace::{House, Workspace};

/// Ends whoever waits for another, once somebody does.
const END_WAITING: &str = "DO $$ BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock';
    IF NOT FOUND THEN RAISE 'nobody waits'; END IF;
END $$";

const ANOTHER_VERSION: &str = "UPDATE _sqlx_migrations SET checksum = '' WHERE version = 1";

fn house(database: &TestDatabase) -> Arc<House> {
    Arc::new(House::new().with("COUNTERSIGN_DATABASE_URL", &database.url()))
}

/// A post from the idea to the practice page.
async fn publishes(workspace: &Workspace) {
    let said = json!({ "as": "maya", "channel": "ideas", "text": "/post new Flu shots." });
    workspace.does("POST", "messages", &said).await;
    let draft = workspace.newest("ideas", "maya", "draft").await;
    workspace.presses("maya", &draft, "Send for signature", json!({})).await;
    let card = workspace.newest("approvals", "dr-rao", "card").await;
    workspace.signs("dr-rao", &card).await;
    workspace.published().await;
}

/// Another command of the same program: its exit code and its output.
fn asks(house: &House, database: &TestDatabase, arguments: &[&str]) -> (Option<i32>, String) {
    let done = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .env_clear()
        .env("COUNTERSIGN_DATABASE_URL", database.url())
        .arg("--data")
        .arg(house.data())
        .args(arguments)
        .output()
        .expect("it ran");
    let said = [done.stdout, done.stderr].concat();
    (done.status.code(), String::from_utf8(said).expect("words"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_goes_out_and_is_proven_from_a_server() {
    let Some(database) = TestDatabase::on_server().await else { return };
    let house = house(&database);
    let export = house.data().join("export").display().to_string();
    let workspace = Workspace::open_in(&house);

    publishes(&workspace).await;
    let ended = workspace.stops().await;
    let again = Workspace::open_in(&house).stops().await;
    let heads = house.data().join("heads.log").display().to_string();
    let verified = asks(&house, &database, &["verify", "--heads", &heads]);
    let certificate = asks(&house, &database, &["certificate", "1"]);
    let exported = asks(&house, &database, &["export", &export]);

    assert_eq!((ended.code, again.code), (Some(0), Some(0)), "{}", again.stderr());
    assert!(!house.data().join("countersign.db").exists());
    assert_eq!(verified.0, Some(0), "{}", verified.1);
    assert!(verified.1.contains("as was seen outside; 1 post"), "{}", verified.1);
    assert!(certificate.0 == Some(0) && certificate.1.starts_with('{'), "{}", certificate.1);
    assert!(exported.0 == Some(0) && exported.1.contains("manifest.json"), "{}", exported.1);
}

#[tokio::test(flavor = "multi_thread")]
async fn last_nights_backup_of_a_server_publishes_nothing_again() {
    let Some(database) = TestDatabase::on_server().await else { return };
    let house = House::new().with("COUNTERSIGN_DATABASE_URL", &database.url());

    let said = last_nights_backup_publishes_nothing_again(house).await;

    assert!(said.contains("in the schema countersign_before_"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_one_engine_goes_on_on_the_other() {
    let Some(first) = TestDatabase::on_server().await else { return };
    let second = TestDatabase::on_server().await.expect("there is a server");
    let on =
        |database: &TestDatabase| House::new().with("COUNTERSIGN_DATABASE_URL", &database.url());

    a_backup_goes_on_elsewhere(on(&first), House::new()).await;
    a_backup_goes_on_elsewhere(House::new(), on(&second)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_breaks_off_leaves_no_backup() {
    let Some(database) = TestDatabase::on_server().await else { return };
    let house = house(&database);
    Workspace::open_in(&house).stops().await;
    let backups = house.data().join("../backups");
    let mut door = database.opens().await;
    door.runs("BEGIN; LOCK TABLE said IN ACCESS EXCLUSIVE MODE").await.expect("locked");
    let copying = tokio::task::spawn_blocking({
        let (house, folder) = (house.clone(), backups.display().to_string());
        move || house.runs(&["backup", &folder])
    });

    let mut watch = database.opens().await;
    while watch.runs(END_WAITING).await.is_err() {}

    let ended = copying.await.expect("it ran");
    assert_eq!(ended.code, Some(1), "{}", ended.stdout());
    assert!(ended.stderr().contains("copying the database"), "{}", ended.stderr());
    assert_eq!(names(&backups), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_version_left_on_a_server_is_left_alone() {
    let Some(database) = TestDatabase::on_server().await else { return };
    let house = house(&database);
    Workspace::open_in(&house).stops().await;
    database.opens().await.runs(ANOTHER_VERSION).await.expect("changed");

    let ended = house.fails();
    let verified = asks(&house, &database, &["verify"]);

    assert_eq!((ended.code, verified.0), (Some(1), Some(1)));
    let stderr = ended.stderr();
    let sentence = "was made by another version of Countersign, or by another program";
    assert!(stderr.contains(sentence) && stderr.contains("nothing was changed"), "{stderr}");
    assert!(verified.1.contains("use the version that made it"), "{}", verified.1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_there_is_said_in_one_line_without_the_password() {
    let url = "postgres://me:s3cret@127.0.0.1:1/practice";
    let house = House::new().with("COUNTERSIGN_DATABASE_URL", url);

    let ended = house.fails();

    let stderr = ended.stderr();
    assert_eq!((ended.code, stderr.lines().count()), (Some(1), 1), "{stderr}");
    for part in ["practice at 127.0.0.1:1", "no PostgreSQL server answers", "database.url"] {
        assert!(stderr.contains(part), "{stderr}");
    }
    assert!(!stderr.contains("s3cret"), "{stderr}");
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_keys_are_not_made_again_over_a_server_with_data() {
    let Some(database) = TestDatabase::on_server().await else { return };
    let house = house(&database);
    Workspace::open_in(&house).stops().await;
    std::fs::remove_dir_all(house.data().join("keys")).expect("gone");

    let ended = house.fails();

    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr().contains("the key ledger is missing"), "{}", ended.stderr());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_made_in_an_empty_database_by_a_look() {
    let Some(database) = TestDatabase::on_server().await else { return };
    let house = house(&database);

    let verified = asks(&house, &database, &["verify"]);

    assert_eq!(verified.0, Some(1));
    assert!(verified.1.contains("there is nothing in the database"), "{}", verified.1);
}
