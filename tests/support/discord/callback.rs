//! The first answer of an app to an interaction, within three seconds, and only one.

use serde_json::{Value, json};

use super::call::Call;
use super::components;
use super::fail::{Answer, Done, Fail, Wrong};
use super::id::Id;
use super::interaction::{AUTOCOMPLETE, Answered, COMMAND, COMPONENT, Interaction, MODAL};
use super::message::{EPHEMERAL, LOADING, Message};
use super::world::World;

/// Answers with a message, at once or later.
const SAYS: u64 = 4;
const THINKS: u64 = 5;
/// Answers with a change of the message, later or at once.
const HEARS: u64 = 6;
const CHANGES: u64 = 7;
const OFFERS: u64 = 8;
const OPENS: u64 = 9;

/// Takes an app's first answer.
pub fn answer(world: &mut World, call: &Call, id: Id, token: &str) -> Answer {
    let of = known(world, id, token)?;
    let (kind, message) = (of.kind, of.message);
    let answer = call.body["type"].as_u64().unwrap_or_default();
    if !fits(kind, message.is_some(), answer) {
        let message = "Interaction callback type is invalid for this interaction";
        return Err(Fail::field(&["type"], "INTERACTION_CALLBACK_TYPE_INVALID", message));
    }
    let answered = take(world, call, (id, answer))?;
    let of = world.interaction_mut(id).expect("known");
    of.answered = Some(answer);
    of.original = match &answered {
        Answered::Says(id) | Answered::Thinks(id) => Some(*id),
        Answered::Hears | Answered::Changes => message,
        Answered::Offers(_) | Answered::Opens => None,
    };
    if let Some(waits) = of.waits.take() {
        // Whoever waited may have given up.
        let _ = waits.send(answered);
    }
    if call.query.get("with_response").is_some_and(|with| with == "true" || with == "1") {
        return Ok(Done::Said(resource(world, id, answer)));
    }
    Ok(Done::Nothing)
}

/// An interaction that still waits for its answer.
fn known<'a>(world: &'a World, id: Id, token: &str) -> Result<&'a Interaction, Fail> {
    let of = world.interaction(id).filter(|of| of.token == token);
    let of = of.ok_or_else(|| Fail::code(10062))?;
    if of.answered.is_some() {
        return Err(Fail::code(40060));
    }
    let late = world.now() - id.millisecond();
    if u128::from(late) > world.timing.answer.as_millis() {
        return Err(Fail::code(10062));
    }
    Ok(of)
}

fn fits(kind: u8, has_message: bool, answer: u64) -> bool {
    match answer {
        SAYS | THINKS => [COMMAND, COMPONENT, MODAL].contains(&kind),
        HEARS | CHANGES => kind == COMPONENT || kind == MODAL && has_message,
        OFFERS => kind == AUTOCOMPLETE,
        OPENS => [COMMAND, COMPONENT].contains(&kind),
        _ => false,
    }
}

/// Does what the answer says.
fn take(world: &mut World, call: &Call, (id, answer): (Id, u64)) -> Result<Answered, Fail> {
    let data = &call.body["data"];
    let of = world.interaction(id).expect("known");
    let (user, channel, original) = (of.user, of.channel, of.message);
    match answer {
        SAYS => {
            let mut message = world.reply_to(id, data);
            world.fill(&mut message, data, &call.files).map_err(below_data)?;
            let made = message.id;
            world.put(&message);
            Ok(Answered::Says(made))
        }
        THINKS => {
            let mut message = world.reply_to(id, data);
            message.flags |= LOADING;
            let made = message.id;
            world.put(&message);
            Ok(Answered::Thinks(made))
        }
        HEARS => Ok(Answered::Hears),
        CHANGES => {
            let message = original.and_then(|id| world.message(channel, id)).cloned();
            let mut message = message.ok_or_else(|| Fail::code(10008))?;
            world.fill(&mut message, data, &call.files).map_err(below_data)?;
            message.edited = Some(world.now());
            world.change(&message);
            Ok(Answered::Changes)
        }
        OFFERS => offers(&of.data, data).map(Answered::Offers),
        _ => {
            let mut wrong = Wrong::default();
            let form = components::of_modal(data, &mut wrong);
            wrong.check().map_err(below_data)?;
            world.user_mut(user).expect("known").modal = Some((id, form));
            Ok(Answered::Opens)
        }
    }
}

/// What is wrong with a message is wrong inside `data`.
fn below_data(mut fail: Fail) -> Fail {
    if let Some(errors) = fail.body.get_mut("errors") {
        *errors = json!({ "data": errors.take() });
    }
    fail
}

fn offers(asked: &Value, data: &Value) -> Result<Vec<(String, Value)>, Fail> {
    let choices = data["choices"].as_array().map_or(&[][..], |list| list);
    let mut wrong = Wrong::default();
    wrong.at_most(&["data", "choices"], choices.len(), 25);
    for (at, choice) in choices.iter().enumerate() {
        let length = choice["name"].as_str().unwrap_or_default().chars().count();
        let at = at.to_string();
        wrong.between(&["data", "choices", &at, "name"], length, (1, 100));
        let value = &choice["value"];
        let fits = match focused(asked).and_then(|option| option["type"].as_u64()) {
            Some(4) => value.is_i64(),
            Some(10) => value.is_number(),
            _ => value.as_str().is_some_and(|text| text.chars().count() <= 100),
        };
        if !fits {
            let message = "Could not interpret the choice's value for this option";
            wrong.add(
                &["data", "choices", &at, "value"],
                "APPLICATION_COMMAND_OPTIONS_CHOICE_VALUE_INVALID",
                message,
            );
        }
    }
    wrong.check()?;
    let name = |choice: &Value| choice["name"].as_str().unwrap_or_default().to_owned();
    Ok(choices.iter().map(|choice| (name(choice), choice["value"].clone())).collect())
}

/// The option at which somebody types, wherever it is among subcommands.
fn focused(of: &Value) -> Option<&Value> {
    let options = of["options"].as_array().into_iter().flatten();
    let mut found =
        options.filter_map(|one| if one["focused"] == true { Some(one) } else { focused(one) });
    found.next()
}

impl World {
    /// An empty message that answers an interaction.
    pub fn reply_to(&mut self, id: Id, data: &Value) -> Message {
        let made = self.id();
        let of = self.interaction(id).expect("known");
        let mut message = Message::new(made, of.channel, of.app);
        message.webhook = Some(of.app);
        message.interaction = Some(id);
        message.kind = match (of.kind, of.data["type"].as_u64()) {
            (COMMAND, Some(1)) => 20,
            (COMMAND, _) => 23,
            _ => 0,
        };
        if data["flags"].as_u64().unwrap_or_default() & EPHEMERAL != 0 {
            message.flags |= EPHEMERAL;
            message.only = Some(of.user);
        }
        message
    }
}

/// What an answer made, for an app that asks.
fn resource(world: &World, id: Id, answer: u64) -> Value {
    let of = world.interaction(id).expect("known");
    let mut json = json!({ "interaction": { "id": id, "type": of.kind } });
    json["interaction"]["channel_id"] = json!(of.channel);
    if let Some(guild) = of.guild {
        json["interaction"]["guild_id"] = json!(guild);
    }
    let Some(message) = of.original.and_then(|id| world.message(of.channel, id)) else {
        return json;
    };
    json["interaction"]["response_message_id"] = json!(message.id);
    json["interaction"]["response_message_loading"] = json!(message.flags & LOADING != 0);
    json["interaction"]["response_message_ephemeral"] = json!(message.only.is_some());
    if answer == SAYS || answer == CHANGES {
        json["resource"] =
            json!({ "type": answer, "message": world.message_json(message, of.app, true) });
    }
    json
}
