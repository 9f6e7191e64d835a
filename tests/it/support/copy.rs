//! A database that is copied, and put back later while the world has gone on.

use std::fs;
use std::path::{Path, PathBuf};

use countersign::cli::origin;
use countersign::ports::clock::Clock;
use countersign::store;
use sqlx::{AssertSqlSafe, Connection, Executor, SqliteConnection};

use super::{TestPractice, ledger_key};

impl TestPractice {
    /// Copies the database as `backup` does.
    pub async fn is_backed_up(&self) -> PathBuf {
        let to = self.free_name();
        store::copy(&self.database.place, &to, self.clock.now()).await.expect("copied");
        self.note("-- backup");
        to
    }

    /// Copies the database as any program does that copies files.
    pub async fn is_copied_by_hand(&self) -> PathBuf {
        let to = self.free_name();
        let url = format!("sqlite://{}", self.database().display());
        let mut on = SqliteConnection::connect(&url).await.expect("a database");
        let into = AssertSqlSafe(format!("VACUUM INTO '{}'", to.display()));
        on.execute(into).await.expect("copied");
        self.note("-- copy by hand");
        to
    }

    /// The process ends, the copy takes the database's place, and the process starts again.
    pub async fn is_put_back(&mut self, copy: &Path) {
        self.takes_the_place(copy);
        self.restarts().await;
    }

    /// The same, and nothing is recognised: something else than `serve` opens it first.
    pub async fn is_put_back_unseen(&mut self, copy: &Path) {
        self.takes_the_place(copy);
        self.opens_again().await;
    }

    /// The same, and each start dies when its disk has no more than so many further pages; after
    /// each there is more room. How many died.
    pub async fn is_put_back_and_dies(&mut self, copy: &Path, room: u32) -> usize {
        self.takes_the_place(copy);
        let (heads, key) = (self.folder.path().join("heads.log"), ledger_key().verifying_key());
        for deaths in 0.. {
            self.opens_again().await;
            let pages = self.pages().await;
            self.sql.limit_pages(Some(pages + room)).await.expect("limited");
            let recognised = origin::recognise(&self.office, &heads, &key).await;
            self.sql.limit_pages(None).await.expect("room again");
            if recognised.is_ok() {
                return deaths;
            }
        }
        unreachable!("it goes on until it is done")
    }

    async fn pages(&self) -> u32 {
        let url = format!("sqlite://{}", self.database().display());
        let mut on = SqliteConnection::connect(&url).await.expect("a database");
        sqlx::query_scalar("PRAGMA page_count").fetch_one(&mut on).await.expect("pages")
    }

    fn takes_the_place(&self, copy: &Path) {
        for beside in ["-wal", "-shm"] {
            fs::remove_file(self.folder.path().join(format!("countersign.db{beside}"))).ok();
        }
        let fresh = copy.with_extension("fresh");
        fs::copy(copy, &fresh).expect("copied");
        fs::rename(&fresh, self.database()).expect("put back");
    }

    /// As at every start of the program.
    pub(super) async fn recognises(&self) {
        let heads = self.folder.path().join("heads.log");
        let key = ledger_key().verifying_key();
        origin::recognise(&self.office, &heads, &key).await.expect("recognised");
    }

    fn database(&self) -> PathBuf {
        self.folder.path().join("countersign.db")
    }

    fn free_name(&self) -> PathBuf {
        let name = |n: usize| self.folder.path().join(format!("copy-{n}.db"));
        (1..100).map(name).find(|path| !path.exists()).expect("a free name")
    }
}
