//! `init`: asks a few questions, and writes the settings, a practice's file and the keys.
//!
//! What a flag says is not asked. Answers are lines of the input, so that a script can give them.
//! Nothing is ever written over, and nothing is written before everything is known.

mod ask;
mod files;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;

use super::keys::{self, Missing};
use ask::Asker;
use files::Answers;

/// Makes the settings, a practice's file and the keys in a folder. Asks what no flag says.
#[derive(Debug, Args)]
pub struct Init {
    /// Where they go; made if it is not there.
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Asks nothing: what no flag says is left at its default.
    #[arg(long)]
    yes: bool,
    /// The practice's name.
    #[arg(long)]
    name: Option<String>,
    /// Its time zone, such as America/Chicago, or a city in it.
    #[arg(long)]
    zone: Option<String>,
    /// Somebody of the practice, as ROLE:NAME or ROLE:NAME:ACCOUNT: approver:Dr. Rao, or
    /// staff:Tomas:slack:T0123/U0456. Can be given more than once.
    #[arg(long = "person", value_name = "ROLE:NAME")]
    people: Vec<String>,
    /// Where they chat: slack or discord.
    #[arg(long)]
    platform: Option<String>,
    /// sqlite, or the address of a PostgreSQL database.
    #[arg(long)]
    database: Option<String>,
}

impl Init {
    /// Asks, writes, and says the next command.
    pub fn run(self) -> anyhow::Result<()> {
        let folder = self.folder.clone();
        let (settings, practice) = (folder.join("countersign.toml"), folder.join("practice.toml"));
        for file in [&settings, &practice] {
            if file.exists() {
                bail!("{} is there already, and nothing is written over", file.display());
            }
        }
        let answers = self.answers(&mut Asker::new())?;
        let data = folder.join("data");
        keys::make_folder(&folder)?;
        keys::read(&data, Missing::Make).context("making the keys")?;
        keys::vault(&data, Missing::Make).context("making the keys")?;
        write(&practice, &answers.practice())?;
        // The settings come last: where they are, the rest is.
        write(&settings, &answers.settings())?;
        let run = format!("countersign --config {} --data {}", settings.display(), data.display());
        let mut out = std::io::stdout().lock();
        let keys = data.join("keys");
        writeln!(
            out,
            "\nMade {}, {} and the keys in {}.",
            settings.display(),
            practice.display(),
            keys.display()
        )?;
        writeln!(
            out,
            "Keep a copy of the keys elsewhere: without them the ledger can't be gone on with."
        )?;
        writeln!(out, "\nNext: {run} check")?;
        Ok(())
    }

    fn answers(self, asker: &mut Asker) -> anyhow::Result<Answers> {
        asker.silent = self.yes;
        let name = asker.ask("The practice's name", self.name, None, ask::name)?;
        let zone =
            asker.ask("Its time zone, or a city in it", self.zone, Some("UTC"), ask::zone)?;
        let platform = "Where you chat: slack or discord";
        let platform = asker.ask(platform, self.platform, Some("slack"), ask::platform)?;
        let mut people = Vec::new();
        for person in &self.people {
            people.push(ask::person(person).map_err(anyhow::Error::msg)?);
        }
        if people.is_empty() && !asker.silent {
            people = asker.people()?;
        }
        let question = "The database: sqlite, or postgres://USER:PASSWORD@HOST/NAME";
        let database = asker.ask(question, self.database, Some("sqlite"), ask::database)?;
        Ok(Answers { name, zone, platform, people, database })
    }
}

/// Writes a new file that its owner alone may read.
fn write(file: &Path, text: &str) -> anyhow::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = fs::OpenOptions::new();
    let made = options.write(true).create_new(true).mode(0o600).open(file);
    let mut made = made.with_context(|| format!("making {}", file.display()))?;
    let written = made.write_all(text.as_bytes()).and_then(|()| made.sync_all());
    written.with_context(|| format!("writing {}", file.display()))
}
