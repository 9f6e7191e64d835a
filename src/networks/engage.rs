//! Replies, likes and reposts in a practice's name: one request each.
//!
//! Architecture invariant: nothing but tests reaches this. Whatever leaves in a practice's name is
//! signed, and there is no way yet to sign a reply or a like.

use async_trait::async_trait;

use crate::domain::ids::RowId;
use crate::domain::outbox::Outcome;
use crate::ports::on::On;

/// What is done to somebody's post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Says this under it.
    Reply(String),
    /// Likes it.
    Like,
    /// Shows it to one's own readers.
    Repost,
}

/// Does such acts.
#[async_trait]
pub trait Engages: Send + Sync {
    /// Does it once to the post with this id there; `key` is the same for every attempt.
    async fn engage(&self, on: On<'_>, key: &RowId, (to, act): (&str, &Act)) -> Outcome;
}

/// The network has no such act.
pub(super) fn not_there() -> Outcome {
    Outcome::Refused("there is no such thing on that network".to_owned())
}
