//! What the local platform and the local network are told to do badly, for tests and teaching.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Everything that can be told to go wrong; nothing does at first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Of the chat.
    pub chat: ChatFaults,
    /// Of the network.
    pub network: NetworkFaults,
}

/// What goes wrong between the bot and the chat.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChatFaults {
    /// The bot hears nothing: reactions and deletions stand and are not reported; messages,
    /// edits and presses are refused, as nothing may be kept that was not looked at.
    pub deaf: bool,
    /// Showing, looking and fetching take so long.
    pub latency_ms: u64,
    /// Showing, looking and fetching surely fail.
    pub unreachable: bool,
    /// Every so many notices are shown, and the bot gets no answer; 0 is never.
    pub silent_every: u64,
}

/// What goes wrong between the bot and the network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NetworkFaults {
    /// A repeated `Idempotency-Key` is the same post; without, it is a second one.
    pub keys: bool,
    /// Every answer takes so long.
    pub latency_ms: u64,
    /// Every so many posts are kept and never answered; 0 is never, here and below.
    pub silent_every: u64,
    /// Every so many posts are kept and answered with 500.
    pub error_after_every: u64,
    /// Every so many posts are not kept, and answered with 503.
    pub unavailable_every: u64,
    /// Every so many posts are not kept, and answered with 429 and `Retry-After`.
    pub later_every: u64,
    /// Every so many posts are not kept, and answered with 422.
    pub refuse_every: u64,
}

impl Default for NetworkFaults {
    fn default() -> Self {
        Self {
            keys: true,
            latency_ms: 0,
            silent_every: 0,
            error_after_every: 0,
            unavailable_every: 0,
            later_every: 0,
            refuse_every: 0,
        }
    }
}

/// Is it the turn of the `count`th?
pub(super) fn is_due(every: u64, count: u64) -> bool {
    every != 0 && count.is_multiple_of(every)
}

/// A delay as told, at most ten minutes.
pub(super) fn delay(latency_ms: u64) -> Duration {
    Duration::from_millis(latency_ms.min(600_000))
}
