//! What went wrong with a post, so that somebody has to mend it.

use super::ids::RowId;
use super::outbox::RowState;
use super::post::{Post, Publication};
use super::state::State;

/// After so many look-ups, about a quarter of an hour, not knowing is a failure of its own.
pub const LONG: i64 = 8;

/// What somebody has to mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Countersign itself holds the post: an edit was not kept.
    Held,
    /// It did not leave in its window.
    Missed,
    /// The network refused it.
    Refused(RowId),
    /// Nobody can find out whether it is live.
    Parked(RowId),
    /// Nobody knows yet whether it is live; whether for too long its row tells.
    Unknown(RowId),
}

/// What went wrong with a post and is not mended.
pub fn failures(post: &Post) -> Vec<Failure> {
    let current = || post.publications.iter().filter(|p| p.revision == post.revision);
    let refused = || current().filter(|p| p.state == RowState::Refused).map(id(Failure::Refused));
    match post.state {
        State::Draft | State::InReview | State::SignedOff => {
            let held = post.hold.as_ref().is_some_and(|hold| hold.by.is_none());
            held.then_some(Failure::Held).into_iter().collect()
        }
        State::Missed if refused().next().is_some() => refused().collect(),
        State::Missed => vec![Failure::Missed],
        State::Publishing | State::PartPublished => {
            let all = post.publications.iter();
            let open = all.filter_map(|p| match p.state {
                RowState::Parked => Some(Failure::Parked(p.id.clone())),
                RowState::Unknown | RowState::Resolving => Some(Failure::Unknown(p.id.clone())),
                _ => None,
            });
            refused().chain(open).collect()
        }
        State::Published | State::Withdrawn | State::TakenDown => Vec::new(),
    }
}

fn id(failure: fn(RowId) -> Failure) -> impl Fn(&Publication) -> Failure {
    move |publication| failure(publication.id.clone())
}
