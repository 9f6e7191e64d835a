//! The port [`KeepsEngagement`], on the same database.

use async_trait::async_trait;
use jiff::Timestamp;

use super::db::writing;
use super::{Sql, engagement};
use crate::domain::ids::{AccountId, PostId, PracticeId, RowId};
use crate::ports::engagement::{Engaged, KeepsEngagement, Look, Noted, Remark, Span};
use crate::ports::store::Stored;

#[async_trait]
impl KeepsEngagement for Sql {
    async fn keep_look(&self, practice: &PracticeId, look: &Look) -> Stored<()> {
        writing!(self.db, tx => engagement::keep_look(tx, practice, look))
    }

    async fn keep_remarks(
        &self,
        practice: &PracticeId,
        account: &AccountId,
        remarks: &[Remark],
        at: Timestamp,
    ) -> Stored<u64> {
        writing!(self.db, tx => engagement::keep_remarks(tx, practice, account, (remarks, at)))
    }

    async fn engaged(
        &self,
        practice: &PracticeId,
        from: Timestamp,
        until: Timestamp,
    ) -> Stored<Vec<Engaged>> {
        engagement::engaged(&mut self.db.look().await?, practice, (from, until)).await
    }

    async fn engaged_of(&self, practice: &PracticeId, post: &PostId) -> Stored<Vec<Engaged>> {
        engagement::engaged_of(&mut self.db.look().await?, practice, post).await
    }

    async fn spans(&self, practice: &PracticeId, publication: &RowId) -> Stored<Vec<Span>> {
        engagement::spans(&mut self.db.look().await?, practice, publication).await
    }

    async fn remarks(
        &self,
        practice: &PracticeId,
        seen: (Timestamp, Timestamp),
        limit: i64,
    ) -> Stored<Vec<Noted>> {
        engagement::remarks(&mut self.db.look().await?, practice, seen, limit).await
    }
}
