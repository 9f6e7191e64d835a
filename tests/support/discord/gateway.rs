//! The sessions of apps: how they begin, what they have been told, and how they go on.

use std::collections::VecDeque;

use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::Instant;

use super::events::{GUILDS, PRIVILEGED, Place};
use super::id::Id;
use super::world::World;

/// So many events of a session can be told again.
const KEPT: usize = 500;
/// All intents there are.
const KNOWN: u64 = 0x0333_FFFF;

/// What a connection is told.
#[derive(Debug, Clone)]
pub enum Order {
    /// Send this.
    Send(String),
    /// Close with this code.
    Close(u16, &'static str),
    /// Vanish without a word.
    Vanish,
    /// Stand there and neither read nor write.
    Freeze,
}

/// One session of an app; it outlives its connections.
pub struct Session {
    pub id: String,
    pub app: Id,
    pub intents: u64,
    /// Which one, of how many.
    pub shard: (u64, u64),
    pub seq: u64,
    /// What it has been told, to be told again.
    told: VecDeque<(u64, String)>,
    pub socket: Option<UnboundedSender<Order>>,
}

/// All sessions, and what goes wrong with them.
#[derive(Default)]
pub struct Gateway {
    pub sessions: Vec<Session>,
    /// No heartbeat is acknowledged.
    pub deaf: bool,
    /// Nobody gets in.
    pub unreachable: bool,
    /// No privileged intent but these is allowed, whatever the app's owner switched on.
    pub allows: Option<u64>,
    /// No session goes on.
    pub forgetful: bool,
    /// When each app last began a session.
    begun: Vec<(Id, Instant)>,
    /// How often a session went on, and how often at the address it was told for that.
    pub resumed: usize,
    pub resumed_where_told: usize,
}

/// How a connection's wish for a session ends.
#[derive(Debug, PartialEq, Eq)]
pub enum Begun {
    Session(String),
    /// It may begin anew.
    Invalid,
    Closed(u16, &'static str),
}

impl Session {
    /// Tells an event.
    pub fn dispatch(&mut self, event: &str, said: &Value) {
        self.seq += 1;
        let frame = json!({ "op": 0, "t": event, "s": self.seq, "d": said }).to_string();
        self.told.push_back((self.seq, frame.clone()));
        if self.told.len() > KEPT {
            self.told.pop_front();
        }
        self.order(Order::Send(frame));
    }

    /// Tells its connection something, if it has one.
    pub fn order(&self, order: Order) {
        if let Some(socket) = &self.socket {
            let _ = socket.send(order);
        }
    }
}

impl Gateway {
    /// Tells the connections of an app something.
    pub fn order(&self, app: Id, order: &Order) {
        for session in self.sessions.iter().filter(|session| session.app == app) {
            session.order(order.clone());
        }
    }

    /// The sessions of an app that are connected.
    pub fn connected(&self, app: Id) -> usize {
        let of_app = self.sessions.iter().filter(|session| session.app == app);
        of_app.filter(|session| session.socket.is_some()).count()
    }
}

impl World {
    /// Begins a session.
    pub fn identify(&mut self, said: &Value, socket: &UnboundedSender<Order>) -> Begun {
        let token = said["token"].as_str().unwrap_or_default();
        let Some(app) = self.app_of(token).cloned() else {
            return Begun::Closed(4004, "Authentication failed.");
        };
        let Some(intents) = said["intents"].as_u64().filter(|intents| intents & !KNOWN == 0) else {
            return Begun::Closed(4013, "Invalid intent(s).");
        };
        // Discord does not say what this costs; the worst is believed.
        let left = &mut self.app_mut(app.id).expect("known").identifies_left;
        *left = left.saturating_sub(1);
        let allowed = self.gateway.allows.unwrap_or(app.privileged);
        if intents & PRIVILEGED & !allowed != 0 {
            return Begun::Closed(4014, "Disallowed intent(s).");
        }
        let Some(shard) = shard(said) else { return Begun::Closed(4010, "Invalid shard.") };
        let wait = self.timing.identify;
        let begun = &mut self.gateway.begun;
        begun.retain(|(_, at)| at.elapsed() < wait);
        if begun.iter().any(|(begun, _)| *begun == app.id) || app.identifies_left == 0 {
            return Begun::Invalid;
        }
        begun.push((app.id, Instant::now()));
        let id = format!("{:032x}", self.id().0);
        let (app, socket) = (app.id, Some(socket.clone()));
        let told = VecDeque::new();
        let session = Session { id: id.clone(), app, intents, shard, seq: 0, told, socket };
        self.gateway.sessions.push(session);
        self.greet(&id);
        Begun::Session(id)
    }

    /// Tells a new session who it is, and which guilds it is in.
    fn greet(&mut self, id: &str) {
        let session = self.gateway.sessions.last().expect("it has just begun");
        let (app, intents, shard) = (session.app, session.intents, session.shard);
        let known = self.app(app).expect("known");
        let user = self.user(app).expect("every app has its bot");
        let of_shard = |guild: Id| (guild.0 >> 22) % shard.1 == shard.0;
        let guilds: Vec<Id> = self.guilds.iter().map(|guild| guild.id).collect();
        let guilds: Vec<Id> = guilds
            .into_iter()
            .filter(|guild| self.member(*guild, app).is_some() && of_shard(*guild))
            .collect();
        let mut own = user.json();
        own["verified"] = json!(true);
        own["mfa_enabled"] = json!(true);
        own["email"] = Value::Null;
        let away = guilds.iter().map(|id| json!({ "id": id, "unavailable": true }));
        let resume = format!("{}/resume", self.base.replacen("http", "ws", 1));
        let ready = json!({
            "v": 10, "user": own, "guilds": away.collect::<Value>(), "session_id": id,
            "session_type": "normal", "resume_gateway_url": resume, "shard": [shard.0, shard.1],
            "application": { "id": app, "flags": known.flags() }, "private_channels": [],
            "presences": [], "relationships": [], "user_settings": {}, "guild_join_requests": [],
            "geo_ordered_rtc_regions": [], "auth": {}, "_trace": [],
        });
        self.gateway.sessions.last_mut().expect("begun").dispatch("READY", &ready);
        if intents & GUILDS == 0 {
            return;
        }
        for guild in guilds {
            let guild = self.guild(guild).expect("known");
            let json = self.guild_create_json(guild, app);
            self.gateway.sessions.last_mut().expect("begun").dispatch("GUILD_CREATE", &json);
        }
    }

    /// Goes on with a session: what it missed is told again.
    pub fn resume(
        &mut self,
        said: &Value,
        where_told: bool,
        socket: &UnboundedSender<Order>,
    ) -> Begun {
        let token = said["token"].as_str().unwrap_or_default();
        let Some(app) = self.app_of(token).map(|app| app.id) else {
            return Begun::Closed(4004, "Authentication failed.");
        };
        let id = said["session_id"].as_str().unwrap_or_default().to_owned();
        let gateway = &mut self.gateway;
        if gateway.forgetful {
            gateway.sessions.retain(|session| session.id != id);
        }
        let known = |session: &&mut Session| session.id == id && session.app == app;
        let Some(session) = gateway.sessions.iter_mut().find(known) else {
            return Begun::Invalid;
        };
        let seq = said["seq"].as_u64().unwrap_or_default();
        if seq > session.seq {
            return Begun::Closed(4007, "Invalid seq.");
        }
        if session.told.front().is_some_and(|(first, _)| seq + 1 < *first) {
            gateway.sessions.retain(|session| session.id != id);
            return Begun::Invalid;
        }
        // One connection a session: the one before it is over.
        session.order(Order::Close(4000, "Replaced."));
        session.socket = Some(socket.clone());
        for (_, frame) in session.told.iter().filter(|(told, _)| *told > seq) {
            session.order(Order::Send(frame.clone()));
        }
        session.dispatch("RESUMED", &json!({ "_trace": [] }));
        gateway.resumed += 1;
        gateway.resumed_where_told += usize::from(where_told);
        Begun::Session(id)
    }

    /// A connection is gone; its session stays, unless the app ended it.
    pub fn part(&mut self, id: &str, socket: &UnboundedSender<Order>, for_good: bool) {
        let sessions = &mut self.gateway.sessions;
        let held = |session: &Session| {
            session.id == id && session.socket.as_ref().is_some_and(|s| s.same_channel(socket))
        };
        if for_good {
            sessions.retain(|session| !held(session));
        } else if let Some(session) = sessions.iter_mut().find(|session| held(session)) {
            session.socket = None;
        }
    }

    /// Tells an app's sessions that they are over, and whether they may go on.
    pub fn invalidate(&mut self, app: Id, may_resume: bool) {
        let said = json!({ "op": 9, "d": may_resume, "s": null, "t": null }).to_string();
        self.gateway.order(app, &Order::Send(said));
        if !may_resume {
            self.gateway.sessions.retain(|session| session.app != app);
        }
    }

    /// Someone's roles are others from now on.
    pub fn set_roles(&mut self, guild: Id, user: Id, roles: Vec<Id>) {
        let members = &mut self.guild_mut(guild).expect("known").members;
        members.iter_mut().find(|member| member.user == user).expect("a member").roles = roles;
        self.tell("GUILD_MEMBER_UPDATE", Place::Guild(guild), |world, _| {
            let member = world.member(guild, user).expect("a member");
            let mut json = world.member_json(member, true);
            json["guild_id"] = json!(guild);
            json
        });
    }
}

fn shard(said: &Value) -> Option<(u64, u64)> {
    match &said["shard"] {
        Value::Null => Some((0, 1)),
        shard => {
            let (which, of) = (shard[0].as_u64()?, shard[1].as_u64()?);
            (which < of).then_some((which, of))
        }
    }
}
