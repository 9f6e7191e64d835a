//! Errors of the HTTP API: what went wrong, and what to do about it. They never repeat what was
//! sent.

use axum::Json;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::acts::NotDone;
use crate::ports::intake;

/// An error as the API answers it.
#[derive(Debug, Serialize)]
pub(super) struct Problem {
    #[serde(skip)]
    pub(super) status: StatusCode,
    pub(super) error: String,
    pub(super) hint: &'static str,
    /// What is wrong with which field of a form.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) problems: Vec<OfField>,
}

/// What is wrong with a field of a form.
#[derive(Debug, Serialize)]
pub(super) struct OfField {
    field: String,
    why: String,
}

const DESCRIBED: &str = "GET /local/api describes every request";

impl Problem {
    pub(super) fn new(status: StatusCode, error: impl Into<String>, hint: &'static str) -> Self {
        Self { status, error: error.into(), hint, problems: Vec::new() }
    }

    pub(super) fn unreadable(error: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error, DESCRIBED)
    }

    pub(super) fn not_found(error: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, error, DESCRIBED)
    }

    pub(super) fn too_large() -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "the request is too large",
            "JSON may have 64 kB, a file 10 MB",
        )
    }

    pub(super) fn not_json() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "the request is not of the expected type",
            "send content-type: application/json; POST /local/api/files takes multipart/form-data",
        )
    }

    fn of_fields(problems: &[intake::Problem], why: &NotDone) -> Self {
        let hint = "mend what is said of its fields, and send it again";
        let each = problems
            .iter()
            .map(|problem| OfField { field: problem.field.clone(), why: problem.why.clone() });
        Self {
            problems: each.collect(),
            ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, why.to_string(), hint)
        }
    }

    fn of(status: StatusCode) -> Self {
        match status {
            StatusCode::PAYLOAD_TOO_LARGE => Self::too_large(),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::not_json(),
            other => {
                let reason = other.canonical_reason().unwrap_or("not done");
                Self::new(other, reason.to_lowercase(), DESCRIBED)
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.status, Json(self)).into_response()
    }
}

impl From<NotDone> for Problem {
    fn from(why: NotDone) -> Self {
        let (status, hint) = match &why {
            NotDone::NoSuchPerson => (StatusCode::BAD_REQUEST, "GET /local/api/people lists them"),
            NotDone::NoSuchChannel => {
                (StatusCode::BAD_REQUEST, "GET /local/api/channels lists them")
            }
            NotDone::NoSuchMessage => (StatusCode::NOT_FOUND, "read the transcript again"),
            NotDone::Gone | NotDone::NoSuchButton => {
                (StatusCode::CONFLICT, "read the transcript again")
            }
            NotDone::NoSuchField => {
                (StatusCode::BAD_REQUEST, "GET /local/api/form has its fields as they are now")
            }
            NotDone::Problems(problems) => return Self::of_fields(problems, &why),
            NotDone::NoSuchFile => {
                (StatusCode::BAD_REQUEST, "upload it with POST /local/api/files, and use it once")
            }
            NotDone::NotAKey => (StatusCode::BAD_REQUEST, "make a new UUID for every message"),
            NotDone::Empty => (StatusCode::BAD_REQUEST, "write something, or add a file"),
            NotDone::TooManyFiles => (StatusCode::BAD_REQUEST, "write a second message"),
            NotDone::NotAnEmoji => (StatusCode::BAD_REQUEST, "send one emoji, percent-encoded"),
            NotDone::NotYours => (
                StatusCode::FORBIDDEN,
                "only its author may do that; Countersign's messages can be deleted by anybody",
            ),
            NotDone::NobodyListens => (
                StatusCode::SERVICE_UNAVAILABLE,
                "PUT /local/api/faults with chat.deaf = false ends that",
            ),
            NotDone::NotRecorded | NotDone::FoundLater => {
                (StatusCode::SERVICE_UNAVAILABLE, "Countersign could not store it in time")
            }
            NotDone::World(error) => {
                tracing::error!(%error, "The local platform's file failed");
                (StatusCode::INTERNAL_SERVER_ERROR, "the log says more")
            }
        };
        Self::new(status, why.to_string(), hint)
    }
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        NotDone::from(error).into()
    }
}

/// Gives every refusal of the framework the form of all others.
pub(super) async fn speak_json(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    let is_json = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|is| is.as_bytes().starts_with(b"application/json"));
    if is_json || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    Problem::of(status).into_response()
}
