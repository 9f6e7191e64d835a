//! The networks: one attempt at a time, with one of four ends.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::domain::content::Part;
use crate::domain::ids::RowId;
use crate::domain::network::{Limits, Network};
use crate::domain::outbox::{Certainty, LookedUp, Outcome};
use crate::domain::practice::Account;

/// The bytes of a picture, in the order of the part's media.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// `image/jpeg` or `image/png`.
    pub media_type: String,
    /// The bytes that leave.
    pub bytes: Vec<u8>,
}

/// One publication, as a network needs it.
#[derive(Debug, Clone)]
pub struct Job<'a> {
    /// The publication; the same for every attempt, so a network with keys can tell.
    pub id: &'a RowId,
    /// Where to.
    pub account: &'a Account,
    /// What was signed; nothing else may leave.
    pub part: &'a Part,
    /// The pictures' bytes.
    pub media: &'a [Media],
    /// Now, for answers that name a wait.
    pub now: Timestamp,
}

/// What `prepare` made, for `publish` to refer to: ids of uploads, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prepared {
    /// The network's ids of the pictures.
    pub uploads: Vec<String>,
}

/// What is live, as read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadBack {
    /// It is there, and says this.
    There {
        /// The words.
        text: String,
        /// Alt texts, in order.
        alts: Vec<String>,
        /// SHA-256 of the pictures, hexadecimal, where the network keeps the bytes.
        media: Vec<String>,
    },
    /// It is not there.
    Gone,
    /// Can't tell now.
    CantTell,
}

/// A network. It makes one attempt and never sleeps, retries or writes to the store.
#[async_trait]
pub trait Publisher: Send + Sync {
    /// Which.
    fn network(&self) -> Network;

    /// How one finds out about a request that got no answer.
    fn certainty(&self) -> Certainty;

    /// What fits on this account, as far as is known now; an instance may have its own limits.
    fn limits(&self, account: &Account) -> Limits {
        account.network.limits()
    }

    /// Uploads what the publication needs; can be repeated. `Err` is never `Published`.
    async fn prepare(&self, job: &Job<'_>) -> Result<Prepared, Outcome>;

    /// Makes it public: one request. Only the outbox's publish gate may call this.
    async fn publish(&self, job: &Job<'_>, prepared: &Prepared) -> Outcome;

    /// Is it there after all?
    async fn look_up(&self, job: &Job<'_>) -> LookedUp;

    /// What is live under this id.
    async fn read_back(&self, account: &Account, remote: &str) -> ReadBack;

    /// Removes it; done twice is done.
    async fn take_down(&self, account: &Account, remote: &str) -> Outcome;
}
