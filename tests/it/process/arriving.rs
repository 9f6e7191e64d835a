//! What of an export is believed when it is imported, and what is said of the rest.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign::domain::canonical::hex;
use countersign::domain::slot::Slot;
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::Connection;

use super::keeping::submits;
use super::{connects, renew};
use crate::workspace::{Ended, House, Workspace};

/// Stops a workspace, and exports all of it.
pub(super) async fn exports(house: &House, workspace: Workspace) -> PathBuf {
    workspace.stops().await;
    let folder = house.data().join("../export");
    let done = house.runs(&["export", folder.to_str().expect("a path")]);
    assert_eq!(done.code, Some(0), "{}", done.stderr());
    folder
}

pub(super) fn imports(house: &House, folder: &Path, more: &[&str]) -> Ended {
    let folder = folder.to_str().expect("a path");
    house.runs(&[&["import", folder], more].concat())
}

/// The lines of a practice's file in an export.
fn lines(folder: &Path, name: &str) -> Vec<String> {
    let text = fs::read_to_string(folder.join("northside").join(name)).expect(name);
    text.lines().map(str::to_owned).collect()
}

/// Writes them anew, as whoever can change a file can change the list of files too.
fn forges(folder: &Path, name: &str, lines: &[String]) {
    let text: String = lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
    fs::write(folder.join("northside").join(name), text).expect("written");
    renew(folder, &format!("northside/{name}"));
}

/// One text of the database of an installation.
pub(super) async fn asks(house: &House, sql: &'static str) -> String {
    let mut on = connects(&house.data().join("countersign.db")).await;
    let text = sqlx::query_scalar(sql).fetch_one(&mut on).await.expect("a row");
    on.close().await.expect("closed");
    text
}

/// Applies the practice's file, changed by this.
fn applies(house: &House, change: impl FnOnce(String) -> String) {
    let shown = house.runs(&["practice", "show", "northside"]).stdout();
    let file = house.data().join("practice.toml");
    fs::write(&file, change(shown)).expect("written");
    let applied = house.runs(&["practice", "apply", file.to_str().expect("a path"), "--yes"]);
    assert_eq!(applied.code, Some(0), "{}", applied.stderr());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_whose_end_was_cut_off_is_found_out_by_a_head() {
    let house = Arc::new(House::new());
    let workspace = Workspace::open_in(&house);
    submits(&workspace, "Flu shots this Saturday.").await;
    let folder = exports(&house, workspace).await;
    let entries = lines(&folder, "entries.jsonl");
    let last: Value = serde_json::from_str(entries.last().expect("an entry")).expect("JSON");
    let hash = &last["sealed"]["hash"].as_str().expect("a hash")[..8];
    let head = format!("{}:{hash}", entries.len());
    let whole = imports(&House::new(), &folder, &["--head", &head]);
    let other =
        imports(&House::new(), &folder, &["--head", &format!("{}:00000000", entries.len())]);

    // The submission is gone, and so is what it fixed: the rest agrees with itself.
    forges(&folder, "entries.jsonl", &entries[..entries.len() - 1]);
    forges(&folder, "contents.jsonl", &[]);
    let cut = imports(&House::new(), &folder, &["--head", &head]);
    let unseen = imports(&House::new(), &folder, &[]);
    let elsewhere = imports(&House::new(), &folder, &["--head", "harbor:1:00000000"]);

    let seen = format!("complete up to #{} {hash}, as was seen outside", entries.len());
    assert!(whole.stdout().contains(&seen), "{}{}", whole.stdout(), whole.stderr());
    assert!(other.stderr().contains("is not the one that was seen outside"), "{}", other.stderr());
    assert_eq!(cut.code, Some(1));
    assert!(cut.stderr().contains("its end was cut off"), "{}", cut.stderr());
    let told = format!("complete up to #{}", entries.len() - 1);
    assert!(unseen.stdout().contains(&told), "{}", unseen.stdout());
    assert!(unseen.stdout().contains("as far as the export tells"), "{}", unseen.stdout());
    assert!(elsewhere.stderr().contains("another practice's"), "{}", elsewhere.stderr());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_content_and_picture_that_was_signed_has_to_be_there() {
    let house = Arc::new(House::new());
    let workspace = Workspace::open_in(&house);
    shows(&workspace).await;
    let folder = exports(&house, workspace).await;
    let content: Value = serde_json::from_str(&lines(&folder, "contents.jsonl")[0]).expect("JSON");
    let sha256 = content["accounts"][0]["media"][0]["sha256"].as_str().expect("a hash").to_owned();
    let path = format!("northside/media/{sha256}.png");
    let signed = fs::read(folder.join(&path)).expect("a picture");
    let manifest = fs::read_to_string(folder.join("manifest.json")).expect("a manifest");

    let whole = House::new();
    assert_eq!(imports(&whole, &folder, &[]).code, Some(3));
    let kept = whole.runs(&["verify"]);
    assert!(kept.code == Some(0), "{}", kept.stdout());
    let kept = asks_bytes(&whole, &sha256).await;
    assert!(kept == Some(signed.clone()), "what was signed stays as it is, byte for byte");

    let contents = lines(&folder, "contents.jsonl");
    forges(&folder, "contents.jsonl", &[]);
    let without = imports(&House::new(), &folder, &[]);
    assert!(without.stderr().contains("and no purge tells of it"), "{}", without.stderr());
    forges(&folder, "contents.jsonl", &contents);

    // Another file under the signed one's name is not what was signed.
    fs::write(folder.join(&path), [signed.as_slice(), b"<script>"].concat()).expect("written");
    renew(&folder, &path);
    let forged = imports(&House::new(), &folder, &[]);
    let why = format!("the picture {sha256} is not in it");
    assert!(forged.stderr().contains(&why), "{}", forged.stderr());
    fs::write(folder.join(&path), &signed).expect("written");
    fs::write(folder.join("manifest.json"), manifest).expect("written");
    assert_eq!(imports(&House::new(), &folder, &[]).code, Some(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drafts_picture_risk_and_time_are_not_believed() {
    let house = Arc::new(House::new());
    let workspace = Workspace::open_in(&house);
    shows(&workspace).await;
    let folder = exports(&house, workspace).await;
    // A photo with a place in it, a lower risk, and a window of the file's own.
    let photo = jpeg_with_a_comment(b"GPS 30.2672N 97.7431W");
    let sha256 = hex::encode(&Sha256::digest(&photo));
    let path = format!("northside/media/{sha256}.jpg");
    fs::write(folder.join(&path), &photo).expect("written");
    let text = fs::read_to_string(folder.join("manifest.json")).expect("a manifest");
    let mut manifest: Value = serde_json::from_str(&text).expect("JSON");
    let written = countersign::cli::manifest::written(&folder, &path).expect("a file");
    let line = serde_json::to_value(written).expect("JSON");
    manifest["files"].as_array_mut().expect("files").push(line);
    fs::write(folder.join("manifest.json"), manifest.to_string()).expect("written");
    let mut draft: Value = serde_json::from_str(&lines(&folder, "drafts.jsonl")[0]).expect("JSON");
    draft["draft"]["risk"] = json!("low");
    let closes = Timestamp::from_second(4_000_000_000).expect("a time");
    draft["draft"]["closes"] = serde_json::to_value(Slot::At(closes)).expect("JSON");
    draft["draft"]["pictures"][0]["sha256"] = json!(sha256);
    draft["draft"]["pictures"][0]["type"] = json!("image/jpeg");
    forges(&folder, "drafts.jsonl", &[draft.to_string()]);
    let other = House::new();

    let imported = imports(&other, &folder, &[]);

    assert_eq!(imported.code, Some(3), "{}", imported.stderr());
    let planned = "When post 1 was to go has passed, or is not what its ledger says: plan it again";
    assert!(imported.stdout().contains(planned), "{}", imported.stdout());
    let text = asks(&other, "SELECT draft FROM posts WHERE number = 1").await;
    let kept: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(kept["risk"], "normal");
    assert!(kept.get("closes").is_none_or(Value::is_null), "{kept}");
    // Nobody said of it that it may be shown.
    assert_eq!(kept["pictures"], json!([]));
    let left_out = "A picture of post 1 is left out: its ledger has nobody's word";
    assert!(imported.stdout().contains(left_out), "{}", imported.stdout());
    assert_eq!(asks_bytes(&other, &sha256).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_wrote_stays_theirs_also_when_they_left() {
    let house = Arc::new(House::new());
    let workspace = Workspace::open_in(&house);
    for (begins, sends) in [("tomas", "tomas"), ("dr-rao", "dr-diaz")] {
        let text = format!("/post new Flu shots, says {begins}.");
        let said = json!({ "as": begins, "channel": "ideas", "text": text });
        workspace.does("POST", "messages", &said).await;
        let draft = workspace.newest("ideas", begins, "draft").await;
        workspace.presses(sends, &draft, "Send for signature", json!({})).await;
    }
    workspace.stops().await;
    applies(&house, |file| {
        let parts: Vec<&str> = file.split("[[member]]").collect();
        let stay = parts.into_iter().filter(|part| !part.contains("id = \"tomas\""));
        stay.collect::<Vec<_>>().join("[[member]]")
    });
    let folder = house.data().join("../export");
    house.runs(&["export", folder.to_str().expect("a path")]);
    let other = Arc::new(House::new());

    let imported = imports(&other, &folder, &[]);

    assert_eq!(imported.code, Some(3), "{}", imported.stderr());
    let said = imported.stdout();
    assert!(
        said.contains("Post 1 was written by Tomas, who is not in the practice any more"),
        "{said}"
    );
    assert!(!said.contains("Post 2 was written by"), "{said}");
    let writers =
        "SELECT group_concat(number || ' ' || author || ' ' || drafter || ' ' || earlier_authors, '; ')
        FROM posts";
    let is = asks(&other, writers).await;
    assert_eq!(is, "1 tomas tomas []; 2 dr-rao dr-rao [\"dr-diaz\"]");
    let gone = asks(&other, "SELECT role || ' ' || gone FROM members WHERE id = 'tomas'").await;
    assert_eq!(gone, "staff 1");
    let verified = other.runs(&["verify"]);
    assert_eq!(verified.code, Some(0), "{}", verified.stdout());
    // Neither of those who wrote the second one signs it; somebody else does.
    let moved = Workspace::open_in(&other);
    moved.get("/local/api/settled").await;
    // Both drafts are shown at the same time, in either order.
    let drafts = moved.messages("ideas", "maya").await;
    let of_rao = |message: &&serde_json::Value| {
        message["view"] == "draft"
            && message["text"].as_str().is_some_and(|text| text.contains("says dr-rao"))
    };
    let draft = drafts.iter().rfind(of_rao).expect("a draft").clone();
    moved.presses("maya", &draft, "Send for signature", json!({})).await;
    let card = moved.newest("approvals", "dr-rao", "card").await;
    for who in ["dr-rao", "dr-diaz"] {
        moved.signs(who, &card).await;
        let refused = moved.newest("approvals", who, "refused").await;
        let why = refused["text"].as_str().expect("words");
        assert!(why.contains("somebody else has to sign it"), "{why}");
    }
    moved.stops().await;
    assert_eq!(asks(&other, "SELECT state FROM posts WHERE number = 2").await, "in-review");
    assert_eq!(other.runs(&["verify"]).code, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_imported_draft_leaves_out_accounts_where_the_post_is_or_may_be_live() {
    let house = House::new().with("COUNTERSIGN_LOCAL_NETWORK_CERTAINTY", "neither");
    let house = Arc::new(house);
    Workspace::open_in(&house).stops().await;
    applies(&house, |file| {
        let page = file.split("[[account]]").nth(1).expect("an account");
        let page = page.split("[[").next().expect("its lines");
        let second = page.replace("practice-page", "second-page").replace("Practice p", "Second p");
        format!("{file}\n[[account]]{second}")
    });
    let workspace = Workspace::open_in(&house);
    // The first goes out on one page and is refused on the other, and then it is edited.
    goes_out(&workspace, json!({ "refuse_every": 2 }), "Flu shots this Saturday.").await;
    let card = workspace.newest("approvals", "maya", "card").await;
    let text = json!({ "text": "Flu shots this Sunday." });
    workspace.presses("maya", &card, "Edit", text).await;
    // Of the second nobody knows whether it is live anywhere.
    goes_out(&workspace, json!({ "error_after_every": 1 }), "Closed on Thanksgiving.").await;
    let folder = exports(&house, workspace).await;
    let other = House::new();

    let imported = imports(&other, &folder, &[]);

    assert_eq!(imported.code, Some(3), "{}", imported.stderr());
    let said = imported.stdout();
    for line in [
        "2 posts had not left; they are drafts now",
        "Post 2 was leaving and may be live on Practice page: that account is left out",
        "Post 2 was leaving and may be live on Second page: that account is left out",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    let live = "Post 1 is live on ";
    assert_eq!(said.matches(live).count(), 1, "{said}");
    let name = said.split(live).nth(1).and_then(|rest| rest.split(':').next()).expect("a name");
    let left = if name == "Practice page" { "[\"second-page\"]" } else { "[\"practice-page\"]" };
    let accounts = "SELECT group_concat(json_extract(draft, '$.accounts'), ' ') FROM
        (SELECT draft FROM posts ORDER BY number)";
    assert_eq!(asks(&other, accounts).await, format!("{left} []"));
    assert_eq!(other.runs(&["verify"]).code, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn retention_reaches_into_the_chain_before_the_import() {
    let house = Arc::new(House::new());
    let workspace = Workspace::open_in(&house);
    let card = submits(&workspace, "Zebrafish vaccines arrive.").await;
    workspace.signs("dr-rao", &card).await;
    workspace.published().await;
    submits(&workspace, "Xylophone lessons for all.").await;
    workspace.stops().await;
    house.runs(&["retain", "--hold", "northside"]);
    let folder = house.data().join("../export");
    house.runs(&["export", folder.to_str().expect("a path")]);
    let other = Arc::new(House::new());
    let imported = imports(&other, &folder, &[]);
    let on_hold = other.runs(&["retain", "--before", "2999-01-01", "--purge"]);
    other.runs(&["retain", "--release-hold", "northside"]);

    let preview = other.runs(&["retain", "--before", "2999-01-01"]);
    let purged = other.runs(&["retain", "--before", "2999-01-01", "--purge"]);
    let again = other.runs(&["retain", "--before", "2999-01-01"]);

    assert!(imported.stdout().contains("It was under legal hold there"), "{}", imported.stdout());
    assert!(on_hold.stdout().contains("it is under legal hold"), "{}", on_hold.stdout());
    assert!(preview.stdout().contains("would go: 1 post, "), "{}", preview.stdout());
    assert!(preview.stdout().contains("; posts 1\n"), "{}", preview.stdout());
    assert_eq!(purged.code, Some(0), "{}", purged.stderr());
    assert!(again.stdout().contains("nothing would go"), "{}", again.stdout());
    let mut found = [false, false];
    for (name, bytes) in other.files() {
        if name.starts_with("countersign.db") {
            assert!(!super::keys::has(&bytes, b"Zebrafish"), "{name}");
            found[0] |= super::keys::has(&bytes, b"Xylophone");
            found[1] |= super::keys::has(&bytes, b"northside");
        }
    }
    assert_eq!(found, [true, true]);
    let verified = other.runs(&["verify"]);
    assert_eq!(verified.code, Some(0), "{}", verified.stdout());
    assert!(verified.stdout().contains("purged by retention, last on"), "{}", verified.stdout());
    assert_eq!(other.runs(&["certificate", "1"]).code, Some(0));

    // What went without an entry that tells of it was deleted by somebody else.
    let database = other.data().join("countersign.db");
    super::runs(&database, "DELETE FROM former_contents").await;
    let broken = other.runs(&["verify"]);
    assert_eq!(broken.code, Some(1));
    let said = broken.stdout();
    assert!(said.contains("of post 2 is missing, and no purge tells of it"), "{said}");
}

/// Sends an idea with a photo for signature; its card.
pub(super) async fn shows(workspace: &Workspace) -> Value {
    let photo = workspace.uploads_photo().await;
    let files = json!([{ "id": photo, "alt": "The waiting room" }]);
    let text = "Flu shots this Saturday.";
    let said = json!({ "as": "maya", "channel": "ideas", "text": text, "files": files });
    workspace.does("POST", "messages", &said).await;
    workspace.vouches("maya").await;
    let idea = workspace.newest("ideas", "maya", "idea").await;
    workspace.presses("maya", &idea, "Make a post", json!({})).await;
    let draft = workspace.newest("ideas", "maya", "draft").await;
    workspace.presses("maya", &draft, "Send for signature", json!({})).await;
    workspace.newest("approvals", "dr-rao", "card").await
}

/// Signs a post while the network does as badly as it is told.
async fn goes_out(workspace: &Workspace, network: Value, text: &str) {
    let card = submits(workspace, text).await;
    let told = json!({ "network": network });
    let answer = workspace.ask("PUT", "/local/api/faults").json(&told).await;
    assert!((200..300).contains(&answer.status), "{answer:?}");
    workspace.signs("dr-rao", &card).await;
    workspace.get("/local/api/settled").await;
}

pub(super) async fn asks_bytes(house: &House, sha256: &str) -> Option<Vec<u8>> {
    let mut on = connects(&house.data().join("countersign.db")).await;
    let bytes = sqlx::query_scalar("SELECT bytes FROM media WHERE sha256 = $1");
    let bytes = bytes.bind(sha256).fetch_optional(&mut on).await.expect("readable");
    on.close().await.expect("closed");
    bytes
}

fn jpeg_with_a_comment(comment: &[u8]) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let photo = image::RgbImage::from_pixel(24, 16, image::Rgb([20, 120, 90]));
    photo.write_to(&mut bytes, image::ImageFormat::Jpeg).expect("a picture");
    let jpeg = bytes.into_inner();
    let length = u16::try_from(comment.len() + 2).expect("short").to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xFE], &length, comment, &jpeg[2..]].concat()
}
