//! How long an account's sign-in is good for.

use jiff::Timestamp;

/// How long an account's sign-in is good for, as far as its network says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// Until somebody ends it.
    Never,
    /// Until then.
    At(Timestamp),
    /// The network does not say.
    Unknown,
}

impl Expiry {
    /// When it ends, where that is known.
    pub fn ends(self) -> Option<Timestamp> {
        match self {
            Self::At(ends) => Some(ends),
            Self::Never | Self::Unknown => None,
        }
    }
}
