//! How much one person may submit in a minute, so that a flood costs nobody else anything.
//!
//! It is in memory, and bounded: after a restart a person may begin anew. What signs, holds or
//! stops is never counted.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::domain::ids::PracticeId;
use crate::domain::member::Identity;

/// What is counted together.
const MINUTE: SignedDuration = SignedDuration::from_secs(60);
/// So many people are counted at once; beyond it everybody begins anew.
const PEOPLE: usize = 10_000;

/// How much each person submitted in the last minute.
#[derive(Debug, Default)]
pub struct Flood(Mutex<HashMap<(PracticeId, Identity), Count>>);

#[derive(Debug, Clone, Copy)]
struct Count {
    since: Timestamp,
    times: u32,
}

/// May a person submit once more?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// Yes.
    Enough,
    /// No, and that is new to them.
    JustFull,
    /// No, and they were told.
    Full,
}

impl Flood {
    /// Counts one more submission of a person.
    pub fn count(&self, whose: &PracticeId, from: &Identity, now: Timestamp, most: u32) -> Room {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= PEOPLE {
            all.retain(|_, count| now.duration_since(count.since) < MINUTE);
        }
        if all.len() >= PEOPLE {
            all.clear();
        }
        let new = Count { since: now, times: 0 };
        let count = all.entry((whose.clone(), from.clone())).or_insert(new);
        if now.duration_since(count.since) >= MINUTE {
            *count = new;
        }
        count.times = count.times.saturating_add(1);
        match count.times {
            times if times <= most => Room::Enough,
            times if times == most.saturating_add(1) => Room::JustFull,
            _ => Room::Full,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::member::Platform;

    fn person(user: usize) -> Identity {
        let (platform, workspace) = (Platform::Local, "local".to_owned());
        Identity { platform, workspace, user: user.to_string() }
    }

    #[test]
    fn a_crowd_takes_no_more_memory_than_it_may() {
        let (flood, whose) = (Flood::default(), PracticeId::new("northside"));

        for user in 0..3 * PEOPLE {
            flood.count(&whose, &person(user), Timestamp::UNIX_EPOCH, 20);
        }

        assert!(flood.0.lock().expect("whole").len() <= PEOPLE);
    }
}
