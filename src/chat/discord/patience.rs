//! Going on with what was begun, where Discord asks for a little patience.

use std::time::Duration;

use reqwest::Method;
use serde_json::Value;
use serenity::http::Route;

use super::api::{Api, Body, Failed};

/// So often Discord's leave is waited for.
const TIMES: usize = 4;
/// The longest that is waited at once.
const WAIT: Duration = Duration::from_secs(6);

/// Does something, and waits for Discord's leave where that comes soon.
pub async fn send(
    api: &Api,
    (method, route): (Method, Route<'_>),
    body: &Value,
) -> Result<Value, Failed> {
    for _ in 0..TIMES {
        match api.send(method.clone(), route, Body::Json(body)).await {
            Err(Failed::Limited(wait)) if wait <= WAIT => tokio::time::sleep(wait).await,
            answer => return answer,
        }
    }
    api.send(method, route, Body::Json(body)).await
}
