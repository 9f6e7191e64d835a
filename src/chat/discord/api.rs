//! Calls of [Discord's REST API](https://discord.com/developers/docs/reference): one attempt each,
//! within a time-out, at the rate that Discord allows.
//!
//! The library's routes say where; its own client is not used, as it forgets how long Discord asks
//! one to wait, and takes what it can't read for something that was not done. Answers are read as
//! plain JSON. What an answer means for whoever called is [`Failed`]; it holds Discord's number for
//! it at most, never a token nor anything that somebody wrote.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use jiff::Timestamp;
use reqwest::multipart::{Form, Part};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, Url};
use serde_json::Value;
use serenity::http::Route;
use thiserror::Error;

use super::rates::{Asks, Rates, Told, seconds};
use crate::chat::tls;
use crate::domain::secret::Secret;

/// Where Discord is.
pub const DISCORD: &str = "https://discord.com";
/// The machines of Discord's that hand out files; a file's address says who may have it.
const FILES: [&str; 2] = ["cdn.discordapp.com", "media.discordapp.net"];
/// What Discord asks every program to call itself.
const AGENT: &str =
    concat!("DiscordBot (https://countersign.invalid, ", env!("CARGO_PKG_VERSION"), ")");
/// How long a call may take in all.
const CALL: Duration = Duration::from_secs(10);
/// How long it may take until Discord is reached.
const CONNECT: Duration = Duration::from_secs(4);
/// How long a change in place waits for its turn at most.
const SOON: Duration = Duration::from_secs(1);
/// How long it is until the next call, where Discord says "too many" and not when.
const LIMITED: Duration = Duration::from_secs(5);
/// Discord's number for "too many" changes of what is older than an hour.
const OLD_EDITS: u64 = 30_046;

/// What came of a call that was not answered with what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Failed {
    /// Discord refuses it, with this number of its own, or of the web's.
    #[error("Discord refuses it: {}", why(*.0))]
    Refused(u64),
    /// Too many; it was surely not done, and may be tried again after this.
    #[error("Discord wants no call for {} s", .0.as_secs() + 1)]
    Limited(Duration),
    /// Too many changes of what is older than an hour; other changes are not too many.
    /// What time it is there is with it, where Discord says so.
    #[error("Discord wants no change of an old message for {} s", .0.as_secs() + 1)]
    Old(Duration, Option<Timestamp>),
    /// It was surely not done.
    #[error("Discord can't be reached: {0}")]
    Away(String),
    /// Nobody knows whether it was done.
    #[error("Discord did not answer well: {0}")]
    Unknown(String),
}

/// What is sent with a call.
pub enum Body<'a> {
    /// Nothing.
    Nothing,
    /// This.
    Json(&'a Value),
    /// This, with files: what each is called, its type and its bytes.
    Files(&'a Value, &'a [File]),
}

/// A file that goes out.
#[derive(Clone)]
pub struct File {
    /// What it is called.
    pub name: String,
    /// Its type: `image/png`.
    pub kind: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// The REST API. Cheap to clone.
#[derive(Clone)]
pub struct Api(Arc<Inner>);

struct Inner {
    client: Client,
    url: Url,
    token: Secret,
    longest: Duration,
    rates: Rates,
}

impl Api {
    /// Calls Discord at `url`, as the app of this token.
    pub fn new(url: &str, token: Secret) -> anyhow::Result<Self> {
        Self::within(url, token, CALL)
    }

    /// The same, where no call takes longer than this, nor waits longer for its turn.
    pub fn within(url: &str, token: Secret, longest: Duration) -> anyhow::Result<Self> {
        let longest = longest.min(CALL);
        let url: Url = url.parse().context("discord.api_url must be an address")?;
        let client = Client::builder().tls_backend_preconfigured(tls::config(&url)?);
        let client = client.no_proxy().redirect(Policy::none()).referer(false).user_agent(AGENT);
        let client = client.connect_timeout(CONNECT.min(longest / 2)).timeout(longest).build();
        let client = client.context("making a client")?;
        Ok(Self(Arc::new(Inner { client, url, token, longest, rates: Rates::default() })))
    }

    /// Where Discord is, without a path.
    pub fn base(&self) -> String {
        self.0.url.origin().ascii_serialization()
    }

    /// The token of the app.
    pub fn token(&self) -> &Secret {
        &self.0.token
    }

    /// Asks. A question may always be asked again, so its failure is never [`Failed::Unknown`].
    pub async fn get(&self, route: Route<'_>, query: &[(&str, &str)]) -> Result<Value, Failed> {
        match self.call(Method::GET, (route, query), Body::Nothing).await {
            Err(Failed::Unknown(why)) => Err(Failed::Away(why)),
            answer => answer,
        }
    }

    /// Does something.
    pub async fn send(
        &self,
        method: Method,
        route: Route<'_>,
        body: Body<'_>,
    ) -> Result<Value, Failed> {
        self.call(method, (route, &[]), body).await
    }

    async fn call(
        &self,
        method: Method,
        (route, query): (Route<'_>, &[(&str, &str)]),
        body: Body<'_>,
    ) -> Result<Value, Failed> {
        let path = route.path();
        let path = path.strip_prefix(DISCORD).unwrap_or(&path);
        let kind = kind_of(&method, route);
        let asks = Asks { route: &kind, major: major(path), answers: answers(path) };
        let mut url = self.0.url.join(path).map_err(|_| Failed::Away("no address".to_owned()))?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        // A change in place can wait better than what waits for it.
        let in_place = method == Method::PATCH && !asks.answers;
        let patience = if in_place { SOON.min(self.0.longest) } else { self.0.longest };
        self.0.rates.turn(asks, patience).await.map_err(Failed::Limited)?;
        let request = self.0.client.request(method, url);
        // Whoever knows an interaction's token may answer it; the app's is not needed there.
        let request = if asks.answers {
            request
        } else {
            request.header("authorization", format!("Bot {}", self.0.token.reveal()))
        };
        let request = match body {
            Body::Nothing => request,
            Body::Json(json) => request.json(json),
            Body::Files(json, files) => request.multipart(form(json, files)?),
        };
        let answer = within(self.0.longest, send(request)).await?;
        let (status, mut told) = (answer.status(), Told::read(answer.headers()));
        let came = within(self.0.longest, read(status, &told, answer)).await;
        if matches!(came, Err(Failed::Old(..))) {
            told = told.of_no_bucket();
        }
        self.0.rates.learn(asks, status.as_u16(), &told);
        came
    }

    /// The bytes of a file at its address; at most `limit`. Only machines of Discord's own are
    /// asked, and none gets the token.
    pub async fn file(&self, url: &str, limit: usize) -> Result<Vec<u8>, Failed> {
        let url: Url = url.parse().map_err(|_| Failed::Refused(404))?;
        let ours = url.origin() == self.0.url.origin();
        let theirs = url.host_str().is_some_and(|host| FILES.contains(&host));
        let is_sound = ours || theirs && url.scheme() == "https";
        if !is_sound {
            return Err(Failed::Refused(404));
        }
        let fetch = async {
            let mut answer = send(self.0.client.get(url)).await?;
            if answer.status() != StatusCode::OK {
                return Err(Failed::Refused(answer.status().as_u16().into()));
            }
            let mut bytes = Vec::new();
            while let Some(part) = answer.chunk().await.map_err(|_| broken())? {
                if bytes.len() + part.len() > limit {
                    return Err(Failed::Refused(413));
                }
                bytes.extend_from_slice(&part);
            }
            Ok(bytes)
        };
        within(self.0.longest, fetch).await
    }
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Api({})", self.base())
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "File({}, {} bytes)", self.kind, self.bytes.len())
    }
}

/// Method and kind of a route, without any id.
fn kind_of(method: &Method, route: Route<'_>) -> String {
    let named = format!("{route:?}");
    let kind = named.split([' ', '{']).next().unwrap_or_default();
    format!("{method} {kind}")
}

/// The channel, guild or interaction of a path, whose limits are its own.
fn major(path: &str) -> &str {
    let mut parts = path.trim_start_matches("/api/v10/").split('/');
    match parts.next() {
        Some("channels" | "guilds" | "interactions") => parts.next().unwrap_or_default(),
        Some("webhooks") => parts.nth(1).unwrap_or_default(),
        _ => "",
    }
}

/// It answers an interaction, with its own token.
fn answers(path: &str) -> bool {
    ["/api/v10/interactions/", "/api/v10/webhooks/"].iter().any(|begins| path.starts_with(begins))
}

fn form(json: &Value, files: &[File]) -> Result<Form, Failed> {
    let mut form = Form::new().text("payload_json", json.to_string());
    for (nth, file) in files.iter().enumerate() {
        let part = Part::bytes(file.bytes.clone()).file_name(file.name.clone());
        let part = part.mime_str(&file.kind).map_err(|_| Failed::Refused(415))?;
        form = form.part(format!("files[{nth}]"), part);
    }
    Ok(form)
}

async fn within<T>(
    longest: Duration,
    call: impl Future<Output = Result<T, Failed>>,
) -> Result<T, Failed> {
    match tokio::time::timeout(longest, call).await {
        Ok(answer) => answer,
        Err(_) => Err(Failed::Unknown("no answer in time".to_owned())),
    }
}

async fn send(request: RequestBuilder) -> Result<Response, Failed> {
    #[expect(clippy::disallowed_methods, reason = "a message of Discord's, not a network's post")]
    let answer = request.send().await;
    answer.map_err(|error| {
        if error.is_connect() { Failed::Away("no connection".to_owned()) } else { broken() }
    })
}

/// What an answer means.
async fn read(status: StatusCode, told: &Told, answer: Response) -> Result<Value, Failed> {
    if status == StatusCode::NO_CONTENT {
        return Ok(Value::Null);
    }
    if status.is_success() {
        return answer.json().await.map_err(|_| broken());
    }
    if status.is_server_error() {
        return Err(Failed::Unknown(format!("it answers {}", status.as_u16())));
    }
    let said: Value = answer.json().await.unwrap_or_default();
    let code = said["code"].as_u64().filter(|code| *code > 0);
    let is_old = code == Some(OLD_EDITS);
    if status == StatusCode::TOO_MANY_REQUESTS || is_old {
        let exact = said["retry_after"].as_f64().and_then(|wait| seconds(&wait.to_string()));
        let wait = exact.or(told.retry).unwrap_or(LIMITED);
        return Err(if is_old { Failed::Old(wait, told.now) } else { Failed::Limited(wait) });
    }
    Err(Failed::Refused(code.unwrap_or(status.as_u16().into())))
}

fn broken() -> Failed {
    Failed::Unknown("the answer broke off or can't be read".to_owned())
}

/// Discord's numbers for what people can mend, in words.
fn why(code: u64) -> String {
    let words = match code {
        401 => "the token is not accepted",
        404 => "it is not there",
        413 => "it is too large",
        10_003 => "the channel is not there",
        10_004 => "the server is not there, or the app is not in it",
        10_008 => "the message is not there",
        50_001 => "the app can't see the channel",
        50_007 => "they take no direct messages",
        50_013 => "the app lacks a permission in the channel",
        50_083 => "the thread is closed",
        _ => return format!("{code}"),
    };
    format!("{words} ({code})")
}
