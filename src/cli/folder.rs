//! The data folder: who may look into it, one start at a time, and what is moved aside in it.

use std::fs::{self, DirBuilder, File};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use jiff::civil::Date;

use crate::chat::local;
use crate::store::{self, Fit};

/// What belongs to one history: the database, the log of its chains' ends, and the local world
/// that its cards stand in; each with what SQLite keeps beside it.
const HISTORY: [&str; 3] = ["countersign.db", "heads.log", "local.db"];
const BESIDE: [&str; 3] = ["", "-wal", "-shm"];

/// The data folder.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

/// While it lives, no other program starts in the folder.
#[derive(Debug)]
pub struct Turn(#[expect(dead_code, reason = "it is held, not read")] File);

impl Folder {
    /// Makes the folder if it is not there. Waits for others that are just starting in it.
    pub fn enter(path: &Path) -> anyhow::Result<(Self, Turn)> {
        let named = || format!("making the data folder {}", path.display());
        DirBuilder::new().recursive(true).mode(0o700).create(path).with_context(named)?;
        let turn = File::open(path).with_context(named)?;
        let mode = turn.metadata().with_context(named)?.permissions().mode();
        if mode & 0o077 != 0 {
            tracing::info!(
                "Others on this machine can see what files the data folder {} has: chmod 700 ends that",
                path.display()
            );
        }
        // Where folders can't be locked, two that start at once may get in each other's way, and
        // one of them ends with a sentence.
        let _ = turn.lock();
        Ok((Self(path.to_owned()), Turn(turn)))
    }

    /// The database.
    pub fn database(&self) -> PathBuf {
        self.0.join("countersign.db")
    }

    /// The log of the chains' ends.
    pub fn heads(&self) -> PathBuf {
        self.0.join("heads.log")
    }

    /// The local platform's world.
    pub fn world(&self) -> PathBuf {
        self.0.join("local.db")
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Moves the database that is here aside, so that another can take its place, and says where it
    /// is now. The log of its chains' ends stays, and tells how far it had come; the local world
    /// stays as well, as the outside world does.
    pub async fn make_way(&self, today: Date) -> anyhow::Result<Option<String>> {
        let database = self.database();
        let in_use = || format!("moving {} aside: another program has it open", database.display());
        if self.has_database() {
            store::let_go(&database).await.with_context(in_use)?;
        }
        // A log of changes without its database would be taken for the next one's.
        let beside = BESIDE.iter().map(|beside| self.0.join(format!("{}{beside}", HISTORY[0])));
        if !beside.into_iter().any(|file| file.exists()) {
            return Ok(None);
        }
        self.move_aside(today, &HISTORY[..1]).map(Some)
    }

    /// There is a database with something in it.
    pub fn has_database(&self) -> bool {
        fs::metadata(self.database()).is_ok_and(|file| file.len() > 0)
    }

    /// Moves what another version made aside if it holds nothing but the sample practice;
    /// otherwise refuses to go on. Nothing is ever written over.
    pub async fn make_fit(&self, today: Date) -> anyhow::Result<()> {
        let database = self.database();
        let opening = || format!("opening the database {}", database.display());
        let Fit { is_ours, only_samples, .. } =
            store::fit(&database).await.with_context(opening)?;
        let world = local::is_ours(&self.world()).await;
        if is_ours && world.with_context(|| format!("opening {}", self.world().display()))? {
            return Ok(());
        }
        if !only_samples {
            bail!(
                "the database {} was made by another version of Countersign and holds more than the sample \
                 practice: go on with the version that made it; nothing was changed",
                database.display()
            );
        }
        let in_use = || format!("moving {} aside: another program has it open", database.display());
        if self.has_database() {
            store::let_go(&database).await.with_context(in_use)?;
        }
        let aside = self.move_aside(today, &HISTORY)?;
        tracing::warn!(
            "The database was made by another version of Countersign. It held only the sample practice, \
             so it was moved aside: it is now {aside}, and a new one begins"
        );
        Ok(())
    }

    fn move_aside(&self, today: Date, names: &[&str]) -> anyhow::Result<String> {
        let free = |suffix: &String| {
            !names.iter().any(|name| self.0.join(format!("{name}.{suffix}")).exists())
        };
        let first = format!("before-{today}");
        let more = (2..).map(|n| format!("before-{today}-{n}"));
        let mut suffixes = std::iter::once(first).chain(more);
        let suffix = suffixes.find(free).context("finding a free name")?;
        // The database comes last: if this is cut off, the next start finds it and goes on.
        for name in names.iter().rev() {
            for beside in BESIDE {
                let from = self.0.join(format!("{name}{beside}"));
                let to = self.0.join(format!("{name}.{suffix}{beside}"));
                if from.exists() {
                    fs::rename(&from, &to)
                        .with_context(|| format!("moving {} aside", from.display()))?;
                }
            }
        }
        Ok(self.0.join(format!("countersign.db.{suffix}")).display().to_string())
    }
}
