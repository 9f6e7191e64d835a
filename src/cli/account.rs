//! `account`: connects a practice's accounts on networks, and looks after them. Works while
//! `serve` runs.

use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};

use super::found::Found;
use super::hidden;
use super::keys::{self, Missing};
use super::operate;
use super::practice::known;
use super::world::{RealChance, RealClock};
use crate::app::accounts;
use crate::app::office::Office;
use crate::config::Settings;
use crate::domain::expiry::Expiry;
use crate::domain::ids::AccountId;
use crate::domain::network::Network;
use crate::domain::practice::{Account, Practice};
use crate::domain::secret::Secret;
use crate::domain::window::shown;
use crate::networks::Networks;
use crate::networks::token::Keyring;
use crate::ports::accounts::{Accounts, Typed};
use crate::ports::clock::Clock;
use crate::ports::credentials::KeepsCredentials;
use crate::ports::publisher::{On, Readiness};
use crate::ports::store::Store;

/// Where people have their accounts on Bluesky unless they say otherwise.
const BLUESKY: &str = "https://bsky.social";

/// Connects a practice's accounts on networks, and looks after them.
#[derive(Debug, Args)]
pub struct Command {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Connects an account, or connects it again. Its password is asked for, or read from the
    /// input; it is never an argument, which others on the machine could see.
    Add {
        /// Of which practice.
        practice: String,
        /// Which network.
        network: String,
        /// The account as its network calls it, such as northside.bsky.social.
        handle: String,
        /// The server's address, where the network has several.
        #[arg(long)]
        server: Option<String>,
        /// What cards call it; otherwise the network and the handle.
        #[arg(long)]
        name: Option<String>,
        /// A file with the password for apps, or the token.
        #[arg(long, value_name = "FILE")]
        secret_file: Option<PathBuf>,
    },
    /// Lists a practice's accounts, and whether anything can be done there.
    List {
        /// Of which practice.
        practice: String,
    },
    /// Asks each network whether the sign-in is good; one that is accepted again goes on.
    Test {
        /// Of which practice.
        practice: String,
        /// Which account; all of them without.
        account: Option<String>,
    },
    /// Disconnects an account, and forgets its sign-in. What it has published stays.
    Remove {
        /// Of which practice.
        practice: String,
        /// Which account.
        account: String,
    },
}

impl Command {
    /// Does it.
    pub async fn run(self, data: &Path, settings: &Settings) -> anyhow::Result<Found> {
        let (office, store) = operate::office_and_store(data, settings).await?;
        let kept = store.has_credentials().await.context("reading what is kept of accounts")?;
        let networks = open(data, settings, store, kept)?;
        let out = &mut std::io::stdout().lock();
        match self.what {
            What::Add { practice, network, handle, server, name, secret_file } => {
                let practice = known(&office, &practice).await?;
                let network = network_of(&network)?;
                let server = server_of(network, server)?;
                let secret = secret(secret_file.as_deref())?;
                let typed = Typed { network, server, handle, secret, now: office.now() };
                let name = name.as_deref();
                let account = accounts::connect(&office, &networks, &practice, (&typed, name));
                let Account { id, name, .. } = account.await?;
                writeln!(out, "connected: {name}, which `account test` and `remove` call {id}")?;
                if !kept {
                    writeln!(
                        out,
                        "next: start Countersign anew if it runs: it may have been started without \
                         the key vault, and posts there would wait"
                    )?;
                }
                Ok(Found::Intact)
            }
            What::List { practice } => {
                list(&networks, &known(&office, &practice).await?, out).await
            }
            What::Test { practice, account } => {
                let practice = known(&office, &practice).await?;
                test(&office, &networks, (&practice, account.as_deref()), out).await
            }
            What::Remove { practice, account } => {
                let practice = known(&office, &practice).await?;
                let account = account_of(&practice, &account)?;
                accounts::disconnect(&office, &networks, &practice, account).await?;
                writeln!(out, "disconnected: {}", account.name)?;
                Ok(Found::Intact)
            }
        }
    }
}

/// The networks with what is kept of accounts, where the key is there or anything is kept.
pub(super) async fn networks(
    data: &Path,
    settings: &Settings,
    store: Arc<dyn KeepsCredentials>,
) -> anyhow::Result<Option<Networks>> {
    let kept = store.has_credentials().await.context("reading what is kept of accounts")?;
    if !kept && !keys::has_vault(data)? {
        return Ok(None);
    }
    open(data, settings, store, kept).map(Some)
}

/// Says in the log which accounts are out of reach, as there is no key vault.
pub(super) async fn warn_without(store: &dyn Store) -> anyhow::Result<()> {
    for id in store.practices().await.context("reading the practices")? {
        let practice = store.practice(&id).await.context("reading a practice")?;
        let accounts = practice.map(|practice| practice.accounts).unwrap_or_default();
        if accounts.iter().any(|account| account.network != Network::Local) {
            tracing::warn!(
                practice.id = %id,
                "{id} has accounts on networks, and there is no key vault: their posts wait"
            );
        }
    }
    Ok(())
}

fn open(
    data: &Path,
    settings: &Settings,
    store: Arc<dyn KeepsCredentials>,
    kept: bool,
) -> anyhow::Result<Networks> {
    let vault = if kept {
        keys::vault(data, Missing::DataAreThere).context(
            "opening the sign-ins; with a new key every account has to be connected again",
        )?
    } else {
        keys::vault(data, Missing::NeverMade)?
    };
    let timeout = Duration::from_millis(settings.outbox.request_ms.into());
    Ok(Networks::new(Keyring::new(store, vault, Arc::new(RealChance)), timeout))
}

async fn list(
    networks: &Networks,
    practice: &Practice,
    out: &mut impl Write,
) -> anyhow::Result<Found> {
    if practice.accounts.is_empty() {
        writeln!(
            out,
            "{} has no account yet: `countersign account add` connects one",
            practice.name
        )?;
    }
    let now = RealClock.now();
    for account in &practice.accounts {
        let on = On { practice: &practice.id, account, now };
        let known = networks.state(on).await.context("reading its state")?;
        let state = match known.readiness {
            Readiness::Ready => "ready".to_owned(),
            Readiness::Busy(until) => {
                format!("the network asked to wait until {}", shown(until, &practice.zone))
            }
            Readiness::Out(why) => format!("has to be connected again: {why}"),
        };
        let ends = match known.expiry {
            Some(Expiry::At(ends)) => format!("; good until {}", shown(ends, &practice.zone)),
            Some(Expiry::Never | Expiry::Unknown) | None => String::new(),
        };
        let Account { id, network, name, server, .. } = account;
        writeln!(out, "{id}  {name} ({network}, {server}): {state}{ends}")?;
    }
    Ok(Found::Intact)
}

async fn test(
    office: &Office,
    networks: &Networks,
    (practice, only): (&Practice, Option<&str>),
    out: &mut impl Write,
) -> anyhow::Result<Found> {
    let chosen = only.map(|id| account_of(practice, id)).transpose()?;
    let mut found = Found::Intact;
    for account in practice.accounts.iter().filter(|a| chosen.is_none_or(|c| c.id == a.id)) {
        let on = On { practice: &practice.id, account, now: RealClock.now() };
        match networks.test(on).await {
            Ok(()) => writeln!(out, "{}: fine", account.name)?,
            Err(why) => {
                writeln!(out, "{}: {why}", account.name)?;
                found = Found::Broken;
            }
        }
    }
    accounts::tell(office, practice).await.context("telling who looks after it")?;
    Ok(found)
}

fn account_of<'a>(practice: &'a Practice, id: &str) -> anyhow::Result<&'a Account> {
    let all: Vec<&str> = practice.accounts.iter().map(|account| account.id.as_str()).collect();
    let account = practice.account(&AccountId::new(id));
    account.with_context(|| format!("there is no account {id}; there is {}", all.join(", ")))
}

fn network_of(word: &str) -> anyhow::Result<Network> {
    let all = Network::ALL.iter().filter(|network| **network != Network::Local);
    let all: Vec<&str> = all.map(|network| network.as_str()).collect();
    let network = word.parse().ok().filter(|network| *network != Network::Local);
    network
        .with_context(|| format!("there is no network {word:?}: it is one of {}", all.join(", ")))
}

fn server_of(network: Network, typed: Option<String>) -> anyhow::Result<String> {
    match (typed, network) {
        (Some(server), _) => Ok(server),
        (None, Network::Bluesky) => Ok(BLUESKY.to_owned()),
        (None, _) => bail!("--server has to name its address, such as https://example.org"),
    }
}

/// The secret: from a file, from the input, or typed where nobody sees it.
fn secret(file: Option<&Path>) -> anyhow::Result<Secret> {
    let text = match file {
        Some(file) => {
            std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?
        }
        None => typed().context("reading the password")?,
    };
    let text = text.trim();
    if text.is_empty() {
        bail!("no password came: type it, give --secret-file, or send it to the input");
    }
    Ok(Secret::new(text))
}

fn typed() -> anyhow::Result<String> {
    let input = std::io::stdin();
    if !input.is_terminal() {
        let mut line = String::new();
        input.lock().read_line(&mut line)?;
        return Ok(line);
    }
    hidden::ask("Password for apps, or token (it is not shown): ")
}
