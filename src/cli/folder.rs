//! The data folder: who may look into it, one start at a time, and what is moved aside in it.

use std::fs::{self, DirBuilder, File};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use jiff::civil::Date;

use crate::chat::local;
use crate::config::{DatabaseUrl, Settings};
use crate::store::{self, Fit, Place};

/// The database, where the settings name no other.
const DATABASE: &str = "countersign.db";
/// What SQLite keeps beside a file.
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

    /// Moves what another version made aside if it is in files and holds nothing but the sample
    /// practice; otherwise refuses to go on. Nothing is ever written over.
    pub async fn make_fit(&self, place: &Place, fit: Fit, today: Date) -> anyhow::Result<()> {
        let world = local::is_ours(&self.world()).await;
        let world = world.with_context(|| format!("opening {}", self.world().display()))?;
        if fit.is_ours && world {
            return Ok(());
        }
        let Place::File(database) = place else {
            bail!("{}", left_alone(place, fit));
        };
        if !fit.only_samples {
            bail!(
                "the database {place} was made by another version of Countersign and holds more than the sample practice: go on with the version that made it; nothing was changed"
            );
        }
        let in_use = || format!("moving {place} aside: another program has it open");
        if !fit.is_new {
            store::let_go(database).await.with_context(in_use)?;
        }
        let aside = self.move_aside(database, today)?;
        tracing::warn!(
            "The database was made by another version of Countersign. It held only the sample practice, \
             so it was moved aside: it is now {aside}, and a new one begins"
        );
        Ok(())
    }

    /// Moves all that belongs to one history: the database, the log of its chains' ends, and the
    /// local world that its cards stand in. Returns the database's new name.
    fn move_aside(&self, database: &Path, today: Date) -> anyhow::Result<String> {
        // The database comes last: if this is cut off, the next start finds it and goes on.
        let history = [self.world(), self.heads(), database.to_owned()];
        let free = |suffix: &String| !history.iter().any(|file| beside(file, suffix).exists());
        let first = format!(".before-{today}");
        let more = (2..).map(|n| format!(".before-{today}-{n}"));
        let mut suffixes = std::iter::once(first).chain(more);
        let suffix = suffixes.find(free).context("finding a free name")?;
        for file in &history {
            let aside = beside(file, &suffix);
            for kept in BESIDE {
                let (from, to) = (beside(file, kept), beside(&aside, kept));
                if from.exists() {
                    fs::rename(&from, &to)
                        .with_context(|| format!("moving {} aside", from.display()))?;
                }
            }
        }
        Ok(beside(database, &suffix).display().to_string())
    }
}

/// Where the settings say that the database is; by itself it is in the data folder.
pub fn database(data: &Path, settings: &Settings) -> anyhow::Result<Place> {
    Ok(match &settings.database.url {
        None => Place::File(data.join(DATABASE)),
        Some(DatabaseUrl::File(path)) => Place::File(path.clone()),
        Some(DatabaseUrl::Server(url)) => Place::server(url).context("reading database.url")?,
    })
}

/// Why a start is refused: what is on a server is not ours to move.
fn left_alone(place: &Place, fit: Fit) -> String {
    if fit.is_ours {
        return format!(
            "the local workspace was made by another version of Countersign, and its cards are about \
             what is in the database {place}: go on with the version that made it, or name another \
             database and another data folder"
        );
    }
    format!(
        "the database {place} was made by another version of Countersign, or by another program: go on \
         with the version that made it, or name another database in database.url; nothing was changed"
    )
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
