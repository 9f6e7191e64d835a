//! Time and chance, as parameters of everything.

use jiff::{SignedDuration, Timestamp};

use crate::domain::vault::Once;

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

    /// Bytes to seal one secret with.
    fn once(&self) -> Once {
        let (one, two) = (self.bytes(), self.bytes());
        std::array::from_fn(|at| if at < 16 { one[at] } else { two[at - 16] })
    }
}
