//! Who a person is: members, their roles, and the accounts they act from.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::MemberId;
use super::policy::ALWAYS;
use super::window::micros;
use super::words::words;

words! {
    /// What a member may do in a practice.
    pub enum Role {
        /// Writes and edits; an agency's people are always this.
        Staff = "staff",
        /// Signs posts: a physician of the practice.
        Approver = "approver",
        /// Runs the practice: settings, failures, the digest.
        Manager = "manager",
        /// Looks after rules and overrides.
        Compliance = "compliance",
    }
}

words! {
    /// A place where people chat.
    pub enum Platform {
        /// Slack.
        Slack = "slack",
        /// Discord.
        Discord = "discord",
        /// The workspace that comes with Countersign.
        Local = "local",
    }
}

/// A member's account on one chat platform.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Identity {
    /// The platform.
    pub platform: Platform,
    /// The platform's id of the workspace the person belongs to.
    pub workspace: String,
    /// The platform's id of the person.
    pub user: String,
}

/// What a person was before a role that does not count yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Was {
    /// What they were.
    pub role: Role,
    /// They worked for an agency.
    pub agency: bool,
    /// Their sign-off counted for what was made from then on.
    #[serde(with = "micros")]
    pub signs_from: Timestamp,
}

/// A person, across chat platforms, as one practice knows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Who.
    pub id: MemberId,
    /// As cards name them: "Dr. Rao".
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Works for an agency, not for the practice: may write, stop and hold, never sign.
    pub agency: bool,
    /// Where they act from.
    pub identities: Vec<Identity>,
    /// Those of them that nobody has shown to be theirs: who acts from there may do what staff may.
    pub unconfirmed: Vec<Identity>,
    /// Those of them that count only from then on: until then the same.
    pub later: Vec<(Identity, Timestamp)>,
    /// An account that was known to be theirs was taken away.
    pub was_known: bool,
    /// Their sign-off counts for what was made from then on.
    pub signs_from: Timestamp,
    /// Until when they were an approver, if they were and are not any more.
    pub signed_until: Option<Timestamp>,
    /// What they were before, while their role does not count yet; nothing for who joined with it.
    pub was: Option<Was>,
}

impl Member {
    /// Somebody who has been there since the practice was made, and acts from nowhere yet.
    pub fn new(id: MemberId, name: &str, role: Role, agency: bool) -> Self {
        Self {
            id,
            name: name.to_owned(),
            role,
            agency,
            identities: Vec::new(),
            unconfirmed: Vec::new(),
            later: Vec::new(),
            was_known: false,
            signs_from: ALWAYS,
            signed_until: None,
            was: None,
        }
    }

    /// May sign at all, in this practice.
    pub fn is_approver(&self) -> bool {
        self.role == Role::Approver && !self.agency
    }

    /// Signs for compliance, in addition to approvers.
    pub fn is_compliance(&self) -> bool {
        self.role == Role::Compliance && !self.agency
    }

    /// May sign, or change who may: what they act from must be shown to be theirs.
    pub fn is_trusted(&self) -> bool {
        self.role != Role::Staff && !self.agency
    }

    /// As which they act from here: as one of the staff while it is not known to be theirs.
    #[must_use]
    pub fn acting_from(&self, identity: &Identity, now: Timestamp) -> Member {
        let mut acting = self.clone();
        if !self.is_known(identity, now) {
            acting.role = Role::Staff;
        }
        acting
    }

    /// Somebody has shown that it is theirs, and that counts.
    fn is_known(&self, identity: &Identity, now: Timestamp) -> bool {
        let waits = self.counts_from(identity).is_some_and(|from| from > now);
        !self.unconfirmed.contains(identity) && !waits
    }

    /// From when on they act from here as who they are, if it did not count at once.
    pub fn counts_from(&self, identity: &Identity) -> Option<Timestamp> {
        self.later.iter().find(|(is, _)| is == identity).map(|(_, from)| *from)
    }

    /// May release a stop: an approver or manager of the practice.
    pub fn may_release(&self) -> bool {
        !self.agency && matches!(self.role, Role::Approver | Role::Manager)
    }

    /// May say what happened on a network, or take a post down there: not an agency's people.
    pub fn may_answer(&self) -> bool {
        !self.agency
    }

    /// An account on a platform that is known to be theirs.
    pub fn known(&self, platform: Platform, now: Timestamp) -> Option<&Identity> {
        let known = |is: &&Identity| is.platform == platform && self.is_known(is, now);
        self.identities.iter().find(known)
    }

    /// The account they act from on a platform, if they have one there.
    pub fn on(&self, platform: Platform) -> Option<&Identity> {
        self.identities.iter().find(|identity| identity.platform == platform)
    }
}
