//! A practice to play in: real store, real use cases, real words; the chat's socket, the network
//! and the clock are ours.

pub mod accounts;
mod agency;
mod border;
mod chat;
mod copy;
mod engine;
mod forms;
mod further;
mod network;
mod over;
mod over_discord;
mod over_slack;
mod person;
mod replica;
mod short;
mod time;

use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use countersign::app::gate;
use countersign::app::office::{Office, TraceKey};
use countersign::app::{catch_up, inbox, outbox, rounds, sweep};
use countersign::cli::instance;
use countersign::cli::practice::{self, Manner};
use countersign::cli::practice_file::PracticeFile;
pub use countersign::cli::sample;
use countersign::domain::ids::{EventId, PracticeId};
use countersign::domain::ledger::Walk;
use countersign::domain::post::Post;
use countersign::domain::practice::Practice;
use countersign::domain::roster::Roster;
use countersign::ports::chat::MessageRef;
use countersign::ports::clock::Clock;
use countersign::ports::intake::{ChatEvent, Happening, Receipt};
use countersign::ports::store::{Kinds, Store};
use countersign::store::Sql;
use ed25519_dalek::SigningKey;
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

use crate::database::TestDatabase;

pub use agency::without_maya;
pub use chat::FakeChat;
pub use forms::Opened;
use further::Further;
pub use network::{Does, FakeNetwork};
pub use over::{Over, Which, over_platform, wanted};
pub use over_discord::{OverDiscord, stands};
pub use over_slack::OverSlack;
pub use time::{Counted, StoppedClock};

/// The key of the test's ledger.
pub fn ledger_key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

/// A practice, its platform, its network and its clock.
pub struct TestPractice {
    /// What the use cases reach.
    pub office: Arc<Office>,
    /// The platform.
    pub chat: FakeChat,
    /// The network.
    pub network: FakeNetwork,
    /// The store, as a database.
    pub sql: Arc<Sql>,
    /// The database.
    pub database: TestDatabase,
    /// Where what belongs to it is, and it itself if it is a file.
    pub folder: Arc<TempDir>,
    whose: PracticeId,
    twice: AtomicBool,
    clock: Arc<StoppedClock>,
    chance: Arc<Counted>,
    events: AtomicI64,
    lines: Arc<Mutex<Vec<String>>>,
    further: Option<Box<Further>>,
}

/// Somebody who acts.
#[derive(Clone, Copy)]
pub struct Person<'a> {
    practice: &'a TestPractice,
    user: &'static str,
}

impl TestPractice {
    /// The sample practice, Monday 23 November 2026, 9:00 in Chicago.
    pub async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    /// The sample practice, changed before it begins.
    pub async fn open_with(change: impl FnOnce(&mut Practice)) -> Self {
        Self::open_as(change, |_| {}).await
    }

    /// The sample practice, on a file whatever the tests are told, for who looks into files.
    pub async fn open_on_a_file(change_office: impl FnOnce(&mut Office)) -> Self {
        let folder = TempDir::new().expect("a folder");
        let database = TestDatabase::file(folder.path().join("countersign.db"));
        Self::open_in((folder, database), |_| {}, change_office, wanted()).await
    }

    /// The sample practice and its office, changed before it begins.
    pub async fn open_as(
        change: impl FnOnce(&mut Practice),
        change_office: impl FnOnce(&mut Office),
    ) -> Self {
        Self::open_in(Self::place().await, change, change_office, wanted()).await
    }

    async fn place() -> (TempDir, TestDatabase) {
        let folder = TempDir::new().expect("a folder");
        let database = TestDatabase::wanted(folder.path().join("countersign.db")).await;
        (folder, database)
    }

    async fn open_in(
        (folder, database): (TempDir, TestDatabase),
        change: impl FnOnce(&mut Practice),
        change_office: impl FnOnce(&mut Office),
        wanted: Option<Which>,
    ) -> Self {
        let folder = Arc::new(folder);
        let start: Timestamp = "2026-11-23T15:00:00Z".parse().expect("a time");
        let clock = Arc::new(StoppedClock(AtomicI64::new(start.as_microsecond())));
        let lines = Arc::new(Mutex::new(Vec::new()));
        let over = wanted.map(|which| Over::start(which, clock.clone()));
        let chat = FakeChat::new(lines.clone(), over);
        let network = FakeNetwork::new(lines.clone());
        let luck = Arc::new(Counted(AtomicI64::new(clock.now().as_microsecond())));
        let (time, place) = ((clock.clone(), luck.clone()), (&*folder, &database));
        let (mut office, sql) = office(place, time, &chat, &network).await;
        change_office(&mut office);
        let office = Arc::new(office);
        if let Some(over) = chat.beyond() {
            over.belongs_to(&office);
        }
        let mut practice = sample::practice();
        change(&mut practice);
        let key =
            countersign::domain::canonical::hex::encode(ledger_key().verifying_key().as_bytes());
        let entries = sample::entries(&practice, &key, &Counted::default());
        office.store.found(&practice, clock.now(), &entries).await.expect("founded");
        let first = instance::first_entry(&ledger_key(), &Counted::default());
        let instance = Practice::instance();
        office.store.found(&instance, clock.now(), &[first]).await.expect("founded");
        Self {
            office,
            chat,
            network,
            sql,
            database,
            folder,
            whose: practice.id,
            twice: AtomicBool::new(false),
            clock,
            chance: luck,
            events: AtomicI64::new(0),
            lines,
            further: None,
        }
    }

    /// The process ends and starts again; the world goes on in between.
    pub async fn restarts(&mut self) {
        self.opens_again().await;
        self.note("-- restart");
        self.recognises().await;
        sweep::all(&self.office).await.expect("swept");
    }

    /// Another process has it open.
    async fn opens_again(&mut self) {
        let place = (&*self.folder, &self.database);
        // Chance goes on too: what the former run made is not made again.
        let time = (self.clock.clone(), self.chance.clone());
        let (mut office, sql) = office(place, time, &self.chat, &self.network).await;
        if let Some(further) = &self.further {
            office.publishers.extend(further(sql.clone()));
        }
        (self.office, self.sql) = (Arc::new(office), sql);
        if let Some(over) = self.chat.beyond() {
            over.belongs_to(&self.office);
        }
    }

    /// Somebody of the sample practice.
    pub fn person(&self, user: &'static str) -> Person<'_> {
        Person { practice: self, user }
    }

    /// Works off everything that is due.
    pub async fn settle(&self) {
        for _ in 0..1000 {
            if !rounds::go_round(&self.office).await.expect("works") {
                return;
            }
        }
        panic!("the work never ends");
    }

    /// Reads the ideas channel again, for what was written while nobody listened.
    pub async fn catches_up(&self) {
        assert_eq!(catch_up::all(&self.office).await.expect("read"), 0);
        self.settle().await;
    }

    /// Handles events only; nothing leaves.
    pub async fn handles_events(&self) {
        inbox::drain(&self.office).await.expect("works");
    }

    /// Works off one batch of these kinds.
    pub async fn works_on(&self, kinds: Kinds) -> usize {
        outbox::drain(&self.office, kinds).await.expect("works")
    }

    /// Time passes, then what is due happens.
    pub async fn waits(&self, how_long: SignedDuration) {
        self.passes(how_long);
        self.settle().await;
    }

    /// Time passes and nothing happens.
    pub fn passes(&self, how_long: SignedDuration) {
        let micros = i64::try_from(how_long.as_micros()).expect("not ages");
        self.clock.0.fetch_add(micros, Ordering::SeqCst);
        self.note(&format!("-- {how_long:#}"));
    }

    /// The platform delivers every event twice.
    pub fn again(&self, twice: bool) {
        self.twice.store(twice, Ordering::SeqCst);
        if let Some(over) = self.chat.beyond() {
            over.twice(twice);
        }
    }

    /// Writes a line into the transcript.
    pub fn note(&self, line: &str) {
        self.lines.lock().expect("whole").push(line.to_owned());
    }

    /// What happened since the last time this was asked.
    pub fn transcript(&self) -> String {
        std::mem::take(&mut *self.lines.lock().expect("whole")).join("\n")
    }

    /// Whoever runs Countersign applies the practice's file, changed by this; what it says.
    pub async fn is_changed(&self, change: impl FnOnce(String) -> String) -> String {
        self.is_changed_after(SignedDuration::ZERO, change).await
    }

    /// The same by somebody who thinks about the question for so long before they say yes.
    pub async fn is_changed_after(
        &self,
        thinking: SignedDuration,
        change: impl FnOnce(String) -> String,
    ) -> String {
        let known = self.office.store.practice(&self.id()).await.expect("readable");
        let file = PracticeFile::of(&known.expect("a practice"));
        let text = change(file.to_toml().expect("written"));
        let agreed = |_: &mut dyn Write| {
            if !thinking.is_zero() {
                self.passes(thinking);
            }
            Ok(true)
        };
        let manner = Manner { agreed: &agreed, new_codes: false };
        let mut out = Vec::new();
        let key = ledger_key().verifying_key();
        let key = countersign::domain::canonical::hex::encode(key.as_bytes());
        let applied = practice::apply(&self.office, &key, &text, manner, &mut out).await;
        let mut said = String::from_utf8(out).expect("words");
        if let Err(error) = applied {
            said = format!("{said}{error:#}");
        }
        self.note(&format!("operator    {}", said.trim_end().replace('\n', " |")));
        self.settle().await;
        said
    }

    /// The post with this number.
    pub async fn post(&self, number: i64) -> Post {
        let post = self.office.store.post_by_number(&self.id(), number).await.expect("readable");
        post.expect("there is such a post")
    }

    /// The practice's id.
    pub fn id(&self) -> PracticeId {
        self.whose.clone()
    }

    /// The kinds of entries in the ledger, in order; and the chain walks.
    pub async fn ledger(&self) -> Vec<String> {
        let mut walk = Walk::new(self.id());
        let entries = self.office.store.entries(&self.id(), 0, 100_000).await.expect("readable");
        let mut kinds = Vec::new();
        for (sealed, _) in entries {
            walk.step(&sealed, &ledger_key().verifying_key()).expect("whole");
            let fact = serde_json::to_value(&sealed.entry.fact.what).expect("JSON");
            kinds.push(fact["kind"].as_str().expect("a kind").to_owned());
        }
        kinds
    }

    /// The ledger, folded again, says the same as the tables.
    pub async fn ledger_equals_tables(&self) {
        let mut fold = countersign::domain::fold::Fold::default();
        let mut roster = Roster::new(self.id());
        for (sealed, body) in
            self.office.store.entries(&self.id(), 0, 100_000).await.expect("readable")
        {
            fold.add(&sealed.entry);
            roster.add(&sealed.entry, body.as_ref());
        }
        let practice = self.office.store.practice(&self.id()).await.expect("readable");
        assert_eq!(roster.differs(&practice.expect("a practice")), None);
        let posts = self.office.store.posts(&self.id()).await.expect("readable");
        assert_eq!(fold.len(), posts.len());
        for post in posts {
            assert_eq!(fold.differs(&post), None, "post {}", post.number);
        }
    }

    fn event(&self, user: &str, channel: &str, what: Happening) -> ChatEvent {
        let n = self.events.fetch_add(1, Ordering::SeqCst);
        ChatEvent {
            id: EventId::new(format!("e{n}")),
            at: self.clock.now(),
            from: sample::identity(user),
            is_bot: user == "robot",
            channel: sample::channel(channel),
            what,
        }
    }

    async fn receives(&self, user: &str, channel: &str, what: Happening) -> Receipt {
        if let Some(over) = self.chat.beyond() {
            return self.chat.happens_over(over, user, &what).await;
        }
        self.brings(self.event(user, channel, what)).await
    }

    async fn brings(&self, event: ChatEvent) -> Receipt {
        if self.chat.is_deaf() {
            return Receipt::Ignored;
        }
        if self.twice.load(Ordering::SeqCst) {
            gate::receive(&self.office, event.clone()).await;
        }
        gate::receive(&self.office, event).await
    }
}

async fn office(
    (folder, database): (&TempDir, &TestDatabase),
    (clock, chance): (Arc<StoppedClock>, Arc<Counted>),
    chat: &FakeChat,
    network: &FakeNetwork,
) -> (Office, Arc<Sql>) {
    let heads = folder.path().join("heads.log");
    let sql = Sql::open(&database.place, ledger_key(), Some(heads)).await;
    let sql = Arc::new(sql.expect("opens"));
    let store: Arc<dyn Store> = sql.clone();
    let mut office = Office::new(store, clock, chance, TraceKey([9; 32]));
    // One after the other, so that the transcript has one order.
    office.pace.at_once = 1;
    // A machine with much else to do is no news here.
    office.pace.look = SignedDuration::from_secs(30);
    office.chats.push(Arc::new(chat.clone()));
    office.publishers.push(Arc::new(network.clone()));
    (office, sql)
}

/// A message of the local workspace.
pub fn message_in(channel: &str, message: &str) -> MessageRef {
    MessageRef { channel: sample::channel(channel), message: message.to_owned() }
}

/// A small picture.
pub fn a_picture() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let picture = image::RgbImage::from_pixel(8, 8, image::Rgb([20, 120, 90]));
    picture.write_to(&mut bytes, image::ImageFormat::Png).expect("a picture");
    bytes.into_inner()
}
