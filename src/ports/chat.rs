//! The chat platforms: showing notices, and looking at what stands there.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::intake::ChatEvent;
pub use super::message::MessageRef;
use super::notice::Notice;
use crate::domain::member::{Identity, Platform};
use crate::domain::outbox::Certainty;
use crate::domain::practice::ChannelRef;

/// Where and to whom a notice is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The channel.
    pub channel: ChannelRef,
    /// In the thread of this message.
    pub thread: Option<String>,
    /// For this person's eyes only.
    pub only: Option<Identity>,
    /// Instead of this message, in place.
    pub instead_of: Option<String>,
}

/// What came of showing a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// It stands there.
    Done(MessageRef),
    /// Surely not there, and why, without a full stop; again later.
    TryLater(String),
    /// Surely not there, and again is useless: the message or channel is gone.
    Refused(String),
    /// Nobody knows.
    Unknown,
}

/// A message as it stands on the platform now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// Who put which reaction there; the bot's own are left out.
    pub reactions: Vec<(Identity, String)>,
}

/// The platform could not be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the chat platform can't be reached: {0}")]
pub struct Unreachable(pub String);

/// Whether a platform can be heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connection {
    /// What people do there comes in.
    Up,
    /// Nothing comes in.
    Down,
}

/// A chat platform, as the use cases see it. Makes one attempt; never retries or writes to the
/// store.
#[async_trait]
pub trait Chat: Send + Sync {
    /// Which platform.
    fn platform(&self) -> Platform;

    /// Whether it can be heard now; a platform without a lasting connection always is.
    fn connection(&self) -> Connection {
        Connection::Up
    }

    /// Waits until it can be heard again or can't any more; for ever where that never changes.
    async fn turns(&self) -> Connection {
        std::future::pending().await
    }

    /// What people did in a channel since then, as it would have been brought: messages that were
    /// written, and what became of these known ones. An event that was brought has the same id.
    async fn missed(
        &self,
        channel: &ChannelRef,
        since: Timestamp,
        known: &[MessageRef],
    ) -> Result<Vec<ChatEvent>, Unreachable> {
        let _ = (channel, since, known);
        Ok(Vec::new())
    }

    /// Why it can't be heard, or what else is wrong there, a sentence each with what to do.
    fn troubles(&self) -> Vec<String> {
        Vec::new()
    }

    /// How one finds out about a notice at this place that got no answer.
    fn certainty(&self, place: &Place) -> Certainty;

    /// Shows a notice. `key` is the same for every attempt at the same notice.
    async fn show(&self, key: &str, place: &Place, notice: &Notice) -> Shown;

    /// Looks for the notice that was shown there under this key since then, where
    /// [`certainty`](Self::certainty) says that one can; `None` when it surely was not shown.
    async fn find(
        &self,
        key: &str,
        place: &Place,
        since: Timestamp,
    ) -> Result<Option<MessageRef>, Unreachable> {
        let _ = (key, place, since);
        Err(Unreachable("this platform can't be asked for that".to_owned()))
    }

    /// The message as it stands now; `None` when it is gone.
    async fn look(&self, message: &MessageRef) -> Result<Option<Seen>, Unreachable>;

    /// An address that leads whoever may read the message to it; `None` where the platform has
    /// none, or can't say now.
    async fn link(&self, message: &MessageRef) -> Option<String> {
        let _ = message;
        None
    }

    /// Every person who can read the channel; programs are left out. Asked before each notice at a
    /// desk: what is answered from memory must have heard of who came and left.
    async fn who_is_in(&self, channel: &ChannelRef) -> Result<Vec<Identity>, Unreachable>;

    /// It tells nobody that somebody left: one has to look for them.
    fn hides_who_left(&self) -> bool {
        false
    }

    /// Whether somebody has their account there still, where the platform
    /// [hides](Self::hides_who_left) that; an error where it can't be said for sure.
    async fn is_there(&self, who: &Identity) -> Result<bool, Unreachable> {
        let _ = who;
        Ok(true)
    }

    /// Whether somebody may make a practice of a channel that is nobody's: whoever brought
    /// Countersign to the platform.
    async fn may_found(&self, who: &Identity, channel: &ChannelRef) -> Result<bool, Unreachable> {
        let _ = (who, channel);
        Ok(false)
    }

    /// The bytes of a file that came with a message; at most `limit`.
    async fn fetch(&self, file: &str, limit: usize) -> Result<Vec<u8>, Unreachable>;
}
