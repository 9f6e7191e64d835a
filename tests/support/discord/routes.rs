//! Which request means what.

use serde_json::json;

use super::call::{Call, id};
use super::fail::{Answer, Done, Fail};
use super::world::World;
use super::{channels, commands, messages, reactions, webhooks};

/// Does what a request asks for.
pub fn call(world: &mut World, call: &Call) -> Answer {
    let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
    match (call.method.as_str(), path.as_slice()) {
        (_, ["channels", channel, rest @ ..]) => in_channel(world, call, channel, rest),
        (_, ["guilds", guild, rest @ ..]) => in_guild(world, call, guild, rest),
        ("POST", ["interactions", of, token, "callback"]) => {
            webhooks::first(world, call, of, token)
        }
        ("POST", ["webhooks", app, token]) => webhooks::follow_up(world, call, (id(app)?, token)),
        (_, ["webhooks", app, token, "messages", which]) => {
            webhooks::message(world, call, (id(app)?, token), which)
        }
        (_, ["applications", app, "commands"]) => {
            commands::call(world, call, (id(app)?, None), None)
        }
        (_, ["applications", app, "commands", one]) => {
            commands::call(world, call, (id(app)?, None), Some(id(one)?))
        }
        (_, ["applications", app, "guilds", guild, "commands"]) => {
            commands::call(world, call, (id(app)?, Some(id(guild)?)), None)
        }
        (_, ["applications", app, "guilds", guild, "commands", one]) => {
            commands::call(world, call, (id(app)?, Some(id(guild)?)), Some(id(one)?))
        }
        ("POST", ["users", "@me", "channels"]) => channels::direct(world, call),
        ("GET", path) => about(world, call, path),
        _ => Err(Fail::nowhere()),
    }
}

/// What an app asks about itself and the world.
fn about(world: &World, call: &Call, path: &[&str]) -> Answer {
    let url = world.base.replacen("http", "ws", 1);
    if path == ["gateway"] {
        return Ok(Done::Said(json!({ "url": url })));
    }
    let app = call.app()?;
    let known = world.app(app).expect("it has a token");
    let said = match path {
        ["gateway", "bot"] => json!({
            "url": url, "shards": 1,
            "session_start_limit": {
                "total": 1000, "remaining": known.identifies_left, "reset_after": 14_400_000,
                "max_concurrency": 1,
            },
        }),
        ["users", "@me"] => {
            let mut user = world.user(app).expect("every app has its bot").json();
            user["mfa_enabled"] = json!(true);
            user["locale"] = json!("en-US");
            user["verified"] = json!(true);
            user["email"] = json!(null);
            user["premium_type"] = json!(0);
            user
        }
        ["users", "@me", "guilds"] => {
            let own = world.guilds.iter().filter(|guild| world.member(guild.id, app).is_some());
            let own = own.map(|guild| {
                json!({
                    "id": guild.id, "name": guild.name, "icon": null, "owner": false,
                    "permissions": "0", "features": [], "banner": null,
                })
            });
            own.collect()
        }
        ["users", user] => {
            let user = world.user(id(user)?).ok_or_else(|| Fail::code(10013))?;
            user.json()
        }
        ["oauth2", "applications", "@me"] | ["applications", "@me"] => world.app_json(known),
        _ => return Err(Fail::nowhere()),
    };
    Ok(Done::Said(said))
}

fn in_channel(world: &mut World, call: &Call, channel: &str, rest: &[&str]) -> Answer {
    let channel = id(channel)?;
    match (call.method.as_str(), rest) {
        ("GET", []) => channels::get(world, call, channel),
        ("PATCH", []) => channels::change_thread(world, call, channel),
        ("POST", ["typing"]) => world.must(call.app()?, channel, 0).map(|()| Done::Nothing),
        ("GET", ["messages"]) => messages::list(world, call, channel),
        ("POST", ["messages"]) => messages::create(world, call, channel),
        ("POST", ["threads"]) => channels::begin_thread(world, call, channel, None),
        ("PUT", ["thread-members", "@me"]) => channels::join_thread(world, call, channel, true),
        ("DELETE", ["thread-members", "@me"]) => channels::join_thread(world, call, channel, false),
        (method, ["messages", message, rest @ ..]) => {
            let at = (channel, id(message)?);
            match (method, rest) {
                ("GET", []) => messages::get(world, call, at.0, at.1),
                ("PATCH", []) => messages::edit(world, call, at.0, at.1),
                ("DELETE", []) => messages::delete(world, call, at.0, at.1),
                ("POST", ["threads"]) => channels::begin_thread(world, call, at.0, Some(at.1)),
                ("DELETE", ["reactions"]) => reactions::clear(world, call, at, None),
                ("GET", ["reactions", emoji]) => reactions::list(world, call, at, emoji),
                ("DELETE", ["reactions", emoji]) => reactions::clear(world, call, at, Some(emoji)),
                ("PUT", ["reactions", emoji, "@me"]) => reactions::put(world, call, at, emoji),
                ("DELETE", ["reactions", emoji, user]) => {
                    reactions::remove(world, call, at, (emoji, user))
                }
                _ => Err(Fail::nowhere()),
            }
        }
        _ => Err(Fail::nowhere()),
    }
}

fn in_guild(world: &World, call: &Call, guild: &str, rest: &[&str]) -> Answer {
    let guild = id(guild)?;
    match (call.method.as_str(), rest) {
        ("GET", []) => channels::of_guild(world, call, guild, None),
        ("GET", ["members"]) => channels::members(world, call, guild),
        ("GET", ["members", user]) => channels::member(world, call, guild, id(user)?),
        ("GET", ["threads", "active"]) => channels::of_guild(world, call, guild, Some("threads")),
        ("GET", [what]) => channels::of_guild(world, call, guild, Some(what)),
        _ => Err(Fail::nowhere()),
    }
}
