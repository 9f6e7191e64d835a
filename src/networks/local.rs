//! The local network, "Practice page": posts that people see on a page of this computer.
//!
//! Its protocol is ours, told at the head of `chat::local`'s network: `POST /posts` under an
//! `Idempotency-Key`, `POST /media`, `GET /posts?key=`, `GET` and `DELETE /posts/{id}`.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, Method, RequestBuilder, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use thiserror::Error;

use super::checked::{self, is_id};
use super::http::{self, Attempt, Effect, Failure};
use crate::domain::network::Network;
use crate::domain::outbox::{Certainty, LookedUp, Outcome};
use crate::ports::publisher::{Job, Media, On, Prepared, Publisher, ReadBack};

/// The network of this file.
pub const NETWORK: Network = Network::Local;

/// The local network as a practice publishes on it.
pub struct LocalNetwork {
    client: Client,
    base: Url,
    token: HeaderValue,
    certainty: Certainty,
    timeout: Duration,
}

/// Settings with which nothing could be sent.
#[derive(Debug, Error)]
pub enum NotUsable {
    /// Not an address of the web, or one with a password or a question in it.
    #[error("the local network's address has to be http(s)://server/path, without @, ? or #")]
    Address,
    /// The token can't stand in a header.
    #[error("the local network's token has characters that can't be sent")]
    Token,
    /// No client.
    #[error("no web client: {0}")]
    Client(#[from] reqwest::Error),
}

/// An id that we can use again.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Id(String);

#[derive(Deserialize)]
struct Made {
    id: Id,
    #[serde(default)]
    url: String,
}

#[derive(Deserialize)]
struct Live {
    text: String,
    media: Vec<LiveMedia>,
}

#[derive(Deserialize)]
struct LiveMedia {
    sha256: String,
    alt: String,
}

impl TryFrom<String> for Id {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if is_id(&text) { Ok(Self(text)) } else { Err("an id that can't stand in an address") }
    }
}

impl fmt::Debug for LocalNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LocalNetwork({}, token [hidden])", self.base)
    }
}

impl LocalNetwork {
    /// The network at this address, such as `http://127.0.0.1:7421/local/network`. Each request
    /// may take `timeout`.
    pub fn new(
        base_url: &str,
        token: &str,
        certainty: Certainty,
        timeout: Duration,
    ) -> Result<Self, NotUsable> {
        let base = Url::parse(base_url)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"))
            .filter(|url| url.query().is_none() && url.fragment().is_none())
            .filter(|url| url.username().is_empty() && url.password().is_none())
            .ok_or(NotUsable::Address)?;
        let mut bearer =
            HeaderValue::try_from(format!("Bearer {token}")).map_err(|_| NotUsable::Token)?;
        bearer.set_sensitive(true);
        let client = http::client(http::trust(base.scheme()))?;
        Ok(Self { client, base, token: bearer, certainty, timeout })
    }

    fn address(&self, path: &[&str]) -> Url {
        http::at(&self.base, path)
    }

    fn request(&self, method: Method, url: Url) -> RequestBuilder {
        self.client.request(method, url).header(AUTHORIZATION, self.token.clone())
    }

    fn attempt(&self, effect: Effect, now: Timestamp) -> Attempt {
        Attempt { timeout: self.timeout, effect, now, codes: http::no_codes }
    }

    /// Asks without any effect; the failure's time is of no use to anybody.
    async fn ask<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, Failure> {
        let attempt = self.attempt(Effect::Repeatable, Timestamp::UNIX_EPOCH);
        let answer = http::send(request, attempt).await?;
        serde_json::from_value(answer).map_err(|_| Failure::Ended(Outcome::TryLater(attempt.now)))
    }

    async fn upload(&self, media: &Media, now: Timestamp) -> Result<String, Outcome> {
        let request = self
            .request(Method::POST, self.address(&["media"]))
            .header(CONTENT_TYPE, &media.media_type)
            .body(media.bytes.clone());
        let answer = http::send(request, self.attempt(Effect::Repeatable, now)).await?;
        serde_json::from_value(answer)
            .map(|made: Made| made.id.0)
            .map_err(|_| Outcome::TryLater(now))
    }
}

#[async_trait]
impl Publisher for LocalNetwork {
    fn network(&self) -> Network {
        NETWORK
    }

    fn certainty(&self) -> Certainty {
        self.certainty
    }

    async fn prepare(&self, job: &Job<'_>) -> Result<Prepared, Outcome> {
        checked::pictures(job)?;
        let mut prepared = Prepared::default();
        for media in job.media {
            prepared.uploads.push(self.upload(media, job.on.now).await?);
        }
        Ok(prepared)
    }

    async fn publish(&self, job: &Job<'_>, prepared: &Prepared) -> Outcome {
        if let Err(outcome) = checked::uploads(job, prepared) {
            return outcome;
        }
        let pictures = prepared.uploads.iter().zip(&job.part.media);
        let media: Vec<Value> = pictures
            .map(|(upload, picture)| json!({ "upload": upload, "alt": picture.alt }))
            .collect();
        let post = json!({
            "account": job.on.account.remote_id,
            "text": job.part.words(),
            "media": media,
        });
        let request = self
            .request(Method::POST, self.address(&["posts"]))
            .header("Idempotency-Key", job.id.as_str())
            .json(&post);
        match http::send(request, self.attempt(Effect::Mutates, job.on.now)).await {
            Ok(answer) => serde_json::from_value(answer).map_or_else(
                |_| Outcome::Unknown("the network's answer names no post".to_owned()),
                |made: Made| Outcome::Published {
                    remote: made.id.0,
                    url: http::web_address(&made.url),
                },
            ),
            Err(failure) => failure.into(),
        }
    }

    async fn look_up(&self, job: &Job<'_>) -> LookedUp {
        let mut url = self.address(&["posts"]);
        url.query_pairs_mut().append_pair("key", job.id.as_str());
        let request = self.request(Method::GET, url);
        match self.ask::<Vec<Made>>(request).await {
            Ok(posts) => match posts.into_iter().next() {
                Some(made) => {
                    LookedUp::Found { remote: made.id.0, url: http::web_address(&made.url) }
                }
                None => LookedUp::Absent,
            },
            Err(_) => LookedUp::CantTell,
        }
    }

    async fn read_back(&self, _: On<'_>, remote: &str) -> ReadBack {
        if !is_id(remote) {
            return ReadBack::CantTell;
        }
        let request = self.request(Method::GET, self.address(&["posts", remote]));
        match self.ask::<Live>(request).await {
            Ok(live) => {
                let (alts, media) = live.media.into_iter().map(|m| (m.alt, m.sha256)).unzip();
                ReadBack::There { text: live.text, alts, media }
            }
            Err(Failure::NotThere | Failure::NotFound(_)) => ReadBack::Gone,
            Err(_) => ReadBack::CantTell,
        }
    }

    async fn take_down(&self, on: On<'_>, remote: &str) -> Outcome {
        if !is_id(remote) {
            return checked::no_id();
        }
        let request = self.request(Method::DELETE, self.address(&["posts", remote]));
        match http::send(request, self.attempt(Effect::Repeatable, on.now)).await {
            Ok(_) | Err(Failure::NotThere | Failure::NotFound(_)) => checked::taken_down(remote),
            Err(failure) => failure.into(),
        }
    }
}
