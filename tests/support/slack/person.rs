//! A person in the simulated Slack: what they do there, in the words of the trade.

use serde_json::{Value, json};

use super::Slack;
use super::acts::{rich, typed};
use super::deliver::Kind;
use super::message::Message;
use super::pressed;
use super::world::{File, Install, World};

/// Someone who acts.
#[derive(Clone)]
pub struct Person {
    pub slack: Slack,
    pub id: String,
}

/// Where a message stands: channel and timestamp.
pub type At = (String, String);

impl Person {
    fn with<T>(&self, does: impl FnOnce(&mut World) -> T) -> T {
        self.slack.sim.with(does)
    }

    /// Writes a message.
    pub fn says(&self, channel: &str, text: &str) -> At {
        self.writes(channel, text, None, Vec::new())
    }

    /// Writes in the thread under a message.
    pub fn replies(&self, at: &At, text: &str) -> At {
        self.writes(&at.0, text, Some(at.1.clone()), Vec::new())
    }

    /// Writes a message that brings a file.
    pub fn shares(&self, channel: &str, text: &str, name: &str, bytes: &[u8]) -> At {
        self.brings(channel, None, text, &[(name, "", bytes)])
    }

    /// Writes a message that brings files: their names, alt texts and bytes.
    pub fn brings(
        &self,
        channel: &str,
        thread: Option<&At>,
        text: &str,
        files: &[(&str, &str, &[u8])],
    ) -> At {
        let ids = self.with(|world| {
            let put = files.iter().map(|(name, alt, bytes)| {
                let id = world.id("F");
                world.files.push(File {
                    id: id.clone(),
                    team: world.user(&self.id).expect("known").team.clone(),
                    user: self.id.clone(),
                    name: (*name).to_owned(),
                    alt: (*alt).to_owned(),
                    bytes: bytes.to_vec(),
                    complete: true,
                    shares: Vec::new(),
                    length: bytes.len(),
                });
                id
            });
            put.collect()
        });
        self.writes(channel, text, thread.map(|at| at.1.clone()), ids)
    }

    fn writes(&self, channel: &str, text: &str, thread: Option<String>, files: Vec<String>) -> At {
        let channel = self.slack.channel_id(channel);
        self.with(|world| {
            let message = Message {
                ts: world.ts(),
                thread,
                user: self.id.clone(),
                team: world.user(&self.id).expect("known").team.clone(),
                text: typed(text),
                blocks: Some(rich(text)),
                files,
                ..Message::default()
            };
            let ts = message.ts.clone();
            world.put(&channel, message);
            (channel, ts)
        })
    }

    /// Edits an own message.
    pub fn edits(&self, at: &At, text: &str) {
        self.with(|world| {
            let before = world.message(&at.0, &at.1).expect("it stands").clone();
            assert_eq!(before.user, self.id, "one can only edit one's own");
            let mut after = before.clone();
            after.text = typed(text);
            after.blocks = Some(rich(text));
            after.edited = Some((self.id.clone(), world.ts()));
            world.change(&at.0, &before, Some(after));
        });
    }

    /// Deletes a message.
    pub fn deletes(&self, at: &At) {
        self.with(|world| {
            let before = world.message(&at.0, &at.1).expect("it stands").clone();
            world.delete(&at.0, &before);
        });
    }

    /// Puts a reaction on; its name is Slack's, with a skin tone or without.
    pub fn reacts(&self, at: &At, name: &str) {
        self.with(|world| world.reacts(&self.id, name, (&at.0, &at.1), true));
    }

    /// Takes a reaction away.
    pub fn unreacts(&self, at: &At, name: &str) {
        self.with(|world| world.reacts(&self.id, name, (&at.0, &at.1), false));
    }

    /// Runs a slash command; what the app answers at once, or why Slack says it failed.
    pub async fn runs(
        &self,
        channel: &str,
        command: &str,
        text: &str,
    ) -> Result<Value, &'static str> {
        let channel = self.slack.channel_id(channel);
        let (app, answer) = self.with(|world| {
            let install = self.install(world);
            let known = world.channel(&channel).expect("known").name.clone();
            let user = world.user(&self.id).expect("known").name.clone();
            let domain = world.team(&install.team).name.to_lowercase();
            let payload = json!({
                "token": "verification", "team_id": install.team, "team_domain": domain,
                "channel_id": channel, "channel_name": known, "user_id": self.id,
                "user_name": user, "command": command, "text": text,
                "api_app_id": install.app, "is_enterprise_install": "false",
                "response_url": world.respond(&install.app, &self.id, &channel, None),
                "trigger_id": world.trigger(&self.id),
            });
            (install.app.clone(), world.ask(&install.app, Kind::Command, payload))
        });
        let said = answer.await.ok().flatten().ok_or("operation_timeout")?;
        if !said["text"].is_null() || said["blocks"].is_array() {
            self.with(|world| world.answer_person(&app, &self.id, &channel, &said));
        }
        Ok(said)
    }

    /// Uses a shortcut: on a message, or from anywhere.
    pub async fn uses(&self, shortcut: &str, on: Option<&At>) -> Result<(), &'static str> {
        let answer = self.with(|world| {
            let install = self.install(world);
            let kind = if on.is_some() { "message_action" } else { "shortcut" };
            let mut payload = world.interaction(kind, &install, &self.id);
            payload["callback_id"] = json!(shortcut);
            payload["action_ts"] = json!(world.ts());
            if let Some((channel, ts)) = on {
                let message = world.message(channel, ts).expect("it stands");
                payload["message"] = world.message_json(channel, message, false);
                payload["message_ts"] = json!(ts);
                let name = world.channel(channel).expect("known").name.clone();
                payload["channel"] = json!({ "id": channel, "name": name });
                payload["response_url"] =
                    json!(world.respond(&install.app, &self.id, channel, Some(ts)));
            }
            world.ask(&install.app, Kind::Interactive, payload)
        });
        answer.await.ok().flatten().map(|_| ()).ok_or("operation_timeout")
    }

    /// Presses the button, or picks the option, of a message.
    pub async fn presses(&self, at: &At, label: &str) -> Result<(), &'static str> {
        self.acts_on(at, |blocks, at| pressed::action(blocks, label, at)).await
    }

    /// Presses the button with this value, also one that is not there any more: a client may show
    /// for a while what was.
    pub async fn presses_value(&self, at: &At, value: &str) -> Result<(), &'static str> {
        self.acts_on(at, |blocks, at| pressed::action_of(blocks, value, at)).await
    }

    async fn acts_on(
        &self,
        at: &At,
        action: impl FnOnce(&Value, &str) -> Value,
    ) -> Result<(), &'static str> {
        let answer = self.with(|world| {
            let message = world.message(&at.0, &at.1).expect("it stands").clone();
            let seen = message.only.as_ref().is_none_or(|only| *only == self.id);
            assert!(seen, "{} does not see this message", self.id);
            let (_, app) = message.bot.clone().expect("an app's message");
            let install = world.installs.iter().find(|i| i.app == app).expect("there").clone();
            let blocks = message.blocks.clone().unwrap_or_default();
            let action = action(&blocks, &world.ts());
            let name = world.channel(&at.0).expect("known").name.clone();
            let mut payload = world.interaction("block_actions", &install, &self.id);
            payload["container"] = json!({
                "type": "message", "message_ts": at.1, "channel_id": at.0,
                "is_ephemeral": message.only.is_some(),
            });
            payload["channel"] = json!({ "id": at.0, "name": name });
            if message.only.is_none() {
                payload["message"] = world.message_json(&at.0, &message, false);
            }
            payload["state"] = json!({ "values": pressed::state(&blocks, &[]) });
            payload["response_url"] = json!(world.respond(&app, &self.id, &at.0, Some(&at.1)));
            payload["actions"] = json!([action]);
            world.ask(&app, Kind::Interactive, payload)
        });
        answer.await.ok().flatten().map(|_| ()).ok_or("operation_timeout")
    }

    /// Looks at the home tab.
    pub fn opens_home(&self) {
        self.with(|world| {
            let install = self.install(world);
            let channel = world.direct(&install.team, &self.id, &install.bot_user);
            let mut event = json!({
                "type": "app_home_opened", "user": self.id, "channel": channel, "tab": "home",
            });
            if let Some(view) = &world.user(&self.id).expect("known").home {
                event["view"] = view.clone();
            }
            world.tell(&install, event, false);
        });
    }

    /// The home tab as the person sees it.
    pub fn home(&self) -> Option<Value> {
        self.with(|world| world.user(&self.id).expect("known").home.clone())
    }

    /// Presses a button of the home tab as it was shown last.
    pub async fn presses_at_home(&self, label: &str) -> Result<(), &'static str> {
        let answer = self.with(|world| {
            let install = self.install(world);
            let view = world.user(&self.id).expect("known").home.clone().expect("shown");
            let action = pressed::action(&view["blocks"], label, &world.ts());
            let mut payload = world.interaction("block_actions", &install, &self.id);
            payload["container"] = json!({ "type": "view", "view_id": view["id"] });
            payload["view"] = view;
            payload["actions"] = json!([action]);
            world.ask(&install.app, Kind::Interactive, payload)
        });
        answer.await.ok().flatten().map(|_| ()).ok_or("operation_timeout")
    }

    /// The modal on top.
    pub fn modal(&self) -> Option<Value> {
        self.with(|world| world.user(&self.id).expect("known").modals.last().cloned())
    }

    /// The first app of the person's own workspace: only there are commands and shortcuts.
    fn install(&self, world: &World) -> Install {
        let team = &world.user(&self.id).expect("known").team;
        let found = world.installs.iter().find(|install| install.team == *team);
        found.expect("the person's own workspace has an app").clone()
    }
}
