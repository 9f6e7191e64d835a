//! What goes wrong with the ledger, and who was told of it.
//!
//! It is in memory, as nothing can be written while it matters, and as it is about this process.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::domain::ids::PracticeId;

/// What is known of the ledger's writing.
#[derive(Debug, Default)]
pub struct Trouble(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    doubt: Option<String>,
    since: Option<Timestamp>,
    told: HashMap<Option<PracticeId>, Timestamp>,
}

impl Trouble {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A write failed: whether the ledger can be written has to be tried.
    pub fn doubt(&self, why: &str) {
        self.state().doubt.get_or_insert_with(|| why.to_owned());
    }

    /// Why the ledger has to be tried, if it has.
    pub fn doubted(&self) -> Option<String> {
        self.state().doubt.clone()
    }

    /// What is in doubt failed for want of room.
    pub fn is_full(&self) -> bool {
        let said = ["is full", "No space left"];
        self.doubted().is_some_and(|why| said.iter().any(|words| why.contains(words)))
    }

    /// It was tried, and can't be written.
    pub fn is_there(&self, now: Timestamp) {
        self.state().since.get_or_insert(now);
    }

    /// It was tried, and can be written. If it could not before: the practices that were told so.
    pub fn is_over(&self) -> Option<Vec<PracticeId>> {
        let mut state = self.state();
        state.doubt = None;
        let since = state.since.take()?;
        let told = state.told.iter().filter(|(_, at)| **at >= since);
        Some(told.filter_map(|(practice, _)| practice.clone()).collect())
    }

    /// Since when the ledger can't be written.
    pub fn since(&self) -> Option<Timestamp> {
        self.state().since
    }

    /// Notes that this practice, or with `None` the log, is told now; false when it was told less
    /// than `every` ago.
    pub fn tell(&self, whom: Option<&PracticeId>, now: Timestamp, every: SignedDuration) -> bool {
        let mut state = self.state();
        let told = state.told.get(&whom.cloned());
        if told.is_some_and(|told| now.duration_since(*told) < every) {
            return false;
        }
        state.told.insert(whom.cloned(), now);
        true
    }

    /// The practice could not be reached after all.
    pub fn untold(&self, whom: &PracticeId) {
        self.state().told.remove(&Some(whom.clone()));
    }
}
