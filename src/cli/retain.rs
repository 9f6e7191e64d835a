//! `retain`: shows what was kept long enough, and takes its words when that is wanted.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::Args;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::found::Found;
use super::keys::{self, Missing};
use super::world::{RealChance, RealClock};
use super::{origin, proof};
use crate::app::office::Office;
use crate::app::retain::{self, Plan};
use crate::config::Settings;
use crate::domain::ids::PracticeId;
use crate::domain::window::{instant, shown};
use crate::ports::clock::Clock;
use crate::store::{Place, Sql};

/// Shows what was kept longer than it has to be; with --purge, takes its texts and pictures.
///
/// Open posts and practices under legal hold are kept. What goes stays in the ledger as hashes and
/// times, and `verify` tells it from a deletion.
#[derive(Debug, Args)]
pub struct Retain {
    /// How long texts and pictures are kept after the last thing that happened to their post.
    #[arg(long, value_name = "N", default_value_t = 6, value_parser = clap::value_parser!(i16).range(1..=100))]
    years: i16,
    /// Everything whose post last changed before this day, instead of a number of years.
    #[arg(long, value_name = "YYYY-MM-DD", conflicts_with = "years")]
    before: Option<Date>,
    /// Takes what is shown. It can't be brought back but from a backup.
    #[arg(long)]
    purge: bool,
    /// Only this practice.
    #[arg(long, value_name = "ID")]
    practice: Option<String>,
    /// Puts a practice under legal hold: nothing of it goes until the hold is lifted.
    #[arg(long, value_name = "ID", conflicts_with_all = ["purge", "practice", "release_hold"])]
    hold: Option<String>,
    /// Lifts a practice's legal hold.
    #[arg(long, value_name = "ID", conflicts_with_all = ["purge", "practice"])]
    release_hold: Option<String>,
}

impl Retain {
    /// Shows it, or does it.
    pub async fn run(self, data: &Path, settings: &Settings) -> anyhow::Result<Found> {
        let place = proof::there(data, settings).await?;
        let out = &mut std::io::stdout().lock();
        let (on, off) = (self.hold.as_ref(), self.release_hold.as_ref());
        if let Some(id) = on.or(off) {
            let (_, office) = open(data, &place).await?;
            return hold(&office, id, on.is_some(), out).await;
        }
        let before = match self.before {
            Some(day) => instant(&TimeZone::UTC, day.at(0, 0, 0, 0)).context("reading the day")?,
            None => before(self.years)?,
        };
        let before = before.min(RealClock.now());
        if !self.purge {
            let store = Sql::open_to_read(&place).await.context("opening the database")?;
            return self.shows(&store, before, out).await;
        }
        let (store, office) = open(data, &place).await?;
        for practice in self.practices(office.store.as_ref()).await? {
            let plan = retain::plan(office.store.as_ref(), &practice, before).await;
            let plan = plan.context("reading the ledger")?;
            let purged = retain::purge(&office, &practice, &plan).await;
            purged.with_context(|| format!("purging {practice}"))?;
            let done = if plan.is_empty() { "nothing to purge" } else { "purged" };
            writeln!(out, "{practice}: {done}{}", told(&plan))?;
        }
        if !store.leave_nothing().await.context("emptying the log beside the database")? {
            bail!(
                "what was purged is out of the tables, but the log beside the database is in use and \
                 may have it still: run this again"
            );
        }
        writeln!(out, "Backups that were made before have it still")?;
        Ok(Found::Intact)
    }

    async fn shows(
        &self,
        store: &Sql,
        before: Timestamp,
        out: &mut impl Write,
    ) -> anyhow::Result<Found> {
        let mut some = false;
        for practice in self.practices(store).await? {
            let plan =
                retain::plan(store, &practice, before).await.context("reading the ledger")?;
            some |= !plan.is_empty();
            let would = if plan.is_empty() { "nothing would go" } else { "would go" };
            writeln!(out, "{practice}: {would}{}", told(&plan))?;
        }
        if some {
            writeln!(out, "Nothing was changed; --purge takes it")?;
        }
        Ok(Found::Intact)
    }

    async fn practices(
        &self,
        store: &dyn crate::ports::store::Store,
    ) -> anyhow::Result<Vec<PracticeId>> {
        let all = store.practices().await.context("reading the practices")?;
        match &self.practice {
            None => Ok(all),
            Some(id) => Ok(vec![known(&all, id)?]),
        }
    }
}

fn known(all: &[PracticeId], id: &str) -> anyhow::Result<PracticeId> {
    let found = all.iter().find(|practice| practice.as_str() == id);
    found.cloned().with_context(|| format!("there is no practice {id}"))
}

async fn open(data: &Path, place: &Place) -> anyhow::Result<(Arc<Sql>, Office)> {
    let keys = keys::read(data, Missing::DataAreThere)?;
    let (heads, public) = (data.join("heads.log"), keys.ledger.verifying_key());
    let store = Sql::open(place, keys.ledger, Some(heads.clone())).await;
    let store = Arc::new(store.context("opening the database")?);
    origin::mark(store.as_ref(), &heads, &public).await?;
    let office = Office::new(store.clone(), Arc::new(RealClock), Arc::new(RealChance), keys.trace);
    Ok((store, office))
}

async fn hold(office: &Office, id: &str, on: bool, out: &mut impl Write) -> anyhow::Result<Found> {
    let all = office.store.practices().await.context("reading the practices")?;
    let practice = known(&all, id)?;
    let changed = retain::hold(office, &practice, on).await.context("writing the ledger")?;
    let so = if on { "under legal hold" } else { "under no legal hold" };
    let now = if changed { "is now" } else { "was already" };
    writeln!(out, "{practice} {now} {so}")?;
    Ok(Found::Intact)
}

/// So many years ago.
fn before(years: i16) -> anyhow::Result<Timestamp> {
    let now = RealClock.now().to_zoned_datetime(TimeZone::UTC);
    let then = now.checked_sub(Span::new().years(years)).context("counting the years")?;
    Ok(then.timestamp())
}

fn told(plan: &Plan) -> String {
    if plan.on_hold {
        return "; it is under legal hold".to_owned();
    }
    let older = format!(" (older than {})", shown(plan.before, &TimeZone::UTC));
    if plan.is_empty() {
        return older;
    }
    let posts = || plan.posts.iter().chain(&plan.former);
    let loose = plan.loose.len() + plan.former_loose.len();
    let bodies = posts().map(|due| due.bodies.len()).sum::<usize>() + loose;
    let words = usize::try_from(plan.words).unwrap_or(0);
    let mut numbers: Vec<i64> = posts().map(|due| due.number).collect();
    numbers.sort_unstable();
    // What was imported before it ended has two chains.
    numbers.dedup();
    let all = [(numbers.len(), "post"), (bodies, "ledger text"), (words, "other text")];
    let some = all.iter().filter(|(count, _)| *count > 0).map(|(count, what)| match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    });
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    let posts =
        if numbers.is_empty() { String::new() } else { format!("; posts {}", numbers.join(", ")) };
    format!(": {}{older}{posts}", some.collect::<Vec<_>>().join(", "))
}
