//! What must hold of a practice as a whole, whoever sets what.

use thiserror::Error;

use super::ids::{AccountId, MemberId};
use super::ledger::{ITSELF, OPERATOR};
use super::listing::{self, List};
use super::member::{Member, Platform};
use super::network::Network;
use super::policy::{Demand, Needed, Policy, Risk};
use super::practice::Practice;

/// Why a practice can't be so. `Display` is for whoever sets it up: it names the id, and what to
/// do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unsound {
    /// Nobody signs.
    #[error("nobody here is an approver: give at least one member the role approver")]
    NoApprover,
    /// No policy at all.
    #[error("there is no policy: say how many approvers must sign, in [[policy.normal]]")]
    NoPolicy,
    /// Compliance alone, or nobody.
    #[error("the policy for {0} risk asks no approver: it needs a demand like needed = 1")]
    NoDemand(Risk),
    /// An id that nobody has.
    #[error("the policy for {risk} risk asks {who}, who is no member: write the member's id")]
    Unknown {
        /// For which risk.
        risk: Risk,
        /// Whom.
        who: MemberId,
    },
    /// A member who can't sign.
    #[error("the policy for {risk} risk asks {who}, who is no approver of the practice")]
    NotAnApprover {
        /// For which risk.
        risk: Risk,
        /// Whom.
        who: MemberId,
    },
    /// The same person twice.
    #[error("the policy for {risk} risk asks {who} twice: people are counted, not rows")]
    Twice {
        /// For which risk.
        risk: Risk,
        /// Whom.
        who: MemberId,
    },
    /// More than there are.
    #[error(
        "the policy for {risk} risk needs {needed} of {of}: make it at least 1 and at most {of}"
    )]
    TooMany {
        /// For which risk.
        risk: Risk,
        /// How many.
        needed: usize,
        /// Of how many.
        of: usize,
    },
    /// Nobody to ask.
    #[error("the policy for {0} risk asks compliance: give a member the role compliance")]
    NoCompliance(Risk),
    /// An agency's person with more than its role.
    #[error("{0} is of an agency, whose people are always staff")]
    Agency(MemberId),
    /// A member who would be taken for somebody else in the ledger.
    #[error("the id {0} is not a person's: give the member another")]
    Reserved(MemberId),
    /// Two members with one id, or two accounts.
    #[error("the id {0} is there twice")]
    SameId(String),
    /// A person with two names.
    #[error("{0} and {1} act from the same account on {2}: it belongs to one person")]
    SameIdentity(MemberId, MemberId, Platform),
    /// A sample in the real world.
    #[error("this is a sample practice: it takes no {0}")]
    OnlySample(String),
    /// A real practice with play money.
    #[error("{0} acts from the local workspace, which signs only for sample practices")]
    LocalSigner(MemberId),
    /// Several people who would sign their own words.
    #[error("own_words is for a practice with a single approver, and this one has {0}")]
    OwnWords(usize),
    /// An account that became another.
    #[error(
        "the account {0} is on another network, server or remote id than before: give it a new id"
    )]
    AccountMoved(AccountId),
    /// A list with what can't be in it.
    #[error("the list of {list} {why}")]
    List {
        /// Which.
        list: List,
        /// Why not.
        why: String,
    },
    /// Nothing to call it by.
    #[error("{0} has no name")]
    NoName(String),
}

/// Everything that must hold of a practice.
pub fn check(practice: &Practice) -> Result<(), Unsound> {
    if practice.name.trim().is_empty() {
        return Err(Unsound::NoName("the practice".to_owned()));
    }
    people(practice)?;
    identities(practice)?;
    places(practice)?;
    lists(practice)?;
    let policy = practice.latest_policy().ok_or(Unsound::NoPolicy)?;
    Risk::ALL.iter().try_for_each(|risk| demands(practice, policy, *risk))?;
    let approvers = practice.members.iter().filter(|member| member.is_approver()).count();
    match practice.own_words {
        Some(_) if approvers > 1 => Err(Unsound::OwnWords(approvers)),
        Some(_) | None => Ok(()),
    }
}

fn people(practice: &Practice) -> Result<(), Unsound> {
    for (at, member) in practice.members.iter().enumerate() {
        if practice.members[..at].iter().any(|earlier| earlier.id == member.id) {
            return Err(Unsound::SameId(member.id.to_string()));
        }
        if member.name.trim().is_empty() {
            return Err(Unsound::NoName(member.id.to_string()));
        }
        if [OPERATOR, ITSELF].contains(&member.id.as_str()) {
            return Err(Unsound::Reserved(member.id.clone()));
        }
        if member.agency && member.role != super::member::Role::Staff {
            return Err(Unsound::Agency(member.id.clone()));
        }
    }
    if practice.members.iter().any(Member::is_approver) { Ok(()) } else { Err(Unsound::NoApprover) }
}

fn identities(practice: &Practice) -> Result<(), Unsound> {
    for (at, member) in practice.members.iter().enumerate() {
        for identity in &member.identities {
            let local = identity.platform == Platform::Local;
            if practice.sample && !local {
                let what = format!("account on {}", identity.platform);
                return Err(Unsound::OnlySample(what));
            }
            if !practice.sample && local && member.is_trusted() {
                return Err(Unsound::LocalSigner(member.id.clone()));
            }
            let mut earlier = practice.members[..at].iter();
            if let Some(other) = earlier.find(|other| other.identities.contains(identity)) {
                let (one, other) = (other.id.clone(), member.id.clone());
                return Err(Unsound::SameIdentity(one, other, identity.platform));
            }
        }
    }
    Ok(())
}

fn places(practice: &Practice) -> Result<(), Unsound> {
    for (at, account) in practice.accounts.iter().enumerate() {
        if practice.accounts[..at].iter().any(|earlier| earlier.id == account.id) {
            return Err(Unsound::SameId(account.id.to_string()));
        }
        if practice.sample && account.network != Network::Local {
            return Err(Unsound::OnlySample(format!("account on {}", account.network)));
        }
    }
    let outside = practice.channels.iter().find(|(_, at)| at.platform != Platform::Local);
    match outside {
        Some((_, at)) if practice.sample => {
            Err(Unsound::OnlySample(format!("channel on {}", at.platform)))
        }
        Some(_) | None => Ok(()),
    }
}

fn lists(practice: &Practice) -> Result<(), Unsound> {
    let mut unfit = practice
        .lists
        .iter()
        .filter_map(|(list, lines)| Some((*list, listing::unfit(*list, lines)?)));
    unfit.next().map_or(Ok(()), |(list, why)| Err(Unsound::List { list, why }))
}

fn demands(practice: &Practice, policy: &Policy, risk: Risk) -> Result<(), Unsound> {
    let demands = policy.demands(risk);
    if !demands.iter().any(|demand| matches!(demand, Demand::Approvers { .. })) {
        return Err(Unsound::NoDemand(risk));
    }
    for demand in demands {
        match demand {
            Demand::Approvers { needed, of } => asked(practice, risk, *needed, of)?,
            Demand::Compliance => {
                if !practice.members.iter().any(Member::is_compliance) {
                    return Err(Unsound::NoCompliance(risk));
                }
            }
        }
    }
    Ok(())
}

fn asked(practice: &Practice, risk: Risk, needed: Needed, of: &[MemberId]) -> Result<(), Unsound> {
    for (at, who) in of.iter().enumerate() {
        let who = who.clone();
        if of[..at].contains(&who) {
            return Err(Unsound::Twice { risk, who });
        }
        match practice.member(&who) {
            None => return Err(Unsound::Unknown { risk, who }),
            Some(member) if !member.is_approver() => {
                return Err(Unsound::NotAnApprover { risk, who });
            }
            Some(_) => {}
        }
    }
    let everyone = practice.members.iter().filter(|member| member.is_approver()).count();
    let of = if of.is_empty() { everyone } else { of.len() };
    match needed {
        Needed::Some(needed) if needed == 0 || needed > of => {
            Err(Unsound::TooMany { risk, needed, of })
        }
        Needed::Some(_) | Needed::All => Ok(()),
    }
}
