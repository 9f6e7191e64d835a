//! Whom a message calls: by the marks in its words, as far as its author allows.

use serde_json::Value;

use super::id::Id;
use super::message::Message;
use super::permissions::MENTION_EVERYONE;
use super::world::World;

/// Whom a message may call.
#[derive(Debug)]
pub struct Allowed {
    everyone: bool,
    /// All, or only these.
    users: Option<Vec<Id>>,
    roles: Option<Vec<Id>>,
    replied: bool,
}

impl Allowed {
    /// What a form says; everybody, if it says nothing.
    pub fn read(said: Option<&Value>) -> Self {
        let Some(said) = said.filter(|said| !said.is_null()) else {
            return Self { everyone: true, users: None, roles: None, replied: true };
        };
        let parses = |name: &str| {
            said["parse"].as_array().is_some_and(|list| list.iter().any(|one| one == name))
        };
        let only = |name: &str| {
            let list = said[name].as_array().into_iter().flatten();
            let ids = list.filter_map(Id::of).collect();
            (!parses(name)).then_some(ids)
        };
        Self {
            everyone: parses("everyone"),
            users: only("users"),
            roles: only("roles"),
            replied: said["replied_user"] == true,
        }
    }
}

impl World {
    /// Notes whom a message calls.
    pub fn mention(&self, message: &mut Message, allowed: &Allowed) {
        let content = &message.content;
        let is_among =
            |id: Id, only: &Option<Vec<Id>>| only.as_ref().is_none_or(|only| only.contains(&id));
        let mut users: Vec<Id> = marked(content, "<@")
            .filter(|id| self.user(*id).is_some() && is_among(*id, &allowed.users))
            .collect();
        let replied = message.reference.filter(|_| allowed.replied);
        users.extend(replied.and_then(|id| Some(self.message(message.channel, id)?.author)));
        users.sort_unstable();
        users.dedup();
        let roles = marked(content, "<@&").filter(|id| is_among(*id, &allowed.roles));
        let calls_all = content.contains("@everyone") || content.contains("@here");
        let may = self.may(message.author, message.channel, MENTION_EVERYONE);
        message.mention_roles = roles.collect();
        message.mention_everyone = calls_all && allowed.everyone && may;
        message.mentions = users;
    }
}

/// The ids after a mark.
fn marked<'a>(content: &'a str, mark: &'static str) -> impl Iterator<Item = Id> + 'a {
    let pieces = content.split(mark).skip(1);
    pieces.filter_map(|piece| piece.trim_start_matches('!').split_once('>')?.0.parse().ok())
}
