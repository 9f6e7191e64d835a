//! The house's own address: whether the work goes on, for a watchdog to ask; and nothing else.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use jiff::Timestamp;
use serde::Serialize;

use crate::app::office::Office;
use crate::domain::ids::PracticeId;
use crate::ports::store::Stored;

/// What should have happened so long ago means that the work stands still.
const LATE_SECONDS: i64 = 300;
/// For a person who opens the address.
const HINT: &str = "This is Countersign. Whether it works is at /healthz; the start address of the \
                    local workspace is printed where the program was started.\n";

/// What `/healthz` answers; 503 unless `status` is `ok`.
#[derive(Debug, Serialize)]
struct Health {
    /// `ok`, `late`, `ledger` (can't be written) or `database` (can't be read).
    status: &'static str,
    /// For how many seconds the oldest overdue row of the outbox has been due, or the oldest event
    /// has waited; 0 when there is none.
    oldest_overdue_seconds: i64,
    /// Whoever runs Countersign stopped everything of every practice.
    all_stopped: bool,
}

/// The routes.
pub fn router(office: Arc<Office>) -> Router {
    Router::new().route("/", get(async || HINT)).route("/healthz", get(healthz)).with_state(office)
}

async fn healthz(State(office): State<Arc<Office>>) -> (StatusCode, Json<Health>) {
    let now = office.now();
    let since = overdue_since(&office).await;
    let since_then =
        |since: Option<Timestamp>| since.map_or(0, |at| now.duration_since(at).as_secs());
    let oldest_overdue_seconds = since.as_ref().map_or(0, |since| since_then(*since)).max(0);
    let status = match since {
        Err(_) => "database",
        Ok(_) if office.trouble.since().is_some() => "ledger",
        Ok(_) if oldest_overdue_seconds > LATE_SECONDS => "late",
        Ok(_) => "ok",
    };
    let instance = office.store.practice(&PracticeId::instance()).await;
    let all_stopped = instance.ok().flatten().is_some_and(|instance| instance.stopped);
    let code = if status == "ok" { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (code, Json(Health { status, oldest_overdue_seconds, all_stopped }))
}

/// The earliest time at which something should have happened, or will.
async fn overdue_since(office: &Office) -> Stored<Option<Timestamp>> {
    let due = office.store.next_due().await?;
    let waiting = office.store.unhandled(0, 1).await?;
    Ok(due.into_iter().chain(waiting.first().map(|event| event.received)).min())
}
