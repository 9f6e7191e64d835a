//! The states of a thing that must leave, and every way from one to the next.
//!
//! ```text
//!            claim           mark (the publish gate)
//!   ready ----------> leased ----------> sending --------> done | refused
//!     ^  <------------  |                  |    \--------> ready        (try later)
//!     |   lease expired |                  v
//!     |                 |               unknown <--------- resolving    (can't tell, expired)
//!     |                 |                  |  \----------> resolving    (look-up begins)
//!     |                 |                  v                  |
//!     |                 |               parked                +-------> done | ready
//!     +-----------------+------------------+  a person: it is live / it is not
//! ```
//!
//! `sending` is written before the request leaves, so that after a crash "never sent" (leased:
//! safe to send) can be told from "maybe sent" (unknown: look first). A look-up has its own
//! state, so that a crash in it can't forget "maybe sent".

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::ids::{AccountId, PostId, PracticeId, RowId};
use super::words::words;

words! {
    /// Where a row is.
    pub enum RowState {
        /// Waits for its time and a worker.
        Ready = "ready",
        /// A worker has it; nothing has left.
        Leased = "leased",
        /// It may have left.
        Sending = "sending",
        /// Nobody knows whether it left.
        Unknown = "unknown",
        /// A worker is finding out.
        Resolving = "resolving",
        /// It left and was confirmed.
        Done = "done",
        /// The other side said no.
        Refused = "refused",
        /// Its window closed first.
        Missed = "missed",
        /// Not wanted any more.
        Cancelled = "cancelled",
        /// Nobody can find out; a person is asked.
        Parked = "parked",
    }
}

impl RowState {
    /// It may be live, and nobody has confirmed it.
    pub fn may_be_live(self) -> bool {
        matches!(self, Self::Sending | Self::Unknown | Self::Resolving | Self::Parked)
    }

    /// It has not left, and will.
    pub fn is_waiting(self) -> bool {
        matches!(self, Self::Ready | Self::Leased)
    }
}

words! {
    /// What kind of thing must leave or must happen.
    pub enum RowKind {
        /// Something the bot shows.
        Notice = "notice",
        /// A post on one account.
        Publication = "publication",
        /// A comparison of what is live with what was signed.
        ReadBack = "read-back",
        /// A removal from one account.
        Takedown = "takedown",
        /// How a publication is received is looked at.
        Engagement = "engagement",
        /// A window that closes.
        WindowClose = "window-close",
        /// A practice that changed, so that its open posts are counted anew.
        Recount = "recount",
        /// A post is looked at again before its slot.
        Look = "look",
        /// Somebody asked whether an account's sign-in is good.
        AccountTest = "account-test",
        /// The practice's digests: made at their hour, day after day.
        Digest = "digest",
        /// A message that was not kept and may still stand on its platform.
        Leftover = "leftover",
    }
}

/// How a network or platform lets one find out about a request that got no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// The same key twice is one post, for so long.
    Key {
        /// From the first attempt on.
        lifetime: SignedDuration,
    },
    /// One can ask; the answer is reliable after so long.
    LookUp {
        /// After the last moment at which the request may have landed.
        delay: SignedDuration,
    },
    /// Neither: a person must look.
    Neither,
}

/// What came of one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Confirmed.
    Published {
        /// The network's id of it.
        remote: String,
        /// Where people see it.
        url: String,
    },
    /// Surely nothing there; again not before.
    TryLater(Timestamp),
    /// Surely nothing there: the account's sign-in is over, and somebody has to connect it again.
    SignedOut(String),
    /// Surely nothing there, and again is useless.
    Refused(String),
    /// Nobody knows.
    Unknown(String),
}

/// What a look-up says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookedUp {
    /// It is there.
    Found {
        /// The network's id of it.
        remote: String,
        /// Where people see it.
        url: String,
    },
    /// It is there, and nobody sees it yet, and why: it may be sent no more.
    NotYet(String),
    /// It surely is not.
    Absent,
    /// Can't tell now.
    CantTell,
}

/// What to do about a row that may have left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolve {
    /// Send the same thing under the same key, through the gate.
    Again,
    /// Ask the network.
    LookUp,
    /// Ask a person.
    Park,
}

/// How what is said of a publication begins that its network has, and that nobody sees there yet.
pub const NOT_SEEN: &str = "is there, and nobody sees it yet: ";

/// After how many look-ups that could not tell a person is asked.
pub const LOOK_UPS: i64 = 12;

/// What to do about an unknown row; `first_sent` is when its first attempt began.
///
/// A key never makes the row `ready` again: that would forget that it may be live, and a person
/// could then take back what is out. It goes from `resolving` through the gate to `sending`.
pub fn resolve(
    certainty: Certainty,
    first_sent: Timestamp,
    now: Timestamp,
    look_ups: i64,
) -> Resolve {
    match certainty {
        Certainty::Key { lifetime } if now.duration_since(first_sent) < lifetime => Resolve::Again,
        Certainty::LookUp { .. } if look_ups < LOOK_UPS => Resolve::LookUp,
        Certainty::Key { .. } | Certainty::LookUp { .. } | Certainty::Neither => Resolve::Park,
    }
}

/// How long to wait before the next try: doubling from 2 s to 15 min.
pub fn back_off(attempts: i64) -> SignedDuration {
    let doublings = u32::try_from(attempts.clamp(0, 9)).unwrap_or(9);
    SignedDuration::from_secs((2 << doublings).min(900))
}

/// A row of the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Whose.
    pub practice: PracticeId,
    /// Which; for a publication also the key offered to the network.
    pub id: RowId,
    /// What kind of thing.
    pub kind: RowKind,
    /// What it is about; unique with the kind in a practice.
    pub subject: String,
    /// The post, if it is about one.
    pub post: Option<PostId>,
    /// The revision, if it is about one.
    pub revision: Option<i64>,
    /// The account, if it goes to one.
    pub account: Option<AccountId>,
    /// Where it is.
    pub state: RowState,
    /// Not before.
    pub due: Timestamp,
    /// Raised by every claim and every new wish; an older holder's writes have no effect.
    pub fence: i64,
    /// Tries begun.
    pub attempts: i64,
    /// Look-ups that could not tell.
    pub look_ups: i64,
    /// Until when the worker has it.
    pub lease_until: Option<Timestamp>,
    /// When the first attempt began.
    pub first_sent: Option<Timestamp>,
    /// The other side's id of it, once known.
    pub remote: Option<String>,
    /// Where people see it, once known.
    pub url: Option<String>,
    /// What it carries, as JSON.
    pub payload: String,
    /// What went wrong last, in words for people.
    pub trouble: Option<String>,
}
