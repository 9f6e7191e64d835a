//! Who was in which channel when the platform was asked last. In memory: it is the platform's to
//! say, and a start asks anew.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::domain::member::Identity;
use crate::domain::practice::ChannelRef;

/// The platform is asked again after so long.
const FRESH: SignedDuration = SignedDuration::from_secs(30);

/// Who was in which channel a moment ago.
#[derive(Debug, Default)]
pub struct Rooms(Mutex<HashMap<ChannelRef, (Timestamp, Vec<Identity>)>>);

impl Rooms {
    /// Who is in the channel, if that was asked a moment ago.
    pub fn get(&self, channel: &ChannelRef, now: Timestamp) -> Option<Vec<Identity>> {
        let mut rooms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rooms.retain(|_, (at, _)| now.duration_since(*at) < FRESH);
        rooms.get(channel).map(|(_, people)| people.clone())
    }

    /// Notes who is in the channel now.
    pub fn put(&self, channel: &ChannelRef, now: Timestamp, people: &[Identity]) {
        let mut rooms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rooms.insert(channel.clone(), (now, people.to_vec()));
    }
}
