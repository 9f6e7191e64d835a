//! All that the simulated Slack remembers: apps, workspaces, people, channels and what hangs on them.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use super::faults::Fault;
use super::message::Message;
use super::rates::Rates;
use super::socket::Sockets;

/// The second in which the world begins if nobody says otherwise; time goes on by one a thing.
const BEGAN: u64 = 1_795_424_301;

/// How long one can answer to what a person did, as Slack has it.
const TRIGGER: Duration = Duration::from_secs(3);

/// An app as its owner set it up.
#[derive(Debug, Clone)]
pub struct App {
    pub id: String,
    pub name: String,
    pub client_id: String,
    pub client_secret: String,
    pub signing_secret: String,
    pub socket_token: String,
    /// Where requests go; `None` is Socket Mode.
    pub request_url: Option<String>,
    /// Tokens expire and are renewed.
    pub rotates: bool,
}

/// An app in a workspace.
#[derive(Debug, Clone)]
pub struct Install {
    pub app: String,
    pub team: String,
    pub token: String,
    pub refresh: String,
    pub scopes: Vec<String>,
    pub bot_user: String,
    pub bot: String,
    /// Uninstalled, or its token revoked.
    pub revoked: bool,
}

/// A workspace.
#[derive(Debug, Clone)]
pub struct Team {
    pub id: String,
    pub name: String,
    pub emoji: HashMap<String, String>,
}

/// Someone in a workspace.
#[derive(Debug, Clone)]
pub struct User {
    pub id: String,
    pub team: String,
    pub name: String,
    pub zone: String,
    pub is_bot: bool,
    /// Looks after the workspace.
    pub is_admin: bool,
    pub deleted: bool,
    /// The home tab as it was last published.
    pub home: Option<Value>,
    /// Open modals, the topmost last.
    pub modals: Vec<Value>,
}

/// A channel; of several workspaces, if it is shared through Slack Connect.
#[derive(Debug, Clone)]
pub struct Channel {
    pub id: String,
    pub name: String,
    pub private: bool,
    /// A direct conversation.
    pub im: bool,
    pub archived: bool,
    pub teams: Vec<String>,
    pub members: BTreeSet<String>,
    pub messages: Vec<Message>,
}

/// A file.
#[derive(Debug, Clone)]
pub struct File {
    pub id: String,
    pub team: String,
    pub user: String,
    pub name: String,
    pub alt: String,
    pub bytes: Vec<u8>,
    /// All of it is there, and it was shared.
    pub complete: bool,
    pub shares: Vec<(String, String)>,
    pub length: usize,
}

/// What a person did, to which a modal may answer.
#[derive(Debug, Clone)]
pub struct Trigger {
    pub user: String,
    pub until: Instant,
    pub used: bool,
}

/// An address under which a person's act is answered.
#[derive(Debug, Clone)]
pub struct Respond {
    pub app: String,
    pub user: String,
    pub channel: String,
    pub ts: Option<String>,
    pub left: u8,
}

/// Everything.
pub struct World {
    pub base: String,
    pub apps: Vec<App>,
    pub installs: Vec<Install>,
    pub teams: Vec<Team>,
    pub users: Vec<User>,
    pub channels: Vec<Channel>,
    pub files: Vec<File>,
    pub triggers: HashMap<String, Trigger>,
    pub responds: HashMap<String, Respond>,
    /// Codes of an install that was allowed: app and workspace.
    pub codes: HashMap<String, (String, String, Vec<String>)>,
    pub tickets: HashMap<String, String>,
    /// Installs are an organisation's, of this id, for every workspace there is.
    pub org: Option<String>,
    pub sockets: Sockets,
    pub faults: Vec<Fault>,
    /// Reactions are told of, and are gone already or not there yet.
    pub hearsay: bool,
    pub rates: Rates,
    pub calls: VecDeque<String>,
    /// How long it took until something was acknowledged, however often it was sent.
    pub took: Vec<Duration>,
    /// What must still be sent to apps.
    pub out: VecDeque<super::deliver::Delivery>,
    /// The second in which the world began.
    pub began: u64,
    count: u64,
}

impl World {
    /// An empty one that is found at an address.
    pub fn new(base: String) -> Self {
        Self {
            base,
            apps: Vec::new(),
            installs: Vec::new(),
            teams: Vec::new(),
            users: Vec::new(),
            channels: Vec::new(),
            files: Vec::new(),
            triggers: HashMap::new(),
            responds: HashMap::new(),
            codes: HashMap::new(),
            tickets: HashMap::new(),
            org: None,
            sockets: Sockets::default(),
            faults: Vec::new(),
            hearsay: false,
            rates: Rates::default(),
            calls: VecDeque::new(),
            took: Vec::new(),
            out: VecDeque::new(),
            began: BEGAN,
            count: 0,
        }
    }

    /// The next number; nothing has the same twice.
    pub fn next(&mut self) -> u64 {
        self.count += 1;
        self.count
    }

    /// A new id with Slack's letter before it.
    pub fn id(&mut self, letter: &str) -> String {
        format!("{letter}0{:09}", self.next())
    }

    /// The second that it is now.
    pub fn now(&self) -> u64 {
        self.began + self.count
    }

    /// It is this second now, unless it is later already.
    pub fn is_not_before(&mut self, second: u64) {
        self.began = self.began.max(second.saturating_sub(self.count));
    }

    /// A timestamp that nothing else has.
    pub fn ts(&mut self) -> String {
        self.next();
        format!("{}.000100", self.now())
    }

    /// An app by its id.
    pub fn app(&self, id: &str) -> &App {
        self.apps.iter().find(|app| app.id == id).expect("a known app")
    }

    /// A workspace by its id.
    pub fn team(&self, id: &str) -> &Team {
        self.teams.iter().find(|team| team.id == id).expect("a known workspace")
    }

    /// Someone by the id.
    pub fn user(&self, id: &str) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    /// Someone by the id, to change.
    pub fn user_mut(&mut self, id: &str) -> Option<&mut User> {
        self.users.iter_mut().find(|user| user.id == id)
    }

    /// A channel by its id.
    pub fn channel(&self, id: &str) -> Option<&Channel> {
        self.channels.iter().find(|channel| channel.id == id)
    }

    /// A channel by its id, to change.
    pub fn channel_mut(&mut self, id: &str) -> Option<&mut Channel> {
        self.channels.iter_mut().find(|channel| channel.id == id)
    }

    /// A message that stands.
    pub fn message(&self, channel: &str, ts: &str) -> Option<&Message> {
        self.channel(channel)?.messages.iter().find(|m| m.ts == ts && !m.gone)
    }

    /// A message that stands, to change.
    pub fn message_mut(&mut self, channel: &str, ts: &str) -> Option<&mut Message> {
        self.channel_mut(channel)?.messages.iter_mut().find(|m| m.ts == ts && !m.gone)
    }

    /// The install of an app through which it hears of a channel.
    pub fn install_in(&self, app: &str, channel: &Channel) -> Option<&Install> {
        self.installs.iter().find(|install| {
            install.app == app && !install.revoked && channel.members.contains(&install.bot_user)
        })
    }

    /// The install of an app in a workspace.
    pub fn install(&self, app: &str, team: &str) -> Option<&Install> {
        self.installs.iter().find(|i| i.app == app && i.team == team && !i.revoked)
    }

    /// A trigger of what a person did just now.
    pub fn trigger(&mut self, user: &str) -> String {
        let id = format!("{}.{}.{:032x}", self.next(), self.now(), self.count);
        let until = Instant::now() + TRIGGER;
        self.triggers.insert(id.clone(), Trigger { user: user.to_owned(), until, used: false });
        id
    }

    /// An address for answers to what a person did in a channel.
    pub fn respond(&mut self, app: &str, user: &str, channel: &str, ts: Option<&str>) -> String {
        let key = format!("{:024x}", self.next());
        let respond = Respond {
            app: app.to_owned(),
            user: user.to_owned(),
            channel: channel.to_owned(),
            ts: ts.map(ToOwned::to_owned),
            left: 5,
        };
        self.responds.insert(key.clone(), respond);
        format!("{}/respond/{key}", self.base)
    }
}
