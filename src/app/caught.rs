//! How far each ideas channel was read again. In memory: a start reads anew.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use crate::domain::practice::ChannelRef;

/// Until when each channel was read.
#[derive(Debug, Default)]
pub struct Caught(Mutex<HashMap<ChannelRef, Timestamp>>);

impl Caught {
    /// Until when this one was.
    pub fn until(&self, channel: &ChannelRef) -> Option<Timestamp> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(channel).copied()
    }

    /// Notes that this one was read until then.
    pub fn note(&self, channel: &ChannelRef, until: Timestamp) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(channel.clone(), until);
    }
}
