//! `conversations.*`: channels, and what stands in them.

use serde_json::{Value, json};

use super::super::events::history_scope;
use super::super::fail::{Answer, Fail};
use super::super::message::Message;
use super::super::world::Channel;
use super::Call;

/// `conversations.history`: newest first, and no replies.
pub fn history(call: &mut Call<'_>) -> Answer {
    let channel = readable(call)?;
    let broadcast = |m: &Message| m.thread.is_none() || m.broadcast;
    let mut messages = within(call, &channel, broadcast);
    messages.reverse();
    let (messages, meta) = call.page(messages, 100);
    let has_more = meta["next_cursor"] != "";
    Ok(
        json!({ "messages": messages, "has_more": has_more, "pin_count": 0, "response_metadata": meta }),
    )
}

/// `conversations.replies`: the first message and its replies, oldest first.
pub fn replies(call: &mut Call<'_>) -> Answer {
    let channel = readable(call)?;
    let ts = call.args.need("ts", "thread_not_found")?.to_owned();
    call.world.message(&channel, &ts).ok_or_else(|| Fail::new("thread_not_found"))?;
    let messages = within(call, &channel, |m| m.ts == ts || m.thread.as_deref() == Some(&ts));
    let (messages, meta) = call.page(messages, 1000);
    let has_more = meta["next_cursor"] != "";
    Ok(json!({ "messages": messages, "has_more": has_more, "response_metadata": meta }))
}

/// `conversations.info`.
pub fn info(call: &mut Call<'_>) -> Answer {
    let id = call.channel()?;
    Ok(json!({ "channel": shown(call, call.world.channel(&id).expect("found")) }))
}

/// `conversations.list`: what the bot could see.
pub fn list(call: &mut Call<'_>) -> Answer {
    listed(call, |_, _| true)
}

/// `users.conversations`: what the bot, or someone, is in.
pub fn of_user(call: &mut Call<'_>) -> Answer {
    let user = call.args.text("user").unwrap_or(&call.install.bot_user).to_owned();
    listed(call, move |_, channel| channel.members.contains(&user))
}

/// `conversations.members`.
pub fn members(call: &mut Call<'_>) -> Answer {
    let id = call.channel()?;
    let members = call.world.channel(&id).expect("found").members.iter().map(|m| json!(m));
    let (members, meta) = call.page(members.collect(), 100);
    Ok(json!({ "members": members, "response_metadata": meta }))
}

/// `conversations.open`: the direct conversation with someone.
pub fn open(call: &mut Call<'_>) -> Answer {
    let user = call.args.need("users", "users_list_not_supplied")?.to_owned();
    call.world.user(&user).ok_or_else(|| Fail::new("user_not_found"))?;
    let bot = call.install.bot_user.clone();
    let id = call.world.direct(&call.install.team.clone(), &user, &bot);
    Ok(json!({ "channel": { "id": id } }))
}

/// `conversations.join`.
pub fn join(call: &mut Call<'_>) -> Answer {
    let id = call.channel()?;
    let bot = call.install.bot_user.clone();
    call.world.channel_mut(&id).expect("found").members.insert(bot);
    Ok(json!({ "channel": shown(call, call.world.channel(&id).expect("found")) }))
}

fn readable(call: &Call<'_>) -> Result<String, Fail> {
    let id = call.own_channel()?;
    let needed = history_scope(call.world.channel(&id).expect("found"));
    if call.install.scopes.iter().any(|scope| scope == needed) {
        return Ok(id);
    }
    Err(Fail::lacks_scope(needed, &call.install.scopes))
}

/// The messages between `oldest` and `latest` that everyone sees.
fn within(call: &Call<'_>, channel: &str, wanted: impl Fn(&Message) -> bool) -> Vec<Value> {
    let args = call.args;
    let inclusive = args.flag("inclusive");
    let oldest = args.text("oldest").unwrap_or("0");
    let latest = args.text("latest").unwrap_or("9999999999.999999");
    let between =
        |ts: &str| (oldest < ts && ts < latest) || (inclusive && (ts == oldest || ts == latest));
    let channel = call.world.channel(channel).expect("found");
    let standing = channel.messages.iter().filter(|m| !m.gone && m.only.is_none());
    standing
        .filter(|m| wanted(m) && between(&m.ts))
        .map(|m| {
            let mut shown = call.world.message_json(&channel.id, m, false);
            if !args.flag("include_all_metadata") {
                shown.as_object_mut().expect("an object").remove("metadata");
            }
            shown
        })
        .collect()
}

fn listed(call: &Call<'_>, wanted: impl Fn(&Call<'_>, &Channel) -> bool) -> Answer {
    let kinds = call.args.text("types").unwrap_or("public_channel");
    let bot = &call.install.bot_user;
    let seen = call.world.channels.iter().filter(|channel| {
        let kind = match (channel.im, channel.private) {
            (true, _) => "im",
            (_, true) => "private_channel",
            _ => "public_channel",
        };
        kinds.split(',').any(|asked| asked.trim() == kind)
            && channel.teams.contains(&call.install.team)
            && (channel.members.contains(bot) || kind == "public_channel")
            && !(channel.archived && call.args.flag("exclude_archived"))
            && wanted(call, channel)
    });
    let (channels, meta) = call.page(seen.map(|channel| shown(call, channel)).collect(), 100);
    Ok(json!({ "channels": channels, "response_metadata": meta }))
}

fn shown(call: &Call<'_>, channel: &Channel) -> Value {
    let is_shared = channel.teams.len() > 1;
    let mut shown = json!({
        "id": channel.id, "name": channel.name, "name_normalized": channel.name,
        "is_channel": !channel.private && !channel.im, "is_group": channel.private,
        "is_im": channel.im, "is_mpim": false, "is_private": channel.private || channel.im,
        "is_archived": channel.archived, "is_general": false, "created": call.world.now(),
        "creator": channel.members.iter().next(), "is_shared": is_shared,
        "is_ext_shared": is_shared, "is_org_shared": false, "unlinked": 0,
        "is_member": channel.members.contains(&call.install.bot_user),
        "context_team_id": call.install.team, "shared_team_ids": channel.teams,
        "num_members": channel.members.len(), "topic": { "value": "" }, "purpose": { "value": "" },
    });
    if channel.im {
        shown["user"] = json!(channel.members.iter().find(|m| **m != call.install.bot_user));
    }
    shown
}
