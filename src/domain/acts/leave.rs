//! What happens to a post on its way out, and after it.

use super::{Case, Decided, Decision, happen, look, one};
use crate::domain::content::ContentHash;
use crate::domain::entry::What;
use crate::domain::ids::RowId;
use crate::domain::member::Member;
use crate::domain::outbox::{Outcome, RowState};
use crate::domain::refusal::Refusal;
use crate::domain::review::{Act, Cell, cell};

/// Somebody deleted the card.
pub fn card_deleted(case: Case<'_>) -> Decision {
    match cell(Act::CardDeleted, case.post.state) {
        Cell::Go(next, tell) => Ok(one(case, What::CardDeleted, next, tell)),
        Cell::No(refusal) => Err(refusal),
        Cell::Nothing => Ok(Decided::nothing(case)),
    }
}

/// The window's end passed: what did not leave becomes missed.
pub fn window_closed(case: Case<'_>) -> Decision {
    let closed = case.post.window.is_some_and(|w| case.now >= w.closes);
    match cell(Act::WindowClosed, case.post.state) {
        Cell::Go(next, tell) if closed => {
            let mut decided = Decided::nothing(case);
            for publication in &mut decided.post.publications {
                if publication.state.is_waiting() {
                    publication.state = RowState::Missed;
                }
            }
            happen(&mut decided, case, What::Missed, next, tell);
            Ok(decided)
        }
        Cell::No(refusal) => Err(refusal),
        Cell::Go(..) | Cell::Nothing => Ok(Decided::nothing(case)),
    }
}

/// The publish gate let a publication out. Only [`gate::check`](crate::domain::gate::check) decides that.
pub fn claimed(case: Case<'_>, row: &RowId, hash: ContentHash) -> Decision {
    let (next, tell) = look(case, Act::Claimed)?;
    let publication = case.post.publication(row).ok_or(Refusal::NothingLeaving)?;
    let account = publication.account.clone();
    Ok(one(case, What::Leaving { publication: row.clone(), account, hash }, next, tell))
}

/// What came of a publication, or that nobody can find out.
pub fn outcome(case: Case<'_>, row: &RowId, outcome: &Outcome) -> Decision {
    let publication = row.clone();
    let (act, what) = match outcome {
        Outcome::Published { remote, .. } => {
            (Act::Published, What::Published { publication, remote: remote.clone() })
        }
        Outcome::TryLater(_) => (Act::TryLater, What::TryLater { publication }),
        Outcome::Refused(_) => (Act::Refused, What::Refused { publication }),
        Outcome::Unknown(_) => (Act::Unknown, What::Unknown { publication }),
    };
    let (next, tell) = look(case, act)?;
    Ok(one(case, what, next, tell))
}

/// Nobody can find out whether a publication is live: a person is asked.
pub fn parked(case: Case<'_>, row: &RowId) -> Decision {
    let (next, tell) = look(case, Act::Parked)?;
    Ok(one(case, What::Parked { publication: row.clone() }, next, tell))
}

/// A person says whether a parked publication is live.
pub fn answer(case: Case<'_>, by: &Member, row: &RowId, live: bool) -> Decision {
    let (next, tell) = look(case, if live { Act::Live } else { Act::NotLive })?;
    if !by.may_answer() {
        return Err(Refusal::PracticeOnly);
    }
    let known = case.post.publication(row).ok_or(Refusal::NothingParked)?;
    if known.state != RowState::Parked {
        return Err(Refusal::NothingParked);
    }
    let (publication, member) = (row.clone(), by.id.clone());
    let what = if live {
        What::Live { publication, member }
    } else {
        What::NotLive { publication, member }
    };
    Ok(one(case, what, next, tell))
}

/// A person wants it removed everywhere.
pub fn takedown(case: Case<'_>, by: &Member) -> Decision {
    let (next, tell) = look(case, Act::Takedown)?;
    if !by.may_answer() {
        return Err(Refusal::PracticeOnly);
    }
    Ok(one(case, What::Takedown { member: by.id.clone() }, next, tell))
}
