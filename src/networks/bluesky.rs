//! Bluesky, and other servers that speak the AT protocol.
//!
//! A post is a record under a key that we choose, so that written twice it is there once. The
//! session is kept: signing in anew is allowed 300 times a day.

mod engage;
mod engagement;
mod record;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Method, RequestBuilder, StatusCode, Url};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::checked::{self, server, surely_not_sent, taken_down};
use super::http::{self, Attempt, Clients, Effect, Failure, Said};
use super::token::Keyring;
use crate::domain::expiry::Expiry;
use crate::domain::network::Network;
use crate::domain::outbox::{Certainty, LookedUp, Outcome};
use crate::domain::secret::Secret;
use crate::ports::accounts::{SignedIn, Typed};
use crate::ports::engagement::Reads;
use crate::ports::publisher::{Job, On, Prepared, Publisher, ReadBack, Readiness};

/// The network of this file.
pub const NETWORK: Network = Network::Bluesky;

/// What a post is, there.
const POSTS: &str = "app.bsky.feed.post";
/// A session is renewed so long after it began; it is good for two hours.
const FRESH: SignedDuration = SignedDuration::from_mins(90);
/// A record that is there is seen at once; this is for a request that is still on its way.
const SEEN: SignedDuration = SignedDuration::from_secs(5);

/// Bluesky, as practices publish on it.
pub struct Bluesky {
    clients: Arc<Clients>,
    keys: Arc<Keyring>,
    timeout: Duration,
}

/// How an account is signed in to.
#[derive(Clone, Serialize, Deserialize)]
struct Session {
    handle: String,
    password: String,
    did: String,
    access: String,
    refresh: String,
    /// When it began, in seconds; 0 when it is not accepted any more.
    since: i64,
}

/// What the server says of a session.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Granted {
    did: String,
    handle: String,
    access_jwt: String,
    refresh_jwt: String,
}

impl Session {
    fn is_fresh(&self, now: Timestamp) -> bool {
        let since = Timestamp::from_second(self.since).unwrap_or(Timestamp::MIN);
        now.duration_since(since) < FRESH
    }

    fn with(self, granted: Granted, now: Timestamp) -> Self {
        let Granted { did, access_jwt: access, refresh_jwt: refresh, .. } = granted;
        Self { did, access, refresh, since: now.as_second(), ..self }
    }
}

impl Bluesky {
    /// Over these; each request may take `timeout`.
    pub fn new(clients: Arc<Clients>, keys: Arc<Keyring>, timeout: Duration) -> Self {
        Self { clients, keys, timeout }
    }

    /// Tries a handle and an app password.
    pub async fn sign_in(&self, typed: &Typed) -> Result<SignedIn, Failure> {
        let server = server(&typed.server)?;
        let none = Session {
            handle: typed.handle.trim().trim_start_matches('@').to_owned(),
            password: typed.secret.reveal().trim().to_owned(),
            did: String::new(),
            access: String::new(),
            refresh: String::new(),
            since: 0,
        };
        let (session, name) = self.begin(&server, none, typed.now).await?;
        let secrets = serde_json::to_string(&session).expect("plain texts");
        Ok(SignedIn {
            server: server.as_str().trim_end_matches('/').to_owned(),
            // An account has one id, whichever server it was asked by.
            identity: Some(session.did.clone()),
            remote_id: session.did,
            name,
            secrets: Secret::new(secrets),
            expiry: Expiry::Never,
        })
    }

    /// Asks who the kept session is of.
    pub async fn test(&self, on: On<'_>) -> Result<(), Outcome> {
        let (server, session) = self.session(on).await?;
        let request = self.call(Method::GET, &server, "com.atproto.server.getSession")?;
        let asked = self.ask(request.bearer_auth(&session.access), Effect::Repeatable, on.now);
        match asked.await {
            Ok(_) => Ok(()),
            Err(failure) => Err(self.heed(on, &session, failure).await),
        }
    }

    /// A new session for a handle and a password, and the handle as the server writes it.
    async fn begin(
        &self,
        server: &Url,
        session: Session,
        now: Timestamp,
    ) -> Result<(Session, String), Failure> {
        let who = json!({ "identifier": session.handle, "password": session.password });
        let request = self.call(Method::POST, server, "com.atproto.server.createSession")?;
        let granted = self.granted(request.json(&who), now).await?;
        let handle = granted.handle.clone();
        Ok((session.with(granted, now), handle))
    }

    /// The next session: of the old one, or, where that is over, of the password.
    async fn renewed(&self, server: &Url, old: Session, on: On<'_>) -> Result<Session, Failure> {
        let request = self.call(Method::POST, server, "com.atproto.server.refreshSession")?;
        match self.granted(request.bearer_auth(&old.refresh), on.now).await {
            Ok(granted) => Ok(old.with(granted, on.now)),
            Err(Failure::Expired) => {
                let (session, _) = self.begin(server, old, on.now).await?;
                if session.did == on.account.remote_id {
                    return Ok(session);
                }
                let other = "the handle belongs to another account now";
                Err(Failure::Ended(Outcome::SignedOut(other.to_owned())))
            }
            Err(failure) => Err(failure),
        }
    }

    async fn granted(&self, request: RequestBuilder, now: Timestamp) -> Result<Granted, Failure> {
        let said = self.ask(request, Effect::Repeatable, now).await?;
        serde_json::from_value(said).map_err(|_| Failure::Ended(Outcome::TryLater(now)))
    }

    /// The account's server and a session that is good.
    async fn session(&self, on: On<'_>) -> Result<(Url, Session), Outcome> {
        let server = server(&on.account.server)?;
        let renew = |old| self.renewed(&server, old, on);
        let session = self.keys.fresh(on, |s: &Session| s.is_fresh(on.now), renew).await?;
        Ok((server, session))
    }

    fn call(&self, method: Method, server: &Url, name: &str) -> Result<RequestBuilder, Failure> {
        self.request(method, http::at(server, &["xrpc", name]))
    }

    fn request(&self, method: Method, url: Url) -> Result<RequestBuilder, Failure> {
        Ok(self.clients.of(&url)?.request(method, url))
    }

    async fn ask(
        &self,
        request: RequestBuilder,
        effect: Effect,
        now: Timestamp,
    ) -> Result<Value, Failure> {
        http::send(request, Attempt { timeout: self.timeout, effect, now, codes }).await
    }

    /// What a failure means; a session that is not accepted is renewed the next time.
    async fn heed(&self, on: On<'_>, used: &Session, failure: Failure) -> Outcome {
        if failure == Failure::Expired {
            let spoil = |kept: &mut Session| {
                if kept.access == used.access {
                    kept.since = 0;
                }
            };
            self.keys.alter(on, spoil).await;
        }
        self.keys.heed(on, failure).await
    }

    async fn read(&self, on: On<'_>, key: &str) -> Result<Value, Outcome> {
        let (server, session) = self.session(on).await?;
        let mut url = http::at(&server, &["xrpc", "com.atproto.repo.getRecord"]);
        let what = [("repo", &*on.account.remote_id), ("collection", POSTS), ("rkey", key)];
        url.query_pairs_mut().extend_pairs(what);
        let request = self.request(Method::GET, url)?;
        let asked = self.ask(request.bearer_auth(&session.access), Effect::Repeatable, on.now);
        match asked.await {
            Ok(found) => Ok(found),
            Err(Failure::NotThere) => Ok(Value::Null),
            Err(failure) => Err(self.heed(on, &session, failure).await),
        }
    }
}

#[async_trait]
impl Publisher for Bluesky {
    fn network(&self) -> Network {
        NETWORK
    }

    /// One can ask for the record by its key. That a request lands after the look and the post is
    /// sent again does no harm, as it is the same record.
    fn certainty(&self) -> Certainty {
        Certainty::LookUp { delay: SEEN }
    }

    async fn readiness(&self, on: On<'_>) -> Readiness {
        self.keys.readiness(on).await
    }

    async fn prepare(&self, job: &Job<'_>) -> Result<Prepared, Outcome> {
        checked::pictures(job)?;
        let (server, session) = self.session(job.on).await?;
        let mut prepared = Prepared::default();
        for media in job.media {
            let request = self.call(Method::POST, &server, "com.atproto.repo.uploadBlob")?;
            let request = request
                .bearer_auth(&session.access)
                .header(CONTENT_TYPE, &media.media_type)
                .body(media.bytes.clone());
            match self.ask(request, Effect::Repeatable, job.on.now).await {
                Ok(made) if is_blob(&made["blob"], media.bytes.len()) => {
                    prepared.uploads.push(made["blob"].to_string());
                }
                Ok(_) => return Err(Outcome::TryLater(job.on.now)),
                Err(failure) => return Err(self.heed(job.on, &session, failure).await),
            }
        }
        Ok(prepared)
    }

    async fn publish(&self, job: &Job<'_>, prepared: &Prepared) -> Outcome {
        if let Err(outcome) = checked::uploads(job, prepared) {
            return outcome;
        }
        let blobs = prepared.uploads.iter().map(|blob| serde_json::from_str(blob));
        let Ok(blobs) = blobs.collect::<Result<Vec<Value>, _>>() else {
            return Outcome::Refused("not every picture was uploaded".to_owned());
        };
        let (server, session) = match self.session(job.on).await {
            Ok(session) => session,
            Err(outcome) => return surely_not_sent(outcome, job.on.now),
        };
        let key = record::key(job.id);
        let put = json!({
            "repo": job.on.account.remote_id,
            "collection": POSTS,
            "rkey": key,
            "record": record::record(job, &blobs),
        });
        let request = match self.call(Method::POST, &server, "com.atproto.repo.putRecord") {
            Ok(request) => request.bearer_auth(&session.access).json(&put),
            Err(failure) => return failure.into(),
        };
        match self.ask(request, Effect::Mutates, job.on.now).await {
            Ok(made) if made["uri"] == uri(job.on, &key) => published(job.on, &key),
            Ok(_) => Outcome::Unknown("the network's answer names another post".to_owned()),
            Err(failure) => self.heed(job.on, &session, failure).await,
        }
    }

    async fn look_up(&self, job: &Job<'_>) -> LookedUp {
        let key = record::key(job.id);
        match self.read(job.on, &key).await {
            Ok(Value::Null) => LookedUp::Absent,
            // Another post under our key is not ours, and must not be written over.
            Ok(found) if is_ours(&found, job) => {
                LookedUp::Found { remote: uri(job.on, &key), url: page(job.on, &key) }
            }
            Ok(_) | Err(_) => LookedUp::CantTell,
        }
    }

    async fn read_back(&self, on: On<'_>, remote: &str) -> ReadBack {
        let Some(key) = key_of(on, remote) else { return ReadBack::CantTell };
        match self.read(on, key).await {
            Ok(Value::Null) => ReadBack::Gone,
            Ok(found) => there(&found["value"]).unwrap_or(ReadBack::CantTell),
            Err(_) => ReadBack::CantTell,
        }
    }

    fn reads(&self) -> Option<&dyn Reads> {
        Some(self)
    }

    async fn take_down(&self, on: On<'_>, remote: &str) -> Outcome {
        let Some(key) = key_of(on, remote) else { return checked::no_id() };
        let (server, session) = match self.session(on).await {
            Ok(session) => session,
            Err(outcome) => return outcome,
        };
        let what = json!({ "repo": on.account.remote_id, "collection": POSTS, "rkey": key });
        let request = match self.call(Method::POST, &server, "com.atproto.repo.deleteRecord") {
            Ok(request) => request.bearer_auth(&session.access).json(&what),
            Err(failure) => return failure.into(),
        };
        match self.ask(request, Effect::Repeatable, on.now).await {
            Ok(_) | Err(Failure::NotThere) => taken_down(remote),
            Err(failure) => self.heed(on, &session, failure).await,
        }
    }
}

/// Bluesky says most things with 400 and a name.
fn codes(_: StatusCode, body: &Value) -> Option<Said> {
    match body["error"].as_str()? {
        "ExpiredToken" | "InvalidToken" | "AuthMissing" => Some(Said::Expired),
        "AuthenticationRequired"
        | "AuthFactorTokenRequired"
        | "AccountTakedown"
        | "AccountSuspended"
        | "AccountDeactivated"
        | "RepoTakendown"
        | "RepoSuspended"
        | "RepoDeactivated" => Some(Said::SignedOut),
        "RecordNotFound" => Some(Said::NotThere),
        "RateLimitExceeded" => Some(Said::Later),
        _ => None,
    }
}

/// The server says that it has all of the picture: it takes an empty one as well.
fn is_blob(blob: &Value, size: usize) -> bool {
    blob["$type"] == "blob" && blob["size"].as_u64().is_some_and(|has| has == size as u64)
}

fn uri(on: On<'_>, key: &str) -> String {
    format!("at://{}/{POSTS}/{key}", on.account.remote_id)
}

/// Where people see it.
fn page(on: On<'_>, key: &str) -> String {
    format!("https://bsky.app/profile/{}/post/{key}", on.account.remote_id)
}

fn published(on: On<'_>, key: &str) -> Outcome {
    Outcome::Published { remote: uri(on, key), url: page(on, key) }
}

/// The key in the id of one of the account's own posts.
fn key_of<'a>(on: On<'_>, remote: &'a str) -> Option<&'a str> {
    let key = remote.strip_prefix(&uri(on, ""))?;
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"-_.:~".contains(&b);
    (!key.is_empty() && key.len() <= 512 && key.bytes().all(fits)).then_some(key)
}

fn is_ours(found: &Value, job: &Job<'_>) -> bool {
    let ours = record::record(job, &[]);
    found["value"]["text"] == ours["text"]
}

/// What a record says.
fn there(record: &Value) -> Option<ReadBack> {
    let images = record["embed"]["images"].as_array().map_or(&[][..], Vec::as_slice);
    let alt = |image: &Value| image["alt"].as_str().map(str::to_owned);
    let hash = |image: &Value| record::sha256_of(image["image"]["ref"]["$link"].as_str()?);
    Some(ReadBack::There {
        text: record["text"].as_str()?.to_owned(),
        alts: images.iter().map(alt).collect::<Option<_>>()?,
        media: images.iter().map(hash).collect::<Option<_>>()?,
    })
}
