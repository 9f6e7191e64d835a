//! What people do with what Countersign shows: commands, buttons, forms. Pure.
//!
//! Discord tells of each once, and whoever did it waits 3 s for an answer.

use jiff::Timestamp;
use serde_json::Value;

use super::field::{channel, files, identity, list, made, message, some, text};
use super::heard::{Asked, Did, Heard, Known, Way};
use super::typed;
use crate::chat::discord::origin::{Origin, PICK, PRACTICE, Verb};
use crate::domain::command::ROOT;
use crate::domain::ids::EventId;
use crate::domain::member::Identity;
use crate::domain::practice::ChannelRef;
use crate::domain::secret::Secret;
use crate::ports::chat::MessageRef;
use crate::ports::intake::{Blank, Field, Happening, Typing};

/// Kinds of channels that are threads.
const THREADS: [u64; 3] = [10, 11, 12];

/// Reads an interaction.
pub fn read(known: &Known<'_>, event: &Value) -> Heard {
    let data = &event["data"];
    let heard = match (event["type"].as_u64(), data["type"].as_u64()) {
        (Some(2), Some(1)) => command(event),
        (Some(2), Some(3)) if data["name"] == PICK => picked(known, event),
        (Some(3), _) => pressed(event),
        (Some(5), _) => filled(event),
        (Some(4), _) => types(event),
        // A question whether anybody is there.
        (Some(1), _) => return Heard::Nothing,
        _ => None,
    };
    heard.unwrap_or_else(|| {
        let kind = format!("INTERACTION_CREATE/{}", event["type"]);
        Heard::Odd { kind, id: text(event, "id").to_owned() }
    })
}

/// Somebody typed the slash command: the words of its options, in order, whose it is first.
fn command(event: &Value) -> Option<Heard> {
    let data = &event["data"];
    if data["name"] != ROOT.trim_start_matches('/') {
        return None;
    }
    let mut words = vec![ROOT.to_owned()];
    if let Some(sub) = list(data, "options").next() {
        words.push(text(sub, "name").to_owned());
        let is_whose = |option: &&Value| option["name"] == PRACTICE;
        words.extend(list(sub, "options").filter(is_whose).filter_map(said));
        words.extend(list(sub, "options").filter(|option| !is_whose(option)).filter_map(said));
    }
    let act = Act::of(event, None)?;
    let what = Happening::Said {
        // It stands nowhere.
        message: message(&act.channel, "", ""),
        thread: None,
        text: words.join(" "),
        files: Vec::new(),
    };
    Some(act.did(what, Way::Command))
}

/// Somebody types the slash command, and stops at one of its options.
fn types(event: &Value) -> Option<Heard> {
    let sub = list(&event["data"], "options").next()?;
    let option = list(sub, "options").find(|option| option["focused"] == true)?;
    let blank = match text(option, "name") {
        "number" => Blank::Number,
        "code" => Blank::Code,
        PRACTICE => Blank::Practice,
        _ => return None,
    };
    let Act { from, channel, asked, .. } = Act::of(event, None)?;
    let (verb, typed) = (text(sub, "name").to_owned(), said(option).unwrap_or_default());
    Some(Heard::Types(asked, Typing { from, channel, verb, blank, typed }))
}

/// What was given for an option.
fn said(option: &Value) -> Option<String> {
    match &option["value"] {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn picked(known: &Known<'_>, event: &Value) -> Option<Heard> {
    let id = some(&event["data"], "target_id")?;
    let chosen = &event["data"]["resolved"]["messages"][id];
    let act = Act::of(event, None)?;
    let author = some(&chosen["author"], "id").filter(|_| typed::is_by_person(chosen, known.own));
    let what = Happening::Picked {
        message: message(&act.channel, text(event, "channel_id"), id),
        author: author.map(|author| identity(&act.channel.workspace, author)),
        text: typed::words(chosen, known.own),
        files: files(text(event, "channel_id"), chosen),
    };
    Some(act.did(what, Way::Pick))
}

fn pressed(event: &Value) -> Option<Heard> {
    let Origin { verb, about, button } = Origin::read(text(&event["data"], "custom_id"))?;
    let act = Act::of(event, about)?;
    let message = act.message(event);
    let what = Happening::Pressed { message, button, fields: Vec::new() };
    Some(match verb {
        Verb::Does => act.did(what, Way::Press),
        Verb::Asks => act.did(what, Way::Asks),
        Verb::Part(part) => act.did(what, |asked| Way::Part(asked, part)),
        Verb::Whose => act.did(what, Way::Whose),
        Verb::Sends => return None,
    })
}

fn filled(event: &Value) -> Option<Heard> {
    let origin = Origin::read(text(&event["data"], "custom_id"))?;
    let Origin { verb: Verb::Sends, about, button } = origin else { return None };
    let act = Act::of(event, about)?;
    // A field stands in a row, or under a label.
    let rows = list(&event["data"], "components");
    let inputs = rows.flat_map(|row| list(row, "components").chain(row.get("component")));
    let fields = inputs.filter_map(|input| {
        let name = some(input, "custom_id")?.to_owned();
        Some(Field { name, value: text(input, "value").to_owned() })
    });
    let what = Happening::Pressed { message: act.message(event), button, fields: fields.collect() };
    Some(act.did(what, Way::Form))
}

/// Who acts, where.
struct Act {
    id: String,
    at: Timestamp,
    from: Identity,
    channel: ChannelRef,
    asked: Asked,
}

impl Act {
    /// In a direct conversation only what is about a channel is about anything.
    fn of(event: &Value, about: Option<ChannelRef>) -> Option<Self> {
        let id = some(event, "id")?.to_owned();
        let place = &event["channel"];
        let of_thread = place["type"].as_u64().is_some_and(|kind| THREADS.contains(&kind));
        let parent = some(place, "parent_id").filter(|_| of_thread);
        let here = some(event, "guild_id")
            .map(|guild| channel(guild, parent.unwrap_or(text(event, "channel_id"))));
        let channel = about.or(here)?;
        let user = some(&event["member"]["user"], "id").or(some(&event["user"], "id"))?;
        let token = Secret::new(some(event, "token")?);
        Some(Self {
            at: made(&id)?,
            from: identity(&channel.workspace, user),
            asked: Asked { id: id.clone(), token },
            channel,
            id,
        })
    }

    /// The message under which the button is; of a command's form there is none.
    fn message(&self, event: &Value) -> MessageRef {
        let id = text(&event["message"], "id");
        message(&self.channel, text(event, "channel_id"), id)
    }

    fn did(self, what: Happening, way: impl FnOnce(Asked) -> Way) -> Heard {
        let Self { id, at, from, channel, asked } = self;
        let id = EventId::new(format!("discord:{id}"));
        Did { id, at, from, is_bot: false, channel, what, way: way(asked) }.into()
    }
}
