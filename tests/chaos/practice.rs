//! Where posts are that are signed and due, made by the real use cases: a data folder and its
//! database.

use std::path::Path;
use std::sync::Arc;

use countersign::app::door::Door;
use countersign::app::office::Office;
use countersign::app::{inbox, rounds};
use countersign::chat::local::{self, Hearing, LocalChat, Say, World};
use countersign::cli::keys::{self, Keys, Missing};
use countersign::cli::sample;
use countersign::cli::world::{RealChance, RealClock};
use countersign::domain::canonical::hex;
use countersign::domain::ids::PracticeId;
use countersign::ports::clock::Clock;
use countersign::ports::store::{Card, Store};
use countersign::render::Words;
use countersign::store::Sql;
use tempfile::TempDir;

use crate::database::TestDatabase;

const DATABASE: &str = "countersign.db";
const WORLD: &str = "local.db";

/// A data folder with its database.
pub struct Home {
    folder: TempDir,
    pub database: TestDatabase,
}

/// One with posts that are signed and due.
pub struct Signed {
    home: Home,
    /// How many.
    pub posts: usize,
}

/// The sample practice's id.
pub fn id() -> PracticeId {
    PracticeId::new(sample::ID)
}

impl Home {
    /// An empty one, with a file as its database.
    pub fn with_a_file() -> Self {
        let folder = TempDir::new().expect("a folder");
        let database = TestDatabase::file(folder.path().join(DATABASE));
        Self { folder, database }
    }

    /// An empty one, with a database on the server, if there is a server.
    pub async fn with_a_server() -> Option<Self> {
        let database = TestDatabase::on_server().await?;
        Some(Self { folder: TempDir::new().expect("a folder"), database })
    }

    /// The data folder.
    pub fn data(&self) -> &Path {
        self.folder.path()
    }

    /// The store, and the key of its ledger.
    pub async fn open(&self) -> (Arc<Sql>, Keys) {
        let keys = keys::read(self.data(), Missing::Make).expect("keys");
        let store = Sql::open(&self.database.place, keys.ledger.clone(), None).await;
        (Arc::new(store.expect("opens")), keys)
    }
}

impl Signed {
    /// Makes it, with so many posts.
    pub async fn posts(home: Home, posts: usize) -> Self {
        let (office, hearing) = open_office(&home).await;
        for n in 0..posts {
            let text = format!("/post new Flu shots on Saturday, as {} asked.", name(n));
            let said = Say {
                channel: "ideas".to_owned(),
                thread: None,
                text,
                files: Vec::new(),
                key: None,
            };
            local::say(&hearing, "tomas", &said).await.expect("said");
        }
        settle(&office).await;

        for draft in cards(&office).await {
            let button = format!("submit:{}", draft.post);
            let pressed = (button.as_str(), Vec::new());
            local::press(&hearing, "tomas", &draft.at.message, pressed).await.expect("pressed");
        }
        settle(&office).await;

        for card in cards(&office).await {
            let reaction = ("✅", true);
            local::react(&hearing, "dr-rao", &card.at.message, reaction).await.expect("signed");
        }
        while inbox::drain(&office).await.expect("works") > 0 {}
        Self { home, posts }
    }

    /// Another one with the same in it.
    pub async fn copy(&self) -> Home {
        let (signed, folder) = (self.home.data(), TempDir::new().expect("a folder"));
        std::fs::create_dir(folder.path().join("keys")).expect("a folder");
        for file in ["keys/ledger", "keys/trace", "heads.log"] {
            std::fs::copy(signed.join(file), folder.path().join(file)).expect("copied");
        }
        let world = TestDatabase::file(signed.join(WORLD));
        world.copy(folder.path().join(WORLD)).await;
        let database = self.home.database.copy(folder.path().join(DATABASE)).await;
        Home { folder, database }
    }
}

async fn open_office(home: &Home) -> (Arc<Office>, Hearing) {
    let keys = keys::read(home.data(), Missing::Make).expect("keys");
    let heads = Some(home.data().join("heads.log"));
    let store = Sql::open(&home.database.place, keys.ledger.clone(), heads).await.expect("opens");
    let practice = sample::practice();
    let public = hex::encode(keys.ledger.verifying_key().as_bytes());
    let entries = sample::entries(&practice, &public, &RealChance);
    store.found(&practice, RealClock.now(), &entries).await.expect("founded");

    let (people, channels) = sample::workspace();
    let file = home.data().join(WORLD);
    let world = World::open(&file, people, channels, Arc::new(RealClock)).await.expect("opens");
    let words = Arc::new(Words::built_in().expect("templates compile"));
    let (clock, chance) = (Arc::new(RealClock), Arc::new(RealChance));
    let mut office = Office::new(Arc::new(store), clock, chance, keys.trace);
    office.chats.push(Arc::new(LocalChat::new(world.clone(), words)));
    let office = Arc::new(office);
    let intake = Arc::new(Door(office.clone()));
    (office, Hearing { world, intake })
}

async fn settle(office: &Office) {
    while rounds::go_round(office).await.expect("works") {}
}

/// The newest card or draft message of each post.
async fn cards(office: &Office) -> Vec<Card> {
    let mut cards = Vec::new();
    for post in office.store.posts(&id()).await.expect("readable") {
        let all = office.store.cards(&id(), &post.id).await.expect("readable");
        cards.push(all.into_iter().next_back().expect("was shown"));
    }
    cards
}

/// Words only: numbers are what the screen looks at.
fn name(mut n: usize) -> String {
    let mut name = String::new();
    for _ in 0..4 {
        name.push(char::from(b'a' + u8::try_from(n % 20).expect("small")));
        n /= 20;
    }
    name
}
