//! What Slack brought, once it is read.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::domain::ids::EventId;
use crate::domain::practice::ChannelRef;
use crate::ports::intake::Happening;

/// What is known without a look at the payload.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The app in the workspace through which this was heard.
    pub own: &'a Own,
    /// People's names by their ids, as far as they are known.
    pub names: &'a HashMap<String, String>,
    /// Now: for what Slack gives no time.
    pub now: Timestamp,
}

/// The app in a workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Own {
    /// The workspace's id.
    pub team: String,
    /// The app's person there.
    pub user: String,
    /// The app's bot id there.
    pub bot: String,
}

/// A person, as a payload names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// Their id.
    pub user: String,
    /// Their own workspace; `None` where the payload leaves it open.
    pub team: Option<String>,
}

/// By what somebody did something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// In the channel; Slack tells of it again until it is acknowledged.
    Seen,
    /// By the slash command; nobody tells of it again.
    Command {
        /// Opens a form, once and within 3 s.
        trigger: String,
    },
    /// By a shortcut on a message; nobody tells of it again.
    Shortcut {
        /// Opens a form, once and within 3 s.
        trigger: String,
    },
    /// By a button; nobody tells of it again.
    Press {
        /// Opens a form, once and within 3 s.
        trigger: String,
        /// The button asks for something first.
        asks: bool,
    },
    /// By a form; nobody tells of it again.
    Form {
        /// Its fields' names, in order.
        fields: Vec<String>,
    },
}

/// Somebody did something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Did {
    /// The same act brought again has the same one.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub who: Who,
    /// Where.
    pub channel: ChannelRef,
    /// What.
    pub what: Happening,
    /// By what.
    pub way: Way,
}

/// What Slack brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// Somebody did something.
    Did(Box<Did>),
    /// Somebody looks at the app's home.
    Home(Who),
    /// A channel has another id now.
    Moved {
        /// As it was.
        from: ChannelRef,
        /// As it is.
        to: ChannelRef,
    },
    /// The app was brought into a channel, by this person if it says.
    Invited {
        /// Where.
        channel: ChannelRef,
        /// By whom.
        by: Option<Who>,
    },
    /// Somebody's account is no more.
    Left(Who),
    /// The app has no place in this workspace any more.
    Uninstalled(String),
    /// Nothing that concerns Countersign.
    Nothing,
    /// Something that can't be read: of which type, and its id; never what it says.
    Odd {
        /// Slack's type of it.
        kind: String,
        /// Slack's id of it.
        id: String,
    },
}

impl From<Did> for Heard {
    fn from(did: Did) -> Self {
        Self::Did(Box::new(did))
    }
}
