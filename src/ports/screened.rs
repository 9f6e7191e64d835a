//! Events as the inbox keeps them: whole, or what is left of one that may not be kept.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::chat::MessageRef;
use super::intake::ChatEvent;
use crate::domain::ids::{EventId, PostId, PracticeId};
use crate::domain::member::Identity;
use crate::domain::practice::ChannelRef;

/// What passed the gate, or what is left of what did not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "as", rename_all = "kebab-case")]
pub enum Screened {
    /// Clean: stored whole.
    Clean(ChatEvent),
    /// Looked like patient information: no text, no file names, no bytes.
    Blocked {
        /// What is left.
        shell: Shell,
        /// Rules that hit, by id.
        rules: Vec<String>,
        /// Keyed hashes of the texts that the rules hit, hexadecimal.
        #[serde(default)]
        traces: Vec<String>,
    },
    /// The gate could not look.
    Unscreened {
        /// What is left.
        shell: Shell,
    },
}

impl Screened {
    /// Who did it.
    pub fn who(&self) -> &Identity {
        match self {
            Screened::Clean(event) => &event.from,
            Screened::Blocked { shell, .. } | Screened::Unscreened { shell } => &shell.from,
        }
    }

    /// Where.
    pub fn channel(&self) -> &ChannelRef {
        match self {
            Screened::Clean(event) => &event.channel,
            Screened::Blocked { shell, .. } | Screened::Unscreened { shell } => {
                &shell.message.channel
            }
        }
    }
}

/// An event without anything that a person typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shell {
    /// The platform's id of the event.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub from: Identity,
    /// Who wrote what was chosen, if somebody else chose it and the platform says so.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub author: Option<Identity>,
    /// The message it is about.
    pub message: MessageRef,
    /// What it would have changed, if it was an edit.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub edits: Option<Edits>,
    /// The message itself still stands on the platform with the text.
    pub still_there: bool,
    /// Its author is told by somebody else.
    #[serde(default)]
    pub told: bool,
}

/// What an edit would have changed, by ids and numbers alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "edits", rename_all = "kebab-case")]
pub enum Edits {
    /// What was made of a message.
    MadeOf {
        /// Which.
        message: MessageRef,
    },
    /// The post that a button names.
    Post {
        /// Which.
        post: PostId,
    },
    /// The post with this number of the practice's.
    Number {
        /// Which.
        number: i64,
    },
    /// The post of the card in whose thread somebody wrote "change X to Y".
    Card {
        /// The card.
        card: MessageRef,
    },
}

/// An event that waits to be handled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inboxed {
    /// Its number.
    pub seq: i64,
    /// Whose.
    pub practice: PracticeId,
    /// What; `None` when what is stored can't be read.
    pub event: Option<Screened>,
    /// When it was stored.
    pub received: Timestamp,
    /// How often handling it failed.
    pub failures: i64,
}
