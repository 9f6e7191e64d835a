//! How a message is known again, and what can be done with any that is known.

use reqwest::Method;
use serenity::http::Route;
use serenity::model::id::{ChannelId, MessageId};
use sha2::{Digest, Sha256};

use super::api::{Api, Body, Failed};
use super::directory::{channel_id, number};
use super::read;
use crate::domain::canonical::hex;
use crate::ports::chat::MessageRef;

/// What stands under a card that is not finished, behind its mark.
pub const UNFINISHED: &str = " · not finished";

/// By what the message of a notice is known again.
pub fn mark(key: &str) -> String {
    format!("ref {}", hex::encode(&Sha256::digest(key.as_bytes())[..6]))
}

/// The same for every attempt at the same notice.
pub fn nonce(key: &str, nth: usize) -> String {
    hex::encode(&Sha256::digest(format!("nonce {nth} {key}").as_bytes())[..12])
}

/// The ids of a message, where it stands.
pub fn ids(at: &MessageRef) -> Result<(ChannelId, MessageId), Failed> {
    let (stands_in, id) = read::stands(at);
    Ok((channel_id(stands_in)?, MessageId::new(number(id)?)))
}

/// The route of a message.
pub fn one(at: &MessageRef) -> Result<Route<'static>, Failed> {
    let (channel_id, message_id) = ids(at)?;
    Ok(Route::ChannelMessage { channel_id, message_id })
}

/// Takes a message of the bot's away; that it is away already is as good.
pub async fn take_away(api: &Api, at: &MessageRef) -> Result<(), Failed> {
    match api.send(Method::DELETE, one(at)?, Body::Nothing).await {
        Ok(_) | Err(Failed::Refused(10_008)) => Ok(()),
        Err(failed) => Err(failed),
    }
}
