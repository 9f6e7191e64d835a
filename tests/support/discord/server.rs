//! The addresses under which Discord is found: REST, the gateway, files.

use std::future::pending;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Path, Query, Request, State, WebSocketUpgrade};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use futures_util::stream;
use serde_json::{Value, json};

use super::call::{Call, Exchange};
use super::fail::{Done, Fail};
use super::faults::How;
use super::rates::{Spent, TooMany};
use super::routes;
use super::sim::Sim;
use super::socket::{self, Opening};
use super::stream::Stream;

/// So many exchanges are remembered.
const REMEMBERED: usize = 2000;

type Pairs = std::collections::HashMap<String, String>;

/// All routes.
pub fn router(sim: Arc<Sim>) -> Router {
    Router::new()
        .route("/api/{*path}", any(rest))
        .route("/", get(gateway))
        .route("/resume", get(resume))
        .route("/resume/", get(resume))
        .route("/attachments/{channel}/{id}/{name}", get(file))
        .layer(DefaultBodyLimit::disable())
        .with_state(sim)
}

/// A request that was looked at, and has not been done yet.
struct Asked {
    sim: Arc<Sim>,
    call: Call,
    route: String,
    spent: Option<Spent>,
}

async fn rest(State(sim): State<Arc<Sim>>, request: Request) -> Response {
    // waits for the world: the latency that a test asked for
    tokio::time::sleep(sim.with(|world| world.timing.latency)).await;
    if sim.look(|world| world.rates.is_banned()) {
        return (StatusCode::TOO_MANY_REQUESTS, "error code: 1015").into_response();
    }
    let app = token_of(request.headers());
    let app = app.and_then(|token| sim.with(|world| world.app_of(&token).map(|app| app.id)));
    let call = Call::head(request.method(), request.uri(), app);
    let route = call.route();
    let mut asked = Asked { sim, call, route, spent: None };
    // Answers to interactions come from libraries that do not say so there.
    let is_bot = agent_of(request.headers()).starts_with("DiscordBot (");
    if !is_bot && !["interactions", "webhooks"].contains(&asked.call.path[0].as_str()) {
        return asked.reply(Err(Fail::code(40333)));
    }
    let read = asked.call.read(request).await;
    let fault = asked.sim.with(|world| world.fault_of(&asked.route));
    if let Err(fail) = read.and_then(|()| asked.count()) {
        return asked.reply(Err(fail));
    }
    match fault {
        None => asked.done(),
        Some(how) => asked.goes_wrong(how).await,
    }
}

impl Asked {
    /// Counts it among those of its bucket.
    fn count(&mut self) -> Result<(), Fail> {
        let app = self.call.app.map(|app| app.to_string()).unwrap_or_default();
        let major = self.call.major();
        let counted = self.sim.with(|world| world.rates.count(&app, &self.route, &major));
        self.spent = counted.map_err(Fail::from)?;
        Ok(())
    }

    /// Does it, and answers.
    fn done(&self) -> Response {
        self.reply(self.sim.with(|world| routes::call(world, &self.call)))
    }

    async fn goes_wrong(&self, how: How) -> Response {
        match how {
            How::Hangs => pending().await,
            How::HangsAfter => {
                self.done();
                pending().await
            }
            How::Fails => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            How::FailsAfter => {
                self.done();
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
            How::Breaks => broken(),
            How::DropsAnswer => {
                self.done();
                broken()
            }
            How::Garbles => {
                self.done();
                json_response(StatusCode::OK, "{\"id\": \"12".to_owned())
            }
            How::Strange => {
                let mut done = self.sim.with(|world| routes::call(world, &self.call));
                if let Ok(Done::Said(said)) = &mut done {
                    estrange(said);
                }
                self.reply(done)
            }
            How::Refuses(status, code, message) => {
                self.reply(Err(Fail::says(status, code, message)))
            }
            How::Limits(seconds, scope) => {
                let retry = std::time::Duration::from_secs_f64(seconds);
                let limited = TooMany { retry, scope, spent: self.spent.clone(), code: None };
                self.reply(Err(limited.into()))
            }
            How::Slow(by) => {
                // waits for the world: a test asked for a slow answer
                tokio::time::sleep(by).await;
                self.done()
            }
        }
    }

    /// Answers, and remembers that.
    fn reply(&self, done: Result<Done, Fail>) -> Response {
        let mut spent = self.spent.clone();
        let mut limited = None;
        let (status, answer) = match done {
            Ok(Done::Said(said)) => (200, said),
            Ok(Done::Made(made)) => (201, made),
            Ok(Done::Nothing) => (204, Value::Null),
            Err(fail) => {
                limited = fail.limited;
                (fail.status, fail.body)
            }
        };
        if let Some(limited) = &limited {
            spent = limited.spent.clone().or(spent);
        }
        self.sim.with(|world| {
            world.rates.note(status, limited.as_ref().map(|limited| limited.scope));
            world.calls.push_back(Exchange {
                route: self.route.clone(),
                path: self.call.path.join("/"),
                request: self.call.body.clone(),
                status,
                answer: answer.clone(),
            });
            if world.calls.len() > REMEMBERED {
                world.calls.pop_front();
            }
        });
        let status = StatusCode::from_u16(status).expect("a status");
        let mut response = if status == StatusCode::NO_CONTENT {
            status.into_response()
        } else {
            json_response(status, answer.to_string())
        };
        let now = self.sim.with(|world| world.now());
        tell_limits(response.headers_mut(), spent.as_ref(), limited.as_deref(), now);
        response
    }
}

/// An answer; the kind is exactly this, for there are clients that compare it.
fn json_response(status: StatusCode, text: String) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], text).into_response()
}

/// What the head of an answer says of limits.
fn tell_limits(
    headers: &mut HeaderMap,
    spent: Option<&Spent>,
    limited: Option<&TooMany>,
    now: u64,
) {
    let mut put = |name: &'static str, value: String| {
        headers.insert(name, value.parse().expect("a header"));
    };
    // Without it, a client takes a limit for one of the proxy before Discord.
    put("via", "1.1 google".to_owned());
    if let Some(spent) = spent {
        let remaining =
            if limited.is_some_and(|l| l.scope == "user") { 0 } else { spent.remaining };
        let reset = limited.filter(|l| l.scope == "user").map_or(spent.reset, |l| l.retry);
        let at = std::time::Duration::from_millis(now) + reset;
        put("x-ratelimit-limit", spent.limit.to_string());
        put("x-ratelimit-remaining", remaining.to_string());
        put("x-ratelimit-reset", format!("{:.3}", at.as_secs_f64()));
        put("x-ratelimit-reset-after", format!("{:.3}", reset.as_secs_f64()));
        put("x-ratelimit-bucket", spent.bucket.clone());
    }
    if let Some(limited) = limited {
        // Whole seconds, rounded up; the body has it exactly.
        let seconds = limited.retry.as_secs() + u64::from(limited.retry.subsec_nanos() > 0);
        put("retry-after", seconds.to_string());
        put("x-ratelimit-scope", limited.scope.to_owned());
        if limited.scope == "global" {
            put("x-ratelimit-global", "true".to_owned());
        }
    }
}

/// An answer that breaks off before it says anything.
fn broken() -> Response {
    let breaks = stream::iter([Err::<Bytes, _>(std::io::Error::other("broken"))]);
    ([(header::CONTENT_LENGTH, "2")], Body::from_stream(breaks)).into_response()
}

/// Gives messages components that nobody knows yet.
fn estrange(said: &mut Value) {
    match said {
        Value::Array(list) => list.iter_mut().for_each(estrange),
        Value::Object(fields) if fields.contains_key("components") => {
            fields["components"] = json!([
                { "type": 1, "id": 1, "components": [{ "type": 77, "id": 2, "glow": [] }] },
                { "type": 99, "id": 3 },
            ]);
        }
        _ => {}
    }
}

fn token_of(headers: &HeaderMap) -> Option<String> {
    let said = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    said.starts_with("Bot ").then(|| said.to_owned())
}

fn agent_of(headers: &HeaderMap) -> &str {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    agent.unwrap_or_default()
}

async fn gateway(
    State(sim): State<Arc<Sim>>,
    Query(query): Query<Pairs>,
    upgrade: WebSocketUpgrade,
) -> Response {
    connect(sim, &query, upgrade, false)
}

async fn resume(
    State(sim): State<Arc<Sim>>,
    Query(query): Query<Pairs>,
    upgrade: WebSocketUpgrade,
) -> Response {
    connect(sim, &query, upgrade, true)
}

fn connect(sim: Arc<Sim>, query: &Pairs, upgrade: WebSocketUpgrade, is_resume: bool) -> Response {
    let asked = |name: &str| query.get(name).map(String::as_str);
    if sim.look(|world| world.gateway.unreachable) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let json = asked("encoding").is_none_or(|encoding| encoding == "json");
    let stream = Stream::named(asked("compress")).filter(|_| json);
    let Some(stream) = stream else { return StatusCode::BAD_REQUEST.into_response() };
    let opening =
        Opening { stream, is_resume, is_known_version: asked("v").unwrap_or("10") == "10" };
    upgrade.on_upgrade(move |socket| socket::serve(sim, socket, opening))
}

/// The bytes of a file, while its address is good.
async fn file(
    State(sim): State<Arc<Sim>>,
    Path((_, id, _)): Path<(String, String, String)>,
    Query(query): Query<Pairs>,
) -> Response {
    let asked = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
    let found =
        id.parse().ok().and_then(|id| sim.with(|world| world.fetch(id, asked("ex"), asked("hm"))));
    let Some((kind, bytes)) = found else {
        let said = "This content is no longer available.";
        return (StatusCode::NOT_FOUND, said).into_response();
    };
    ([(header::CONTENT_TYPE, kind)], bytes).into_response()
}
