//! Plain values that are written: a picture, and what becomes of a row of the outbox.

use super::code::CodeWrite;
use crate::domain::ids::RowId;
use crate::domain::ledger::NewEntry;
use crate::domain::outbox::{Row, RowState};
use crate::domain::practice::Practice;

/// A picture's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaBytes {
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// `image/jpeg` or `image/png`.
    pub media_type: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// A practice that is made, with all that leaves in its name at once.
#[derive(Debug, Clone)]
pub struct Founding {
    /// The practice.
    pub practice: Practice,
    /// The first entries of its chain.
    pub entries: Vec<NewEntry>,
    /// Codes that were given.
    pub codes: Vec<CodeWrite>,
    /// Writes to its outbox.
    pub outbox: Vec<OutboxWrite>,
}

/// A write to the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutboxWrite {
    /// Must leave. A row of the same (kind, subject) that is not in flight starts again under a
    /// new fence, keeping its id; one in flight or parked, or done when it is not `again`, stays.
    ///
    /// A notice in flight that is put `again` is a refresh, and so is any wish for one that a
    /// worker has leased: the words are kept, and the row starts again with them as soon as the
    /// worker is done. Nothing that may be live on a network starts again so.
    Put {
        /// The row; its fence and attempts are ignored.
        row: Box<Row>,
        /// A row that is done starts again too.
        again: bool,
    },
    /// The holder's write: only if state and fence still are what it knows.
    Move {
        /// Which.
        id: RowId,
        /// What the holder knows.
        from: RowState,
        /// What the holder knows.
        fence: i64,
        /// The row after it: state, due, attempts, look-ups, lease, first sent, remote, trouble.
        to: Box<Row>,
    },
    /// Not wanted any more: if it is ready or leased, it ends as this state.
    End {
        /// Which.
        id: RowId,
        /// `cancelled` or `missed`.
        state: RowState,
    },
    /// Notices of the practice that wait are not wanted any more, but for those that show a card.
    Hush,
    /// Publications of the practice whose slot has come, and that no network asked to wait, are
    /// due now.
    Wake,
}
