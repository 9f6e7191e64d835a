//! The program over its files, wired as `serve` does it but for the clock: it ends and starts again
//! over the same database, keys and world, and people act on it through its HTTP API.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use countersign::app::office::{Office, TraceKey};
use countersign::app::{agency, gate, rounds, sweep};
use countersign::chat::local::{self, Bytes, Door, Faults, Hearing, Local, LocalChat, Pictures};
use countersign::cli::{instance, origin, sample, sample_agency};
use countersign::domain::agency::Agency;
use countersign::domain::canonical::hex;
use countersign::domain::ids::PracticeId;
use countersign::domain::outbox::Certainty;
use countersign::domain::practice::Practice;
use countersign::networks::local::LocalNetwork;
use countersign::ports::clock::Clock;
use countersign::ports::intake::ChatEvent;
use countersign::ports::store::Store;
use countersign::render::Words;
use countersign::store::Sql;
use ed25519_dalek::SigningKey;
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::cast;
use crate::chance::Dice;
use crate::database::TestDatabase;
use crate::time::{Counted, StoppedClock};
use crate::wire::{Mail, Wire};

/// The token of the HTTP API.
pub const TOKEN: &str = "0123456789abcdef";
/// So long the program waits for the network, on a real clock.
const REQUEST: Duration = Duration::from_millis(400);
/// How networks let one find out, in the order in which the program is set to them.
const CERTAINTIES: [Certainty; 3] = [
    Certainty::LookUp { delay: SignedDuration::from_secs(1) },
    Certainty::Key { lifetime: SignedDuration::from_hours(24) },
    Certainty::Neither,
];

/// The program, and all that it leaves behind when it ends.
pub struct House {
    pub clock: Arc<StoppedClock>,
    /// What is on the way to the program.
    pub mail: Mail,
    /// The database.
    pub database: TestDatabase,
    /// The data folder.
    pub folder: TempDir,
    /// What the world is told to do badly.
    pub faults: Faults,
    chance: Arc<Counted>,
    certainty: usize,
    running: Option<Running>,
}

/// One run of the program.
struct Running {
    office: Arc<Office>,
    world: local::World,
    port: u16,
    server: JoinHandle<()>,
}

/// Pictures of cards, of any practice.
struct CardPictures(Arc<dyn Store>, Vec<PracticeId>);

/// The key of the ledger.
pub fn ledger_key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

/// The ledger's public key, hexadecimal.
pub fn public_key() -> String {
    hex::encode(ledger_key().verifying_key().as_bytes())
}

impl House {
    /// Everything begins, with these practices and an agency that works for all of them.
    pub async fn open(
        (folder, database): (TempDir, TestDatabase),
        begins: Timestamp,
        practices: &[Practice],
    ) -> Self {
        let mut house = Self {
            clock: Arc::new(StoppedClock::at(begins)),
            mail: Mail::default(),
            database,
            folder,
            faults: Faults::default(),
            chance: Arc::new(Counted::from(begins.as_microsecond())),
            certainty: 0,
            running: None,
        };
        house.founds(practices).await;
        house.running = Some(house.starts().await);
        let ids = practices.iter().map(|practice| practice.id.clone()).collect();
        let agency = Agency { practices: ids, ..sample_agency::agency() };
        let office = house.office();
        let plan = agency::plan(&office, agency).await.expect("readable").expect("may be so");
        agency::apply(&office, plan).await.expect("applied");
        house
    }

    /// What the program's use cases reach.
    pub fn office(&self) -> Arc<Office> {
        self.running.as_ref().expect("it runs").office.clone()
    }

    /// Where the HTTP API is.
    pub fn port(&self) -> u16 {
        self.running.as_ref().expect("it runs").port
    }

    /// The program ends and starts again; it is set in between to how the network lets one find
    /// out.
    pub async fn restarts(&mut self, certainty: u64) {
        self.running = None;
        self.certainty = usize::try_from(certainty).expect("small") % CERTAINTIES.len();
        self.running = Some(self.starts().await);
        self.sweeps().await;
    }

    /// The program breaks off in the middle of its work, and starts again.
    pub async fn breaks_off(&mut self, dice: &mut Dice) {
        let (office, clock) = (self.office(), self.clock.clone());
        clock.cuts(dice.between(1, 120), settle(&office)).await;
        drop(office);
        self.restarts(dice.between(0, 3)).await;
    }

    /// The network tells a repeated request by its key.
    pub fn knows_keys(&self) -> bool {
        matches!(CERTAINTIES[self.certainty], Certainty::Key { .. })
    }

    /// Works off everything that is due.
    pub async fn settles(&self) {
        settle(&self.office()).await;
    }

    /// Time passes, then what is due happens.
    pub async fn waits(&self, how_long: SignedDuration) {
        self.clock.passes(how_long);
        self.settles().await;
    }

    /// Every open card is read again, as `serve` does every few minutes; how many could not be.
    pub async fn sweeps(&self) -> usize {
        sweep::all(&self.office()).await.expect("swept")
    }

    /// Something is brought that happened before.
    pub async fn is_brought(&self, event: ChatEvent) {
        gate::receive(&self.office(), event).await;
    }

    async fn store(&self) -> Arc<dyn Store> {
        let heads = self.folder.path().join("heads.log");
        let sql = Sql::open(&self.database.place, ledger_key(), Some(heads)).await;
        Arc::new(sql.expect("opens"))
    }

    async fn founds(&self, practices: &[Practice]) {
        let (store, key, now) = (self.store().await, public_key(), self.clock.now());
        for practice in practices {
            let entries = sample::entries(practice, &key, self.chance.as_ref());
            store.found(practice, now, &entries).await.expect("founded");
        }
        let first = instance::first_entry(&ledger_key(), self.chance.as_ref());
        store.found(&Practice::instance(), now, &[first]).await.expect("founded");
    }

    async fn starts(&self) -> Running {
        let store = self.store().await;
        let (clock, chance) = (self.clock.clone(), self.chance.clone());
        let mut office = Office::new(store.clone(), clock.clone(), chance, TraceKey([9; 32]));
        // One after the other, so that a seed repeats a run.
        office.pace.at_once = 1;
        // A machine with much else to do is no news here.
        office.pace.look = SignedDuration::from_secs(30);
        let ids = store.practices().await.expect("readable");
        let (people, channels) = cast::workspace();
        let file = self.folder.path().join("local.db");
        let world = local::World::open(&file, people, channels, clock).await.expect("a world");
        let words = Arc::new(Words::built_in().expect("templates compile"));
        office.chats.push(Arc::new(LocalChat::new(world.clone(), words)));

        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let base = format!("http://127.0.0.1:{port}/local/network");
        let certainty = CERTAINTIES[self.certainty];
        let network = LocalNetwork::new(&base, TOKEN, certainty, REQUEST).expect("usable");
        office.publishers.push(Arc::new(network));
        let (heads, key) = (self.folder.path().join("heads.log"), ledger_key().verifying_key());
        origin::recognise(&office, &heads, &key).await.expect("recognised");

        let office = Arc::new(office);
        let intake = Arc::new(Wire { office: office.clone(), mail: self.mail.clone() });
        let hearing = Hearing { world: world.clone(), intake };
        let pictures = Arc::new(CardPictures(store, ids));
        let router = local::router(Local::new(hearing, pictures, Door::new(port, TOKEN)));
        let server = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("serves");
        });
        Running { office, world, port, server }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // What the network never answers is over with it.
        self.world.close();
        self.server.abort();
    }
}

#[async_trait]
impl Pictures for CardPictures {
    async fn picture(&self, sha256: &str) -> Option<Bytes> {
        for practice in &self.1 {
            if let Ok(Some(media)) = self.0.media(practice, sha256).await {
                return Some(Bytes { media_type: media.media_type, bytes: media.bytes });
            }
        }
        None
    }
}

async fn settle(office: &Office) {
    for _ in 0..10_000 {
        if !rounds::go_round(office).await.expect("works") {
            return;
        }
    }
    panic!("the work never ends");
}
