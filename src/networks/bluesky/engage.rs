//! Replies, likes and reposts on Bluesky: records under a key of ours, so that twice is once.

use async_trait::async_trait;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Bluesky, POSTS, published, record};
use crate::domain::ids::RowId;
use crate::domain::outbox::Outcome;
use crate::networks::checked::surely_not_sent;
use crate::networks::engage::{Act, Engages};
use crate::networks::http::Effect;
use crate::ports::on::On;

const LIKES: &str = "app.bsky.feed.like";
const REPOSTS: &str = "app.bsky.feed.repost";

impl Bluesky {
    /// The post as the network has it: its id and version, and where its thread begins.
    async fn subject(&self, on: On<'_>, to: &str) -> Result<(Value, Value), Outcome> {
        let told = self.query(on, "app.bsky.feed.getPosts", &[("uris", to)]).await?;
        let post = &told["posts"][0];
        if post["uri"] != to || !post["cid"].is_string() {
            return Err(Outcome::Refused("the network knows no such thing".to_owned()));
        }
        let subject = json!({ "uri": post["uri"], "cid": post["cid"] });
        let root = &post["record"]["reply"]["root"];
        let root = if root["uri"].is_string() { root.clone() } else { subject.clone() };
        Ok((subject, root))
    }

    async fn put(&self, on: On<'_>, (collection, key): (&str, &str), record: &Value) -> Outcome {
        let (server, session) = match self.session(on).await {
            Ok(session) => session,
            Err(outcome) => return surely_not_sent(outcome, on.now),
        };
        let repo = &on.account.remote_id;
        let put = json!({ "repo": repo, "collection": collection, "rkey": key, "record": record });
        let request = match self.call(Method::POST, &server, "com.atproto.repo.putRecord") {
            Ok(request) => request.bearer_auth(&session.access).json(&put),
            Err(failure) => return failure.into(),
        };
        let uri = format!("at://{repo}/{collection}/{key}");
        match self.ask(request, Effect::Mutates, on.now).await {
            Ok(made) if made["uri"] == uri && collection == POSTS => published(on, key),
            Ok(made) if made["uri"] == uri => {
                Outcome::Published { remote: uri, url: String::new() }
            }
            Ok(_) => Outcome::Unknown("the network's answer names another record".to_owned()),
            Err(failure) => self.heed(on, &session, failure).await,
        }
    }
}

#[async_trait]
impl Engages for Bluesky {
    async fn engage(&self, on: On<'_>, key: &RowId, (to, act): (&str, &Act)) -> Outcome {
        let (subject, root) = match self.subject(on, to).await {
            Ok(known) => known,
            Err(outcome) => return surely_not_sent(outcome, on.now),
        };
        let (collection, mut made) = match act {
            Act::Like => (LIKES, json!({ "subject": subject })),
            Act::Repost => (REPOSTS, json!({ "subject": subject })),
            Act::Reply(text) => {
                let reply = json!({ "root": root, "parent": subject });
                (POSTS, json!({ "text": text, "facets": record::facets(text), "reply": reply }))
            }
        };
        made["$type"] = collection.into();
        made["createdAt"] = record::moment(on.now).into();
        self.put(on, (collection, &record::key(key)), &made).await
    }
}
