//! What a chain knows of having been restored: that it is a copy, and which entry told so.

use jiff::Timestamp;
use sqlx::FromRow;

use super::db::{Tx, sql, statements};
use super::row::{InTable, exactly_one};
use crate::domain::ids::PracticeId;
use crate::domain::ledger::Head;
use crate::ports::keeping::{Origin, Restoring};
use crate::ports::store::Stored;

statements! {
    MARK_ONE = "UPDATE heads SET copied_at = $2 WHERE practice_id = $1";
    ORIGIN = "SELECT copied_at, restored FROM heads WHERE practice_id = $1";
    BEGUN = "UPDATE heads SET copied_at = $2, restored = $3 WHERE practice_id = $1";
    OVER = "UPDATE heads SET copied_at = NULL WHERE practice_id = $1";
}

#[derive(FromRow)]
struct OriginRow {
    copied_at: Option<i64>,
    restored: Option<i64>,
}

impl InTable for OriginRow {
    const TABLE: &'static str = "heads";
}

/// Whether it is a copy that nobody has looked through, and which entry last told of a restore.
pub(super) async fn origin(tx: &mut Tx, whose: &PracticeId) -> Stored<Origin> {
    let row = sql!(tx.fetch_optional as OriginRow: ORIGIN, whose.as_str())?;
    let Some(row) = row else {
        return Ok(Origin::default());
    };
    Ok(Origin { copied: OriginRow::time_if("copied_at", row.copied_at)?, restored: row.restored })
}

/// Marks chains as copies of that time.
pub(super) async fn mark(tx: &mut Tx, copies: &[(PracticeId, Timestamp)]) -> Stored<()> {
    for (whose, at) in copies {
        exactly_one(sql!(tx.execute: MARK_ONE, whose.as_str(), at.as_microsecond())?)?;
    }
    Ok(())
}

/// Notes how far the chain, which now ends here, is with telling of its restore.
pub(super) async fn note(
    tx: &mut Tx,
    whose: &PracticeId,
    restoring: Restoring,
    head: Head,
) -> Stored<()> {
    exactly_one(match restoring {
        Restoring::Begun { copied } => {
            sql!(tx.execute: BEGUN, whose.as_str(), copied.as_microsecond(), head.seq)?
        }
        Restoring::Over => sql!(tx.execute: OVER, whose.as_str())?,
    })
}
