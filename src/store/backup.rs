//! Copies of the database: taken while others write, marked as copies, and checked as they lie.
//!
//! A copy is a SQLite file, whatever engine it was taken from: it is read, folded and verified by
//! the same code as the database itself, needs no reader of its own, and one engine's copy can
//! become the other's database, as both have the same tables from the same migrations.
//!
//! The mark is set in the copy alone. Whoever opens a copy as a database finds it, so that a copy
//! never goes on as if nothing had happened since.

use std::path::Path;

use jiff::Timestamp;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

use super::db::{Db, Ended, MIGRATIONS, Tx, on_either, statements};
use super::place::Place;
use super::row::failed;
use super::sqlite::make_private;
use super::transfer::{tables, transfer};
use crate::ports::store::{StoreError, Stored};

statements! {
    /// In the copy, before anybody else has it.
    MARK = "UPDATE heads SET copied_at = $1";
}

/// What was done to the tables of a database.
const DONE: &str = "SELECT COUNT(*) FROM _sqlx_migrations";
/// How large a database on a server is.
const SIZE: &str = "SELECT pg_database_size(current_database())";

/// Writes a copy of the database, as it is at one moment, into a new file.
pub async fn copy(database: &Place, to: &Path, at: Timestamp) -> Stored<()> {
    let made = make_private(to);
    made.map_err(|error| StoreError::Failed(format!("{}: {error}", to.display())))?;
    match database {
        Place::File(file) => of_file(file, to).await?,
        Place::Server(_) => of_server(database, to).await?,
    }
    mark(to, at).await
}

/// About how many bytes a copy may need.
pub async fn size(database: &Place) -> Stored<u64> {
    match database {
        Place::File(file) => {
            let mut log = file.as_os_str().to_owned();
            log.push("-wal");
            let sizes = [file.as_os_str(), &log].map(std::fs::metadata);
            Ok(sizes.into_iter().map(|file| file.map_or(0, |file| file.len())).sum())
        }
        Place::Server(_) => {
            let tx = &mut Db::to_read(database).await?.read().await?;
            let size: i64 = on_either!(tx, on => sqlx::query_scalar(SIZE).fetch_one(on).await)
                .map_err(failed)?;
            Ok(size.unsigned_abs())
        }
    }
}

async fn of_file(file: &Path, to: &Path) -> Stored<()> {
    let name = to.to_str().filter(|name| !name.contains('\0'));
    let name = name.ok_or_else(|| StoreError::Failed("its path is no text".to_owned()))?;
    let into = AssertSqlSafe(format!("VACUUM INTO '{}'", name.replace('\'', "''")));
    let mut on = read(file).await?;
    let copied = sqlx::query(into).execute(&mut on).await;
    on.close().await.map_err(failed)?;
    copied.map(drop).map_err(failed)
}

/// All of it is read in one transaction, which sees one moment and keeps nobody from writing.
async fn of_server(server: &Place, to: &Path) -> Stored<()> {
    let (server, file) = (Db::to_read(server).await?, Db::to_fill(to).await?);
    let (mut from, mut into) = (server.read().await?, file.write().await?);
    let filled = fill(&mut from, &mut into).await;
    drop(from);
    let done = match into.end(filled).await {
        Ended::Done(done) => done,
        Ended::Collided(error) => Err(error),
    };
    file.close().await;
    server.close().await;
    done
}

async fn fill(from: &mut Tx, into: &mut Tx) -> Stored<()> {
    let tables = tables(into).await?;
    has_these_tables(from).await?;
    transfer(from, into, &tables).await
}

/// Nobody has changed its tables since it was looked at.
pub(super) async fn has_these_tables(tx: &mut Tx) -> Stored<()> {
    let done: i64 =
        on_either!(tx, on => sqlx::query_scalar(DONE).fetch_one(on).await).map_err(failed)?;
    if usize::try_from(done) == Ok(MIGRATIONS.iter().count()) {
        return Ok(());
    }
    Err(StoreError::Damaged("its tables are those of another version".to_owned()))
}

/// Every page of the file is as SQLite wrote it, and its tables are those of this program.
pub async fn is_sound(copy: &Path) -> Stored<()> {
    let mut on = read(copy).await?;
    let said: Result<String, _> =
        sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_one(&mut on).await;
    on.close().await.map_err(failed)?;
    match said.map_err(failed)?.as_str() {
        "ok" => Ok(()),
        why => Err(StoreError::Damaged(why.to_owned())),
    }
}

/// The last change to the tables that this program knows.
pub fn schema() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
}

async fn mark(copy: &Path, at: Timestamp) -> Stored<()> {
    let options =
        SqliteConnectOptions::new().filename(copy).journal_mode(SqliteJournalMode::Delete);
    let mut on = options.connect().await.map_err(failed)?;
    let marked = sqlx::query(MARK).bind(at.as_microsecond()).execute(&mut on).await;
    on.close().await.map_err(failed)?;
    marked.map(drop).map_err(failed)
}

async fn read(file: &Path) -> Stored<SqliteConnection> {
    SqliteConnectOptions::new().filename(file).read_only(true).connect().await.map_err(failed)
}
