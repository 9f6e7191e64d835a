//! What every network looks at alike before and after it asks a server.

use jiff::Timestamp;
use reqwest::Url;

use super::http::{self, Failure};
use crate::domain::outbox::Outcome;
use crate::ports::publisher::{Job, Prepared};

/// Longest id of a post or an upload.
const LONGEST_ID: usize = 200;

/// The address of an account's server.
pub fn server(text: &str) -> Result<Url, Failure> {
    let no = "the server's address has to be https://HOST, without a name or a question in it";
    http::server(text).ok_or_else(|| Failure::Ended(Outcome::Refused(no.to_owned())))
}

/// It can stand in a path, and can't be taken for another place.
pub fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= LONGEST_ID
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
}

/// The pictures at hand are the signed ones.
pub fn pictures(job: &Job<'_>) -> Result<(), Outcome> {
    let no = "the pictures at hand are not the signed ones";
    if job.has_its_pictures() { Ok(()) } else { Err(Outcome::Refused(no.to_owned())) }
}

/// Every picture was uploaded.
pub fn uploads(job: &Job<'_>, prepared: &Prepared) -> Result<(), Outcome> {
    let no = "not every picture was uploaded";
    let all = prepared.uploads.len() == job.part.media.len();
    if all { Ok(()) } else { Err(Outcome::Refused(no.to_owned())) }
}

/// Before the post itself was sent nothing can be unknown.
pub fn surely_not_sent(outcome: Outcome, now: Timestamp) -> Outcome {
    match outcome {
        Outcome::Unknown(_) => Outcome::TryLater(now),
        other => other,
    }
}

/// It is not there any more.
pub fn taken_down(remote: &str) -> Outcome {
    Outcome::Published { remote: remote.to_owned(), url: String::new() }
}

/// What was to be taken down is none of ours.
pub fn no_id() -> Outcome {
    Outcome::Refused("that is not an id of a post".to_owned())
}
