//! People whose account is no more on a platform that tells nobody of that.
//!
//! They are asked for while cards are read again: a few at a time, and nobody more often than once
//! an hour, as there may be many thousands. Who is missing is looked for once more before they have
//! left, as a platform may be wrong for a moment; and only who was there: an account that nobody
//! has shown to be theirs, and that was never seen there, may be of somebody who has yet to come.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::elsewhere;
use super::office::Office;
use crate::domain::member::Identity;
use crate::ports::chat::Connection;
use crate::ports::store::Stored;

/// So many are looked for in one round.
const ROUND: usize = 50;
/// So long until somebody who is there is looked for again.
const THERE: SignedDuration = SignedDuration::from_hours(1);
/// So long until somebody who is missing is.
const MISSING: SignedDuration = SignedDuration::from_mins(1);
/// A platform that can't say it of so many says it of nobody now.
const FAILURES: usize = 3;

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

/// Who was looked for. In memory: a start looks anew.
#[derive(Debug, Default)]
pub struct Gone(Mutex<HashMap<Identity, Look>>);

impl Gone {
    fn looks(&self) -> MutexGuard<'_, HashMap<Identity, Look>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those of these who are due, whoever was not looked for longest first; others are forgotten.
    fn due(&self, mut known: HashSet<Identity>, now: Timestamp) -> Vec<Identity> {
        let mut looks = self.looks();
        looks.retain(|who, _| known.contains(who));
        known.retain(|who| {
            let wait = |look: &Look| if look.missing { MISSING } else { THERE };
            looks.get(who).is_none_or(|look| now.duration_since(look.at) >= wait(look))
        });
        let mut due: Vec<Identity> = known.into_iter().collect();
        due.sort_by_cached_key(|who| (looks.get(who).map(|look| look.at), who.clone()));
        due.truncate(ROUND);
        due
    }

    /// Notes what a look showed; whether they have surely gone by it.
    fn note(&self, who: &Identity, now: Timestamp, (is_there, known): (bool, bool)) -> bool {
        let mut looks = self.looks();
        let look = looks.entry(who.clone()).or_default();
        let has_gone = !is_there && look.missing && (look.was_there || known);
        *look = Look {
            at: now,
            was_there: look.was_there || is_there,
            missing: !is_there && !has_gone,
        };
        has_gone
    }
}

/// Looks for the next few; returns of how many nobody can say it.
pub async fn all(office: &Office) -> Stored<usize> {
    let (known, shown) = identities(office).await?;
    let mut unsaid = 0;
    for who in office.gone.due(known, office.now()) {
        let Some(chat) = office.chat(who.platform) else { continue };
        let is_there = match chat.is_there(&who).await {
            Ok(is_there) => is_there,
            Err(why) => {
                tracing::debug!("It can't be said who is there still: {why}");
                unsaid += 1;
                if unsaid >= FAILURES {
                    break;
                }
                // Others come before them next time.
                true
            }
        };
        let known = shown.contains(&who);
        if office.gone.note(&who, office.now(), (is_there, known)) {
            elsewhere::left(office, &who).await?;
        }
    }
    Ok(unsaid)
}

/// Everybody who is to be looked for, and those of them who have shown the account to be theirs.
async fn identities(office: &Office) -> Stored<(HashSet<Identity>, HashSet<Identity>)> {
    let (mut all, mut shown) = (HashSet::new(), HashSet::new());
    let asks = |who: &&Identity| {
        let chat = office.chat(who.platform);
        chat.is_some_and(|chat| chat.hides_who_left() && chat.connection() == Connection::Up)
    };
    if !office.chats.iter().any(|chat| chat.hides_who_left()) {
        return Ok((all, shown));
    }
    for id in office.store.practices().await? {
        let Some(practice) = office.store.practice(&id).await? else { continue };
        for member in &practice.members {
            for who in member.identities.iter().filter(asks) {
                all.insert(who.clone());
                if !member.unconfirmed.contains(who) {
                    shown.insert(who.clone());
                }
            }
        }
    }
    Ok((all, shown))
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
        let gone = Gone::default();
        let all: HashSet<Identity> = (0..120).map(who).collect();
        let mut rounds = Vec::new();

        for minute in [0, 5, 10, 15, 60] {
            let due = gone.due(all.clone(), at(minute));
            rounds.push((due.len(), due.first().cloned()));
            for one in &due {
                assert!(!gone.note(one, at(minute), (true, true)));
            }
        }

        let expected = [(50, Some(who(0))), (50, Some(who(50))), (20, Some(who(100))), (0, None)];
        assert_eq!(rounds[..4], expected);
        assert_eq!(rounds[4], (50, Some(who(0))));
    }

    #[test]
    fn who_is_missing_twice_has_left_unless_they_were_never_there() {
        let gone = Gone::default();
        let (rao, maya, new) = (who(1), who(2), who(3));
        let missing = |one: &Identity, known| gone.note(one, at(0), (false, known));

        assert!(!missing(&rao, true));
        assert!(missing(&rao, true));
        gone.note(&maya, at(0), (true, false));
        assert!(!missing(&maya, false));
        assert!(!gone.note(&maya, at(0), (true, false)));
        assert!(!missing(&maya, false));
        assert!(missing(&maya, false));
        assert!(
            ![missing(&new, false), missing(&new, false), missing(&new, false)].contains(&true)
        );
    }
}
