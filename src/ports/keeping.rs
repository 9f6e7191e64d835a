//! What keeping a database for years needs: what arrives, what goes, and what was put back.

use jiff::Timestamp;

use super::written::{MediaBytes, OutboxWrite};
use crate::domain::canonical::Hash;
use crate::domain::certificate::Kept;
use crate::domain::content::Content;
use crate::domain::ids::PostId;
use crate::domain::ledger::NewEntry;
use crate::domain::post::Post;
use crate::domain::practice::Practice;

/// A practice that arrives from another installation: its former chain is kept as it is, and a
/// new one begins.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// The practice as it begins here.
    pub practice: Practice,
    /// The first entries of the new chain.
    pub entries: Vec<NewEntry>,
    /// The former chain's public key, hexadecimal.
    pub former_key: String,
    /// The former chain.
    pub former: Vec<Kept>,
    /// The number of its last post.
    pub last_number: i64,
    /// What was signed in it.
    pub contents: Vec<Content>,
    /// The pictures.
    pub media: Vec<MediaBytes>,
    /// What had not left, as drafts.
    pub drafts: Vec<Post>,
    /// What is to be shown.
    pub outbox: Vec<OutboxWrite>,
}

/// What was kept long enough: it loses its words, and its rows stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purge {
    /// Older than this.
    pub before: Timestamp,
    /// What goes.
    pub what: Goes,
    /// Pictures, unless something else shows them too.
    pub pictures: Vec<String>,
}

/// What loses its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goes {
    /// All of a post, and these bodies of its entries.
    Post(PostId, Vec<Hash>),
    /// Ideas and events that led to no post, and these bodies of entries about none.
    Loose(Vec<Hash>),
    /// Of the chain that the practice had before: the contents of this post, if of one, and the
    /// bodies of these entries.
    Former(Option<PostId>, Vec<i64>),
    /// Nothing but the pictures.
    Pictures,
}

/// How far a chain is with telling that it was restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restoring {
    /// The change's last entry tells of it; the posts are still as they were in the copy.
    Begun {
        /// When the copy was taken, as far as is known.
        copied: Timestamp,
    },
    /// Every post has been looked at.
    Over,
}

/// What a database knows of having been restored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Origin {
    /// It is a copy of that time, and not every post has been looked at since.
    pub copied: Option<Timestamp>,
    /// The entry that last told of a restore.
    pub restored: Option<i64>,
}
