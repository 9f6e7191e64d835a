//! Texts that somebody looked at and said to be about no patient, by their keyed hashes.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::FromRow;

use super::db::{Tx, sql, statements};
use super::row::InTable;
use crate::domain::ids::PracticeId;
use crate::ports::store::Stored;

statements! {
    INSERT = "INSERT INTO attested (practice_id, trace, attested_at) VALUES ($1, $2, $3)
        ON CONFLICT (practice_id, trace) DO NOTHING";
    EACH = "SELECT trace, attested_at FROM attested WHERE practice_id = $1";
    KNOWN = "SELECT 1 AS one FROM attested WHERE practice_id = $1 AND trace = $2";
}

#[derive(FromRow)]
struct AttestedRow {
    trace: String,
    attested_at: i64,
}

impl InTable for AttestedRow {
    const TABLE: &'static str = "attested";
}

/// Lets these texts pass from now on.
pub(super) async fn put(
    tx: &mut Tx,
    whose: &PracticeId,
    traces: &[String],
    at: Timestamp,
) -> Stored<()> {
    for trace in traces {
        sql!(tx.execute: INSERT, whose.as_str(), trace, at.as_microsecond())?;
    }
    Ok(())
}

/// All of these texts may pass.
pub(super) async fn all(tx: &mut Tx, whose: &PracticeId, traces: &[String]) -> Stored<bool> {
    for trace in traces {
        let known = sql!(tx.fetch_optional scalar i32: KNOWN, whose.as_str(), trace)?;
        if known.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Every text that may pass, and since when.
pub(super) async fn each(tx: &mut Tx, whose: &PracticeId) -> Stored<BTreeMap<String, Timestamp>> {
    let rows = sql!(tx.fetch_all as AttestedRow: EACH, whose.as_str())?;
    let read =
        |row: AttestedRow| Ok((row.trace, AttestedRow::time("attested_at", row.attested_at)?));
    rows.into_iter().map(read).collect()
}
