//! A practice: its people, its policy, its accounts, its channels, and whether it is stopped.

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::ids::{AccountId, MemberId, PracticeId};
use super::member::{Identity, Member, Platform};
use super::network::Network;
use super::policy::Policy;
use super::quiet::Quiet;
use super::words::words;

words! {
    /// What a practice uses a channel for.
    pub enum Purpose {
        /// Staff and experts write here.
        Ideas = "ideas",
        /// Cards are shown and signed here.
        Approvals = "approvals",
        /// The daily digest.
        Digest = "digest",
    }
}

/// A chat channel as its platform knows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ChannelRef {
    /// The platform.
    pub platform: Platform,
    /// The platform's id of the workspace.
    pub workspace: String,
    /// The platform's id of the channel.
    pub channel: String,
}

/// A practice's account on a network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Ours.
    pub id: AccountId,
    /// Where.
    pub network: Network,
    /// As cards name it: "Practice page".
    pub name: String,
    /// The server's address.
    pub server: String,
    /// The account's id there; part of what is signed.
    pub remote_id: String,
}

/// A practice with all that a decision needs to know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Practice {
    /// Which.
    pub id: PracticeId,
    /// As people know it.
    pub name: String,
    /// The zone its wall clocks show.
    pub zone: TimeZone,
    /// Made for trying out: may never have a real account or chat platform.
    pub sample: bool,
    /// How many must sign, and who.
    pub policy: Policy,
    /// When nothing leaves, each day.
    pub quiet: Option<Quiet>,
    /// Nothing leaves while this is set.
    pub stopped: bool,
    /// Its people.
    pub members: Vec<Member>,
    /// Where it publishes.
    pub accounts: Vec<Account>,
    /// Its channels.
    pub channels: Vec<(Purpose, ChannelRef)>,
    /// Raised by every change to any of the above; a commit names the one it was decided under.
    pub version: i64,
}

impl Practice {
    /// The member with this id.
    pub fn member(&self, id: &MemberId) -> Option<&Member> {
        self.members.iter().find(|member| member.id == *id)
    }

    /// The member who acts from this identity.
    pub fn who(&self, identity: &Identity) -> Option<&Member> {
        self.members.iter().find(|member| member.identities.contains(identity))
    }

    /// The account with this id.
    pub fn account(&self, id: &AccountId) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == *id)
    }

    /// An account's name for people to read.
    pub fn name_of_account(&self, id: Option<&AccountId>) -> String {
        let account = id.and_then(|id| self.account(id));
        account.map_or_else(|| "a former account".to_owned(), |account| account.name.clone())
    }

    /// The channel it uses for this, if it has bound one.
    pub fn channel(&self, purpose: Purpose) -> Option<&ChannelRef> {
        self.channels.iter().find(|(is, _)| *is == purpose).map(|(_, channel)| channel)
    }

    /// A member's name for people to read.
    pub fn name_of(&self, id: &MemberId) -> String {
        self.member(id).map_or_else(|| "a former member".to_owned(), |member| member.name.clone())
    }
}
