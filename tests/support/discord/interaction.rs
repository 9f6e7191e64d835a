//! What people do with an app's commands, buttons and forms, and how the app hears of it.

use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::events::Place;
use super::files;
use super::id::Id;
use super::world::World;

pub const COMMAND: u8 = 2;
pub const COMPONENT: u8 = 3;
pub const AUTOCOMPLETE: u8 = 4;
pub const MODAL: u8 = 5;

/// What somebody does.
#[derive(Debug)]
pub struct Act {
    pub app: Id,
    pub kind: u8,
    pub user: Id,
    pub channel: Id,
    pub data: Value,
    /// The message whose button was pressed, also to open a form.
    pub message: Option<Id>,
    /// What opened the form that is sent.
    pub opener: Option<Id>,
}

/// What an app answers first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Answered {
    /// With a message.
    Says(Id),
    /// That it will.
    Thinks(Id),
    /// That it has heard, and nothing is seen of that.
    Hears,
    /// By changing the message.
    Changes,
    /// With choices: their names and values.
    Offers(Vec<(String, Value)>),
    /// With a form.
    Opens,
}

/// One interaction.
#[derive(Debug)]
pub struct Interaction {
    pub id: Id,
    pub token: String,
    pub app: Id,
    pub kind: u8,
    pub user: Id,
    pub channel: Id,
    pub guild: Option<Id>,
    pub data: Value,
    pub message: Option<Id>,
    pub opener: Option<Id>,
    /// The type of the first answer.
    pub answered: Option<u64>,
    /// The message that `@original` means.
    pub original: Option<Id>,
    pub waits: Option<oneshot::Sender<Answered>>,
}

impl Interaction {
    /// Where the app was installed: in the guild, or for nobody in particular.
    pub fn owners(&self) -> Value {
        json!({ "0": self.guild.unwrap_or(Id(0)) })
    }
}

impl World {
    /// Tells an app what somebody does; what comes back is its first answer.
    pub fn ask(&mut self, act: Act) -> oneshot::Receiver<Answered> {
        let (answers, answered) = oneshot::channel();
        let id = self.id();
        let guild = self.channel(act.channel).expect("known").guild;
        self.interactions.push(Interaction {
            id,
            token: format!("token-{:x}-{:x}", id.0, act.user.0),
            app: act.app,
            kind: act.kind,
            user: act.user,
            channel: act.channel,
            guild,
            data: act.data,
            message: act.message,
            opener: act.opener,
            answered: None,
            original: None,
            waits: Some(answers),
        });
        self.tell("INTERACTION_CREATE", Place::App(act.app, guild), |world, _| {
            world.interaction_json(world.interaction(id).expect("made"))
        });
        answered
    }

    /// An interaction as its app hears of it.
    fn interaction_json(&self, of: &Interaction) -> Value {
        let channel = self.channel(of.channel).expect("known");
        let permissions = |user: Id| self.permissions(user, channel).to_string();
        let mut shown = self.channel_json(channel, of.app);
        shown["permissions"] = json!(permissions(of.user));
        let mut json = json!({
            "id": of.id, "application_id": of.app, "type": of.kind, "token": of.token,
            "version": 1, "data": of.data, "channel_id": of.channel, "channel": shown,
            "locale": "en-US", "entitlements": [], "app_permissions": permissions(of.app),
            "authorizing_integration_owners": of.owners(),
            "context": u8::from(of.guild.is_none()), "attachment_size_limit": files::LARGEST,
        });
        if let Some(message) = of.message.and_then(|id| self.message(of.channel, id)) {
            // Its own, so it reads it.
            json["message"] = self.message_json(message, of.app, true);
        }
        let user = self.user(of.user).expect("known");
        match of.guild.and_then(|guild| self.member(guild, of.user)) {
            None => json["user"] = user.json(),
            Some(member) => {
                let guild = of.guild.expect("a member's");
                json["guild_id"] = json!(guild);
                json["guild_locale"] = json!("en-US");
                json["guild"] = json!({ "id": guild, "locale": "en-US", "features": [] });
                json["member"] = self.member_json(member, true);
                json["member"]["permissions"] = json!(permissions(of.user));
            }
        }
        json
    }
}
