//! Time and chance, as parameters of everything.

use jiff::{SignedDuration, Timestamp};

/// What time it is.
pub trait Clock: Send + Sync {
    /// The instant, to the microsecond.
    fn now(&self) -> Timestamp;

    /// How long ago some fixed moment was: it only ever grows, also when somebody sets the clock.
    /// A clock that nobody sets needs no other.
    fn steady(&self) -> SignedDuration {
        self.now().duration_since(Timestamp::UNIX_EPOCH)
    }
}

/// Random bytes.
pub trait Chance: Send + Sync {
    /// Sixteen bytes that nobody can guess.
    fn bytes(&self) -> [u8; 16];
}
