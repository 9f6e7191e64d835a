//! How publications are received: what a network tells of it, and what is kept.
//!
//! Nothing that anybody said, and nobody's name, passes here: a remark is an id, a link, a time and
//! a category.

use async_trait::async_trait;
use jiff::Timestamp;

use super::on::On;
use super::stored::Stored;
use crate::domain::engagement::{Category, Counts};
use crate::domain::ids::{AccountId, PostId, PracticeId, RowId};
use crate::domain::outbox::Outcome;

/// So many remarks are read at once, and so many are shown.
pub const MOST: usize = 100;

/// What somebody said to a practice, without what they said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The network's id of it.
    pub remote: String,
    /// Where it can be read.
    pub url: String,
    /// When it was said.
    pub at: Timestamp,
    /// What it is.
    pub category: Category,
    /// The network's id of the post that it is about, where the network tells.
    pub about: Option<String>,
}

/// What a network tells of one publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// How many.
    pub counts: Counts,
    /// Comments under it that are not the account's own, the newest [`MOST`] that it gives at once.
    pub remarks: Vec<Remark>,
}

/// Asks a network how publications are received. It changes nothing there, and makes one attempt.
#[async_trait]
pub trait Reads: Send + Sync {
    /// A publication's counts and comments; nothing when it is surely not there any more. An error
    /// is never `Published`.
    async fn seen(&self, on: On<'_>, remote: &str) -> Result<Option<Seen>, Outcome>;

    /// Who names the account can be asked for.
    fn has_mentions(&self) -> bool {
        false
    }

    /// The newest remarks to the account wherever they stand, as far as the network tells.
    async fn mentions(&self, _: On<'_>) -> Result<Vec<Remark>, Outcome> {
        Ok(Vec::new())
    }
}

/// One look at a publication, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Which publication: its row in the outbox.
    pub publication: RowId,
    /// Of which post.
    pub post: PostId,
    /// On which account.
    pub account: AccountId,
    /// When it went out.
    pub published: Timestamp,
    /// When it was looked at.
    pub at: Timestamp,
    /// What the network told.
    pub told: Told,
}

/// What a look found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// These counts.
    Counts(Counts),
    /// It is not there any more.
    Gone,
    /// The network did not tell.
    Nothing,
}

/// From `since` to `until` every look saw these counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First seen so.
    pub since: Timestamp,
    /// Last seen so.
    pub until: Timestamp,
    /// Before it nobody looked when it was planned, so that when it became so is not known.
    pub late: bool,
    /// What was seen.
    pub counts: Counts,
}

/// A publication, with its counts as they were last seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Engaged {
    /// Which.
    pub publication: RowId,
    /// Of which post.
    pub post: PostId,
    /// On which account.
    pub account: AccountId,
    /// When it went out.
    pub published: Timestamp,
    /// When the network last told; `None` when it never has.
    pub looked: Option<Timestamp>,
    /// Since when it is known to be gone.
    pub gone: Option<Timestamp>,
    /// The last counts; nothing is set where it never told.
    pub counts: Counts,
}

/// A remark, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// On which account.
    pub account: AccountId,
    /// The publication that it is about, if it is one of ours.
    pub publication: Option<RowId>,
    /// What and where.
    pub remark: Remark,
    /// When it was first seen.
    pub seen: Timestamp,
}

/// Where engagement is kept.
#[async_trait]
pub trait KeepsEngagement: Send + Sync {
    /// Keeps a look. Counts that did not change make their span longer, unless looks were missed.
    async fn keep_look(&self, practice: &PracticeId, look: &Look) -> Stored<()>;

    /// Keeps remarks on an account; those that are known stay as they are. Returns how many are
    /// new.
    async fn keep_remarks(
        &self,
        practice: &PracticeId,
        account: &AccountId,
        remarks: &[Remark],
        at: Timestamp,
    ) -> Stored<u64>;

    /// What went out from then until then, oldest first, with the counts last seen.
    async fn engaged(
        &self,
        practice: &PracticeId,
        from: Timestamp,
        until: Timestamp,
    ) -> Stored<Vec<Engaged>>;

    /// The same, of one post.
    async fn engaged_of(&self, practice: &PracticeId, post: &PostId) -> Stored<Vec<Engaged>>;

    /// A publication's counts as they changed, oldest first.
    async fn spans(&self, practice: &PracticeId, publication: &RowId) -> Stored<Vec<Span>>;

    /// Remarks that were first seen from then until then, oldest first, at most so many.
    async fn remarks(
        &self,
        practice: &PracticeId,
        seen: (Timestamp, Timestamp),
        limit: i64,
    ) -> Stored<Vec<Noted>>;
}
