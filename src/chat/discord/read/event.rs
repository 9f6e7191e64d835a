//! What happens in guilds: reactions, threads, and the session itself. Pure.

use serde_json::Value;

use super::field::{channel, identity, message, some, text};
use super::heard::{Did, Heard, Known, Way};
use super::{act, direct::Direct, message as messages};
use crate::domain::emoji as known_emoji;
use crate::domain::ids::EventId;
use crate::ports::intake::Happening;

/// How events begin that concern nobody here.
const OTHERS: [&str; 19] = [
    "APPLICATION_",
    "AUTO_MODERATION_",
    "CHANNEL_",
    "ENTITLEMENT_",
    "GUILD_",
    "INTEGRATION_",
    "INVITE_",
    "MESSAGE_POLL_",
    "PRESENCE",
    "SOUNDBOARD_",
    "STAGE_",
    "SUBSCRIPTION_",
    "THREAD_",
    "TYPING_",
    "USER_",
    "VOICE_",
    "WEBHOOKS_",
    "RATE_LIMITED",
    "INTEGRATIONS_",
];

/// Reads an event of this type.
pub fn read(known: &Known<'_>, kind: &str, event: &Value) -> Heard {
    match kind {
        "READY" => ready(event),
        "RESUMED" => Heard::Resumed,
        "INTERACTION_CREATE" => act::read(known, event),
        "MESSAGE_CREATE" if some(event, "guild_id").is_none() => alone(known, event),
        "MESSAGE_UPDATE" if some(event, "guild_id").is_none() => {
            some(event, "edited_timestamp").map_or(Heard::Nothing, |_| alone(known, event))
        }
        "MESSAGE_CREATE" => messages::said(known, event),
        "MESSAGE_UPDATE" => messages::changed(known, event),
        "MESSAGE_DELETE" | "MESSAGE_DELETE_BULK" => messages::deleted(known, event),
        "MESSAGE_REACTION_ADD" => reacted(known, kind, event, true),
        "MESSAGE_REACTION_REMOVE" => reacted(known, kind, event, false),
        "MESSAGE_REACTION_REMOVE_ALL" | "MESSAGE_REACTION_REMOVE_EMOJI" => {
            cleared(known, kind, event)
        }
        "THREAD_CREATE" | "THREAD_UPDATE" => thread(event),
        kind if OTHERS.iter().any(|begins| kind.starts_with(begins)) => Heard::Nothing,
        _ => odd(kind, event),
    }
}

/// Whether anybody here wants to know of an event of this type at all.
pub fn concerns(kind: &str) -> bool {
    matches!(kind, "THREAD_CREATE" | "THREAD_UPDATE")
        || !OTHERS.iter().any(|begins| kind.starts_with(begins))
}

fn alone(known: &Known<'_>, event: &Value) -> Heard {
    Direct::read(known.own, event).map_or(Heard::Nothing, |direct| Heard::Direct(Box::new(direct)))
}

fn ready(event: &Value) -> Heard {
    match (some(&event["user"], "id"), some(&event["application"], "id")) {
        (Some(own), Some(app)) => Heard::Ready { own: own.to_owned(), app: app.to_owned() },
        _ => odd("READY", event),
    }
}

fn thread(event: &Value) -> Heard {
    match (some(event, "id"), some(event, "parent_id")) {
        (Some(id), Some(of)) => Heard::Thread { id: id.to_owned(), of: of.to_owned() },
        _ => Heard::Nothing,
    }
}

/// A reaction has no id of its own: the same one brought again would be another, and change nothing.
fn reacted(known: &Known<'_>, kind: &str, event: &Value, on: bool) -> Heard {
    let Some(guild) = some(event, "guild_id") else { return Heard::Nothing };
    let (user, stands_in, id) =
        (text(event, "user_id"), text(event, "channel_id"), text(event, "message_id"));
    if user == known.own {
        return Heard::Nothing;
    }
    let Some(emoji) = emoji(&event["emoji"]) else { return odd(kind, event) };
    if [user, stands_in, id].contains(&"") {
        return odd(kind, event);
    }
    let here = channel(guild, known.parent.unwrap_or(stands_in));
    let sign = if on { '+' } else { '-' };
    let (at, nth) = (known.now, known.nth);
    let event_id = format!("discord:{id}/{user}/{emoji}/{sign}{}.{nth}", at.as_microsecond());
    let means_something = known_emoji::read(&emoji).is_some();
    let did = Did {
        id: EventId::new(event_id),
        at,
        from: identity(guild, user),
        is_bot: event["member"]["user"]["bot"] == true,
        what: Happening::Reacted { message: message(&here, stands_in, id), emoji, on },
        channel: here,
        way: Way::Seen,
    };
    let was_super = event["burst"] == true || event["type"] == 1;
    match (on, means_something) {
        (false, true) => Heard::TookBack(Box::new(did), if was_super { "0" } else { "1" }),
        _ => did.into(),
    }
}

/// All reactions of a message vanished, or all with one emoji.
fn cleared(known: &Known<'_>, kind: &str, event: &Value) -> Heard {
    let Some(guild) = some(event, "guild_id") else { return Heard::Nothing };
    let (stands_in, id) = (text(event, "channel_id"), text(event, "message_id"));
    if [stands_in, id].contains(&"") {
        return odd(kind, event);
    }
    Heard::Cleared(message(&channel(guild, known.parent.unwrap_or(stands_in)), stands_in, id))
}

/// An emoji's name. A guild may call one of its own whatever it likes, ✅ too: it has its number
/// behind it, and so never means what the others mean.
pub fn emoji(emoji: &Value) -> Option<String> {
    let id = some(emoji, "id").map(ToOwned::to_owned);
    let id = id.or_else(|| emoji["id"].as_u64().map(|id| id.to_string()));
    match (id, some(emoji, "name")) {
        (Some(id), name) => Some(format!("{}:{id}", name.unwrap_or_default())),
        (None, name) => name.map(ToOwned::to_owned),
    }
}

fn odd(kind: &str, event: &Value) -> Heard {
    let id = some(event, "id").or(some(event, "message_id")).unwrap_or_default();
    Heard::Odd { kind: kind.to_owned(), id: id.to_owned() }
}
