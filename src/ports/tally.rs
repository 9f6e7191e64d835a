//! What waits in the database, in numbers over all practices: for whoever watches the program.

use jiff::Timestamp;

use crate::domain::outbox::{RowKind, RowState};

/// What waits, over all practices.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many rows of the outbox are not at their end, or are parked.
    pub rows: Vec<(RowKind, RowState, i64)>,
    /// When the earliest row that waits is due.
    pub next_due: Option<Timestamp>,
    /// How many events wait to be handled.
    pub events: i64,
    /// When the earliest of them was stored.
    pub first_event: Option<Timestamp>,
    /// How many practices there are.
    pub practices: i64,
    /// How many of them are stopped.
    pub stopped: i64,
}
