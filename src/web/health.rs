//! `/healthz`: whether the work goes on, for a watchdog to ask.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;

use crate::app::office::Office;

/// A row that should have left so long ago means that the work stands still.
const LATE_SECONDS: i64 = 300;

/// What `/healthz` answers; 503 unless `status` is `ok`.
#[derive(Debug, Serialize)]
struct Health {
    /// `ok`, `late`, `ledger` (can't be written) or `database` (can't be read).
    status: &'static str,
    /// For how many seconds the oldest overdue row of the outbox has been due; 0 when none is.
    oldest_overdue_seconds: i64,
}

/// The route.
pub fn router(office: Arc<Office>) -> Router {
    Router::new().route("/healthz", get(healthz)).with_state(office)
}

async fn healthz(State(office): State<Arc<Office>>) -> (StatusCode, Json<Health>) {
    let now = office.now();
    let due = office.store.next_due().await;
    let overdue =
        due.as_ref().ok().and_then(|due| *due).map_or(0, |due| now.duration_since(due).as_secs());
    let oldest_overdue_seconds = overdue.max(0);
    let status = match due {
        Err(_) => "database",
        Ok(_) if office.trouble.since().is_some() => "ledger",
        Ok(_) if oldest_overdue_seconds > LATE_SECONDS => "late",
        Ok(_) => "ok",
    };
    let code = if status == "ok" { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (code, Json(Health { status, oldest_overdue_seconds }))
}
