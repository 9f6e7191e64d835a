//! Backup, restore and retention as an operator runs them, beside the program and without it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};

use super::keys::has;
use super::{renew, runs};
use crate::database::TestDatabase;
use crate::workspace::{House, Workspace};

/// Says an idea, makes a post of it and sends it for signature.
pub(super) async fn submits(workspace: &Workspace, text: &str) -> Value {
    let said = json!({ "as": "maya", "channel": "ideas", "text": format!("/post new {text}") });
    workspace.does("POST", "messages", &said).await;
    workspace.get("/local/api/settled").await;
    let draft = workspace.newest("ideas", "maya", "draft").await;
    workspace.presses("maya", &draft, "Send for signature", json!({})).await;
    workspace.newest("approvals", "dr-rao", "card").await
}

pub(super) async fn publishes(workspace: &Workspace, text: &str) {
    let card = submits(workspace, text).await;
    workspace.signs("dr-rao", &card).await;
    workspace.get("/local/api/settled").await;
}

pub(super) fn only_folder_in(folder: &Path) -> PathBuf {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("it").path());
    let folders: Vec<PathBuf> = entries.collect();
    assert_eq!(folders.len(), 1, "{folders:?}");
    folders[0].clone()
}

pub(super) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("it"));
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_is_whole_every_time() {
    let house = Arc::new(House::new());
    let workspace = Workspace::open_in(&house);
    let backups = house.data().join("../backups");
    let folder = backups.to_str().expect("a path").to_owned();
    let work = async {
        for n in 0..6 {
            publishes(&workspace, &format!("Flu shots, day {n}.")).await;
        }
    };
    let copies = async {
        let mut ends = Vec::new();
        for _ in 0..3 {
            let (house, folder) = (house.clone(), folder.clone());
            let run = move || house.runs(&["backup", &folder, "--keep", "2"]);
            ends.push(tokio::task::spawn_blocking(run).await.expect("ran"));
        }
        ends
    };

    let (ends, ()) = tokio::join!(copies, work);

    for ended in &ends {
        let said = ended.stderr();
        // Two within a second: the second is told that the first is there.
        let taken = said.contains("is there already, and is not overwritten");
        assert!(ended.code == Some(0) || taken, "{said}");
    }
    assert!(ends.iter().any(|ended| ended.code == Some(0)));
    assert!(names(&backups).len() <= 2);
    for name in names(&backups) {
        let backup = backups.join(name);
        assert_eq!(names(&backup), ["countersign.db", "heads.log", "manifest.json"]);
        for file in names(&backup) {
            let mode = fs::metadata(backup.join(&file)).expect("a file").permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{file}");
        }
        for key in ["ledger", "trace"] {
            let key = fs::read(house.data().join("keys").join(key)).expect("a key");
            for file in names(&backup) {
                assert!(!has(&fs::read(backup.join(&file)).expect("bytes"), &key), "{file}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_backup_is_stopped_and_publishes_nothing_again() {
    let moved = last_nights_backup_publishes_nothing_again(House::new()).await;

    assert!(moved.contains("countersign.db.before-"), "{moved}");
}

/// A post goes out after the backup; then that is put back over it. What the restore said.
pub(super) async fn last_nights_backup_publishes_nothing_again(house: House) -> String {
    let house = Arc::new(house);
    let workspace = Workspace::open_in(&house);
    let card = submits(&workspace, "Flu shots this Saturday.").await;
    let backups = house.data().join("../backups");
    let made = house.runs(&["backup", backups.to_str().expect("a path")]);
    assert_eq!(made.code, Some(0), "{}", made.stderr());
    workspace.signs("dr-rao", &card).await;
    workspace.get("/local/api/settled").await;
    assert_eq!(workspace.published().await.len(), 1);
    // What concerns all is entered in a chain of its own.
    for act in ["stop", "release"] {
        assert_eq!(house.runs(&[act, "--all"]).code, Some(0), "{act}");
    }
    let backup = only_folder_in(&backups);
    let backup = backup.to_str().expect("a path");
    let in_use = house.runs(&["restore", backup, "--replace"]);
    workspace.stops().await;

    let refused = house.runs(&["restore", backup]);
    let restored = house.runs(&["restore", backup, "--replace"]);
    let again = Workspace::open_in(&house);
    again.get("/local/api/settled").await;
    let told = again.newest("approvals", "dr-rao", "restored").await;
    let release = json!({ "as": "dr-kim", "channel": "approvals", "text": "/post release" });
    again.does("POST", "messages", &release).await;
    again.get("/local/api/settled").await;

    assert!(in_use.stderr().contains("another program has it open"), "{}", in_use.stderr());
    assert!(refused.stderr().contains("--replace moves it aside"), "{}", refused.stderr());
    assert_eq!(restored.code, Some(0), "{}", restored.stderr());
    assert!(told["text"].as_str().expect("words").contains("everything is stopped"), "{told}");
    assert_eq!(again.published().await.len(), 1);
    let heads = house.data().join("heads.log");
    let verified = house.runs(&["verify", "--heads", heads.to_str().expect("a path")]);
    let said = verified.stdout();
    assert_eq!(verified.code, Some(0), "{said}");
    assert!(said.contains("of the former run are not here"), "{said}");
    again.stops().await;
    restored.stdout()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_was_changed_is_not_restored() {
    let house = Arc::new(House::new());
    Workspace::open_in(&house).stops().await;
    let backups = house.data().join("../backups");
    house.runs(&["backup", backups.to_str().expect("a path")]);
    let backup = only_folder_in(&backups);
    let whole = fs::read(backup.join("countersign.db")).expect("bytes");
    let mut torn = whole.clone();
    torn.truncate(whole.len() - 4096);
    let before = house.files();

    for (name, bytes) in [("countersign.db", torn.as_slice()), ("heads.log", b"x\n")] {
        let old = fs::read(backup.join(name)).expect("bytes");
        fs::write(backup.join(name), bytes).expect("written");
        let refused = house.runs(&["restore", backup.to_str().expect("a path"), "--replace"]);
        assert_eq!(refused.code, Some(1));
        assert!(refused.stderr().contains("is not the file that the manifest names"));
        fs::write(backup.join(name), old).expect("written");
    }

    let is_data = |(name, _): &(String, Vec<u8>)| name != "stderr";
    let now = house.files();
    assert!(now.into_iter().filter(is_data).eq(before.into_iter().filter(is_data)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_goes_on_in_another_folder_with_its_keys() {
    a_backup_goes_on_elsewhere(House::new(), House::new()).await;
}

/// Posts are backed up in one place, and go on in the other.
pub(super) async fn a_backup_goes_on_elsewhere(from: House, to: House) {
    let (house, other) = (Arc::new(from), Arc::new(to));
    let workspace = Workspace::open_in(&house);
    publishes(&workspace, "Flu shots this Saturday.").await;
    workspace.stops().await;
    let backups = house.data().join("../backups");
    let made = house.runs(&["backup", backups.to_str().expect("a path")]);
    assert_eq!(made.code, Some(0), "{}", made.stderr());
    let backup = only_folder_in(&backups);
    assert_eq!(names(&backup), ["countersign.db", "heads.log", "manifest.json"]);

    let restored = other.runs(&["restore", backup.to_str().expect("a path")]);
    let without = other.fails();
    takes_the_keys(&house, &other);
    let moved = Workspace::open_in(&other);
    moved.get("/local/api/settled").await;
    let release = json!({ "as": "dr-kim", "channel": "approvals", "text": "/post release" });
    moved.does("POST", "messages", &release).await;
    publishes(&moved, "Closed on Thanksgiving.").await;
    moved.stops().await;

    assert!(restored.stdout().contains("put the keys in place"), "{}", restored.stdout());
    assert!(without.stderr().contains("the key ledger is missing"), "{}", without.stderr());
    let verified = other.runs(&["verify"]);
    assert_eq!(verified.code, Some(0), "{}", verified.stdout());
    for number in ["1", "2"] {
        assert_eq!(other.runs(&["certificate", number]).code, Some(0), "{number}");
    }
}

pub(super) fn takes_the_keys(from: &House, to: &House) {
    fs::create_dir_all(to.data().join("keys")).expect("a folder");
    for key in ["ledger", "trace"] {
        let at = |house: &House| house.data().join("keys").join(key);
        fs::copy(at(from), at(to)).expect("a key");
    }
}

/// A backup of an earlier version has fewer columns than a server's tables need.
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_an_earlier_version_is_put_back_too() {
    let Some(server) = TestDatabase::on_server().await else { return };
    for other in [House::new(), House::new().with("COUNTERSIGN_DATABASE_URL", &server.url())] {
        let house = Arc::new(House::new());
        let workspace = Workspace::open_in(&house);
        publishes(&workspace, "Flu shots this Saturday.").await;
        workspace.stops().await;
        let backups = house.data().join("../backups");
        house.runs(&["backup", backups.to_str().expect("a path")]);
        let backup = only_folder_in(&backups);
        let earlier = "ALTER TABLE posts DROP COLUMN earlier_authors;
            DELETE FROM _sqlx_migrations WHERE version = 10";
        runs(&backup.join("countersign.db"), earlier).await;
        renew(&backup, "countersign.db");
        takes_the_keys(&house, &other);
        let other = Arc::new(other);

        let restored = other.runs(&["restore", backup.to_str().expect("a path")]);
        Workspace::open_in(&other).stops().await;

        assert_eq!(restored.code, Some(0), "{}", restored.stderr());
        assert_eq!(other.runs(&["verify"]).code, Some(0));
        assert!(!other.data().join("restore.draft").exists());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_retention_took_is_nowhere_and_the_ledger_tells_of_it() {
    let house = Arc::new(House::new());
    let workspace = Workspace::open_in(&house);
    publishes(&workspace, "Zebrafish vaccines arrive.").await;
    submits(&workspace, "Xylophone lessons for all.").await;
    workspace.stops().await;
    let held = house.runs(&["retain", "--hold", "northside"]);
    let on_hold = house.runs(&["retain"]);
    house.runs(&["retain", "--release-hold", "northside"]);
    let young = house.runs(&["retain", "--purge"]);
    assert!(young.stdout().contains("northside: nothing to purge"), "{}", young.stdout());

    let preview = house.runs(&["retain", "--before", "2999-01-01"]);
    let purged = house.runs(&["retain", "--before", "2999-01-01", "--purge"]);

    assert!(held.stdout().contains("northside is now under legal hold"), "{}", held.stdout());
    assert!(on_hold.stdout().contains("it is under legal hold"), "{}", on_hold.stdout());
    assert!(preview.stdout().contains("northside: would go: 1 post, "), "{}", preview.stdout());
    assert_eq!(purged.code, Some(0), "{}", purged.stderr());
    let ours = |name: &str| name.starts_with("countersign.db");
    let mut found = [false, false];
    for (name, bytes) in house.files().iter().filter(|(name, _)| ours(name)) {
        assert!(!has(bytes, b"Zebrafish"), "{name}");
        found[0] |= has(bytes, b"Xylophone");
        found[1] |= has(bytes, b"northside");
    }
    assert_eq!(found, [true, true]);
    let verified = house.runs(&["verify"]);
    assert_eq!(verified.code, Some(0), "{}", verified.stdout());
    assert!(verified.stdout().contains("purged by retention, last on"), "{}", verified.stdout());
    assert_eq!(house.runs(&["certificate", "1"]).code, Some(0));

    runs(&house.data().join("countersign.db"), "UPDATE revisions SET content = NULL").await;
    let broken = house.runs(&["verify"]);
    assert_eq!(broken.code, Some(1));
    assert!(broken.stdout().contains("the content is missing"), "{}", broken.stdout());
    Workspace::open_in(&house).stops().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn verify_writes_nothing() {
    let house = Arc::new(House::new());
    Workspace::open_in(&house).stops().await;
    let database = house.data().join("countersign.db");
    fs::set_permissions(&database, fs::Permissions::from_mode(0o400)).expect("a mode");
    let before = fs::read(&database).expect("bytes");

    let verified = house.runs(&["verify"]);

    assert_eq!(verified.code, Some(0), "{}", verified.stderr());
    assert!(fs::read(&database).expect("bytes") == before);
    runs(&database, "PRAGMA user_version = 0").await;
}
