//! What apps are told of: events of the Events API, and what people do with what apps show.

use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::deliver::{Delivery, Kind};
use super::message::Message;
use super::world::{Channel, Install, World};

impl World {
    /// Tells every app in a channel of something that happened there.
    pub fn tell_channel(&mut self, channel: &str, event: &Value) {
        let Some(channel) = self.channel(channel).cloned() else { return };
        let apps: Vec<String> = self.apps.iter().map(|app| app.id.clone()).collect();
        for app in apps {
            let Some(install) = self.install_in(&app, &channel).cloned() else { continue };
            if may_hear(&install, &channel, event) {
                self.tell(&install, event.clone(), channel.teams.len() > 1);
            }
        }
    }

    /// Tells an app, through one of its installs.
    pub fn tell(&mut self, install: &Install, mut event: Value, shared: bool) {
        if event["event_ts"].is_null() {
            event["event_ts"] = json!(self.ts());
        }
        let payload = json!({
            "token": "verification", "team_id": install.team, "context_team_id": install.team,
            "context_enterprise_id": null, "api_app_id": install.app, "event": event,
            "type": "event_callback", "event_id": self.id("Ev"), "event_time": self.now(),
            "authorizations": [{
                "enterprise_id": null, "team_id": install.team, "user_id": install.bot_user,
                "is_bot": true, "is_enterprise_install": false,
            }],
            "is_ext_shared_channel": shared, "event_context": format!("4-{}", self.next()),
        });
        let app = install.app.clone();
        self.out.push_back(Delivery { app, kind: Kind::Event, payload, back: None });
    }

    /// Tells an app what a person did with it; what it answers comes back.
    pub fn ask(
        &mut self,
        app: &str,
        kind: Kind,
        payload: Value,
    ) -> oneshot::Receiver<Option<Value>> {
        let (back, answer) = oneshot::channel();
        self.out.push_back(Delivery { app: app.to_owned(), kind, payload, back: Some(back) });
        answer
    }

    /// The event of a new message.
    pub fn message_event(&self, channel: &str, message: &Message) -> Value {
        let mut event = self.message_json(channel, message, true);
        event["channel"] = json!(channel);
        event["channel_type"] = json!(self.channel(channel).map_or("channel", kind_of));
        event["event_ts"] = json!(message.ts);
        if !message.files.is_empty() && message.bot.is_none() {
            event["subtype"] = json!("file_share");
        }
        if message.broadcast {
            event["subtype"] = json!("thread_broadcast");
        }
        event
    }

    /// The event of a message that changed, or is gone.
    pub fn changed_event(
        &mut self,
        channel: &str,
        before: &Message,
        after: Option<&Message>,
    ) -> Value {
        let ts = self.ts();
        let mut event = json!({
            "type": "message", "hidden": true, "channel": channel, "ts": ts, "event_ts": ts,
            "channel_type": self.channel(channel).map_or("channel", kind_of),
            "previous_message": self.message_json(channel, before, true),
        });
        if let Some(after) = after {
            event["subtype"] = json!("message_changed");
            event["message"] = self.message_json(channel, after, true);
        } else {
            event["subtype"] = json!("message_deleted");
            event["deleted_ts"] = json!(before.ts);
        }
        event
    }

    /// The event of a reaction that was put on or taken away.
    pub fn reaction_event(&mut self, on: bool, who: &str, name: &str, at: (&str, &str)) -> Value {
        let (channel, ts) = at;
        let author = self.message(channel, ts).map(|m| m.user.clone()).unwrap_or_default();
        let mut event = json!({
            "type": if on { "reaction_added" } else { "reaction_removed" }, "user": who,
            "reaction": name, "item": { "type": "message", "channel": channel, "ts": ts },
            "event_ts": self.ts(),
        });
        if !author.is_empty() {
            event["item_user"] = json!(author);
        }
        event
    }

    /// Who did something, and where, as interactive payloads say it.
    pub fn interaction(&mut self, kind: &str, install: &Install, user: &str) -> Value {
        let who = self.user(user).expect("a known person");
        let (name, team) = (who.name.clone(), who.team.clone());
        let domain = self.team(&install.team).name.to_lowercase();
        json!({
            "type": kind, "token": "verification", "api_app_id": install.app,
            "team": { "id": install.team, "domain": domain },
            "user": { "id": user, "username": name, "name": name, "team_id": team },
            "enterprise": null, "is_enterprise_install": false, "trigger_id": self.trigger(user),
        })
    }
}

/// What a channel is called in events.
fn kind_of(channel: &Channel) -> &'static str {
    match (channel.im, channel.private) {
        (true, _) => "im",
        (_, true) => "group",
        _ => "channel",
    }
}

/// The scope without which an app hears nothing of messages in such a channel.
pub fn history_scope(channel: &Channel) -> &'static str {
    match (channel.im, channel.private) {
        (true, _) => "im:history",
        (_, true) => "groups:history",
        _ => "channels:history",
    }
}

fn may_hear(install: &Install, channel: &Channel, event: &Value) -> bool {
    let needed = match event["type"].as_str() {
        Some("message") => history_scope(channel),
        Some("reaction_added" | "reaction_removed") => "reactions:read",
        _ => return true,
    };
    install.scopes.iter().any(|scope| scope == needed)
}
