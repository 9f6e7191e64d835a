//! Who was looked for on platforms that tell nobody who left, and what that showed. In memory: a
//! start looks anew.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::domain::member::Identity;

/// So many are looked for in one round.
const ROUND: usize = 50;
/// So long until somebody who is there is looked for again.
const THERE: SignedDuration = SignedDuration::from_hours(1);
/// So long until somebody who is missing is.
const MISSING: SignedDuration = SignedDuration::from_mins(1);

/// What the last look at somebody showed.
#[derive(Debug, Clone, Copy, Default)]
struct Look {
    /// When it was.
    at: Timestamp,
    /// They were there once.
    was_there: bool,
    /// They are not, as far as is known.
    missing: bool,
}

/// Everybody who was looked for.
#[derive(Debug, Default)]
pub struct Absent(Mutex<HashMap<Identity, Look>>);

impl Absent {
    fn looks(&self) -> MutexGuard<'_, HashMap<Identity, Look>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those of these who are due: who was missing first, then whoever was not looked for longest.
    /// Others are forgotten.
    pub(super) fn due(&self, mut known: HashSet<Identity>, now: Timestamp) -> Vec<Identity> {
        let mut looks = self.looks();
        looks.retain(|who, _| known.contains(who));
        known.retain(|who| {
            let wait = |look: &Look| if look.missing { MISSING } else { THERE };
            looks.get(who).is_none_or(|look| now.duration_since(look.at) >= wait(look))
        });
        let mut due: Vec<Identity> = known.into_iter().collect();
        // Who may have left comes before all who are only due.
        due.sort_by_cached_key(|who| {
            let look = looks.get(who);
            (look.is_none_or(|look| !look.missing), look.map(|look| look.at), who.clone())
        });
        due.truncate(ROUND);
        due
    }

    /// Notes what a look showed, if it showed anything: then it is somebody else's turn all the same.
    /// Whether they have surely gone by it.
    pub(super) fn note(
        &self,
        who: &Identity,
        now: Timestamp,
        (is_there, known): (Option<bool>, bool),
    ) -> bool {
        let mut looks = self.looks();
        let look = looks.entry(who.clone()).or_default();
        look.at = now;
        let Some(is_there) = is_there else { return false };
        let has_gone = !is_there && look.missing && (look.was_there || known);
        look.was_there |= is_there;
        look.missing = !is_there && !has_gone;
        has_gone
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::member::Platform;

    fn who(user: usize) -> Identity {
        let (platform, workspace) = (Platform::Discord, "1".to_owned());
        Identity { platform, workspace, user: format!("{user:05}") }
    }

    fn at(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
    }

    #[test]
    fn a_few_are_looked_for_at_a_time_and_each_once_an_hour() {
        let absent = Absent::default();
        let all: HashSet<Identity> = (0..120).map(who).collect();
        let mut rounds = Vec::new();

        for minute in [0, 5, 10, 15, 60] {
            let due = absent.due(all.clone(), at(minute));
            rounds.push((due.len(), due.first().cloned()));
            for one in &due {
                assert!(!absent.note(one, at(minute), (Some(true), true)));
            }
        }

        let expected = [(50, Some(who(0))), (50, Some(who(50))), (20, Some(who(100))), (0, None)];
        assert_eq!(rounds[..4], expected);
        assert_eq!(rounds[4], (50, Some(who(0))));
    }

    #[test]
    fn who_is_missing_twice_has_left_unless_they_were_never_there() {
        let absent = Absent::default();
        let (rao, maya, new) = (who(1), who(2), who(3));
        let missing = |one: &Identity, known| absent.note(one, at(0), (Some(false), known));

        assert!(!missing(&rao, true));
        assert!(missing(&rao, true));
        absent.note(&maya, at(0), (Some(true), false));
        assert!(!missing(&maya, false));
        assert!(!absent.note(&maya, at(0), (Some(true), false)));
        assert!(!missing(&maya, false));
        assert!(missing(&maya, false));
        assert!(
            ![missing(&new, false), missing(&new, false), missing(&new, false)].contains(&true)
        );
    }
}
