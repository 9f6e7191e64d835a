//! The real clock and real chance: the only place that asks the machine for either.

use jiff::Timestamp;

use crate::ports::clock::{Chance, Clock};

/// The machine's clock.
pub struct RealClock;

impl Clock for RealClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the clock is read")]
    fn now(&self) -> Timestamp {
        let now = Timestamp::now().as_microsecond();
        Timestamp::from_microsecond(now).unwrap_or(Timestamp::MAX)
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
