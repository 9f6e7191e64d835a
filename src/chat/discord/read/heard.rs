//! What Discord brought, once it is read.

use jiff::Timestamp;

use super::direct::Direct;
use crate::domain::ids::EventId;
use crate::domain::member::Identity;
use crate::domain::practice::ChannelRef;
use crate::domain::secret::Secret;
use crate::ports::chat::MessageRef;
use crate::ports::intake::{Happening, Typing};

/// What is known without a look at the payload.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The bot's own id.
    pub own: &'a str,
    /// The channel of the thread in which it happened; `None` where it was no thread.
    pub parent: Option<&'a str>,
    /// Now: for what Discord gives no time.
    pub now: Timestamp,
    /// Tells apart what happens at the same time.
    pub nth: u64,
}

/// An interaction, as it is answered: each once within 3 s, and for 15 min with more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Its id.
    pub id: String,
    /// Whoever has it may answer.
    pub token: Secret,
}

/// By what somebody did something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// In the channel; nobody waits for an answer.
    Seen,
    /// By the slash command.
    Command(Asked),
    /// By the command on a message.
    Pick(Asked),
    /// By a button that acts at once.
    Press(Asked),
    /// By a button that asks for something first.
    Asks(Asked),
    /// By a button that opens this part of a form.
    Part(Asked, usize),
    /// By a form.
    Form(Asked),
    /// By a button that says for which practice a message is.
    Whose(Asked),
}

impl Way {
    /// The interaction, if it was one.
    pub fn asked(&self) -> Option<&Asked> {
        match self {
            Way::Seen => None,
            Way::Command(asked)
            | Way::Pick(asked)
            | Way::Press(asked)
            | Way::Asks(asked)
            | Way::Part(asked, _)
            | Way::Form(asked)
            | Way::Whose(asked) => Some(asked),
        }
    }
}

/// Somebody did something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Did {
    /// The same act brought again has the same one.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub from: Identity,
    /// A program, as far as Discord says so.
    pub is_bot: bool,
    /// Where.
    pub channel: ChannelRef,
    /// What.
    pub what: Happening,
    /// By what.
    pub way: Way,
}

/// What Discord brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// Somebody did this, and this.
    Did(Vec<Did>),
    /// A new session: what happened before it was not told.
    Ready {
        /// The bot's own id.
        own: String,
        /// The app's id.
        app: String,
    },
    /// The session goes on, and nothing was left out.
    Resumed,
    /// A thread belongs to a channel.
    Thread {
        /// The thread.
        id: String,
        /// The channel.
        of: String,
    },
    /// Somebody types a command, and waits for what fits behind it.
    Types(Asked, Typing),
    /// Somebody wrote to the bot alone.
    Direct(Box<Direct>),
    /// Somebody took a reaction back, which may stand as the other kind: super reactions are one of
    /// their own, `1`, and all others are `0`.
    TookBack(Box<Did>, &'static str),
    /// Reactions of this message vanished, and nobody says whose: where it is the bot's own, what
    /// stands there has to be looked at.
    Cleared(MessageRef),
    /// Nothing that concerns Countersign.
    Nothing,
    /// Something that can't be read: of which type, and its id; never what it says.
    Odd {
        /// Discord's type of it.
        kind: String,
        /// Discord's id of it.
        id: String,
    },
}

impl From<Did> for Heard {
    fn from(did: Did) -> Self {
        Self::Did(vec![did])
    }
}
