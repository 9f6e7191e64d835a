//! A message on a chat platform, by its id.

use serde::{Deserialize, Serialize};

use crate::domain::practice::ChannelRef;

/// A message on a platform.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MessageRef {
    /// Where.
    pub channel: ChannelRef,
    /// The platform's id of it.
    pub message: String,
}
