//! A person and an app: commands, buttons, menus and forms.

use serde_json::{Map, Value, json};
use tokio::sync::oneshot;

use super::call::Upload;
use super::id::Id;
use super::interaction::{AUTOCOMPLETE, Act, Answered, COMMAND, COMPONENT, MODAL};
use super::person::Person;
use super::pressed;
use super::reactions::At;
use super::world::World;

/// What a person sees when an app is silent for too long.
pub const SILENT: &str = "The application did not respond";

/// What comes of something that a person did.
pub type Came = Result<Answered, &'static str>;

impl Person {
    async fn waits_for(&self, answer: oneshot::Receiver<Answered>) -> Came {
        let long = self.with(|world| world.timing.answer);
        let answered = tokio::time::timeout(long, answer).await.ok();
        answered.and_then(Result::ok).ok_or(SILENT)
    }

    /// Runs a slash command: its name, with subcommands after it, and its options.
    pub async fn runs(&self, channel: &str, command: &str, options: &[(&str, &str)]) -> Came {
        let channel = self.discord.channel_id(channel);
        let answer = self.with(|world| {
            let act = self.command(world, (channel, COMMAND), command, (options, None));
            world.ask(act)
        });
        self.waits_for(answer).await
    }

    /// Runs a slash command with a file for one of its options.
    pub async fn runs_with(
        &self,
        channel: &str,
        command: &str,
        options: &[(&str, &str)],
        (option, name, bytes): (&str, &str, &[u8]),
    ) -> Came {
        let channel = self.discord.channel_id(channel);
        let answer = self.with(|world| {
            let (at, name, kind) = (String::new(), name.to_owned(), None);
            let file = Upload { at, name, kind, bytes: bytes.to_vec().into() };
            let kept = world.keep_files(channel, (&[file], &[]), &Value::Null);
            let id = kept.expect("no larger than a person may send")[0].to_string();
            let options = [options, &[(option, &id)]].concat();
            let act = self.command(world, (channel, COMMAND), command, (&options, None));
            world.ask(act)
        });
        self.waits_for(answer).await
    }

    /// Types into an option of a command, and sees what the app offers for it.
    pub async fn types(
        &self,
        channel: &str,
        command: &str,
        (option, typed): (&str, &str),
    ) -> Result<Vec<String>, &'static str> {
        let channel = self.discord.channel_id(channel);
        let options = [(option, typed)];
        let answer = self.with(|world| {
            let act =
                self.command(world, (channel, AUTOCOMPLETE), command, (&options, Some(option)));
            world.ask(act)
        });
        match self.waits_for(answer).await? {
            Answered::Offers(choices) => Ok(choices.into_iter().map(|(name, _)| name).collect()),
            other => panic!("{other:?} offers nothing"),
        }
    }

    fn command(
        &self,
        world: &World,
        (channel, kind): (Id, u8),
        command: &str,
        (options, focused): (&[(&str, &str)], Option<&str>),
    ) -> Act {
        let mut words = command.trim_start_matches('/').split(' ');
        let name = words.next().unwrap_or_default();
        let (app, known) = world.command(channel, name, 1);
        let guild = world.channel(channel).expect("known").guild;
        let mut resolved = Map::new();
        let subcommands: Vec<&str> = words.collect();
        let given = pressed::options(
            world,
            (&known["options"], guild),
            &subcommands,
            (options, focused),
            &mut resolved,
        );
        let mut data = json!({ "id": known["id"], "name": name, "type": 1, "options": given });
        if !resolved.is_empty() {
            data["resolved"] = Value::Object(resolved);
        }
        if !known["guild_id"].is_null() {
            data["guild_id"] = known["guild_id"].clone();
        }
        Act { app, kind, user: self.id, channel, data, message: None, opener: None }
    }

    /// Uses a command on a message.
    pub async fn uses(&self, command: &str, at: &At) -> Came {
        let answer = self.with(|world| {
            let (app, known) = world.command(at.0, command, 3);
            let message = world.message(at.0, at.1).expect("it stands");
            // Whatever its intents, an app reads what it was called on.
            let shown = world.message_json(message, app, true);
            let id = at.1.to_string();
            let data = json!({
                "id": known["id"], "name": command, "type": 3, "target_id": id,
                "resolved": { "messages": { &id: shown } },
            });
            world.ask(self.used(app, at.0, data))
        });
        self.waits_for(answer).await
    }

    /// Uses a command on somebody.
    pub async fn uses_on(&self, channel: &str, command: &str, who: &str) -> Came {
        let (channel, target) = (self.discord.channel_id(channel), self.discord.user_id(who));
        let answer = self.with(|world| {
            let (app, known) = world.command(channel, command, 2);
            let mut resolved = Map::new();
            let guild = world.channel(channel).expect("known").guild;
            pressed::person(world, guild, who, &mut resolved);
            let data = json!({
                "id": known["id"], "name": command, "type": 2, "target_id": target,
                "resolved": resolved,
            });
            world.ask(self.used(app, channel, data))
        });
        self.waits_for(answer).await
    }

    fn used(&self, app: Id, channel: Id, data: Value) -> Act {
        Act { app, kind: COMMAND, user: self.id, channel, data, message: None, opener: None }
    }

    /// Presses a button of a message, by the words on it.
    pub async fn presses(&self, at: &At, label: &str) -> Came {
        self.acts_on(at, |components| pressed::button(components, label)).await
    }

    /// Presses the button with an id, also one that is not there any more: a client may show for a
    /// while what was.
    pub async fn presses_id(&self, at: &At, custom_id: &str) -> Came {
        self.acts_on(at, |_| json!({ "component_type": 2, "custom_id": custom_id, "id": 1 })).await
    }

    /// Picks from a menu of a message, by the words of the option.
    pub async fn picks(&self, at: &At, label: &str) -> Came {
        self.acts_on(at, |components| pressed::menu(components, label)).await
    }

    async fn acts_on(&self, at: &At, data: impl FnOnce(&[Value]) -> Value) -> Came {
        let answer = self.with(|world| {
            let message = world.message(at.0, at.1).expect("it stands").clone();
            assert!(message.is_seen_by(self.id), "{} does not see this message", self.id);
            let data = data(&message.components);
            let (app, kind) = (message.author, COMPONENT);
            let (user, channel) = (self.id, at.0);
            let message = Some(at.1);
            world.ask(Act { app, kind, user, channel, data, message, opener: None })
        });
        self.waits_for(answer).await
    }

    /// The form that is open.
    pub fn form(&self) -> Option<Value> {
        let form = |world: &mut World| Some(world.user(self.id)?.modal.as_ref()?.1.clone());
        self.with(form)
    }

    /// Closes the form; the app does not hear of that.
    pub fn closes_form(&self) {
        self.with(|world| world.user_mut(self.id).expect("known").modal = None);
    }

    /// Fills in the form, by the labels of its fields, and sends it.
    pub async fn submits(&self, fields: &[(&str, &str)]) -> Came {
        let answer = self.with(|world| -> Result<_, &'static str> {
            let user = world.user_mut(self.id).expect("known");
            let (opened_by, form) = user.modal.clone().expect("a form is open");
            let components = pressed::filled(&form, fields)?;
            user.modal = None;
            let of = world.interaction(opened_by).expect("known");
            let (app, channel, message) = (of.app, of.channel, of.message);
            let data = json!({ "custom_id": form["custom_id"], "components": components });
            let (kind, user, opener) = (MODAL, self.id, Some(opened_by));
            Ok(world.ask(Act { app, kind, user, channel, data, message, opener }))
        });
        self.waits_for(answer?).await
    }
}

impl World {
    /// A command of an app that is in the guild, or anywhere in a direct conversation.
    fn command(&self, channel: Id, name: &str, kind: u64) -> (Id, Value) {
        let guild = self.channel(channel).expect("known").guild;
        let is_there = |app: Id| guild.is_none_or(|guild| self.member(guild, app).is_some());
        let here = |command: &&Value| {
            let of = &command["guild_id"];
            (of.is_null() || *of == json!(guild)) && command["name"] == name
        };
        let apps = self.apps.iter().filter(|app| is_there(app.id));
        let mut found = apps.filter_map(|app| {
            let command = app.commands.iter().filter(here).find(|one| one["type"] == kind)?;
            Some((app.id, command.clone()))
        });
        found.next().unwrap_or_else(|| panic!("there is no command {name}"))
    }
}
