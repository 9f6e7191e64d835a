//! `verify`, `certificate` and `export` over a practice that did its work, and was then tampered
//! with.

mod attested;
mod files;
mod instance;
mod one_post;
mod tamper;
mod whole;

use std::path::{Path, PathBuf};

use countersign::cli::found::Found;
use countersign::cli::heads::Outside;
use countersign::cli::verify;
use countersign::ports::store::Store;
use countersign::store::Sql;
use ed25519_dalek::VerifyingKey;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection};
use tempfile::TempDir;

use crate::support::{TestPractice, ledger_key};

/// A practice with a post that is live, and one that waits for its sign-off.
async fn at_work() -> TestPractice {
    let practice = TestPractice::open_on_a_file(|_| {}).await;
    let tomas = practice.person("tomas");
    tomas.shows("Flu shots this Saturday.", "A nurse with a bandage").await;
    practice.settle().await;
    tomas.presses("Make a post").await;
    practice.settle().await;
    tomas.presses("Send for signature").await;
    practice.settle().await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;
    tomas.submits("Closed on Thanksgiving.").await;
    practice
}

fn public_key() -> VerifyingKey {
    ledger_key().verifying_key()
}

fn database(practice: &TestPractice) -> PathBuf {
    practice.folder.path().join("countersign.db")
}

fn heads_log(practice: &TestPractice) -> String {
    std::fs::read_to_string(practice.folder.path().join("heads.log")).expect("a log")
}

/// What `verify` says of a database as it is now.
async fn verified(store: &dyn Store, outside: &[Outside]) -> (Found, String) {
    let mut out = Vec::new();
    let found = verify::run(store, &public_key(), outside, &mut out).await.expect("looks");
    (found, String::from_utf8(out).expect("words"))
}

/// A database as it was at some moment, which nobody guards.
struct Copy {
    folder: TempDir,
    store: Sql,
}

impl Copy {
    async fn of(practice: &TestPractice) -> Self {
        let folder = TempDir::new().expect("a folder");
        let copy = practice.database.copy(folder.path().join("countersign.db")).await;
        let store = Sql::open(&copy.place, ledger_key(), None).await.expect("opens");
        Self { folder, store }
    }

    /// Changes it behind everybody's back. At least one row must change.
    async fn tamper(&self, statements: &str) {
        let mut door = back_door(&self.folder.path().join("countersign.db")).await;
        let mut changed = 0;
        for one in statements.split(';').filter(|one| !one.trim().is_empty()) {
            let done = sqlx::query(AssertSqlSafe(one.to_owned())).execute(&mut door).await;
            changed += done.expect(one).rows_affected();
        }
        door.close().await.expect("closes");
        assert!(changed > 0, "nothing changed: {statements}");
    }
}

async fn back_door(file: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(file).foreign_keys(false);
    SqliteConnection::connect_with(&options).await.expect("opens")
}

/// The first entry of this kind.
async fn seq_of(practice: &TestPractice, kind: &str) -> usize {
    let kinds = practice.ledger().await;
    kinds.iter().position(|is| is == kind).expect("there is one") + 1
}
