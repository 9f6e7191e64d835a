//! `backup`: a copy of everything, taken while the assistant runs, and checked before it counts.
//!
//! It is written beside its place and moved there whole, so that a folder with a manifest is
//! always a whole backup. Whatever was cut off is removed by the next one.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, ensure};
use clap::Args;
use ed25519_dalek::VerifyingKey;
use jiff::Timestamp;

use super::found::Found;
use super::keys::{self, Missing};
use super::manifest::{self, DATABASE, FORM, HEADS, MANIFEST, Manifest, Needed, Written};
use super::proof;
use super::world::RealClock;
use crate::config::Settings;
use crate::domain::canonical::hex;
use crate::domain::ledger::fingerprint;
use crate::ports::clock::Clock;
use crate::store::{self, Place, Sql};

/// How the name of a backup begins, and that of one that is not whole yet.
const NAME: &str = "countersign-";
const DRAFT: &str = ".countersign-draft";
/// How often a long backup says how far it is.
const SAID: Duration = Duration::from_secs(5);

/// Copies everything but the keys into a new folder, also while the assistant runs, and checks it.
#[derive(Debug, Args)]
pub struct Backup {
    /// Where backups are kept; each gets a folder of its own in it, named by its time.
    folder: PathBuf,
    /// Keeps so many backups there, and removes older ones once the new one is whole.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    keep: Option<u32>,
}

impl Backup {
    /// Writes it, and says where it is.
    pub async fn run(self, data: &Path, settings: &Settings) -> anyhow::Result<Found> {
        let database = proof::there(data, settings).await?;
        let public =
            keys::read(data, Missing::NeverMade).context("a backup is checked with its key")?;
        let public = public.ledger.verifying_key();
        let making = || format!("making {}", self.folder.display());
        DirBuilder::new().recursive(true).mode(0o700).create(&self.folder).with_context(making)?;
        let turn = File::open(&self.folder).with_context(making)?;
        turn.lock().with_context(|| format!("waiting for {}", self.folder.display()))?;

        let at = RealClock.now();
        let place = self.folder.join(format!("{NAME}{}", at.strftime("%Y%m%dT%H%M%SZ")));
        ensure!(!place.exists(), "{} is there already, and is not overwritten", place.display());
        let draft = Draft::begin(&self.folder)?;
        let size = room_for(&database, data, &self.folder).await?;
        copy((&database, data), &draft.0, at, size).await?;
        let manifest = describe(&draft.0, &public, at).await?;
        manifest.check(&draft.0).await.context("the backup that was just written is not whole")?;
        sync(&draft.0)?;
        fs::rename(&draft.0, &place).with_context(|| format!("making {}", place.display()))?;
        sync(&self.folder)?;

        let removed = self.rotate()?;
        let out = &mut std::io::stdout().lock();
        writeln!(out, "{}", summary(&place, &manifest, removed))
            .context("writing to the output")?;
        Ok(Found::Intact)
    }

    /// Removes the oldest backups beyond those to keep; never anything that is not one.
    fn rotate(&self) -> anyhow::Result<usize> {
        let Some(keep) = self.keep else {
            return Ok(0);
        };
        let mut backups = Vec::new();
        for entry in fs::read_dir(&self.folder).context("reading the backups")? {
            let path = entry.context("reading the backups")?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.starts_with(NAME) && Manifest::read(&path).is_ok() {
                backups.push(path);
            }
        }
        backups.sort();
        let over = backups.len().saturating_sub(usize::try_from(keep).unwrap_or(usize::MAX));
        for old in &backups[..over] {
            fs::remove_dir_all(old).with_context(|| format!("removing {}", old.display()))?;
        }
        Ok(over)
    }
}

/// A backup on its way; what is left of it goes when it can't be finished.
struct Draft(PathBuf);

impl Draft {
    /// Only one is made at a time in a folder, so that what is there was left over.
    fn begin(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join(DRAFT);
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("removing {}", path.display()));
            }
            _ => {}
        }
        let made = DirBuilder::new().mode(0o700).create(&path);
        made.with_context(|| format!("making {}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

/// The size of the database, for which there must be room.
async fn room_for(database: &Place, data: &Path, folder: &Path) -> anyhow::Result<u64> {
    let size = store::size(database).await.context("asking for the database's size")?;
    let needed = size + fs::metadata(data.join(HEADS)).map_or(0, |file| file.len());
    let space = rustix::fs::statvfs(folder).context("asking for the space that is free")?;
    let free = space.f_bavail.saturating_mul(space.f_frsize);
    ensure!(
        free > needed,
        "{} has {} free and the backup may need {}: make room or name another folder",
        folder.display(),
        megabytes(free),
        megabytes(needed)
    );
    Ok(needed)
}

async fn copy(
    (database, data): (&Place, &Path),
    draft: &Path,
    at: Timestamp,
    size: u64,
) -> anyhow::Result<()> {
    // The log first: then the copy has everything that the log tells of.
    let heads = match fs::read(data.join(HEADS)) {
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        read => read.context("reading heads.log")?,
    };
    let whole = heads.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    write(&draft.join(HEADS), &heads[..whole])?;
    let to = draft.join(DATABASE);
    let copying = store::copy(database, &to, at);
    tokio::pin!(copying);
    loop {
        tokio::select! {
            done = &mut copying => {
                done.context("copying the database")?;
                let file = File::open(&to).context("writing the database to the disk")?;
                return file.sync_all().context("writing the database to the disk");
            }
            () = tokio::time::sleep(SAID) => {
                let so_far = fs::metadata(&to).map_or(0, |file| file.len());
                tracing::info!("Copied {} of about {}", megabytes(so_far), megabytes(size));
            }
        }
    }
}

async fn describe(draft: &Path, key: &VerifyingKey, at: Timestamp) -> anyhow::Result<Manifest> {
    let needed = |key: &str, why: &str| Needed {
        key: key.to_owned(),
        why: why.to_owned(),
        places: format!("keys/{key} in the data folder, or {}", keys::variable(key)),
    };
    let copy = Sql::open_to_read(&Place::File(draft.join(DATABASE))).await;
    let copy = copy.context("reading the copy")?;
    let manifest = Manifest {
        form: FORM.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        schema: store::schema(),
        at,
        key: hex::encode(key.as_bytes()),
        fingerprint: fingerprint(key),
        chains: manifest::chains(&copy).await?,
        files: vec![manifest::written(draft, DATABASE)?, manifest::written(draft, HEADS)?],
        not_in_it: vec![
            needed("ledger", "signs the ledger: without it no chain can go on"),
            needed("trace", "knows again what was blocked"),
            needed("vault", "opens the sign-ins of accounts and workspaces"),
        ],
    };
    let text = serde_json::to_string_pretty(&manifest).context("writing the manifest")?;
    write(&draft.join(MANIFEST), text.as_bytes())?;
    Ok(manifest)
}

fn write(file: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let options = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    let mut out = options.with_context(|| format!("making {}", file.display()))?;
    let written = out.write_all(bytes).and_then(|()| out.sync_all());
    written.with_context(|| format!("writing {}", file.display()))
}

/// Copies a file for its owner alone, down to the disk. One that was left over is written anew.
pub(super) fn copy_file(from: &Path, to: &Path) -> anyhow::Result<()> {
    let copying = || format!("copying {} to {}", from.display(), to.display());
    let mut source = File::open(from).with_context(copying)?;
    let mut options = OpenOptions::new();
    let options = options.write(true).create(true).truncate(true).mode(0o600);
    let mut out = options.open(to).with_context(copying)?;
    std::io::copy(&mut source, &mut out).and_then(|_| out.sync_all()).with_context(copying)
}

/// Makes what was made and renamed in a folder last.
pub(super) fn sync(folder: &Path) -> anyhow::Result<()> {
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.with_context(|| format!("writing {} to the disk", folder.display()))
}

fn summary(place: &Path, manifest: &Manifest, removed: usize) -> String {
    let Manifest { chains, files, .. } = manifest;
    let bytes: u64 = files.iter().map(|Written { bytes, .. }| bytes).sum();
    let some = |count: usize, what: &str| match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    };
    let entries: i64 = chains.iter().map(|chain| chain.entries).sum();
    let posts = chains.iter().map(|chain| chain.posts).sum();
    let gone = match removed {
        0 => String::new(),
        count => format!("\nremoved {}", some(count, "older backup")),
    };
    format!(
        "{}: whole and verified; {}, {}, {entries} entries, {}\nThe keys ledger and trace are not \
         in it: keep a copy of them elsewhere{gone}",
        place.display(),
        some(chains.len(), "practice"),
        some(posts, "post"),
        megabytes(bytes)
    )
}

fn megabytes(bytes: u64) -> String {
    let tenths = bytes.div_ceil(100_000);
    format!("{}.{} MB", tenths / 10, tenths % 10)
}
