//! What goes wrong with the ledger, and who was told of it.
//!
//! It is in memory, as nothing can be written while it matters, and as it is about this process.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::domain::ids::PracticeId;
use crate::domain::practice::ChannelRef;

/// Who is told that the ledger can't be written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Whom {
    /// Whoever reads the log.
    Log,
    /// A practice.
    Practice(PracticeId),
    /// An agency's desk.
    Desk(ChannelRef),
}

/// What is known of the ledger's writing.
#[derive(Debug, Default)]
pub struct Trouble(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    doubt: Option<String>,
    since: Option<Timestamp>,
    told: HashMap<Whom, Timestamp>,
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

    /// It was tried, and can be written. If it could not before: who was told so.
    pub fn is_over(&self) -> Option<Vec<Whom>> {
        let mut state = self.state();
        state.doubt = None;
        let since = state.since.take()?;
        let told = state.told.iter().filter(|(_, at)| **at >= since);
        Some(told.map(|(whom, _)| whom.clone()).collect())
    }

    /// Since when the ledger can't be written.
    pub fn since(&self) -> Option<Timestamp> {
        self.state().since
    }

    /// Notes that they are told now; false when they were told less than `every` ago.
    pub fn tell(&self, whom: &Whom, now: Timestamp, every: SignedDuration) -> bool {
        let mut state = self.state();
        if state.told.get(whom).is_some_and(|told| now.duration_since(*told) < every) {
            return false;
        }
        state.told.insert(whom.clone(), now);
        true
    }

    /// They could not be reached after all.
    pub fn untold(&self, whom: &Whom) {
        self.state().told.remove(whom);
    }
}
