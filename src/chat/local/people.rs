//! Who is on the local platform, and where they talk.

use serde::Serialize;

use crate::domain::member::{Identity, Platform};
use crate::domain::practice::ChannelRef;

/// The one workspace of the platform.
pub const WORKSPACE: &str = "local";
/// The bot's own id there.
pub const BOT: &str = "countersign";
/// The bot's own name there.
pub const BOT_NAME: &str = "Countersign";

/// What somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Somebody of the practice or its agency.
    Person,
    /// Somebody who happens to be in the channel.
    Guest,
    /// A program.
    Robot,
}

/// Somebody one can act as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Person {
    /// The platform's id of them.
    pub id: String,
    /// As people know them: "Dr. Rao".
    pub name: String,
    /// What they do there: "Front desk".
    pub what: String,
    /// Person, guest or robot.
    pub kind: Kind,
}

impl Person {
    /// Who it is, as the ports name people.
    pub fn identity(&self) -> Identity {
        identity(&self.id)
    }
}

/// A channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Channel {
    /// The platform's id of it.
    pub id: String,
    /// As people know it.
    pub name: String,
    /// What it is for.
    pub what: String,
    /// Whose it is, by name; of the only practice when not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub practice: Option<String>,
    /// Who is in it, by id; everybody when not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub people: Option<Vec<String>>,
}

impl Channel {
    /// This person can read it and write there.
    pub fn admits(&self, person: &Person) -> bool {
        self.people.as_ref().is_none_or(|people| people.contains(&person.id))
    }

    /// Which it is, as the ports name channels.
    pub fn at(&self) -> ChannelRef {
        channel(&self.id)
    }
}

/// A person of the platform, as the ports name people.
pub fn identity(user: &str) -> Identity {
    Identity { platform: Platform::Local, workspace: WORKSPACE.to_owned(), user: user.to_owned() }
}

/// A channel of the platform, as the ports name channels.
pub fn channel(id: &str) -> ChannelRef {
    ChannelRef {
        platform: Platform::Local,
        workspace: WORKSPACE.to_owned(),
        channel: id.to_owned(),
    }
}
