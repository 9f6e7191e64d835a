//! How much one person may submit in a minute, so that a flood costs nobody else anything.
//!
//! It is in memory, and bounded: after a restart a person may begin anew. What signs, holds or
//! stops is never counted.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::amend;
use super::office::Office;
use super::wish::{Wish, for_eyes_of, plain, wish};
use crate::domain::command;
use crate::domain::ids::PracticeId;
use crate::domain::member::Identity;
use crate::domain::practice::{Practice, Purpose};
use crate::ports::intake::{ChatEvent, Happening};
use crate::ports::notice::View;
use crate::ports::store::Change;

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

/// The event would make an idea, a draft or a revision.
pub(super) fn submits(practice: &Practice, event: &ChatEvent) -> bool {
    match &event.what {
        Happening::Said { text, thread, .. } => match command::read(text) {
            Some(command) => command.is_ok_and(|command| command.submits()),
            None if thread.is_some() => practice
                .who(&event.from)
                .is_some_and(|member| !amend::read(member, text).is_empty()),
            None => {
                let ideas = practice.channel(Purpose::Ideas) == Some(&event.channel);
                ideas && !command::is_stop_everything(text)
            }
        },
        Happening::Edited { .. } => true,
        Happening::Pressed { button, .. } => {
            ["make:", "submit:", "edit:"].iter().any(|verb| button.starts_with(verb))
        }
        Happening::Reacted { .. } | Happening::Deleted { .. } => false,
    }
}

/// Tells a person, once a minute, that what they send now is not kept.
pub(super) async fn tell(office: &Office, practice: &Practice, to: &ChatEvent) {
    let most = i64::from(office.pace.submissions);
    let place = for_eyes_of(&to.from, &to.channel, None);
    let say = Wish::Say { place, notice: plain(View::TooMany { most }) };
    let mut change = Change::new(practice.id.clone(), office.now());
    let subject = format!("flood/{}", office.new_id());
    change.outbox.push(wish(office, &practice.id, subject, say, false));
    if let Err(error) = office.commit(change).await {
        tracing::warn!(%error, "A person is not told that they send too much: {error}");
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
