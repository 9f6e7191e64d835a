//! What was done since the start, in numbers: never a text, a name or an id.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use jiff::SignedDuration;

use crate::domain::network::Network;
use crate::domain::outbox::Outcome;
use crate::ports::intake::Receipt;

/// Up to how many microseconds a look took, for the buckets of its histogram.
pub const LOOK_BUCKETS: [i64; 6] = [100, 500, 1_000, 5_000, 25_000, 100_000];

/// What became of an event at the door, as it is counted.
const GATE: [&str; 5] = ["clean", "blocked", "unscreened", "not-recorded", "too-many"];

/// What was done since the start.
#[derive(Debug, Default)]
pub struct Counts {
    commits: AtomicU64,
    gate: [AtomicU64; GATE.len()],
    looks: Mutex<Looks>,
    publications: Mutex<BTreeMap<(&'static str, &'static str), u64>>,
}

/// How long the gate looked at texts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Looks {
    /// How many looks took no longer than the bucket's bound; each counted in one bucket only.
    pub within: [u64; LOOK_BUCKETS.len()],
    /// How many there were.
    pub count: u64,
    /// How long they took together, in microseconds.
    pub micros: i64,
}

impl Counts {
    /// A change was committed.
    pub fn commit(&self) {
        self.commits.fetch_add(1, Ordering::Relaxed);
    }

    /// How many changes were committed.
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// An event came through the door, or did not.
    pub fn passed(&self, receipt: &Receipt) {
        let which = match receipt {
            Receipt::Stored(_) => 0,
            Receipt::Blocked(_) => 1,
            Receipt::Unscreened(_) => 2,
            Receipt::NotRecorded => 3,
            Receipt::TooMany => 4,
            Receipt::Known(_) | Receipt::Ignored => return,
        };
        self.gate[which].fetch_add(1, Ordering::Relaxed);
    }

    /// How many events of each kind came to the door.
    pub fn gate(&self) -> impl Iterator<Item = (&'static str, u64)> {
        GATE.into_iter().zip(&self.gate).map(|(name, n)| (name, n.load(Ordering::Relaxed)))
    }

    /// The gate looked at a text for so long.
    pub fn looked(&self, took: SignedDuration) {
        let micros = i64::try_from(took.as_micros()).unwrap_or(i64::MAX).max(0);
        let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        looks.count += 1;
        looks.micros = looks.micros.saturating_add(micros);
        if let Some(bucket) = LOOK_BUCKETS.iter().position(|bound| micros <= *bound) {
            looks.within[bucket] += 1;
        }
    }

    /// How long the gate looked.
    pub fn looks(&self) -> Looks {
        *self.looks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What came of an attempt to publish.
    pub fn published(&self, network: Network, outcome: &Outcome) {
        let outcome = match outcome {
            Outcome::Published { .. } => "published",
            Outcome::TryLater(_) => "try-later",
            Outcome::SignedOut(_) => "signed-out",
            Outcome::Refused(_) => "refused",
            Outcome::Unknown(_) => "unknown",
        };
        self.count(network, outcome);
    }

    /// Nobody can find out about a publication.
    pub fn parked(&self, network: Network) {
        self.count(network, "parked");
    }

    /// A publication did not leave in its window.
    pub fn missed(&self, network: Network) {
        self.count(network, "missed");
    }

    /// What came of publications, by network and outcome.
    pub fn publications(&self) -> BTreeMap<(&'static str, &'static str), u64> {
        self.publications.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn count(&self, network: Network, outcome: &'static str) {
        let mut all = self.publications.lock().unwrap_or_else(PoisonError::into_inner);
        *all.entry((network.as_str(), outcome)).or_default() += 1;
    }
}
