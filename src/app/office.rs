//! What a use case may reach.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::select_all;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Notify, Semaphore};

use super::absent::Absent;
use super::caught::Caught;
use super::counts::Counts;
use super::flood::Flood;
use super::trouble::Trouble;
use crate::domain::ids::{PracticeId, RowId};
use crate::domain::ledger::Head;
use crate::domain::member::{Identity, Platform};
use crate::domain::network::Network;
use crate::ports::accounts::Accounts;
use crate::ports::chat::{Chat, Connection, MessageRef};
use crate::ports::clock::{Chance, Clock};
use crate::ports::publisher::Publisher;
use crate::ports::store::{Change, Store, Stored};
use crate::screen::{Finding, Roster, Screen};

/// A platform is waited for so long where somebody looks at nothing until then.
const PATIENCE: Duration = Duration::from_millis(700);

/// How long things may take.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// How long the gate may look at what somebody typed.
    pub look: SignedDuration,
    /// How long a worker holds a row.
    pub lease: SignedDuration,
    /// How long a request to a network may take.
    pub request: SignedDuration,
    /// How long until a held or unreachable publication is looked at again.
    pub again: SignedDuration,
    /// How often open cards are read again.
    pub sweep: SignedDuration,
    /// How many rows, or practices' events, one worker works off at once.
    pub at_once: i64,
    /// How many ideas, drafts and edits one person may send in a minute.
    pub submissions: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            look: SignedDuration::from_millis(100),
            lease: SignedDuration::from_secs(60),
            request: SignedDuration::from_secs(30),
            again: SignedDuration::from_secs(30),
            sweep: SignedDuration::from_secs(300),
            at_once: 8,
            submissions: 20,
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

/// So many events may be at the gate at once.
const DOOR: usize = 64;

/// How the gate looks at a text.
pub type Look = dyn Fn(&str, &Roster) -> Vec<Finding> + Send + Sync;

/// So many looks may go on at once. One that never ends keeps its place, so that texts which the
/// screen can't cope with never take more threads than these.
const LOOKS: usize = 8;

/// Whose events wait because an earlier one failed; `None` for one that can't be read.
pub type Sender = (PracticeId, Option<Identity>);

/// What is worked off without waiting for the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// The inbox.
    Events,
    /// Notices.
    Notices,
    /// Looks at how publications are received.
    Engagement,
    /// Publications, and all else in the outbox.
    Others,
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
    /// How accounts on them are connected, where that can be done here.
    pub accounts: Option<Arc<dyn Accounts>>,
    /// The screen.
    pub screen: Arc<Screen>,
    /// How the gate looks at a text: by the screen, but for tests of a gate that can't.
    pub look: Arc<Look>,
    /// Places for looks that go on.
    pub looks: Arc<Semaphore>,
    /// Places for events that are screened and stored: of thousands at once most are stored in
    /// time when few are under way, and hardly any when all are.
    pub door: Semaphore,
    /// For the hashes of what was not kept.
    pub trace: TraceKey,
    /// How long things may take.
    pub pace: Pace,
    /// What goes wrong with the ledger.
    pub trouble: Trouble,
    /// How much each person sends.
    pub flood: Flood,
    /// What was done since the start.
    pub counts: Counts,
    /// Until when channels were read again.
    pub caught: Caught,
    /// Who was looked for on platforms that do not tell who left.
    pub absent: Absent,
    /// When it opened.
    pub began: Timestamp,
    /// Rung when there may be something to do, one for each lane.
    bells: [Notify; 4],
    /// Until when events of a sender wait.
    resting: Mutex<HashMap<Sender, Timestamp>>,
}

impl Office {
    /// An office without platforms and networks yet.
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
        trace: TraceKey,
    ) -> Self {
        let screen = Arc::new(Screen::new());
        let looking = screen.clone();
        let began = clock.now();
        Self {
            store,
            clock,
            chance,
            chats: Vec::new(),
            publishers: Vec::new(),
            accounts: None,
            screen,
            look: Arc::new(move |text, roster| looking.check(text, roster)),
            looks: Arc::new(Semaphore::new(LOOKS)),
            door: Semaphore::new(DOOR),
            trace,
            pace: Pace::default(),
            trouble: Trouble::default(),
            flood: Flood::default(),
            counts: Counts::default(),
            caught: Caught::default(),
            absent: Absent::default(),
            began,
            bells: Default::default(),
            resting: Mutex::default(),
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
        self.counts.commit();
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

    /// Where a message stands, if its platform says so soon; empty otherwise. Somebody waits for it,
    /// and so do those behind them.
    pub async fn link(&self, at: &MessageRef) -> String {
        let Some(chat) = self.chat(at.channel.platform) else { return String::new() };
        let link = tokio::time::timeout(PATIENCE, chat.link(at)).await;
        link.ok().flatten().unwrap_or_default()
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

    /// Waits until one of the chat platforms can be heard again, or can't any more.
    pub async fn turned(&self) -> Connection {
        if self.chats.is_empty() {
            return std::future::pending().await;
        }
        select_all(self.chats.iter().map(|chat| chat.turns())).await.0
    }

    /// There may be something to do.
    pub fn ring(&self) {
        self.bells.iter().for_each(Notify::notify_one);
    }

    /// Waits until there may be something to do.
    pub async fn rung(&self, lane: Lane) {
        let [events, notices, engagement, others] = &self.bells;
        match lane {
            Lane::Events => events.notified().await,
            Lane::Notices => notices.notified().await,
            Lane::Engagement => engagement.notified().await,
            Lane::Others => others.notified().await,
        }
    }

    /// The sender's events wait, as an earlier one failed just now.
    pub fn rests(&self, sender: &Sender) -> bool {
        let now = self.now();
        let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        resting.retain(|_, until| *until > now);
        resting.contains_key(sender)
    }

    /// Lets the sender's events wait.
    pub fn rest(&self, sender: Sender, long: SignedDuration) {
        let until = self.now().saturating_add(long).unwrap_or(Timestamp::MAX);
        let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        resting.insert(sender, until);
    }
}
