//! What a server that speaks Mastodon's API says. Pure.

use jiff::{SignedDuration, Timestamp};
use reqwest::{StatusCode, Url};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::network::{Limits, Network};
use crate::networks::checked::is_id;
use crate::networks::http::{self, Said};
use crate::networks::text;

/// So many of the account's own posts are asked for.
const PAGE: &str = "40";
/// Every server gives so many at once; fewer than that are all there are.
const SMALLEST_PAGE: usize = 20;
/// Two clocks may differ so much.
const CLOCKS: SignedDuration = SignedDuration::from_mins(1);

/// What a server takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    text: usize,
    pictures: usize,
    alt: usize,
}

impl Room {
    /// What the server says of it; where it does not, what most take.
    pub fn of(configuration: &Value) -> Self {
        let usual = Network::Mastodon.limits();
        let (statuses, media) = (&configuration["statuses"], &configuration["media_attachments"]);
        let number = |value: &Value| value.as_u64().and_then(|number| usize::try_from(number).ok());
        Self {
            text: number(&statuses["max_characters"]).unwrap_or(usual.text),
            pictures: number(&statuses["max_media_attachments"]).unwrap_or(usual.pictures),
            alt: number(&media["description_limit"]).unwrap_or(usual.alt),
        }
    }

    /// As limits.
    pub fn limits(self) -> Limits {
        let Self { text, pictures, alt } = self;
        Limits { text, pictures, alt, ..Network::Mastodon.limits() }
    }
}

/// The first page of an account's own posts, under this address.
pub fn page(mut posts: Url) -> Url {
    posts.query_pairs_mut().append_pair("limit", PAGE).append_pair("exclude_reblogs", "true");
    posts
}

/// The account's own posts that may be the one looked for.
pub struct Standing<'a> {
    /// Those since the first attempt, the newest first.
    pub since: Vec<&'a Value>,
    /// There are no others since then.
    pub is_whole: bool,
}

impl<'a> Standing<'a> {
    /// Out of a page of them; nothing when it can't be read.
    pub fn of(page: &'a Value, first_sent: Timestamp) -> Option<Self> {
        let from = first_sent.saturating_sub(CLOCKS).ok()?;
        let page = page.as_array()?;
        let made = |status: &Value| status["created_at"].as_str()?.parse::<Timestamp>().ok();
        let made: Vec<Timestamp> = page.iter().map(made).collect::<Option<_>>()?;
        let since = page.iter().zip(&made).filter(|(_, made)| **made >= from);
        let since: Vec<&Value> = since.map(|(status, _)| status).collect();
        let is_whole = page.len() < SMALLEST_PAGE || since.len() < page.len();
        Some(Self { since, is_whole })
    }

    /// Those that are shown with these words before the others; of them those that were made
    /// sooner after the first attempt.
    pub fn likeliest_first(&self, words: &str) -> Vec<&'a Value> {
        let mut all: Vec<&Value> = self.since.iter().rev().copied().collect();
        all.sort_by_key(|status| !is_same(&shown(status), words));
        all
    }
}

/// The thing's id, if it can be used again.
pub fn id(thing: &Value) -> Option<&str> {
    thing["id"].as_str().filter(|id| is_id(id))
}

/// A picture has an address once it can be seen.
pub fn is_ready(picture: &Value) -> bool {
    picture["url"].is_string()
}

/// A post's id and where people see it.
pub fn published(status: &Value) -> Option<(String, String)> {
    let url = status["url"].as_str().map(http::web_address);
    Some((id(status)?.to_owned(), url.unwrap_or_default()))
}

/// A post's text as people see it.
pub fn shown(status: &Value) -> String {
    text::of_html(status["content"].as_str().unwrap_or_default())
}

/// The alt texts of a post's pictures.
pub fn alts(status: &Value) -> Option<Vec<String>> {
    let pictures = status["media_attachments"].as_array()?.iter();
    Some(pictures.map(|p| p["description"].as_str().unwrap_or_default().to_owned()).collect())
}

/// A post's text, as far as its server tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    /// As it was sent.
    Sent(String),
    /// As people see it, where somebody on another server may have a shorter name.
    Shown(String),
}

impl Text {
    /// These are its words; nothing where one can't tell.
    pub fn says(&self, words: &str) -> Option<bool> {
        match self {
            Self::Sent(text) => Some(is_same(text, words)),
            Self::Shown(text) if is_same(text, words) => Some(true),
            Self::Shown(_) if names_somebody_elsewhere(words) => None,
            Self::Shown(_) => Some(false),
        }
    }

    /// The words.
    pub fn into_words(self) -> String {
        let (Self::Sent(text) | Self::Shown(text)) = self;
        text
    }
}

/// `@maya@social.example`, or what may be taken for it.
fn names_somebody_elsewhere(words: &str) -> bool {
    words.split_whitespace().any(|word| word.matches('@').count() > 1)
}

/// The same words; servers don't keep blanks and lines alike.
fn is_same(one: &str, other: &str) -> bool {
    one.split_whitespace().eq(other.split_whitespace())
}

/// Whoever typed a handle, perhaps with its server, meant this account.
pub fn is_meant(handle: &str, name: &str) -> bool {
    let local = |text: &str| {
        let text = text.trim().trim_start_matches('@');
        text.split('@').next().unwrap_or_default().to_lowercase()
    };
    handle.trim().is_empty() || local(handle) == local(name)
}

/// What a token may have to do, and the scopes of which each allows it.
const NEEDED: [&[&str]; 4] = [
    &["read:accounts", "read", "profile"],
    &["read:statuses", "read"],
    &["write:statuses", "write"],
    &["write:media", "write"],
];

/// Which scopes are missing, as far as the server tells.
pub fn lacking(scopes: &Value) -> Vec<&'static str> {
    let Some(has) = scopes.as_array() else { return Vec::new() };
    let allows = |any: &[&str]| has.iter().filter_map(Value::as_str).any(|s| any.contains(&s));
    NEEDED.iter().filter(|any| !allows(any)).map(|any| any[0]).collect()
}

/// Its errors are sentences; these are of the account, not of the post.
pub fn codes(status: StatusCode, body: &Value) -> Option<Said> {
    let error = body["error"].as_str()?.to_lowercase();
    if status == StatusCode::NOT_FOUND && error == "record not found" {
        return Some(Said::NotThere);
    }
    let out = match status {
        StatusCode::UNAUTHORIZED => error.contains("access token") || error == "not authorized",
        StatusCode::FORBIDDEN => {
            error.starts_with("this action is outside the authorized scopes")
                || error.starts_with("your login is ")
        }
        StatusCode::UNPROCESSABLE_ENTITY => error == "this method requires an authenticated user",
        _ => false,
    };
    out.then_some(Said::SignedOut)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_server_says_what_it_takes() {
        let said = json!({
            "statuses": { "max_characters": 5000, "max_media_attachments": 8 },
            "media_attachments": { "description_limit": 420 },
        });
        let table = [(said, (5000, 8, 420)), (json!({ "statuses": [] }), (500, 4, 1500))];
        for (said, expected) in table {
            let limits = Room::of(&said).limits();

            assert_eq!((limits.text, limits.pictures, limits.alt), expected, "{said}");
        }
    }

    #[test]
    fn a_full_page_of_newer_posts_is_not_all_of_them() {
        let first_sent: Timestamp = "2026-11-23T15:00:00Z".parse().expect("a timestamp");
        let made = |at: &str| json!({ "created_at": at });
        let newer = made("2026-11-23T15:00:01.000Z");
        let near = made("2026-11-23T14:59:00.000Z");
        let older = made("2026-11-23T14:58:59.000Z");
        let table = [
            (vec![], Some((0, true))),
            (vec![newer.clone(), near.clone(), older.clone()], Some((2, true))),
            (vec![newer.clone(); 19], Some((19, true))),
            (vec![newer.clone(); 20], Some((20, false))),
            ([vec![newer.clone(); 20], vec![older]].concat(), Some((20, true))),
            (vec![newer, json!({})], None),
        ];
        for (page, expected) in table {
            let page = Value::from(page);
            let standing = Standing::of(&page, first_sent);

            assert_eq!(standing.map(|own| (own.since.len(), own.is_whole)), expected, "{page}");
        }
        assert!(Standing::of(&json!({}), first_sent).is_none());
    }

    #[test]
    fn missing_scopes_are_named_where_the_server_tells() {
        let table: [(Value, &[&str]); 5] = [
            (Value::Null, &[]),
            (json!(["read", "write"]), &[]),
            (json!(["profile", "read:statuses", "write:statuses", "write:media"]), &[]),
            (json!(["read"]), &["write:statuses", "write:media"]),
            (json!(["profile", "write"]), &["read:statuses"]),
        ];
        for (scopes, expected) in table {
            assert_eq!(lacking(&scopes), expected, "{scopes}");
        }
    }

    #[test]
    fn a_handle_is_known_with_and_without_its_server() {
        for typed in ["", " @Northside", "northside@social.example", "@northside@social.example"] {
            assert!(is_meant(typed, "northside"), "{typed}");
        }
        assert!(!is_meant("@maya", "northside"));
    }
}
