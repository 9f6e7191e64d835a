//! How payloads are looked into: what is absent is empty, and times stay exact. Pure.

use jiff::Timestamp;
use serde_json::Value;

use super::heard::{Own, Who};
use crate::domain::member::Platform;
use crate::domain::practice::ChannelRef;
use crate::ports::chat::MessageRef;

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

/// A channel as this workspace knows it.
pub fn channel(own: &Own, id: &str) -> ChannelRef {
    ChannelRef { platform: Platform::Slack, workspace: own.team.clone(), channel: id.to_owned() }
}

/// A message of a channel, by its time.
pub fn message(channel: &ChannelRef, ts: &str) -> MessageRef {
    MessageRef { channel: channel.clone(), message: ts.to_owned() }
}

/// Who wrote a message, with the workspace that they belong to as far as it says.
pub fn author(message: &Value) -> Who {
    let teams = ["user_team", "source_team", "team"];
    let team = teams.iter().find_map(|name| some(message, name));
    Who { user: text(message, "user").to_owned(), team: team.map(ToOwned::to_owned) }
}

/// The time that a message's id says: seconds and microseconds.
pub fn time(ts: &str) -> Option<Timestamp> {
    let (seconds, micros) = ts.split_once('.').unwrap_or((ts, "0"));
    let micros: i32 = format!("{micros:0<6}").get(..6)?.parse().ok()?;
    Timestamp::new(seconds.parse().ok()?, micros.checked_mul(1_000)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_exact() {
        let table = [
            ("1795424301.000100", Some(1_795_424_301_000_100)),
            ("1795424301.9", Some(1_795_424_301_900_000)),
            ("1795424301", Some(1_795_424_301_000_000)),
            ("", None),
            ("now", None),
        ];

        for (ts, expected) in table {
            assert_eq!(time(ts).map(Timestamp::as_microsecond), expected, "{ts}");
        }
    }
}
