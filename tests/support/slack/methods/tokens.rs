//! Tokens: who one is, opening a socket, and what an install gives.

use serde_json::json;

use super::super::fail::{Answer, Fail};
use super::super::socket::MOST;
use super::super::world::{Install, World};
use super::Call;

/// `api.test`: it is there.
pub fn test(call: &mut Call<'_>) -> Answer {
    match call.args.text("error") {
        Some(error) => Err(Fail::new(error)),
        None => Ok(json!({})),
    }
}

/// `auth.test`: whose token it is.
pub fn auth(call: &mut Call<'_>) -> Answer {
    let (install, world) = (&call.install, &*call.world);
    Ok(json!({
        "url": format!("{}/", world.base), "team": world.team(&install.team).name,
        "user": world.app(&install.app).name, "team_id": install.team,
        "user_id": install.bot_user, "bot_id": install.bot, "is_enterprise_install": false,
    }))
}

/// `auth.revoke`: the token is good no more.
pub fn revoke(call: &mut Call<'_>) -> Answer {
    let token = &call.install.token;
    for install in call.world.installs.iter_mut().filter(|install| install.token == *token) {
        install.revoked = true;
    }
    Ok(json!({ "revoked": true }))
}

/// `auth.teams.list`: where an organisation's token counts.
pub fn teams(call: &mut Call<'_>) -> Answer {
    let all = call.world.teams.iter();
    let all = all.map(|team| json!({ "id": team.id, "name": team.name })).collect();
    let (teams, meta) = call.page(all, 100);
    Ok(json!({ "teams": teams, "response_metadata": meta }))
}

/// `apps.connections.open`: where a socket can be opened, once.
pub fn open(call: &mut Call<'_>) -> Answer {
    let app = call.install.app.clone();
    if call.world.sockets.count(&app) >= MOST {
        return Err(Fail::new("too_many_websockets"));
    }
    let ticket = call.world.id("ticket");
    call.world.tickets.insert(ticket.clone(), app.clone());
    let host = call.world.base.replacen("http", "ws", 1);
    Ok(json!({ "url": format!("{host}/link/?ticket={ticket}&app_id={app}") }))
}

/// `oauth.v2.access`: a token for a code, or a new one for an old one's refresh.
pub fn access(call: &mut Call<'_>) -> Answer {
    let id = call.args.need("client_id", "invalid_client_id")?;
    let app = call.world.apps.iter().find(|app| app.client_id == id).cloned();
    let app = app.ok_or_else(|| Fail::new("invalid_client_id"))?;
    if call.args.text("client_secret") != Some(&app.client_secret) {
        return Err(Fail::new("bad_client_secret"));
    }
    let install = if call.args.text("grant_type") == Some("refresh_token") {
        let refresh = call.args.need("refresh_token", "invalid_refresh_token")?;
        refreshed(call.world, &app.id, refresh)?
    } else {
        let code = call.args.need("code", "invalid_code")?;
        let allowed = call.world.codes.remove(code).filter(|(of, ..)| *of == app.id);
        let (_, team, scopes) = allowed.ok_or_else(|| Fail::new("invalid_code"))?;
        call.world.install_app(&app.id, &team, scopes)
    };
    let installer = call.world.users.iter().find(|u| u.team == install.team && !u.is_bot);
    let mut said = json!({
        "access_token": install.token, "token_type": "bot", "scope": install.scopes.join(","),
        "bot_user_id": install.bot_user, "app_id": app.id,
        "team": { "id": install.team, "name": call.world.team(&install.team).name },
        "enterprise": null, "is_enterprise_install": false,
        "authed_user": { "id": installer.map(|user| user.id.clone()) },
    });
    if let Some(org) = &call.world.org {
        said["team"] = json!(null);
        said["enterprise"] = json!({ "id": org, "name": "The organisation" });
        said["is_enterprise_install"] = json!(true);
    }
    if app.rotates {
        said["refresh_token"] = json!(install.refresh);
        said["expires_in"] = json!(43_200);
    }
    Ok(said)
}

fn refreshed(world: &mut World, app: &str, refresh: &str) -> Result<Install, Fail> {
    let (token, next) = (world.id("xoxe.xoxb-"), world.id("xoxe-"));
    let known = world.installs.iter_mut().find(|i| i.app == app && i.refresh == refresh);
    let install = known.ok_or_else(|| Fail::new("invalid_refresh_token"))?;
    install.token = token;
    install.refresh = next;
    Ok(install.clone())
}
