//! Who hears of what went wrong, and where: the one place that says so.

use serde::{Deserialize, Serialize};

use crate::domain::ids::MemberId;
use crate::domain::member::{Member, Role};
use crate::domain::practice::{ChannelRef, Practice, Purpose};
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
    /// Everybody at an agency's desk.
    Desk {
        /// Which.
        channel: ChannelRef,
    },
}

impl Hearer {
    /// Their name in a subject.
    pub fn name(&self) -> String {
        match self {
            Self::Member { member } => member.to_string(),
            Self::Desk { channel } => channel.to_string(),
        }
    }

    /// They work for an agency, and so can't do all that mends a post.
    pub fn is_agency(&self) -> bool {
        matches!(self, Self::Desk { .. })
    }

    /// Where they hear of it, if they can be reached.
    pub fn place(&self, practice: &Practice) -> Option<Place> {
        let (channel, only) = match self {
            Self::Member { member } => {
                let channel = practice.channel(Purpose::Approvals)?;
                let person = practice.member(member)?.on(channel.platform)?;
                (channel.clone(), Some(person.clone()))
            }
            Self::Desk { channel } => (channel.clone(), None),
        };
        Some(Place { channel, thread: None, only, instead_of: None })
    }
}

/// Everyone in a practice who hears of its failures: its managers; where there is none that can be
/// reached, compliance, and else the approvers. The desks of the agencies that work for it hear of
/// them as well: [`desk::of`](super::desk::of).
pub fn hearers(practice: &Practice) -> Vec<Hearer> {
    first_of(practice, [Role::Manager, Role::Compliance, Role::Approver])
}

/// Everyone in a practice who hears of what should not stand on its platform: compliance; where
/// there is none that can be reached, its managers, and else the approvers.
pub fn watchers(practice: &Practice) -> Vec<Hearer> {
    first_of(practice, [Role::Compliance, Role::Manager, Role::Approver])
}

/// All members of the first of these roles in which somebody can be reached.
fn first_of(practice: &Practice, ranks: [Role; 3]) -> Vec<Hearer> {
    let platform = practice.channel(Purpose::Approvals).map(|channel| channel.platform);
    let reached = |m: &&Member| platform.is_some_and(|p| !m.agency && m.on(p).is_some());
    let those = |role| {
        let members = practice.members.iter().filter(reached).filter(move |m| m.role == role);
        members.map(|m| Hearer::Member { member: m.id.clone() }).collect::<Vec<_>>()
    };
    ranks.into_iter().map(those).find(|those| !those.is_empty()).unwrap_or_default()
}
