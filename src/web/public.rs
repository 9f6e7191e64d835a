//! What the world outside may reach, on a listener of its own: pictures by signed link, and what
//! a chat platform needs. Everything else is not there.
//!
//! Architecture invariant: the local workspace, health and figures are never served here. What a
//! chat platform has to reach (its requests, the return from a sign-in) comes to [`router`] as
//! routes of its own, with their own limits.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, Path, Query, Request, State};
use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

use crate::app::media_link;
use crate::app::office::Office;

/// Nobody has to send more.
const LONGEST_BODY: usize = 16 * 1024;
/// Longest head of a request.
const LONGEST_HEAD: usize = 16 * 1024;
/// Most headers of a request.
const HEADERS: usize = 48;
/// A head has to be there in this time.
const HEAD: Duration = Duration::from_secs(10);
/// An answer is made in this time.
const ANSWER: Duration = Duration::from_secs(20);
/// One connection lasts no longer.
const CONNECTION: Duration = Duration::from_mins(2);
/// So many connections at once; others wait.
const CONNECTIONS: usize = 128;
/// After a connection could not be taken (too many files are open, say).
const BREATH: Duration = Duration::from_millis(200);

/// What an answer tells a browser, always.
const HEADERS_OF_ALL: [(HeaderName, &str); 6] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    (X_FRAME_OPTIONS, "DENY"),
    (REFERRER_POLICY, "no-referrer"),
    (STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
    (CACHE_CONTROL, "no-store"),
];

#[derive(Deserialize)]
struct Signed {
    until: i64,
    sig: String,
}

/// The routes, and those that a chat platform needs beside them.
pub fn router(office: Arc<Office>, of_chat: Router) -> Router {
    Router::new()
        .route("/media/{sha256}", get(picture))
        .with_state(office)
        .merge(of_chat)
        .fallback(async || StatusCode::NOT_FOUND)
        .method_not_allowed_fallback(async || StatusCode::NOT_FOUND)
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .layer(middleware::from_fn(guard))
}

/// A picture; whatever is wrong with a link, there is nothing there.
async fn picture(
    State(office): State<Arc<Office>>,
    which: Result<Path<String>, PathRejection>,
    signed: Result<Query<Signed>, QueryRejection>,
) -> Response {
    let (Ok(Path(sha256)), Ok(Query(Signed { until, sig }))) = (which, signed) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match media_link::follow(&office, &sha256, until, &sig).await {
        Ok(Some(media)) => ([(CONTENT_TYPE, media.media_type)], media.bytes).into_response(),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(%error, "A picture could not be read: {error}");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// No answer takes for ever, and each tells a browser to make nothing more of it.
async fn guard(request: Request, next: Next) -> Response {
    let answer = tokio::time::timeout(ANSWER, next.run(request)).await;
    let mut answer = answer.unwrap_or_else(|_| StatusCode::SERVICE_UNAVAILABLE.into_response());
    for (name, value) in HEADERS_OF_ALL {
        answer.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    answer
}

/// Serves until told to stop. Whoever is slow, or sends too much, is hung up on.
pub async fn serve(listener: TcpListener, router: Router, mut stop: watch::Receiver<bool>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &places) => accepted,
            _ = stop.wait_for(|stop| *stop) => return,
        };
        let Some((stream, place)) = accepted else {
            tokio::time::sleep(BREATH).await;
            continue;
        };
        let service = TowerToHyperService::new(router.clone());
        tokio::spawn(async move {
            let _until_it_ends = place;
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD)
                .max_buf_size(LONGEST_HEAD)
                .max_headers(HEADERS)
                .serve_connection(TokioIo::new(stream), service);
            // Who hangs up, or is hung up on, is no news.
            let _ = tokio::time::timeout(CONNECTION, connection).await;
        });
    }
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(tokio::net::TcpStream, tokio::sync::OwnedSemaphorePermit)> {
    let place = places.clone().acquire_owned().await.ok()?;
    let (stream, _) = listener.accept().await.ok()?;
    Some((stream, place))
}
