//! Calls of [Slack's Web API](https://docs.slack.dev/apis/web-api/): one attempt each, within a
//! time-out, with the token of the workspace that is meant.
//!
//! Answers are read as plain JSON: a model that knows every field loses a whole answer over one
//! that Slack changed. What an answer means for whoever called is [`Failed`]; it holds Slack's
//! word for it at most, never a token nor anything that somebody wrote.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::Error as HyperError;
use hyper_util::client::legacy::connect::HttpConnector;
use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};
use rustls::ClientConfig;
use serde_json::Value;
use slack_morphism::api::SlackApiAppsConnectionOpenRequest;
use slack_morphism::errors::SlackClientError;
use slack_morphism::hyper_tokio::{SlackClientHyperConnector, SlackHyperClient};
use slack_morphism::{SlackApiToken, SlackApiTokenValue, SlackClient};
use thiserror::Error;

use super::installs::{Install, Installs};
use super::rates::{Call, Rates};
use crate::chat::tls;
use crate::domain::secret::Secret;

/// Where Slack's Web API is.
pub const SLACK: &str = "https://slack.com/api";
/// The only machine of Slack's that gets a token to hand out a file.
const FILES: &str = "files.slack.com";
/// How a form is sent.
const FORM: &str = "application/x-www-form-urlencoded";
/// How long a call may take in all.
const CALL: Duration = Duration::from_secs(10);
/// How long it may take until Slack is reached.
const CONNECT: Duration = Duration::from_secs(4);
/// How long it is until the next call, where Slack says "too many" and not when.
const LIMITED: Duration = Duration::from_secs(30);

/// Slack's words for a token that it does not accept any more.
const NO_MORE: [&str; 4] = ["account_inactive", "invalid_auth", "token_expired", "token_revoked"];

/// What came of a call that was not answered with what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Failed {
    /// Slack refused it, for this reason of its own: `channel_not_found`.
    #[error("Slack refuses it: {0}")]
    Refused(String),
    /// Too many; it was surely not done, and may be tried again after this.
    #[error("Slack wants no call for {} s", .0.as_secs())]
    Limited(Duration),
    /// It was surely not done.
    #[error("Slack can't be reached: {0}")]
    Away(String),
    /// Nobody knows whether it was done.
    #[error("Slack did not answer well: {0}")]
    Unknown(String),
    /// The app is not installed in that workspace.
    #[error("the app is not installed in that workspace")]
    NotInstalled,
}

/// The Web API, for all workspaces that installed the app. Cheap to clone.
#[derive(Clone)]
pub struct Api(Arc<Inner>);

struct Inner {
    client: SlackHyperClient,
    longest: Duration,
    rates: Rates,
    files: Client,
    url: Url,
    tls: Arc<ClientConfig>,
    installs: Arc<Installs>,
}

/// Where a socket can be opened, once: whoever has it hears everything.
pub struct Ticket(Url);

impl Ticket {
    /// The address.
    pub fn reveal(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hidden]")
    }
}

impl Api {
    /// Calls the Web API at `url`.
    pub fn new(url: &str, installs: Arc<Installs>) -> anyhow::Result<Self> {
        Self::within(url, installs, CALL)
    }

    /// The same, where no call takes longer than this, nor waits longer for its turn.
    pub fn within(url: &str, installs: Arc<Installs>, longest: Duration) -> anyhow::Result<Self> {
        let longest = longest.min(CALL);
        let url = url.trim_end_matches('/');
        let parsed: Url = url.parse().context("slack.api_url must be an address")?;
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_connect_timeout(Some(CONNECT.min(longest / 2)));
        http.set_nodelay(true);
        let tls = tls::config(&parsed)?;
        let builder = HttpsConnectorBuilder::new().with_tls_config(tls.clone());
        let https = builder.https_or_http().enable_all_versions().wrap_connector(http);
        let connector = SlackClientHyperConnector::from(https).with_slack_api_url(url);
        let files = Client::builder().tls_backend_preconfigured(tls.clone());
        let files = files.no_proxy().redirect(Policy::none()).referer(false);
        let files = files.connect_timeout(CONNECT).timeout(longest).build();
        let files = files.context("making a client")?;
        let client = SlackClient::new(connector);
        let (tls, url, rates) = (Arc::new(tls), parsed, Rates::default());
        Ok(Self(Arc::new(Inner { client, longest, rates, files, url, tls, installs })))
    }

    /// The app in this workspace: whose reactions and messages are its own.
    pub fn install(&self, team: &str) -> Option<Install> {
        self.0.installs.of(team)
    }

    /// Asks: `GET` with these arguments. A question may always be asked again, so its failure is
    /// never [`Failed::Unknown`].
    pub async fn get(
        &self,
        team: &str,
        method: &str,
        args: &[(&str, &str)],
    ) -> Result<Value, Failed> {
        let secret = self.token(team)?;
        let token = bearer(&secret);
        let session = self.0.client.open_session(&token);
        let args: Vec<_> = args.iter().map(|(name, value)| (*name, Some(*value))).collect();
        let asks = session.http_session_api.http_get(method, &args, None);
        match self.in_turn((Call { team, method, channel: "" }, &secret), asks).await {
            Err(Failed::Unknown(why)) => Err(Failed::Away(why)),
            answer => answer,
        }
    }

    /// Does something: `POST` with this as its JSON.
    pub async fn post(&self, team: &str, method: &str, body: &Value) -> Result<Value, Failed> {
        let secret = self.token(team)?;
        let token = bearer(&secret);
        let session = self.0.client.open_session(&token);
        let does = session.http_session_api.http_post(method, body, None);
        let channel = body.get("channel").and_then(Value::as_str).unwrap_or_default();
        self.in_turn((Call { team, method, channel }, &secret), does).await
    }

    /// Makes a call when it is its turn; or not, if that is too late.
    async fn in_turn(
        &self,
        (call, token): (Call<'_>, &Secret),
        does: impl Future<Output = Result<Value, SlackClientError>>,
    ) -> Result<Value, Failed> {
        let turn = self.0.rates.turn(call, self.0.longest).await;
        let _until_answered = turn.map_err(Failed::Limited)?;
        let answer = self.in_time(does).await;
        match &answer {
            Err(Failed::Limited(wait)) => self.0.rates.too_many(call, *wait),
            Err(Failed::Refused(code)) if NO_MORE.contains(&code.as_str()) => {
                self.0.installs.lose(call.team, Some(token), code);
            }
            _ => {}
        }
        answer
    }

    async fn in_time<T>(
        &self,
        call: impl Future<Output = Result<T, SlackClientError>>,
    ) -> Result<T, Failed> {
        match tokio::time::timeout(self.0.longest, call).await {
            Ok(answer) => answer.map_err(meaning),
            Err(_) => Err(Failed::Unknown("no answer in time".to_owned())),
        }
    }

    /// The bytes of a file at its `url_private_download`; at most `limit`. Only Slack's own machine
    /// of files gets the token.
    pub async fn file(&self, team: &str, url: &str, limit: usize) -> Result<Vec<u8>, Failed> {
        let url: Url = url.parse().map_err(|_| Failed::Refused("not_an_address".to_owned()))?;
        let ours = url.origin() == self.0.url.origin();
        let slacks = url.scheme() == "https" && url.host_str() == Some(FILES);
        if !ours && !slacks {
            return Err(Failed::Refused("not_slacks_file".to_owned()));
        }
        let ask = self.0.files.get(url).bearer_auth(self.token(team)?.reveal());
        let mut answer = send(ask).await.map_err(|why| Failed::Away(why.to_owned()))?;
        // Without the scope Slack shows its page for signing in, as if all were well.
        let is_page = answer.headers().get(CONTENT_TYPE);
        if is_page.is_some_and(|value| value.as_bytes().starts_with(b"text/html")) {
            return Err(Failed::Refused("file_not_readable".to_owned()));
        }
        let mut bytes = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(|_| broken())? {
            if bytes.len() + part.len() > limit {
                return Err(Failed::Refused("file_too_large".to_owned()));
            }
            bytes.extend_from_slice(&part);
        }
        Ok(bytes)
    }

    /// Brings a file's bytes to the `upload_url` that `files.getUploadURLExternal` gave; without
    /// any token, as the address is the permission.
    pub async fn upload(&self, url: &str, bytes: Vec<u8>) -> Result<(), Failed> {
        let url: Url = url.parse().map_err(|_| Failed::Refused("not_an_address".to_owned()))?;
        match send(self.0.files.post(url).body(bytes)).await {
            Ok(_) => Ok(()),
            Err(why) => Err(Failed::Unknown(why.to_owned())),
        }
    }

    /// Where one socket can be opened, with the app-level token.
    pub async fn open_socket(&self, app_token: &Secret) -> Result<Ticket, Failed> {
        let token = bearer(app_token);
        let session = self.0.client.open_session(&token);
        let asked = SlackApiAppsConnectionOpenRequest::new();
        let url = self.in_time(session.apps_connections_open(&asked)).await?.url.0;
        // What is said over a socket is as secret as what is said in calls.
        let sound = match self.0.url.scheme() {
            "https" => url.scheme() == "wss",
            _ => matches!(url.scheme(), "ws" | "wss"),
        };
        if sound { Ok(Ticket(url)) } else { Err(broken()) }
    }

    /// Asks with this token, whoever it belongs to.
    pub async fn ask(
        &self,
        token: &Secret,
        method: &str,
        args: &[(&str, &str)],
    ) -> Result<Value, Failed> {
        let token = bearer(token);
        let session = self.0.client.open_session(&token);
        let args: Vec<_> = args.iter().map(|(name, value)| (*name, Some(*value))).collect();
        self.in_time(session.http_session_api.http_get(method, &args, None)).await
    }

    /// Brings `oauth.v2.access` a code or a refresh, as the app itself. It is a form, and its answer
    /// holds tokens.
    pub async fn exchange(
        &self,
        (id, secret): (&str, &Secret),
        form: &[(&str, &str)],
    ) -> Result<Value, Failed> {
        let url = format!("{}/oauth.v2.access", self.0.url.as_str().trim_end_matches('/'));
        let own = [("client_id", id), ("client_secret", secret.reveal())];
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(own.iter().chain(form))
            .finish();
        let request = self.0.files.post(url).header(CONTENT_TYPE, FORM).body(body);
        let answer = send(request).await.map_err(|why| Failed::Unknown(why.to_owned()))?;
        let said: Value = answer.json().await.map_err(|_| broken())?;
        match said.get("error").and_then(Value::as_str) {
            Some(code) => Err(refused(code.to_owned())),
            None => Ok(said),
        }
    }

    /// What this token may do.
    pub async fn scopes(&self, token: &Secret) -> Result<Vec<String>, Failed> {
        let url = format!("{}/auth.test", self.0.url.as_str().trim_end_matches('/'));
        let answer = send(self.0.files.post(url).bearer_auth(token.reveal())).await;
        let answer = answer.map_err(|why| Failed::Away(why.to_owned()))?;
        let said = answer.headers().get("x-oauth-scopes").and_then(|scopes| scopes.to_str().ok());
        let said = said.map(ToOwned::to_owned).unwrap_or_default();
        Ok(said.split(',').map(|scope| scope.trim().to_owned()).collect())
    }

    /// The workspaces of an organisation where this token counts.
    pub async fn teams_of(&self, token: &Secret) -> Result<Vec<String>, Failed> {
        let (mut teams, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = [("limit", "100"), ("cursor", cursor.as_str())];
            let said = self.ask(token, "auth.teams.list", &page).await?;
            let here = said["teams"].as_array().map(Vec::as_slice).unwrap_or_default();
            teams.extend(here.iter().filter_map(|team| team["id"].as_str()).map(str::to_owned));
            said["response_metadata"]["next_cursor"]
                .as_str()
                .unwrap_or_default()
                .clone_into(&mut cursor);
            if cursor.is_empty() || here.is_empty() {
                return Ok(teams);
            }
        }
    }

    /// The workspaces that installed the app.
    pub fn installs(&self) -> &Installs {
        &self.0.installs
    }

    /// Whom sockets have to trust.
    pub fn tls(&self) -> Arc<ClientConfig> {
        self.0.tls.clone()
    }

    fn token(&self, team: &str) -> Result<Secret, Failed> {
        Ok(self.0.installs.of(team).ok_or(Failed::NotInstalled)?.token)
    }
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Api({})", self.0.url.origin().ascii_serialization())
    }
}

fn bearer(token: &Secret) -> SlackApiToken {
    SlackApiToken::new(SlackApiTokenValue(token.reveal().to_owned()))
}

/// What an error means. Its own words are left out: they hold the whole answer.
fn meaning(error: SlackClientError) -> Failed {
    match error {
        SlackClientError::ApiError(error) => refused(error.code),
        SlackClientError::RateLimitError(error) => {
            Failed::Limited(error.retry_after.unwrap_or(LIMITED))
        }
        SlackClientError::HttpError(error) if error.status_code.is_client_error() => {
            Failed::Away(format!("it answers {}", error.status_code.as_u16()))
        }
        SlackClientError::HttpError(error) => {
            Failed::Unknown(format!("it answers {}", error.status_code.as_u16()))
        }
        SlackClientError::HttpProtocolError(error) => {
            let cause = error.cause.as_deref().and_then(|cause| cause.downcast_ref::<HyperError>());
            if cause.is_some_and(HyperError::is_connect) {
                Failed::Away("no connection".to_owned())
            } else {
                broken()
            }
        }
        SlackClientError::EndOfStream(_)
        | SlackClientError::SystemError(_)
        | SlackClientError::ProtocolError(_)
        | SlackClientError::SocketModeProtocolError(_) => broken(),
    }
}

/// What Slack's word for a failure means.
fn refused(code: String) -> Failed {
    match code.as_str() {
        "ratelimited" | "rate_limited" => Failed::Limited(LIMITED),
        // "Some aspect of the operation may have succeeded."
        "fatal_error" | "internal_error" | "service_unavailable" => Failed::Unknown(code),
        "request_timeout" => Failed::Away(code),
        _ => Failed::Refused(code),
    }
}

fn broken() -> Failed {
    Failed::Unknown("the answer broke off or can't be read".to_owned())
}

async fn send(request: RequestBuilder) -> Result<Response, &'static str> {
    #[expect(clippy::disallowed_methods, reason = "a file of Slack's, not a network's post")]
    let answer = request.send().await.map_err(|_| "no answer")?;
    match answer.status() {
        StatusCode::OK => Ok(answer),
        _ => Err("it does not give it"),
    }
}
