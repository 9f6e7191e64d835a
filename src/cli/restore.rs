//! `restore`: a backup becomes the database of a data folder. The next start finds that it is one,
//! and stops everything until a person has looked.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use clap::Args;
use jiff::tz::TimeZone;

use super::backup::{copy_file, in_a_file, sync};
use super::folder::{self, Folder};
use super::found::Found;
use super::keys::{self, Missing};
use super::manifest::{DATABASE, HEADS, Manifest};
use super::world::RealClock;
use crate::config::Settings;
use crate::domain::canonical::hex;
use crate::domain::window::shown;
use crate::ports::clock::Clock;

/// Makes a backup the database of the data folder, checked first. Nothing leaves after it until a
/// person releases the stop.
#[derive(Debug, Args)]
pub struct Restore {
    /// The folder of one backup.
    backup: PathBuf,
    /// Moves the database that is there aside; without this it is refused. Stop Countersign first.
    #[arg(long)]
    replace: bool,
}

impl Restore {
    /// Checks the backup, puts it in place, and says what is to be done next.
    pub async fn run(self, data: &Path, settings: &Settings) -> anyhow::Result<Found> {
        let place = in_a_file(data, settings)?;
        let manifest = Manifest::read(&self.backup)?;
        let checking = || format!("{} can't be restored", self.backup.display());
        manifest.check(&self.backup).await.with_context(checking)?;
        let (folder, _turn) = Folder::enter(data)?;
        let has_keys = has_its_keys(&manifest, data)?;
        if folder::is_there(&place) && !self.replace {
            bail!(
                "there is a database at {}: --replace moves it aside, and nothing of it is lost",
                place.display()
            );
        }
        let draft = place.with_extension("db.draft");
        copy_file(&self.backup.join(DATABASE), &draft)?;
        let today = TimeZone::UTC.to_datetime(RealClock.now()).date();
        let aside = folder.make_way(&place, today).await?;
        // A log that is there tells how far the former run had come, so it stays.
        if !folder.heads().exists() {
            copy_file(&self.backup.join(HEADS), &folder.heads())?;
        }
        fs::rename(&draft, &place).with_context(|| format!("making {}", place.display()))?;
        sync(place.parent().unwrap_or(data))?;
        let out = &mut std::io::stdout().lock();
        writeln!(out, "{}", self.told(&manifest, data, aside, has_keys))
            .context("writing to the output")?;
        Ok(Found::Intact)
    }

    fn told(
        &self,
        manifest: &Manifest,
        data: &Path,
        aside: Option<String>,
        has_keys: bool,
    ) -> String {
        let mut lines = vec![format!(
            "{} is now the database of {}, as it was on {}",
            self.backup.display(),
            data.display(),
            shown(manifest.at, &TimeZone::UTC)
        )];
        lines.extend(aside.map(|aside| format!("The database that was there is now {aside}")));
        if !has_keys {
            lines.push("Before the next start, put the keys in place:".to_owned());
            let keys = manifest.not_in_it.iter();
            lines.extend(keys.map(|key| format!("  {}: {}", key.key, key.places)));
        }
        lines.push(
            "At the next start everything is stopped: what was on its way is looked up, open posts \
             are held, and an approver or manager of each practice releases the stop in chat"
                .to_owned(),
        );
        lines.join("\n")
    }
}

/// The ledger's key is here; another than the backup's is refused.
fn has_its_keys(manifest: &Manifest, data: &Path) -> anyhow::Result<bool> {
    let Ok(keys) = keys::read(data, Missing::NeverMade) else {
        return Ok(false);
    };
    let own = hex::encode(keys.ledger.verifying_key().as_bytes());
    ensure!(
        own == manifest.key,
        "the key ledger of {} is another than the backup's, which has the fingerprint {}: put the \
         right one in place first",
        data.display(),
        manifest.fingerprint
    );
    Ok(true)
}
