//! Replies, likes and reposts on Mastodon. Liked or reposted twice is once; a reply has a key.

use async_trait::async_trait;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Mastodon, read};
use crate::domain::ids::RowId;
use crate::domain::outbox::Outcome;
use crate::networks::checked::{self, is_id, surely_not_sent};
use crate::networks::engage::{Act, Engages};
use crate::networks::http::{Effect, Failure};
use crate::ports::on::On;

impl Mastodon {
    async fn did(
        &self,
        on: On<'_>,
        (path, body): (&[&str], &Value),
        (key, effect): (&RowId, Effect),
    ) -> Outcome {
        let open = match self.open(on).await {
            Ok(open) => open,
            Err(outcome) => return surely_not_sent(outcome, on.now),
        };
        let request = match self.request(Method::POST, &open, path) {
            Ok(request) => request.header("Idempotency-Key", key.as_str()).json(body),
            Err(failure) => return failure.into(),
        };
        match self.ask(request, effect, on.now).await {
            Ok(made) => read::published(&made).map_or_else(
                || Outcome::Unknown("the network's answer names no post".to_owned()),
                |(remote, url)| Outcome::Published { remote, url },
            ),
            Err(Failure::NotThere | Failure::NotFound(_)) => Failure::NotThere.into(),
            Err(failure) => self.keys.heed(on, failure).await,
        }
    }
}

#[async_trait]
impl Engages for Mastodon {
    async fn engage(&self, on: On<'_>, key: &RowId, (to, act): (&str, &Act)) -> Outcome {
        if !is_id(to) {
            return checked::no_id();
        }
        let on_it = |what| ["api", "v1", "statuses", to, what];
        let once = (key, Effect::Repeatable);
        match act {
            Act::Like => self.did(on, (&on_it("favourite"), &json!({})), once).await,
            Act::Repost => self.did(on, (&on_it("reblog"), &json!({})), once).await,
            Act::Reply(text) => {
                let reply = json!({ "status": text, "in_reply_to_id": to, "visibility": "public" });
                let mutates = (key, Effect::Mutates);
                self.did(on, (&["api", "v1", "statuses"], &reply), mutates).await
            }
        }
    }
}
