//! Answers to comments on a WordPress site. The site itself refuses the same words twice.

use async_trait::async_trait;
use reqwest::Method;
use serde_json::json;

use super::{EDIT, WordPress, page, read};
use crate::domain::ids::RowId;
use crate::domain::outbox::Outcome;
use crate::networks::checked::{self, surely_not_sent};
use crate::networks::engage::{Act, Engages, not_there};
use crate::networks::http::{Effect, Failure};
use crate::ports::on::On;

impl WordPress {
    async fn answer(&self, on: On<'_>, to: &str, text: &str) -> Result<Outcome, Failure> {
        let surely = |failure: Failure| match failure {
            Failure::Ended(outcome) => Failure::Ended(surely_not_sent(outcome, on.now)),
            other => other,
        };
        let site = self.open(on).await.map_err(|outcome| surely(outcome.into()))?;
        let comment = site.get(&["comments", to], &[("_fields", "id,post"), EDIT]).await;
        let Some(post) = comment.map_err(surely)?["post"].as_u64() else {
            return Err(site.unclear());
        };
        let answer = json!({ "post": post, "parent": to, "content": page::escaped(text) });
        let request = site.request(Method::POST, &["comments"], &[])?.json(&answer);
        let made = site.ask(request, Effect::Mutates).await?;
        Ok(match (read::id(&made), made["status"].as_str()) {
            (Some(remote), Some("approved")) => {
                Outcome::Published { remote, url: read::link(&made) }
            }
            (Some(_), Some(_)) => {
                Outcome::Refused("the site keeps it until somebody there approves it".to_owned())
            }
            _ => Outcome::Unknown("the network's answer names no comment".to_owned()),
        })
    }
}

#[async_trait]
impl Engages for WordPress {
    async fn engage(&self, on: On<'_>, _: &RowId, (to, act): (&str, &Act)) -> Outcome {
        let Act::Reply(text) = act else { return not_there() };
        if !read::is_id(to) {
            return checked::no_id();
        }
        match self.answer(on, to, text).await {
            Ok(outcome) => outcome,
            Err(failure) => self.keys.heed(on, failure).await,
        }
    }
}
