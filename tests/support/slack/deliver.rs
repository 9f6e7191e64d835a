//! Brings what happened to the apps: over a socket or by HTTP, again when it is not acknowledged.

use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::sync::oneshot;
use tokio::time::{Instant, timeout};

use super::sim::Sim;
use super::world::{App, World};

/// What an app must be told.
#[derive(Debug)]
pub struct Delivery {
    pub app: String,
    pub kind: Kind,
    pub payload: Value,
    /// Who waits for the answer: `None` is no acknowledgment.
    pub back: Option<oneshot::Sender<Option<Value>>>,
}

/// Which of Slack's ways it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Event,
    Interactive,
    Command,
}

/// Sends it the first time, so that order is kept, and sees it through from there.
pub fn begin(sim: &Arc<Sim>, world: &mut World, delivery: Delivery) {
    let app = world.app(&delivery.app).clone();
    let envelope_id = format!("envelope-{}", world.next());
    let first = match app.request_url {
        None => world.sockets.send(&app.id, &envelope(&delivery, &envelope_id, 0)),
        Some(_) => None,
    };
    sim.on_the_way.send_modify(|count| *count += 1);
    tokio::spawn(see_through(sim.clone(), app, delivery, first));
}

async fn see_through(
    sim: Arc<Sim>,
    app: App,
    delivery: Delivery,
    first: Option<oneshot::Receiver<Value>>,
) {
    let waits = if delivery.kind == Kind::Event { sim.timing().again } else { Vec::new() };
    let began = Instant::now();
    let mut answer = attempt(&sim, &app, &delivery, 0, first).await;
    for (at, wait) in waits.into_iter().enumerate() {
        if answer.is_some() {
            break;
        }
        // waits for the world: Slack tries again after a while, whatever happens meanwhile
        tokio::time::sleep(wait).await;
        let socket = app.request_url.is_none().then(|| {
            sim.with(|world| {
                let id = format!("envelope-{}", world.next());
                world.sockets.send(&app.id, &envelope(&delivery, &id, at + 1))
            })
        });
        answer = attempt(&sim, &app, &delivery, at + 1, socket.flatten()).await;
    }
    if answer.is_none() {
        sim.given_up.send_modify(|count| *count += 1);
    } else {
        sim.with(|world| world.took.push(began.elapsed()));
    }
    if let Some(back) = delivery.back {
        let _ = back.send(answer);
    }
    sim.on_the_way.send_modify(|count| *count -= 1);
}

async fn attempt(
    sim: &Arc<Sim>,
    app: &App,
    delivery: &Delivery,
    number: usize,
    socket: Option<oneshot::Receiver<Value>>,
) -> Option<Value> {
    match (&app.request_url, socket) {
        (Some(url), _) => by_http(sim, app, url, delivery, number).await,
        (None, Some(acknowledged)) => timeout(sim.timing().deadline, acknowledged).await.ok()?.ok(),
        (None, None) => None,
    }
}

fn envelope(delivery: &Delivery, id: &str, attempt: usize) -> Value {
    let kind = match delivery.kind {
        Kind::Event => "events_api",
        Kind::Interactive => "interactive",
        Kind::Command => "slash_commands",
    };
    let answers = delivery.kind == Kind::Command
        || delivery.payload["type"] == "view_submission"
        || delivery.payload["type"] == "block_suggestion";
    let mut envelope = json!({
        "envelope_id": id, "type": kind, "accepts_response_payload": answers,
        "payload": delivery.payload,
    });
    if delivery.kind == Kind::Event {
        envelope["retry_attempt"] = json!(attempt);
        envelope["retry_reason"] = json!(if attempt == 0 { "" } else { "timeout" });
    }
    envelope
}

async fn by_http(
    sim: &Arc<Sim>,
    app: &App,
    url: &str,
    delivery: &Delivery,
    number: usize,
) -> Option<Value> {
    let (kind, body) = match delivery.kind {
        Kind::Event => ("application/json", delivery.payload.to_string()),
        Kind::Interactive => (FORM, form([("payload", delivery.payload.to_string())])),
        Kind::Command => (FORM, form(fields(&delivery.payload))),
    };
    let now = seconds();
    let mut request = sim
        .client
        .post(url)
        .timeout(sim.timing().deadline)
        .header("content-type", kind)
        .header("x-slack-request-timestamp", now.to_string())
        .header("x-slack-signature", signature(&app.signing_secret, now, &body));
    if number > 0 {
        request = request
            .header("x-slack-retry-num", number.to_string())
            .header("x-slack-retry-reason", "http_timeout");
    }
    #[expect(clippy::disallowed_methods, reason = "Slack's own requests, not a network's")]
    let answer = request.body(body).send().await.ok()?;
    if !answer.status().is_success() {
        return None;
    }
    let text = answer.text().await.ok()?;
    Some(serde_json::from_str(&text).unwrap_or(if text.is_empty() {
        Value::Null
    } else {
        json!({ "text": text })
    }))
}

const FORM: &str = "application/x-www-form-urlencoded";

fn form(pairs: impl IntoIterator<Item = (impl AsRef<str>, String)>) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs {
        form.append_pair(name.as_ref(), &value);
    }
    form.finish()
}

fn fields(payload: &Value) -> Vec<(String, String)> {
    let fields = payload.as_object().expect("a command is an object").iter();
    fields
        .map(|(name, value)| (name.clone(), value.as_str().unwrap_or("false").to_owned()))
        .collect()
}

/// Slack's signature of a request.
pub fn signature(secret: &str, at: u64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length");
    mac.update(format!("v0:{at}:{body}").as_bytes());
    let bytes = mac.finalize().into_bytes();
    let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("v0={}", hex.concat())
}

/// The real time: a signature is good for five minutes of it.
fn seconds() -> u64 {
    #[expect(clippy::disallowed_methods, reason = "who checks the signature looks at the clock")]
    let now = std::time::SystemTime::now();
    now.duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs()
}
