//! The commands of an app: what they may be, and how an app sets them.

use serde_json::{Value, json};

use super::call::Call;
use super::fail::{Answer, Done, Fail, Wrong};
use super::id::Id;
use super::world::World;

/// A command that is typed; the others are used on people and on messages.
pub const CHAT: u64 = 1;
/// Kinds of options that hold others.
const GROUPS: &[u64] = &[1, 2];
/// The most of each kind of command.
const MOST: &[(u64, usize)] = &[(1, 100), (2, 15), (3, 15)];

/// Reads, sets, adds, changes or removes commands: global ones, or those of a guild.
pub fn call(
    world: &mut World,
    call: &Call,
    (of, guild): (Id, Option<Id>),
    id: Option<Id>,
) -> Answer {
    let app = call.app()?;
    if app != of {
        return Err(Fail::code(20012));
    }
    if guild.is_some_and(|guild| world.member(guild, app).is_none()) {
        return Err(Fail::code(50001));
    }
    let is_here = |command: &Value| command["guild_id"] == json!(guild);
    let has_id = |command: &Value| id.is_none_or(|id| command["id"] == json!(id));
    let known = |world: &World| -> Vec<Value> {
        let all = &world.app(app).expect("known").commands;
        all.iter().filter(|command| is_here(command) && has_id(command)).cloned().collect()
    };
    if id.is_some() && known(world).is_empty() {
        return Err(Fail::code(10063));
    }
    let said = match (call.method.as_str(), id) {
        ("GET", None) => json!(known(world)),
        ("GET", Some(_)) => known(world).remove(0),
        ("PUT", None) => {
            let list = call.body.as_array().cloned().unwrap_or_default();
            let made = made_of(world, &list, (app, guild))?;
            world.app_mut(app).expect("known").commands.retain(|command| !is_here(command));
            world.app_mut(app).expect("known").commands.extend(made.clone());
            json!(made)
        }
        ("POST", None) => {
            let made = made_of(world, std::slice::from_ref(&call.body), (app, guild))?.remove(0);
            let is_same =
                |c: &Value| is_here(c) && c["name"] == made["name"] && c["type"] == made["type"];
            world.app_mut(app).expect("known").commands.retain(|command| !is_same(command));
            world.app_mut(app).expect("known").commands.push(made.clone());
            return Ok(Done::Made(made));
        }
        ("PATCH", Some(id)) => {
            let mut changed = known(world).remove(0);
            let said = call.body.as_object().cloned().unwrap_or_default();
            changed.as_object_mut().expect("an object").extend(said);
            check(std::slice::from_ref(&changed))?;
            changed["version"] = json!(world.id());
            let commands = &mut world.app_mut(app).expect("known").commands;
            let place = commands.iter_mut().find(|command| command["id"] == json!(id));
            *place.expect("it is there") = changed.clone();
            changed
        }
        ("DELETE", Some(_)) => {
            let commands = &mut world.app_mut(app).expect("known").commands;
            commands.retain(|command| !(is_here(command) && has_id(command)));
            return Ok(Done::Nothing);
        }
        _ => return Err(Fail::nowhere()),
    };
    Ok(Done::Said(said))
}

/// Commands as Discord keeps them.
fn made_of(
    world: &mut World,
    list: &[Value],
    (app, guild): (Id, Option<Id>),
) -> Result<Vec<Value>, Fail> {
    check(list)?;
    let made = list.iter().map(|said| {
        let id = world.id();
        let mut made = json!({
            "id": id, "application_id": app, "version": id, "default_member_permissions": null,
            "type": CHAT, "description": "", "nsfw": false, "dm_permission": true,
            "contexts": null, "integration_types": [0], "name_localizations": null,
            "description_localizations": null,
        });
        if let Some(guild) = guild {
            made["guild_id"] = json!(guild);
        }
        let said = said.as_object().cloned().unwrap_or_default();
        let said = said.into_iter().filter(|(name, value)| name != "id" && !value.is_null());
        made.as_object_mut().expect("an object").extend(said);
        made
    });
    Ok(made.collect())
}

fn check(list: &[Value]) -> Result<(), Fail> {
    let mut wrong = Wrong::default();
    for (kind, most) in MOST {
        let of_kind = list.iter().filter(|one| kind_of(one) == *kind).count();
        if of_kind > *most {
            let message = format!("Maximum number of application commands reached ({most}).");
            return Err(Fail::says(400, 30032, &message));
        }
    }
    for (at, one) in list.iter().enumerate() {
        let at = at.to_string();
        let name = one["name"].as_str().unwrap_or_default();
        let twin = |other: &Value| other["name"] == one["name"] && kind_of(other) == kind_of(one);
        if list.iter().filter(|other| twin(other)).count() > 1 {
            let message = "Application command names must be unique";
            wrong.add(&[&at, "name"], "APPLICATION_COMMANDS_DUPLICATE_NAME", message);
        }
        let about = one["description"].as_str().unwrap_or_default().chars().count();
        if kind_of(one) == CHAT {
            named(name, &[&at, "name"], &mut wrong);
            wrong.between(&[&at, "description"], about, (1, 100));
            options(&one["options"], &[&at, "options"], &mut wrong);
        } else {
            wrong.between(&[&at, "name"], name.chars().count(), (1, 32));
            if about > 0 {
                let message = "Context menu commands cannot have description";
                wrong.add(
                    &[&at, "description"],
                    "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_NOT_ALLOWED",
                    message,
                );
            }
        }
    }
    wrong.check()
}

fn kind_of(command: &Value) -> u64 {
    command["type"].as_u64().unwrap_or(CHAT)
}

/// A name that one can type.
fn named(name: &str, path: &[&str], wrong: &mut Wrong) {
    let fits = |c: char| c == '-' || c == '_' || c == '\'' || c.is_alphanumeric();
    let length = name.chars().count();
    if length == 0 || length > 32 {
        wrong.between(path, length, (1, 32));
    } else if !name.chars().all(fits) || name.to_lowercase() != name {
        let message = "Command name is invalid";
        wrong.add(path, "APPLICATION_COMMAND_INVALID_NAME", message);
    }
}

fn options(list: &Value, path: &[&str], wrong: &mut Wrong) {
    let list = list.as_array().map_or(&[][..], |list| list);
    wrong.at_most(path, list.len(), 25);
    let mut was_optional = false;
    for (at, one) in list.iter().enumerate() {
        let at = at.to_string();
        let inside = |name: &'static str| [path, &[&at, name]].concat();
        named(one["name"].as_str().unwrap_or_default(), &inside("name"), wrong);
        let about = one["description"].as_str().unwrap_or_default().chars().count();
        wrong.between(&inside("description"), about, (1, 100));
        let choices = one["choices"].as_array().map_or(&[][..], |list| list);
        wrong.at_most(&inside("choices"), choices.len(), 25);
        if !choices.is_empty() && one["autocomplete"] == true {
            let message = "Autocomplete cannot be used with choices";
            let code = "APPLICATION_COMMAND_AUTOCOMPLETE_WITH_CHOICES";
            wrong.add(&inside("autocomplete"), code, message);
        }
        if one["type"].as_u64().is_some_and(|kind| GROUPS.contains(&kind)) {
            options(&one["options"], &inside("options"), wrong);
            continue;
        }
        let is_required = one["required"] == true;
        if is_required && was_optional {
            let message = "Required options must be placed before non-required options";
            wrong.add(
                &[path, &[&*at]].concat(),
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                message,
            );
        }
        was_optional |= !is_required;
    }
}
