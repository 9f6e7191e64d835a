//! What stands in a backup beside the database, and whether a backup is what it says.

use std::fs;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, bail, ensure};
use ed25519_dalek::VerifyingKey;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::found::Found;
use super::heads::Outside;
use super::verify;
use crate::domain::canonical::hex;
use crate::domain::ids::PracticeId;
use crate::ports::store::Store;
use crate::store::{self, Place, Sql};

/// The form of a backup; a new form gets a new one.
pub const FORM: &str = "countersign.backup.v1";
/// The manifest's file.
pub const MANIFEST: &str = "manifest.json";
/// The database in a backup.
pub const DATABASE: &str = "countersign.db";
/// The log of the chains' ends in a backup.
pub const HEADS: &str = "heads.log";

/// What stands in a backup's `manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The form of the backup.
    pub form: String,
    /// Which Countersign made it.
    pub version: String,
    /// The last change to the tables that it knew.
    pub schema: i64,
    /// When.
    pub at: Timestamp,
    /// The public key that the chains are signed with, hexadecimal.
    pub key: String,
    /// What people compare the key by.
    pub fingerprint: String,
    /// Where each chain ended.
    pub chains: Vec<Chain>,
    /// Every file but this one.
    pub files: Vec<Written>,
    /// What a restore needs and is not in it.
    pub not_in_it: Vec<Needed>,
}

/// One practice in a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chain {
    /// Whose.
    pub practice: PracticeId,
    /// How many entries.
    pub entries: i64,
    /// Hash of the last, hexadecimal.
    pub head: String,
    /// How many posts.
    pub posts: usize,
}

/// A file with its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    /// Its name.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

/// A key that is never in a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Needed {
    /// Its name.
    pub key: String,
    /// What it is for.
    pub why: String,
    /// Where Countersign looks for it.
    pub places: String,
}

impl Manifest {
    /// Reads a backup's manifest.
    pub fn read(backup: &Path) -> anyhow::Result<Self> {
        let file = backup.join(MANIFEST);
        let text = fs::read_to_string(&file).with_context(|| {
            format!("reading {}: is this the folder of one backup?", file.display())
        })?;
        let form: serde_json::Value = serde_json::from_str(&text)
            .with_context(|| format!("{} is damaged", file.display()))?;
        ensure!(form["form"] == FORM, "{} is not a backup of this form ({FORM})", backup.display());
        serde_json::from_str(&text).with_context(|| format!("{} is damaged", file.display()))
    }

    /// The key that the chains are signed with.
    pub fn public_key(&self) -> anyhow::Result<VerifyingKey> {
        verify::read_key(&self.key).context("the manifest's key is damaged")
    }

    /// Checks every byte of the backup: files, pages, tables, and the ledger of every practice.
    pub async fn check(&self, backup: &Path) -> anyhow::Result<()> {
        for file in &self.files {
            let plain =
                Path::new(&file.path).components().count() == 1 && !file.path.starts_with('.');
            ensure!(plain, "the manifest names a file elsewhere: {}", file.path);
            let is = written(backup, &file.path)?;
            ensure!(is == *file, "{} is not the file that the manifest names", file.path);
        }
        let named = |name: &str| self.files.iter().any(|file| file.path == name);
        ensure!(named(DATABASE) && named(HEADS), "the manifest does not name all files");
        let database = backup.join(DATABASE);
        let fit =
            store::fit(&Place::File(database.clone())).await.context("reading its database")?;
        ensure!(
            fit.is_ours(),
            "it was made by Countersign {}, whose tables this version does not know: use that version",
            self.version
        );
        store::is_sound(&database).await.context("its database is damaged")?;
        if fit.is_current() {
            self.check_ledger(backup).await?;
        }
        Ok(())
    }

    async fn check_ledger(&self, backup: &Path) -> anyhow::Result<()> {
        let key = self.public_key()?;
        let copy = Sql::open_to_read(&Place::File(backup.join(DATABASE))).await;
        let copy = copy.context("reading its database")?;
        let chains = chains(&copy).await?;
        ensure!(chains == self.chains, "its chains do not end where the manifest says");
        let heads = fs::read_to_string(backup.join(HEADS)).context("reading its heads.log")?;
        let outside = Outside::read_file(&heads, &key).context("its heads.log")?;
        let mut said = Vec::new();
        if verify::run(&copy, &key, &outside, &mut said).await? == Found::Intact {
            return Ok(());
        }
        bail!("it does not verify: {}", String::from_utf8_lossy(&said).trim_end())
    }
}

/// Where each chain ends.
pub async fn chains(store: &dyn Store) -> anyhow::Result<Vec<Chain>> {
    let mut chains = Vec::new();
    for practice in store.practices().await.context("reading the practices")? {
        let head = store.head(&practice).await.context("reading the ledger")?;
        let posts = store.posts(&practice).await.context("reading the posts")?.len();
        let (entries, head) = (head.seq, hex::encode(&head.hash));
        chains.push(Chain { practice, entries, head, posts });
    }
    Ok(chains)
}

/// A file's size and hash.
pub fn written(folder: &Path, name: &str) -> anyhow::Result<Written> {
    let reading = || format!("reading {name}");
    let mut file = fs::File::open(folder.join(name)).with_context(reading)?;
    let (mut hash, mut bytes, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 20]);
    loop {
        let read = file.read(&mut buffer).with_context(reading)?;
        if read == 0 {
            let sha256 = hex::encode(&hash.finalize());
            return Ok(Written { path: name.to_owned(), bytes, sha256 });
        }
        hash.update(&buffer[..read]);
        bytes += read as u64;
    }
}
