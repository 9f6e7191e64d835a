//! The house's own address: whether the work goes on, for a watchdog to ask; and nothing else.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};

use super::metrics;
use super::vitals::{Health, Vitals};

/// For a person who opens the address.
const HINT: &str = "This is Countersign. Whether it works is at /healthz, and its figures are at \
                    /metrics; the start address of the local workspace is printed where the \
                    program was started.\n";

/// The routes.
pub fn router(vitals: Arc<Vitals>) -> Router {
    Router::new()
        .route("/", get(async || HINT))
        .route("/healthz", get(healthz))
        .route("/metrics", get(figures))
        .with_state(vitals)
}

async fn healthz(State(vitals): State<Arc<Vitals>>) -> (StatusCode, Json<Health>) {
    let health = vitals.judge().await;
    let code = if health.is_well() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (code, Json(health))
}

async fn figures(State(vitals): State<Arc<Vitals>>) -> impl IntoResponse {
    let tally = vitals.office().store.tally().await.ok();
    ([(CONTENT_TYPE, metrics::CONTENT_TYPE)], metrics::page(&vitals, tally.as_ref()))
}
