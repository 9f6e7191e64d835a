//! The transition table: what each act does to a post in each state.
//!
//! One exhaustive `match`, without a catch-all, so that a new act or state does not compile until
//! every cell is decided. `docs/review.md`, the property tests and the ledger's fold come from
//! it. Who may do an act, and what else must hold, is in [`acts`](super::acts).

use super::refusal::Refusal;
use super::state::State;
use super::words::words;

mod page;

pub use page::as_markdown;

words! {
    /// What can happen to a post.
    pub enum Act {
        /// Staff sends a draft for signature.
        Submit = "submit",
        /// Staff changes what it says.
        Edit = "edit",
        /// An approver changes what it says: "change X to Y".
        Amend = "amend",
        /// Planned for another time inside the signed window.
        MoveSlot = "move slot",
        /// An approver signs the current revision.
        Sign = "sign",
        /// An approver takes the sign-off back.
        Unsign = "unsign",
        /// An approver declines the current revision.
        Decline = "decline",
        /// Any member says "not now".
        Hold = "hold",
        /// The holder or a manager lifts the hold.
        Unhold = "unhold",
        /// Compliance gives the post another risk.
        SetRisk = "set risk",
        /// Somebody overrides a rule of the screen.
        Override = "override",
        /// The practice changed: are the sign-offs enough still?
        Recount = "recount",
        /// Staff takes the post back.
        Withdraw = "withdraw",
        /// Everything of the practice stops.
        Stop = "stop",
        /// The stop is lifted.
        Release = "release",
        /// The database was put back from a copy.
        Restored = "restored",
        /// Somebody deleted the card.
        CardDeleted = "card deleted",
        /// The window's end passed.
        WindowClosed = "window closed",
        /// The publish gate lets a publication out.
        Claimed = "claimed",
        /// Outcome: live.
        Published = "published",
        /// Outcome: surely nothing there; again later.
        TryLater = "try later",
        /// Outcome: the network said no.
        Refused = "refused",
        /// Outcome: nobody knows.
        Unknown = "unknown",
        /// Outcome: nobody can find out.
        Parked = "parked",
        /// A person says it is live.
        Live = "it is live",
        /// A person says it is not.
        NotLive = "it is not",
        /// A person wants it removed.
        Takedown = "takedown",
    }
}

/// Where a post goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Nowhere.
    Same,
    /// There.
    To(State),
    /// Signed off if the policy is met, else in review.
    Standing,
    /// Where its publications say.
    Settle,
    /// Withdrawn; part published if an earlier revision is live somewhere.
    Back,
}

/// What people are told or shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tell {
    /// A new card.
    Card,
    /// The card's standing, slot and outcome in place.
    Refresh,
    /// The old card: replaced by the new revision.
    Replaced,
    /// In the card's thread: what came of a publication.
    Outcome,
    /// In the card's thread: the next slots, one tap each.
    OfferSlots,
    /// In the card's thread: it is live, it is not.
    AskLive,
}

/// One cell of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// The act has an effect; the ledger entry bears the act's name.
    Go(Next, &'static [Tell]),
    /// It has none, and this is why.
    No(Refusal),
    /// It has none, and nobody needs to be told.
    Nothing,
}

/// What an act does to a post in a state.
pub fn cell(act: Act, state: State) -> Cell {
    match act {
        Act::Submit => submit(state),
        Act::Edit | Act::Amend => change(act, state),
        Act::MoveSlot => move_slot(state),
        Act::Sign => sign(state),
        Act::Decline => decline(state),
        Act::Unsign => unsign(state),
        Act::Hold | Act::Unhold => hold(state),
        Act::SetRisk => set_risk(state),
        Act::Override => overrides(state),
        Act::Recount => recount(state),
        Act::Withdraw => withdraw(state),
        Act::Stop | Act::Release => stop(state),
        Act::Restored => restored(state),
        Act::CardDeleted => card_deleted(state),
        Act::WindowClosed => window_closed(state),
        Act::Claimed => claimed(state),
        Act::Published | Act::TryLater | Act::Refused | Act::Unknown | Act::Parked => {
            outcome(act, state)
        }
        Act::Live | Act::NotLive => answer(state),
        Act::Takedown => takedown(state),
    }
}

fn submit(state: State) -> Cell {
    match state {
        State::Draft => Cell::Go(Next::To(State::InReview), &[Tell::Card, Tell::Refresh]),
        State::InReview | State::SignedOff => Cell::No(Refusal::AlreadyInReview),
        State::Publishing => Cell::No(Refusal::AlreadyLeaving),
        State::Published | State::PartPublished => Cell::No(Refusal::AlreadyPublished),
        State::Withdrawn => Cell::No(Refusal::Withdrawn),
        State::Missed => Cell::No(Refusal::Missed),
        State::TakenDown => Cell::No(Refusal::TakenDown),
    }
}

/// A rule is overridden for the words of a draft.
fn overrides(state: State) -> Cell {
    match state {
        State::Draft => Cell::Go(Next::Same, &[Tell::Refresh]),
        State::InReview | State::SignedOff => Cell::No(Refusal::AlreadyInReview),
        State::Publishing => Cell::No(Refusal::AlreadyLeaving),
        State::Published | State::PartPublished => Cell::No(Refusal::AlreadyPublished),
        State::Withdrawn => Cell::No(Refusal::Withdrawn),
        State::Missed => Cell::No(Refusal::Missed),
        State::TakenDown => Cell::No(Refusal::TakenDown),
    }
}

fn change(act: Act, state: State) -> Cell {
    match state {
        State::Draft if act == Act::Amend => Cell::No(Refusal::NotInReview),
        State::Draft => Cell::Go(Next::Same, &[Tell::Refresh]),
        State::InReview | State::SignedOff | State::PartPublished | State::Missed => {
            Cell::Go(Next::To(State::InReview), &[Tell::Card, Tell::Replaced])
        }
        State::Publishing => Cell::No(Refusal::AlreadyLeaving),
        State::Published => Cell::No(Refusal::AlreadyPublished),
        State::Withdrawn => Cell::No(Refusal::Withdrawn),
        State::TakenDown => Cell::No(Refusal::TakenDown),
    }
}

fn move_slot(state: State) -> Cell {
    match state {
        State::Draft | State::InReview | State::SignedOff => Cell::Go(Next::Same, &[Tell::Refresh]),
        State::Missed => Cell::Go(Next::Standing, &[Tell::Refresh]),
        State::Publishing => Cell::No(Refusal::AlreadyLeaving),
        State::Published | State::PartPublished => Cell::No(Refusal::AlreadyPublished),
        State::Withdrawn => Cell::No(Refusal::Withdrawn),
        State::TakenDown => Cell::No(Refusal::TakenDown),
    }
}

fn sign(state: State) -> Cell {
    match state {
        State::Draft => Cell::No(Refusal::NotInReview),
        State::InReview | State::SignedOff => Cell::Go(Next::Standing, &[Tell::Refresh]),
        State::Publishing => Cell::No(Refusal::AlreadyLeaving),
        State::Published | State::PartPublished => Cell::No(Refusal::AlreadyPublished),
        State::Withdrawn => Cell::No(Refusal::Withdrawn),
        State::Missed => Cell::No(Refusal::Missed),
        State::TakenDown => Cell::No(Refusal::TakenDown),
    }
}

fn decline(state: State) -> Cell {
    match state {
        State::Draft => Cell::No(Refusal::NotInReview),
        State::InReview | State::SignedOff => Cell::Go(Next::Standing, &[Tell::Refresh]),
        State::Publishing => Cell::No(Refusal::TooLateLeaving),
        State::Published | State::PartPublished => Cell::No(Refusal::TooLateLive),
        State::Withdrawn => Cell::No(Refusal::Withdrawn),
        State::Missed => Cell::No(Refusal::Missed),
        State::TakenDown => Cell::No(Refusal::TakenDown),
    }
}

fn unsign(state: State) -> Cell {
    match state {
        State::Draft => Cell::No(Refusal::NotInReview),
        State::InReview | State::SignedOff => Cell::Go(Next::Standing, &[Tell::Refresh]),
        State::Missed => Cell::Go(Next::Same, &[Tell::Refresh]),
        State::Publishing => Cell::No(Refusal::TooLateLeaving),
        State::Published | State::PartPublished => Cell::No(Refusal::TooLateLive),
        State::Withdrawn | State::TakenDown => Cell::Nothing,
    }
}

fn hold(state: State) -> Cell {
    match state {
        State::Draft
        | State::InReview
        | State::SignedOff
        | State::Publishing
        | State::PartPublished
        | State::Missed => Cell::Go(Next::Same, &[Tell::Refresh]),
        State::Published => Cell::No(Refusal::TooLateLive),
        State::Withdrawn => Cell::No(Refusal::Withdrawn),
        State::TakenDown => Cell::No(Refusal::TakenDown),
    }
}

fn set_risk(state: State) -> Cell {
    match state {
        State::Draft => Cell::No(Refusal::NotInReview),
        State::InReview | State::SignedOff => Cell::Go(Next::Standing, &[Tell::Refresh]),
        State::Publishing => Cell::No(Refusal::AlreadyLeaving),
        State::Published | State::PartPublished => Cell::No(Refusal::AlreadyPublished),
        State::Withdrawn => Cell::No(Refusal::Withdrawn),
        State::Missed => Cell::No(Refusal::Missed),
        State::TakenDown => Cell::No(Refusal::TakenDown),
    }
}

/// A recount only ever takes away: what is in review is signed off by a sign-off alone. What is
/// publishing is asked again by the publish gate for each account.
fn recount(state: State) -> Cell {
    match state {
        State::SignedOff => Cell::Go(Next::To(State::InReview), &[Tell::Refresh]),
        State::Draft
        | State::InReview
        | State::Publishing
        | State::Published
        | State::PartPublished
        | State::Withdrawn
        | State::Missed
        | State::TakenDown => Cell::Nothing,
    }
}

fn withdraw(state: State) -> Cell {
    match state {
        State::Draft | State::InReview | State::SignedOff | State::Missed => {
            Cell::Go(Next::Back, &[Tell::Refresh])
        }
        State::Publishing => Cell::No(Refusal::TooLateLeaving),
        State::Published | State::PartPublished => Cell::No(Refusal::TooLateLive),
        State::Withdrawn => Cell::No(Refusal::Withdrawn),
        State::TakenDown => Cell::No(Refusal::TakenDown),
    }
}

/// A stop is the practice's: no post changes, and the publish gate asks for it.
fn stop(state: State) -> Cell {
    match state {
        State::Draft
        | State::InReview
        | State::SignedOff
        | State::Publishing
        | State::Published
        | State::PartPublished
        | State::Withdrawn
        | State::Missed
        | State::TakenDown => Cell::Go(Next::Same, &[]),
    }
}

/// What happened to it after the copy is not known: it is held, and what was on its way may be live.
fn restored(state: State) -> Cell {
    match state {
        State::InReview | State::Missed | State::PartPublished => {
            Cell::Go(Next::Same, &[Tell::Refresh])
        }
        State::SignedOff | State::Publishing => Cell::Go(Next::Settle, &[Tell::Refresh]),
        State::Draft | State::Published | State::Withdrawn | State::TakenDown => Cell::Nothing,
    }
}

/// A card that somebody deleted comes back while its post is open.
fn card_deleted(state: State) -> Cell {
    match state {
        State::InReview | State::SignedOff | State::Publishing | State::Missed => {
            Cell::Go(Next::Same, &[Tell::Card])
        }
        State::Draft
        | State::Published
        | State::PartPublished
        | State::Withdrawn
        | State::TakenDown => Cell::Nothing,
    }
}

fn window_closed(state: State) -> Cell {
    match state {
        State::InReview | State::SignedOff => {
            Cell::Go(Next::Settle, &[Tell::Refresh, Tell::OfferSlots])
        }
        State::Publishing => Cell::Go(Next::Settle, &[Tell::Refresh]),
        State::Draft
        | State::Published
        | State::PartPublished
        | State::Withdrawn
        | State::Missed
        | State::TakenDown => Cell::Nothing,
    }
}

fn claimed(state: State) -> Cell {
    match state {
        State::SignedOff | State::Publishing => {
            Cell::Go(Next::To(State::Publishing), &[Tell::Refresh])
        }
        State::Draft | State::InReview => Cell::No(Refusal::NotSignedOff),
        State::Published | State::PartPublished => Cell::No(Refusal::AlreadyPublished),
        State::Withdrawn => Cell::No(Refusal::Withdrawn),
        State::Missed => Cell::No(Refusal::Missed),
        State::TakenDown => Cell::No(Refusal::TakenDown),
    }
}

/// An outcome needs something that left, so only a publishing post has one; but a network may
/// refuse the pictures before anything left.
fn outcome(act: Act, state: State) -> Cell {
    match state {
        State::SignedOff if act == Act::Refused => {
            Cell::Go(Next::Settle, &[Tell::Refresh, Tell::Outcome])
        }
        State::Publishing if act == Act::Unknown => Cell::Go(Next::Settle, &[Tell::Refresh]),
        State::Publishing if act == Act::Parked => {
            Cell::Go(Next::Settle, &[Tell::Refresh, Tell::AskLive])
        }
        State::Publishing => Cell::Go(Next::Settle, &[Tell::Refresh, Tell::Outcome]),
        State::Draft
        | State::InReview
        | State::SignedOff
        | State::Published
        | State::PartPublished
        | State::Withdrawn
        | State::Missed
        | State::TakenDown => Cell::No(Refusal::NothingLeaving),
    }
}

fn answer(state: State) -> Cell {
    match state {
        State::Publishing => Cell::Go(Next::Settle, &[Tell::Refresh, Tell::Outcome]),
        State::Draft
        | State::InReview
        | State::SignedOff
        | State::Published
        | State::PartPublished
        | State::Withdrawn
        | State::Missed
        | State::TakenDown => Cell::No(Refusal::NothingParked),
    }
}

/// A part of it may be live while a later revision waits for the other accounts.
fn takedown(state: State) -> Cell {
    match state {
        State::Published | State::PartPublished | State::InReview | State::SignedOff => {
            Cell::Go(Next::To(State::TakenDown), &[Tell::Refresh])
        }
        State::Publishing => Cell::No(Refusal::StillLeaving),
        State::Draft | State::Withdrawn | State::Missed => Cell::No(Refusal::NothingLive),
        State::TakenDown => Cell::No(Refusal::TakenDown),
    }
}
