//! The connections, and the macro by which one SQL text runs on whichever engine is behind them.
//!
//! Native drivers, not a common denominator: each engine is a variant of [`Db`] and of [`Tx`], and
//! the macro `sql!` expands a statement once for each. Another engine is one more variant, one
//! more arm in the macro, and no second text of any statement.

use std::fs::{OpenOptions, Permissions, metadata, set_permissions};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, Connection, Executor, Sqlite, SqlitePool, Transaction};

use super::row::failed;
use crate::ports::store::{StoreError, Stored};

pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

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

/// An open database.
pub(super) enum Db {
    /// One connection that writes, and some that can't.
    Sqlite {
        writer: SqlitePool,
        reader: SqlitePool,
        /// The most pages that the file may have; 0 when there is no limit.
        pages: Arc<AtomicU32>,
    },
}

/// A transaction; what was not committed is undone when it is dropped.
pub(super) enum Tx {
    /// On SQLite.
    Sqlite(Transaction<'static, Sqlite>),
}

/// Runs a statement in a transaction, on the engine that it belongs to.
///
/// `sql!(tx.execute: SQL, a, b)` is the number of rows it wrote;
/// `sql!(tx.fetch_all as Row: SQL, a, b)` its rows, where `Row` knows its table;
/// `sql!(tx.fetch_one scalar i64: SQL, a, b)` its single column.
macro_rules! sql {
    ($tx:ident . execute : $sql:expr $(, $bind:expr)* $(,)?) => {
        match &mut *$tx {
            $crate::store::db::Tx::Sqlite(on) => sqlx::query($sql)$(.bind($bind))*
                .execute(&mut **on).await.map(|done| done.rows_affected()),
        }
        .map_err($crate::store::row::failed)
    };
    ($tx:ident . $fetch:ident scalar $type:ty : $sql:expr $(, $bind:expr)* $(,)?) => {
        match &mut *$tx {
            $crate::store::db::Tx::Sqlite(on) => sqlx::query_scalar::<_, $type>($sql)
                $(.bind($bind))*.$fetch(&mut **on).await,
        }
        .map_err($crate::store::row::failed)
    };
    ($tx:ident . $fetch:ident as $row:ty : $sql:expr $(, $bind:expr)* $(,)?) => {
        match &mut *$tx {
            $crate::store::db::Tx::Sqlite(on) => sqlx::query_as::<_, $row>($sql)
                $(.bind($bind))*.$fetch(&mut **on).await,
        }
        .map_err(<$row as $crate::store::row::InTable>::unreadable)
    };
}
pub(super) use sql;

/// Names statements, and lists them for the test that prepares every one.
macro_rules! statements {
    ($( $(#[$doc:meta])* $name:ident = $sql:expr; )+) => {
        $( $(#[$doc])* const $name: &str = $sql; )+
        pub(super) const STATEMENTS: &[(&str, &str)] = &[$( (stringify!($name), $name) ),+];
    };
}
pub(super) use statements;

impl Db {
    /// Opens the file, or makes it, and brings it up to date.
    pub(super) async fn open(path: &Path) -> Stored<Db> {
        make_private(path)
            .map_err(|error| StoreError::Failed(format!("{}: {error}", path.display())))?;
        let pages = Arc::new(AtomicU32::new(0));
        let writer = writer(path, &pages).await?;
        let db = Db::Sqlite { reader: reader(path), writer, pages };
        db.migrate().await?;
        Ok(db)
    }

    /// Opens the file to look into it: nothing is made, brought up to date or written.
    pub(super) fn open_to_read(path: &Path) -> Db {
        Db::Sqlite { writer: reader(path), reader: reader(path), pages: Arc::default() }
    }

    /// A transaction that sees one state of everything and writes nothing.
    pub(super) async fn read(&self) -> Stored<Tx> {
        let Db::Sqlite { reader, .. } = self;
        reader.begin().await.map(Tx::Sqlite).map_err(failed)
    }

    /// A transaction that may write. It takes the right to write at once: one that reads first
    /// and then writes would fail when another process wrote in between.
    pub(super) async fn write(&self) -> Stored<Tx> {
        let Db::Sqlite { writer, .. } = self;
        let begun = writer.begin_with("BEGIN IMMEDIATE").await;
        begun.map(Tx::Sqlite).map_err(failed)
    }

    /// Limits the size of the file; `None` lifts the limit.
    pub(super) async fn limit(&self, most: Option<u32>) -> Stored<()> {
        let Db::Sqlite { writer, pages, .. } = self;
        pages.store(most.unwrap_or(0), Ordering::Relaxed);
        let mut on = writer.acquire().await.map_err(failed)?;
        let pragma = max_page_count(most.unwrap_or(u32::MAX - 1));
        on.execute(pragma).await.map(drop).map_err(failed)
    }

    /// All in one transaction, so that of several processes that start at once one does it and the
    /// others find it done.
    async fn migrate(&self) -> Stored<()> {
        let mut tx = self.write().await?;
        let Tx::Sqlite(on) = &mut tx;
        // Not `run`: the compiler can't see that its future may change threads.
        let done = MIGRATIONS.run_direct(None, &mut **on, false).await;
        tx.end(done.map_err(|error| StoreError::Failed(error.to_string()))).await
    }
}

impl Tx {
    /// Commits what went well, and undoes what did not.
    pub(super) async fn end<T>(self, done: Stored<T>) -> Stored<T> {
        let Tx::Sqlite(tx) = self;
        match done {
            Ok(value) => tx.commit().await.map(|()| value).map_err(failed),
            Err(error) => {
                // A full disk has undone it already, and says so.
                tx.rollback().await.ok();
                Err(error)
            }
        }
    }
}

async fn writer(path: &Path, pages: &Arc<AtomicU32>) -> Stored<SqlitePool> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .auto_vacuum(SqliteAutoVacuum::Incremental)
        .pragma("secure_delete", "ON")
        .foreign_keys(true)
        .busy_timeout(BUSY);
    let pages = Arc::clone(pages);
    let pool = SqlitePoolOptions::new()
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
        .before_acquire(|on, _| Box::pin(async move { Ok(!on.is_in_transaction()) }));
    connect(pool, options).await
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

fn reader(path: &Path) -> SqlitePool {
    let options = SqliteConnectOptions::new().filename(path).read_only(true).busy_timeout(BUSY);
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
        let db = Db::open(&dir.path().join("countersign.db")).await;
        let Db::Sqlite { writer, reader, .. } = db.expect("an open database");

        for (setting, expected) in [
            ("PRAGMA journal_mode", "wal"),
            ("PRAGMA synchronous", "2"),
            ("PRAGMA secure_delete", "1"),
            ("PRAGMA foreign_keys", "1"),
            ("PRAGMA busy_timeout", "8000"),
        ] {
            let row = sqlx::query(setting).fetch_one(&writer).await;
            let row = row.expect("a setting");
            let is = sqlx::Row::try_get_unchecked::<String, _>(&row, 0);
            assert_eq!(is.expect("its value"), expected, "{setting}");
        }
        let written = sqlx::query("UPDATE counters SET last_event = 7").execute(&reader).await;
        assert!(written.is_err_and(|error| error.to_string().contains("readonly")));
    }
}
