//! Decisions: who may do what to a post, and what follows. Pure; the use cases load and commit.
//!
//! Each function looks the act up in the [transition table](super::review), checks the person,
//! and returns the facts for the ledger and the post after them, or the refusal for the person.

mod leave;
mod restored;
mod vote;
mod write;

use jiff::Timestamp;

use super::content::{Content, ContentHash};
use super::entry::{Fact, Subject, What};
use super::post::Post;
use super::practice::Practice;
use super::refusal::Refusal;
use super::review::{Act, Cell, Next, Tell, cell};
use super::standing::Standing;
use super::state::{Source, State};

pub use leave::{answer, card_deleted, claimed, outcome, parked, recount, takedown, window_closed};
pub use restored::restored;
pub use vote::{decline, hold, keep, set_risk, sign, unhold, unsign};
pub use write::{draft, edit, move_slot, override_blocks, submit, take, withdraw};

/// What a decision looks at.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The practice, its people and policy as they are now.
    pub practice: &'a Practice,
    /// The post as it is now.
    pub post: &'a Post,
    /// When.
    pub now: Timestamp,
}

/// What was decided: facts for the ledger, and the post after them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// When: the change that is committed says the same, so that the ledger agrees with the post.
    pub at: Timestamp,
    /// What happened, in order; empty when nothing did.
    pub facts: Vec<Fact>,
    /// The post after it.
    pub post: Post,
    /// What people are told or shown.
    pub tell: Vec<Tell>,
    /// The new revision's content, if there is one.
    pub content: Option<Content>,
}

/// A sign or decline: on which revision, how it reached us, and whether it was found later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ballot {
    /// The revision that the card shows.
    pub revision: i64,
    /// The digest that the card stands for.
    pub hash: ContentHash,
    /// How it reached us.
    pub source: Source,
    /// Found by reading the card again.
    pub recovered: bool,
    /// Said to be a sign-off on what the signer wrote: never by a reaction.
    pub own_words: bool,
}

type Decision = Result<Decided, Refusal>;

impl Case<'_> {
    /// Where the post stands.
    pub fn standing(&self) -> Standing {
        Standing::of(self.practice, self.post, self.now)
    }
}

impl Decided {
    fn nothing(case: Case<'_>) -> Self {
        Self {
            at: case.now,
            facts: Vec::new(),
            post: case.post.clone(),
            tell: Vec::new(),
            content: None,
        }
    }
}

fn look(case: Case<'_>, act: Act) -> Result<(Next, &'static [Tell]), Refusal> {
    match cell(act, case.post.state) {
        Cell::Go(next, tell) => Ok((next, tell)),
        Cell::No(refusal) => Err(refusal),
        Cell::Nothing => Ok((Next::Same, &[])),
    }
}

fn one(case: Case<'_>, what: What, next: Next, tell: &[Tell]) -> Decided {
    let mut decided = Decided::nothing(case);
    happen(&mut decided, case, what, next, tell);
    decided
}

/// Lets a fact take effect: on the post, then its state, then the entry that names both.
fn happen(decided: &mut Decided, case: Case<'_>, what: What, next: Next, tell: &[Tell]) {
    let post = &mut decided.post;
    post.apply(&what, case.now);
    post.state = match next {
        Next::Same => post.state,
        Next::To(state) => state,
        Next::Settle => post.settled(),
        Next::Standing if Standing::of(case.practice, post, case.now).is_met() => State::SignedOff,
        Next::Standing => State::InReview,
        Next::Back if post.is_live() => State::PartPublished,
        Next::Back => State::Withdrawn,
    };
    let subject = Subject { post: post.id.clone(), revision: post.revision, state: post.state };
    decided.facts.push(Fact { what, subject: Some(subject) });
    decided.tell.extend_from_slice(tell);
}
