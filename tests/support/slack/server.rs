//! The addresses under which Slack is found: methods, sockets, files, uploads, OAuth, answers.

use std::future::pending;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Multipart, Path, Query, Request, State, WebSocketUpgrade};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{any, get, post};
use axum::{Json, Router};
use futures_util::stream;
use serde_json::{Value, json};

use super::args::Args;
use super::fail::Fail;
use super::faults::How;
use super::methods;
use super::sim::Sim;
use super::socket;

type Pairs = std::collections::HashMap<String, String>;

/// All routes.
pub fn router(sim: Arc<Sim>) -> Router {
    Router::new()
        .route("/api/{method}", any(method))
        .route("/link/", get(link))
        .route("/files-pri/{id}/{name}", get(file))
        .route("/upload/v1/{id}", post(upload))
        .route("/respond/{key}", post(respond))
        .route("/oauth/v2/authorize", get(authorize))
        .with_state(sim)
}

async fn method(
    State(sim): State<Arc<Sim>>,
    Path(name): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    // waits for the world: the latency that a test asked for
    tokio::time::sleep(sim.timing().latency).await;
    let fault = sim.with(|world| world.fault_of(&name));
    let scopes = scopes_of(&sim, &headers);
    let call = || match Args::read(&uri, &headers, &body) {
        Ok(args) => sim.with(|world| methods::call(world, &name, &args)),
        Err(fail) => fail.0,
    };
    match fault {
        None => ([("x-oauth-scopes", scopes)], answer(call())).into_response(),
        Some(How::Hangs) => pending().await,
        Some(How::HangsAfter) => {
            call();
            pending().await
        }
        Some(How::Fails) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Some(How::FailsAfter) => {
            call();
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
        Some(How::Breaks) => broken(),
        Some(How::DropsAnswer) => {
            call();
            broken()
        }
        Some(How::Refuses(error)) => answer(Fail::new(error).0),
        Some(How::Limits(seconds)) => answer(methods::limited(seconds)),
        Some(How::Slow(by)) => {
            // waits for the world: a test asked for a slow answer
            tokio::time::sleep(by).await;
            answer(call())
        }
    }
}

/// What the caller's token may do, as Slack tells in the head of every answer.
fn scopes_of(sim: &Arc<Sim>, headers: &HeaderMap) -> String {
    let said = headers.get(header::AUTHORIZATION).and_then(|said| said.to_str().ok());
    let token = said.and_then(|said| said.strip_prefix("Bearer ")).unwrap_or_default().to_owned();
    sim.with(|world| {
        let install = world.installs.iter().find(|install| install.token == token);
        install.map(|install| install.scopes.join(",")).unwrap_or_default()
    })
}

/// An answer; too many calls is the only one that is not 200.
fn answer(mut said: Value) -> Response {
    let wait = said.as_object_mut().and_then(|said| said.remove("retry_after"));
    match wait {
        Some(seconds) => (
            StatusCode::TOO_MANY_REQUESTS,
            [(header::RETRY_AFTER, seconds.to_string())],
            Json(said),
        )
            .into_response(),
        None => Json(said).into_response(),
    }
}

/// An answer that breaks off before it says anything.
fn broken() -> Response {
    let breaks = stream::iter([Err::<Bytes, _>(std::io::Error::other("broken"))]);
    ([(header::CONTENT_LENGTH, "2")], Body::from_stream(breaks)).into_response()
}

async fn link(
    State(sim): State<Arc<Sim>>,
    Query(query): Query<Pairs>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let ticket = query.get("ticket").cloned().unwrap_or_default();
    match sim.with(|world| world.tickets.remove(&ticket)) {
        Some(app) => upgrade.on_upgrade(move |socket| socket::serve(sim, socket, app)),
        None => StatusCode::FORBIDDEN.into_response(),
    }
}

/// The bytes of a file; to who may not see it, a page to sign in, with 200.
async fn file(
    State(sim): State<Arc<Sim>>,
    Path((id, _)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let said = headers.get(header::AUTHORIZATION).and_then(|said| said.to_str().ok());
    let token = said.and_then(|said| said.strip_prefix("Bearer ")).unwrap_or_default().to_owned();
    let found = sim.with(|world| {
        let install = world.installs.iter().find(|i| i.token == token && !i.revoked)?;
        install.scopes.iter().find(|scope| *scope == "files:read")?;
        let file = world.file(id.split_once('-')?.1)?;
        Some((world.file_json(file)["mimetype"].as_str()?.to_owned(), file.bytes.clone()))
    });
    match found {
        Some((kind, bytes)) => ([(header::CONTENT_TYPE, kind)], bytes).into_response(),
        None => Html("<!DOCTYPE html><html><body>Sign in to Slack</body></html>").into_response(),
    }
}

async fn upload(State(sim): State<Arc<Sim>>, Path(id): Path<String>, request: Request) -> Response {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let bytes = if kind.is_some_and(|kind| kind.starts_with("multipart/")) {
        let mut form = Multipart::from_request(request, &()).await.expect("a form");
        let field = form.next_field().await.expect("whole").expect("a file");
        field.bytes().await.expect("whole")
    } else {
        axum::body::to_bytes(request.into_body(), 50_000_000).await.expect("not that large")
    };
    let kept = sim.with(|world| {
        let file = world.files.iter_mut().find(|file| file.id == id && !file.complete)?;
        file.bytes = bytes.to_vec();
        (file.bytes.len() == file.length).then_some(file.length)
    });
    match kept {
        Some(length) => format!("OK - {length}").into_response(),
        None => (StatusCode::BAD_REQUEST, "length mismatch").into_response(),
    }
}

async fn respond(
    State(sim): State<Arc<Sim>>,
    Path(key): Path<String>,
    Json(said): Json<Value>,
) -> Response {
    match sim.with(|world| world.answer_under(&key, &said)) {
        Ok(()) => "ok".into_response(),
        Err(fail) => (StatusCode::NOT_FOUND, Json(fail.0)).into_response(),
    }
}

/// Somebody allows the install: the first one of the workspace that is asked for.
async fn authorize(State(sim): State<Arc<Sim>>, Query(query): Query<Pairs>) -> Response {
    let asked = |name: &str| query.get(name).cloned().unwrap_or_default();
    let code = sim.with(|world| {
        let app = world.apps.iter().find(|app| app.client_id == asked("client_id"))?.id.clone();
        let wanted = asked("team");
        let team = world.teams.iter().find(|team| wanted.is_empty() || team.id == wanted)?;
        let team = team.id.clone();
        let scopes = asked("scope").split(',').map(ToOwned::to_owned).collect();
        let code = world.id("code");
        world.codes.insert(code.clone(), (app, team, scopes));
        Some(code)
    });
    let Some(code) = code else {
        return (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_client_id" })))
            .into_response();
    };
    let mut back = form_urlencoded::Serializer::new(String::new());
    back.append_pair("code", &code).append_pair("state", &asked("state"));
    Redirect::to(&format!("{}?{}", asked("redirect_uri"), back.finish())).into_response()
}
