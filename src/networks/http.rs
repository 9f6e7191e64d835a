//! What an answer means: the one place that turns a request into one of the four outcomes.
//!
//! | what happened | a mutation | repeatable |
//! |---|---|---|
//! | 2xx with a sound body | accepted | accepted |
//! | a code of the network's own that its file knows | what it means | what it means |
//! | no connection: nothing was sent | try later | try later |
//! | 429 | try later | try later |
//! | 401, 403 without such a code | try later | try later |
//! | 404, 410 without such a code | try later | try later |
//! | any other 4xx but 408 | refused | refused |
//! | 3xx: never followed | unknown | try later |
//! | 408, 5xx, silence, a broken answer | **unknown** | try later |
//!
//! A request that left and got no clear answer may have had its effect. For a mutation that is
//! never taken for a failure, so that nothing is published twice.
//!
//! A status alone ends neither an account's sign-in nor a post: a proxy, a firewall or a page for
//! repairs says 401, 403 and 404 as well, or sends elsewhere.

use std::net::IpAddr;
use std::sync::OnceLock;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::header::{DATE, HeaderMap};
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};
use serde_json::Value;

use crate::domain::outbox::Outcome;

/// Longest answer that is read.
const LONGEST_BODY: usize = 1024 * 1024;
/// Longest stretch of the server's own words that is shown, in characters.
const LONGEST_WORDS: usize = 200;
/// Time to connect; also the longest silence within an answer.
const CONNECT: Duration = Duration::from_secs(10);
const READ: Duration = Duration::from_secs(30);
/// The wait after a 429 that names none.
const BUSY: SignedDuration = SignedDuration::from_secs(60);
/// The wait after a 401, 403, 404 or redirect that may be anybody's.
const NOT_LET_IN: SignedDuration = SignedDuration::from_mins(5);
/// A number of seconds from here on is a moment, not a wait.
const IS_A_MOMENT: i64 = 1_000_000_000;
/// Where servers say how long to wait, the surest first. `RateLimit-Reset` is Bluesky's, the one
/// with an `X` Mastodon's.
const WAITS: [&str; 3] = ["retry-after", "ratelimit-reset", "x-ratelimit-reset"];
/// The shortest wait; the outbox backs off by itself when it comes again and again.
const SHORTEST: SignedDuration = SignedDuration::from_secs(1);
/// The longest wait that a server can ask for.
const LONGEST: SignedDuration = SignedDuration::from_hours(6);

/// What a request does there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Makes something public: done twice it may be there twice.
    Mutates,
    /// Done twice is the same as done once.
    Repeatable,
}

/// What a network says by a code of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// The token is too old: renew it, and come again.
    Expired,
    /// The sign-in is over: a person has to connect the account again.
    SignedOut,
    /// The thing asked about is not there.
    NotThere,
    /// It did not do it now, and may later.
    Later,
    /// It did not do it, and never will.
    Refused,
}

/// Reads a network's own codes, where they say more than the status.
pub type Codes = fn(StatusCode, &Value) -> Option<Said>;

/// A network without codes of its own.
pub const fn no_codes(_: StatusCode, _: &Value) -> Option<Said> {
    None
}

/// One attempt: the time it may take, what it does, and now.
#[derive(Debug, Clone, Copy)]
pub struct Attempt {
    /// From the first byte sent to the last byte read.
    pub timeout: Duration,
    /// What it does there.
    pub effect: Effect,
    /// Now, for answers that name a wait.
    pub now: Timestamp,
    /// What the network's own codes mean.
    pub codes: Codes,
}

/// Why there is no accepted answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The thing asked about is not there: the network says so by a code of its own.
    NotThere,
    /// A 404 as anybody in between may answer it; again not before then.
    NotFound(Timestamp),
    /// The answer is at another address, and nobody went there; again not before then.
    Elsewhere(Timestamp),
    /// The token is too old; what was asked for was surely not done.
    Expired,
    /// The network asked to wait until then; what was asked for was surely not done.
    Busy(Timestamp),
    /// Anything else; never `Published`.
    Ended(Outcome),
}

impl From<Failure> for Outcome {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NotThere => Self::Refused("the network knows no such thing".to_owned()),
            Failure::Expired => Self::SignedOut("the sign-in is too old".to_owned()),
            Failure::Busy(at) | Failure::NotFound(at) | Failure::Elsewhere(at) => {
                Self::TryLater(at)
            }
            Failure::Ended(outcome) => outcome,
        }
    }
}

/// What ended before anything was asked for.
impl From<Outcome> for Failure {
    fn from(outcome: Outcome) -> Self {
        Self::Ended(outcome)
    }
}

/// Whom a client believes to be who they say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// Nobody: it talks without TLS, to this machine.
    Nobody,
    /// Whom the machine trusts: its own store of certificates.
    Machine,
}

/// Who a server behind this scheme has to prove to be.
pub fn trust(scheme: &str) -> Trust {
    if scheme == "https" { Trust::Machine } else { Trust::Nobody }
}

/// A client for networks. It follows no redirect, takes no proxy from the environment, and opens
/// a connection for each request: one that was closed in the meantime would make a mutation
/// unknown.
pub fn client(trust: Trust) -> Result<Client, reqwest::Error> {
    // One TLS for the whole program; whoever comes second finds it there.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder();
    // Reading the machine's store takes time at every start, and one may have none.
    let builder = match trust {
        Trust::Nobody => builder.tls_certs_only([]),
        Trust::Machine => builder,
    };
    builder
        .user_agent(concat!("countersign/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_proxy()
        .pool_max_idle_per_host(0)
        .connect_timeout(CONNECT)
        .read_timeout(READ)
        .build()
}

/// Clients for servers of either kind, each made once it is needed.
#[derive(Debug, Default)]
pub struct Clients {
    nobody: OnceLock<Client>,
    machine: OnceLock<Client>,
}

impl Clients {
    /// The client for an address.
    pub fn of(&self, url: &Url) -> Result<&Client, Failure> {
        let trust = trust(url.scheme());
        let kept = match trust {
            Trust::Nobody => &self.nobody,
            Trust::Machine => &self.machine,
        };
        if let Some(made) = kept.get() {
            return Ok(made);
        }
        let made = client(trust).map_err(|error| {
            tracing::error!("No web client can be made: {error}");
            Failure::Ended(Outcome::Refused("this machine can make no web client".to_owned()))
        })?;
        Ok(kept.get_or_init(|| made))
    }
}

/// The address of a server as somebody wrote it: https, or http on this machine; without a
/// password or a question in it.
pub fn server(text: &str) -> Option<Url> {
    let url = Url::parse(text.trim()).ok()?;
    let host = url.host_str()?.trim_matches(['[', ']']);
    let here = host.parse::<IpAddr>().map_or(host == "localhost", |ip| ip.is_loopback());
    let safe = url.scheme() == "https" || (url.scheme() == "http" && here);
    let plain = url.query().is_none() && url.fragment().is_none();
    let nameless = url.username().is_empty() && url.password().is_none();
    (safe && plain && nameless).then_some(url)
}

/// A place on a server.
pub fn at(server: &Url, path: &[&str]) -> Url {
    let mut url = server.clone();
    // Only an address that can't be a base has no path, and such a one is no server's.
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path);
    }
    url
}

/// Sends the request once and says what the answer means. An accepted answer is its JSON, or null
/// when it has no body.
#[expect(clippy::disallowed_methods, reason = "this is the one place that sends")]
pub async fn send(request: RequestBuilder, attempt: Attempt) -> Result<Value, Failure> {
    let mut response = request
        .timeout(attempt.timeout)
        .send()
        .await
        .map_err(|error| Failure::Ended(attempt.failed(&error)))?;
    let status = response.status();
    let body = read(&mut response).await;
    if status.is_success() {
        return body
            .and_then(|bytes| parse(&bytes))
            .ok_or_else(|| Failure::Ended(attempt.unclear("the network's answer is broken")));
    }
    let body = body.and_then(|bytes| parse(&bytes)).unwrap_or_default();
    let said = (attempt.codes)(status, &body);
    Err(attempt.not_accepted((status, response.headers()), said, &words_of(&body)))
}

/// Asks for an address and reads nothing of the answer but whether it was a yes, and when.
/// What went wrong is said without the address, which may be a secret.
#[expect(clippy::disallowed_methods, reason = "this is the one place that sends")]
pub async fn knock(request: RequestBuilder, timeout: Duration) -> Result<Knocked, String> {
    let answer = request.timeout(timeout).send().await;
    let answer =
        answer.map_err(|error| format!("{:#}", anyhow::Error::from(error.without_url())))?;
    let date = answer.headers().get(DATE).and_then(|date| date.to_str().ok());
    let date = date.and_then(|date| jiff::fmt::rfc2822::parse(date).ok());
    Ok(Knocked { status: answer.status().as_u16(), date: date.map(|at| at.timestamp()) })
}

/// What is known of an answer that nobody read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Knocked {
    /// The status of the answer.
    pub status: u16,
    /// What time it is there.
    pub date: Option<Timestamp>,
}

/// The address if it is one of the web that people can open, or nothing.
pub fn web_address(url: &str) -> String {
    reqwest::Url::parse(url)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .map(String::from)
        .unwrap_or_default()
}

impl Attempt {
    /// There is no answer.
    fn failed(self, error: &reqwest::Error) -> Outcome {
        if error.is_builder() {
            return Outcome::Refused("the network's address can't be used".to_owned());
        }
        if error.is_connect() {
            return Outcome::TryLater(self.after(SHORTEST));
        }
        self.unclear(if error.is_timeout() {
            "the network did not answer in time"
        } else {
            "the connection to the network broke"
        })
    }

    /// The answer is not a yes.
    fn not_accepted(
        self,
        (status, headers): (StatusCode, &HeaderMap),
        said: Option<Said>,
        words: &str,
    ) -> Failure {
        let asked = said == Some(Said::Later) || status == StatusCode::TOO_MANY_REQUESTS;
        let wait = self.wait(headers, asked);
        let refused = || match words {
            "" => format!("the network refused it: {status}"),
            words => format!("the network refused it: {words}"),
        };
        let ended = match (said, status.as_u16()) {
            (Some(Said::Expired), _) => return Failure::Expired,
            (Some(Said::NotThere), _) => return Failure::NotThere,
            (None, 404 | 410) => return Failure::NotFound(self.after(NOT_LET_IN)),
            (Some(Said::SignedOut), _) if words.is_empty() => {
                Outcome::SignedOut("its sign-in is not accepted".to_owned())
            }
            (Some(Said::SignedOut), _) => Outcome::SignedOut(words.to_owned()),
            (Some(Said::Later), _) | (None, 429) => {
                return Failure::Busy(wait.unwrap_or_else(|| self.after(BUSY)));
            }
            (None, 401 | 403) => Outcome::TryLater(wait.unwrap_or_else(|| self.after(NOT_LET_IN))),
            (None, 300..=399) if self.effect == Effect::Repeatable => {
                return Failure::Elsewhere(self.after(NOT_LET_IN));
            }
            (None, 408 | 300..=399 | 500..) => {
                match (self.unclear(&format!("the network answered {status}")), wait) {
                    (Outcome::TryLater(_), Some(at)) => Outcome::TryLater(at),
                    (outcome, _) => outcome,
                }
            }
            (Some(Said::Refused) | None, _) => Outcome::Refused(refused()),
        };
        Failure::Ended(ended)
    }

    /// It left, and nobody knows what came of it.
    fn unclear(self, why: &str) -> Outcome {
        match self.effect {
            Effect::Mutates => Outcome::Unknown(why.to_owned()),
            Effect::Repeatable => Outcome::TryLater(self.after(SHORTEST)),
        }
    }

    fn after(self, wait: SignedDuration) -> Timestamp {
        self.now.saturating_add(wait).unwrap_or(Timestamp::MAX)
    }

    /// Until when the server asks to wait, within bounds. When its limit begins anew is said with
    /// every answer, and counts only where the limit is reached.
    fn wait(self, headers: &HeaderMap, limited: bool) -> Option<Timestamp> {
        let said = |name: &str| headers.get(name)?.to_str().ok();
        let waits = if limited { &WAITS[..] } else { &WAITS[..1] };
        let at = waits.iter().find_map(|name| self.moment(said(name)?.trim()))?;
        Some(at.clamp(self.after(SHORTEST), self.after(LONGEST)))
    }

    /// A wait as servers write it: seconds from now, seconds since 1970, or a date.
    fn moment(self, text: &str) -> Option<Timestamp> {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if digits {
            // More digits than fit are longer than the longest wait, too.
            let seconds: i64 = text.parse().unwrap_or(i64::MAX);
            let moment = Timestamp::from_second(seconds).ok().filter(|_| seconds >= IS_A_MOMENT);
            return Some(
                moment
                    .unwrap_or_else(|| self.after(SignedDuration::from_secs(seconds).min(LONGEST))),
            );
        }
        let date = jiff::fmt::rfc2822::parse(text).ok().map(|date| date.timestamp());
        date.or_else(|| text.parse().ok())
    }
}

/// The whole body; nothing when it breaks off or is too long.
async fn read(response: &mut Response) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.ok()? {
        if body.len() + chunk.len() > LONGEST_BODY {
            return None;
        }
        body.extend_from_slice(&chunk);
    }
    Some(body)
}

fn parse(body: &[u8]) -> Option<Value> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Some(Value::Null);
    }
    serde_json::from_slice(body).ok()
}

/// The server's own words, shortened and in one line; empty when it has none.
fn words_of(body: &Value) -> String {
    let names = ["message", "detail", "error_description", "error"];
    let inner = body.get("error").filter(|inner| inner.is_object()).unwrap_or(body);
    let words = names.iter().find_map(|name| inner.get(name)?.as_str());
    let plain: String =
        words.unwrap_or_default().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    match plain.char_indices().nth(LONGEST_WORDS) {
        Some((end, _)) => format!("{}\u{2026}", plain[..end].trim_end()),
        None => plain.trim_end_matches('.').to_owned(),
    }
}
