//! Keys and the folder that they lie in: for their owner alone, never lost unseen, never printed.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use countersign::cli::keys::{self, Missing};
use countersign::domain::canonical::hex;
use serde_json::json;

use crate::workspace::{House, Workspace};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("it is there").permissions().mode() & 0o777
}

fn modes(folder: &Path, open: &mut Vec<String>) -> usize {
    let mut files = 0;
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("a file").path();
        let wanted = if path.is_dir() { 0o700 } else { 0o600 };
        files += if path.is_dir() { modes(&path, open) } else { 1 };
        if mode(&path) != wanted {
            open.push(format!("{} is {:o}", path.display(), mode(&path)));
        }
    }
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_for_its_owner_alone() {
    let house = Arc::new(House::new());
    let workspace = Workspace::open_in(&house);
    let said = json!({ "as": "tomas", "channel": "ideas", "text": "Flu shots this Saturday." });
    workspace.does("POST", "messages", &said).await;

    let mut open = Vec::new();
    let files = modes(&house.data(), &mut open);

    assert_eq!(mode(&house.data()), 0o700);
    assert_eq!(open, [""; 0]);
    // The two databases, the heads, the token and two keys at least.
    assert!(files >= 6, "only {files} files");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_keys_a_database_is_not_opened() {
    for key in ["ledger", "trace"] {
        let house = Arc::new(House::new());
        Workspace::open_in(&house).stops().await;
        fs::remove_file(house.data().join("keys").join(key)).expect("it was there");
        let before = files_but_stderr(&house);

        let ended = house.fails();

        let sentence =
            format!("the key {key} is missing and the database is not empty: put it back");
        assert_eq!(ended.code, Some(1));
        assert!(ended.stderr().contains(&sentence), "{}", ended.stderr());
        assert!(files_but_stderr(&house) == before, "something was changed");
    }
}

fn files_but_stderr(house: &House) -> Vec<(String, Vec<u8>)> {
    let mut files = house.files();
    files.retain(|(name, _)| name != "stderr");
    files
}

#[test]
fn keys_of_an_installation_with_settings_are_never_made() {
    let house = House::new().with("COUNTERSIGN_LOCAL_ENABLED", "false");

    let ended = house.fails();

    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr().contains("the key ledger is missing: put 64"), "{}", ended.stderr());
    assert!(!house.data().join("keys").exists() && !house.data().join("countersign.db").exists());
}

#[test]
fn a_key_of_the_wrong_form_is_refused_and_not_repeated() {
    let digits = "0123456789abcdef".repeat(4);
    let wrong =
        ["", "deadbeef", &digits[1..], &digits.to_uppercase(), &format!("{}g", &digits[1..])];
    for wrong in wrong {
        let house = House::new().with("COUNTERSIGN_KEY_TRACE", wrong);
        let by_variable = house.fails();
        fs::create_dir_all(house.data().join("keys")).expect("a folder");
        fs::write(house.data().join("keys/ledger"), wrong).expect("a file");
        let by_file = house.fails();

        for ended in [&by_variable, &by_file] {
            assert_eq!(ended.code, Some(1), "{wrong}");
            assert!(ended.stderr().contains("64 hexadecimal digits"), "{}", ended.stderr());
            assert!(wrong.is_empty() || !ended.stderr().contains(wrong), "{}", ended.stderr());
        }
        assert!(!house.data().join("countersign.db").exists());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_and_token_stand_in_their_own_files_alone() {
    let house = Arc::new(House::new().with("COUNTERSIGN_LOG", "trace"));
    let workspace = Workspace::open_in(&house);
    let said = json!({ "as": "maya", "channel": "ideas", "text": "/post new Flu shots." });
    workspace.does("POST", "messages", &said).await;
    let draft = workspace.newest("ideas", "maya", "draft").await;
    workspace.presses("maya", &draft, "Send for signature", json!({})).await;
    let card = workspace.newest("approvals", "dr-rao", "card").await;
    workspace.signs("dr-rao", &card).await;
    workspace.published().await;
    let token = fs::read_to_string(house.data().join("token")).expect("the token");
    let keys = keys::read(&house.data(), Missing::NeverMade).expect("keys");
    let printed = format!("{keys:?} {:?} {:?}", keys.trace, keys.ledger);

    let ended = workspace.stops().await;

    for key in [keys.ledger.to_bytes(), keys.trace.0] {
        let hex = hex::encode(&key);
        let list = format!("{key:?}");
        let forms = [key.to_vec(), hex.clone().into()];
        assert!(!printed.contains(&hex) && !printed.contains(list.trim_matches(['[', ']'])));
        let own = |name: &str| name == "ledger" || name == "trace";
        for (name, bytes) in ended.files.iter().filter(|(name, _)| !own(name)) {
            assert!(!forms.iter().any(|form| has(bytes, form)), "{name} has a key");
        }
    }
    for (name, bytes) in ended.files.iter().filter(|(name, _)| name != "token") {
        // The start address, for the person who started it.
        let shows = name == "stdout";
        assert_eq!(has(bytes, token.as_bytes()), shows, "{name}");
    }
}

pub(super) fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|it| it == part)
}
