//! The server of the local network: it keeps posts as a network would, and does as badly as it
//! is told.

use axum::Json;
use axum::body::Bytes as Body;
use axum::extract::{Path, Query, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::asked::Asked;
use super::faults::{NetworkFaults, delay, is_due};
use super::files::{Bytes, LONGEST, sniff};
use super::handlers::bytes;
use super::posts::NewPost;
use super::problem::Problem;
use super::state::Local;
use super::transcript::numbered;
use crate::domain::canonical::hex;
use crate::domain::network::{Network, length};

type Answer<T> = Result<T, Problem>;

#[derive(Deserialize)]
pub(super) struct Posting {
    account: String,
    text: String,
    #[serde(default)]
    media: Vec<Medium>,
}

#[derive(Deserialize)]
struct Medium {
    upload: String,
    #[serde(default)]
    alt: String,
}

#[derive(Deserialize)]
pub(super) struct ByKey {
    key: String,
}

/// What is live, for people to see.
pub(super) async fn published(State(local): State<Local>) -> Answer<Json<Value>> {
    let posts = local.world().live_posts().await?;
    let shown = posts.iter().map(|post| {
        let media = post.media.iter().map(|media| {
            json!({ "url": format!("/local/network/media/u{}", media.upload), "alt": media.alt })
        });
        json!({
            "id": format!("p{}", post.number),
            "url": url(&local, post.number),
            "account": post.account,
            "name": Network::Local.label(),
            "text": post.text,
            "media": media.collect::<Vec<_>>(),
            "at": post.at,
        })
    });
    Ok(Json(shown.collect()))
}

/// Makes a post, unless it is told to fail first.
pub(super) async fn post(
    State(local): State<Local>,
    headers: HeaderMap,
    Asked(asked): Asked<Posting>,
) -> Answer<Response> {
    let faults = slowly(&local).await?;
    let count = local.world().count_post();
    if let Some(failure) = fails_before(&faults, count) {
        return Ok(failure);
    }
    let media = checked(&local, &asked).await?;
    let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok()).unwrap_or_default();
    let new = NewPost { key, account: &asked.account, text: &asked.text, media: &media };
    let (number, is_new) = local.world().keep_post(new, faults.keys).await?;
    if is_due(faults.silent_every, count) {
        local.world().closed().await;
        return Ok(broken(StatusCode::INTERNAL_SERVER_ERROR).into_response());
    }
    if is_due(faults.error_after_every, count) {
        return Ok(broken(StatusCode::INTERNAL_SERVER_ERROR).into_response());
    }
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(named(&local, number))).into_response())
}

/// The live posts that a key made.
pub(super) async fn find(
    State(local): State<Local>,
    Query(asked): Query<ByKey>,
) -> Answer<Json<Value>> {
    slowly(&local).await?;
    let posts = local.world().posts_by_key(&asked.key).await?;
    Ok(Json(posts.into_iter().map(|post| named(&local, post)).collect()))
}

/// A post, as it is live.
pub(super) async fn read(
    State(local): State<Local>,
    Path(id): Path<String>,
) -> Answer<Json<Value>> {
    slowly(&local).await?;
    let number = numbered('p', &id).ok_or_else(no_post)?;
    let post = local.world().post(number).await?.ok_or_else(no_post)?;
    let mut answer = named(&local, number);
    answer["text"] = json!(post.text);
    answer["media"] = json!(post.media);
    Ok(Json(answer))
}

/// Takes a post down; done twice is done.
pub(super) async fn take_down(
    State(local): State<Local>,
    Path(id): Path<String>,
) -> Answer<StatusCode> {
    slowly(&local).await?;
    let number = numbered('p', &id).ok_or_else(no_post)?;
    if !local.world().take_down(number).await? {
        return Err(no_post());
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Keeps a picture for a post to come.
pub(super) async fn upload(
    State(local): State<Local>,
    body: Body,
) -> Answer<(StatusCode, Json<Value>)> {
    slowly(&local).await?;
    if body.len() > LONGEST {
        return Err(Problem::too_large());
    }
    let media_type = sniff(&body)
        .filter(|is| matches!(*is, "image/png" | "image/jpeg"))
        .ok_or_else(|| refused("the network takes JPEG and PNG"))?;
    let picture = Bytes { media_type: media_type.to_owned(), bytes: body.to_vec() };
    let number = local.world().keep_upload(&hex::encode(&Sha256::digest(&body)), &picture).await?;
    let answer = json!({ "id": format!("u{number}") });
    Ok((StatusCode::CREATED, Json(answer)))
}

/// The bytes of a post's picture.
pub(super) async fn picture(
    State(local): State<Local>,
    Path(id): Path<String>,
) -> Answer<Response> {
    let gone = || Problem::not_found("there is no such picture");
    let number = numbered('u', &id).ok_or_else(gone)?;
    let found = local.world().uploaded(number).await?;
    found.map(bytes).ok_or_else(gone)
}

async fn slowly(local: &Local) -> Answer<NetworkFaults> {
    let faults = local.world().faults().await?.network;
    tokio::time::sleep(delay(faults.latency_ms)).await;
    Ok(faults)
}

fn fails_before(faults: &NetworkFaults, count: u64) -> Option<Response> {
    if is_due(faults.later_every, count) {
        let answer = broken(StatusCode::TOO_MANY_REQUESTS);
        return Some(([(RETRY_AFTER, "1")], answer).into_response());
    }
    if is_due(faults.unavailable_every, count) {
        return Some(broken(StatusCode::SERVICE_UNAVAILABLE).into_response());
    }
    is_due(faults.refuse_every, count)
        .then(|| broken(StatusCode::UNPROCESSABLE_ENTITY).into_response())
}

async fn checked(local: &Local, asked: &Posting) -> Answer<Vec<(i64, String)>> {
    let limits = Network::Local.limits();
    if asked.account.is_empty() {
        return Err(refused("a post needs an account"));
    }
    if length(&asked.text) > limits.text {
        return Err(refused("the text is too long"));
    }
    if asked.media.len() > limits.pictures {
        return Err(refused("a post can have four pictures"));
    }
    let mut media = Vec::with_capacity(asked.media.len());
    for medium in &asked.media {
        let no_upload = || refused("there is no such upload");
        let number = numbered('u', &medium.upload).ok_or_else(no_upload)?;
        if local.world().uploaded(number).await?.is_none() {
            return Err(no_upload());
        }
        media.push((number, medium.alt.clone()));
    }
    Ok(media)
}

fn refused(why: &str) -> Problem {
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        why,
        "the network's limits are in GET /local/api",
    )
}

fn broken(status: StatusCode) -> Problem {
    Problem::new(
        status,
        "the local network was told to fail here",
        "PUT /local/api/faults ends that",
    )
}

fn no_post() -> Problem {
    Problem::not_found("there is no post with that id")
}

fn named(local: &Local, number: i64) -> Value {
    json!({ "id": format!("p{number}"), "url": url(local, number) })
}

fn url(local: &Local, number: i64) -> String {
    format!("{}/practice-page#p{number}", local.door.base())
}
