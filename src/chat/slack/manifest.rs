//! The [manifest](https://docs.slack.dev/reference/app-manifest/) of the app: what it may do, what
//! it is told of, and where. Pure.
//!
//! It asks for what the code uses and for nothing else; `tests/slack/manifest.rs` compares them.

use serde_json::{Value, json};

use super::origin::PICK;
use crate::domain::command::ROOT;

/// What the bot may do.
pub const SCOPES: [&str; 13] = [
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "emoji:read",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:write",
    "reactions:read",
    "reactions:write",
    "users:read",
];

/// What the app is told of.
pub const EVENTS: [&str; 10] = [
    "app_home_opened",
    "app_uninstalled",
    "channel_id_changed",
    "member_joined_channel",
    "message.channels",
    "message.groups",
    "reaction_added",
    "reaction_removed",
    "tokens_revoked",
    "user_change",
];

/// How Slack brings what happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way<'a> {
    /// Over sockets; with a public address if workspaces install the app there.
    Socket(Option<&'a str>),
    /// By requests to this public address.
    Http(&'a str),
}

/// The manifest, as Slack takes it for a new app or for one that is there.
pub fn manifest(way: Way<'_>) -> Value {
    let (public, http) = match way {
        Way::Socket(public) => (public, false),
        Way::Http(public) => (Some(public), true),
    };
    let at = |path: &str| format!("{}{path}", public.unwrap_or_default().trim_end_matches('/'));
    let mut all = json!({
        "display_information": {
            "name": "Countersign",
            "description": "Sign-off in chat for what a medical practice says in public",
            "background_color": "#1d3b4f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": true,
                "messages_tab_enabled": false,
                "messages_tab_read_only_enabled": false,
            },
            "bot_user": { "display_name": "Countersign", "always_online": true },
            "shortcuts": [{
                "name": "Make a post from this", "type": "message", "callback_id": PICK,
                "description": "Makes a draft of a post from this message",
            }],
            "slash_commands": [{
                "command": ROOT, "description": "Posts of the practice: write, find, stop",
                "usage_hint": "new | queue | show 12 | stop | help", "should_escape": true,
            }],
        },
        "oauth_config": { "scopes": { "bot": SCOPES } },
        "settings": {
            "event_subscriptions": { "bot_events": EVENTS },
            "interactivity": { "is_enabled": true },
            "org_deploy_enabled": false,
            "socket_mode_enabled": !http,
            "token_rotation_enabled": false,
        },
    });
    if http {
        all["features"]["slash_commands"][0]["url"] = json!(at("/slack/commands"));
        all["settings"]["event_subscriptions"]["request_url"] = json!(at("/slack/events"));
        all["settings"]["interactivity"]["request_url"] = json!(at("/slack/interactions"));
    }
    if public.is_some() {
        all["oauth_config"]["redirect_urls"] = json!([at("/slack/oauth")]);
    }
    all
}

/// The scopes that a call of the Web API needs, in every kind of channel that Countersign is in;
/// `None` for a call that it does not make.
pub fn needs(method: &str) -> Option<&'static [&'static str]> {
    Some(match method {
        "apps.connections.open"
        | "auth.teams.list"
        | "auth.test"
        | "chat.getPermalink"
        | "oauth.v2.access"
        | "views.open"
        | "views.publish" => &[],
        "bots.info" | "users.info" => &["users:read"],
        "chat.delete" | "chat.postEphemeral" | "chat.postMessage" | "chat.update" => {
            &["chat:write"]
        }
        "conversations.history" | "conversations.replies" => {
            &["channels:history", "groups:history"]
        }
        "conversations.info" | "conversations.members" => &["channels:read", "groups:read"],
        "conversations.open" => &["im:write"],
        "emoji.list" => &["emoji:read"],
        "files.completeUploadExternal" | "files.getUploadURLExternal" => &["files:write"],
        "files.info" => &["files:read"],
        "reactions.add" => &["reactions:write"],
        "reactions.get" => &["reactions:read"],
        _ => return None,
    })
}

/// The scopes without which Slack does not tell of this.
pub fn tells(event: &str) -> &'static [&'static str] {
    match event {
        "message.channels" => &["channels:history"],
        "message.groups" => &["groups:history"],
        "reaction_added" | "reaction_removed" => &["reactions:read"],
        "member_joined_channel" => &["channels:read", "groups:read"],
        "user_change" => &["users:read"],
        _ => &[],
    }
}
