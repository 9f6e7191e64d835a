//! A message as it stands in a channel, and as Discord shows it to an app.

use serde_json::{Value, json};

use super::emoji::Emoji;
use super::id::{Id, written};
use super::interaction::{COMMAND, COMPONENT, Interaction};
use super::world::{User, World};

/// Only one person sees it.
pub const EPHEMERAL: u64 = 1 << 6;
/// The app is still thinking.
pub const LOADING: u64 = 1 << 7;
/// A thread hangs on it.
pub const HAS_THREAD: u64 = 1 << 5;
/// Its words are components.
pub const COMPONENTS_V2: u64 = 1 << 15;

/// Who put one emoji on; super reactions are counted apart.
#[derive(Debug, Clone)]
pub struct Reaction {
    pub emoji: Emoji,
    pub users: Vec<Id>,
    pub burst: Vec<Id>,
}

/// A message.
#[derive(Debug, Clone)]
pub struct Message {
    pub id: Id,
    pub channel: Id,
    pub author: Id,
    /// The app that answered an interaction with it.
    pub webhook: Option<Id>,
    pub interaction: Option<Id>,
    pub kind: u8,
    pub content: String,
    pub embeds: Vec<Value>,
    pub components: Vec<Value>,
    pub files: Vec<Id>,
    pub mentions: Vec<Id>,
    pub mention_roles: Vec<Id>,
    pub mention_everyone: bool,
    pub reactions: Vec<Reaction>,
    pub reference: Option<Id>,
    pub nonce: Option<Value>,
    pub flags: u64,
    pub edited: Option<u64>,
    /// Only this person sees it.
    pub only: Option<Id>,
    pub gone: bool,
}

impl Message {
    /// An empty one.
    pub fn new(id: Id, channel: Id, author: Id) -> Self {
        Self {
            id,
            channel,
            author,
            webhook: None,
            interaction: None,
            kind: 0,
            content: String::new(),
            embeds: Vec::new(),
            components: Vec::new(),
            files: Vec::new(),
            mentions: Vec::new(),
            mention_roles: Vec::new(),
            mention_everyone: false,
            reactions: Vec::new(),
            reference: None,
            nonce: None,
            flags: 0,
            edited: None,
            only: None,
            gone: false,
        }
    }

    /// Whether some words stand in it.
    pub fn says(&self, words: &str) -> bool {
        let within = |values: &[Value]| values.iter().any(|v| v.to_string().contains(words));
        let said = self.content.contains(words);
        !self.gone && (said || within(&self.embeds) || within(&self.components))
    }

    /// Whether someone sees it, of those who see its channel.
    pub fn is_seen_by(&self, user: Id) -> bool {
        !self.gone && self.only.is_none_or(|only| only == user)
    }
}

impl World {
    /// Whether an app reads what a message says; what it has of intents decides of the rest.
    pub fn reads(&self, app: Id, message: &Message, all: bool) -> bool {
        let direct = self.channel(message.channel).is_some_and(|c| c.guild.is_none());
        all || direct || message.author == app || message.mentions.contains(&app)
    }

    /// A message as an app sees it that reads `all` messages, or only those it has to do with.
    pub fn message_json(&self, message: &Message, app: Id, all: bool) -> Value {
        let reads = self.reads(app, message, all);
        let content = if reads { message.content.as_str() } else { "" };
        let shown = |values: &[Value]| if reads { json!(values) } else { json!([]) };
        let files = message.files.iter().filter(|_| reads).filter_map(|id| self.file(*id));
        let mentions = message.mentions.iter().filter_map(|id| self.user(*id));
        let mut json = json!({
            "id": message.id, "channel_id": message.channel, "type": message.kind,
            "author": self.user(message.author).map(User::json),
            "content": content, "embeds": shown(&message.embeds),
            "components": shown(&message.components),
            "attachments": files.map(|file| self.file_json(file)).collect::<Value>(),
            "mentions": mentions.map(User::json).collect::<Value>(),
            "mention_roles": message.mention_roles, "mention_everyone": message.mention_everyone,
            "timestamp": written(message.id.millisecond()),
            "edited_timestamp": message.edited.map(written), "flags": message.flags,
            "pinned": false, "tts": false,
        });
        if let Some(nonce) = &message.nonce {
            json["nonce"] = nonce.clone();
        }
        if !message.reactions.is_empty() {
            json["reactions"] = message.reactions.iter().map(|r| reaction(r, app)).collect();
        }
        self.show_reference(message, app, all, &mut json);
        self.show_interaction(message, &mut json);
        if let Some(thread) = self.channel(message.id).filter(|_| message.flags & HAS_THREAD != 0) {
            json["thread"] = self.channel_json(thread, app);
        }
        json
    }

    /// What a message answers, one step deep.
    fn show_reference(&self, message: &Message, app: Id, all: bool, json: &mut Value) {
        let Some(id) = message.reference else { return };
        json["message_reference"] =
            json!({ "type": 0, "channel_id": message.channel, "message_id": id });
        if let Some(guild) = self.channel(message.channel).and_then(|channel| channel.guild) {
            json["message_reference"]["guild_id"] = json!(guild);
        }
        let meant = self.message(message.channel, id).cloned();
        json["referenced_message"] = meant.map_or(Value::Null, |mut meant| {
            meant.reference = None;
            self.message_json(&meant, app, all)
        });
    }

    /// The interaction that a message answers.
    fn show_interaction(&self, message: &Message, json: &mut Value) {
        if let Some(app) = message.webhook {
            json["webhook_id"] = json!(app);
            json["application_id"] = json!(app);
        }
        let Some(of) = message.interaction.and_then(|id| self.interaction(id)) else { return };
        json["interaction_metadata"] = self.about(of);
        if of.kind == COMMAND {
            let user = &json["interaction_metadata"]["user"];
            json["interaction"] =
                json!({ "id": of.id, "type": of.kind, "name": of.data["name"], "user": user });
        }
    }

    /// An interaction as messages name it.
    fn about(&self, of: &Interaction) -> Value {
        let mut about = json!({
            "id": of.id, "type": of.kind, "user": self.user(of.user).map(User::json),
            "authorizing_integration_owners": of.owners(),
        });
        if of.kind == COMPONENT {
            about["interacted_message_id"] = json!(of.message);
        }
        if let Some(opener) = of.opener.and_then(|id| self.interaction(id)) {
            about["triggering_interaction_metadata"] = self.about(opener);
        }
        about
    }
}

fn reaction(of: &Reaction, app: Id) -> Value {
    json!({
        "emoji": of.emoji.json(), "count": of.users.len() + of.burst.len(),
        "count_details": { "normal": of.users.len(), "burst": of.burst.len() },
        "burst_colors": [], "me": of.users.contains(&app), "me_burst": of.burst.contains(&app),
    })
}
