//! Time and chance of the month.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::task::Poll;

use countersign::ports::clock::{Chance, Clock};
use jiff::{SignedDuration, Timestamp};

/// A clock that stands still until it is moved, and counts who looks at it.
pub struct StoppedClock {
    now: AtomicI64,
    looks: AtomicU64,
}

/// Bytes that count up: different each time, the same in every run, and in order.
pub struct Counted(AtomicI64);

impl StoppedClock {
    /// It shows this.
    pub fn at(now: Timestamp) -> Self {
        Self { now: AtomicI64::new(now.as_microsecond()), looks: AtomicU64::new(0) }
    }

    /// Time passes.
    pub fn passes(&self, how_long: SignedDuration) {
        let micros = i64::try_from(how_long.as_micros()).expect("not ages");
        self.now.fetch_add(micros, Ordering::SeqCst);
    }

    /// Lets the work go on until somebody has looked at the clock so often, and drops it then,
    /// wherever it is; returns whether it ended before.
    pub async fn cuts(&self, looks: u64, work: impl Future<Output = ()>) -> bool {
        let last = self.looks.load(Ordering::SeqCst) + looks;
        let mut work = pin!(work);
        poll_fn(|context| {
            if self.looks.load(Ordering::SeqCst) >= last {
                return Poll::Ready(false);
            }
            work.as_mut().poll(context).map(|()| true)
        })
        .await
    }
}

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        self.looks.fetch_add(1, Ordering::SeqCst);
        Timestamp::from_microsecond(self.now.load(Ordering::SeqCst)).expect("in range")
    }
}

impl Counted {
    /// It begins with this number.
    pub fn from(first: i64) -> Self {
        Self(AtomicI64::new(first))
    }
}

impl Chance for Counted {
    fn bytes(&self) -> [u8; 16] {
        i128::from(self.0.fetch_add(1, Ordering::SeqCst)).to_be_bytes()
    }
}
