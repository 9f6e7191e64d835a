//! What Slack brings, read: payloads to what happened. Pure.
//!
//! What can't be read is read as far as it can be, and never dropped silently: [`Heard::Odd`]
//! names its type and id. Nothing here says what a post is, or who may do what.

mod act;
mod emoji;
mod event;
mod field;
mod heard;
mod message;
#[cfg(test)]
mod tests;
mod typed;

pub use emoji::name_of as name_of_emoji;
pub use heard::{Did, Heard, Known, Own, Way, Who};
pub use message::{found, missing};
pub use typed::{Names, named};

use serde_json::Value;

use super::envelope::Kind;

/// Reads what Slack brought.
pub fn read(known: &Known<'_>, kind: Kind, payload: &Value) -> Heard {
    match kind {
        Kind::Event => event::read(known, payload),
        Kind::Command => act::command(known, payload),
        Kind::Interaction => act::interaction(known, payload),
    }
}

/// The workspace through whose install something was heard.
pub fn heard_in(kind: Kind, payload: &Value) -> Option<&str> {
    let paths: &[&str] = match kind {
        Kind::Event => &["/authorizations/0/team_id", "/context_team_id", "/team_id"],
        Kind::Command => &["/team_id"],
        Kind::Interaction => &["/view/app_installed_team_id", "/team/id", "/user/team_id"],
    };
    let mut found = paths.iter().filter_map(|path| payload.pointer(path)?.as_str());
    found.find(|team| !team.is_empty())
}
