//! What happens in a world, whoever does it: messages come, change and go, reactions too.

use serde_json::{Value, json};

use super::blocks;
use super::fail::Fail;
use super::message::Message;
use super::world::World;

impl World {
    /// A new message; every app in the channel hears of it.
    pub fn put(&mut self, channel: &str, message: Message) -> Value {
        for id in message.files.clone() {
            if let Some(file) = self.files.iter_mut().find(|file| file.id == id) {
                file.shares.push((channel.to_owned(), message.ts.clone()));
            }
        }
        let shown = self.message_json(channel, &message, true);
        let event = self.message_event(channel, &message);
        self.channel_mut(channel).expect("a known channel").messages.push(message);
        self.tell_channel(channel, &event);
        shown
    }

    /// A message changes, or is gone.
    pub fn change(&mut self, channel: &str, before: &Message, after: Option<Message>) {
        let event = self.changed_event(channel, before, after.as_ref());
        let standing = self.message_mut(channel, &before.ts).expect("it stands");
        match after {
            Some(after) => *standing = after,
            None => standing.gone = true,
        }
        if before.only.is_none() {
            self.tell_channel(channel, &event);
        }
    }

    /// A message is deleted; if replies hang on it, a tombstone stands there instead.
    pub fn delete(&mut self, channel: &str, before: &Message) {
        let standing = &self.channel(channel).expect("a known channel").messages;
        let replied = standing.iter().any(|m| m.thread.as_ref() == Some(&before.ts) && !m.gone);
        let tombstone = Message {
            ts: before.ts.clone(),
            user: "USLACKBOT".to_owned(),
            team: before.team.clone(),
            text: "This message was deleted.".to_owned(),
            tombstone: true,
            ..Message::default()
        };
        self.change(channel, before, replied.then_some(tombstone));
    }

    /// Puts a reaction on or takes it away; false if that changes nothing.
    pub fn reacts(&mut self, who: &str, name: &str, at: (&str, &str), on: bool) -> bool {
        let hearsay = self.hearsay;
        let Some(message) = self.message_mut(at.0, at.1) else { return false };
        let done =
            hearsay || if on { message.react(name, who) } else { message.unreact(name, who) };
        if done {
            let event = self.reaction_event(on, who, name, at);
            self.tell_channel(at.0, &event);
        }
        done
    }

    /// What an app says under the address that it was given for an answer.
    pub fn answer_under(&mut self, key: &str, said: &Value) -> Result<(), Fail> {
        let respond = self.responds.get_mut(key).ok_or_else(|| Fail::new("no_such_address"))?;
        respond.left = respond.left.checked_sub(1).ok_or_else(|| Fail::new("used_up"))?;
        let respond = respond.clone();
        let wrong = said["blocks"].as_array().map(|_| blocks::of_message(&said["blocks"]));
        if let Some(wrong) = wrong.filter(|wrong| !wrong.is_empty()) {
            return Err(Fail::because("invalid_blocks", &wrong));
        }
        let standing = respond.ts.as_ref().and_then(|ts| self.message(&respond.channel, ts));
        match standing.cloned() {
            Some(before) if said["delete_original"] == true => {
                self.delete(&respond.channel, &before);
            }
            Some(before) if said["replace_original"] == true => {
                let after = Message {
                    text: said["text"].as_str().unwrap_or_default().to_owned(),
                    blocks: said.get("blocks").cloned(),
                    ..before.clone()
                };
                self.change(&respond.channel, &before, Some(after));
            }
            _ => self.answer_person(&respond.app, &respond.user, &respond.channel, said),
        }
        Ok(())
    }

    /// Shows an app's answer: to the person alone, unless it says otherwise.
    pub fn answer_person(&mut self, app: &str, user: &str, channel: &str, said: &Value) {
        let known = self.channel(channel).expect("a known channel").clone();
        let install = self.install_in(app, &known).or_else(|| self.install(app, &known.teams[0]));
        let Some(install) = install.cloned() else { return };
        let public = said["response_type"] == "in_channel";
        let mut blocks = said.get("blocks").filter(|blocks| blocks.is_array()).cloned();
        if let Some(blocks) = &mut blocks {
            super::methods::name_blocks(blocks);
        }
        let message = Message {
            ts: self.ts(),
            thread: said["thread_ts"].as_str().map(ToOwned::to_owned),
            user: install.bot_user,
            team: install.team,
            bot: Some((install.bot, install.app)),
            text: said["text"].as_str().unwrap_or_default().to_owned(),
            blocks,
            only: (!public).then(|| user.to_owned()),
            ..Message::default()
        };
        if public {
            self.put(channel, message);
        } else {
            self.channel_mut(channel).expect("known").messages.push(message);
        }
    }
}

/// What Slack makes of what a person typed: escaped, links marked, pictures named.
pub fn typed(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let named = EMOJI.iter().fold(escaped, |text, (sign, name)| text.replace(sign, name));
    let words = named.split_inclusive(char::is_whitespace).map(|word| {
        let bare = word.trim_end();
        if bare.starts_with("https://") || bare.starts_with("http://") {
            format!("<{bare}>{}", &word[bare.len()..])
        } else {
            word.to_owned()
        }
    });
    words.collect()
}

/// Some of the emoji that Slack stores by name.
const EMOJI: &[(&str, &str)] = &[
    ("✅", ":white_check_mark:"),
    ("❌", ":x:"),
    ("✋", ":hand:"),
    ("🛑", ":octagonal_sign:"),
    ("👍", ":+1:"),
];

/// The rich text that Slack's own client sends along.
pub fn rich(text: &str) -> Value {
    json!([{
        "type": "rich_text", "block_id": "typed",
        "elements": [{
            "type": "rich_text_section", "elements": [{ "type": "text", "text": text }],
        }],
    }])
}
