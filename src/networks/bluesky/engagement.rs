//! How posts are received on Bluesky, as its `AppView` counts and notifies.

use async_trait::async_trait;
use reqwest::{Method, Url};
use serde_json::Value;

use super::{Bluesky, POSTS, key_of};
use crate::domain::engagement::{Category, Counts};
use crate::domain::outbox::Outcome;
use crate::networks::http::{self, Effect};
use crate::networks::received::{count, remark};
use crate::ports::engagement::{MOST, Reads, Remark, Seen};
use crate::ports::on::On;

/// Notifications that say something, and what they are.
const REASONS: [(&str, Category); 3] =
    [("reply", Category::Comment), ("mention", Category::Mention), ("quote", Category::Quote)];

impl Bluesky {
    /// Asks the `AppView`, through the account's server.
    pub(super) async fn query(
        &self,
        on: On<'_>,
        name: &str,
        what: &[(&str, &str)],
    ) -> Result<Value, Outcome> {
        let (server, session) = self.session(on).await?;
        let mut url: Url = http::at(&server, &["xrpc", name]);
        url.query_pairs_mut().extend_pairs(what);
        let request = self.request(Method::GET, url)?.bearer_auth(&session.access);
        match self.ask(request, Effect::Repeatable, on.now).await {
            Ok(told) => Ok(told),
            Err(failure) => Err(self.heed(on, &session, failure).await),
        }
    }
}

#[async_trait]
impl Reads for Bluesky {
    /// Comments come with the notifications: a page of them is bounded, a thread is not.
    async fn seen(&self, on: On<'_>, remote: &str) -> Result<Option<Seen>, Outcome> {
        let Some(key) = key_of(on, remote) else { return Ok(None) };
        let told = self.query(on, "app.bsky.feed.getPosts", &[("uris", remote)]).await?;
        let posts = told["posts"].as_array().ok_or(Outcome::TryLater(on.now))?;
        if let Some(post) = posts.iter().find(|post| post["uri"] == remote) {
            let counts = Counts {
                likes: count(&post["likeCount"]),
                reposts: count(&post["repostCount"]),
                replies: count(&post["replyCount"]),
                quotes: count(&post["quoteCount"]),
            };
            return Ok(Some(Seen { counts, remarks: Vec::new() }));
        }
        // The `AppView` lags behind: what it does not know is gone only once the server says so.
        match self.read(on, key).await? {
            Value::Null => Ok(None),
            _ => Err(Outcome::TryLater(on.now)),
        }
    }

    fn has_mentions(&self) -> bool {
        true
    }

    async fn mentions(&self, on: On<'_>) -> Result<Vec<Remark>, Outcome> {
        let most = MOST.to_string();
        let reasons = REASONS.iter().map(|(reason, _)| ("reasons", *reason));
        let what: Vec<_> = reasons.chain([("limit", most.as_str())]).collect();
        let told = self.query(on, "app.bsky.notification.listNotifications", &what).await?;
        let all = told["notifications"].as_array().ok_or(Outcome::TryLater(on.now))?;
        Ok(all.iter().filter_map(|one| noted(on, one)).take(MOST).collect())
    }
}

/// A notification that says something to the account.
fn noted(on: On<'_>, one: &Value) -> Option<Remark> {
    let (_, category) = REASONS.iter().find(|(reason, _)| one["reason"] == *reason)?;
    let (remote, did) = (one["uri"].as_str()?, one["author"]["did"].as_str()?);
    let key = remote.strip_prefix("at://")?.strip_prefix(did)?.strip_prefix('/')?;
    let key = key.strip_prefix(POSTS)?.strip_prefix('/')?;
    let url = format!("https://bsky.app/profile/{did}/post/{key}");
    if did == on.account.remote_id {
        return None;
    }
    let about = one["reasonSubject"].as_str().filter(|about| key_of(on, about).is_some());
    remark((remote, &url), one["indexedAt"].as_str()?, *category, about)
}
