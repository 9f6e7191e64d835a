//! What an approver decides: sign, decline, unsign; and hold, which any member may.

use super::{Ballot, Case, Decided, Decision, look, one};
use crate::domain::draft::Ruling;
use crate::domain::entry::What;
use crate::domain::member::{Member, Role};
use crate::domain::policy::Risk;
use crate::domain::post;
use crate::domain::refusal::Refusal;
use crate::domain::review::{Act, Cell, cell};
use crate::domain::showing;
use crate::domain::state::{Cause, Source, State, Verdict};

/// Signs the current revision. Signing twice counts once; signing again after a day counts anew,
/// from then on.
pub fn sign(case: Case<'_>, by: &Member, ballot: Ballot) -> Decision {
    let (next, tell) = look(case, Act::Sign)?;
    may_decide(case, by, ballot)?;
    if voted(case, by, Verdict::Declined).is_some() {
        return Err(Refusal::YouDeclined);
    }
    own_words(case, by, ballot)?;
    let known = voted(case, by, Verdict::Signed).filter(|known| !is_old(case, known));
    if known.is_some_and(|known| known_source(known, ballot.source) && says(known, ballot)) {
        return Ok(Decided::nothing(case));
    }
    if case.post.is_frozen() {
        return Err(Refusal::Frozen);
    }
    let what = What::Signed {
        member: by.id.clone(),
        hash: ballot.hash,
        source: ballot.source,
        recovered: ballot.recovered,
        own_words: ballot.own_words,
    };
    Ok(one(case, what, next, tell))
}

/// Declines the current revision. Beside a sign-off it freezes the revision.
pub fn decline(case: Case<'_>, by: &Member, ballot: Ballot) -> Decision {
    let (next, tell) = look(case, Act::Decline)?;
    may_decide(case, by, ballot)?;
    // A ❌ of the same person beside their ✅ counts: they can't mean both, so nothing leaves.
    if voted(case, by, Verdict::Declined).is_some() {
        return Ok(Decided::nothing(case));
    }
    let what = What::Declined {
        member: by.id.clone(),
        source: ballot.source,
        recovered: ballot.recovered,
    };
    Ok(one(case, what, next, tell))
}

/// Takes a sign-off back, and holds the post.
///
/// With `reaction_only`, a ✅ vanished from the card: a sign-off that a button made as well stays.
pub fn unsign(case: Case<'_>, by: &Member, reaction_only: bool) -> Decision {
    if cell(Act::Unsign, case.post.state) == Cell::Nothing {
        return Ok(Decided::nothing(case));
    }
    let (next, tell) = look(case, Act::Unsign)?;
    let Some(known) = voted(case, by, Verdict::Signed) else {
        return if reaction_only {
            Ok(Decided::nothing(case))
        } else {
            Err(Refusal::NothingToUnsign)
        };
    };
    if reaction_only && (known.by_button || !known.by_reaction) {
        return Ok(Decided::nothing(case));
    }
    Ok(one(case, What::Unsigned { member: by.id.clone() }, next, tell))
}

/// A member holds the post.
pub fn hold(case: Case<'_>, by: &Member) -> Decision {
    let (next, tell) = look(case, Act::Hold)?;
    match case.post.hold.as_ref().map(|hold| &hold.by) {
        Some(Some(holder)) if *holder != by.id => Err(Refusal::AlreadyHeld),
        Some(_) => Ok(Decided::nothing(case)),
        None => Ok(one(case, What::Held { by: Some(by.id.clone()), cause: None }, next, tell)),
    }
}

/// Countersign itself holds the post. Its hold takes the place of a member's, who then can't lift
/// it alone.
pub fn keep(case: Case<'_>, why: Cause) -> Decision {
    let (next, tell) = look(case, Act::Hold)?;
    if case.post.hold.as_ref().is_some_and(|hold| hold.by.is_none()) {
        return Ok(Decided::nothing(case));
    }
    Ok(one(case, What::Held { by: None, cause: Some(why) }, next, tell))
}

/// Lifts a hold: by the member who set it or a manager, never by the author alone. One that a
/// restore set is lifted by those who look after the practice, so that somebody can; one for a rule
/// is lifted once the rule blocks no more.
pub fn unhold(case: Case<'_>, by: &Member, ruling: &Ruling) -> Decision {
    let (next, tell) = look(case, Act::Unhold)?;
    let Some(hold) = &case.post.hold else {
        return Err(Refusal::NothingHeld);
    };
    let restored = hold.is_of_restore();
    let manager = if restored {
        case.practice.is_looked_after_by(by)
    } else {
        by.role == Role::Manager && !by.agency
    };
    let own = hold.by.as_ref() == Some(&by.id);
    // Who signs own words alone has nobody else to ask.
    let alone = case.post.made.is_some_and(|made| case.practice.may_own(&by.id, made));
    let author = by.id == case.post.author && !(restored && alone);
    if author && case.post.state != State::Draft {
        return Err(Refusal::NotYourHold);
    }
    if !(own || manager) {
        return Err(match (&hold.by, restored) {
            (Some(_), _) => Refusal::NotYourHold,
            (None, true) => Refusal::HeldSinceRestore,
            (None, false) => Refusal::HeldByCountersign,
        });
    }
    let ruled_out = !ruling.open_blocks(&case.post.draft.overridden).is_empty();
    if hold.cause == Some(Cause::Rules) && ruled_out {
        return Err(Refusal::BlockedInReview);
    }
    if hold.cause == Some(Cause::Consent) {
        showing::check(case.practice, &case.post.draft, case.now)?;
    }
    Ok(one(case, What::Unheld, next, tell))
}

/// Gives the post another risk, until its next revision: only compliance may, and not for what
/// they wrote themselves.
pub fn set_risk(case: Case<'_>, by: &Member, risk: Risk) -> Decision {
    let (next, tell) = look(case, Act::SetRisk)?;
    if !by.is_compliance() {
        return Err(Refusal::ComplianceOnly);
    }
    if case.post.is_by(&by.id) {
        return Err(Refusal::OwnPost);
    }
    if case.post.risk == risk {
        return Err(Refusal::NoChange);
    }
    Ok(one(case, What::RiskSet { member: by.id.clone(), risk }, next, tell))
}

/// May this person decide about the revision on that card?
fn may_decide(case: Case<'_>, by: &Member, ballot: Ballot) -> Result<(), Refusal> {
    let standing = case.standing();
    let asked = standing.asks(&by.id);
    let signs = by.is_approver() || by.is_compliance() && asked;
    if !signs {
        return Err(Refusal::NotAnApprover);
    }
    if case.post.is_by(&by.id) && !asked {
        return Err(Refusal::OwnPost);
    }
    if case.post.made.is_some_and(|made| by.signs_from > made) {
        let from = by.signs_from;
        return Err(if from > case.now { Refusal::SignsFrom { from } } else { Refusal::NotYet });
    }
    if !asked {
        return Err(Refusal::NotAsked);
    }
    if case.post.hash != Some(ballot.hash) || case.post.revision != ballot.revision {
        return Err(Refusal::OldCard { shown: ballot.revision, current: case.post.revision });
    }
    Ok(())
}

/// What one wrote is signed in an own step; what somebody else wrote is not, nor what is said in
/// one's name beside others who sign it.
fn own_words(case: Case<'_>, by: &Member, ballot: Ballot) -> Result<(), Refusal> {
    let made = case.post.made.unwrap_or(case.now);
    let own = case.post.is_by(&by.id) && case.practice.may_own(&by.id, made);
    match (own, ballot.own_words) {
        (true, false) => Err(Refusal::OwnWords),
        (false, true) => Err(Refusal::NotOwnWords),
        (true, true) | (false, false) => Ok(()),
    }
}

/// The known sign-off says what this one would.
fn says(known: &post::Decision, ballot: Ballot) -> bool {
    known.own_words || !ballot.own_words
}

fn voted<'a>(case: Case<'a>, by: &Member, verdict: Verdict) -> Option<&'a post::Decision> {
    let mut all = case.post.decisions.iter();
    all.find(|d| d.member == by.id && d.verdict == verdict)
}

fn is_old(case: Case<'_>, known: &post::Decision) -> bool {
    case.now.duration_since(known.at) >= post::ANEW
}

fn known_source(known: &post::Decision, source: Source) -> bool {
    match source {
        Source::Reaction => known.by_reaction,
        Source::Button => known.by_button,
    }
}
