//! What a WordPress site says. Pure.

use serde_json::Value;

use super::page;
use crate::domain::outbox::{LookedUp, NOT_SEEN, Outcome};
use crate::networks::http;
use crate::networks::text::unescaped;

/// A thing's id.
pub fn id(thing: &Value) -> Option<String> {
    thing["id"].as_u64().filter(|id| *id > 0).map(|id| id.to_string())
}

/// It is an id, and can't be taken for another place.
pub fn is_id(text: &str) -> bool {
    text.parse::<u64>().is_ok_and(|id| id > 0 && id.to_string() == text)
}

/// Where people see it.
pub fn link(post: &Value) -> String {
    post["link"].as_str().map(http::web_address).unwrap_or_default()
}

/// A picture's alt text.
pub fn alt(media: &Value) -> Option<String> {
    media["alt_text"].as_str().map(unescaped)
}

/// The picture that belongs to a post.
pub fn featured(post: &Value) -> Option<String> {
    post["featured_media"].as_u64().filter(|id| *id > 0).map(|id| id.to_string())
}

/// A post's words, as it was written.
pub fn words(post: &Value) -> Option<String> {
    post["content"]["raw"].as_str().map(page::words_of)
}

/// Where the site itself says that this user is: the same under all of its addresses.
pub fn own_address(user: &Value) -> Option<String> {
    let own = user["_links"]["self"][0]["href"].as_str().or_else(|| user["link"].as_str());
    own.map(http::web_address).filter(|address| !address.is_empty())
}

/// What a post means of which it is known that it is the one looked for.
pub fn looked_up(post: &Value, draft: &str) -> LookedUp {
    if id(post).as_deref() != Some(draft) {
        return LookedUp::CantTell;
    }
    match post["status"].as_str() {
        Some("publish") => LookedUp::Found { remote: draft.to_owned(), url: link(post) },
        // It is still what it was before anything was sent.
        Some("draft") => LookedUp::Absent,
        Some(kept) => held(kept).map_or(LookedUp::CantTell, LookedUp::NotYet),
        None => LookedUp::CantTell,
    }
}

/// Why a post is not seen that the site took and keeps: somebody there has to let it go, or it
/// goes by itself.
fn held(status: &str) -> Option<String> {
    let why = match status {
        "pending" => "the site keeps it for review: publish it there",
        "future" => "the site keeps it for later: its clock is behind, or something there moved it",
        _ => return None,
    };
    Some(why.to_owned())
}

/// What the answer to publishing means.
pub fn published(post: &Value, draft: &str) -> Outcome {
    match post["status"].as_str() {
        _ if id(post).as_deref() != Some(draft) => {
            Outcome::Unknown("the network's answer names another post".to_owned())
        }
        Some("publish") => Outcome::Published { remote: draft.to_owned(), url: link(post) },
        Some(kept) if held(kept).is_some() => {
            Outcome::Unknown(format!("{NOT_SEEN}{}", held(kept).unwrap_or_default()))
        }
        Some(kept @ ("draft" | "private")) => {
            Outcome::Refused(format!("the site did not publish it but keeps it as {kept:?}"))
        }
        _ => Outcome::Unknown("the network's answer does not say whether it is live".to_owned()),
    }
}

/// The user may do what is needed, or why not.
pub fn may_publish(user: &Value) -> Result<(), String> {
    let may = |what: &str| user["capabilities"][what] == true;
    if may("publish_posts") && may("upload_files") {
        return Ok(());
    }
    Err("that user may not publish there: make them an author or an editor".to_owned())
}
