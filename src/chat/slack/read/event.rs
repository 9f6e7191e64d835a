//! The Events API: what happens in channels and workspaces. Pure.

use serde_json::Value;

use super::field::{channel, message, some, text, time};
use super::heard::{Did, Heard, Known, Way, Who};
use super::message as messages;
use crate::domain::ids::EventId;
use crate::ports::intake::Happening;

/// What Slack tells that concerns nobody here.
const OTHERS: &[&str] = &[
    "app_mention",
    "app_home_closed",
    "app_installed",
    "channel_archive",
    "channel_created",
    "channel_deleted",
    "channel_history_changed",
    "channel_left",
    "channel_rename",
    "channel_shared",
    "channel_unarchive",
    "channel_unshared",
    "emoji_changed",
    "file_change",
    "file_created",
    "file_deleted",
    "file_public",
    "file_shared",
    "file_unshared",
    "group_archive",
    "group_left",
    "group_rename",
    "group_unarchive",
    "link_shared",
    "member_left_channel",
    "message_metadata_posted",
    "message_metadata_updated",
    "message_metadata_deleted",
    "team_join",
    "user_profile_changed",
];

/// Reads what the Events API sent.
pub fn read(known: &Known<'_>, payload: &Value) -> Heard {
    let event = &payload["event"];
    let kind = text(event, "type");
    let odd = || Heard::Odd {
        kind: some(event, "type").or(some(payload, "type")).unwrap_or("nothing").to_owned(),
        id: text(payload, "event_id").to_owned(),
    };
    let Some(id) = some(payload, "event_id") else { return odd() };
    let id = EventId::new(format!("slack:{id}"));
    let who = person(known, payload, event);
    match kind {
        "message" => whose(known, payload, messages::read(known, &id, event)),
        "reaction_added" => reacted(known, id, payload, true),
        "reaction_removed" => reacted(known, id, payload, false),
        "app_home_opened" if event["tab"] == "home" => Heard::Home(who),
        "channel_id_changed" => {
            match (some(event, "old_channel_id"), some(event, "new_channel_id")) {
                (Some(from), Some(to)) => {
                    Heard::Moved { from: channel(known.own, from), to: channel(known.own, to) }
                }
                _ => odd(),
            }
        }
        "member_joined_channel" if who.user == known.own.user => Heard::Invited {
            channel: channel(known.own, text(event, "channel")),
            by: some(event, "inviter").map(|by| Who { user: by.to_owned(), team: None }),
        },
        "app_home_opened" | "member_joined_channel" => Heard::Nothing,
        "user_change" => left(known, &event["user"]),
        "tokens_revoked" if event["tokens"]["bot"].as_array().is_some_and(Vec::is_empty) => {
            Heard::Nothing
        }
        "tokens_revoked" | "app_uninstalled" => Heard::Uninstalled(known.own.team.clone()),
        kind if OTHERS.contains(&kind) => Heard::Nothing,
        _ => odd(),
    }
}

/// Who an event is about. Slack names the workspace of nobody; in a channel of one workspace
/// everybody is of that one.
fn person(known: &Known<'_>, payload: &Value, event: &Value) -> Who {
    Who { user: text(event, "user").to_owned(), team: only_team(known, payload) }
}

fn only_team(known: &Known<'_>, payload: &Value) -> Option<String> {
    (payload["is_ext_shared_channel"] != true).then(|| known.own.team.clone())
}

/// A message whose author's workspace it leaves open, in a channel of one workspace.
fn whose(known: &Known<'_>, payload: &Value, heard: Heard) -> Heard {
    match heard {
        Heard::Did(mut did) => {
            did.who.team = did.who.team.take().or_else(|| only_team(known, payload));
            Heard::Did(did)
        }
        other => other,
    }
}

fn reacted(known: &Known<'_>, id: EventId, payload: &Value, on: bool) -> Heard {
    let (event, item) = (&payload["event"], &payload["event"]["item"]);
    let who = person(known, payload, event);
    if who.user == known.own.user || item["type"] != "message" {
        return Heard::Nothing;
    }
    let (ts, name) = (text(item, "ts"), text(event, "reaction"));
    if ts.is_empty() || name.is_empty() || who.user.is_empty() {
        let kind = text(event, "type").to_owned();
        return Heard::Odd { kind, id: id.to_string() };
    }
    let channel = channel(known.own, text(item, "channel"));
    let at = some(event, "event_ts").and_then(time).unwrap_or(known.now);
    let message = message(&channel, ts);
    let what = Happening::Reacted { message, emoji: name.to_owned(), on };
    Did { id, at, who, channel, what, way: Way::Seen }.into()
}

/// Somebody changed; that concerns nobody unless the account is no more.
fn left(known: &Known<'_>, user: &Value) -> Heard {
    if user["deleted"] != true || user["is_bot"] == true {
        return Heard::Nothing;
    }
    let team = some(user, "team_id").unwrap_or(&known.own.team);
    Heard::Left(Who { user: text(user, "id").to_owned(), team: Some(team.to_owned()) })
}
