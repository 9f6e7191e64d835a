//! What waits, counted over all practices.

use sqlx::FromRow;

use super::db::{Tx, sql, statements};
use super::row::InTable;
use crate::domain::outbox::{RowKind, RowState};
use crate::ports::store::{Kinds, Stored};
use crate::ports::tally::Tally;

statements! {
    /// Each part is the condition of one partial index, so that what is over is never read.
    COUNT_ROWS = "SELECT kind, state, COUNT(*) AS many FROM (
            SELECT kind, state FROM outbox
            WHERE state IN ('ready', 'unknown') AND kind = 'notice'
            UNION ALL
            SELECT kind, state FROM outbox
            WHERE state IN ('ready', 'unknown') AND kind = 'engagement'
            UNION ALL
            SELECT kind, state FROM outbox
            WHERE state IN ('ready', 'unknown') AND kind <> 'notice' AND kind <> 'engagement'
            UNION ALL
            SELECT kind, state FROM outbox WHERE state IN ('leased', 'sending', 'resolving')
            UNION ALL
            SELECT kind, state FROM outbox WHERE state = 'parked'
        ) AS waiting GROUP BY kind, state ORDER BY kind, state";
    COUNT_EVENTS = "SELECT COUNT(*) AS many, MIN(received_at) AS first
        FROM inbox WHERE state = 'waiting'";
    COUNT_PRACTICES = "SELECT COUNT(CASE WHEN id <> 'instance' THEN 1 END) AS many,
            COUNT(CASE WHEN id <> 'instance' AND stopped THEN 1 END) AS stopped,
            COUNT(CASE WHEN id = 'instance' AND stopped THEN 1 END) AS all_stopped
        FROM practices";
}

#[derive(FromRow)]
struct CountedRows {
    kind: String,
    state: String,
    many: i64,
}

#[derive(FromRow)]
struct CountedEvents {
    many: i64,
    first: Option<i64>,
}

#[derive(FromRow)]
struct CountedPractices {
    many: i64,
    stopped: i64,
    all_stopped: i64,
}

impl InTable for CountedRows {
    const TABLE: &'static str = "outbox";
}

impl InTable for CountedEvents {
    const TABLE: &'static str = "inbox";
}

impl InTable for CountedPractices {
    const TABLE: &'static str = "practices";
}

/// What waits, in one look.
pub(super) async fn tally(tx: &mut Tx) -> Stored<Tally> {
    let rows = sql!(tx.fetch_all as CountedRows: COUNT_ROWS)?;
    let rows: Stored<Vec<_>> = rows.iter().map(CountedRows::read).collect();
    let events = sql!(tx.fetch_one as CountedEvents: COUNT_EVENTS)?;
    let practices = sql!(tx.fetch_one as CountedPractices: COUNT_PRACTICES)?;
    Ok(Tally {
        rows: rows?,
        next_due: super::outbox::next_due(tx, Kinds::All).await?,
        events: events.many,
        first_event: CountedEvents::time_if("received_at", events.first)?,
        practices: practices.many,
        stopped: practices.stopped,
        all_stopped: practices.all_stopped > 0,
    })
}

impl CountedRows {
    fn read(&self) -> Stored<(RowKind, RowState, i64)> {
        Ok((Self::word("kind", &self.kind)?, Self::word("state", &self.state)?, self.many))
    }
}
