//! Messages that somebody writes to the bot alone. Pure.
//!
//! They stand in no server, so they say whose they are and not for whom: which practice they are
//! for is known to others. As with any message, what happened is named by it.

use jiff::Timestamp;
use serde_json::Value;

use super::field::{WRITTEN, files, made, message, named, some, time};
use super::typed::{is_by_person, words};
use crate::domain::member::Identity;
use crate::domain::practice::ChannelRef;
use crate::ports::intake::{ChatEvent, FileRef, Happening};

/// A message to the bot alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Direct {
    /// Whose.
    pub user: String,
    /// Their conversation with the bot.
    pub stands_in: String,
    /// Its id.
    pub id: String,
    /// When it was written, or last changed.
    pub at: Timestamp,
    /// It was changed.
    pub changed: bool,
    /// The words.
    pub text: String,
    files: Vec<FileRef>,
}

impl Direct {
    /// Reads one; `None` for what no person wrote, and for what stands in a server.
    pub fn read(own: &str, event: &Value) -> Option<Self> {
        let kind = event["type"].as_u64().unwrap_or_default();
        if some(event, "guild_id").is_some()
            || !is_by_person(event, own)
            || !WRITTEN.contains(&kind)
        {
            return None;
        }
        let (stands_in, id) = (some(event, "channel_id")?, some(event, "id")?);
        let edited = some(event, "edited_timestamp").and_then(time);
        let (text, files) = (words(event, own), files(stands_in, event));
        let direct = Self {
            user: some(&event["author"], "id")?.to_owned(),
            stands_in: stands_in.to_owned(),
            id: id.to_owned(),
            at: edited.or_else(|| made(id))?,
            changed: edited.is_some(),
            text,
            files,
        };
        (!direct.text.is_empty() || !direct.files.is_empty()).then_some(direct)
    }

    /// What it is called in the channels of practices, where it does not stand itself.
    pub fn name(&self) -> String {
        format!("{}/{}", self.stands_in, self.id)
    }

    /// It as said, or changed, by this member in this channel.
    pub fn event(self, from: Identity, channel: ChannelRef, changed: bool) -> ChatEvent {
        let at = self.at;
        let message = message(&channel, &self.stands_in, &self.id);
        let of = if self.changed { at.as_microsecond().to_string() } else { String::new() };
        let id = named(&message, &of);
        let Self { text, files, .. } = self;
        let what = if changed {
            Happening::Edited { message, thread: None, text, files }
        } else {
            Happening::Said { message, thread: None, text, files }
        };
        ChatEvent { id, at, from, is_bot: false, channel, what }
    }
}
