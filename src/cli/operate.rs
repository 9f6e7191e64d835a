//! `stop` and `release`: for whoever runs Countersign, beside a running `serve` or without one.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use clap::Args;

use super::found::Found;
use super::keys::{self, Keys, Missing};
use super::world::{RealChance, RealClock};
use super::{instance, origin, proof};
use crate::app::office::Office;
use crate::app::operator;
use crate::config::Settings;
use crate::domain::ids::PracticeId;
use crate::store::Sql;

/// Stops everything of one practice, or of all: within seconds nothing leaves any more.
#[derive(Debug, Args)]
pub struct Stop {
    #[command(flatten)]
    whom: Whom,
}

/// Releases a stop. A practice that its own people stopped stays so when all are released.
#[derive(Debug, Args)]
pub struct Release {
    #[command(flatten)]
    whom: Whom,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Whom {
    /// The practice.
    #[arg(value_name = "PRACTICE")]
    practice: Option<String>,
    /// Every practice.
    #[arg(long)]
    all: bool,
}

impl Stop {
    /// Stops, and says what is leaving.
    pub async fn run(self, data: &Path, settings: &Settings) -> anyhow::Result<Found> {
        set(&office(data, settings).await?, self.whom, true, &mut std::io::stdout().lock()).await
    }
}

impl Release {
    /// Releases.
    pub async fn run(self, data: &Path, settings: &Settings) -> anyhow::Result<Found> {
        set(&office(data, settings).await?, self.whom, false, &mut std::io::stdout().lock()).await
    }
}

async fn set(
    office: &Office,
    whom: Whom,
    stopped: bool,
    out: &mut impl Write,
) -> anyhow::Result<Found> {
    let (what, changed, in_flight) = match whom.practice {
        None => {
            let changed = operator::stop_all(office, stopped).await;
            let changed = changed.context("writing it down")?;
            say(out, "every practice", stopped, changed)?;
            let told = operator::tell_all(office).await;
            let told = told.context("it counts, but not all are told: do it again to tell them")?;
            (None, changed, told)
        }
        Some(id) => {
            let practice = known(office, &id).await?;
            let done = operator::stop_one(office, &practice, stopped).await;
            let (changed, in_flight) = done.context("writing it down")?;
            (Some(id), changed, in_flight)
        }
    };
    if let Some(practice) = what {
        say(out, &practice, stopped, changed)?;
    }
    if stopped && in_flight.is_empty() {
        writeln!(out, "nothing is leaving")?;
    }
    for line in in_flight.iter().filter(|_| stopped) {
        writeln!(out, "{line}")?;
    }
    Ok(Found::Intact)
}

fn say(out: &mut impl Write, whom: &str, stopped: bool, changed: bool) -> std::io::Result<()> {
    let word = if stopped { "stopped" } else { "released" };
    match (changed, stopped) {
        (true, _) => writeln!(out, "{whom}: {word}"),
        (false, true) => writeln!(out, "{whom}: was stopped already"),
        (false, false) => writeln!(out, "{whom}: was not stopped"),
    }
}

async fn known(office: &Office, id: &str) -> anyhow::Result<PracticeId> {
    let practices = office.store.practices().await.context("reading the practices")?;
    let found = practices.iter().find(|practice| practice.as_str() == id).cloned();
    let ids: Vec<&str> = practices.iter().map(PracticeId::as_str).collect();
    found.with_context(|| format!("there is no practice {id}; there are: {}", ids.join(", ")))
}

/// What the command line acts with: the database that is there, and nobody to talk to.
pub(super) async fn office(data: &Path, settings: &Settings) -> anyhow::Result<Office> {
    office_and_store(data, settings).await.map(|(office, _)| office)
}

/// The same, and the database with what only parts of the command line need of it.
pub(super) async fn office_and_store(
    data: &Path,
    settings: &Settings,
) -> anyhow::Result<(Office, Arc<Sql>)> {
    let place = proof::there(data, settings).await?;
    let Keys { ledger, trace, .. } = keys::read(data, Missing::DataAreThere)?;
    let store = Sql::open(&place, ledger.clone(), Some(data.join("heads.log"))).await;
    let store = store.with_context(|| format!("opening the database {place}"))?;
    origin::mark(&store, &data.join("heads.log"), &ledger.verifying_key()).await?;
    instance::open(&store, &ledger).await?;
    instance::same_key(&store, &ledger).await?;
    let store = Arc::new(store);
    let office = Office::new(store.clone(), Arc::new(RealClock), Arc::new(RealChance), trace);
    Ok((office, store))
}
