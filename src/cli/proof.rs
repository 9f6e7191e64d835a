//! `verify`, `certificate` and `export` on the command line: what they open, and what they ask.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use ed25519_dalek::{SigningKey, VerifyingKey};

use super::found::Found;
use super::heads::Outside;
use super::keys::{self, Missing};
use super::{certificate, export, folder, verify};
use crate::config::Settings;
use crate::domain::ids::PracticeId;
use crate::ports::store::Store;
use crate::store::{self, Place, Sql};

/// Checks the ledger and everything it tells of; or one certificate.
#[derive(Debug, Args)]
pub struct Verify {
    /// A head seen outside, as a chat message or a digest shows it: SEQ:HASH, or
    /// PRACTICE:SEQ:HASH where there are several practices. Can be given more than once.
    #[arg(long = "head", value_name = "SEQ:HASH")]
    heads: Vec<String>,
    /// A file of heads, such as a copy of heads.log.
    #[arg(long = "heads", value_name = "FILE")]
    file: Option<PathBuf>,
    /// Checks this certificate instead of the database.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["heads", "file"])]
    certificate: Option<PathBuf>,
    /// The ledger's public key, as 64 hexadecimal digits or a file that holds them.
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
}

/// Writes the proof of one post to the output.
#[derive(Debug, Args)]
pub struct Certificate {
    /// The practice's number of the post.
    number: i64,
    /// Whose post, where there are several practices.
    #[arg(long, value_name = "ID")]
    practice: Option<String>,
}

/// Writes everything into a new or empty folder: entries, contents, pictures, certificates.
#[derive(Debug, Args)]
pub struct Export {
    /// The folder.
    folder: PathBuf,
}

impl Verify {
    /// Checks, and says what it found.
    pub async fn run(self, data: &Path, settings: &Settings) -> anyhow::Result<Found> {
        let out = &mut std::io::stdout().lock();
        let given = self.key.as_deref().map(verify::read_key).transpose()?;
        if let Some(file) = self.certificate {
            let text = fs::read_to_string(&file);
            let text = text.with_context(|| format!("reading {}", file.display()))?;
            return verify::certificate(&text, given.as_ref(), out);
        }
        let (store, own) = open(data, settings).await?;
        let key = given.or(own);
        let key = key.context("the ledger's key is not here: name its public key with --key")?;
        let mut outside = Vec::new();
        for head in &self.heads {
            outside.push(Outside::read(head)?);
        }
        if let Some(file) = self.file {
            let text = fs::read_to_string(&file);
            let text = text.with_context(|| format!("reading {}", file.display()))?;
            outside.extend(Outside::read_file(&text, &key)?);
        }
        verify::run(&store, &key, &outside, out).await
    }
}

impl Certificate {
    /// Writes it.
    pub async fn run(self, data: &Path, settings: &Settings) -> anyhow::Result<Found> {
        let (store, key) = open(data, settings).await?;
        let key = key.context("the ledger's key is not here")?;
        let practice = whose(&store, self.practice).await?;
        let out = &mut std::io::stdout().lock();
        certificate::run(&store, &key, &practice, self.number, out).await
    }
}

impl Export {
    /// Writes it.
    pub async fn run(self, data: &Path, settings: &Settings) -> anyhow::Result<Found> {
        let (store, key) = open(data, settings).await?;
        let key = key.context("the ledger's key is not here")?;
        export::run(&store, &key, &self.folder, &mut std::io::stdout().lock()).await
    }
}

/// The database that is there, to be read; and the public key of its ledger if the key is there.
async fn open(data: &Path, settings: &Settings) -> anyhow::Result<(Sql, Option<VerifyingKey>)> {
    let place = folder::database(data, settings)?;
    let opening = || format!("opening the database {place}");
    let fit = store::fit(&place).await.with_context(opening)?;
    match place {
        Place::File(_) if fit.is_new => {
            bail!("there is no database at {place}: name its folder with --data DIR");
        }
        Place::Server(_) if fit.is_new => {
            bail!("there is nothing in the database {place}: correct database.url");
        }
        _ if !fit.is_ours => bail!(
            "the database {place} was made by another version of Countersign: use the version that \
             made it"
        ),
        _ => {}
    }
    let keys = keys::read(data, Missing::NeverMade).ok();
    let public = keys.as_ref().map(|keys| keys.ledger.verifying_key());
    // Nothing is written here, so nothing is signed with the stand-in.
    let key = keys.map_or_else(|| SigningKey::from_bytes(&[0; 32]), |keys| keys.ledger);
    let store = Sql::open(&place, key, None).await.with_context(opening)?;
    Ok((store, public))
}

async fn whose(store: &dyn Store, given: Option<String>) -> anyhow::Result<PracticeId> {
    let practices = store.practices().await.context("reading the practices")?;
    match (given, &practices[..]) {
        (Some(given), _) => {
            let given = PracticeId::new(given);
            let known = practices.contains(&given);
            if known { Ok(given) } else { bail!("there is no practice {given}") }
        }
        (None, [only]) => Ok(only.clone()),
        (None, []) => bail!("there is no practice yet"),
        (None, _) => bail!("there are several practices: name one with --practice ID"),
    }
}
