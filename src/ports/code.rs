//! One-time codes, as the store keeps them: never the code itself.

use jiff::Timestamp;

use crate::domain::member::Identity;

/// A one-time code that waits for the person who acts from an identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// Keyed hash of it, hexadecimal.
    pub hash: String,
    /// Worth nothing from then on.
    pub expires: Timestamp,
    /// Wrong ones that were typed.
    pub tries: i64,
}

/// What became of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeWrite {
    /// A new one, in place of any other.
    Put {
        /// For whom.
        of: Identity,
        /// Keyed hash of it, hexadecimal.
        hash: String,
        /// Worth nothing from then on.
        expires: Timestamp,
    },
    /// Another was typed.
    Wrong {
        /// By whom.
        of: Identity,
    },
    /// It was used, or is not wanted any more.
    Forget {
        /// For whom.
        of: Identity,
    },
}
