//! What people wrote in ideas channels while nobody listened is heard after all.
//!
//! A platform brings an event again only so often. So each ideas channel is read again from where
//! it was heard last, and what is found goes through the gate as if it had been brought: an event
//! that was brought has the same id, and is left out.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::gate;
use super::office::Office;
use crate::domain::ids::PracticeId;
use crate::domain::practice::{ChannelRef, Purpose};
use crate::ports::chat::{Connection, Unreachable};
use crate::ports::intake::Receipt;
use crate::ports::store::Stored;

/// What was written so shortly before may not have been brought either.
const OVERLAP: SignedDuration = SignedDuration::from_mins(10);
/// Nothing older is read again, and no older idea is looked after.
const FARTHEST: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Until when each channel was read.
#[derive(Debug, Default)]
pub struct Caught(Mutex<HashMap<ChannelRef, Timestamp>>);

impl Caught {
    fn until(&self, channel: &ChannelRef) -> Option<Timestamp> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(channel).copied()
    }

    fn note(&self, channel: &ChannelRef, until: Timestamp) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(channel.clone(), until);
    }
}

/// Catches up with every ideas channel; returns how many could not be read.
pub async fn all(office: &std::sync::Arc<Office>) -> Stored<usize> {
    let mut unread = 0;
    for practice in office.store.practices().await? {
        let Some(known) = office.store.practice(&practice).await? else { continue };
        let Some(channel) = known.channel(Purpose::Ideas) else { continue };
        if let Err(why) = one(office, &practice, channel).await? {
            unread += 1;
            tracing::debug!("{channel} can't be read again now: {why}");
        }
    }
    Ok(unread)
}

async fn one(
    office: &std::sync::Arc<Office>,
    practice: &PracticeId,
    channel: &ChannelRef,
) -> Stored<Result<(), Unreachable>> {
    let Some(chat) = office.chat(channel.platform) else {
        return Ok(Err(Unreachable("not connected".to_owned())));
    };
    if chat.connection() == Connection::Down {
        return Ok(Err(Unreachable("nothing comes in from it now".to_owned())));
    }
    let now = office.now();
    let heard = match office.caught.until(channel) {
        Some(until) => until,
        None => office.store.last_heard(practice, office.began).await?.unwrap_or(office.began),
    };
    let farthest = now.saturating_sub(FARTHEST).unwrap_or(Timestamp::MIN);
    let since = heard.saturating_sub(OVERLAP).unwrap_or(farthest).max(farthest);
    let ideas = office.store.live_ideas(practice, farthest).await?;
    let ours: Vec<_> = ideas.into_iter().filter(|idea| idea.channel == *channel).collect();
    let found = match chat.missed(channel, since, &ours).await {
        Ok(found) => found,
        Err(unreachable) => return Ok(Err(unreachable)),
    };
    for event in found {
        if office.store.has_heard(practice, &event).await? {
            continue;
        }
        if gate::receive_found(office, event).await == Receipt::NotRecorded {
            return Ok(Err(Unreachable("what was found could not be stored".to_owned())));
        }
    }
    office.caught.note(channel, now);
    Ok(Ok(()))
}
