//! What happened: the words of the ledger.
//!
//! Ids, kinds, times and numbers are here, for ever. Anything personal or free (names and roles
//! as they were, reasons, texts) goes into a [`Body`](super::ledger::Body), which can be purged.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::canonical::{Hash, hex};
use super::content::ContentHash;
use super::ids::{AccountId, AgencyId, MemberId, PostId, PracticeId, RowId};
use super::outbox::RowState;
use super::policy::Risk;
use super::practice::ChannelRef;
use super::review::Act;
use super::setting::Setting;
use super::state::{Cause, Source, State};
use super::window::{Window, micros};
use super::writers;

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
    /// The least risk that the rules give it.
    pub risk: Risk,
    /// The rules of the screen that it hits.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub rules: Vec<String>,
    /// The approvers whom it names.
    pub names: Vec<MemberId>,
    /// Whose words came in with it; nobody's when it says what was there.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub writer: Option<MemberId>,
}

/// The end of a chain that another installation wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Former {
    /// Its public key, hexadecimal.
    pub key: String,
    /// How many entries it had.
    pub seq: i64,
    /// Hash of the last.
    #[serde(with = "hex")]
    pub hash: Hash,
}

/// What happened. `kind` is the word in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[expect(
    missing_docs,
    reason = "fields are named as in the vocabulary; each variant says the rest"
)]
pub enum What {
    /// The chain begins; its entries are signed with this key. An imported practice had another
    /// chain before, which ended so.
    Opened {
        key: String,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        former: Option<Former>,
    },
    /// The practice was made.
    PracticeMade { sample: bool },
    /// The chain goes on from a copy of that time. Whatever the former run entered after the entry
    /// before this one is not in it; `former` is the last of that which is known of.
    Restored {
        #[serde(with = "micros")]
        copied: Timestamp,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        former: Option<i64>,
    },
    /// Kept long enough, older than this: the post's contents and the bodies of its entries before
    /// this one went; without a post, bodies of acts about none.
    Purged {
        #[serde(with = "micros")]
        before: Timestamp,
        bodies: i64,
        contents: i64,
    },
    /// The same for what this practice did in another installation: of this post, or of acts about
    /// none, the bodies and contents of the former chain went.
    FormerPurged {
        #[serde(with = "micros")]
        before: Timestamp,
        bodies: i64,
        contents: i64,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        of: Option<PostId>,
    },
    /// Nothing may be purged.
    LegalHold,
    /// Things may be purged again.
    LegalHoldLifted,
    /// Nothing leaves any more.
    Stopped,
    /// Things may leave again.
    Released,
    /// Whoever runs Countersign stopped everything of every practice.
    StoppedAll,
    /// Whoever runs Countersign let things leave again where the practice is not stopped itself.
    ReleasedAll,
    /// An agency was made; its name is in the body.
    AgencyMade { agency: AgencyId },
    /// An agency has another name, in the body.
    AgencyNamed { agency: AgencyId },
    /// An agency works for a practice from now on.
    AgencyServes { agency: AgencyId, client: PracticeId },
    /// An agency works for a practice no more.
    AgencyLeft { agency: AgencyId, client: PracticeId },
    /// A channel is an agency's desk.
    DeskBound { agency: AgencyId, desk: ChannelRef },
    /// A channel is no desk any more.
    DeskUnbound { agency: AgencyId, desk: ChannelRef },
    /// A draft was begun, of these people's words, where nothing stands for somebody who is not
    /// known. Of one that was imported, also who else had written it before.
    Drafted {
        number: i64,
        author: MemberId,
        #[serde(with = "writers", skip_serializing_if = "Vec::is_empty", default)]
        writers: Vec<Option<MemberId>>,
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        earlier_authors: Vec<MemberId>,
    },
    /// The draft changed; whose words came in with it, if any did.
    Redrafted {
        #[serde(skip_serializing_if = "Option::is_none", default)]
        writer: Option<MemberId>,
    },
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
    /// A person signed exactly this content; with `own_words`, what that person wrote.
    Signed {
        member: MemberId,
        hash: ContentHash,
        source: Source,
        recovered: bool,
        #[serde(skip_serializing_if = "is_not", default)]
        own_words: bool,
    },
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
    /// These rules of the screen do not keep the draft from being sent any more, as long as it says
    /// what it says; why is in the body.
    Overridden { member: MemberId, rules: Vec<String> },
    /// A member looked at what these rules had kept out, and says that it is about no patient; the
    /// texts are known by their keyed hashes, and why is in the body.
    Attested { member: MemberId, rules: Vec<String>, traces: Vec<String> },
    /// A member says that there was nothing to what these rules of the screen found in the draft.
    FoundFine { member: MemberId, rules: Vec<String> },
    /// A member's word is that these pictures may be shown, known by the hashes of their bytes: by
    /// these consents, or else because no patient can be seen in them.
    PicturesVouched {
        member: MemberId,
        pictures: Vec<String>,
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        consents: Vec<String>,
    },
    /// A member says that a patient is, or may be, in so many pictures; they are left out.
    PicturesLeftOut { member: MemberId, pictures: i64 },
    /// Compliance gave it another risk.
    RiskSet { member: MemberId, risk: Risk },
    /// The practice changed, and the sign-offs are not enough any more.
    Recounted,
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
    /// It was on its way in the copy that was restored, and the former run may have sent it since.
    InDoubt { publication: RowId, account: AccountId },
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
    /// Something was set in the practice.
    #[serde(untagged)]
    Set(Setting),
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_not(flag: &bool) -> bool {
    !flag
}

impl What {
    /// The new revision, if it is one.
    pub fn revised(&self) -> Option<&Revised> {
        match self {
            What::Submitted(revised) | What::Edited(revised) | What::Amended(revised) => {
                Some(revised)
            }
            _ => None,
        }
    }

    /// Whose words came in with it, if any did after the first.
    pub fn writer(&self) -> Option<&MemberId> {
        let redrafted = match self {
            What::Redrafted { writer } => writer.as_ref(),
            _ => None,
        };
        redrafted.or_else(|| self.revised()?.writer.as_ref())
    }

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
            What::InDoubt { publication, account } => {
                (publication, Some(account), RowState::Unknown)
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
