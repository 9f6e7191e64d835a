//! `export`: everything of every practice in plain files, with a list of them and their hashes.
//!
//! JSON Lines of the entries with their bodies and of the contents, the pictures as they left,
//! and a certificate for each post of which something is live. No key is in it.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use ed25519_dalek::VerifyingKey;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::found::Found;
use crate::app::certificate::{Background, certify};
use crate::domain::canonical::hex;
use crate::domain::certificate::Kept;
use crate::domain::content::Content;
use crate::domain::ids::PracticeId;
use crate::domain::ledger::fingerprint;
use crate::domain::post::Post;
use crate::ports::store::Store;

/// How many entries are read at once.
const PAGE: i64 = 500;

/// What stands in `manifest.json`.
#[derive(Debug, Serialize)]
struct Manifest {
    form: &'static str,
    key: String,
    fingerprint: String,
    practices: Vec<Exported>,
    files: Vec<Written>,
}

#[derive(Debug, Serialize)]
struct Exported {
    practice: PracticeId,
    folder: String,
    entries: usize,
    posts: usize,
}

#[derive(Debug, Serialize)]
struct Written {
    path: String,
    bytes: usize,
    sha256: String,
}

/// Where files go, and which went there.
struct Folder {
    top: PathBuf,
    files: Vec<Written>,
}

/// Writes everything into a new or empty folder.
pub async fn run(
    store: &dyn Store,
    key: &VerifyingKey,
    folder: &Path,
    out: &mut impl Write,
) -> anyhow::Result<Found> {
    let mut files = Folder::open(folder)?;
    let mut found = Found::Intact;
    let mut practices = Vec::new();
    for practice in store.practices().await.context("reading the practices")? {
        let mut step = Step { store, key, name: folder_of(&practice), files: &mut files };
        let entries = step.entries(&practice).await?;
        let posts = store.posts(&practice).await.context("reading the posts")?;
        step.contents(&posts).await?;
        for trouble in step.certificates(&practice, &posts).await? {
            found = Found::Broken;
            writeln!(out, "{practice}: {trouble}")?;
        }
        let folder = step.name;
        practices.push(Exported { practice, folder, entries, posts: posts.len() });
    }
    let written = files.files.len();
    let manifest = Manifest {
        form: "countersign.export.v1",
        key: hex::encode(key.as_bytes()),
        fingerprint: fingerprint(key),
        practices,
        files: std::mem::take(&mut files.files),
    };
    let text = serde_json::to_string_pretty(&manifest).context("writing the manifest")?;
    files.write("manifest.json", text.as_bytes())?;
    writeln!(out, "{written} files and manifest.json in {}", folder.display())?;
    Ok(found)
}

/// One practice on its way out.
struct Step<'a> {
    store: &'a dyn Store,
    key: &'a VerifyingKey,
    name: String,
    files: &'a mut Folder,
}

impl Step<'_> {
    async fn entries(&mut self, practice: &PracticeId) -> anyhow::Result<usize> {
        let (mut lines, mut after, mut count) = (String::new(), 0, 0);
        loop {
            let page = self.store.entries(practice, after, PAGE).await;
            let page = page.context("reading the ledger")?;
            let Some((last, _)) = page.last() else {
                break;
            };
            after = last.entry.seq;
            count += page.len();
            for (sealed, body) in page {
                push_line(&mut lines, &Kept { sealed, body })?;
            }
        }
        self.files.write(&format!("{}/entries.jsonl", self.name), lines.as_bytes())?;
        Ok(count)
    }

    async fn contents(&mut self, posts: &[Post]) -> anyhow::Result<()> {
        let (mut lines, mut known) = (String::new(), BTreeSet::new());
        for post in posts {
            for revision in 1..=post.revision {
                let content = self.store.content(&post.practice, &post.id, revision).await;
                let Some(content) = content.context("reading what was signed")? else {
                    continue;
                };
                push_line(&mut lines, &content)?;
                self.pictures(&content, &mut known).await?;
            }
        }
        self.files.write(&format!("{}/contents.jsonl", self.name), lines.as_bytes())
    }

    async fn pictures(
        &mut self,
        content: &Content,
        known: &mut BTreeSet<String>,
    ) -> anyhow::Result<()> {
        for picture in content.accounts.iter().flat_map(|part| &part.media) {
            let Some(kept) = self.store.media(&content.practice, &picture.sha256).await? else {
                continue;
            };
            // Named by what it is, not by what a table says that it is.
            let sha256 = hex::encode(&Sha256::digest(&kept.bytes));
            if known.insert(sha256.clone()) {
                let kind = if kept.media_type == "image/png" { "png" } else { "jpg" };
                self.files.write(&format!("{}/media/{sha256}.{kind}", self.name), &kept.bytes)?;
            }
        }
        Ok(())
    }

    /// Returns a sentence for each post that has no proof.
    async fn certificates(
        &mut self,
        practice: &PracticeId,
        posts: &[Post],
    ) -> anyhow::Result<Vec<String>> {
        let background =
            Background::read(self.store, practice).await.context("reading the ledger")?;
        let mut troubles = Vec::new();
        for post in posts.iter().filter(|post| post.is_live()) {
            let made = certify(self.store, self.key, &background, post).await;
            match made.context("reading its entries")? {
                Ok(certificate) => {
                    let name = format!("{}/certificates/{}.json", self.name, post.number);
                    self.files.write(&name, certificate.to_json().as_bytes())?;
                }
                Err(why) => troubles.push(format!("post {} has no proof: {why}", post.number)),
            }
        }
        Ok(troubles)
    }
}

impl Folder {
    fn open(top: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(top).with_context(|| format!("making {}", top.display()))?;
        let mut entries =
            fs::read_dir(top).with_context(|| format!("reading {}", top.display()))?;
        ensure!(
            entries.next().is_none(),
            "{} is not empty: name a new folder, so that nothing is mixed",
            top.display()
        );
        Ok(Self { top: top.to_owned(), files: Vec::new() })
    }

    fn write(&mut self, path: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let file = self.top.join(path);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        }
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut out = options.open(&file).with_context(|| format!("making {}", file.display()))?;
        out.write_all(bytes).with_context(|| format!("writing {}", file.display()))?;
        let sha256 = hex::encode(&Sha256::digest(bytes));
        self.files.push(Written { path: path.to_owned(), bytes: bytes.len(), sha256 });
        Ok(())
    }
}

/// A practice's id as a folder's name; one that could lead elsewhere is spelled in digits.
fn folder_of(practice: &PracticeId) -> String {
    let id = practice.as_str();
    let safe = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    if !id.is_empty() && id.len() <= 64 && id.bytes().all(safe) {
        id.to_owned()
    } else {
        format!("practice_{}", hex::encode(&Sha256::digest(id)[..16]))
    }
}

fn push_line(lines: &mut String, value: &impl Serialize) -> anyhow::Result<()> {
    lines.push_str(&serde_json::to_string(value).context("writing a line")?);
    lines.push('\n');
    Ok(())
}
