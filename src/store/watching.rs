//! The port [`Digests`] on the database.

use async_trait::async_trait;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::db::writing;
use super::{Sql, digests};
use crate::domain::ids::PracticeId;
use crate::ports::digests::{Digests, Made};
use crate::ports::store::Stored;

#[async_trait]
impl Digests for Sql {
    async fn unplanned(&self) -> Stored<Vec<PracticeId>> {
        digests::unplanned(&mut self.db.read().await?).await
    }

    async fn newest_digest(&self, practice: &PracticeId) -> Stored<Option<Made>> {
        digests::newest(&mut self.db.look().await?, practice).await
    }

    async fn digest(&self, practice: &PracticeId, date: Date) -> Stored<Option<Made>> {
        digests::of(&mut self.db.look().await?, practice, date).await
    }

    async fn shown_before(&self, practice: &PracticeId, date: Date) -> Stored<Option<Made>> {
        digests::shown_before(&mut self.db.look().await?, practice, date).await
    }

    async fn watch(&self, now: Timestamp, patience: SignedDuration) -> Stored<()> {
        writing!(self.db, tx => digests::watch(tx, now, patience))
    }

    async fn unwatched(&self, since: Timestamp) -> Stored<Vec<(Timestamp, Timestamp)>> {
        digests::outages(&mut self.db.look().await?, since).await
    }
}
