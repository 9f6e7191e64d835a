//! The networks: one attempt at a time, with one of four ends.

use async_trait::async_trait;
use jiff::Timestamp;

use super::engagement::Reads;
pub use super::on::On;
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
    pub on: On<'a>,
    /// What was signed; nothing else may leave.
    pub part: &'a Part,
    /// The pictures' bytes.
    pub media: &'a [Media],
    /// The network's id of the draft that an earlier attempt was to publish, where it has drafts.
    pub draft: Option<&'a str>,
    /// When its first attempt began, the same for every later one; now, before there is one.
    pub first_sent: Timestamp,
}

impl Job<'_> {
    /// The pictures at hand are the signed ones, in order.
    pub fn has_its_pictures(&self) -> bool {
        let signed = self.part.media.iter().map(|picture| &picture.sha256);
        signed.eq(self.media.iter().map(|media| &media.sha256))
    }
}

/// What `prepare` made, for `publish` to refer to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prepared {
    /// What the network calls each picture, in order.
    pub uploads: Vec<String>,
    /// The network's id of a draft that nobody sees yet, where it has drafts.
    pub draft: Option<String>,
}

/// Whether anything can be done on an account now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Readiness {
    /// It can.
    Ready,
    /// The network asked to wait until then.
    Busy(Timestamp),
    /// Its sign-in is over, and why: somebody has to connect it again.
    Out(String),
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

    /// Can anything be done there now? Asks nobody outside.
    async fn readiness(&self, _: On<'_>) -> Readiness {
        Readiness::Ready
    }

    /// What fits on this account, as far as is known now; a server may have its own limits.
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
    async fn read_back(&self, on: On<'_>, remote: &str) -> ReadBack;

    /// What asks there how publications are received, where the network tells.
    fn reads(&self) -> Option<&dyn Reads> {
        None
    }

    /// Removes it; done twice is done.
    async fn take_down(&self, on: On<'_>, remote: &str) -> Outcome;
}
