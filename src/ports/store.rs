//! The database, as the use cases see it: load, then commit one [`Change`], whole or not at all.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;

pub use super::agencies::{Agencies, Most, Thing};
use super::chat::MessageRef;
pub use super::code::{Code, CodeWrite};
use super::digests::{Digests, Made};
pub use super::engagement::KeepsEngagement;
pub use super::idea::{Idea, Offered, Pictured, Word};
use super::intake::ChatEvent;
pub use super::keeping::Arrival;
use super::keeping::{Origin, Purge, Restoring};
pub use super::screened::{Edits, Inboxed, Screened, Shell};
pub use super::stored::{StoreError, Stored};
use super::tally::Tally;
pub use super::written::{Founding, MediaBytes, OutboxWrite};
use crate::domain::agency::Agency;
use crate::domain::certificate::Kept;
use crate::domain::content::Content;
use crate::domain::ids::{PostId, PracticeId, RowId};
use crate::domain::ledger::{Body, Entry, Head, NewEntry, Sealed};
use crate::domain::member::{Identity, Platform};
use crate::domain::neighbor::Neighbor;
use crate::domain::outbox::Row;
use crate::domain::post::Post;
use crate::domain::practice::{ChannelRef, Practice, Purpose};
use crate::domain::said::SaidWords;

/// A chain, and the entry that it begins with.
pub type First = (PracticeId, Option<Entry>);

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
    /// The practice after it; must still have this version.
    pub practice_after: Option<Practice>,
    /// Codes that were given or typed.
    pub codes: Vec<CodeWrite>,
    /// What loses its words.
    pub purge: Option<Purge>,
    /// How far a chain is with telling that it was restored.
    pub restoring: Option<Restoring>,
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
    /// Keyed hashes of texts that pass the gate from now on.
    pub attested: Vec<String>,
    /// A daily digest that was made, or stands where it is shown; `Conflict` when its date had one.
    pub digest: Option<Made>,
    /// A channel has another id now: what stands there stands in the second one.
    pub channel_moved: Option<(ChannelRef, ChannelRef)>,
    /// An agency, new or changed; in changes of the instance alone.
    pub agency: Option<Agency>,
    /// A practice that is made; in changes of the instance alone. `Conflict` where its id or one of
    /// its channels is taken.
    pub founds: Option<Box<Founding>>,
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
            practice_after: None,
            codes: Vec::new(),
            purge: None,
            restoring: None,
            post: None,
            content: None,
            said: None,
            media: Vec::new(),
            entries: Vec::new(),
            outbox: Vec::new(),
            card: None,
            card_gone: None,
            idea: None,
            attested: Vec::new(),
            digest: None,
            channel_moved: None,
            agency: None,
            founds: None,
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
    /// Whatever is due, notices first.
    All,
    /// Notices.
    Notices,
    /// Looks at how publications are received.
    Engagement,
    /// What is neither.
    Others,
}

/// The database. Tenant data is read and written only with a [`PracticeId`].
#[async_trait]
pub trait Store: Agencies + Digests + KeepsEngagement {
    /// The key that signs chains, as entries name it.
    fn public_key(&self) -> String;
    /// Makes a practice with everything in it, and opens its chain.
    async fn found(&self, practice: &Practice, at: Timestamp, entries: &[NewEntry]) -> Stored<()>;
    /// Takes a practice in from another installation, all of it or nothing.
    async fn arrive(&self, arrival: &Arrival, at: Timestamp) -> Stored<()>;
    /// The public key of the chain that a practice had in another installation, if it had one.
    async fn former_key(&self, practice: &PracticeId) -> Stored<Option<String>>;
    /// Up to `limit` entries of that chain after this one, in order.
    async fn former_entries(
        &self,
        practice: &PracticeId,
        after: i64,
        limit: i64,
    ) -> Stored<Vec<Kept>>;
    /// A post's contents in that chain, by revision.
    async fn former_contents(&self, practice: &PracticeId, post: &PostId) -> Stored<Vec<Content>>;
    /// Every practice's id.
    async fn practices(&self) -> Stored<Vec<PracticeId>>;
    /// The practices that know an account of this user of a platform, whichever of its workspaces it
    /// is of; whether that is somebody's there is for the practice to say.
    async fn practices_of(&self, platform: Platform, user: &str) -> Stored<Vec<PracticeId>>;
    /// A practice with all that a decision needs to know of it.
    async fn practice(&self, id: &PracticeId) -> Stored<Option<Practice>>;
    /// The same channel as it is bound, when that is from another workspace: a shared one.
    async fn bound_elsewhere(&self, channel: &ChannelRef) -> Stored<Option<ChannelRef>>;
    /// Whose channel it is.
    async fn binding(&self, channel: &ChannelRef) -> Stored<Option<Binding>>;

    /// The code that waits for this identity, if one does.
    async fn code(&self, practice: &PracticeId, of: &Identity) -> Stored<Option<Code>>;

    /// Stores an event; `(number, is new)`. Unique by platform and event id.
    async fn receive(
        &self,
        practice: &PracticeId,
        event: &Screened,
        at: Timestamp,
    ) -> Stored<(i64, bool)>;
    /// Stores an event of a desk for each practice that it concerns, for all or for none; the
    /// highest number, and whether any is new.
    async fn receive_each(
        &self,
        events: &[(PracticeId, Screened)],
        at: Timestamp,
    ) -> Stored<(i64, bool)>;
    /// An event of this platform is known by this id.
    async fn has_heard(&self, whose: &PracticeId, event: &ChatEvent) -> Stored<bool>;
    /// An event of a practice by its number, as far as it is kept still.
    async fn inboxed(&self, whose: &PracticeId, seq: i64) -> Stored<Option<Screened>>;
    /// Somebody of this practice said of all these texts that they are about no patient.
    async fn attested(&self, whose: &PracticeId, traces: &[String]) -> Stored<bool>;
    /// Every text of which somebody of this practice said so, by its keyed hash, and since when.
    async fn attestations(&self, whose: &PracticeId) -> Stored<BTreeMap<String, Timestamp>>;
    /// When the last event of a practice was stored before this.
    async fn last_heard(
        &self,
        practice: &PracticeId,
        before: Timestamp,
    ) -> Stored<Option<Timestamp>>;
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
    /// Up to `limit` posts beside this one, newest first.
    async fn newest(&self, of: &PracticeId, but: &PostId, limit: i64) -> Stored<Vec<Neighbor>>;
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
    /// Practices that have open cards.
    async fn with_open_cards(&self) -> Stored<Vec<PracticeId>>;
    /// Every open card.
    async fn open_cards(&self, practice: &PracticeId) -> Stored<Vec<Card>>;
    /// The idea that this message, or the bot's answer to it, is about.
    async fn idea(&self, practice: &PracticeId, at: &MessageRef) -> Stored<Option<Idea>>;
    /// Messages of ideas since then that were not set aside, of which nothing has left yet.
    async fn live_ideas(&self, practice: &PracticeId, since: Timestamp) -> Stored<Vec<MessageRef>>;
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
    /// When the next row of these kinds is due, or the next lease of any is over.
    async fn next_due(&self, kinds: Kinds) -> Stored<Option<Timestamp>>;
    /// What waits, over all practices.
    async fn tally(&self) -> Stored<Tally>;
    /// Notices whose subject begins so, the last in order first.
    async fn notices(&self, practice: &PracticeId, begins: &str) -> Stored<Vec<Row>>;
    /// A row.
    async fn row(&self, practice: &PracticeId, id: &RowId) -> Stored<Option<Row>>;

    /// How many ideas that became nothing, events and notices are older than this and have words.
    async fn old_words(&self, practice: &PracticeId, before: Timestamp) -> Stored<i64>;
    /// Takes the words of up to so many events that were handled, and of as many notices that
    /// ended, before this. Returns how many.
    async fn forget(&self, before: Timestamp, limit: i64) -> Stored<u64>;

    /// The chain's head.
    async fn head(&self, practice: &PracticeId) -> Stored<Head>;
    /// Marks these chains as copies of that time which nobody has looked through; all, or none.
    async fn mark(&self, copies: &[(PracticeId, Timestamp)]) -> Stored<()>;
    /// Up to `limit` chains after this practice's, in the order of their practices, each with its
    /// first entry if there is one; the instance's too.
    async fn first_entries(&self, after: &str, limit: i64) -> Stored<Vec<First>>;
    /// What the database knows of having been restored.
    async fn origin(&self, practice: &PracticeId) -> Stored<Origin>;
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
