//! A bot on the bench: the program's own ways to Slack, with an ear that tests tell what to say.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use countersign::chat::slack::bring::{Bring, Hears};
use countersign::chat::slack::health::Standing;
use countersign::chat::slack::link::Pace;
use countersign::chat::slack::socket::{Patience, Socket};
use countersign::chat::slack::{Api, Envelope, Health, Install, Installs, Reply};
use countersign::domain::secret::Secret;
use countersign::ports::clock::Chance;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::slack::Slack;

/// What an ear does with one envelope.
#[derive(Debug)]
pub enum Does {
    Says(Reply),
    /// Hears it only once the test lets it.
    Waits(tokio::sync::oneshot::Receiver<()>),
    Panics,
}

/// An ear that keeps what it hears.
#[derive(Default)]
pub struct Ear {
    heard: watch::Sender<Vec<Envelope>>,
    next: Mutex<VecDeque<Does>>,
}

impl Ear {
    /// What it does with the next ones; everything after is acknowledged.
    pub fn will(&self, does: impl IntoIterator<Item = Does>) {
        self.next.lock().expect("whole").extend(does);
    }

    /// Waits until it has heard so many, and tells them.
    pub async fn hears(&self, count: usize) -> Vec<Envelope> {
        let mut heard = self.heard.subscribe();
        heard.wait_for(|heard| heard.len() >= count).await.expect("it runs").clone()
    }

    /// So many so far.
    pub fn count(&self) -> usize {
        self.heard.borrow().len()
    }
}

#[async_trait]
impl Hears for Ear {
    async fn hear(&self, envelope: Envelope) -> Reply {
        self.heard.send_modify(|heard| heard.push(envelope));
        let does = self.next.lock().expect("whole").pop_front();
        match does {
            None => Reply::Ack,
            Some(Does::Says(reply)) => reply,
            Some(Does::Waits(until)) => {
                until.await.expect("the test lets it");
                Reply::Ack
            }
            Some(Does::Panics) => panic!("it was told to"),
        }
    }
}

/// The same bytes always: waits that can be told.
pub struct NoChance;

impl Chance for NoChance {
    fn bytes(&self) -> [u8; 16] {
        [0; 16]
    }
}

/// What a bot at the bench needs of Slack.
pub fn api(slack: &Slack) -> Api {
    let known = slack.install();
    let installs = Installs::default();
    installs.put(Install {
        team: known.team,
        app: known.app,
        bot_user: known.bot_user,
        bot: known.bot,
        installer: String::new(),
        token: Secret::new(known.token),
    });
    Api::new(&format!("{}/api", slack.url()), Arc::new(installs)).expect("an address")
}

/// Waits that a test can wait for.
pub fn patience() -> Patience {
    let millis = Duration::from_millis;
    let link = Pace {
        connect: millis(400),
        send: millis(400),
        ping: millis(20),
        silence: millis(200),
        drain: millis(2000),
    };
    Patience { link, first: millis(10), longest: millis(50), refused: millis(50), good: millis(0) }
}

/// A bot that listens over sockets for as long as it is held.
pub struct Bot {
    pub ear: Arc<Ear>,
    pub health: watch::Receiver<Health>,
    _runs: JoinSet<()>,
}

impl Bot {
    /// One that is connected so many times, with the waits of the bench.
    pub async fn connected(slack: &Slack, links: usize) -> Self {
        let bot = Self::start(slack, |socket| socket.links = links);
        slack.connected(links).await;
        bot
    }

    /// One that a test has changed before it starts.
    pub fn start(slack: &Slack, change: impl FnOnce(&mut Socket)) -> Self {
        let (ear, standing) = (Arc::<Ear>::default(), Arc::<Standing>::default());
        let mut socket = Socket {
            api: api(slack),
            app_token: Secret::new(slack.app().socket_token),
            links: 1,
            bring: Bring::to(ear.clone()),
            standing: standing.clone(),
            patience: patience(),
            chance: Arc::new(NoChance),
        };
        change(&mut socket);
        let mut runs = JoinSet::new();
        runs.spawn(async move { socket.go_on().await });
        Self { ear, health: standing.watch(), _runs: runs }
    }

    /// Waits until it is heard.
    pub async fn is_up(&mut self) {
        self.health.wait_for(|health| *health == Health::Up).await.expect("it runs");
    }

    /// Waits until it says that it is not heard, for a reason that holds these words.
    pub async fn is_away(&mut self, words: &str) {
        let says = |health: &Health| match health {
            Health::Up => false,
            Health::Away(why) => why.contains(words),
        };
        self.health.wait_for(says).await.expect("it runs");
    }
}
