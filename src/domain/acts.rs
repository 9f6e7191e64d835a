//! Decisions: who may do what to a post, and what follows. Pure; the use cases load and commit.
//!
//! Each function looks the act up in the [transition table](super::review), checks the person,
//! and returns the facts for the ledger and the post after them, or the refusal for the person.

use jiff::Timestamp;

use super::content::{Content, ContentHash};
use super::entry::{Fact, Revised, Subject, What};
use super::ids::RowId;
use super::member::{Member, Role};
use super::outbox::{Outcome, RowState};
use super::policy::Policy;
use super::post::{Draft, Post, Source, State, Verdict};
use super::practice::Practice;
use super::refusal::Refusal;
use super::review::{Act, Cell, Next, Tell, cell};
use super::window::Window;

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
}

type Decision = Result<Decided, Refusal>;

impl Decided {
    fn nothing(case: Case<'_>) -> Self {
        Self {
            facts: Vec::new(),
            post: case.post.clone(),
            tell: Vec::new(),
            content: None,
        }
    }
}

/// Begins a draft.
pub fn draft(case: Case<'_>, draft: Draft) -> Decided {
    let mut decided = Decided::nothing(case);
    decided.post.draft = draft;
    let what = What::Drafted {
        number: case.post.number,
        author: case.post.author.clone(),
    };
    happen(&mut decided, case, what, Next::Same, &[]);
    decided
}

/// Sends a draft for signature: fixes its first revision.
pub fn submit(case: Case<'_>, salt: [u8; 16]) -> Decision {
    let (next, tell) = look(case, Act::Submit)?;
    revise(
        case,
        case.post.draft.clone(),
        salt,
        by,
        What::Submitted,
        next,
        tell,
    )
}

/// Changes what a post says. In review it makes a new revision, which voids all sign-offs.
pub fn edit(case: Case<'_>, draft: Draft, salt: [u8; 16]) -> Decision {
    let (next, tell) = look(case, Act::Edit)?;
    if draft == case.post.draft && case.post.state != State::Missed {
        return Err(Refusal::NoChange);
    }
    if case.post.state == State::Draft {
        let mut decided = Decided::nothing(case);
        decided.post.draft = draft;
        decided.post.hold = None;
        happen(&mut decided, case, What::Redrafted, next, tell);
        return Ok(decided);
    }
    revise(case, draft, salt, What::Edited, next, tell)
}

/// Plans a post for another time. Outside the signed window that is a new revision.
pub fn move_slot(case: Case<'_>, slot: Timestamp, salt: [u8; 16]) -> Decision {
    let (next, tell) = look(case, Act::MoveSlot)?;
    let draft = Draft {
        slot: Some(slot),
        ..case.post.draft.clone()
    };
    if case.post.state == State::Draft || !case.post.window.is_some_and(|w| w.contains(slot)) {
        return edit(case, draft, salt);
    }
    let mut decided = Decided::nothing(case);
    decided.post.draft = draft;
    happen(&mut decided, case, What::SlotMoved { slot }, next, tell);
    Ok(decided)
}

fn revise(
    case: Case<'_>,
    draft: Draft,
    salt: [u8; 16],
    what: fn(Revised) -> What,
    next: Next,
    tell: &[Tell],
) -> Decision {
    let slot = draft.slot.unwrap_or(case.now).max(case.now);
    let window = Window::around(slot, case.now);
    let to = case.post.revision + 1;
    let content = Content::of(case.practice, &case.post.id, to, salt, window, &draft);
    ready_to_sign(case, &content)?;
    let mut decided = Decided::nothing(case);
    decided.post.draft = draft;
    let revised = Revised {
        to,
        hash: content.hash(),
        window,
        slot,
    };
    happen(&mut decided, case, what(revised), next, tell);
    decided.content = Some(content);
    Ok(decided)
}

/// Nothing is put before a physician that could not leave anyway.
fn ready_to_sign(case: Case<'_>, content: &Content) -> Result<(), Refusal> {
    if content.accounts.is_empty() {
        return Err(Refusal::NoAccount);
    }
    content
        .accounts
        .iter()
        .try_for_each(super::content::Part::check)?;
    if !Policy::standing(case.practice, case.post).can_be_met() {
        return Err(Refusal::NobodyToSign);
    }
    Ok(())
}

/// Signs the current revision. Signing twice counts once.
pub fn sign(case: Case<'_>, by: &Member, ballot: Ballot) -> Decision {
    let (next, tell) = look(case, Act::Sign)?;
    may_decide(case, by, ballot)?;
    if let Some(known) = case.post.decision_of(&by.id) {
        match known.verdict {
            Verdict::Declined => return Err(Refusal::YouDeclined),
            Verdict::Signed if known_source(known, ballot.source) => {
                return Ok(Decided::nothing(case));
            }
            Verdict::Signed => {}
        }
    }
    if case.post.is_frozen() {
        return Err(Refusal::Frozen);
    }
    let what = What::Signed {
        member: by.id.clone(),
        hash: ballot.hash,
        source: ballot.source,
        recovered: ballot.recovered,
    };
    Ok(one(case, what, next, tell))
}

/// Declines the current revision. Beside a sign-off it freezes the revision.
pub fn decline(case: Case<'_>, by: &Member, ballot: Ballot) -> Decision {
    let (next, tell) = look(case, Act::Decline)?;
    may_decide(case, by, ballot)?;
    if let Some(known) = case.post.decision_of(&by.id) {
        match known.verdict {
            Verdict::Declined => return Ok(Decided::nothing(case)),
            // A ❌ of the same person beside their ✅: they can't mean both, so nothing leaves.
            Verdict::Signed => {}
        }
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
    let (next, tell) = look(case, Act::Unsign)?;
    let Some(known) = case
        .post
        .decision_of(&by.id)
        .filter(|d| d.verdict == Verdict::Signed)
    else {
        return if reaction_only {
            Ok(Decided::nothing(case))
        } else {
            Err(Refusal::NothingToUnsign)
        };
    };
    if reaction_only && (known.by_button || !known.by_reaction) {
        return Ok(Decided::nothing(case));
    }
    Ok(one(
        case,
        What::Unsigned {
            member: by.id.clone(),
        },
        next,
        tell,
    ))
}

/// Holds the post; Countersign itself when nobody is named.
pub fn hold(case: Case<'_>, by: Option<&Member>) -> Decision {
    let (next, tell) = look(case, Act::Hold)?;
    if case.post.hold.is_some() {
        return Ok(Decided::nothing(case));
    }
    Ok(one(
        case,
        What::Held {
            by: by.map(|m| m.id.clone()),
        },
        next,
        tell,
    ))
}

/// Lifts a hold: by the member who set it or a manager, never by the author alone.
pub fn unhold(case: Case<'_>, by: &Member) -> Decision {
    let (next, tell) = look(case, Act::Unhold)?;
    let Some(hold) = &case.post.hold else {
        return Err(Refusal::NothingHeld);
    };
    let manager = by.role == Role::Manager && !by.agency;
    let own = hold.by.as_ref() == Some(&by.id);
    let author = by.id == case.post.author;
    if author && own && !manager && case.post.state != State::Draft {
        return Err(Refusal::NotYourHold);
    }
    if !(own || manager) {
        return Err(match hold.by {
            Some(_) => Refusal::NotYourHold,
            None => Refusal::HeldByCountersign,
        });
    }
    Ok(one(case, What::Unheld, next, tell))
}

/// Takes the post back before it leaves.
pub fn withdraw(case: Case<'_>) -> Decision {
    let (next, tell) = look(case, Act::Withdraw)?;
    Ok(one(case, What::Withdrawn, next, tell))
}

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

/// The publish gate let a publication out. Only [`gate::check`](super::gate::check) decides that.
pub fn claimed(case: Case<'_>, row: &RowId, hash: ContentHash) -> Decision {
    let (next, tell) = look(case, Act::Claimed)?;
    let publication = case.post.publication(row).ok_or(Refusal::NothingLeaving)?;
    let account = publication.account.clone();
    Ok(one(
        case,
        What::Leaving {
            publication: row.clone(),
            account,
            hash,
        },
        next,
        tell,
    ))
}

/// What came of a publication, or that nobody can find out.
pub fn outcome(case: Case<'_>, row: &RowId, outcome: &Outcome) -> Decision {
    let publication = row.clone();
    let (act, what) = match outcome {
        Outcome::Published { remote, .. } => (
            Act::Published,
            What::Published {
                publication,
                remote: remote.clone(),
            },
        ),
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
    Ok(one(
        case,
        What::Parked {
            publication: row.clone(),
        },
        next,
        tell,
    ))
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
        What::Live {
            publication,
            member,
        }
    } else {
        What::NotLive {
            publication,
            member,
        }
    };
    Ok(one(case, what, next, tell))
}

/// A person wants it removed everywhere.
pub fn takedown(case: Case<'_>, by: &Member) -> Decision {
    let (next, tell) = look(case, Act::Takedown)?;
    if !by.may_answer() {
        return Err(Refusal::PracticeOnly);
    }
    Ok(one(
        case,
        What::Takedown {
            member: by.id.clone(),
        },
        next,
        tell,
    ))
}

/// May this person decide about the revision on that card?
fn may_decide(case: Case<'_>, by: &Member, ballot: Ballot) -> Result<(), Refusal> {
    if !by.is_approver() {
        return Err(Refusal::NotAnApprover);
    }
    if by.id == case.post.author {
        return Err(Refusal::OwnPost);
    }
    if !Policy::candidates(case.practice).contains(&by.id) {
        return Err(Refusal::NotAsked);
    }
    if case.post.hash != Some(ballot.hash) || case.post.revision != ballot.revision {
        return Err(Refusal::OldCard {
            shown: ballot.revision,
            current: case.post.revision,
        });
    }
    Ok(())
}

fn known_source(known: &super::post::Decision, source: Source) -> bool {
    match source {
        Source::Reaction => known.by_reaction,
        Source::Button => known.by_button,
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
        Next::Standing if Policy::standing(case.practice, post).is_met() => State::SignedOff,
        Next::Standing => State::InReview,
    };
    let subject = Subject {
        post: post.id.clone(),
        revision: post.revision,
        state: post.state,
    };
    decided.facts.push(Fact {
        what,
        subject: Some(subject),
    });
    decided.tell.extend_from_slice(tell);
}
