//! What the database knows of daily digests, and of when nobody watched.

use async_trait::async_trait;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::stored::Stored;
use crate::domain::ids::PracticeId;

/// A digest that was made: one a practice and date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Made {
    /// Of which date of the practice's own.
    pub date: Date,
    /// When.
    pub at: Timestamp,
    /// The last entry of the ledger that it tells of.
    pub seq: i64,
    /// It stands on its platform; the next one begins where it ends.
    pub shown: bool,
}

/// Digests of practices, and the watch that the instance keeps.
#[async_trait]
pub trait Digests: Send + Sync {
    /// Practices whose digests nobody plans yet.
    async fn unplanned(&self) -> Stored<Vec<PracticeId>>;
    /// The digest of the newest date.
    async fn newest_digest(&self, practice: &PracticeId) -> Stored<Option<Made>>;
    /// The digest of a date.
    async fn digest(&self, practice: &PracticeId, date: Date) -> Stored<Option<Made>>;
    /// The newest one of an earlier date that was shown.
    async fn shown_before(&self, practice: &PracticeId, date: Date) -> Stored<Option<Made>>;
    /// Somebody is at work now. Where nobody was for longer than `patience` before, that is
    /// written down.
    async fn watch(&self, now: Timestamp, patience: SignedDuration) -> Stored<()>;
    /// From when to when nobody was at work, as far as that ended after `since`; oldest first, at
    /// most 20.
    async fn unwatched(&self, since: Timestamp) -> Stored<Vec<(Timestamp, Timestamp)>>;
}
