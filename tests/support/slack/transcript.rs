//! A channel as one person sees it, a line a message.

use serde_json::Value;

use super::Slack;
use super::message::Message;
use super::world::World;

impl Slack {
    /// What stands in a channel, as a person sees it; replies stand under their message.
    pub fn transcript(&self, channel: &str, seen_by: &str) -> String {
        let channel = self.channel_id(channel);
        let user = self.user_id(seen_by);
        self.sim.with(|world| {
            let messages = &world.channel(&channel).expect("known").messages;
            let seen: Vec<&Message> = messages
                .iter()
                .filter(|m| !m.gone && m.only.as_ref().is_none_or(|only| *only == user))
                .collect();
            let mut lines = Vec::new();
            for message in seen.iter().filter(|m| m.thread.is_none()) {
                lines.push(line(world, message));
                let replies = seen.iter().filter(|m| m.thread.as_ref() == Some(&message.ts));
                lines.extend(replies.map(|reply| format!("  > {}", line(world, reply))));
            }
            lines.join("\n")
        })
    }
}

fn line(world: &World, message: &Message) -> String {
    let name = |id: &str| world.user(id).map_or_else(|| id.to_owned(), |user| user.name.clone());
    let mut line = name(&message.user);
    if message.only.is_some() {
        line += " (only you)";
    }
    let typed = message.bot.is_none();
    let said = match &message.blocks {
        Some(blocks) if !typed => shown(blocks),
        _ => message.text.clone(),
    };
    line = format!("{line}: {}", said.replace('\n', " / "));
    let files = message.files.iter().filter_map(|id| world.file(id));
    for file in files {
        line = format!("{line} [file {}]", file.name);
    }
    if message.edited.is_some() {
        line += " (edited)";
    }
    for (reaction, users) in &message.reactions {
        let users: Vec<String> = users.iter().map(|user| name(user)).collect();
        line = format!("{line} :{reaction}: {}", users.join(", "));
    }
    line
}

/// The words of blocks, with what can be pressed in brackets.
fn shown(blocks: &Value) -> String {
    let mut words = Vec::new();
    read(blocks, &mut words);
    words.join(" ")
}

fn read(value: &Value, words: &mut Vec<String>) {
    match value {
        Value::Array(list) => list.iter().for_each(|one| read(one, words)),
        Value::Object(fields) if value["type"] == "button" => {
            words.push(format!("[{}]", fields["text"]["text"].as_str().unwrap_or_default()));
        }
        Value::Object(fields) => {
            if let Some(Value::String(text)) = fields.get("text") {
                words.push(text.clone());
            }
            if let Some(Value::String(alt)) = fields.get("alt_text") {
                words.push(format!("[picture: {alt}]"));
            }
            let inner = ["text", "title", "fields", "elements", "element", "accessory"];
            for name in inner {
                if let Some(inner) = fields.get(name).filter(|inner| !inner.is_string()) {
                    read(inner, words);
                }
            }
        }
        _ => {}
    }
}
