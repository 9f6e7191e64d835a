//! Practices that were read a moment ago, each under the version that it had.
//!
//! A practice is loaded for every event and for every row that is worked off, and hardly ever
//! changes; whatever changes anything of it raises its version. So only its own row is read each
//! time, and the rest when the version is another one. It is bounded: practices that are idle
//! take no memory.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::domain::ids::PracticeId;
use crate::domain::practice::Practice;

/// So many are known at once; beyond it all are forgotten.
const MOST: usize = 64;

/// What is known.
#[derive(Default)]
pub(super) struct Known(Mutex<HashMap<PracticeId, Practice>>);

impl Known {
    /// The practice as it was under this version, if that is known.
    pub(super) fn get(&self, id: &PracticeId, version: i64) -> Option<Practice> {
        self.all().get(id).filter(|practice| practice.version == version).cloned()
    }

    /// Notes a practice as it is committed.
    pub(super) fn put(&self, practice: &Practice) {
        let mut all = self.all();
        if all.len() >= MOST {
            all.clear();
        }
        all.insert(practice.id.clone(), practice.clone());
    }

    fn all(&self) -> MutexGuard<'_, HashMap<PracticeId, Practice>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_practices_take_no_more_memory_than_some() {
        let known = Known::default();

        for n in 0..10 * MOST {
            known.put(&Practice::new(PracticeId::new(n.to_string()), true));
        }

        assert!(known.all().len() <= MOST);
    }
}
