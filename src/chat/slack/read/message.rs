//! Messages: new ones, changed ones, and those that are gone. Pure.

use serde_json::Value;

use super::field::{author, channel, list, message, some, text, time};
use super::heard::{Did, Heard, Known, Way, Who};
use super::typed;
use crate::domain::ids::EventId;
use crate::domain::practice::ChannelRef;
use crate::ports::intake::{FileRef, Happening};

/// What is said of a message that is gone.
const GONE: &str = "gone";

/// Kinds of messages that a person writes.
const WRITTEN: &[&str] = &["", "file_share", "thread_broadcast", "me_message"];

/// Kinds of messages that concern nobody here.
const OTHERS: &[&str] = &[
    "bot_message",
    "bot_add",
    "bot_remove",
    "message_replied",
    "reply_broadcast",
    "ekm_access_denied",
    "assistant_app_thread",
    "document_mention",
    "file_comment",
    "file_mention",
    "huddle_thread",
    "pinned_item",
    "unpinned_item",
    "reminder_add",
    "reminder_delete",
    "slackbot_response",
    "tombstone",
    "joiner_notification",
];

/// The first words of names of such kinds: somebody came or went, or something was set.
const BEGINNINGS: &[&str] = &["channel_", "group_", "sh_room_", "bot_"];

/// The event of a message; `id` names the event, where it names no message.
///
/// What happened to a message is named by the message, so that it is the same event whether Slack
/// brought it, brought it again, or it was found in the channel later.
pub fn read(known: &Known<'_>, id: &EventId, event: &Value) -> Heard {
    let kind = text(event, "subtype");
    match kind {
        "message_changed" => changed(known, id, event),
        "message_deleted" => deleted(known, id, event),
        kind if WRITTEN.contains(&kind) => said(known, id, event),
        kind if OTHERS.contains(&kind) => Heard::Nothing,
        kind if BEGINNINGS.iter().any(|begins| kind.starts_with(begins)) => Heard::Nothing,
        kind => Heard::Odd { kind: format!("message/{kind}"), id: id.to_string() },
    }
}

/// The files of a message, as the workspace through which it was heard can fetch them.
pub fn files(known: &Known<'_>, message: &Value) -> Vec<FileRef> {
    let there = list(message, "files").filter(|file| {
        some(file, "id").is_some()
            && !["tombstone", "hidden_by_limit"].contains(&text(file, "mode"))
    });
    there.map(|file| file_ref(known, file)).collect()
}

/// A file; its name is empty where Slack only says that there is one.
fn file_ref(known: &Known<'_>, file: &Value) -> FileRef {
    FileRef {
        id: format!("{}/{}", known.own.team, text(file, "id")),
        name: some(file, "name").or(some(file, "title")).unwrap_or_default().to_owned(),
        alt: text(file, "alt_txt").to_owned(),
    }
}

fn said(known: &Known<'_>, id: &EventId, event: &Value) -> Heard {
    if event["hidden"] == true || !is_by_person(known, event) {
        return Heard::Nothing;
    }
    let ts = text(event, "ts");
    let Some(at) = time(ts) else {
        return Heard::Odd { kind: "message".to_owned(), id: id.to_string() };
    };
    // What is found only now may have been changed since it was written.
    let at = some(&event["edited"], "ts").and_then(time).unwrap_or(at);
    let channel = channel(known.own, text(event, "channel"));
    let id = named(&channel.channel, ts, "");
    let thread = some(event, "thread_ts").filter(|thread| *thread != ts);
    let what = Happening::Said {
        message: message(&channel, ts),
        thread: thread.map(|thread| message(&channel, thread)),
        text: typed::words(event, known.names),
        files: files(known, event),
    };
    Did { id, at, who: author(event), channel, what, way: Way::Seen }.into()
}

/// Only what its author typed anew is an edit: Slack also says "changed" when it shows what an
/// address leads to, when a thread grows, and when a message that has replies is deleted.
fn changed(known: &Known<'_>, id: &EventId, event: &Value) -> Heard {
    let (now, before) = (&event["message"], &event["previous_message"]);
    if now["subtype"] == "tombstone" {
        return gone(known, id, event, text(now, "ts"));
    }
    if !is_by_person(known, now) {
        return Heard::Nothing;
    }
    let edited = &now["edited"];
    let when = some(edited, "ts");
    if when.is_none() || when == some(&before["edited"], "ts") {
        return Heard::Nothing;
    }
    let ts = text(now, "ts");
    let channel = channel(known.own, text(event, "channel"));
    let thread = some(now, "thread_ts").filter(|thread| *thread != ts);
    let what = Happening::Edited {
        message: message(&channel, ts),
        thread: thread.map(|thread| message(&channel, thread)),
        text: typed::words(now, known.names),
        files: files(known, now),
    };
    let id = named(&channel.channel, ts, when.unwrap_or_default());
    let author = author(now);
    let by = text(edited, "user");
    // Who edits a message of somebody else's may belong elsewhere.
    let team = author.team.filter(|_| by == author.user || by.is_empty());
    let user = if by.is_empty() { author.user } else { by.to_owned() };
    let at = when.and_then(time).unwrap_or(known.now);
    Did { id, at, who: Who { user, team }, channel, what, way: Way::Seen }.into()
}

fn deleted(known: &Known<'_>, id: &EventId, event: &Value) -> Heard {
    gone(known, id, event, text(event, "deleted_ts"))
}

/// Slack does not say who deleted it, so its author stands for them; a card's author is the bot.
fn gone(known: &Known<'_>, id: &EventId, event: &Value, ts: &str) -> Heard {
    if ts.is_empty() {
        return Heard::Odd { kind: "message_deleted".to_owned(), id: id.to_string() };
    }
    let channel = channel(known.own, text(event, "channel"));
    let id = named(&channel.channel, ts, GONE);
    let who = author(&event["previous_message"]);
    let at = some(event, "event_ts").and_then(time).unwrap_or(known.now);
    let what = Happening::Deleted { message: message(&channel, ts) };
    Did { id, at, who, channel, what, way: Way::Seen }.into()
}

/// What is found in a channel of a message that stands there: that it was written, or that it was
/// changed since.
pub fn found(known: &Known<'_>, channel: &ChannelRef, message: &Value, is_known: bool) -> Heard {
    let nowhere = &EventId::new("");
    let mut event = message.clone();
    event["channel"] = Value::String(channel.channel.clone());
    if !is_known {
        return read(known, nowhere, &event);
    }
    let mut change = serde_json::json!({ "channel": channel.channel, "previous_message": null });
    if message["subtype"] == "tombstone" {
        return gone(known, nowhere, &change, text(message, "ts"));
    }
    change["message"] = event;
    changed(known, nowhere, &change)
}

/// A message that was there is not any more.
pub fn missing(known: &Known<'_>, channel: &ChannelRef, ts: &str) -> Heard {
    let change = serde_json::json!({
        "channel": channel.channel, "previous_message": { "user": known.own.user },
    });
    gone(known, &EventId::new(""), &change, ts)
}

/// What happened to a message, by its own name.
fn named(channel: &str, ts: &str, what: &str) -> EventId {
    EventId::new(format!("slack:{channel}/{ts}/{what}"))
}

/// Who wrote a message, if a person did.
pub fn written_by(known: &Known<'_>, message: &Value) -> Option<Who> {
    is_by_person(known, message).then(|| author(message))
}

/// Neither a program nor Slack itself.
fn is_by_person(known: &Known<'_>, message: &Value) -> bool {
    let user = text(message, "user");
    let of_program = some(message, "bot_id").is_some() || message["bot_profile"].is_object();
    !of_program && !user.is_empty() && user != "USLACKBOT" && user != known.own.user
}
