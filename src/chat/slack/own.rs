//! The one workspace that installed its own app: who the app is there.

use serde_json::Value;

use super::api::{Api, Failed};
use super::installs::Install;
use crate::domain::secret::Secret;

/// Asks Slack who this token is.
pub async fn identify(api: &Api, token: &Secret) -> Result<Install, Failed> {
    let me = api.ask(token, "auth.test", &[]).await?;
    let team = said(&me, "team_id").ok_or_else(|| Failed::Refused("no_workspace".to_owned()))?;
    let bot = said(&me, "bot_id").unwrap_or_default();
    let app = match api.ask(token, "bots.info", &[("bot", &bot)]).await {
        Ok(answer) => answer.get("bot").and_then(|bot| said(bot, "app_id")).unwrap_or_default(),
        // Without the scope to ask, its id is not known; it only helps to find a mistake.
        Err(Failed::Refused(_)) => String::new(),
        Err(failed) => return Err(failed),
    };
    let bot_user = said(&me, "user_id").unwrap_or_default();
    // A token that somebody copied does not say who installed the app.
    let installer = String::new();
    Ok(Install { team, app, bot_user, bot, installer, token: token.clone() })
}

fn said(of: &Value, name: &str) -> Option<String> {
    of.get(name)?.as_str().filter(|text| !text.is_empty()).map(ToOwned::to_owned)
}
