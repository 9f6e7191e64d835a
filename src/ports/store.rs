//! The database, as the use cases see it: load, then commit one [`Change`], whole or not at all.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::chat::MessageRef;
use super::intake::{ChatEvent, FileRef};
use super::tally::Tally;
use crate::domain::content::Content;
use crate::domain::ids::{EventId, MemberId, PostId, PracticeId, RowId};
use crate::domain::ledger::{Body, Head, NewEntry, Sealed};
use crate::domain::member::Identity;
use crate::domain::outbox::{Row, RowState};
use crate::domain::post::Post;
use crate::domain::practice::{ChannelRef, Practice, Purpose};
use crate::domain::said::SaidWords;

/// Why the store did not do it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StoreError {
    /// Somebody else changed it first: load and decide again.
    #[error("changed by somebody else in the meantime")]
    Conflict,
    /// The database does not take writes, or can't be reached: the same again may do later.
    #[error("the database failed: {0}")]
    Failed(String),
    /// What is there can't be read, or what was asked can't be done: the same again fails again.
    #[error("the database failed: {0}")]
    Damaged(String),
}

/// What the store answers.
pub type Stored<T> = Result<T, StoreError>;

/// What passed the gate, or what is left of what did not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "as", rename_all = "kebab-case")]
pub enum Screened {
    /// Clean: stored whole.
    Clean(ChatEvent),
    /// Looked like patient information: no text, no file names, no bytes.
    Blocked {
        /// What is left.
        shell: Shell,
        /// Rules that hit, by id.
        rules: Vec<String>,
        /// Keyed hash of what was typed, hexadecimal.
        trace: String,
    },
    /// The gate could not look.
    Unscreened {
        /// What is left.
        shell: Shell,
    },
}

impl Screened {
    /// Who did it.
    pub fn who(&self) -> &Identity {
        match self {
            Screened::Clean(event) => &event.from,
            Screened::Blocked { shell, .. } | Screened::Unscreened { shell } => &shell.from,
        }
    }

    /// Where.
    pub fn channel(&self) -> &ChannelRef {
        match self {
            Screened::Clean(event) => &event.channel,
            Screened::Blocked { shell, .. } | Screened::Unscreened { shell } => {
                &shell.message.channel
            }
        }
    }
}

/// An event without anything that a person typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shell {
    /// The platform's id of the event.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub from: Identity,
    /// The message it is about.
    pub message: MessageRef,
    /// It was an edit of that message.
    pub edit: bool,
    /// The message itself still stands on the platform with the text.
    pub still_there: bool,
}

/// An event that waits to be handled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inboxed {
    /// Its number.
    pub seq: i64,
    /// Whose.
    pub practice: PracticeId,
    /// What; `None` when what is stored can't be read.
    pub event: Option<Screened>,
    /// When it was stored.
    pub received: Timestamp,
    /// How often handling it failed.
    pub failures: i64,
}

/// A card or draft message that stands on a platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Which message.
    pub at: MessageRef,
    /// Which post.
    pub post: PostId,
    /// The revision it shows; 0 for a draft.
    pub revision: i64,
    /// The digest it stands for, hexadecimal; empty for a draft.
    pub hash: String,
    /// It shows the current revision and is read by the sweep.
    pub open: bool,
}

/// A message in the ideas channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idea {
    /// The message.
    pub at: MessageRef,
    /// Who had it.
    pub member: MemberId,
    /// The words.
    pub text: String,
    /// What came with it.
    pub files: Vec<FileRef>,
    /// The bot's quiet answer, once shown.
    pub answer: Option<MessageRef>,
    /// The post made from it.
    pub post: Option<PostId>,
    /// Set aside: [Not a post].
    pub dismissed: bool,
}

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
    /// Publications of the practice whose slot has come, and that no network asked to wait, are
    /// due now.
    Wake,
}

/// Everything one decision changes; committed whole or not at all.
#[derive(Debug, Clone)]
pub struct Change {
    /// Whose.
    pub practice: PracticeId,
    /// When.
    pub at: Timestamp,
    /// The practice must still have this version, if given.
    pub practice_version: Option<i64>,
    /// The event that caused it is handled with it.
    pub handled: Option<i64>,
    /// Stopped or released.
    pub stopped: Option<bool>,
    /// The post after it; must still have this version. Version 0 is a new post.
    pub post: Option<Post>,
    /// The new revision.
    pub content: Option<Content>,
    /// The words of what went out with it.
    pub said: Option<SaidWords>,
    /// New pictures.
    pub media: Vec<MediaBytes>,
    /// Entries for the ledger.
    pub entries: Vec<NewEntry>,
    /// Writes to the outbox.
    pub outbox: Vec<OutboxWrite>,
    /// A card that now stands; if it is open, the post's other cards no longer are.
    pub card: Option<Card>,
    /// A card that is gone.
    pub card_gone: Option<MessageRef>,
    /// An idea, new or changed. One that became a post can't become another: `Conflict`.
    pub idea: Option<Idea>,
}

impl Change {
    /// A change that changes nothing yet.
    pub fn new(practice: PracticeId, at: Timestamp) -> Self {
        Self {
            practice,
            at,
            practice_version: None,
            handled: None,
            stopped: None,
            post: None,
            content: None,
            said: None,
            media: Vec::new(),
            entries: Vec::new(),
            outbox: Vec::new(),
            card: None,
            card_gone: None,
            idea: None,
        }
    }
}

/// A channel's practice, and what it uses the channel for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// Whose.
    pub practice: PracticeId,
    /// What for.
    pub purpose: Purpose,
}

/// A part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// So many come before it.
    pub after: i64,
    /// At most so many are in it.
    pub limit: i64,
}

/// Which rows of the outbox a worker takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kinds {
    /// Whatever is due.
    All,
    /// Notices.
    Notices,
    /// What is no notice.
    Others,
}

/// The database. Tenant data is read and written only with a [`PracticeId`].
#[async_trait]
pub trait Store: Send + Sync {
    /// Makes a practice with everything in it, and opens its chain.
    async fn found(&self, practice: &Practice, at: Timestamp, entries: &[NewEntry]) -> Stored<()>;
    /// Every practice's id.
    async fn practices(&self) -> Stored<Vec<PracticeId>>;
    /// A practice with all that a decision needs to know of it.
    async fn practice(&self, id: &PracticeId) -> Stored<Option<Practice>>;
    /// Whose channel it is.
    async fn binding(&self, channel: &ChannelRef) -> Stored<Option<Binding>>;

    /// Stores an event; `(number, is new)`. Unique by platform and event id.
    async fn receive(
        &self,
        practice: &PracticeId,
        event: &Screened,
        at: Timestamp,
    ) -> Stored<(i64, bool)>;
    /// Events that wait, with a number above `after`, oldest first.
    async fn unhandled(&self, after: i64, limit: i64) -> Stored<Vec<Inboxed>>;
    /// Counts a failure to handle it; at `give_up` failures it is put aside.
    async fn failed(&self, practice: &PracticeId, seq: i64, give_up: i64) -> Stored<()>;

    /// A post with all that a decision about it needs.
    async fn post(&self, practice: &PracticeId, id: &PostId) -> Stored<Option<Post>>;
    /// The post with the practice's number for it.
    async fn post_by_number(&self, practice: &PracticeId, number: i64) -> Stored<Option<Post>>;
    /// The number of the next post.
    async fn next_number(&self, practice: &PracticeId) -> Stored<i64>;
    /// Posts that are on their way: draft, in review, signed off, publishing, missed; by number.
    async fn open_posts(&self, practice: &PracticeId) -> Stored<Vec<Post>>;
    /// Posts that may need somebody: publishing, missed, part published, or held by Countersign.
    async fn troubled(&self, practice: &PracticeId) -> Stored<Vec<Post>>;
    /// Every post, by number.
    async fn posts(&self, practice: &PracticeId) -> Stored<Vec<Post>>;
    /// A revision's content.
    async fn content(
        &self,
        practice: &PracticeId,
        post: &PostId,
        revision: i64,
    ) -> Stored<Option<Content>>;
    /// Posts that were published with all of these folded words, at most
    /// [`MOST`](crate::domain::said::MOST), newest first.
    async fn said(
        &self,
        practice: &PracticeId,
        words: &[String],
        page: Page,
    ) -> Stored<Vec<PostId>>;
    /// A picture's bytes.
    async fn media(&self, practice: &PracticeId, sha256: &str) -> Stored<Option<MediaBytes>>;

    /// The card that this message is.
    async fn card(&self, practice: &PracticeId, at: &MessageRef) -> Stored<Option<Card>>;
    /// A post's cards and draft message, oldest first.
    async fn cards(&self, practice: &PracticeId, post: &PostId) -> Stored<Vec<Card>>;
    /// Every open card.
    async fn open_cards(&self, practice: &PracticeId) -> Stored<Vec<Card>>;
    /// The idea that this message, or the bot's answer to it, is about.
    async fn idea(&self, practice: &PracticeId, at: &MessageRef) -> Stored<Option<Idea>>;
    /// The idea a post was made from.
    async fn idea_of(&self, practice: &PracticeId, post: &PostId) -> Stored<Option<Idea>>;

    /// Writes as much as an entry of the ledger takes, and takes it back: fails when no entry could
    /// be written.
    async fn probe(&self) -> Stored<()>;
    /// Commits a change: all of it, or `Conflict`, or nothing. Returns the chain's head after it.
    async fn commit(&self, change: Change) -> Stored<Head>;

    /// Takes up to so many due rows until `until`: ready ones become leased, unknown ones
    /// resolving. Each gets a new fence. One that can't be read is taken too, and left out.
    async fn claim(
        &self,
        now: Timestamp,
        until: Timestamp,
        which: (i64, Kinds),
    ) -> Stored<Vec<Row>>;
    /// Rows whose lease is over: leased ones become ready; sending and resolving ones unknown, due
    /// at `look_at`, when the last request can't land any more. Returns how many.
    async fn expire(&self, now: Timestamp, look_at: Timestamp) -> Stored<u64>;
    /// Nothing is due by now and no worker holds anything.
    async fn is_quiet(&self, now: Timestamp) -> Stored<bool>;
    /// When the next row is due or the next lease is over.
    async fn next_due(&self) -> Stored<Option<Timestamp>>;
    /// What waits, over all practices.
    async fn tally(&self) -> Stored<Tally>;
    /// Notices whose subject begins so, the last in order first.
    async fn notices(&self, practice: &PracticeId, begins: &str) -> Stored<Vec<Row>>;
    /// A row.
    async fn row(&self, practice: &PracticeId, id: &RowId) -> Stored<Option<Row>>;

    /// The chain's head.
    async fn head(&self, practice: &PracticeId) -> Stored<Head>;
    /// Up to `limit` entries after this one, in order, with their bodies (`None` when purged).
    async fn entries(
        &self,
        practice: &PracticeId,
        after: i64,
        limit: i64,
    ) -> Stored<Vec<(Sealed, Option<Body>)>>;
    /// Entries about one post, in order, with their bodies.
    async fn entries_of(
        &self,
        practice: &PracticeId,
        post: &PostId,
    ) -> Stored<Vec<(Sealed, Option<Body>)>>;
}
