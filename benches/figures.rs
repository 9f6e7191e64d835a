//! Measures how fast the program is and how much it takes: `cargo bench --bench figures`.
//!
//! SQLite always; PostgreSQL as well when `COUNTERSIGN_TEST_POSTGRES` names a server. A machine is
//! noisy, so that what is compared is taken in turns, and what is said of many is their median.

#[path = "figures/approvals.rs"]
mod approvals;
#[path = "figures/catch_up.rs"]
mod catch_up;
#[path = "figures/claims.rs"]
mod claims;
#[path = "../tests/support/database.rs"]
#[expect(dead_code, reason = "the tests use all of it")]
mod database;
#[path = "figures/house.rs"]
mod house;
#[path = "figures/measure.rs"]
mod measure;
#[path = "figures/program.rs"]
mod program;
#[path = "figures/raw.rs"]
mod raw;

use database::TestDatabase;
use tempfile::TempDir;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        measure::heading();
        program::starts().await;
        approvals::on_sqlite().await;
        approvals::on_postgres().await;
        for rows in [1_000, 1_000_000] {
            let (_folder, database) = file();
            claims::of(&database, "SQLite", rows).await;
            if let Some(database) = TestDatabase::on_server().await {
                claims::of(&database, "PostgreSQL", rows).await;
            }
        }
        let (_folder, database) = file();
        catch_up::of(&database, "SQLite").await;
        if let Some(database) = TestDatabase::on_server().await {
            catch_up::of(&database, "PostgreSQL").await;
        }
    });
}

/// A file of a bench's own.
fn file() -> (TempDir, TestDatabase) {
    let folder = TempDir::new().expect("a folder");
    let database = TestDatabase::file(folder.path().join("countersign.db"));
    (folder, database)
}
