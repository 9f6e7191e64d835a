//! Who hears of what went wrong, and where: the one place that says so.

use serde::{Deserialize, Serialize};

use crate::domain::ids::MemberId;
use crate::domain::member::{Member, Role};
use crate::domain::practice::{Practice, Purpose};
use crate::ports::chat::Place;

/// Who hears of a failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "hearer", rename_all = "kebab-case")]
pub enum Hearer {
    /// A member, privately.
    Member {
        /// Who.
        member: MemberId,
    },
}

impl Hearer {
    /// Their name in a subject.
    pub fn name(&self) -> &str {
        match self {
            Self::Member { member } => member.as_str(),
        }
    }

    /// Where they hear of it, if they can be reached.
    pub fn place(&self, practice: &Practice) -> Option<Place> {
        match self {
            Self::Member { member } => {
                let channel = practice.channel(Purpose::Approvals)?;
                let person = practice.member(member)?.on(channel.platform)?;
                let (channel, only) = (channel.clone(), Some(person.clone()));
                Some(Place { channel, thread: None, only, instead_of: None })
            }
        }
    }
}

/// Everyone who hears of a practice's failures: its managers; where there is none that can be
/// reached, compliance, and else the approvers. An agency's desk is one more.
pub fn hearers(practice: &Practice) -> Vec<Hearer> {
    let platform = practice.channel(Purpose::Approvals).map(|channel| channel.platform);
    let reached = |m: &&Member| platform.is_some_and(|p| !m.agency && m.on(p).is_some());
    let those = |role| {
        let members = practice.members.iter().filter(reached).filter(move |m| m.role == role);
        members.map(|m| Hearer::Member { member: m.id.clone() }).collect::<Vec<_>>()
    };
    let ranks = [Role::Manager, Role::Compliance, Role::Approver];
    ranks.into_iter().map(those).find(|those| !those.is_empty()).unwrap_or_default()
}
