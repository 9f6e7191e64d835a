//! An open database, and the macros by which one SQL text runs on whichever engine is behind it.
//!
//! Native drivers, not a common denominator: each engine is a variant of [`Db`] and of [`Tx`], and
//! the macro `sql!` expands a statement once for each. Another engine is one more variant, one
//! more arm in the macro, and no second text of any statement.

use std::ops::{Deref, DerefMut};
use std::path::Path;

use sqlx::migrate::{Migrate, MigrateError, Migrator};
use sqlx::pool::PoolConnection;
use sqlx::{Database, PgPool, Postgres, Sqlite, SqlitePool, Transaction};

use super::place::Place;
use super::postgres;
use super::row::{failed, is_collision};
use super::sqlite::File;
use crate::ports::store::{StoreError, Stored};

/// What makes the schema. It takes no lock of its own: all of it is one transaction, and whoever
/// comes second does it again and finds it done.
pub(super) static MIGRATIONS: Migrator = {
    let mut all = sqlx::migrate!("./migrations");
    all.locking = false;
    all
};

/// How often a transaction is begun again that the engine undid in favor of another.
pub(super) const AGAIN: usize = 8;

/// An open database.
pub(super) enum Db {
    /// SQLite.
    Sqlite(File),
    /// PostgreSQL.
    Pg(PgPool),
}

/// A transaction; what was not committed is undone when it is dropped. Or a connection for a
/// single statement, which is a transaction by itself.
pub(super) enum Tx {
    /// On SQLite.
    Sqlite(On<Sqlite>),
    /// On PostgreSQL.
    Pg(PgTx),
}

/// What statements run on.
pub(super) enum On<D: Database> {
    /// A transaction.
    Many(Transaction<'static, D>),
    /// A connection that no transaction was begun on.
    One(PoolConnection<D>),
}

/// A transaction on PostgreSQL.
pub(super) struct PgTx {
    /// What its statements run on.
    pub(super) on: On<Postgres>,
    /// The server undid it in favor of another.
    collided: bool,
}

/// How a transaction ended that writes.
pub(super) enum Ended<T> {
    /// As it was asked to: committed, or undone for a reason of its own.
    Done(Stored<T>),
    /// The engine undid it in favor of another that ran at the same time; the same again may do.
    Collided(StoreError),
}

/// Runs an expression on the connection of a transaction, whichever engine that is.
macro_rules! on_either {
    ($tx:ident, $on:ident => $work:expr) => {
        match &mut *$tx {
            $crate::store::db::Tx::Sqlite(tx) => {
                let $on = &mut **tx;
                $work
            }
            $crate::store::db::Tx::Pg(tx) => {
                let $on = &mut *tx.on;
                let done = $work;
                done.inspect_err(|error| tx.saw(error))
            }
        }
    };
}
pub(super) use on_either;

/// Runs a statement in a transaction, on the engine that it belongs to.
///
/// `sql!(tx.execute: SQL, a, b)` is the number of rows it wrote;
/// `sql!(tx.fetch_all as Row: SQL, a, b)` its rows, where `Row` knows its table;
/// `sql!(tx.fetch_one scalar i64: SQL, a, b)` its single column.
macro_rules! sql {
    ($tx:ident . execute : $sql:expr $(, $bind:expr)* $(,)?) => {
        $crate::store::db::on_either!($tx, on => sqlx::query($sql)$(.bind($bind))*
            .execute(on).await.map(|done| done.rows_affected()))
        .map_err($crate::store::row::failed)
    };
    ($tx:ident . $fetch:ident scalar $type:ty : $sql:expr $(, $bind:expr)* $(,)?) => {
        $crate::store::db::on_either!($tx, on => sqlx::query_scalar::<_, $type>($sql)
            $(.bind($bind))*.$fetch(on).await)
        .map_err($crate::store::row::failed)
    };
    ($tx:ident . $fetch:ident as $row:ty : $sql:expr $(, $bind:expr)* $(,)?) => {
        $crate::store::db::on_either!($tx, on => sqlx::query_as::<_, $row>($sql)
            $(.bind($bind))*.$fetch(on).await)
        .map_err(<$row as $crate::store::row::InTable>::unreadable)
    };
}
pub(super) use sql;

/// Does `$work` in a transaction of its own, whole or not at all; again when the engine undid it
/// in favor of another.
macro_rules! writing {
    ($db:expr, $tx:ident => $work:expr) => {{
        let mut tries = 0;
        loop {
            let mut own = $db.write().await?;
            let $tx = &mut own;
            let done = $work.await;
            match own.end(done).await {
                $crate::store::db::Ended::Done(done) => break done,
                $crate::store::db::Ended::Collided(error) if tries == $crate::store::db::AGAIN => {
                    break Err(error);
                }
                $crate::store::db::Ended::Collided(_) => tries += 1,
            }
        }
    }};
}
pub(super) use writing;

/// Names statements, and lists them for the test that prepares every one.
macro_rules! statements {
    ($( $(#[$doc:meta])* $name:ident = $sql:expr; )+) => {
        $( $(#[$doc])* const $name: &str = $sql; )+
        pub(super) const STATEMENTS: &[(&str, &str)] = &[$( (stringify!($name), $name) ),+];
    };
}
pub(super) use statements;

impl Db {
    /// Opens the database, or makes it, and brings it up to date.
    pub(super) async fn open(place: &Place) -> Stored<Db> {
        let db = Self::open_as_it_is(place).await?;
        db.migrate().await?;
        Ok(db)
    }

    /// Opens the database, or makes it, and does nothing to its tables.
    pub(super) async fn open_as_it_is(place: &Place) -> Stored<Db> {
        Ok(match place {
            Place::File(path) => Db::Sqlite(File::open(path).await?),
            Place::Server(options) => Db::Pg(postgres::open(options).await?),
        })
    }

    /// Makes a new file with the tables of this version, to be filled by one who writes the whole.
    pub(super) async fn to_fill(path: &Path) -> Stored<Db> {
        let db = Db::Sqlite(File::to_fill(path).await?);
        db.migrate().await?;
        Ok(db)
    }

    /// Closes every connection.
    pub(super) async fn close(self) {
        match self {
            Db::Sqlite(file) => file.close().await,
            Db::Pg(pool) => pool.close().await,
        }
    }

    /// Opens the database for reading alone.
    pub(super) async fn to_read(place: &Place) -> Stored<Db> {
        Ok(match place {
            Place::File(path) => Db::Sqlite(File::to_read(path)),
            Place::Server(options) => Db::Pg(postgres::to_read(options).await?),
        })
    }

    /// What is damaged in the file; nothing when it is whole.
    pub(super) async fn quick_check(&self) -> Stored<Vec<String>> {
        match self {
            Db::Sqlite(file) => file.quick_check().await,
            Db::Pg(_) => Ok(Vec::new()),
        }
    }

    /// For a single statement that reads: it sees one state of everything without a transaction,
    /// and beginning one would take as long as the statement.
    pub(super) async fn look(&self) -> Stored<Tx> {
        match self {
            Db::Sqlite(file) => file.reader.acquire().await.map(|on| Tx::Sqlite(On::One(on))),
            Db::Pg(pool) => pool.acquire().await.map(|on| Tx::pg(On::One(on))),
        }
        .map_err(failed)
    }

    /// A transaction that sees one state of everything and writes nothing.
    pub(super) async fn read(&self) -> Stored<Tx> {
        match self {
            Db::Sqlite(file) => file.reader.begin().await.map(Tx::sqlite),
            Db::Pg(pool) => pool.begin_with(postgres::READ).await.map(|tx| Tx::pg(On::Many(tx))),
        }
        .map_err(failed)
    }

    /// A transaction that may write. On SQLite it takes the right to write at once: one that reads
    /// first and then writes would fail when another process wrote in between.
    pub(super) async fn write(&self) -> Stored<Tx> {
        match self {
            Db::Sqlite(file) => file.writer.begin_with("BEGIN IMMEDIATE").await.map(Tx::sqlite),
            Db::Pg(pool) => pool.begin_with(postgres::WRITE).await.map(|tx| Tx::pg(On::Many(tx))),
        }
        .map_err(failed)
    }

    /// The one connection that writes to a file.
    pub(super) fn writer(&self) -> Option<SqlitePool> {
        match self {
            Db::Sqlite(file) => Some(file.writer.clone()),
            Db::Pg(_) => None,
        }
    }

    /// Limits the size of a file; `None` lifts the limit.
    pub(super) async fn limit(&self, most: Option<u32>) -> Stored<()> {
        match self {
            Db::Sqlite(file) => file.limit(most).await,
            Db::Pg(_) => Err(StoreError::Damaged("a server has no pages to limit".to_owned())),
        }
    }

    /// All in one transaction, so that of several processes that start at once one does it and the
    /// others find it done.
    async fn migrate(&self) -> Stored<()> {
        writing!(self, tx => up_to_date(tx))
    }
}

impl Tx {
    pub(super) fn sqlite(tx: Transaction<'static, Sqlite>) -> Self {
        Tx::Sqlite(On::Many(tx))
    }

    fn pg(on: On<Postgres>) -> Self {
        Tx::Pg(PgTx { on, collided: false })
    }

    /// Commits what went well, and undoes what did not.
    pub(super) async fn end<T>(self, done: Stored<T>) -> Ended<T> {
        match (done, self) {
            (Ok(value), Tx::Sqlite(tx)) => Ended::of(value, tx.commit().await),
            (Ok(value), Tx::Pg(tx)) => Ended::of(value, tx.on.commit().await),
            (Err(error), Tx::Sqlite(tx)) => {
                // A full disk has undone it already, and says so.
                tx.rollback().await.ok();
                Ended::Done(Err(error))
            }
            (Err(error), Tx::Pg(tx)) => {
                // A connection that is gone has undone it already.
                tx.on.rollback().await.ok();
                if tx.collided { Ended::Collided(error) } else { Ended::Done(Err(error)) }
            }
        }
    }
}

impl<D: Database> On<D> {
    async fn commit(self) -> sqlx::Result<()> {
        match self {
            On::Many(tx) => tx.commit().await,
            On::One(_) => Ok(()),
        }
    }

    async fn rollback(self) -> sqlx::Result<()> {
        match self {
            On::Many(tx) => tx.rollback().await,
            On::One(_) => Ok(()),
        }
    }
}

impl<D: Database> Deref for On<D> {
    type Target = D::Connection;

    fn deref(&self) -> &D::Connection {
        match self {
            On::Many(tx) => tx,
            On::One(on) => on,
        }
    }
}

impl<D: Database> DerefMut for On<D> {
    fn deref_mut(&mut self) -> &mut D::Connection {
        match self {
            On::Many(tx) => tx,
            On::One(on) => on,
        }
    }
}

impl<T> Ended<T> {
    fn of(value: T, committed: sqlx::Result<()>) -> Self {
        match committed {
            Ok(()) => Ended::Done(Ok(value)),
            Err(error) if is_collision(&error) => Ended::Collided(failed(error)),
            Err(error) => Ended::Done(Err(failed(error))),
        }
    }
}

impl PgTx {
    /// Remembers why a statement failed.
    pub(super) fn saw(&mut self, error: &sqlx::Error) {
        self.collided |= is_collision(error);
    }
}

/// Does to the tables what this version does and was not done yet.
pub(super) async fn up_to_date(tx: &mut Tx) -> Stored<()> {
    match tx {
        Tx::Sqlite(on) => run(&mut **on).await.map_err(|error| said(&error)),
        Tx::Pg(tx) => {
            let done = run(&mut *tx.on).await;
            done.map_err(|error| {
                tx.collided |= postgres::was_made_by_another(&error);
                postgres::may_not(&error).unwrap_or_else(|| said(&error))
            })
        }
    }
}

/// Not `Migrator::run`: the compiler can't see that its future may change threads.
async fn run(on: &mut impl Migrate) -> Result<(), MigrateError> {
    MIGRATIONS.run_direct(None, on, false).await
}

fn said(error: &MigrateError) -> StoreError {
    StoreError::Failed(error.to_string())
}
