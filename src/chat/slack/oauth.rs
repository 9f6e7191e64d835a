//! Where a workspace installs the app: [OAuth](https://docs.slack.dev/authentication/installing-with-oauth/).
//!
//! `/slack/install` sends a browser to Slack with a state that only this browser brings back, in a
//! cookie; `/slack/oauth` takes it within ten minutes. Without that anybody could have somebody
//! else's browser finish an install that they began. A state says when it was given, under the
//! app's own secret: it is good after a restart, and at another process; and what it brings, a code
//! of Slack's, is good once.

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::{COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use sha2::Sha256;
use subtle::ConstantTimeEq;

use super::frame::plain;
use super::keeper::Keeper;
use super::manifest::SCOPES;
use crate::domain::canonical::hex;
use crate::ports::clock::{Chance, Clock};

const COOKIE_NAME: &str = "countersign-slack-install";
/// An install is over in this time.
const GOOD: SignedDuration = SignedDuration::from_mins(10);
/// What else the app's secret signs, this is not that.
const SIGNED: &[u8] = b"countersign-slack-install:";

/// What installing needs.
pub struct Entrance {
    /// Takes in what is granted.
    pub keeper: Arc<Keeper>,
    /// Where Slack asks a person.
    pub authorize_url: String,
    /// The public address: `https://posts.example.org`.
    pub public_url: String,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// For states that nobody can guess.
    pub chance: Arc<dyn Chance>,
}

#[derive(Deserialize)]
struct Back {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    error: String,
}

/// The routes.
pub fn router(entrance: Arc<Entrance>) -> Router {
    Router::new()
        .route("/slack/install", get(install))
        .route("/slack/oauth", get(back))
        .with_state(entrance)
}

async fn install(State(entrance): State<Arc<Entrance>>) -> Response {
    let state = entrance.state();
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("client_id", &entrance.keeper.client().id)
        .append_pair("scope", &SCOPES.join(","))
        .append_pair("redirect_uri", &entrance.redirect())
        .append_pair("state", &state)
        .finish();
    let to = format!("{}?{query}", entrance.authorize_url);
    let cookie = entrance.cookie(&state, GOOD.as_secs());
    (StatusCode::FOUND, [(LOCATION, to), (SET_COOKIE, cookie)]).into_response()
}

async fn back(
    State(entrance): State<Arc<Entrance>>,
    headers: HeaderMap,
    query: Result<Query<Back>, QueryRejection>,
) -> Response {
    let again = format!("Begin again at {}/slack/install.", entrance.public_url);
    let Ok(Query(Back { code, state, error })) = query else {
        return page(StatusCode::BAD_REQUEST, "That is not how Slack comes back.", &again);
    };
    let cookie = cookie(&headers).unwrap_or_default();
    let is_its_own: bool = cookie.as_bytes().ct_eq(state.as_bytes()).into();
    let mut answer = if !is_its_own || !entrance.gave(&state) {
        let words = "This install was not begun in this browser, or it was begun too long ago.";
        page(StatusCode::BAD_REQUEST, words, &again)
    } else if !error.is_empty() || code.is_empty() {
        page(StatusCode::OK, "Nothing was installed.", &again)
    } else {
        match entrance.keeper.take(&code, &entrance.redirect()).await {
            Ok(team) => {
                let next = format!(
                    "Its id is {}: channels are named slack:{0}/CHANNEL. Invite the app to the \
                     channels of the practice.",
                    plain(&team)
                );
                page(StatusCode::OK, "Countersign is in the workspace.", &next)
            }
            Err(failed) => {
                tracing::warn!("An install came to nothing: {failed}");
                let words = format!("It was not installed: {failed}.");
                page(StatusCode::BAD_GATEWAY, &words, &again)
            }
        }
    };
    if let Ok(over) = entrance.cookie("", 0).parse() {
        answer.headers_mut().insert(SET_COOKIE, over);
    }
    answer
}

fn page(status: StatusCode, words: &str, next: &str) -> Response {
    let (words, next) = (escaped(words), escaped(next));
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Countersign</title>\
         <h1>{words}</h1><p>{next}</p></html>"
    );
    (status, Html(page)).into_response()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    let all = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|line| line.split(';')).filter_map(|one| one.split_once('='));
    pairs.find(|(name, _)| name.trim() == COOKIE_NAME).map(|(_, value)| value.trim().to_owned())
}

impl Entrance {
    fn state(&self) -> String {
        let once = hex::encode(&[self.chance.bytes(), self.chance.bytes()].concat());
        let given = format!("{}.{once}", self.clock.now().as_second());
        let proof = hex::encode(&self.proof(&given).finalize().into_bytes());
        format!("{given}.{proof}")
    }

    /// Whether it gave this state just now.
    fn gave(&self, state: &str) -> bool {
        let Some((given, proof)) = state.rsplit_once('.') else { return false };
        let is_own = hex::decode::<32>(proof)
            .is_some_and(|proof| self.proof(given).verify_slice(&proof).is_ok());
        let second = given.split_once('.').and_then(|(second, _)| second.parse().ok());
        let at = second.and_then(|second| Timestamp::from_second(second).ok());
        // Either way: the clock of another process may be behind.
        let age = at.map(|at| self.clock.now().duration_since(at));
        is_own && age.is_some_and(|age| age.abs() <= GOOD)
    }

    fn proof(&self, given: &str) -> Hmac<Sha256> {
        let secret = self.keeper.client().secret.reveal().as_bytes();
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("a key of any length");
        mac.update(SIGNED);
        mac.update(given.as_bytes());
        mac
    }

    fn redirect(&self) -> String {
        format!("{}/slack/oauth", self.public_url)
    }

    fn cookie(&self, state: &str, seconds: i64) -> String {
        let secure = if self.public_url.starts_with("https:") { "; Secure" } else { "" };
        format!(
            "{COOKIE_NAME}={state}; Path=/slack/oauth; Max-Age={seconds}; HttpOnly; \
             SameSite=Lax{secure}"
        )
    }
}
