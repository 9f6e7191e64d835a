//! Who hears of what: by intents, by what a bot may see, and by the shard that it is.

use serde_json::{Value, json};

use super::gateway::Session;
use super::id::Id;
use super::message::Message;
use super::permissions::VIEW_CHANNEL;
use super::world::World;

pub const GUILDS: u64 = 1;
pub const GUILD_MEMBERS: u64 = 1 << 1;
pub const GUILD_MESSAGES: u64 = 1 << 9;
pub const GUILD_MESSAGE_REACTIONS: u64 = 1 << 10;
pub const DIRECT_MESSAGES: u64 = 1 << 12;
pub const DIRECT_MESSAGE_REACTIONS: u64 = 1 << 13;
pub const MESSAGE_CONTENT: u64 = 1 << 15;
/// Which need to be switched on: members, presences, message content.
pub const PRIVILEGED: u64 = GUILD_MEMBERS | 1 << 8 | MESSAGE_CONTENT;

/// Where something happened.
#[derive(Debug, Clone, Copy)]
pub enum Place {
    /// In a channel: who sees it may hear of it.
    Channel(Id),
    /// In a guild.
    Guild(Id),
    /// To one app, in a guild or directly.
    App(Id, Option<Id>),
}

impl World {
    /// Tells every session that may hear of it, each in its own view.
    pub fn tell(
        &mut self,
        event: &'static str,
        place: Place,
        view: impl Fn(&Self, &Session) -> Value,
    ) {
        let sessions = self.gateway.sessions.iter().enumerate();
        let told: Vec<(usize, Value)> = sessions
            .filter(|(_, session)| self.hears(session, event, place))
            .map(|(at, session)| (at, view(self, session)))
            .collect();
        for (at, said) in told {
            self.gateway.sessions[at].dispatch(event, &said);
        }
    }

    fn hears(&self, session: &Session, event: &str, place: Place) -> bool {
        let (guild, sees) = match place {
            Place::Channel(id) => {
                let Some(channel) = self.channel(id) else { return false };
                let sees = self.permissions(session.app, channel) & VIEW_CHANNEL != 0;
                (channel.guild, sees)
            }
            Place::Guild(id) => (Some(id), self.member(id, session.app).is_some()),
            Place::App(app, guild) => (guild, app == session.app),
        };
        let (shard, shards) = session.shard;
        let of_shard = guild.map_or(0, |guild| (guild.0 >> 22) % shards) == shard;
        let needed = intent(event, guild.is_none());
        sees && of_shard && session.intents & needed == needed
    }

    /// Tells of a message that is new, or was changed.
    pub fn tell_message(&mut self, event: &'static str, message: &Message) {
        if message.only.is_some() {
            return;
        }
        let (message, event_is_new) = (message.clone(), event == "MESSAGE_CREATE");
        self.tell(event, Place::Channel(message.channel), |world, session| {
            let mut shown = message.clone();
            if !event_is_new {
                shown.nonce = None;
            }
            let all = session.intents & MESSAGE_CONTENT != 0;
            let mut json = world.message_json(&shown, session.app, all);
            let guild = world.channel(message.channel).and_then(|channel| channel.guild);
            json["channel_type"] = json!(world.channel(message.channel).map(|c| c.kind));
            if let Some(guild) = guild {
                json["guild_id"] = json!(guild);
                if let Some(member) = world.member(guild, message.author) {
                    json["member"] = world.member_json(member, false);
                }
            }
            json
        });
    }
}

/// The intents without which an event is not heard.
fn intent(event: &str, is_direct: bool) -> u64 {
    let by_place = |in_guild: u64, direct: u64| if is_direct { direct } else { in_guild };
    match event {
        "INTERACTION_CREATE" | "READY" | "RESUMED" => 0,
        "GUILD_MEMBER_UPDATE" | "GUILD_MEMBER_ADD" | "GUILD_MEMBER_REMOVE" => GUILD_MEMBERS,
        _ if event.starts_with("MESSAGE_REACTION") => {
            by_place(GUILD_MESSAGE_REACTIONS, DIRECT_MESSAGE_REACTIONS)
        }
        _ if event.starts_with("MESSAGE") => by_place(GUILD_MESSAGES, DIRECT_MESSAGES),
        _ => by_place(GUILDS, 0),
    }
}
