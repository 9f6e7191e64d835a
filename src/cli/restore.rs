//! `restore`: a backup becomes the database of a data folder. The next start finds that it is one,
//! and stops everything until a person has looked.

use std::fmt::Display;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use clap::Args;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::backup::{copy_file, sync};
use super::folder::{self, Folder};
use super::found::Found;
use super::keys::{self, Missing};
use super::manifest::{DATABASE, HEADS, Manifest};
use super::world::RealClock;
use crate::config::Settings;
use crate::domain::canonical::hex;
use crate::domain::window::shown;
use crate::ports::clock::Clock;
use crate::store::{self, Place};

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
        let place = folder::database(data, settings)?;
        let manifest = Manifest::read(&self.backup)?;
        let checking = || format!("{} can't be restored", self.backup.display());
        manifest.check(&self.backup).await.with_context(checking)?;
        let (folder, _turn) = Folder::enter(data)?;
        let has_keys = has_its_keys(&manifest, data)?;
        let today = TimeZone::UTC.to_datetime(RealClock.now()).date();
        let aside = match &place {
            Place::File(path) => self.put_into_file(path, &folder, today).await?,
            Place::Server(_) => self.put_on_server(&place, &folder, today).await?,
        };
        let out = &mut std::io::stdout().lock();
        writeln!(out, "{}", self.told(&manifest, &place, aside, has_keys))
            .context("writing to the output")?;
        Ok(Found::Intact)
    }

    /// Returns where the database is now that was there.
    async fn put_into_file(
        &self,
        path: &Path,
        folder: &Folder,
        today: Date,
    ) -> anyhow::Result<Option<String>> {
        self.may_replace(folder::is_there(path), &path.display())?;
        let draft = path.with_extension("db.draft");
        copy_file(&self.backup.join(DATABASE), &draft)?;
        let aside = folder.make_way(path, today).await?;
        self.keep_heads(folder)?;
        fs::rename(&draft, path).with_context(|| format!("making {}", path.display()))?;
        sync(path.parent().unwrap_or(folder.path()))?;
        Ok(aside)
    }

    /// Returns where the tables are now that were there.
    async fn put_on_server(
        &self,
        place: &Place,
        folder: &Folder,
        today: Date,
    ) -> anyhow::Result<Option<String>> {
        let opening = || format!("opening the database {place}");
        let there = store::fit(place).await.with_context(opening)?;
        self.may_replace(!there.is_new(), place)?;
        ensure!(
            there.is_new() || there.is_ours(),
            "what is in the database {place} was made by another version of Countersign, or by another \
             program: name an empty database in database.url; nothing was changed"
        );
        let copy = self.up_to_date(folder).await?;
        let putting = || format!("putting it into the database {place}");
        let aside = store::put_back(&copy.0, place, today).await.with_context(putting)?;
        self.keep_heads(folder)?;
        Ok(aside.map(|schema| format!("in the schema {schema} of {place}")))
    }

    fn may_replace(&self, is_there: bool, place: &dyn Display) -> anyhow::Result<()> {
        if is_there && !self.replace {
            bail!(
                "there is a database at {place}: --replace moves it aside, and nothing of it is lost"
            );
        }
        Ok(())
    }

    /// A log that is there tells how far the former run had come, so it stays.
    fn keep_heads(&self, folder: &Folder) -> anyhow::Result<()> {
        if folder.heads().exists() {
            return Ok(());
        }
        copy_file(&self.backup.join(HEADS), &folder.heads())
    }

    /// The backup's database with the tables of this version: itself, or a draft that has them.
    async fn up_to_date(&self, folder: &Folder) -> anyhow::Result<Source> {
        let own = self.backup.join(DATABASE);
        let fit = store::fit(&Place::File(own.clone())).await.context("reading its database")?;
        if fit.is_current() {
            return Ok(Source(own, false));
        }
        let draft = Source(folder.path().join("restore.draft"), true);
        copy_file(&own, &draft.0)?;
        store::renew(&draft.0).await.context("bringing its tables up to date")?;
        Ok(draft)
    }

    fn told(
        &self,
        manifest: &Manifest,
        place: &Place,
        aside: Option<String>,
        has_keys: bool,
    ) -> String {
        let mut lines = vec![format!(
            "{} is now the database {place}, as it was on {}",
            self.backup.display(),
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

/// A file that is read, and removed after it when it is a draft.
struct Source(PathBuf, bool);

impl Drop for Source {
    fn drop(&mut self) {
        if self.1 {
            fs::remove_file(&self.0).ok();
        }
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
