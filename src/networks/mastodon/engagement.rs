//! How posts are received on Mastodon, as the account's own server knows.

use async_trait::async_trait;
use reqwest::{Method, StatusCode};
use serde_json::Value;

use super::{Mastodon, Open, read};
use crate::domain::engagement::{Category, Counts};
use crate::domain::outbox::Outcome;
use crate::networks::checked::is_id;
use crate::networks::http::{self, Attempt, Effect, Failure, Said};
use crate::networks::received::{count, remark};
use crate::ports::engagement::{MOST, Reads, Remark, Seen};
use crate::ports::on::On;

/// So many mentions are given at once.
const PAGE: &str = "40";

impl Mastodon {
    async fn thing(&self, on: On<'_>, open: &Open, path: &[&str]) -> Result<Value, Failure> {
        let request = self.request(Method::GET, open, path)?;
        self.ask(request, Effect::Repeatable, on.now).await
    }
}

#[async_trait]
impl Reads for Mastodon {
    async fn seen(&self, on: On<'_>, remote: &str) -> Result<Option<Seen>, Outcome> {
        if !is_id(remote) {
            return Ok(None);
        }
        let open = self.open(on).await?;
        let status = match self.thing(on, &open, &["api", "v1", "statuses", remote]).await {
            Ok(status) => status,
            Err(Failure::NotThere) => return Ok(None),
            Err(failure) => return Err(self.keys.heed(on, failure).await),
        };
        let counts = Counts {
            likes: count(&status["favourites_count"]),
            reposts: count(&status["reblogs_count"]),
            replies: count(&status["replies_count"]),
            quotes: count(&status["quotes_count"]),
        };
        // A thread that is too long to be read takes nothing from the counts.
        let path = ["api", "v1", "statuses", remote, "context"];
        let thread = self.thing(on, &open, &path).await.unwrap_or_default();
        let comments = thread["descendants"].as_array().map_or(&[][..], Vec::as_slice);
        let comment = |status: &Value| noted(on, &open, status, Category::Comment, Some(remote));
        let remarks = comments.iter().rev().filter_map(comment).take(MOST).collect();
        Ok(Some(Seen { counts, remarks }))
    }

    fn has_mentions(&self) -> bool {
        true
    }

    async fn mentions(&self, on: On<'_>) -> Result<Vec<Remark>, Outcome> {
        let open = self.open(on).await?;
        let mut url = http::at(&open.server, &["api", "v1", "notifications"]);
        url.query_pairs_mut().append_pair("types[]", "mention").append_pair("limit", PAGE);
        let request = self.asking(Method::GET, &open, url)?;
        let (timeout, effect) = (self.timeout, Effect::Repeatable);
        let attempt = Attempt { timeout, effect, now: on.now, codes: codes_of_reading };
        let told = match http::send(request, attempt).await {
            Ok(told) => told,
            Err(failure) => return Err(self.keys.heed(on, failure).await),
        };
        let all = told.as_array().ok_or(Outcome::TryLater(on.now))?;
        let mention = |one: &Value| {
            let status = &one["status"];
            let ours = status["in_reply_to_account_id"] == *on.account.remote_id;
            let category = if ours { Category::Comment } else { Category::Mention };
            let about = status["in_reply_to_id"].as_str().filter(|_| ours);
            (one["type"] == "mention").then(|| noted(on, &open, status, category, about))?
        };
        Ok(all.iter().filter_map(mention).take(MOST).collect())
    }
}

/// A token that may not read notifications still publishes: the account is not out.
fn codes_of_reading(status: StatusCode, body: &Value) -> Option<Said> {
    if status == StatusCode::FORBIDDEN { Some(Said::Refused) } else { read::codes(status, body) }
}

/// Somebody else's status. Its own address names its author, so it is told by the account's server.
fn noted(
    on: On<'_>,
    open: &Open,
    status: &Value,
    category: Category,
    about: Option<&str>,
) -> Option<Remark> {
    let id = read::id(status)?;
    let own = status["account"]["id"] == *on.account.remote_id;
    let url = http::at(&open.server, &["statuses", id]);
    let told = remark((id, url.as_str()), status["created_at"].as_str()?, category, about);
    told.filter(|_| !own)
}
