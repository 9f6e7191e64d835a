//! A practice's people, accounts and policy, as the ledger's entries alone say they are.

use std::collections::{BTreeMap, BTreeSet};

use super::entry::What;
use super::ids::{AccountId, MemberId};
use super::ledger::Entry;
use super::member::Role;
use super::network::Network;
use super::practice::Practice;

/// Who may do what, and where things may go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roster {
    sample: bool,
    members: BTreeMap<MemberId, (Role, bool)>,
    accounts: BTreeSet<(AccountId, Network)>,
    policy: Option<(i64, Vec<MemberId>)>,
}

impl Roster {
    /// Takes the next entry in.
    pub fn add(&mut self, entry: &Entry) {
        match &entry.fact.what {
            What::PracticeMade { sample } => self.sample = *sample,
            What::MemberJoined { member, role, agency } => {
                self.members.insert(member.clone(), (*role, *agency));
            }
            What::AccountConnected { account, network } => {
                self.accounts.insert((account.clone(), *network));
            }
            What::PolicySet { needed, of } => self.policy = Some((*needed, of.clone())),
            _ => {}
        }
    }

    /// Nobody and nothing is in it.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Made for trying out.
    pub fn is_sample(&self) -> bool {
        self.sample
    }

    /// These people were enough for the policy, and each could sign.
    pub fn meets_policy(&self, signed: &[MemberId]) -> bool {
        let Some((needed, of)) = &self.policy else {
            return false;
        };
        let may_sign = |who: &MemberId| {
            self.members.get(who) == Some(&(Role::Approver, false))
                && (of.is_empty() || of.contains(who))
        };
        usize::try_from(*needed).is_ok_and(|needed| needed > 0 && signed.len() >= needed)
            && signed.iter().all(may_sign)
    }

    /// The first thing in which the table's practice differs from the ledger's, if any.
    pub fn differs(&self, table: &Practice) -> Option<&'static str> {
        let members = table.members.iter().map(|m| (m.id.clone(), (m.role, m.agency)));
        let accounts = table.accounts.iter().map(|a| (a.id.clone(), a.network));
        let needed = i64::try_from(table.policy.needed).unwrap_or(i64::MAX);
        let columns = [
            ("sample mark", self.sample == table.sample),
            ("members", self.members == members.collect()),
            ("accounts", self.accounts == accounts.collect()),
            ("policy", self.policy == Some((needed, table.policy.of.clone()))),
        ];
        columns.into_iter().find(|(_, same)| !same).map(|(name, _)| name)
    }
}
