//! What can be set in a practice: the words of the ledger for it, and what each does.
//!
//! A practice is nothing but what was set in it, one after the other: the tables and the ledger's
//! fold both come from [`Practice::apply`]. Ids, kinds and numbers are in the entry, for ever;
//! what a thing is called is in the entry's body, and can be purged.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::consent::Consent;
use super::daily::Hour;
use super::ids::{AccountId, MemberId};
use super::listing::{self, List};
use super::member::{Identity, Member, Role, Was};
use super::network::Network;
use super::policy::{Dated, Policy};
use super::practice::{Account, Begun, ChannelRef, Pack, Practice, Purpose};
use super::quiet::Quiet;
use super::window::micros;

/// One thing that was set. `kind` is the word in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[expect(
    missing_docs,
    reason = "fields are named as in the vocabulary; each variant says the rest"
)]
pub enum Setting {
    /// What the practice is called, in the body.
    PracticeNamed,
    /// The zone its wall clocks show.
    ZoneSet { zone: String },
    /// When nothing leaves.
    QuietSet {
        #[serde(skip_serializing_if = "Option::is_none", default)]
        quiet: Option<Quiet>,
    },
    /// When its digest goes out, on its wall clock.
    DigestSet { hour: Hour },
    /// Its only approver may sign own words made from then on.
    OwnWordsAllowed {
        #[serde(with = "micros")]
        from: Timestamp,
    },
    /// Nobody may sign own words any more.
    OwnWordsForbidden,
    /// A state's rules count from now on.
    PackAdded { state: String },
    /// A state's rules count until then.
    PackRemoved {
        state: String,
        #[serde(with = "micros")]
        from: Timestamp,
    },
    /// All that is in a list from now on, a line each, in the body.
    ListSet { list: List },
    /// Somebody agreed to be seen in pictures shown there, by everybody where none is named; what
    /// for is in the body.
    ConsentGiven {
        consent: String,
        networks: Vec<Network>,
        #[serde(with = "micros")]
        until: Timestamp,
    },
    /// A consent was revoked.
    ConsentRevoked { consent: String },
    /// Who must sign, from then on. What had not begun to count by now never does.
    PolicySet {
        policy: Policy,
        #[serde(with = "micros")]
        from: Timestamp,
    },
    /// A policy that had not begun to count never does.
    PolicyKept,
    /// A person joined, perhaps again; called as in the body.
    MemberJoined {
        member: MemberId,
        role: Role,
        agency: bool,
        #[serde(with = "micros")]
        from: Timestamp,
    },
    /// What a person is called, in the body.
    MemberNamed { member: MemberId },
    /// What a person may do; where that is signing, what was made from then on.
    RoleSet {
        member: MemberId,
        role: Role,
        agency: bool,
        #[serde(with = "micros")]
        from: Timestamp,
    },
    /// A person left.
    MemberLeft { member: MemberId },
    /// A person acts from there; whether somebody has shown that it is theirs. From when on they
    /// act from there as who they are.
    IdentityAdded {
        member: MemberId,
        identity: Identity,
        confirmed: bool,
        #[serde(with = "micros")]
        from: Timestamp,
    },
    /// The person has shown that it is theirs.
    IdentityConfirmed { member: MemberId, identity: Identity },
    /// The person does not act from there any more.
    IdentityRemoved { member: MemberId, identity: Identity },
    /// An account was connected, perhaps again; called as in the body.
    AccountConnected { account: AccountId, network: Network, server: String, remote: String },
    /// What an account is called, in the body.
    AccountNamed { account: AccountId },
    /// An account was disconnected.
    AccountRemoved { account: AccountId },
    /// What a channel is used for.
    ChannelBound { purpose: Purpose, channel: ChannelRef },
    /// A channel is not used any more.
    ChannelUnbound { purpose: Purpose, channel: ChannelRef },
}

/// A thing that was set, and what it is called if it has a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// What.
    pub setting: Setting,
    /// What it is called; empty when it has no name, or that is not kept any more.
    pub called: String,
}

impl Practice {
    /// Lets what was set take effect; `by` is the member who did, nobody for whoever runs
    /// Countersign. What names something that is not there has none.
    pub fn apply(
        &mut self,
        setting: &Setting,
        called: &str,
        (at, by): (Timestamp, Option<&MemberId>),
    ) {
        self.note_begun(setting, at, by);
        match setting {
            Setting::PracticeNamed => called.clone_into(&mut self.name),
            Setting::ZoneSet { zone } => {
                self.zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
            }
            Setting::QuietSet { quiet } => self.quiet = *quiet,
            Setting::DigestSet { hour } => self.digest = *hour,
            Setting::OwnWordsAllowed { from } => self.own_words = Some(*from),
            Setting::OwnWordsForbidden => self.own_words = None,
            Setting::PackAdded { state } => {
                self.packs.retain(|pack| pack.state != *state);
                self.packs.push(Pack { state: state.clone(), until: None });
            }
            Setting::PackRemoved { state, from } => {
                self.packs.retain(|pack| pack.state != *state || *from > at);
                for pack in self.packs.iter_mut().filter(|pack| pack.state == *state) {
                    pack.until = Some(*from);
                }
            }
            Setting::ListSet { list } => match listing::lines(called) {
                lines if lines.is_empty() => drop(self.lists.remove(list)),
                lines => drop(self.lists.insert(*list, lines)),
            },
            Setting::ConsentGiven { .. } | Setting::ConsentRevoked { .. } => {
                self.apply_to_consents(setting, called, at);
            }
            Setting::PolicySet { policy, from } => {
                self.policies.retain(|dated| dated.from <= at);
                self.policies.push(Dated { from: *from, policy: policy.clone() });
            }
            Setting::PolicyKept => self.policies.retain(|dated| dated.from <= at),
            Setting::MemberJoined { .. }
            | Setting::MemberNamed { .. }
            | Setting::RoleSet { .. }
            | Setting::MemberLeft { .. } => self.apply_to_people(setting, called, at),
            Setting::IdentityAdded { .. }
            | Setting::IdentityConfirmed { .. }
            | Setting::IdentityRemoved { .. } => self.apply_to_identities(setting, at),
            Setting::AccountConnected { .. }
            | Setting::AccountNamed { .. }
            | Setting::AccountRemoved { .. } => self.apply_to_accounts(setting, called),
            Setting::ChannelBound { purpose, channel } => {
                self.channels.push((*purpose, channel.clone()));
            }
            Setting::ChannelUnbound { purpose, channel } => {
                self.channels.retain(|(is, bound)| (is, bound) != (purpose, channel));
            }
        }
    }

    /// Remembers who began what counts later: somebody else has to say yes before that.
    fn note_begun(&mut self, setting: &Setting, at: Timestamp, by: Option<&MemberId>) {
        self.begun.retain(|begun| begun.from > at);
        if let (Some(from), Some(by)) = (setting.counts_from(), by) {
            let begun = Begun { from, by: by.clone() };
            if from > at && !self.begun.contains(&begun) {
                self.begun.push(begun);
            }
        }
    }

    fn apply_to_people(&mut self, setting: &Setting, called: &str, at: Timestamp) {
        match setting {
            Setting::MemberJoined { member, role, agency, from } => {
                let mut new = Member::new(member.clone(), called, *role, *agency);
                new.signs_from = *from;
                // Who comes back is still asked for what was made before.
                if let Some(known) = self.former.iter().position(|former| former.id == *member) {
                    let former = self.former.remove(known);
                    (new.signed_until, new.was_known) = (former.signed_until, former.was_known);
                }
                self.members.push(new);
            }
            Setting::MemberNamed { member } => {
                if let Some(known) = self.members.iter_mut().find(|m| m.id == *member) {
                    called.clone_into(&mut known.name);
                }
            }
            Setting::RoleSet { member, role, agency, from } => {
                if let Some(known) = self.members.iter_mut().find(|m| m.id == *member) {
                    let was = known.clone();
                    (known.role, known.agency) = (*role, *agency);
                    known.signs_from = *from;
                    known.was = if known.waits(at) { was.counted(at) } else { None };
                    if !known.is_approver() {
                        known.signed_until = was.ended(at);
                    }
                }
            }
            Setting::MemberLeft { member } => {
                if let Some(known) = self.members.iter().position(|m| m.id == *member) {
                    let mut former = self.members.remove(known);
                    former.signed_until = former.ended(at);
                    former.was_known |= former.identities.len() > former.unconfirmed.len();
                    former.identities.clear();
                    former.unconfirmed.clear();
                    former.later.clear();
                    former.was = None;
                    self.former.push(former);
                }
            }
            _ => {}
        }
    }

    fn apply_to_identities(&mut self, setting: &Setting, at: Timestamp) {
        let (Setting::IdentityAdded { member, identity, .. }
        | Setting::IdentityConfirmed { member, identity }
        | Setting::IdentityRemoved { member, identity }) = setting
        else {
            return;
        };
        let Some(known) = self.members.iter_mut().find(|m| m.id == *member) else {
            return;
        };
        let was_known =
            known.identities.contains(identity) && !known.unconfirmed.contains(identity);
        known.unconfirmed.retain(|is| is != identity);
        match setting {
            Setting::IdentityAdded { confirmed, from, .. } => {
                known.later.retain(|(is, _)| is != identity);
                if !known.identities.contains(identity) {
                    known.identities.push(identity.clone());
                }
                if !confirmed {
                    known.unconfirmed.push(identity.clone());
                }
                if *from > at {
                    known.later.push((identity.clone(), *from));
                }
            }
            Setting::IdentityRemoved { .. } => {
                known.identities.retain(|is| is != identity);
                known.later.retain(|(is, _)| is != identity);
                known.was_known |= was_known;
            }
            _ => {}
        }
    }

    fn apply_to_consents(&mut self, setting: &Setting, called: &str, at: Timestamp) {
        match setting {
            Setting::ConsentGiven { consent, networks, until } => self.consents.push(Consent {
                code: consent.clone(),
                networks: networks.clone(),
                purpose: called.to_owned(),
                until: *until,
                revoked: None,
            }),
            Setting::ConsentRevoked { consent } => {
                if let Some(known) = self.consents.iter_mut().find(|c| c.code == *consent) {
                    known.revoked = Some(at);
                }
            }
            _ => {}
        }
    }

    fn apply_to_accounts(&mut self, setting: &Setting, called: &str) {
        match setting {
            Setting::AccountConnected { account, network, server, remote } => {
                self.former_accounts.retain(|former| former.id != *account);
                self.accounts.push(Account {
                    id: account.clone(),
                    network: *network,
                    name: called.to_owned(),
                    server: server.clone(),
                    remote_id: remote.clone(),
                });
            }
            Setting::AccountNamed { account } => {
                if let Some(known) = self.accounts.iter_mut().find(|a| a.id == *account) {
                    called.clone_into(&mut known.name);
                }
            }
            Setting::AccountRemoved { account } => {
                if let Some(known) = self.accounts.iter().position(|a| a.id == *account) {
                    let former = self.accounts.remove(known);
                    self.former_accounts.push(former);
                }
            }
            _ => {}
        }
    }
}

impl Setting {
    /// From when on it counts, if it names a time.
    pub fn counts_from(&self) -> Option<Timestamp> {
        match self {
            Self::PolicySet { from, .. }
            | Self::MemberJoined { from, .. }
            | Self::RoleSet { from, .. }
            | Self::IdentityAdded { from, .. }
            | Self::PackRemoved { from, .. }
            | Self::OwnWordsAllowed { from } => Some(*from),
            _ => None,
        }
    }
}

impl Member {
    /// They sign, and it does not count yet.
    pub fn waits(&self, now: Timestamp) -> bool {
        (self.is_approver() || self.is_compliance()) && self.signs_from > now
    }

    /// What they were as far as it counted by then.
    fn counted(&self, at: Timestamp) -> Option<Was> {
        let Self { role, agency, signs_from, .. } = *self;
        if self.waits(at) { self.was.clone() } else { Some(Was { role, agency, signs_from }) }
    }

    /// Until when they were an approver, when they are none from then on.
    fn ended(&self, at: Timestamp) -> Option<Timestamp> {
        let counted = self.is_approver() && self.signs_from <= at;
        if counted { Some(at) } else { self.signed_until }
    }
}
