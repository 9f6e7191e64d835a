//! HTTP mode: Slack brings what happens by
//! [requests](https://docs.slack.dev/apis/events-api/using-http-request-urls/) to the public
//! address.
//!
//! A request is read only up to a limit, and nothing in it is looked at before it is known to be
//! Slack's. What is not stored is answered with 503, so that Slack sends it again; what Slack
//! could send again for ever and never be taken says so in `x-slack-no-retry`.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::post;
use serde_json::{Map, Value};

use super::bring::Bring;
use super::envelope::{Envelope, Kind, Reply};
use super::signed::Seal;
use crate::ports::clock::Clock;

/// Slack sends less: a form is at most 250 KB, and an event holds a message before and after.
const LONGEST_BODY: usize = 1024 * 1024;
/// The addresses; all take all, as an app may name one for everything.
const ADDRESSES: [&str; 3] = ["/slack/events", "/slack/commands", "/slack/interactions"];
const SIGNATURE: &str = "x-slack-signature";
const SENT: &str = "x-slack-request-timestamp";
const NO_RETRY: HeaderName = HeaderName::from_static("x-slack-no-retry");

/// What HTTP mode needs.
pub struct Desk {
    /// Tells Slack's requests from others.
    pub seal: Seal,
    /// Where what comes goes.
    pub bring: Bring,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
}

/// What a body holds.
enum Held {
    /// Slack asks whether this is the app's address.
    Challenge(String),
    /// Something to hear.
    Heard(Envelope),
    /// Nothing that is known here.
    Odd,
}

/// The routes.
pub fn router(desk: Arc<Desk>) -> Router {
    let routes = ADDRESSES.into_iter().fold(Router::new(), |all, at| all.route(at, post(take)));
    routes.layer(DefaultBodyLimit::max(LONGEST_BODY)).with_state(desk)
}

async fn take(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let body = match body {
        Ok(body) => body,
        Err(broken) => return never(broken.status()),
    };
    let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let now = desk.clock.now();
    let proof = match desk.seal.check((said(SIGNATURE), said(SENT)), &body, now) {
        Ok(proof) => proof,
        Err(doubt) => {
            tracing::warn!(slack.doubt = ?doubt, "A request that is not Slack's was refused");
            return never(StatusCode::UNAUTHORIZED);
        }
    };
    if !desk.seal.is_first(proof, now) {
        tracing::warn!("A request of Slack's came twice and is heard once");
        return StatusCode::OK.into_response();
    }
    let is_form = said(CONTENT_TYPE.as_str()).is_some_and(|kind| kind.contains("form-urlencoded"));
    let held = if is_form { form(&body) } else { event(&body) };
    match held {
        Held::Challenge(challenge) => challenge.into_response(),
        Held::Odd => {
            tracing::warn!("A request of Slack's holds nothing that is known");
            StatusCode::OK.into_response()
        }
        Held::Heard(envelope) => {
            let reply = desk.bring.within_deadline(envelope).await;
            match reply {
                Reply::Ack => StatusCode::OK.into_response(),
                Reply::With(answer) => Json(answer).into_response(),
                Reply::Not => {
                    desk.seal.forget(&proof);
                    StatusCode::SERVICE_UNAVAILABLE.into_response()
                }
            }
        }
    }
}

/// To be sent again would change nothing.
fn never(status: StatusCode) -> Response {
    (status, [(NO_RETRY, "1")]).into_response()
}

fn event(body: &[u8]) -> Held {
    let payload: Value = serde_json::from_slice(body).unwrap_or_default();
    let kind = payload.get("type").and_then(Value::as_str);
    match (kind, payload.get("challenge").and_then(Value::as_str)) {
        (Some("url_verification"), Some(challenge)) => Held::Challenge(challenge.to_owned()),
        (Some("event_callback"), _) => Held::Heard(Envelope { kind: Kind::Event, payload }),
        _ => Held::Odd,
    }
}

/// A command's fields, or the one field of an interaction.
fn form(body: &[u8]) -> Held {
    let fields: Map<String, Value> = form_urlencoded::parse(body)
        .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
        .collect();
    if fields.contains_key("command") {
        return Held::Heard(Envelope { kind: Kind::Command, payload: Value::Object(fields) });
    }
    if fields.get("ssl_check").is_some() {
        // Slack looks whether the certificate is sound.
        return Held::Challenge(String::new());
    }
    let payload = fields.get("payload").and_then(Value::as_str);
    match payload.and_then(|text| serde_json::from_str(text).ok()) {
        Some(payload @ Value::Object(_)) => {
            Held::Heard(Envelope { kind: Kind::Interaction, payload })
        }
        _ => Held::Odd,
    }
}
