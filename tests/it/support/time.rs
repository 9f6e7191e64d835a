//! Time and chance of tests.

use std::sync::atomic::{AtomicI64, Ordering};

use countersign::ports::clock::{Chance, Clock};
use jiff::Timestamp;

/// A clock that stands still until a test moves it.
pub struct StoppedClock(pub AtomicI64);

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.0.load(Ordering::SeqCst)).expect("in range")
    }
}

/// Bytes that count up: different each time, the same in every run, and in order.
#[derive(Default)]
pub struct Counted(pub AtomicI64);

impl Chance for Counted {
    fn bytes(&self) -> [u8; 16] {
        i128::from(self.0.fetch_add(1, Ordering::SeqCst)).to_be_bytes()
    }
}
