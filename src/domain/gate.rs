//! The publish gate: the last look before anything leaves.

use super::acts::Case;
use super::content::Content;
use super::ids::RowId;
use super::outbox::RowState;
use super::post::Publication;
use super::refusal::Refusal;
use super::review::{Act, Cell, cell};
use super::showing;
use super::standing::Standing;

/// May this publication leave now? Computes everything anew: the post's state may only say no.
///
/// The caller commits under the versions of the post and the practice it read, so that a change
/// in between makes it look again.
pub fn check(case: Case<'_>, row: &RowId, content: &Content) -> Result<(), Refusal> {
    let Case { practice, post, now } = case;
    let publication = post.publication(row).ok_or(Refusal::NothingLeaving)?;
    if practice.is_stopped() {
        return Err(Refusal::Stopped);
    }
    if let Cell::No(refusal) = cell(Act::Claimed, post.state) {
        return Err(refusal);
    }
    if publication.revision != post.revision || content.revision != post.revision {
        return Err(Refusal::OldCard { shown: publication.revision, current: post.revision });
    }
    if !matches!(publication.state, RowState::Leased | RowState::Resolving) {
        return Err(Refusal::NothingLeaving);
    }
    let elsewhere = |p: &&Publication| p.id != publication.id && p.account == publication.account;
    if post.publications.iter().filter(elsewhere).any(Publication::is_out) {
        return Err(Refusal::AlreadyPublished);
    }
    if post.hash != Some(content.hash())
        || content.practice != practice.id
        || content.post != post.id
    {
        return Err(Refusal::NotWhatWasSigned);
    }
    let account = practice.account(&publication.account).ok_or(Refusal::NotWhatWasSigned)?;
    if content.part(account).is_none() {
        return Err(Refusal::NotWhatWasSigned);
    }
    if post.is_frozen() {
        return Err(Refusal::Frozen);
    }
    if !case.standing().is_met() {
        return Err(Refusal::NotSignedOff);
    }
    if !Standing::of(practice, &post.with_fresh(now), now).is_met() {
        return Err(Refusal::Stale);
    }
    if post.hold.is_some() {
        return Err(Refusal::Held);
    }
    showing::check(practice, &post.draft, now)?;
    if post.slot.is_some_and(|slot| now < slot) {
        return Err(Refusal::BeforeSlot);
    }
    if !content.window.contains(now) {
        return Err(Refusal::OutsideWindow);
    }
    if practice.quiet.is_some_and(|quiet| quiet.contains(&practice.zone, now)) {
        return Err(Refusal::Quiet);
    }
    Ok(())
}
