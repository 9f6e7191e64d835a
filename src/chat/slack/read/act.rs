//! What people do with what Countersign shows: commands, buttons, shortcuts, forms. Pure.
//!
//! Slack never brings these again by itself, but may bring one twice; both have its trigger.

use jiff::Timestamp;
use serde_json::Value;

use super::field::{channel, list, message, some, text, time};
use super::heard::{Did, Heard, Known, Way, Who};
use super::{message as messages, typed};
use crate::chat::slack::origin::{ABOUT, ASKS, FORM, Origin, PICK};
use crate::domain::command::ROOT;
use crate::domain::ids::EventId;
use crate::domain::member::{Identity, Platform};
use crate::ports::intake::{Field, Happening};

/// Somebody typed the slash command.
pub fn command(known: &Known<'_>, payload: &Value) -> Heard {
    let trigger = text(payload, "trigger_id").to_owned();
    let team = some(payload, "team_id").unwrap_or(&known.own.team);
    let who = Who { user: text(payload, "user_id").to_owned(), team: Some(team.to_owned()) };
    let channel = channel(known.own, text(payload, "channel_id"));
    let words = typed::plain(text(payload, "text"), known.names);
    let what = Happening::Said {
        // It stands nowhere.
        message: message(&channel, ""),
        thread: None,
        text: format!("{ROOT} {words}").trim_end().to_owned(),
        files: Vec::new(),
    };
    if trigger.is_empty() || who.user.is_empty() {
        return odd("command", payload);
    }
    let id = id(&trigger);
    Did { id, at: known.now, who, channel, what, way: Way::Command { trigger } }.into()
}

/// Somebody pressed a button, sent a form, or chose a shortcut.
pub fn interaction(known: &Known<'_>, payload: &Value) -> Heard {
    match text(payload, "type") {
        "block_actions" => pressed(known, payload),
        "view_submission" => filled(known, payload),
        "message_action" if payload["callback_id"] == PICK => picked(known, payload),
        "view_closed" | "block_suggestion" => Heard::Nothing,
        kind => odd(kind, payload),
    }
}

fn pressed(known: &Known<'_>, payload: &Value) -> Heard {
    let Some(action) = list(payload, "actions").find(|action| action["type"] == "button") else {
        return odd("block_actions", payload);
    };
    // A button that is only an address.
    let Some(button) = some(action, "value") else { return Heard::Nothing };
    let at = some(action, "action_ts").and_then(time).unwrap_or(known.now);
    let place = &payload["container"];
    let about = text(action, "block_id").strip_prefix(ABOUT).and_then(|id| id.split(':').next());
    let here = about.or(some(&payload["channel"], "id")).or(some(place, "channel_id"));
    // At the home tab there is no message.
    let at_home = place["type"] == "view" && about.is_some();
    let ts = some(place, "message_ts").or(at_home.then_some(""));
    let (Some(here), Some(ts)) = (here, ts) else { return odd("block_actions", payload) };
    let channel = channel(known.own, here);
    let asks = text(action, "action_id").starts_with(ASKS);
    let what = Happening::Pressed {
        message: message(&channel, ts),
        button: button.to_owned(),
        fields: Vec::new(),
    };
    did(payload, at, what, |trigger| Way::Press { trigger, asks })
}

fn picked(known: &Known<'_>, payload: &Value) -> Heard {
    let chosen = &payload["message"];
    let channel = channel(known.own, text(&payload["channel"], "id"));
    let ts = some(payload, "message_ts").unwrap_or(text(chosen, "ts"));
    if ts.is_empty() {
        return odd("message_action", payload);
    }
    let at = some(payload, "action_ts").and_then(time).unwrap_or(known.now);
    let what = Happening::Picked {
        message: message(&channel, ts),
        author: messages::written_by(known, chosen).map(|Who { user, team }| Identity {
            platform: Platform::Slack,
            workspace: team.unwrap_or_default(),
            user,
        }),
        text: typed::words(chosen, known.names),
        files: messages::files(known, chosen),
    };
    did(payload, at, what, |trigger| Way::Shortcut { trigger })
}

fn filled(known: &Known<'_>, payload: &Value) -> Heard {
    let view = &payload["view"];
    let origin = Origin::read(text(view, "private_metadata"));
    let (true, Some(origin)) = (view["callback_id"] == FORM, origin) else {
        return odd("view_submission", payload);
    };
    let inputs = list(view, "blocks").filter(|block| block["type"] == "input");
    let names: Vec<String> = inputs.map(|block| text(block, "block_id").to_owned()).collect();
    let fields = names
        .iter()
        .map(|name| Field { name: name.clone(), value: value(&view["state"]["values"][name]) });
    let channel = channel(known.own, &origin.channel);
    let what = Happening::Pressed {
        message: message(&channel, &origin.message),
        button: origin.button,
        fields: fields.collect(),
    };
    did(payload, known.now, what, |_| Way::Form { fields: names })
}

/// What stands in a field; of several chosen ones, a line each.
fn value(field: &Value) -> String {
    let state = field.as_object().and_then(|actions| actions.values().next());
    let Some(state) = state else { return String::new() };
    match text(state, "type") {
        "static_select" | "radio_buttons" => text(&state["selected_option"], "value").to_owned(),
        "multi_static_select" | "checkboxes" => {
            let chosen = list(state, "selected_options").map(|option| text(option, "value"));
            chosen.collect::<Vec<_>>().join("\n")
        }
        _ => super::emoji::in_text(text(state, "value")),
    }
}

fn did(payload: &Value, at: Timestamp, what: Happening, way: impl FnOnce(String) -> Way) -> Heard {
    let user = &payload["user"];
    let who = Who {
        user: text(user, "id").to_owned(),
        team: some(user, "team_id").map(ToOwned::to_owned),
    };
    let trigger = text(payload, "trigger_id").to_owned();
    if trigger.is_empty() || who.user.is_empty() {
        return odd(text(payload, "type"), payload);
    }
    let channel = what.message().channel.clone();
    Did { id: id(&trigger), at, who, channel, what, way: way(trigger) }.into()
}

fn id(trigger: &str) -> EventId {
    EventId::new(format!("slack:{trigger}"))
}

fn odd(kind: &str, payload: &Value) -> Heard {
    Heard::Odd { kind: kind.to_owned(), id: text(payload, "trigger_id").to_owned() }
}
