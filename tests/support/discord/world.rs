//! All that the simulated Discord remembers: apps, guilds, people, channels and what hangs on them.

use std::collections::VecDeque;
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use super::call::Exchange;
use super::faults::Fault;
use super::gateway::Gateway;
use super::id::Id;
use super::interaction::Interaction;
use super::message::Message;
use super::rates::Rates;

/// The millisecond in which the world begins if nobody says otherwise.
const BEGAN: u64 = 1_795_424_301_000;

/// An app, whose bot has the same id.
#[derive(Debug, Clone)]
pub struct App {
    pub id: Id,
    pub name: String,
    pub token: String,
    /// Privileged intents that its owner switched on.
    pub privileged: u64,
    pub commands: Vec<Value>,
    /// So many sessions may still be begun today.
    pub identifies_left: u32,
}

/// Someone.
#[derive(Debug, Clone)]
pub struct User {
    pub id: Id,
    pub name: String,
    pub bot: bool,
    /// Takes no direct messages from bots.
    pub closed: bool,
    /// The form that is open: the interaction it answers, and the form.
    pub modal: Option<(Id, Value)>,
}

/// A role.
#[derive(Debug, Clone)]
pub struct Role {
    pub id: Id,
    pub name: String,
    pub permissions: u64,
}

/// Someone in a guild.
#[derive(Debug, Clone)]
pub struct Member {
    pub user: Id,
    pub roles: Vec<Id>,
    pub nick: Option<String>,
}

/// A guild; the role of everyone has its id.
#[derive(Debug, Clone)]
pub struct Guild {
    pub id: Id,
    pub name: String,
    pub owner: Id,
    pub roles: Vec<Role>,
    pub members: Vec<Member>,
    pub emojis: Vec<(Id, String)>,
}

/// What a role or a member may or may not in one channel.
#[derive(Debug, Clone)]
pub struct Overwrite {
    pub id: Id,
    pub of_member: bool,
    pub allow: u64,
    pub deny: u64,
}

/// What only threads have.
#[derive(Debug, Clone)]
pub struct Thread {
    pub owner: Id,
    pub archived: bool,
    pub locked: bool,
    pub members: Vec<Id>,
    pub archives_after: u64,
}

/// A channel: of a guild, a thread, or direct.
#[derive(Debug, Clone)]
pub struct Channel {
    pub id: Id,
    pub kind: u8,
    pub guild: Option<Id>,
    pub name: String,
    pub parent: Option<Id>,
    pub recipients: Vec<Id>,
    pub overwrites: Vec<Overwrite>,
    pub thread: Option<Thread>,
    pub messages: Vec<Message>,
}

/// A file of a message.
#[derive(Debug, Clone)]
pub struct File {
    pub id: Id,
    pub channel: Id,
    pub name: String,
    pub kind: Option<String>,
    pub about: Option<String>,
    pub bytes: Vec<u8>,
}

/// A nonce that was used.
#[derive(Debug, Clone)]
pub struct Nonce {
    pub author: Id,
    pub text: String,
    pub channel: Id,
    pub message: Id,
    pub at: u64,
}

/// How long Discord waits.
#[derive(Debug, Clone)]
pub struct Timing {
    /// For the first answer to an interaction.
    pub answer: Duration,
    /// Before a token of an interaction is worth nothing.
    pub token: Duration,
    /// Between two heartbeats.
    pub heartbeat: Duration,
    /// Between two sessions that an app begins.
    pub identify: Duration,
    /// Before it answers a request.
    pub latency: Duration,
}

impl Default for Timing {
    /// As documented.
    fn default() -> Self {
        Self {
            answer: Duration::from_secs(3),
            token: Duration::from_mins(15),
            heartbeat: Duration::from_millis(41_250),
            identify: Duration::from_secs(5),
            latency: Duration::ZERO,
        }
    }
}

/// Everything.
pub struct World {
    pub base: String,
    pub apps: Vec<App>,
    pub users: Vec<User>,
    pub guilds: Vec<Guild>,
    pub channels: Vec<Channel>,
    pub files: Vec<File>,
    pub nonces: Vec<Nonce>,
    pub interactions: Vec<Interaction>,
    pub gateway: Gateway,
    pub timing: Timing,
    pub faults: Vec<Fault>,
    pub rates: Rates,
    /// What was asked lately, and what was answered.
    pub calls: VecDeque<Exchange>,
    began: u64,
    started: Instant,
    count: u64,
}

impl World {
    /// An empty one that is found at an address.
    pub fn new(base: String) -> Self {
        Self {
            base,
            apps: Vec::new(),
            users: Vec::new(),
            guilds: Vec::new(),
            channels: Vec::new(),
            files: Vec::new(),
            nonces: Vec::new(),
            interactions: Vec::new(),
            gateway: Gateway::default(),
            timing: Timing::default(),
            faults: Vec::new(),
            rates: Rates::default(),
            calls: VecDeque::new(),
            began: BEGAN,
            started: Instant::now(),
            count: 0,
        }
    }

    /// A new id; nothing has the same twice, and each is greater than the one before.
    pub fn id(&mut self) -> Id {
        self.count += 1;
        Id::made(self.now(), self.count)
    }

    /// The millisecond that it is now.
    pub fn now(&self) -> u64 {
        self.began + u64::try_from(self.started.elapsed().as_millis()).expect("not that long")
    }

    /// It is so much later from now on.
    pub fn later(&mut self, by: Duration) {
        self.began += u64::try_from(by.as_millis()).expect("not that long");
    }

    /// It is this second now, unless it is later already.
    pub fn is_not_before(&mut self, second: u64) {
        let lacks = (second * 1000).saturating_sub(self.now());
        self.later(Duration::from_millis(lacks));
    }

    /// An app by its id.
    pub fn app(&self, id: Id) -> Option<&App> {
        self.apps.iter().find(|app| app.id == id)
    }

    /// An app by its id, to change.
    pub fn app_mut(&mut self, id: Id) -> Option<&mut App> {
        self.apps.iter_mut().find(|app| app.id == id)
    }

    /// The app of a token, which may come with `Bot` before it.
    pub fn app_of(&self, token: &str) -> Option<&App> {
        let token = token.strip_prefix("Bot ").unwrap_or(token);
        self.apps.iter().find(|app| app.token == token)
    }

    /// Someone by the id.
    pub fn user(&self, id: Id) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    /// Someone by the id, to change.
    pub fn user_mut(&mut self, id: Id) -> Option<&mut User> {
        self.users.iter_mut().find(|user| user.id == id)
    }

    /// A guild by its id.
    pub fn guild(&self, id: Id) -> Option<&Guild> {
        self.guilds.iter().find(|guild| guild.id == id)
    }

    /// A guild by its id, to change.
    pub fn guild_mut(&mut self, id: Id) -> Option<&mut Guild> {
        self.guilds.iter_mut().find(|guild| guild.id == id)
    }

    /// Someone in a guild.
    pub fn member(&self, guild: Id, user: Id) -> Option<&Member> {
        self.guild(guild)?.members.iter().find(|member| member.user == user)
    }

    /// A channel by its id.
    pub fn channel(&self, id: Id) -> Option<&Channel> {
        self.channels.iter().find(|channel| channel.id == id)
    }

    /// A channel by its id, to change.
    pub fn channel_mut(&mut self, id: Id) -> Option<&mut Channel> {
        self.channels.iter_mut().find(|channel| channel.id == id)
    }

    /// A message that stands.
    pub fn message(&self, channel: Id, id: Id) -> Option<&Message> {
        self.channel(channel)?.messages.iter().find(|m| m.id == id && !m.gone)
    }

    /// A message that stands, to change.
    pub fn message_mut(&mut self, channel: Id, id: Id) -> Option<&mut Message> {
        self.channel_mut(channel)?.messages.iter_mut().find(|m| m.id == id && !m.gone)
    }

    /// A file by its id.
    pub fn file(&self, id: Id) -> Option<&File> {
        self.files.iter().find(|file| file.id == id)
    }

    /// An interaction by its id.
    pub fn interaction(&self, id: Id) -> Option<&Interaction> {
        self.interactions.iter().find(|interaction| interaction.id == id)
    }

    /// An interaction by its id, to change.
    pub fn interaction_mut(&mut self, id: Id) -> Option<&mut Interaction> {
        self.interactions.iter_mut().find(|interaction| interaction.id == id)
    }
}
