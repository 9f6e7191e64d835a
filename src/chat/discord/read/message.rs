//! Messages: new ones, changed ones, and those that are gone. Pure.
//!
//! What happened to a message is named by the message, so that it is the same event whether Discord
//! brought it or it was found in the channel later.

use serde_json::Value;

use super::field::{
    WRITTEN, channel, files, identity, list, made, message, named, some, text, time,
};
use super::heard::{Did, Heard, Known, Way};
use super::typed::{is_by_person, words};
use crate::domain::member::Identity;
use crate::domain::practice::ChannelRef;
use crate::ports::chat::MessageRef;
use crate::ports::intake::{FileRef, Happening};

/// A message that stands for another one, elsewhere.
const FORWARDED: u64 = 1;
/// What is said of a message that is gone.
const GONE: &str = "gone";

/// Somebody wrote a message.
pub fn said(known: &Known<'_>, event: &Value) -> Heard {
    let Some(there) = There::of(known, event).filter(There::says_something) else {
        return Heard::Nothing;
    };
    let Some(at) = made(text(event, "id")) else { return odd("MESSAGE_CREATE", event) };
    // What is found only now may have been changed since it was written.
    let at = some(event, "edited_timestamp").and_then(time).unwrap_or(at);
    let what = Happening::Said {
        message: there.message.clone(),
        thread: there.thread.clone(),
        text: there.text.clone(),
        files: there.files.clone(),
    };
    there.did(what, at, "")
}

/// Somebody changed a message. Discord also says so when it shows what an address leads to, or a
/// thread begins: then it is the same change again, or none. Without a word and a file it is one
/// whose words may not be read any more.
pub fn changed(known: &Known<'_>, event: &Value) -> Heard {
    let Some(edited) = some(event, "edited_timestamp") else { return Heard::Nothing };
    let Some(there) = There::of(known, event) else { return Heard::Nothing };
    let Some(at) = time(edited) else { return odd("MESSAGE_UPDATE", event) };
    let what = Happening::Edited {
        message: there.message.clone(),
        thread: there.thread.clone(),
        text: there.text.clone(),
        files: there.files.clone(),
    };
    there.did(what, at, &at.as_microsecond().to_string())
}

/// Messages are gone. Discord does not say who deleted them, nor whose they were, so the bot stands
/// for them.
pub fn deleted(known: &Known<'_>, event: &Value) -> Heard {
    let Some(guild) = some(event, "guild_id") else { return Heard::Nothing };
    let stands_in = text(event, "channel_id");
    let here = channel(guild, known.parent.unwrap_or(stands_in));
    let ids = some(event, "id").into_iter();
    let ids = ids.chain(list(event, "ids").filter_map(Value::as_str));
    Heard::Did(ids.map(|id| missing(known, &here, &message(&here, stands_in, id))).collect())
}

/// A message that was there is not any more.
pub fn missing(known: &Known<'_>, channel: &ChannelRef, at: &MessageRef) -> Did {
    Did {
        id: named(at, GONE),
        at: known.now,
        from: identity(&channel.workspace, known.own),
        is_bot: false,
        channel: channel.clone(),
        what: Happening::Deleted { message: at.clone() },
        way: Way::Seen,
    }
}

/// A message that a person wrote.
struct There {
    channel: ChannelRef,
    message: MessageRef,
    thread: Option<MessageRef>,
    text: String,
    files: Vec<FileRef>,
    from: Identity,
}

impl There {
    fn of(known: &Known<'_>, event: &Value) -> Option<Self> {
        let guild = some(event, "guild_id")?;
        let kind = event["type"].as_u64().unwrap_or_default();
        if !is_by_person(event, known.own) || !WRITTEN.contains(&kind) {
            return None;
        }
        let (stands_in, id) = (text(event, "channel_id"), some(event, "id")?);
        let (text, files) = (words(event, known.own), files(stands_in, event));
        let channel = channel(guild, known.parent.unwrap_or(stands_in));
        Some(Self {
            message: message(&channel, stands_in, id),
            thread: thread(known, &channel, event),
            from: identity(guild, some(&event["author"], "id")?),
            channel,
            text,
            files,
        })
    }

    /// What has neither a word nor a file may not be read, or only shows another.
    fn says_something(&self) -> bool {
        !self.text.is_empty() || !self.files.is_empty()
    }

    fn did(self, what: Happening, at: jiff::Timestamp, of: &str) -> Heard {
        let Self { channel, message, from, .. } = self;
        let id = named(&message, of);
        Did { id, at, from, is_bot: false, channel, what, way: Way::Seen }.into()
    }
}

/// The message that this one is about: the one under which its thread hangs, which has the same id,
/// or the one that it answers.
fn thread(known: &Known<'_>, channel: &ChannelRef, event: &Value) -> Option<MessageRef> {
    let stands_in = text(event, "channel_id");
    if known.parent.is_some() {
        return Some(message(channel, &channel.channel, stands_in));
    }
    let answers = &event["message_reference"];
    let is_answer = answers["type"].as_u64() != Some(FORWARDED);
    let here = some(answers, "channel_id").is_none_or(|channel| channel == stands_in);
    let id = some(answers, "message_id").filter(|_| is_answer && here)?;
    Some(message(channel, stands_in, id))
}

fn odd(kind: &str, event: &Value) -> Heard {
    Heard::Odd { kind: kind.to_owned(), id: text(event, "id").to_owned() }
}
