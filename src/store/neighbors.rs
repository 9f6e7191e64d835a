//! A practice's newest posts, as far as a draft is compared with them: its own, or one of another
//! practice of the same agency.

use sqlx::FromRow;

use super::db::{Tx, sql, statements};
use super::row::InTable;
use crate::domain::ids::{PostId, PracticeId};
use crate::domain::neighbor::Neighbor;
use crate::ports::store::Stored;

statements! {
    /// By the index over numbers, so that no more rows are read than wanted.
    NEWEST = "SELECT number, state, slot, draft FROM posts WHERE practice_id = $1 AND id <> $2
        ORDER BY number DESC LIMIT $3";
}

#[derive(FromRow)]
struct NeighborRow {
    number: i64,
    state: String,
    slot: Option<i64>,
    draft: String,
}

impl InTable for NeighborRow {
    const TABLE: &'static str = "posts";
}

/// Up to `limit` posts beside this one, newest first.
pub(super) async fn newest(
    tx: &mut Tx,
    whose: &PracticeId,
    beside: &PostId,
    limit: i64,
) -> Stored<Vec<Neighbor>> {
    let rows = sql!(tx.fetch_all as NeighborRow: NEWEST, whose.as_str(), beside.as_str(), limit)?;
    rows.into_iter().map(NeighborRow::read).collect()
}

/// Up to `limit` of the practice's posts, newest first, without those that can't be read: what is
/// damaged in one practice is not another's to hear of.
pub(super) async fn readable(tx: &mut Tx, whose: &PracticeId, limit: i64) -> Stored<Vec<Neighbor>> {
    let rows = sql!(tx.fetch_all as NeighborRow: NEWEST, whose.as_str(), "", limit)?;
    Ok(rows.into_iter().filter_map(|row| row.read().ok()).collect())
}

impl NeighborRow {
    fn read(self) -> Stored<Neighbor> {
        Ok(Neighbor {
            number: self.number,
            state: Self::word("state", &self.state)?,
            slot: Self::time_if("slot", self.slot)?,
            draft: Self::json("draft", &self.draft)?,
        })
    }
}
