//! `keys rotate`: replaces a key by a new one, and seals anew what the old one sealed.
//!
//! First both keys are there, and all that is sealed opens with one of them. Then each thing is
//! sealed anew, by itself. Ended at any moment, nothing is lost, and done again it goes on. The old
//! key can go once nothing is sealed with it and no process that knows only it is left.

use std::io::Write;
use std::path::Path;

use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};

use super::found::Found;
use super::keys::{self, Missing};
use super::operate;
use super::world::{RealChance, RealClock};
use crate::chat::slack::grant::Grant;
use crate::config::Settings;
use crate::domain::member::Platform;
use crate::domain::practice::{Account, Practice};
use crate::domain::vault::{Shut, Vault};
use crate::networks::token;
use crate::ports::clock::{Chance, Clock};
use crate::ports::credentials::{KeepsCredentials, KeptCredentials};
use crate::ports::installs::{KeepsInstalls, KeptInstall};
use crate::ports::publisher::On;
use crate::ports::store::{Store, StoreError};
use crate::store::Sql;

/// How often it is tried when somebody else writes the same at the same time.
const CONFLICTS: usize = 5;

/// Looks after the keys.
#[derive(Debug, Args)]
pub struct Command {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Replaces a key by a new one, and seals anew what the old one sealed. Done again, it goes on
    /// where it ended, and says when the old key can go.
    Rotate {
        /// Which key.
        which: Which,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Which {
    /// The one that seals the sign-ins of accounts and workspaces.
    Vault,
}

/// What came of it.
#[derive(Debug, Default)]
struct Sealed {
    anew: usize,
    shut: Vec<String>,
}

impl Sealed {
    /// One more was looked at.
    fn note(&mut self, name: impl Into<String>, came: Result<bool, Shut>) {
        match came {
            Ok(true) => self.anew += 1,
            Ok(false) => {}
            Err(Shut) => self.shut.push(name.into()),
        }
    }
}

impl Command {
    /// Does it.
    pub async fn run(self, data: &Path, settings: &Settings) -> anyhow::Result<Found> {
        let What::Rotate { which: Which::Vault } = self.what;
        let (_, store) = operate::office_and_store(data, settings).await?;
        let is_new = keys::replace_vault(data)?;
        let vault = keys::vault(data, Missing::DataAreThere)?;
        let mut sealed = Sealed::default();
        accounts(&store, &vault, &mut sealed).await?;
        installs(&store, &vault, &mut sealed).await?;
        let old = keys::old_vault(data)?.context("the old key is gone: put it back")?;
        say(&sealed, (is_new, &old), &mut std::io::stdout().lock())
    }
}

fn say(
    sealed: &Sealed,
    (is_new, old): (bool, &str),
    out: &mut impl Write,
) -> anyhow::Result<Found> {
    let Sealed { anew, shut } = sealed;
    writeln!(out, "sealed with the new key: {anew}; keep a copy of it elsewhere")?;
    for name in shut {
        writeln!(out, "{name} opens with neither key: it has to be connected again")?;
    }
    // What runs still seals with the old key until it has read the new one.
    if is_new || *anew > 0 || !shut.is_empty() {
        writeln!(
            out,
            "next: start Countersign anew wherever it runs, and do this again; the old key stays \
             in {old} until then"
        )?;
    } else {
        writeln!(
            out,
            "nothing is sealed with the old key any more: take {old} away, and keep the key as \
             long as you keep backups from before"
        )?;
    }
    Ok(if shut.is_empty() { Found::Intact } else { Found::Broken })
}

async fn accounts(store: &Sql, vault: &Vault, sealed: &mut Sealed) -> anyhow::Result<()> {
    for id in store.practices().await.context("reading the practices")? {
        let practice = store.practice(&id).await.context("reading a practice")?;
        let Some(practice) = practice else { continue };
        for account in practice.accounts.iter().chain(&practice.former_accounts) {
            let came = of_account(store, vault, (&practice, account)).await;
            let came = came.with_context(|| format!("sealing {id}'s {} anew", account.name))?;
            sealed.note(format!("{id}: {}", account.name), came);
        }
    }
    Ok(())
}

/// Whether it was sealed anew.
async fn of_account(
    store: &Sql,
    vault: &Vault,
    (practice, account): (&Practice, &Account),
) -> Result<Result<bool, Shut>, StoreError> {
    for _ in 0..CONFLICTS {
        let Some(kept) = store.credentials(&practice.id, &account.id).await? else {
            return Ok(Ok(false));
        };
        let on = On { practice: &practice.id, account, now: RealClock.now() };
        let anew = match token::anew(vault, on, &kept.sealed, RealChance.once()) {
            Ok(Some(sealed)) => KeptCredentials { sealed, ..kept },
            Ok(None) => return Ok(Ok(false)),
            Err(shut) => return Ok(Err(shut)),
        };
        match store.keep_credentials(&anew).await {
            Err(StoreError::Conflict) => {}
            done => return done.map(|()| Ok(true)),
        }
    }
    Err(StoreError::Conflict)
}

async fn installs(store: &Sql, vault: &Vault, sealed: &mut Sealed) -> anyhow::Result<()> {
    let all = store.installs(Platform::Slack).await.context("reading the installs of Slack")?;
    for kept in all.into_iter().filter(|kept| kept.gone.is_none()) {
        let name = kept.workspace.clone();
        let came = match Grant::anew(vault, &name, &kept.sealed, RealChance.once()) {
            Ok(Some(anew)) => {
                let kept = store.keep_install(&KeptInstall { sealed: anew, ..kept }).await;
                kept.with_context(|| format!("sealing {name} anew: do it again"))?;
                Ok(true)
            }
            Ok(None) => Ok(false),
            Err(shut) => Err(shut),
        };
        sealed.note(format!("Slack's workspace {name}"), came);
    }
    Ok(())
}
