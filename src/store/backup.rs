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

use super::db::{MIGRATIONS, statements};
use super::row::failed;
use super::sqlite::make_private;
use crate::ports::store::{StoreError, Stored};

statements! {
    /// In the copy, before anybody else has it.
    MARK = "UPDATE heads SET copied_at = $1";
}

/// Writes a copy of the database, as it is at one moment, into a new file.
pub async fn copy(database: &Path, to: &Path, at: Timestamp) -> Stored<()> {
    let made = make_private(to);
    made.map_err(|error| StoreError::Failed(format!("{}: {error}", to.display())))?;
    let name = to.to_str().filter(|name| !name.contains('\0'));
    let name = name.ok_or_else(|| StoreError::Failed("its path is no text".to_owned()))?;
    let into = AssertSqlSafe(format!("VACUUM INTO '{}'", name.replace('\'', "''")));
    let mut on = read(database).await?;
    let copied = sqlx::query(into).execute(&mut on).await;
    on.close().await.map_err(failed)?;
    copied.map_err(failed)?;
    mark(to, at).await
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
