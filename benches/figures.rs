//! Measures how fast the program is and how much it takes: `cargo bench --bench figures` all of
//! it, `cargo bench --bench figures -- claims` one by its name.
//!
//! `cargo test --bench figures` only sees that all of it works, with numbers that mean nothing.
//!
//! What it prints is the table of the README. SQLite always; PostgreSQL as well when
//! `COUNTERSIGN_TEST_POSTGRES` names a server. A machine is noisy, so that what is compared is
//! taken in turns, and what is said of many is their median.

#[path = "figures/acknowledgments.rs"]
mod acknowledgments;
#[path = "figures/approvals.rs"]
mod approvals;
#[path = "figures/catch_up.rs"]
mod catch_up;
#[path = "figures/claims.rs"]
mod claims;
#[path = "../tests/support/database.rs"]
#[expect(dead_code, reason = "the tests use all of it")]
mod database;
#[path = "figures/digests.rs"]
mod digests;
#[path = "figures/house.rs"]
mod house;
#[path = "figures/measure.rs"]
mod measure;
#[path = "figures/platform.rs"]
mod platform;
#[path = "figures/program.rs"]
mod program;
#[path = "figures/raw.rs"]
mod raw;
#[path = "figures/reaction.rs"]
mod reaction;

use database::TestDatabase;
use tempfile::TempDir;

/// What can be measured, in the order of the table.
const NAMES: [&str; 7] =
    ["approvals", "acknowledgments", "claims", "digests", "program", "catch-up", "reaction"];

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let unknown = wanted.iter().find(|name| !NAMES.contains(&name.as_str()));
    assert!(unknown.is_none(), "there is no {unknown:?}, but {NAMES:?}");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        measure::heading();
        for name in NAMES {
            if wanted.is_empty() || wanted.iter().any(|one| one == name) {
                take(name).await;
            }
        }
    });
}

async fn take(name: &str) {
    match name {
        "approvals" => {
            approvals::on_sqlite().await;
            approvals::on_postgres().await;
        }
        "acknowledgments" => {
            acknowledgments::on_sqlite().await;
            acknowledgments::on_postgres().await;
        }
        "claims" => {
            let ((_folder, few), (_other, many)) = (file(), file());
            claims::of("SQLite", &few, &many).await;
            if let Some(few) = TestDatabase::on_server().await
                && let Some(many) = TestDatabase::on_server().await
            {
                claims::of("PostgreSQL", &few, &many).await;
            }
        }
        "digests" => {
            let ((_folder, few), (_other, many)) = (file(), file());
            digests::of("SQLite", &few, &many).await;
            if let Some(few) = TestDatabase::on_server().await
                && let Some(many) = TestDatabase::on_server().await
            {
                digests::of("PostgreSQL", &few, &many).await;
            }
        }
        "program" => program::starts().await,
        "catch-up" => {
            on_both(catch_up::of_posts).await;
            on_both(catch_up::of_events).await;
        }
        _ => on_both(reaction::of).await,
    }
}

async fn on_both(of: impl AsyncFn(&str, &TestDatabase)) {
    let (_folder, database) = file();
    of("SQLite", &database).await;
    if let Some(database) = TestDatabase::on_server().await {
        of("PostgreSQL", &database).await;
    }
}

/// A file of a bench's own.
fn file() -> (TempDir, TestDatabase) {
    let folder = TempDir::new().expect("a folder");
    let database = TestDatabase::file(folder.path().join("countersign.db"));
    (folder, database)
}
