//! Opening a SQLite file: one careful writer, some readers that can't write.

use std::fs::{OpenOptions, Permissions, metadata, set_permissions};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use sqlx::sqlite::{
    SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, Connection, Executor, SqlitePool};

use super::row::failed;
use crate::ports::store::{StoreError, Stored};

/// How long a writer waits for another process: longer than one that writes may be stopped for a
/// moment, for a database that does not answer is an alarm. Who has to answer sooner, as the gate
/// has to, waits no longer than that.
const BUSY: Duration = Duration::from_secs(8);
/// How often to try within that time what SQLite itself does not wait for.
const TRIES: u32 = 400;
/// SQLite's code for "somebody else holds a lock".
const LOCKED: &str = "5";
/// How long a task waits for the writer's turn in this process.
const TURN: Duration = Duration::from_secs(10);

/// Only the owner may read the file.
const PRIVATE: u32 = 0o600;

/// An open file.
pub(super) struct File {
    /// One connection that writes.
    pub(super) writer: SqlitePool,
    /// Some that can't.
    pub(super) reader: SqlitePool,
    /// The most pages that the file may have; 0 when there is no limit.
    pages: Arc<AtomicU32>,
}

impl File {
    /// Opens the file, or makes it.
    pub(super) async fn open(path: &Path) -> Stored<Self> {
        make_private(path)
            .map_err(|error| StoreError::Failed(format!("{}: {error}", path.display())))?;
        let pages = Arc::new(AtomicU32::new(0));
        let writer = writer(path, &pages).await?;
        Ok(Self { reader: readers(to_read(path)), writer, pages })
    }

    /// Opens the file for reading alone: what writes fails.
    pub(super) fn to_read(path: &Path) -> Self {
        let pages = Arc::new(AtomicU32::new(0));
        let pool = readers(to_look(path));
        Self { reader: pool.clone(), writer: pool, pages }
    }

    /// Makes a file that is thrown away when it can't be finished: nothing of it has to be on the
    /// disk before all of it has. It is one file at every moment.
    pub(super) async fn to_fill(path: &Path) -> Stored<Self> {
        let pages = Arc::new(AtomicU32::new(0));
        let options = careful(path)
            .journal_mode(SqliteJournalMode::Delete)
            .synchronous(SqliteSynchronous::Off);
        let writer = connect(one_writer(&pages), options).await?;
        Ok(Self { reader: readers(to_read(path)), writer, pages })
    }

    /// Closes every connection.
    pub(super) async fn close(self) {
        self.reader.close().await;
        self.writer.close().await;
    }

    /// What is damaged; nothing when it is whole.
    pub(super) async fn quick_check(&self) -> Stored<Vec<String>> {
        let mut on = self.reader.acquire().await.map_err(failed)?;
        let said: Vec<String> = sqlx::query_scalar("PRAGMA quick_check(5)")
            .fetch_all(&mut *on)
            .await
            .map_err(failed)?;
        Ok(said.into_iter().filter(|line| line != "ok").collect())
    }

    /// Limits the size of the file; `None` lifts the limit.
    pub(super) async fn limit(&self, most: Option<u32>) -> Stored<()> {
        self.pages.store(most.unwrap_or(0), Ordering::Relaxed);
        let mut on = self.writer.acquire().await.map_err(failed)?;
        let pragma = max_page_count(most.unwrap_or(u32::MAX - 1));
        on.execute(pragma).await.map(drop).map_err(failed)
    }
}

async fn writer(path: &Path, pages: &Arc<AtomicU32>) -> Stored<SqlitePool> {
    connect(one_writer(pages), careful(path)).await
}

fn careful(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .auto_vacuum(SqliteAutoVacuum::Incremental)
        .pragma("secure_delete", "ON")
        .foreign_keys(true)
        .busy_timeout(BUSY)
}

fn one_writer(pages: &Arc<AtomicU32>) -> SqlitePoolOptions {
    let pages = Arc::clone(pages);
    SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(TURN)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .after_connect(move |on, _| {
            let most = pages.load(Ordering::Relaxed);
            Box::pin(async move {
                if most > 0 {
                    on.execute(max_page_count(most)).await?;
                }
                Ok(())
            })
        })
        // SQLite undoes a transaction by itself when the disk is full; the driver then still
        // counts it as begun, and no other could begin on this connection.
        .before_acquire(|on, _| Box::pin(async move { Ok(!on.is_in_transaction()) }))
}

/// Turning a new file into one with a write-ahead log fails at once, without any waiting, when
/// another process does the same. So we wait ourselves.
async fn connect(pool: SqlitePoolOptions, options: SqliteConnectOptions) -> Stored<SqlitePool> {
    for _ in 1..TRIES {
        match pool.clone().connect_with(options.clone()).await {
            Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(LOCKED) => {
                tokio::time::sleep(BUSY / TRIES).await;
            }
            done => return done.map_err(failed),
        }
    }
    pool.connect_with(options).await.map_err(failed)
}

/// How a file is opened for a look that leaves nothing behind.
pub(super) fn to_look(path: &Path) -> SqliteConnectOptions {
    let is_beside = |end: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        Path::new(&name).exists()
    };
    // Without a log or a journal beside it nobody has the file open. Then it is told so, for SQLite
    // would leave an empty log there even when it only reads.
    to_read(path).immutable(!is_beside("-wal") && !is_beside("-journal"))
}

fn to_read(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new().filename(path).read_only(true).busy_timeout(BUSY)
}

fn readers(options: SqliteConnectOptions) -> SqlitePool {
    SqlitePoolOptions::new()
        .max_connections(3)
        .acquire_timeout(TURN)
        .test_before_acquire(false)
        .connect_lazy_with(options)
}

fn max_page_count(pages: u32) -> AssertSqlSafe<String> {
    AssertSqlSafe(format!("PRAGMA max_page_count = {pages}"))
}

/// Nobody but the owner may read the file, from its first moment on. One that its owner may not
/// write stays as it is: somebody wanted that.
pub(super) fn make_private(path: &Path) -> std::io::Result<()> {
    let new = OpenOptions::new().write(true).create_new(true).mode(PRIVATE).open(path);
    if let Err(error) = new
        && error.kind() != std::io::ErrorKind::AlreadyExists
    {
        return Err(error);
    }
    // By name: closing a handle of our own would drop SQLite's locks.
    if metadata(path)?.permissions().mode() & 0o200 == 0 {
        let why = "it is read-only, and the ledger has to be written";
        return Err(std::io::Error::new(std::io::ErrorKind::PermissionDenied, why));
    }
    set_permissions(path, Permissions::from_mode(PRIVATE))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The settings that SQLite does not keep in the file.
    #[tokio::test]
    async fn the_writer_is_careful_and_the_readers_cannot_write() {
        let dir = tempfile::tempdir().expect("a folder");
        let file = File::open(&dir.path().join("countersign.db")).await.expect("an open file");

        for (setting, expected) in [
            ("PRAGMA journal_mode", "wal"),
            ("PRAGMA synchronous", "2"),
            ("PRAGMA secure_delete", "1"),
            ("PRAGMA foreign_keys", "1"),
            ("PRAGMA busy_timeout", "8000"),
        ] {
            let row = sqlx::query(setting).fetch_one(&file.writer).await;
            let row = row.expect("a setting");
            let is = sqlx::Row::try_get_unchecked::<String, _>(&row, 0);
            assert_eq!(is.expect("its value"), expected, "{setting}");
        }
        let written = sqlx::query("CREATE TABLE a (b TEXT)").execute(&file.reader).await;
        assert!(written.is_err_and(|error| error.to_string().contains("readonly")));
    }
}
