//! A practice that moves to another installation: its proofs go along, its sign-offs do not.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};

use super::{renew, runs};
use crate::workspace::{House, Workspace};

/// An installation with a post that is live and one that waits for its sign-off, exported.
async fn exported() -> (Arc<House>, PathBuf) {
    let house = Arc::new(House::new());
    let workspace = Workspace::open_in(&house);
    for text in ["Flu shots this Saturday.", "Closed on Thanksgiving."] {
        let said = json!({ "as": "maya", "channel": "ideas", "text": format!("/post new {text}") });
        workspace.does("POST", "messages", &said).await;
        let draft = workspace.newest("ideas", "maya", "draft").await;
        workspace.presses("maya", &draft, "Send for signature", json!({})).await;
        let card = workspace.newest("approvals", "dr-rao", "card").await;
        if text.starts_with("Flu") {
            workspace.signs("dr-rao", &card).await;
            workspace.published().await;
        }
    }
    workspace.stops().await;
    let folder = house.data().join("../export");
    let done = house.runs(&["export", folder.to_str().expect("a path")]);
    assert_eq!(done.code, Some(0), "{}", done.stderr());
    (house, folder)
}

fn key_of(folder: &Path) -> String {
    let text = fs::read_to_string(folder.join("manifest.json")).expect("a manifest");
    let manifest: Value = serde_json::from_str(&text).expect("JSON");
    manifest["key"].as_str().expect("a key").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_imported_practice_keeps_its_proofs_and_signs_anew() {
    let (_house, folder) = exported().await;
    let (export, key) = (folder.to_str().expect("a path"), key_of(&folder));
    let other = Arc::new(House::new());

    let imported = other.runs(&["import", export, "--key", &key]);
    let twice = other.runs(&["import", export, "--key", &key]);
    let verified = other.runs(&["verify"]);
    let certificate = other.runs(&["certificate", "1"]);
    let moved = Workspace::open_in(&other);
    moved.get("/local/api/settled").await;
    let draft = moved.newest("ideas", "maya", "draft").await;
    moved.get("/local/api/settled").await;

    assert_eq!(imported.code, Some(0), "{}", imported.stderr());
    assert!(imported.stdout().contains("1 post had not left; it is a draft now"));
    assert!(twice.stderr().contains("there is a practice northside here already"));
    assert_eq!(verified.code, Some(0), "{}", verified.stdout());
    assert_eq!(certificate.code, Some(0), "{}", certificate.stderr());
    let file = other.data().join("one.json");
    fs::write(&file, certificate.stdout()).expect("written");
    let proof = ["verify", "--certificate", file.to_str().expect("a path"), "--key", &key];
    let proof = other.runs(&proof);
    assert_eq!(proof.code, Some(0), "{}", proof.stdout());
    assert!(proof.stdout().contains("signed by Dr. Rao"), "{}", proof.stdout());
    // What had not left is signed anew, and new posts go on after the old numbers.
    assert!(draft["text"].as_str().expect("words").contains("Closed on Thanksgiving."), "{draft}");
    moved.presses("maya", &draft, "Send for signature", json!({})).await;
    let card = moved.newest("approvals", "dr-rao", "card").await;
    moved.signs("dr-rao", &card).await;
    assert_eq!(moved.published().await.len(), 1);
    let new = json!({ "as": "maya", "channel": "ideas", "text": "/post new Now also on Sunday." });
    moved.does("POST", "messages", &new).await;
    moved.newest("ideas", "maya", "draft").await;
    moved.get("/local/api/settled").await;
    moved.stops().await;
    for number in ["1", "2", "3"] {
        assert_eq!(other.runs(&["certificate", number]).code, Some(0), "{number}");
    }
    assert_eq!(other.runs(&["verify"]).code, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_former_chain_that_is_changed_later_is_found() {
    let (_house, folder) = exported().await;
    let other = Arc::new(House::new());
    let imported = other.runs(&["import", folder.to_str().expect("a path")]);
    assert_eq!(imported.code, Some(3), "{}", imported.stderr());

    let change = "UPDATE former_entries SET kept = replace(kept, 'dr-rao', 'dr-kim')";
    runs(&other.data().join("countersign.db"), change).await;

    let verified = other.runs(&["verify"]);
    assert_eq!(verified.code, Some(1));
    let said = verified.stdout();
    assert!(said.contains("the chain before the import: entry #"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_in_an_export_is_refused() {
    let (_house, folder) = exported().await;
    let manifest = fs::read_to_string(folder.join("manifest.json")).expect("a manifest");
    for (name, from, to, why) in [
        ("entries.jsonl", "dr-rao", "dr-kim", "was changed after it was written"),
        ("entries.jsonl", "Dr. Rao", "Dr. Kim", "the body of entry #"),
        ("contents.jsonl", "Saturday", "Sunday", "is not what its ledger fixed"),
        ("practice.json", "Dr. Rao", "Dr. No", "members is not what its ledger says"),
        ("practice.json", "\"approver\"", "\"staff\"", "members is not what its ledger says"),
    ] {
        let file = folder.join("northside").join(name);
        let old = fs::read_to_string(&file).expect(name);
        fs::write(&file, old.replacen(from, to, 1)).expect("written");
        let plain = House::new().runs(&["import", folder.to_str().expect("a path")]);
        // Whoever changes a file can change the list of files too.
        renew(&folder, &format!("northside/{name}"));
        let house = House::new();
        let listed = house.runs(&["import", folder.to_str().expect("a path")]);

        assert!(plain.stderr().contains("is not the file that the manifest names"), "{name}");
        assert_eq!(listed.code, Some(1), "{name}");
        assert!(listed.stderr().contains(why), "{name}: {}", listed.stderr());
        assert!(!house.data().join("countersign.db").exists());
        fs::write(&file, old).expect("written");
        fs::write(folder.join("manifest.json"), &manifest).expect("written");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sample_does_not_come_into_a_real_installation() {
    let (house, folder) = exported().await;
    let other = House::new().with("COUNTERSIGN_LOCAL_ENABLED", "false");
    fs::create_dir_all(other.data().join("keys")).expect("a folder");
    for key in ["ledger", "trace"] {
        let at = |house: &House| house.data().join("keys").join(key);
        fs::copy(at(&house), at(&other)).expect("a key");
    }

    let refused = other.runs(&["import", folder.to_str().expect("a path")]);

    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr().contains("is a sample practice"), "{}", refused.stderr());
}
