//! A month of an agency that works for twenty-one practices, played by chance on a stopped clock.
//!
//! People act through the HTTP API of the local platform: they look at their channels, press what
//! they find there, put reactions on and take them off, write, edit and delete. The program is
//! wired as `serve` wires it, over a database, keys and a world that outlive it; only the clock is
//! the test's. Over the month the network is silent, late and unwilling, the platform is away or
//! heard by nobody, events come twice, late and in another order, the program breaks off and starts
//! again, summer time begins, people leave and join, policies change, and everything is stopped and
//! released. After each day, what is live was signed exactly so and is live once, nothing is lost,
//! the ledger tells the tables, no practice has words of another, and what must not be kept is
//! nowhere.
//!
//! `COUNTERSIGN_SIMULATION_SEED` repeats a run's chance, `COUNTERSIGN_SIMULATION_DAYS` sets how
//! many days it takes, `COUNTERSIGN_TEST_POSTGRES` names the server on which it happens as well.

#[path = "simulation/acts.rs"]
mod acts;
#[path = "simulation/api.rs"]
mod api;
#[path = "support/ask.rs"]
#[expect(dead_code, reason = "the platform's own tests need more of it")]
mod ask;
#[path = "simulation/book.rs"]
mod book;
#[path = "simulation/cast.rs"]
mod cast;
#[path = "chaos/chance.rs"]
#[expect(dead_code, reason = "the chaos test's run has another number")]
mod chance;
#[path = "simulation/changes.rs"]
mod changes;
#[path = "support/database.rs"]
#[expect(dead_code, reason = "the contracts' tests need more of it")]
mod database;
#[path = "simulation/deeds.rs"]
mod deeds;
#[path = "simulation/habits.rs"]
mod habits;
#[path = "simulation/house.rs"]
mod house;
#[path = "simulation/lost.rs"]
mod lost;
#[path = "simulation/month.rs"]
mod month;
#[path = "simulation/outside.rs"]
mod outside;
#[path = "simulation/rows.rs"]
mod rows;
#[path = "simulation/signatures.rs"]
mod signatures;
#[path = "simulation/time.rs"]
mod time;
#[path = "simulation/truth.rs"]
mod truth;
#[path = "simulation/walls.rs"]
mod walls;
#[path = "simulation/weather.rs"]
mod weather;
#[path = "simulation/wire.rs"]
mod wire;
#[path = "simulation/words.rs"]
mod words;

use std::io::{Write, stdout};

use tempfile::TempDir;

use database::TestDatabase;
use month::Month;
use truth::Truth;

/// So many days when nobody says how many.
const MONTH: u64 = 30;
/// The run's number when nobody gives one: every run of CI is the same.
const SEED: u64 = 20_270_301;
/// At least so many posts go live.
const LIVE: usize = 150;
/// What happens at least once, as the ledgers tell it.
const HAPPENS: [&str; 30] = [
    "published",
    "try-later",
    "refused",
    "unknown",
    "parked",
    "live",
    "not-live",
    "missed",
    "takedown",
    "removed",
    "submitted",
    "edited",
    "amended",
    "slot-moved",
    "signed",
    "unsigned",
    "declined",
    "reason-given",
    "held",
    "unheld",
    "recounted",
    "withdrawn",
    "card-deleted",
    "risk-set",
    "stopped",
    "released",
    "stopped-all",
    "member-joined",
    "member-left",
    "policy-set",
];

#[tokio::test]
async fn a_month_of_an_agency_publishes_what_was_signed_and_nothing_else() {
    let folder = TempDir::new().expect("a folder");
    let database = TestDatabase::file(folder.path().join("countersign.db"));
    plays((folder, database), "SQLite").await;
}

#[tokio::test]
async fn the_same_month_on_postgresql() {
    if let Some(database) = TestDatabase::on_server().await {
        plays((TempDir::new().expect("a folder"), database), "PostgreSQL").await;
    }
}

async fn plays(place: (TempDir, TestDatabase), engine: &str) {
    let seed = chance::number("COUNTERSIGN_SIMULATION_SEED").unwrap_or(SEED);
    let days = chance::number("COUNTERSIGN_SIMULATION_DAYS").unwrap_or(MONTH);
    let (mut month, mut truth) = (Month::open(place, seed).await, Truth::default());
    say(&format!("{engine}: seed {seed}, {days} days, {} practices", month.practices.len()));

    let mut live = 0;
    for day in 1..=days {
        month.day(day).await;
        let found = truth.of(&month).await;
        live = found.live;
        if day % 10 == 0 || day == days {
            say(&format!("{engine}: day {day}: {found}"));
        }
    }
    say(&format!("{engine}: acts: {}", month.counts()));
    say(&format!("{engine}: entries: {:?}", truth.book.kinds));

    if days >= MONTH {
        assert!(live >= LIVE, "little was played: {live} went live");
        let never = HAPPENS.iter().filter(|kind| !truth.book.kinds.contains_key(**kind));
        assert_eq!(never.collect::<Vec<_>>(), Vec::<&&str>::new(), "never happened");
    }
}

fn say(line: &str) {
    // Past the test's own capture: the numbers are what somebody needs to repeat it.
    writeln!(stdout().lock(), "{line}").expect("an output");
}
