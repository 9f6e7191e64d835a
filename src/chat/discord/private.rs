//! What one person alone is told: as an answer to what they did lately, which lasts as long as they
//! look at it, or in a direct message.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use serenity::http::Route;
use serenity::model::id::{ApplicationId, UserId};
use tokio::time::Instant;

use super::api::{Api, Body, Failed};
use super::directory::{Directory, channel_id, number};
use super::mark::nonce;
use super::show::{self, Message};
use super::whispers::{Whisper, Whispers};
use super::{means, read};
use crate::domain::member::Identity;
use crate::domain::practice::ChannelRef;
use crate::ports::chat::{MessageRef, Place, Shown};
use crate::ports::notice::View;

/// Only one person sees it.
const EPHEMERAL: u64 = 1 << 6;
/// They take no direct messages.
const CLOSED: u64 = 50_007;
/// So often what got no answer is sent again at once.
const AGAIN: usize = 2;
const DAY: Duration = Duration::from_hours(24);
/// What is said where somebody takes no direct messages.
const CALLED: &str = "Something is for you alone, and you take no direct messages from this server. \
                      Allow them in its privacy settings, or type `/post queue` here.";

/// Tells people what nobody else sees. Cheap to clone.
#[derive(Clone)]
pub struct Private {
    api: Api,
    directory: Directory,
    whispers: Arc<Whispers>,
    /// Who was called in a channel, and when.
    called: Arc<Mutex<HashMap<String, Instant>>>,
}

impl Private {
    /// Through `api`, where somebody waits for an answer.
    pub fn new(api: Api, directory: Directory, whispers: Arc<Whispers>) -> Self {
        Self { api, directory, whispers, called: Arc::default() }
    }

    /// Tells somebody this. What they must find again is told in a direct message, if they take any.
    pub async fn tell(
        &self,
        place: &Place,
        only: &Identity,
        (key, message, view): (&str, &Message, &View),
    ) -> Result<MessageRef, Shown> {
        let is_asked = matches!(view, View::Noted { .. }) && !message.components.is_empty();
        if !lasts(view)
            && !is_asked
            && let Some(at) = self.answer(place, only, message).await?
        {
            return Ok(at);
        }
        match self.directly(key, (place, only), message).await {
            Err(Failed::Refused(CLOSED)) => match self.answer(place, only, message).await? {
                Some(at) => Ok(at),
                None => Err(self.closed(place, only, view).await),
            },
            told => told.map_err(|failed| means::shown(&failed)),
        }
    }

    /// They take no direct messages, and do nothing to be answered: the channel hears that, and not
    /// what it is about. What has to last waits for them.
    async fn closed(&self, place: &Place, only: &Identity, view: &View) -> Shown {
        if self.is_new(only) {
            let user = &only.user;
            let body = json!({
                "content": format!("<@{user}>"), "allowed_mentions": { "parse": [], "users": [user] },
                "embeds": [show::embed(CALLED, "", None)],
            });
            let said = channel_id(&place.channel.channel)
                .map(|channel_id| Route::ChannelMessages { channel_id });
            let said = match said {
                Ok(route) => self.api.send(Method::POST, route, Body::Json(&body)).await,
                Err(failed) => Err(failed),
            };
            if let Err(failed) = said {
                tracing::warn!(discord.error = %failed, "Nobody hears of closed messages: {failed}");
            }
        }
        let why = Failed::Refused(CLOSED).to_string();
        if lasts(view) { Shown::TryLater(why) } else { Shown::Refused(why) }
    }

    /// Once a day is enough.
    fn is_new(&self, only: &Identity) -> bool {
        let mut called = self.called.lock().unwrap_or_else(PoisonError::into_inner);
        called.retain(|_, at| at.elapsed() < DAY);
        called.insert(only.user.clone(), Instant::now()).is_none()
    }

    /// As an answer to what they did there lately; nothing where they did nothing.
    async fn answer(
        &self,
        place: &Place,
        only: &Identity,
        message: &Message,
    ) -> Result<Option<MessageRef>, Shown> {
        let Some(whisper) = self.whispers.of(only, &place.channel).await else { return Ok(None) };
        let mut body = show::body(message);
        body["flags"] = json!(EPHEMERAL);
        match self.say(&whisper, &body).await {
            Ok(said) => {
                let id = said["id"].as_str().unwrap_or_default();
                Ok(Some(MessageRef { channel: place.channel.clone(), message: id.to_owned() }))
            }
            // Its time is over.
            Err(Failed::Refused(_)) => {
                self.whispers.forget(&whisper.asked);
                Ok(None)
            }
            Err(failed) => {
                self.whispers.back(&whisper);
                Err(means::shown(&failed))
            }
        }
    }

    /// Says what was promised, or more.
    async fn say(&self, whisper: &Whisper, body: &Value) -> Result<Value, Failed> {
        let application_id = ApplicationId::new(number(&self.directory.own().await?.app)?);
        let token = whisper.asked.token.reveal();
        let (method, route) = if whisper.promised {
            (Method::PATCH, Route::WebhookOriginalInteractionResponse { application_id, token })
        } else {
            (Method::POST, Route::WebhookFollowupMessages { application_id, token })
        };
        self.api.send(method, route, Body::Json(body)).await
    }

    /// In their own conversation with the bot, with the place that it is about.
    async fn directly(
        &self,
        key: &str,
        (place, only): (&Place, &Identity),
        message: &Message,
    ) -> Result<MessageRef, Failed> {
        let _ = UserId::new(number(&only.user)?);
        let asked = json!({ "recipient_id": only.user });
        let opened = self.api.send(Method::POST, Route::UserMeDmChannels, Body::Json(&asked)).await;
        let opened = match opened {
            // Nothing was said yet.
            Err(Failed::Unknown(why)) => return Err(Failed::Away(why)),
            opened => opened?,
        };
        let stands_in = opened["id"].as_str().ok_or_else(|| Failed::Away("no id".to_owned()))?;
        let mut body = show::body(message);
        body["content"] = json!(address(&place.channel, place.thread.as_deref()));
        body["nonce"] = json!(nonce(key, 0));
        body["enforce_nonce"] = json!(true);
        let route = Route::ChannelMessages { channel_id: channel_id(stands_in)? };
        let mut said = self.api.send(Method::POST, route, Body::Json(&body)).await;
        // Within minutes of each other they are one message.
        for _ in 0..AGAIN {
            if !matches!(said, Err(Failed::Unknown(_))) {
                break;
            }
            said = self.api.send(Method::POST, route, Body::Json(&body)).await;
        }
        let said = said?;
        let id = said["id"].as_str().unwrap_or_default();
        Ok(read::message_at(&place.channel, stands_in, id))
    }

    /// What was promised and did not come is taken back, or this is said in its place.
    pub async fn give_up(&self, asked: &read::Asked, instead: Option<&Value>) {
        if !self.whispers.give_up(asked) {
            return;
        }
        let Ok(own) = self.directory.own().await else { return };
        let Ok(app) = number(&own.app) else { return };
        let (application_id, token) = (ApplicationId::new(app), asked.token.reveal());
        let route = Route::WebhookOriginalInteractionResponse { application_id, token };
        let (method, body) = match instead {
            Some(instead) => (Method::PATCH, Body::Json(instead)),
            None => (Method::DELETE, Body::Nothing),
        };
        if let Err(failed) = self.api.send(method, route, body).await {
            tracing::debug!(discord.error = %failed, "An answer is not taken back: {failed}");
        }
    }
}

/// Where whoever may read a message of a channel finds it, or the channel itself.
pub fn address(channel: &ChannelRef, message: Option<&str>) -> String {
    let base = format!("https://discord.com/channels/{}", channel.workspace);
    match message {
        None => format!("{base}/{}", channel.channel),
        Some(message) if message.contains('/') => format!("{base}/{message}"),
        Some(message) => format!("{base}/{}/{message}", channel.channel),
    }
}

/// It has to last: what only one sees goes with the next look.
fn lasts(view: &View) -> bool {
    match view {
        View::Appeal { .. }
        | View::AskPatients { .. }
        | View::Attested { .. }
        | View::Blocked { .. }
        | View::Changed { .. }
        | View::Code(_)
        | View::Failures { .. }
        | View::Leftover { .. } => true,
        View::AtDesk { shows, .. } => lasts(shows),
        _ => false,
    }
}
