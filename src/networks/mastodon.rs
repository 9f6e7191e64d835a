//! Mastodon, and other servers that speak its [API](https://docs.joinmastodon.org/methods/).
//!
//! A post goes out under a key, and whatever comes again under it within an hour is the same post.
//! After that, and on servers that don't keep to it, one looks among the account's own posts.
//!
//! A server may take its time with a picture. Which ones it has is remembered while the process
//! runs; after a restart they are uploaded again, and the server forgets those of no post itself.

mod engage;
mod engagement;
mod read;
mod sign_in;
mod uploads;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use reqwest::header::ACCEPT_LANGUAGE;
use reqwest::multipart::{Form, Part};
use reqwest::{Method, RequestBuilder, Url};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::checked::{self, is_id, server, surely_not_sent, taken_down};
use super::http::{self, Attempt, Clients, Effect, Failure};
use super::token::Keyring;
use crate::domain::network::{Limits, Network};
use crate::domain::outbox::{Certainty, LookedUp, Outcome};
use crate::domain::practice::Account;
use crate::ports::engagement::Reads;
use crate::ports::publisher::{Job, Media, On, Prepared, Publisher, ReadBack, Readiness};
use read::{Room, Standing, Text};
use uploads::Uploads;

/// The network of this file.
pub const NETWORK: Network = Network::Mastodon;

/// Until a post is seen by whoever asks: a server may read from a copy that lags behind.
const SEEN: SignedDuration = SignedDuration::from_secs(30);
/// So many posts are asked for as they were sent in one look-up: each is a request of its own.
const MOST_SOURCES: usize = 8;
/// Until a picture that is being worked on is asked for again.
const WORKED_ON: SignedDuration = SignedDuration::from_secs(5);

/// Mastodon, as practices publish on it.
pub struct Mastodon {
    clients: Arc<Clients>,
    keys: Arc<Keyring>,
    timeout: Duration,
    /// What fits on each server, once it is known.
    limits: Mutex<HashMap<String, Limits>>,
    /// What the server calls a publication's picture.
    uploads: Uploads,
}

/// How an account is signed in to, and what its server takes.
#[derive(Clone, Serialize, Deserialize)]
struct Kept {
    token: String,
    room: Room,
}

/// An account's server, and what opens it.
struct Open {
    server: Url,
    token: String,
}

impl Mastodon {
    /// Over these; each request may take `timeout`.
    pub fn new(clients: Arc<Clients>, keys: Arc<Keyring>, timeout: Duration) -> Self {
        let (limits, uploads) = (Mutex::default(), Uploads::default());
        Self { clients, keys, timeout, limits, uploads }
    }

    async fn open(&self, on: On<'_>) -> Result<Open, Outcome> {
        let server = server(&on.account.server)?;
        let Kept { token, room } = self.keys.open(on).await?;
        self.remember(on.account, room);
        Ok(Open { server, token })
    }

    fn request(
        &self,
        method: Method,
        open: &Open,
        path: &[&str],
    ) -> Result<RequestBuilder, Failure> {
        self.asking(method, open, http::at(&open.server, path))
    }

    fn asking(&self, method: Method, open: &Open, url: Url) -> Result<RequestBuilder, Failure> {
        let request = self.clients.of(&url)?.request(method, url).bearer_auth(&open.token);
        // Its errors are told apart by their words.
        Ok(request.header(ACCEPT_LANGUAGE, "en"))
    }

    async fn ask(
        &self,
        request: RequestBuilder,
        effect: Effect,
        now: Timestamp,
    ) -> Result<Value, Failure> {
        http::send(request, Attempt { timeout: self.timeout, effect, now, codes: read::codes })
            .await
    }

    fn remember(&self, account: &Account, room: Room) {
        let mut limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
        limits.insert(account.server.clone(), room.limits());
    }

    /// What the server calls a picture, once it is ready to be seen.
    async fn picture(
        &self,
        (job, open): (&Job<'_>, &Open),
        (at, media): (usize, &Media),
    ) -> Result<String, Outcome> {
        let (key, now) = (format!("{}/{at}", job.id), job.on.now);
        let id = match self.uploads.of(&key) {
            Some(id) => id,
            None => match self.upload(open, (media, &job.part.media[at].alt), now).await {
                Ok((id, is_ready)) => {
                    self.uploads.keep(&key, &id);
                    if is_ready {
                        return Ok(id);
                    }
                    id
                }
                Err(failure) => return Err(self.keys.heed(job.on, failure).await),
            },
        };
        let request = self.request(Method::GET, open, &["api", "v1", "media", &id])?;
        match self.ask(request, Effect::Repeatable, now).await {
            Ok(picture) if read::is_ready(&picture) => Ok(id),
            Ok(_) => Err(Outcome::TryLater(now.saturating_add(WORKED_ON).unwrap_or(now))),
            // The server has forgotten it, or it is part of a post already.
            Err(Failure::NotThere | Failure::NotFound(_)) => {
                self.uploads.forget(&key);
                Err(Outcome::TryLater(now))
            }
            Err(failure) => Err(self.keys.heed(job.on, failure).await),
        }
    }

    async fn upload(
        &self,
        open: &Open,
        (media, alt): (&Media, &str),
        now: Timestamp,
    ) -> Result<(String, bool), Failure> {
        let name = if media.media_type == "image/png" { "picture.png" } else { "picture.jpg" };
        let file = Part::bytes(media.bytes.clone()).file_name(name).mime_str(&media.media_type);
        let file = file.map_err(|_| no("the picture is of no kind that can be sent"))?;
        let form = Form::new().text("description", alt.to_owned()).part("file", file);
        let request = self.request(Method::POST, open, &["api", "v2", "media"])?.multipart(form);
        let made = self.ask(request, Effect::Repeatable, now).await?;
        let id = read::id(&made).ok_or(Failure::Ended(Outcome::TryLater(now)))?;
        Ok((id.to_owned(), read::is_ready(&made)))
    }

    /// Is one of the account's own posts this one?
    async fn look(&self, job: &Job<'_>) -> Result<LookedUp, Failure> {
        let (open, now) = (self.open(job.on).await?, job.on.now);
        let path = ["api", "v1", "accounts", &job.on.account.remote_id, "statuses"];
        let request = self.asking(Method::GET, &open, read::page(http::at(&open.server, &path)))?;
        let told = self.ask(request, Effect::Repeatable, now).await?;
        let Some(own) = Standing::of(&told, job.first_sent) else { return Ok(LookedUp::CantTell) };
        let words = job.part.words();
        let all = own.is_whole && own.since.len() <= MOST_SOURCES;
        let mut found = if all { LookedUp::Absent } else { LookedUp::CantTell };
        for status in own.likeliest_first(&words).into_iter().take(MOST_SOURCES) {
            match self.text_of(&open, status, now).await?.says(&words) {
                Some(true) => {
                    let unclear = Failure::Ended(Outcome::TryLater(now));
                    let (remote, url) = read::published(status).ok_or(unclear)?;
                    return Ok(LookedUp::Found { remote, url });
                }
                Some(false) => {}
                None => found = LookedUp::CantTell,
            }
        }
        Ok(found)
    }

    /// A post's text as it was sent; of a server that does not keep it, as it is shown.
    async fn text_of(&self, open: &Open, status: &Value, now: Timestamp) -> Result<Text, Failure> {
        let id = read::id(status).ok_or(Failure::Ended(Outcome::TryLater(now)))?;
        let request = self.request(Method::GET, open, &["api", "v1", "statuses", id, "source"])?;
        let shown = || Text::Shown(read::shown(status));
        match self.ask(request, Effect::Repeatable, now).await {
            Ok(source) => {
                Ok(source["text"].as_str().map_or_else(shown, |text| Text::Sent(text.to_owned())))
            }
            Err(
                Failure::NotThere
                | Failure::NotFound(_)
                | Failure::Ended(Outcome::Refused(_) | Outcome::SignedOut(_)),
            ) => Ok(shown()),
            Err(failure) => Err(failure),
        }
    }

    async fn live(&self, on: On<'_>, remote: &str) -> Result<ReadBack, Failure> {
        let open = self.open(on).await?;
        let request = self.request(Method::GET, &open, &["api", "v1", "statuses", remote])?;
        let status = self.ask(request, Effect::Repeatable, on.now).await?;
        let text = self.text_of(&open, &status, on.now).await?.into_words();
        let alts = read::alts(&status).ok_or(Failure::Ended(Outcome::TryLater(on.now)))?;
        Ok(ReadBack::There { text, alts, media: Vec::new() })
    }
}

#[async_trait]
impl Publisher for Mastodon {
    fn network(&self) -> Network {
        NETWORK
    }

    /// One looks among the account's own posts. Should the request land after the look, the key
    /// still keeps a second one from being made.
    fn certainty(&self) -> Certainty {
        Certainty::LookUp { delay: SEEN }
    }

    async fn readiness(&self, on: On<'_>) -> Readiness {
        self.keys.readiness(on).await
    }

    /// What its server takes, once the account was used; before that, what most take.
    fn limits(&self, account: &Account) -> Limits {
        let limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
        limits.get(&account.server).copied().unwrap_or_else(|| NETWORK.limits())
    }

    async fn prepare(&self, job: &Job<'_>) -> Result<Prepared, Outcome> {
        checked::pictures(job)?;
        let open = self.open(job.on).await?;
        let fits = job.part.fits(self.limits(job.on.account));
        fits.map_err(|refusal| Outcome::Refused(refusal.to_string()))?;
        let mut prepared = Prepared::default();
        for picture in job.media.iter().enumerate() {
            prepared.uploads.push(self.picture((job, &open), picture).await?);
        }
        Ok(prepared)
    }

    async fn publish(&self, job: &Job<'_>, prepared: &Prepared) -> Outcome {
        if let Err(outcome) = checked::uploads(job, prepared) {
            return outcome;
        }
        let open = match self.open(job.on).await {
            Ok(open) => open,
            Err(outcome) => return surely_not_sent(outcome, job.on.now),
        };
        let status = json!({
            "status": job.part.words(),
            "media_ids": prepared.uploads,
            "visibility": "public",
        });
        let request = match self.request(Method::POST, &open, &["api", "v1", "statuses"]) {
            Ok(request) => request.header("Idempotency-Key", job.id.as_str()).json(&status),
            Err(failure) => return failure.into(),
        };
        match self.ask(request, Effect::Mutates, job.on.now).await {
            Ok(made) => match read::published(&made) {
                Some((remote, url)) => Outcome::Published { remote, url },
                None => Outcome::Unknown("the network's answer names no post".to_owned()),
            },
            Err(failure) => self.keys.heed(job.on, failure).await,
        }
    }

    async fn look_up(&self, job: &Job<'_>) -> LookedUp {
        match self.look(job).await {
            Ok(looked_up) => looked_up,
            Err(failure) => {
                self.keys.heed(job.on, failure).await;
                LookedUp::CantTell
            }
        }
    }

    async fn read_back(&self, on: On<'_>, remote: &str) -> ReadBack {
        if !is_id(remote) {
            return ReadBack::CantTell;
        }
        match self.live(on, remote).await {
            Ok(there) => there,
            Err(Failure::NotThere) => ReadBack::Gone,
            Err(failure) => {
                self.keys.heed(on, failure).await;
                ReadBack::CantTell
            }
        }
    }

    fn reads(&self) -> Option<&dyn Reads> {
        Some(self)
    }

    async fn take_down(&self, on: On<'_>, remote: &str) -> Outcome {
        if !is_id(remote) {
            return checked::no_id();
        }
        let open = match self.open(on).await {
            Ok(open) => open,
            Err(outcome) => return outcome,
        };
        let request = match self.request(Method::DELETE, &open, &["api", "v1", "statuses", remote])
        {
            Ok(request) => request,
            Err(failure) => return failure.into(),
        };
        match self.ask(request, Effect::Repeatable, on.now).await {
            Ok(_) | Err(Failure::NotThere) => taken_down(remote),
            Err(failure) => self.keys.heed(on, failure).await,
        }
    }
}

fn no(why: &str) -> Failure {
    Failure::Ended(Outcome::Refused(why.to_owned()))
}
