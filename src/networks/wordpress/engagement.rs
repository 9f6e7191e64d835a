//! What is said under posts of a WordPress site. Of likes WordPress itself knows nothing.

use async_trait::async_trait;
use serde_json::Value;

use super::{EDIT, Site, WordPress, read};
use crate::domain::engagement::{Category, Counts};
use crate::domain::outbox::Outcome;
use crate::networks::http::Failure;
use crate::networks::received::remark;
use crate::ports::engagement::{MOST, Reads, Remark, Seen};
use crate::ports::on::On;

/// So many are given at once.
const PAGE: usize = 100;
/// So many pages are read; how many more there are is not known.
const PAGES: usize = 5;
/// What is asked of a comment: neither its words nor its author's name leave the site.
const FIELDS: (&str, &str) = ("_fields", "id,link,date_gmt,author");

impl WordPress {
    async fn received(&self, on: On<'_>, remote: &str) -> Result<Option<Seen>, Failure> {
        let site = self.open(on).await?;
        let post = site.get(&["posts", remote], &[("_fields", "id,status"), EDIT]).await?;
        if post["status"].as_str().is_some_and(|status| status != "publish") {
            return Ok(None);
        }
        let (mut all, mut whole) = (Vec::new(), false);
        for page in 1..=PAGES {
            let comments = page_of(&site, remote, page).await?;
            whole = comments.len() < PAGE;
            all.extend(comments);
            if whole {
                break;
            }
        }
        let replies = i64::try_from(all.len()).ok().filter(|_| whole);
        let counts = Counts { replies, ..Counts::default() };
        let comment = |comment: &Value| noted(on, comment, remote);
        let remarks = all.iter().filter_map(comment).take(MOST).collect();
        Ok(Some(Seen { counts, remarks }))
    }
}

/// A page of a post's comments, the newest first.
async fn page_of(site: &Site, post: &str, page: usize) -> Result<Vec<Value>, Failure> {
    let (most, page) = (PAGE.to_string(), page.to_string());
    let query = [("post", post), ("per_page", &*most), ("page", &*page), FIELDS];
    match site.get(&["comments"], &query).await? {
        Value::Array(comments) => Ok(comments),
        _ => Err(site.unclear()),
    }
}

#[async_trait]
impl Reads for WordPress {
    async fn seen(&self, on: On<'_>, remote: &str) -> Result<Option<Seen>, Outcome> {
        if !read::is_id(remote) {
            return Ok(None);
        }
        match self.received(on, remote).await {
            Ok(seen) => Ok(seen),
            Err(Failure::NotThere) => Ok(None),
            Err(failure) => Err(self.keys.heed(on, failure).await),
        }
    }
}

/// Somebody else's comment.
fn noted(on: On<'_>, comment: &Value, post: &str) -> Option<Remark> {
    let id = read::id(comment)?;
    let own = comment["author"].as_u64().is_some_and(|by| by.to_string() == on.account.remote_id);
    let at = format!("{}Z", comment["date_gmt"].as_str()?);
    let url = read::link(comment);
    remark((&id, &url), &at, Category::Comment, Some(post)).filter(|_| !own)
}
