//! What a request brings: JSON of a known form, declared as such.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;

use super::problem::Problem;

/// A JSON body.
pub(super) struct Asked<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let body = Bytes::from_request(request, state).await.map_err(|refused| {
            match refused.status() {
                StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(),
                _ => Problem::unreadable("the request broke off"),
            }
        })?;
        // Where, not what: the error must not repeat what somebody typed.
        serde_json::from_slice(&body).map(Asked).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            Problem::unreadable(format!(
                "the JSON is not as expected at line {line}, column {column}"
            ))
        })
    }
}

/// Refuses a body that is not declared as JSON: a browser sends such one for any site, unasked.
pub(super) async fn is_json(request: Request, next: Next) -> Response {
    let declared = request.headers().get(CONTENT_TYPE);
    let is_json = declared
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|value| value.trim().eq_ignore_ascii_case("application/json"));
    if !is_json {
        return Problem::not_json().into_response();
    }
    next.run(request).await
}
