//! How payloads are looked into: what is absent is empty, and ids say when. Pure.

use jiff::Timestamp;
use serde_json::Value;

use crate::domain::ids::EventId;
use crate::domain::member::{Identity, Platform};
use crate::domain::practice::ChannelRef;
use crate::ports::chat::MessageRef;
use crate::ports::intake::FileRef;

/// Kinds of messages that a person writes: by itself, and as an answer.
pub const WRITTEN: [u64; 2] = [0, 19];
/// The millisecond in which Discord's ids begin.
const EPOCH: i64 = 1_420_070_400_000;

/// A text, empty when it is not there.
pub fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

/// A text that says something.
pub fn some<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value[name].as_str().filter(|text| !text.is_empty())
}

/// The things of a list; none when it is not there.
pub fn list<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value[name].as_array().into_iter().flatten()
}

/// A channel of a guild.
pub fn channel(guild: &str, id: &str) -> ChannelRef {
    let (workspace, channel) = (guild.to_owned(), id.to_owned());
    ChannelRef { platform: Platform::Discord, workspace, channel }
}

/// Somebody in a guild.
pub fn identity(guild: &str, user: &str) -> Identity {
    let (workspace, user) = (guild.to_owned(), user.to_owned());
    Identity { platform: Platform::Discord, workspace, user }
}

/// A message of a channel; one that stands elsewhere, as in a thread, says where.
pub fn message(channel: &ChannelRef, stands_in: &str, id: &str) -> MessageRef {
    let elsewhere = !stands_in.is_empty() && stands_in != channel.channel && !id.is_empty();
    let message = if elsewhere { format!("{stands_in}/{id}") } else { id.to_owned() };
    MessageRef { channel: channel.clone(), message }
}

/// Where a message stands in truth: in which channel of Discord's, and its id there.
pub fn stands(at: &MessageRef) -> (&str, &str) {
    at.message.split_once('/').unwrap_or((&at.channel.channel, &at.message))
}

/// When something with this id was made.
pub fn made(id: &str) -> Option<Timestamp> {
    let id: u64 = id.parse().ok()?;
    Timestamp::from_millisecond(i64::try_from(id >> 22).ok()? + EPOCH).ok()
}

/// The first id of this time.
pub fn first_of(at: Timestamp) -> u64 {
    u64::try_from(at.as_millisecond() - EPOCH).unwrap_or_default() << 22
}

/// A time as payloads have it.
pub fn time(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

/// The files of a message: where each stands, and behind a blank, for the directory alone, where its
/// bytes are for a while.
pub fn files(stands_in: &str, message: &Value) -> Vec<FileRef> {
    let all = list(message, "attachments").filter(|file| some(file, "id").is_some());
    all.map(|file| FileRef {
        id: format!(
            "{stands_in}/{}/{} {}",
            text(message, "id"),
            text(file, "id"),
            text(file, "url")
        ),
        name: text(file, "filename").to_owned(),
        alt: text(file, "description").to_owned(),
    })
    .collect()
}

/// What happened to a message, by its own name.
pub fn named(at: &MessageRef, what: &str) -> EventId {
    EventId::new(format!("discord:{}/{}/{what}", at.channel.channel, at.message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_says_when() {
        let at = made("175928847299117063").expect("a time");

        assert_eq!(at.to_string(), "2016-04-30T11:18:25.796Z");
        assert_eq!(first_of(at), 175_928_847_299_117_063 >> 22 << 22);
        assert_eq!(made("now"), None);
    }

    #[test]
    fn a_message_in_a_thread_is_of_the_channel_and_says_where() {
        let ideas = channel("1", "20");
        let table = [("20", "7", "7"), ("30", "7", "30/7"), ("", "7", "7"), ("30", "", "")];

        for (stands_in, id, expected) in table {
            let at = message(&ideas, stands_in, id);
            assert_eq!(at.message, expected);
        }
        assert_eq!(stands(&message(&ideas, "30", "7")), ("30", "7"));
        assert_eq!(stands(&message(&ideas, "20", "7")), ("20", "7"));
    }
}
