//! From stored text and numbers back to values, naming table and column where that fails.

use std::str::FromStr;

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::error::DatabaseError;
use sqlx::postgres::PgDatabaseError;

use crate::domain::canonical;
use crate::ports::store::{StoreError, Stored};

/// SQLite's PERM, BUSY, LOCKED, NOMEM, READONLY, INTERRUPT, IOERR, CORRUPT, FULL, CANTOPEN,
/// PROTOCOL, NOLFS, AUTH and NOTADB.
const OUTSIDE: [i64; 14] = [3, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 22, 23, 26];
/// PostgreSQL's classes: connection, feature, transaction state, authorization, database name,
/// rollback, resources, state of an object, operator, system, configuration, internal.
const OUTSIDE_CLASSES: [&str; 12] =
    ["08", "0A", "25", "28", "3D", "40", "53", "55", "57", "58", "F0", "XX"];
/// PostgreSQL's "no right to do this".
const NO_RIGHT: &str = "42501";
/// PostgreSQL's serialization failure and deadlock.
const COLLISIONS: [&str; 2] = ["40001", "40P01"];

/// A row of a table, which names the table when the row can't be read.
pub(super) trait InTable {
    /// The table.
    const TABLE: &'static str;

    /// What is to be said when this column can't be read. It never says what stands there.
    fn damaged(column: &str) -> StoreError {
        StoreError::Damaged(format!("{}.{column} can't be read", Self::TABLE))
    }

    /// What is to be said when the driver could not read a row.
    fn unreadable(error: sqlx::Error) -> StoreError {
        match error {
            sqlx::Error::ColumnDecode { index, .. } => Self::damaged(index.trim_matches('"')),
            error => failed(error),
        }
    }

    /// Reads a word of the vocabulary.
    fn word<T: FromStr>(column: &str, text: &str) -> Stored<T> {
        text.parse().map_err(|_| Self::damaged(column))
    }

    /// Reads an instant.
    fn time(column: &str, micros: i64) -> Stored<Timestamp> {
        Timestamp::from_microsecond(micros).map_err(|_| Self::damaged(column))
    }

    /// Reads an instant that need not be there.
    fn time_if(column: &str, micros: Option<i64>) -> Stored<Option<Timestamp>> {
        micros.map(|micros| Self::time(column, micros)).transpose()
    }

    /// Reads JSON.
    fn json<T: DeserializeOwned>(column: &str, text: &str) -> Stored<T> {
        serde_json::from_str(text).map_err(|_| Self::damaged(column))
    }

    /// Reads JSON whose bytes were hashed: anything that was put in or spelled otherwise counts as
    /// damage, even where it would be read as the same.
    fn hashed<T: DeserializeOwned + Serialize>(column: &str, text: &str) -> Stored<T> {
        let value = Self::json(column, text)?;
        match canonical::to_json(&value) {
            Ok(spelled) if spelled == text => Ok(value),
            _ => Err(Self::damaged(column)),
        }
    }

    /// Reads a number of bytes in hexadecimal.
    fn hex<const N: usize>(column: &str, text: &str) -> Stored<[u8; N]> {
        canonical::hex::decode(text).ok_or_else(|| Self::damaged(column))
    }
}

/// What an engine's error means: somebody else was first, the database can't do anything now, or
/// it can't do this.
pub(super) fn failed(error: sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::Database(error) if error.is_unique_violation() => StoreError::Conflict,
        sqlx::Error::Database(error) if !is_outside(error.as_ref()) => {
            StoreError::Damaged(error.to_string())
        }
        error @ (sqlx::Error::ColumnDecode { .. } | sqlx::Error::RowNotFound) => {
            StoreError::Damaged(error.to_string())
        }
        error => StoreError::Failed(error.to_string()),
    }
}

/// The engine undid the transaction in favor of another.
pub(super) fn is_collision(error: &sqlx::Error) -> bool {
    sqlstate(error).is_some_and(|state| COLLISIONS.contains(&&*state))
}

/// What PostgreSQL calls the error.
pub(super) fn sqlstate(error: &sqlx::Error) -> Option<String> {
    let error = error.as_database_error()?.try_downcast_ref::<PgDatabaseError>()?;
    Some(error.code().to_owned())
}

/// The cause lies outside of what was asked: disk, locks, memory, rights.
fn is_outside(error: &dyn DatabaseError) -> bool {
    if let Some(error) = error.try_downcast_ref::<PgDatabaseError>() {
        let state = error.code();
        return state == NO_RIGHT || OUTSIDE_CLASSES.iter().any(|class| state.starts_with(class));
    }
    let code = error.code().and_then(|code| code.parse::<i64>().ok());
    // The low byte of SQLite's extended code is what the code is about.
    code.is_none_or(|code| OUTSIDE.contains(&(code & 0xff)))
}

/// Writes JSON.
pub(super) fn json(value: &impl Serialize) -> Stored<String> {
    serde_json::to_string(value).map_err(|error| StoreError::Damaged(error.to_string()))
}

/// Writes JSON that has one spelling, for what is hashed or looked up by.
pub(super) fn one_spelling(value: &impl Serialize) -> Stored<String> {
    canonical::to_json(value).map_err(|error| StoreError::Damaged(error.to_string()))
}

/// Goes on only if exactly one row was written: what was expected of it was so.
pub(super) fn exactly_one(rows: u64) -> Stored<()> {
    if rows == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

/// The place of something in a list.
pub(super) fn place(index: usize) -> i64 {
    i64::try_from(index).unwrap_or(i64::MAX)
}
