//! `export` writes everything, each file with its hash, and never over something.

use std::fs;
use std::path::Path;

use countersign::cli::found::Found;
use countersign::cli::{export, verify};
use countersign::domain::canonical::hex;
use countersign::domain::certificate::Kept;
use countersign::domain::ledger::Walk;
use countersign::ports::store::Store;
use sha2::{Digest, Sha256};

use super::{Copy, at_work, public_key};

async fn exported(store: &dyn Store, to: &Path) -> anyhow::Result<(Found, String)> {
    let mut out = Vec::new();
    let found = export::run(store, &public_key(), to, &mut out).await?;
    Ok((found, String::from_utf8(out)?))
}

#[tokio::test]
async fn everything_is_in_it_and_checks_by_itself() {
    let practice = at_work().await;
    let to = practice.folder.path().join("out");

    let (found, said) = exported(practice.office.store.as_ref(), &to).await.expect("exported");

    assert_eq!(found, Found::Intact);
    assert!(said.starts_with("7 files and manifest.json in "), "{said}");
    let read = |name: &str| fs::read_to_string(to.join(name)).expect(name);
    let mut walk = Walk::new(practice.id());
    for line in read("northside/entries.jsonl").lines() {
        let kept: Kept = serde_json::from_str(line).expect("an entry");
        walk.step(&kept.sealed, &public_key()).expect("whole");
        assert_eq!(kept.body.expect("a body").hash(), kept.sealed.entry.body_hash);
    }
    assert_eq!(walk.head(), practice.office.store.head(&practice.id()).await.expect("a head"));
    assert_eq!(read("northside/contents.jsonl").lines().count(), 2);
    let mut out = Vec::new();
    let certificate = read("northside/certificates/1.json");
    let proof = verify::certificate(&certificate, Some(&public_key()), &mut out);
    assert_eq!(proof.expect("looks"), Found::Intact);
}

#[tokio::test]
async fn the_manifest_names_every_file_with_its_hash() {
    let practice = at_work().await;
    let to = practice.folder.path().join("out");
    exported(practice.office.store.as_ref(), &to).await.expect("exported");

    let text = fs::read_to_string(to.join("manifest.json")).expect("a manifest");
    let manifest: serde_json::Value = serde_json::from_str(&text).expect("JSON");

    let files = manifest["files"].as_array().expect("files");
    let mut names = Vec::new();
    for file in files {
        let name = file["path"].as_str().expect("a path");
        let bytes = fs::read(to.join(name)).expect(name);
        assert_eq!(file["sha256"], hex::encode(&Sha256::digest(&bytes)), "{name}");
        assert_eq!(file["bytes"], bytes.len(), "{name}");
        names.push(name.split('/').nth(1).expect("a name"));
    }
    let all = [
        "entries.jsonl",
        "media",
        "contents.jsonl",
        "practice.json",
        "drafts.jsonl",
        "certificates",
        "entries.jsonl",
    ];
    assert_eq!(names, all);
    let keys = fs::read_dir(to.join("northside")).expect("a folder").count();
    assert_eq!(keys, 6);
}

#[tokio::test]
async fn nothing_is_written_over() {
    let practice = at_work().await;
    let to = practice.folder.path().join("out");
    fs::create_dir(&to).expect("a folder");
    fs::write(to.join("mine.txt"), "mine").expect("a file");

    let refused = exported(practice.office.store.as_ref(), &to).await;

    let why = refused.expect_err("not empty").to_string();
    assert!(why.ends_with("is not empty: name a new folder, so that nothing is mixed"), "{why}");
    assert_eq!(fs::read_dir(&to).expect("a folder").count(), 1);
}

#[tokio::test]
async fn a_post_without_a_proof_is_said() {
    let copy = Copy::of(&at_work().await).await;
    copy.tamper("UPDATE revisions SET content = replace(content, 'Saturday', 'Sunday')").await;

    let (found, said) = exported(&copy.store, &copy.folder.path().join("out")).await.expect("done");

    assert_eq!(found, Found::Broken);
    assert!(said.starts_with("northside: post 1 has no proof: "), "{said}");
}
