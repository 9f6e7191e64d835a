//! A practice: its people, its policy, its accounts, its channels, and whether it is stopped.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::consent::Consent;
use super::daily::{Daily, Hour};
use super::ids::{AccountId, MemberId, PracticeId};
use super::listing::{List, Lists};
use super::member::{Identity, Member, Platform, Role};
use super::network::Network;
use super::policy::{Dated, Policy};
use super::quiet::Quiet;
use super::window::micros;
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
        /// An agency works here for several practices; never a practice's own.
        Desk = "desk",
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

/// `slack:WORKSPACE/CHANNEL`, as files and the command line write it.
impl fmt::Display for ChannelRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}/{}", self.platform, self.workspace, self.channel)
    }
}

/// A text that names no channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("that is not PLATFORM:WORKSPACE/CHANNEL")]
pub struct NotAChannel;

impl FromStr for ChannelRef {
    type Err = NotAChannel;

    fn from_str(text: &str) -> Result<Self, NotAChannel> {
        let (platform, rest) = text.split_once(':').ok_or(NotAChannel)?;
        let (workspace, channel) = rest.split_once('/').ok_or(NotAChannel)?;
        let is_whole = !workspace.is_empty() && !channel.is_empty() && !channel.contains('/');
        let platform = platform.parse().map_err(|_| NotAChannel)?;
        let (workspace, channel) = (workspace.to_owned(), channel.to_owned());
        is_whole.then_some(Self { platform, workspace, channel }).ok_or(NotAChannel)
    }
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

/// A change that counts from a later moment on, and the member who began it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    /// From when on it counts.
    #[serde(with = "micros")]
    pub from: Timestamp,
    /// Who began it.
    pub by: MemberId,
}

/// A state's pack of rules, which counts for a practice beside the federal ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pack {
    /// Two small letters: `ny`.
    pub state: String,
    /// Until when it counts, if somebody took it away.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::optional")]
    pub until: Option<Timestamp>,
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
    /// When nothing leaves, on its wall clock.
    pub quiet: Option<Quiet>,
    /// When its digest goes out, on its wall clock.
    pub digest: Hour,
    /// Its only approver may sign own words that are made from then on; never when absent.
    pub own_words: Option<Timestamp>,
    /// Who must sign, in the order in which the policies begin to count.
    pub policies: Vec<Dated>,
    /// The states whose rules count for what it says.
    pub packs: Vec<Pack>,
    /// What it wrote down about itself, for the screen.
    pub lists: Lists,
    /// Who agreed to be seen in pictures, by codes; in the order in which they were entered.
    pub consents: Vec<Consent>,
    /// Which of its members began what does not count yet.
    pub begun: Vec<Begun>,
    /// Nothing leaves while this is set.
    pub stopped: bool,
    /// Nothing of any practice leaves while whoever runs Countersign keeps this set.
    pub all_stopped: bool,
    /// Its people.
    pub members: Vec<Member>,
    /// Who was there once: named on old cards, and nothing else.
    pub former: Vec<Member>,
    /// Where it publishes.
    pub accounts: Vec<Account>,
    /// Where it published once.
    pub former_accounts: Vec<Account>,
    /// Its channels.
    pub channels: Vec<(Purpose, ChannelRef)>,
    /// Raised by every change to any of the above; a commit names the one it was decided under.
    pub version: i64,
}

impl Practice {
    /// A practice of which nothing is set yet.
    pub fn new(id: PracticeId, sample: bool) -> Self {
        Self {
            id,
            name: String::new(),
            zone: TimeZone::UTC,
            sample,
            quiet: None,
            digest: Hour::USUAL,
            own_words: None,
            policies: Vec::new(),
            packs: Vec::new(),
            lists: Lists::new(),
            consents: Vec::new(),
            begun: Vec::new(),
            stopped: false,
            all_stopped: false,
            members: Vec::new(),
            former: Vec::new(),
            accounts: Vec::new(),
            former_accounts: Vec::new(),
            channels: Vec::new(),
            version: 1,
        }
    }

    /// What stands where a practice would, for the chain of acts that concern all.
    pub fn instance() -> Self {
        Self { name: "Countersign".to_owned(), ..Self::new(PracticeId::instance(), false) }
    }

    /// The clock by which its digests go out.
    pub fn daily(&self) -> Daily<'_> {
        Daily { zone: &self.zone, hour: self.digest }
    }

    /// Where its digest goes: its own channel for it, and else where cards are signed.
    pub fn digest_channel(&self) -> Option<&ChannelRef> {
        self.channel(Purpose::Digest).or_else(|| self.channel(Purpose::Approvals))
    }

    /// The states whose rules count now.
    pub fn states(&self, now: Timestamp) -> impl Iterator<Item = &str> {
        let counts = move |pack: &&Pack| pack.until.is_none_or(|until| until > now);
        self.packs.iter().filter(counts).map(|pack| pack.state.as_str())
    }

    /// The lines of one of its lists.
    pub fn listed(&self, list: List) -> &[String] {
        self.lists.get(&list).map_or(&[], Vec::as_slice)
    }

    /// The consent with this code.
    pub fn consent(&self, code: &str) -> Option<&Consent> {
        self.consents.iter().find(|consent| consent.code == code)
    }

    /// A channel by what it is for, which everybody knows it by.
    pub fn channel_name(&self, there: &ChannelRef) -> String {
        let purpose = self.channels.iter().find(|(_, own)| own == there);
        purpose.map_or_else(|| there.channel.clone(), |(purpose, _)| purpose.to_string())
    }

    /// The policy that was decided last: in force, or about to be.
    pub fn latest_policy(&self) -> Option<&Policy> {
        self.policies.last().map(|dated| &dated.policy)
    }

    /// May sign what they wrote themselves and was made then: its only approver, where the
    /// practice allows it.
    pub fn may_own(&self, who: &MemberId, made: Timestamp) -> bool {
        let mut able = self.members.iter().filter(|m| m.is_approver() && m.signs_from <= made);
        let alone = able.next().is_some_and(|member| member.id == *who) && able.next().is_none();
        // Who left since was asked when it was made.
        let mut others = self.members.iter().chain(&self.former).filter(|m| m.id != *who);
        let ended = others.any(|m| m.signed_until.is_some_and(|until| until > made));
        alone && !ended && self.own_words.is_some_and(|from| from <= made)
    }

    /// Nothing of it may leave: it is stopped, or everything is.
    pub fn is_stopped(&self) -> bool {
        self.stopped || self.all_stopped
    }

    /// The channel is its own; otherwise it is a desk from which an agency works for it.
    pub fn owns(&self, channel: &ChannelRef) -> bool {
        self.channels.iter().any(|(_, own)| own == channel)
    }

    /// Looks after it: a manager; where it has none, compliance; where it has neither, an approver.
    pub fn is_looked_after_by(&self, who: &Member) -> bool {
        let ranks = [Role::Manager, Role::Compliance, Role::Approver];
        let own = |role: &Role| self.members.iter().any(|m| m.role == *role && !m.agency);
        !who.agency && ranks.into_iter().find(own) == Some(who.role)
    }

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
        let mut all = self.accounts.iter().chain(&self.former_accounts);
        let account = id.and_then(|id| all.find(|account| account.id == *id));
        account.map_or_else(|| "a former account".to_owned(), |account| account.name.clone())
    }

    /// The channel it uses for this, if it has bound one.
    pub fn channel(&self, purpose: Purpose) -> Option<&ChannelRef> {
        self.channels.iter().find(|(is, _)| *is == purpose).map(|(_, channel)| channel)
    }

    /// A member's name for people to read.
    pub fn name_of(&self, id: &MemberId) -> String {
        let member = self.members.iter().chain(&self.former).find(|member| member.id == *id);
        member.map_or_else(|| "a former member".to_owned(), |member| member.name.clone())
    }
}
