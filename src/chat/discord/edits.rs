//! Changing messages in place. Discord allows few changes of what is older than an hour: none of
//! those is waited for, nor asked for before the time that Discord named.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::SignedDuration;
use reqwest::Method;
use serde_json::json;
use tokio::time::Instant;

use super::api::{Api, Body, Failed};
use super::directory::number;
use super::mark::one;
use super::show::{self, Message};
use super::{patience, read};
use crate::ports::chat::MessageRef;

/// What is older is old.
const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// So many channels are kept in mind.
const CHANNELS: usize = 1_000;

/// Changes messages.
pub struct Edits {
    api: Api,
    /// In which channels no old message may be changed now.
    old: Mutex<HashMap<String, Old>>,
}

/// Messages up to this one are old, and may not be changed before.
#[derive(Clone, Copy)]
struct Old {
    newest: u64,
    again: Instant,
}

impl Edits {
    /// Changes through `api`.
    pub fn new(api: Api) -> Self {
        Self { api, old: Mutex::default() }
    }

    /// Changes a message in place; its pictures stay, if it shows any.
    pub async fn change(&self, at: &MessageRef, message: &Message) -> Result<(), Failed> {
        let (stands_in, id) = read::stands(at);
        let id = number(id)?;
        if let Some(wait) = self.waits(stands_in, id) {
            return Err(Failed::Old(wait, None));
        }
        let body = body(message);
        let said = self.api.send(Method::PATCH, one(at)?, Body::Json(&body)).await;
        if let Err(Failed::Old(wait, now)) = &said {
            let old = now.and_then(|now| now.checked_sub(HOUR).ok()).map_or(0, read::first_of);
            self.is_old(stands_in, id.max(old), *wait);
        }
        said.map(drop)
    }

    /// Changes a message that was just made, and waits where Discord asks for a little patience.
    pub async fn finish(&self, at: &MessageRef, message: &Message) -> Result<(), Failed> {
        patience::send(&self.api, (Method::PATCH, one(at)?), &body(message)).await.map(drop)
    }

    fn waits(&self, stands_in: &str, id: u64) -> Option<Duration> {
        let old =
            self.old.lock().unwrap_or_else(PoisonError::into_inner).get(stands_in).copied()?;
        let wait = old.again.saturating_duration_since(Instant::now());
        (id <= old.newest && !wait.is_zero()).then_some(wait)
    }

    fn is_old(&self, stands_in: &str, id: u64, wait: Duration) {
        let mut old = self.old.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if old.len() >= CHANNELS {
            old.retain(|_, old| old.again > now);
        }
        let newest = old.get(stands_in).map_or(id, |known| known.newest.max(id));
        old.insert(stands_in.to_owned(), Old { newest, again: now + wait });
    }
}

fn body(message: &Message) -> serde_json::Value {
    let mut body = show::body(message);
    if message.embeds.len() == 1 {
        body["attachments"] = json!([]);
    }
    body
}
