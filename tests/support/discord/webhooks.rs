//! What an app says after its first answer: follow-ups, and changes of what it said.

use super::call::Call;
use super::callback;
use super::fail::{Answer, Done, Fail};
use super::id::Id;
use super::message::{LOADING, Message};
use super::world::World;

/// An interaction whose token is still good, and that was answered.
fn known(world: &World, app: Id, token: &str) -> Result<Id, Fail> {
    let found = world.interactions.iter().find(|of| of.app == app && of.token == token);
    let of = found.ok_or_else(|| Fail::code(10015))?;
    let age = world.now() - of.id.millisecond();
    if u128::from(age) > world.timing.token.as_millis() {
        return Err(Fail::code(50027));
    }
    // Before the first answer there is nothing yet to follow up.
    of.answered.map(|_| of.id).ok_or_else(|| Fail::code(10015))
}

/// Says something more.
pub fn follow_up(world: &mut World, call: &Call, (app, token): (Id, &str)) -> Answer {
    let id = known(world, app, token)?;
    let of = world.interaction(id).expect("known");
    let (channel, original) = (of.channel, of.original);
    let placeholder = original.and_then(|id| world.message(channel, id));
    if let Some(placeholder) = placeholder.filter(|message| message.flags & LOADING != 0) {
        return change(world, call, (app, placeholder.clone()));
    }
    let mut message = world.reply_to(id, &call.body);
    message.kind = if original.is_some() { 19 } else { message.kind };
    message.reference = original;
    world.fill(&mut message, &call.body, &call.files)?;
    let said = world.message_json(&message, app, true);
    world.put(&message);
    Ok(Done::Said(said))
}

/// Reads, changes or deletes what was said: `@original`, or another.
pub fn message(world: &mut World, call: &Call, (app, token): (Id, &str), which: &str) -> Answer {
    let id = known(world, app, token)?;
    let of = world.interaction(id).expect("known");
    let channel = of.channel;
    let meant = match which {
        "@original" => of.original.ok_or_else(|| Fail::code(10008))?,
        which => super::call::id(which)?,
    };
    let found = world.message(channel, meant).filter(|message| message.author == app);
    let found = found.ok_or_else(|| Fail::code(10008))?.clone();
    match call.method.as_str() {
        "GET" => Ok(Done::Said(world.message_json(&found, app, true))),
        "PATCH" => change(world, call, (app, found)),
        "DELETE" => {
            world.delete(channel, meant);
            Ok(Done::Nothing)
        }
        _ => Err(Fail::nowhere()),
    }
}

fn change(world: &mut World, call: &Call, (app, mut message): (Id, Message)) -> Answer {
    world.fill(&mut message, &call.body, &call.files)?;
    // What ends the thinking is not an edit.
    if message.flags & LOADING == 0 {
        message.edited = Some(world.now());
    }
    message.flags &= !LOADING;
    let said = world.message_json(&message, app, true);
    world.change(&message);
    Ok(Done::Said(said))
}

/// Takes an app's first answer to an interaction.
pub fn first(world: &mut World, call: &Call, id: &str, token: &str) -> Answer {
    callback::answer(world, call, super::call::id(id).map_err(|_| Fail::code(10062))?, token)
}
