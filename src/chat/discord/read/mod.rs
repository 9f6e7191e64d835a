//! What Discord brings, read: payloads to what happened. Pure.
//!
//! What can't be read is read as far as it can be, and never dropped silently: [`Heard::Odd`] names
//! its type and id. Nothing here says what a post is, or who may do what.

mod act;
mod direct;
mod event;
mod field;
mod heard;
mod message;
#[cfg(test)]
mod tests;
mod typed;

pub use direct::Direct;
pub use event::{concerns, emoji, read};
pub use field::{first_of, identity, message as message_at, stands};
pub use heard::{Asked, Did, Heard, Known, Way};
pub use message::{changed, missing, said};

use serde_json::Value;

/// The channel of Discord's in which something happened, where it has to be known whether it is a
/// thread, and of which channel. An interaction says that itself.
pub fn happened_in<'a>(kind: &str, event: &'a Value) -> Option<&'a str> {
    let tells = kind.starts_with("MESSAGE_") && event["guild_id"].is_string();
    field::some(event, "channel_id").filter(|_| tells)
}

/// What stands in small under a message.
pub fn mark(message: &Value) -> Option<&str> {
    message["embeds"][0]["footer"]["text"].as_str()
}
