//! The threads of cards, and what stands whole in them.

use reqwest::Method;
use serde_json::json;
use serenity::http::Route;

use super::api::{Api, Body, Failed};
use super::directory::{Directory, channel_id};
use super::mark::{ids, mark, nonce};
use super::{history, patience, read, show};
use crate::ports::chat::MessageRef;

/// What stands under the last message of a thread that holds all of a card, before its mark.
const WHOLE: &str = "that is all of it";
/// A thread hangs on the message already.
const THERE: u64 = 160_004;

/// Threads of messages.
pub struct Threads {
    api: Api,
    directory: Directory,
}

impl Threads {
    /// Through `api`.
    pub fn new(api: Api, directory: Directory) -> Self {
        Self { api, directory }
    }

    /// The thread of a message, begun if there is none: it has the message's id.
    pub async fn of(&self, root: &MessageRef) -> Result<String, Failed> {
        let (stands_in, id) = read::stands(root);
        if stands_in != root.channel.channel {
            // There are no threads in threads.
            return Ok(stands_in.to_owned());
        }
        let (channel_id, message_id) = ids(root)?;
        let route = Route::ChannelMessageThreads { channel_id, message_id };
        let body = json!({ "name": "Countersign", "auto_archive_duration": 10_080 });
        match self.api.send(Method::POST, route, Body::Json(&body)).await {
            Ok(_) | Err(Failed::Refused(THERE)) => Ok(id.to_owned()),
            Err(failed) => Err(failed),
        }
    }

    /// Puts all of a card, in these words, into its thread.
    pub async fn put_whole(&self, at: &MessageRef, words: &str) -> Result<(), Failed> {
        let thread = self.of(at).await?;
        let pages = show::pages(words, show::PAGE);
        let last = pages.len().saturating_sub(1);
        for (nth, page) in pages.into_iter().enumerate() {
            let mark = if nth == last { whole(at) } else { String::new() };
            let body = json!({
                "embeds": [show::embed(&page, &mark, None)], "allowed_mentions": show::nobody(),
                "nonce": nonce(&at.message, nth), "enforce_nonce": true,
            });
            let route = Route::ChannelMessages { channel_id: channel_id(&thread)? };
            patience::send(&self.api, (Method::POST, route), &body).await?;
        }
        Ok(())
    }

    /// Whether all of a card stands in its thread. Anybody may write there that it does.
    pub async fn holds_whole(&self, at: &MessageRef) -> Result<bool, Failed> {
        let thread = self.of(at).await?;
        let own = &self.directory.own().await?.user;
        let whole = whole(at);
        let found = history::find(&self.api, (&thread, read::stands(at).1), |message| {
            message["author"]["id"] == own.as_str() && read::mark(message) == Some(&whole)
        });
        Ok(found.await?.is_some())
    }
}

/// What stands in small under the last message of all of this card: a thread may hold several.
pub fn whole(at: &MessageRef) -> String {
    format!("{WHOLE} · {}", mark(&at.message))
}
