//! The HTTP API's answers about the chat: each reads what was asked, has it done, and says so.

use std::convert::Infallible;
use std::time::Duration;

use axum::Json;
use axum::extract::multipart::MultipartError;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::Stream;
use futures_util::stream::unfold;
use serde::Deserialize;
use serde_json::{Value, json};

use super::acts::{self, Attach, Heard, NotDone, Say};
use super::asked::Asked;
use super::faults::Faults;
use super::files::{Bytes, LONGEST, sniff};
use super::openapi::openapi;
use super::problem::Problem;
use super::state::Local;
use super::transcript::{Transcript, numbered};

pub(super) type Answer<T> = Result<T, Problem>;

#[derive(Deserialize)]
pub(super) struct As {
    #[serde(rename = "as")]
    person: String,
}

#[derive(Deserialize)]
pub(super) struct MaybeAs {
    #[serde(rename = "as")]
    person: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Since {
    channel: String,
    #[serde(default)]
    after: i64,
    #[serde(rename = "as")]
    person: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct After {
    #[serde(default)]
    after: i64,
}

#[derive(Deserialize)]
pub(super) struct Saying {
    #[serde(rename = "as")]
    person: String,
    #[serde(flatten)]
    said: Say,
}

#[derive(Deserialize)]
pub(super) struct Editing {
    #[serde(rename = "as")]
    person: String,
    text: String,
    files: Option<Vec<Attach>>,
}

pub(super) async fn describe() -> Json<Value> {
    Json(openapi())
}

pub(super) async fn people(State(local): State<Local>) -> Json<Value> {
    Json(json!(local.world().people()))
}

pub(super) async fn channels(State(local): State<Local>) -> Json<Value> {
    Json(json!(local.world().channels()))
}

pub(super) async fn transcript(
    State(local): State<Local>,
    Query(since): Query<Since>,
) -> Answer<Json<Transcript>> {
    let world = local.world();
    let reader = since.person.as_deref();
    is_there(&local, reader)?;
    let reading = reader.and_then(|id| world.person(id));
    let room = world.channel(&since.channel);
    let room = room.filter(|room| reading.is_none_or(|person| room.admits(person)));
    room.ok_or(NotDone::NoSuchChannel)?;
    let seen = world.transcript(&since.channel, since.after, reader);
    Ok(Json(seen.await?))
}

pub(super) async fn events(
    State(local): State<Local>,
    Query(reader): Query<MaybeAs>,
) -> Answer<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    is_there(&local, reader.person.as_deref())?;
    let world = local.world().clone();
    let mut changes = world.changes();
    changes.mark_changed();
    let events = unfold((world, changes), |(world, mut changes)| async move {
        tokio::select! {
            alive = changes.changed() => alive.ok()?,
            () = world.closed() => return None,
        }
        let seq = *changes.borrow_and_update();
        let event = Event::default().event("change").data(json!({ "seq": seq }).to_string());
        Some((Ok(event), (world, changes)))
    });
    let ping = KeepAlive::new().interval(Duration::from_secs(15)).text("ping");
    Ok(Sse::new(events).keep_alive(ping))
}

pub(super) async fn say(
    State(local): State<Local>,
    Asked(asked): Asked<Saying>,
) -> Answer<(StatusCode, Json<Heard>)> {
    let to = local.hearing;
    let heard = whole(async move { acts::say(&to, &asked.person, &asked.said).await }).await?;
    Ok((StatusCode::CREATED, Json(heard)))
}

pub(super) async fn edit(
    State(local): State<Local>,
    Path(id): Path<String>,
    Asked(asked): Asked<Editing>,
) -> Answer<Json<Heard>> {
    let to = local.hearing;
    let heard = whole(async move {
        acts::edit(&to, &asked.person, &id, (&asked.text, asked.files.as_deref())).await
    });
    Ok(Json(heard.await?))
}

pub(super) async fn delete(
    State(local): State<Local>,
    Path(id): Path<String>,
    Query(asked): Query<As>,
) -> Answer<Json<Heard>> {
    let to = local.hearing;
    let heard = whole(async move { acts::delete(&to, &asked.person, &id).await });
    Ok(Json(heard.await?))
}

pub(super) async fn put_reaction(
    state: State<Local>,
    path: Path<(String, String)>,
    asked: Query<As>,
) -> Answer<Json<Heard>> {
    react(state, path, asked, true).await
}

pub(super) async fn take_reaction(
    state: State<Local>,
    path: Path<(String, String)>,
    asked: Query<As>,
) -> Answer<Json<Heard>> {
    react(state, path, asked, false).await
}

async fn react(
    State(local): State<Local>,
    Path((id, emoji)): Path<(String, String)>,
    Query(asked): Query<As>,
    on: bool,
) -> Answer<Json<Heard>> {
    let to = local.hearing;
    let heard = whole(async move { acts::react(&to, &asked.person, &id, (&emoji, on)).await });
    Ok(Json(heard.await?))
}

pub(super) async fn upload(
    State(local): State<Local>,
    mut form: Multipart,
) -> Answer<(StatusCode, Json<Value>)> {
    while let Some(field) = form.next_field().await.map_err(broken)? {
        if field.name() != Some("file") {
            continue;
        }
        let bytes = field.bytes().await.map_err(broken)?;
        if bytes.len() > LONGEST {
            return Err(Problem::too_large());
        }
        let Some(media_type) = sniff(&bytes) else {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "the file is not a picture",
                "send a JPEG or PNG",
            ));
        };
        let number = local.world().upload(media_type, &bytes).await?;
        let answer =
            json!({ "id": format!("f{number}"), "url": format!("/local/api/files/f{number}") });
        return Ok((StatusCode::CREATED, Json(answer)));
    }
    Err(Problem::unreadable("the form has no `file`"))
}

pub(super) async fn file(State(local): State<Local>, Path(id): Path<String>) -> Answer<Response> {
    let gone = || Problem::not_found("there is no file with that id");
    let number = numbered('f', &id).ok_or_else(gone)?;
    Ok(bytes(local.world().file(number).await?.ok_or_else(gone)?))
}

pub(super) async fn picture(
    State(local): State<Local>,
    Path(sha256): Path<String>,
) -> Answer<Response> {
    let is_digest =
        sha256.len() == 64 && sha256.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let found = if is_digest { local.pictures.picture(&sha256).await } else { None };
    found.map(bytes).ok_or_else(|| Problem::not_found("there is no such picture"))
}

pub(super) async fn settled(
    State(local): State<Local>,
    Query(asked): Query<After>,
) -> Answer<Json<Value>> {
    let settled = local.hearing.intake.settled(asked.after);
    match tokio::time::timeout(local.patience, settled).await {
        Ok(()) => Ok(Json(json!({ "seq": asked.after }))),
        Err(_) => Err(Problem::new(
            StatusCode::REQUEST_TIMEOUT,
            "something that is due has not run yet",
            "ask again",
        )),
    }
}

pub(super) async fn faults(State(local): State<Local>) -> Answer<Json<Faults>> {
    Ok(Json(local.world().faults().await?))
}

pub(super) async fn set_faults(
    State(local): State<Local>,
    Asked(faults): Asked<Faults>,
) -> Answer<Json<Faults>> {
    local.world().set_faults(&faults).await?;
    Ok(Json(faults))
}

/// A picture's bytes, which can run nothing even when opened by themselves.
pub(super) fn bytes(of: Bytes) -> Response {
    let headers = [
        (CONTENT_TYPE, of.media_type),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
    ];
    (headers, of.bytes).into_response()
}

fn is_there(local: &Local, person: Option<&str>) -> Answer<()> {
    match person {
        Some(person) if local.world().person(person).is_none() => Err(NotDone::NoSuchPerson.into()),
        _ => Ok(()),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` gives it away")]
fn broken(error: MultipartError) -> Problem {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(),
        _ => Problem::unreadable("the form can't be read"),
    }
}

/// Does an act to its end, even when whoever asked hangs up in the middle of it.
pub(super) async fn whole(
    act: impl Future<Output = Result<Heard, NotDone>> + Send + 'static,
) -> Answer<Heard> {
    match tokio::spawn(act).await {
        Ok(done) => Ok(done?),
        Err(_) => Err(Problem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "the act broke off",
            "the log says more",
        )),
    }
}
