//! What happened: the words of the ledger.
//!
//! Ids, kinds, times and numbers are here, for ever. Anything personal or free (names and roles
//! as they were, reasons, texts) goes into a [`Body`](super::ledger::Body), which can be purged.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::content::ContentHash;
use super::ids::{AccountId, MemberId, PostId, RowId};
use super::member::Role;
use super::network::Network;
use super::outbox::RowState;
use super::review::Act;
use super::state::{Cause, Source, State};
use super::window::{Window, micros};

/// A new revision: which, its digest, its window and its slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revised {
    /// Its number.
    pub to: i64,
    /// Who submitted the post, and so can't sign it.
    pub author: MemberId,
    /// What will be signed.
    pub hash: ContentHash,
    /// When it may go out.
    pub window: Window,
    /// When it is planned to.
    #[serde(with = "micros")]
    pub slot: Timestamp,
}

/// What happened. `kind` is the word in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[expect(
    missing_docs,
    reason = "fields are named as in the vocabulary; each variant says the rest"
)]
pub enum What {
    /// The chain begins; its entries are signed with this key.
    Opened { key: String },
    /// The practice was made.
    PracticeMade { sample: bool },
    /// A person joined.
    MemberJoined { member: MemberId, role: Role, agency: bool },
    /// An account was connected.
    AccountConnected { account: AccountId, network: Network },
    /// How many must sign, and who (all approvers when empty).
    PolicySet { needed: i64, of: Vec<MemberId> },
    /// Nothing leaves any more.
    Stopped,
    /// Things may leave again.
    Released,
    /// A draft was begun.
    Drafted { number: i64, author: MemberId },
    /// The draft's words changed.
    Redrafted,
    /// Sent for signature.
    Submitted(Revised),
    /// A new revision in review.
    Edited(Revised),
    /// A new revision by an approver's "change X to Y".
    Amended(Revised),
    /// Planned for another time inside the window.
    SlotMoved {
        #[serde(with = "micros")]
        slot: Timestamp,
    },
    /// A person signed exactly this content.
    Signed { member: MemberId, hash: ContentHash, source: Source, recovered: bool },
    /// A person took the sign-off back.
    Unsigned { member: MemberId },
    /// A person declined.
    Declined { member: MemberId, source: Source, recovered: bool },
    /// The member's reason for a decline, in the body.
    ReasonGiven { member: MemberId },
    /// Held; by Countersign itself when nobody is named.
    Held {
        #[serde(skip_serializing_if = "Option::is_none", default)]
        by: Option<MemberId>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        cause: Option<Cause>,
    },
    /// No longer held.
    Unheld,
    /// Taken back before it left.
    Withdrawn,
    /// Somebody deleted the card; it is shown again.
    CardDeleted,
    /// The window closed before it left.
    Missed,
    /// The publish gate let it out, relying on these sign-offs: from here on it may be live.
    Leaving { publication: RowId, account: AccountId, hash: ContentHash, signed: Vec<MemberId> },
    /// It is live.
    Published { publication: RowId, remote: String },
    /// The network said "not now", and surely has nothing.
    TryLater { publication: RowId },
    /// The network said no, perhaps before anything left.
    Refused { publication: RowId, account: AccountId },
    /// Nobody knows whether it is live.
    Unknown { publication: RowId },
    /// Nobody can find out; a person is asked.
    Parked { publication: RowId },
    /// A person says it is live.
    Live { publication: RowId, member: MemberId },
    /// A person says it is not.
    NotLive { publication: RowId, member: MemberId },
    /// What is live was compared with what was signed.
    ReadBack { publication: RowId, same: bool },
    /// A person asked for its removal.
    Takedown { member: MemberId },
    /// It was removed from the account.
    Removed { publication: RowId },
    /// A person tried something that had no effect.
    NoEffect { act: Act, refusal: String },
}

impl What {
    /// The publication it is about, the account if it names one, and the row's state after it.
    pub fn publication(&self) -> Option<(&RowId, Option<&AccountId>, RowState)> {
        let (publication, account, state) = match self {
            What::Leaving { publication, account, .. } => {
                (publication, Some(account), RowState::Sending)
            }
            What::Published { publication, .. } | What::Live { publication, .. } => {
                (publication, None, RowState::Done)
            }
            What::TryLater { publication } | What::NotLive { publication, .. } => {
                (publication, None, RowState::Ready)
            }
            What::Refused { publication, account } => {
                (publication, Some(account), RowState::Refused)
            }
            What::Unknown { publication } => (publication, None, RowState::Unknown),
            What::Parked { publication } => (publication, None, RowState::Parked),
            _ => return None,
        };
        Some((publication, account, state))
    }
}

/// The post it happened to, and where the post is after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Which post.
    pub post: PostId,
    /// Its current revision after it.
    pub revision: i64,
    /// Where it is after it.
    pub state: State,
}

/// What happened, and to which post if to one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What.
    #[serde(flatten)]
    pub what: What,
    /// To which post.
    #[serde(flatten, skip_serializing_if = "Option::is_none", default)]
    pub subject: Option<Subject>,
}
