//! What a use case may reach.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;

use crate::domain::ids::{PostId, RowId};
use crate::domain::ledger::Head;
use crate::domain::member::Platform;
use crate::domain::network::Network;
use crate::ports::chat::Chat;
use crate::ports::clock::{Chance, Clock};
use crate::ports::publisher::Publisher;
use crate::ports::store::{Change, Store, Stored};
use crate::screen::Screen;

/// How long things may take.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// How long a worker holds a row.
    pub lease: SignedDuration,
    /// How long a request to a network may take.
    pub request: SignedDuration,
    /// How long until a held or unreachable publication is looked at again.
    pub again: SignedDuration,
    /// How often open cards are read again.
    pub sweep: SignedDuration,
    /// How many rows one worker works off at once.
    pub at_once: i64,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            lease: SignedDuration::from_secs(60),
            request: SignedDuration::from_secs(30),
            again: SignedDuration::from_secs(30),
            sweep: SignedDuration::from_secs(300),
            at_once: 8,
        }
    }
}

/// Key for the hashes of what was not kept; different for every practice. Never printed.
#[derive(Clone)]
pub struct TraceKey(pub [u8; 32]);

impl std::fmt::Debug for TraceKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TraceKey([hidden])")
    }
}

/// What a use case may reach: the store, the clock, chance, the platforms and networks.
pub struct Office {
    /// The database.
    pub store: Arc<dyn Store>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub chance: Arc<dyn Chance>,
    /// The chat platforms.
    pub chats: Vec<Arc<dyn Chat>>,
    /// The networks.
    pub publishers: Vec<Arc<dyn Publisher>>,
    /// The screen.
    pub screen: Arc<Screen>,
    /// For the hashes of what was not kept.
    pub trace: TraceKey,
    /// How long things may take.
    pub pace: Pace,
    /// Rung when there is something to do.
    pub bell: Notify,
    /// Posts whose card was read since the start or the last reconnect: only these may leave.
    read: Mutex<HashSet<PostId>>,
    /// What the ledger's writing comes to.
    trouble: Mutex<Trouble>,
}

/// What the ledger's writing comes to.
#[derive(Debug, Clone, Copy, Default)]
struct Trouble {
    since: Option<Timestamp>,
    said: Option<Timestamp>,
}

impl Office {
    /// An office where no card has been read yet.
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
        trace: TraceKey,
    ) -> Self {
        Self {
            store,
            clock,
            chance,
            chats: Vec::new(),
            publishers: Vec::new(),
            screen: Arc::new(Screen::new()),
            trace,
            pace: Pace::default(),
            bell: Notify::new(),
            read: Mutex::default(),
            trouble: Mutex::default(),
        }
    }

    /// Now, to the microsecond.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Commits a change, and says in the log where its post is; never what it says.
    pub async fn commit(&self, change: Change) -> Stored<Head> {
        let after = change.post.as_ref().filter(|_| !change.entries.is_empty());
        let after = after.map(|post| (post.number, post.revision, post.state));
        let head = self.store.commit(change).await?;
        if let Some((number, revision, state)) = after {
            tracing::info!(
                post.number = number,
                post.revision = revision,
                post.state = %state,
                ledger.head = %head.short(),
                "Post {number} is {state}"
            );
        }
        Ok(head)
    }

    /// The chat platform, if it is connected.
    pub fn chat(&self, platform: Platform) -> Option<&dyn Chat> {
        self.chats.iter().find(|chat| chat.platform() == platform).map(AsRef::as_ref)
    }

    /// The network, if it is there.
    pub fn publisher(&self, network: Network) -> Option<&dyn Publisher> {
        self.publishers.iter().find(|p| p.network() == network).map(AsRef::as_ref)
    }

    /// A new id that sorts by time (UUIDv7).
    pub fn new_id(&self) -> String {
        let millis = u64::try_from(self.now().as_millisecond()).unwrap_or(0);
        let mut random = [0; 10];
        random.copy_from_slice(&self.chance.bytes()[6..]);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid().to_string()
    }

    /// A new id for an outbox row.
    pub fn new_row_id(&self) -> RowId {
        RowId::new(self.new_id())
    }

    /// The post's card was read since the start.
    pub fn has_read(&self, post: &PostId) -> bool {
        self.read.lock().unwrap_or_else(PoisonError::into_inner).contains(post)
    }

    /// Notes that the post's card was read.
    pub fn note_read(&self, post: &PostId) {
        self.read.lock().unwrap_or_else(PoisonError::into_inner).insert(post.clone());
    }

    /// The platform was away: every card must be read again before its post may leave.
    pub fn forget_read(&self) {
        self.read.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The ledger could not be written; true when it is time to say so.
    pub fn may_alarm(&self, every: SignedDuration) -> bool {
        let now = self.now();
        let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        trouble.since.get_or_insert(now);
        let may = trouble.said.is_none_or(|said| now.duration_since(said) >= every);
        if may {
            trouble.said = Some(now);
        }
        may
    }

    /// The ledger was written.
    pub fn all_is_well(&self) {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).since = None;
    }

    /// Since when the ledger can't be written.
    pub fn in_trouble_since(&self) -> Option<Timestamp> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).since
    }
}
