//! Time and chance, as parameters of everything.

use jiff::Timestamp;

/// What time it is.
pub trait Clock: Send + Sync {
    /// The instant, to the microsecond.
    fn now(&self) -> Timestamp;
}

/// Random bytes.
pub trait Chance: Send + Sync {
    /// Sixteen bytes that nobody can guess.
    fn bytes(&self) -> [u8; 16];
}
