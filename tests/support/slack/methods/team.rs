//! `users.*`, `bots.*`, `team.*` and `emoji.*`: who and what there is in a workspace.

use serde_json::{Value, json};

use super::super::fail::{Answer, Fail};
use super::super::world::User;
use super::Call;

/// `users.info`: also of those whom a shared channel brings.
pub fn user(call: &mut Call<'_>) -> Answer {
    let id = call.args.need("user", "user_not_found")?;
    let user = call.world.user(id).filter(|user| is_visible(call, user));
    let user = user.ok_or_else(|| Fail::new("user_not_found"))?;
    Ok(json!({ "user": call.world.user_json(user, &call.install.team) }))
}

/// `users.list`.
pub fn users(call: &mut Call<'_>) -> Answer {
    let seen = call.world.users.iter().filter(|user| is_visible(call, user));
    let seen: Vec<Value> =
        seen.map(|user| call.world.user_json(user, &call.install.team)).collect();
    let (members, meta) = call.page(seen, 1000);
    Ok(json!({ "members": members, "cache_ts": call.world.now(), "response_metadata": meta }))
}

/// `bots.info`.
pub fn bot(call: &mut Call<'_>) -> Answer {
    let id = call.args.need("bot", "bot_not_found")?;
    let install = call.world.installs.iter().find(|install| install.bot == id);
    let install = install.ok_or_else(|| Fail::new("bot_not_found"))?;
    Ok(json!({ "bot": {
        "id": install.bot, "deleted": install.revoked, "name": call.world.app(&install.app).name,
        "updated": call.world.now(), "app_id": install.app, "user_id": install.bot_user,
        "icons": {},
    }}))
}

/// `team.info`.
pub fn info(call: &mut Call<'_>) -> Answer {
    let team = call.world.team(&call.install.team);
    let domain = team.name.to_lowercase();
    Ok(json!({ "team": {
        "id": team.id, "name": team.name, "domain": domain, "email_domain": "", "icon": {},
    }}))
}

/// `emoji.list`: the workspace's own, some of them aliases.
pub fn emoji(call: &mut Call<'_>) -> Answer {
    let team = call.world.team(&call.install.team);
    Ok(json!({ "emoji": team.emoji, "cache_ts": call.world.now().to_string() }))
}

fn is_visible(call: &Call<'_>, user: &User) -> bool {
    let team = &call.install.team;
    user.team == *team
        || call
            .world
            .channels
            .iter()
            .any(|channel| channel.teams.contains(team) && channel.members.contains(&user.id))
}
