//! A person in the simulated Discord: what they write, change and react with.

use super::Discord;
use super::call::Upload;
use super::emoji::Emoji;
use super::id::Id;
use super::mentions::Allowed;
use super::message::Message;
use super::reactions::At;
use super::world::World;

/// Someone who acts.
#[derive(Clone)]
pub struct Person {
    pub discord: Discord,
    pub id: Id,
}

impl Person {
    pub(super) fn with<T>(&self, does: impl FnOnce(&mut World) -> T) -> T {
        self.discord.sim.with(does)
    }

    /// Writes a message; `@name` calls who has that name.
    pub fn says(&self, channel: &str, text: &str) -> At {
        self.writes(self.discord.channel_id(channel), text, None, &[])
    }

    /// Answers a message, and calls its author.
    pub fn replies(&self, at: &At, text: &str) -> At {
        self.writes(at.0, text, Some(at.1), &[])
    }

    /// Writes to the practice's app alone.
    pub fn whispers(&self, text: &str) -> At {
        let app = self.discord.app().id;
        let channel = self.with(|world| world.direct(self.id, app));
        self.writes(channel, text, None, &[])
    }

    /// Writes a message that brings files: their names and bytes.
    pub fn brings(&self, channel: &str, text: &str, files: &[(&str, &[u8])]) -> At {
        self.writes(self.discord.channel_id(channel), text, None, files)
    }

    /// Begins a thread on a message; its name is then a channel's.
    pub fn begins_thread(&self, at: &At, name: &str) -> Id {
        self.with(|world| world.begin_thread(at.0, Some(at.1), self.id, name))
    }

    /// Writes a message, which answers another if it is given, and brings files: their names, what
    /// they show, and their bytes.
    pub fn brings_described(
        &self,
        channel: &str,
        answers: Option<At>,
        text: &str,
        files: &[(&str, &str, &[u8])],
    ) -> At {
        let channel = answers.map_or_else(|| self.discord.channel_id(channel), |at| at.0);
        let about = files.iter().enumerate().map(|(nth, (_, about, _))| {
            serde_json::json!({ "id": nth.to_string(), "description": about })
        });
        let about = about.collect();
        let files: Vec<_> = files.iter().map(|(name, _, bytes)| (*name, *bytes)).collect();
        self.writes_of((channel, text), answers.map(|at| at.1), (&files, &about))
    }

    fn writes(&self, channel: Id, text: &str, answers: Option<Id>, files: &[(&str, &[u8])]) -> At {
        self.writes_of((channel, text), answers, (files, &serde_json::Value::Null))
    }

    fn writes_of(
        &self,
        (channel, text): (Id, &str),
        answers: Option<Id>,
        (files, about): (&[(&str, &[u8])], &serde_json::Value),
    ) -> At {
        self.with(|world| {
            let id = world.id();
            let mut message = Message::new(id, channel, self.id);
            message.reference = answers;
            message.kind = if answers.is_some() { 19 } else { 0 };
            message.content = typed(world, text);
            let files: Vec<Upload> = files
                .iter()
                .enumerate()
                .map(|(nth, (name, bytes))| Upload {
                    at: nth.to_string(),
                    name: (*name).to_owned(),
                    kind: None,
                    bytes: bytes.to_vec().into(),
                })
                .collect();
            let kept = world.keep_files(channel, (&files, &[]), about);
            message.files = kept.expect("no larger than a person may send");
            world.mention(&mut message, &Allowed::read(None));
            world.wake(channel);
            world.put(&message);
            (channel, id)
        })
    }

    /// Edits an own message.
    pub fn edits(&self, at: &At, text: &str) {
        self.with(|world| {
            let mut message = world.message(at.0, at.1).expect("it stands").clone();
            assert_eq!(message.author, self.id, "one can only edit one's own");
            message.content = typed(world, text);
            message.edited = Some(world.now());
            world.mention(&mut message, &Allowed::read(None));
            world.change(&message);
        });
    }

    /// Deletes a message.
    pub fn deletes(&self, at: &At) {
        self.with(|world| world.delete(at.0, at.1));
    }

    /// Puts a reaction on.
    pub fn reacts(&self, at: &At, emoji: &str) {
        self.reacts_so(at, emoji, false);
    }

    /// Puts a super reaction on.
    pub fn reacts_loudly(&self, at: &At, emoji: &str) {
        self.reacts_so(at, emoji, true);
    }

    fn reacts_so(&self, at: &At, emoji: &str, loudly: bool) {
        self.with(|world| {
            let message = world.message(at.0, at.1).expect("it stands");
            assert!(message.only.is_none(), "nobody can react to what only one sees");
            let emoji = emoji_of(world, emoji);
            world.react(*at, self.id, &emoji, loudly).expect("it can be put on");
        });
    }

    /// Takes a reaction away.
    pub fn unreacts(&self, at: &At, emoji: &str) {
        self.with(|world| {
            let emoji = emoji_of(world, emoji);
            world.unreact(*at, self.id, &emoji, false).expect("it stands");
        });
    }

    /// Takes a super reaction away.
    pub fn unreacts_loudly(&self, at: &At, emoji: &str) {
        self.with(|world| {
            let emoji = emoji_of(world, emoji);
            world.unreact(*at, self.id, &emoji, true).expect("it stands");
        });
    }

    /// Takes all reactions away.
    pub fn clears_reactions(&self, at: &At) {
        self.with(|world| world.clear(*at, None).expect("it stands"));
    }
}

fn emoji_of(world: &World, text: &str) -> Emoji {
    world.emoji(text).unwrap_or_else(|_| panic!("{text} is no emoji"))
}

/// What a person types, as Discord's own client sends it.
fn typed(world: &World, text: &str) -> String {
    let mut typed = text.to_owned();
    for user in &world.users {
        typed = typed.replace(&format!("@{}", user.name), &format!("<@{}>", user.id));
    }
    typed
}
