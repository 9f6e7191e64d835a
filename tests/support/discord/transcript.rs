//! A channel as one person sees it, a line a message.

use serde_json::Value;

use super::Discord;
use super::id::Id;
use super::message::{LOADING, Message};
use super::permissions::VIEW_CHANNEL;
use super::world::World;

impl Discord {
    /// What stands in a channel, as a person sees it; a thread stands under its message.
    pub fn transcript(&self, channel: &str, seen_by: &str) -> String {
        let (channel, user) = (self.channel_id(channel), self.user_id(seen_by));
        self.sim.with(|world| {
            let mut lines = Vec::new();
            list(world, channel, user, "", &mut lines);
            lines.join("\n")
        })
    }

    /// The direct conversation of a person and the practice's app.
    pub fn whispers(&self, of: &str) -> String {
        let (app, user) = (self.app().id, self.user_id(of));
        let channel = self.sim.with(|world| world.direct(user, app));
        self.transcript(&channel.to_string(), of)
    }
}

fn list(world: &World, channel: Id, user: Id, before: &str, lines: &mut Vec<String>) {
    let Some(channel) = world.channel(channel) else { return };
    if world.permissions(user, channel) & VIEW_CHANNEL == 0 {
        lines.push("(not seen)".to_owned());
        return;
    }
    for message in channel.messages.iter().filter(|message| message.is_seen_by(user)) {
        lines.push(format!("{before}{}", line(world, message)));
        let thread = world.channel(message.id).filter(|channel| channel.thread.is_some());
        if let Some(thread) = thread {
            list(world, thread.id, user, &format!("{before}  > "), lines);
        }
    }
}

fn line(world: &World, message: &Message) -> String {
    let name = |id: &Id| world.user(*id).map_or_else(|| id.to_string(), |user| user.name.clone());
    let mut line = name(&message.author);
    if message.only.is_some() {
        line += " (only you)";
    }
    let answers = message.reference.filter(|_| message.webhook.is_none());
    if let Some(answered) = answers.and_then(|id| world.message(message.channel, id)) {
        line = format!("{line} (to {})", name(&answered.author));
    }
    let mut said = vec![named(world, &message.content)];
    if message.flags & LOADING != 0 {
        said.push("is thinking".to_owned());
    }
    said.extend(message.embeds.iter().map(|embed| format!("[{}]", shown(embed))));
    message.components.iter().for_each(|one| read(one, &mut said));
    let files = message.files.iter().filter_map(|id| world.file(*id));
    said.extend(files.map(|file| format!("[file {}]", file.name)));
    said.retain(|words| !words.is_empty());
    line = format!("{line}: {}", said.join(" ").replace('\n', " / "));
    if message.edited.is_some() {
        line += " (edited)";
    }
    for reaction in &message.reactions {
        let loud = reaction.burst.iter().map(|user| format!("{}!", name(user)));
        let users: Vec<String> = reaction.users.iter().map(name).chain(loud).collect();
        line = format!("{line} {} {}", reaction.emoji.name, users.join(", "));
    }
    line
}

/// Words with names where ids stand.
fn named(world: &World, content: &str) -> String {
    let mut said = content.to_owned();
    for user in world.users.iter().filter(|_| content.contains("<@")) {
        said = said.replace(&format!("<@{}>", user.id), &format!("@{}", user.name));
    }
    said
}

/// The words of an embed.
fn shown(embed: &Value) -> String {
    let texts = [&embed["author"]["name"], &embed["title"], &embed["description"]];
    let mut words: Vec<String> =
        texts.iter().filter_map(|text| text.as_str()).map(Into::into).collect();
    for field in embed["fields"].as_array().into_iter().flatten() {
        let text = |name: &str| field[name].as_str().unwrap_or_default();
        words.push(format!("{}: {}", text("name"), text("value")));
    }
    words.extend(embed["footer"]["text"].as_str().map(Into::into));
    words.join(" | ")
}

/// The words of components, with what can be pressed in brackets.
fn read(one: &Value, words: &mut Vec<String>) {
    let text = |name: &str| one[name].as_str().unwrap_or_default();
    match one["type"].as_u64() {
        Some(2) if one["disabled"] == true => words.push(format!("[{} (off)]", text("label"))),
        Some(2) => words.push(format!("[{}]", text("label"))),
        Some(3..=8) => words.push(format!("[pick {}]", text("placeholder"))),
        Some(10) => words.push(text("content").to_owned()),
        _ => {
            for inner in one["components"].as_array().into_iter().flatten() {
                read(inner, words);
            }
            if one["accessory"].is_object() {
                read(&one["accessory"], words);
            }
        }
    }
}
