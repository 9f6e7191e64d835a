//! What happens to a post on its way out, and after it.

use super::{Case, Decided, Decision, happen, look, one};
use crate::domain::content::ContentHash;
use crate::domain::entry::What;
use crate::domain::ids::RowId;
use crate::domain::member::Member;
use crate::domain::outbox::{Outcome, RowState};
use crate::domain::post::Publication;
use crate::domain::refusal::Refusal;
use crate::domain::review::{Act, Cell, cell};
use crate::domain::standing::Standing;
use crate::domain::state::State;

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
            let waiting = |p: &&mut Publication| p.state.is_waiting();
            for publication in decided.post.publications.iter_mut().filter(waiting) {
                publication.state = RowState::Missed;
            }
            if case.post.state == State::Publishing && decided.post == *case.post {
                return Ok(decided);
            }
            happen(&mut decided, case, What::Missed, next, tell);
            Ok(decided)
        }
        Cell::No(refusal) => Err(refusal),
        Cell::Go(..) | Cell::Nothing => Ok(Decided::nothing(case)),
    }
}

/// The publish gate let a publication out. Only [`gate::check`](crate::domain::gate::check)
/// decides that; the entry says whose sign-offs it relied on.
pub fn claimed(case: Case<'_>, row: &RowId, hash: ContentHash) -> Decision {
    let (next, tell) = look(case, Act::Claimed)?;
    let known = case.post.publication(row);
    let known = known.filter(|p| matches!(p.state, RowState::Leased | RowState::Resolving));
    let account = known.ok_or(Refusal::NothingLeaving)?.account.clone();
    Ok(one(
        case,
        What::Leaving {
            publication: row.clone(),
            account,
            hash,
            signed: Standing::of(case.practice, &case.post.with_fresh(case.now), case.now).signed(),
        },
        next,
        tell,
    ))
}

/// What came of a publication, or that nobody can find out.
pub fn outcome(case: Case<'_>, row: &RowId, outcome: &Outcome) -> Decision {
    let act = match outcome {
        Outcome::Published { .. } => Act::Published,
        Outcome::TryLater(_) | Outcome::SignedOut(_) => Act::TryLater,
        Outcome::Refused(_) => Act::Refused,
        Outcome::Unknown(_) => Act::Unknown,
    };
    let (next, tell) = look(case, act)?;
    let known = case.post.publication(row).ok_or(Refusal::NothingLeaving)?;
    // A network may say no to the pictures before anything left.
    let early = act == Act::Refused && known.state.is_waiting();
    if !(early || known.state.may_be_live()) {
        return Err(Refusal::NothingLeaving);
    }
    let publication = row.clone();
    let what = match outcome {
        Outcome::Published { remote, .. } => {
            What::Published { publication, remote: remote.clone() }
        }
        Outcome::TryLater(_) | Outcome::SignedOut(_) => What::TryLater { publication },
        Outcome::Refused(_) => What::Refused { publication, account: known.account.clone() },
        Outcome::Unknown(_) => What::Unknown { publication },
    };
    Ok(one(case, what, next, tell))
}

/// The practice changed: a post that is not signed off any more goes back into review.
pub fn recount(case: Case<'_>) -> Decision {
    match cell(Act::Recount, case.post.state) {
        Cell::Go(next, tell) if !case.standing().is_met() => {
            Ok(one(case, What::Recounted, next, tell))
        }
        Cell::No(refusal) => Err(refusal),
        Cell::Go(..) | Cell::Nothing => Ok(Decided::nothing(case)),
    }
}

/// Nobody can find out whether a publication is live: a person is asked.
pub fn parked(case: Case<'_>, row: &RowId) -> Decision {
    let (next, tell) = look(case, Act::Parked)?;
    let known = case.post.publication(row).map(|p| p.state);
    match known {
        Some(RowState::Parked) => return Ok(Decided::nothing(case)),
        Some(state) if state.may_be_live() => {}
        _ => return Err(Refusal::NothingLeaving),
    }
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
    if !case.post.is_live() {
        return Err(Refusal::NothingLive);
    }
    if !by.may_answer() {
        return Err(Refusal::PracticeOnly);
    }
    Ok(one(case, What::Takedown { member: by.id.clone() }, next, tell))
}
