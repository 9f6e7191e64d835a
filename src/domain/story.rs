//! What must have happened before something leaves, as the ledger's entries alone tell it.
//!
//! The gate decides with all that it knows; this asks afterwards, and elsewhere, whether what was
//! written down allows it. It needs no table and trusts no state but what the entries made.

use thiserror::Error;

use super::entry::What;
use super::ids::MemberId;
use super::ledger::Entry;
use super::post::{Post, Publication};
use super::state::{State, Verdict};

/// Why an entry can't follow from those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotTold {
    /// The post was not there, or another revision was.
    #[error("it is about a revision that was not the current one")]
    OtherRevision,
    /// Something else left than what was signed.
    #[error("what left is not what was signed")]
    OtherContent,
    /// Not signed off.
    #[error("it left without the sign-offs that it names")]
    NotSigned,
    /// Its author's own sign-off, which did not say so.
    #[error("its author's own sign-off counted")]
    OwnPost,
    /// Declined.
    #[error("it left although an approver declined")]
    Declined,
    /// Held.
    #[error("it left while it was held")]
    Held,
    /// Not in its window.
    #[error("it left outside the window that was signed")]
    OutsideWindow,
    /// Already there.
    #[error("it left to an account that had it, or perhaps had it")]
    Twice,
    /// The post was not on its way.
    #[error("it left while the post was not signed off")]
    NotOnItsWay,
}

/// Does the entry follow from the post as the entries before it made it?
pub fn follows(before: Option<&Post>, entry: &Entry) -> Result<(), NotTold> {
    let What::Leaving { publication, account, hash, signed } = &entry.fact.what else {
        return Ok(());
    };
    let before = before.ok_or(NotTold::OtherRevision)?;
    let subject = entry.fact.subject.as_ref().ok_or(NotTold::OtherRevision)?;
    if subject.revision != before.revision {
        return Err(NotTold::OtherRevision);
    }
    if before.hash != Some(*hash) {
        return Err(NotTold::OtherContent);
    }
    let elsewhere = |p: &&Publication| p.id != *publication && p.account == *account;
    if before.publications.iter().filter(elsewhere).any(Publication::is_out) {
        return Err(NotTold::Twice);
    }
    if !matches!(before.state, State::SignedOff | State::Publishing) {
        return Err(NotTold::NotOnItsWay);
    }
    if before.hold.is_some() {
        return Err(NotTold::Held);
    }
    if !before.window.is_some_and(|window| window.contains(entry.at)) {
        return Err(NotTold::OutsideWindow);
    }
    signed_by(before, signed)
}

fn signed_by(before: &Post, signed: &[MemberId]) -> Result<(), NotTold> {
    if before.decisions.iter().any(|d| d.verdict == Verdict::Declined) {
        return Err(NotTold::Declined);
    }
    let owns = |who: &MemberId| before.decisions.iter().any(|d| d.member == *who && d.own_words);
    // What others made of it is signed by whom it names, though they began it.
    if signed.iter().any(|who| before.is_by(who) && !owns(who) && !before.asks_by_name(who)) {
        return Err(NotTold::OwnPost);
    }
    let has_signed = |who: &MemberId| before.decisions.iter().any(|d| d.member == *who);
    let twice = signed.iter().enumerate().any(|(i, who)| signed[..i].contains(who));
    if signed.is_empty() || twice || !signed.iter().all(has_signed) {
        return Err(NotTold::NotSigned);
    }
    Ok(())
}
