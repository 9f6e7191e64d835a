//! What stands in a channel, read page by page.

use serde_json::Value;
use serenity::http::Route;

use super::api::{Api, Failed};
use super::directory::channel_id;

/// So many pages of a channel are looked through for one message.
const PAGES: usize = 25;
/// So many messages are a page.
pub const PAGE: usize = 100;

/// The first hundred messages after this one, oldest first.
pub async fn after(api: &Api, stands_in: &str, after: &str) -> Result<Vec<Value>, Failed> {
    let route = Route::ChannelMessages { channel_id: channel_id(stands_in)? };
    let said = api.get(route, &[("limit", "100"), ("after", after)]).await?;
    let Value::Array(mut page) = said else { return Ok(Vec::new()) };
    page.reverse();
    Ok(page)
}

/// The first message after this one that is it.
pub async fn find(
    api: &Api,
    (stands_in, since): (&str, &str),
    is_it: impl Fn(&Value) -> bool,
) -> Result<Option<Value>, Failed> {
    let mut last = since.to_owned();
    for _ in 0..PAGES {
        let page = after(api, stands_in, &last).await?;
        let many = page.len();
        if let Some(id) = page.last().and_then(|message| message["id"].as_str()) {
            id.clone_into(&mut last);
        }
        if let Some(found) = page.into_iter().find(&is_it) {
            return Ok(Some(found));
        }
        if many < PAGE {
            return Ok(None);
        }
    }
    Err(Failed::Away("there are too many messages to look through".to_owned()))
}
