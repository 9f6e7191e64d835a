//! The real clock and real chance: the only place that asks the machine for either.

use std::sync::LazyLock;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};

use crate::ports::clock::{Chance, Clock};

/// From when the machine's steady clock is counted.
#[expect(clippy::disallowed_methods, reason = "the one place where the clock is read")]
static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// The machine's clock.
pub struct RealClock;

impl Clock for RealClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the clock is read")]
    fn now(&self) -> Timestamp {
        let now = Timestamp::now().as_microsecond();
        Timestamp::from_microsecond(now).unwrap_or(Timestamp::MAX)
    }

    fn steady(&self) -> SignedDuration {
        SignedDuration::try_from(BEGIN.elapsed()).unwrap_or(SignedDuration::MAX)
    }
}

/// The system's random bytes.
pub struct RealChance;

impl Chance for RealChance {
    fn bytes(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).expect("without random bytes nothing is safe");
        bytes
    }
}
