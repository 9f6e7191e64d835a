//! What staff do: draft, submit, edit, move the slot, withdraw.

use jiff::SignedDuration;

use super::{Case, Decided, Decision, happen, look, one};
use crate::domain::content::{Content, Part, Revision};
use crate::domain::draft::{Draft, Ruled, Ruling};
use crate::domain::entry::{Revised, What};
use crate::domain::ids::MemberId;
use crate::domain::member::Member;
use crate::domain::naming;
use crate::domain::plan::{Plan, out_of_quiet, plan};
use crate::domain::post::Post;
use crate::domain::refusal::Refusal;
use crate::domain::review::{Act, Next, Tell};
use crate::domain::slot::Slot;
use crate::domain::standing::Standing;
use crate::domain::state::State;
use crate::domain::window::Window;
use crate::domain::{change, showing};

/// Begins a draft of these people's words; `None` stands for somebody who is not known.
pub fn draft(case: Case<'_>, draft: Draft, writers: Vec<Option<MemberId>>) -> Decided {
    let mut decided = Decided::nothing(case);
    decided.post.draft = draft;
    let Post { number, author, earlier_authors, .. } = case.post.clone();
    let what = What::Drafted { number, author, writers, earlier_authors };
    happen(&mut decided, case, what, Next::Same, &[]);
    decided
}

/// Sends a draft for signature: fixes its first revision. Any member may, and is its author from
/// then on, who can't sign it.
pub fn submit(case: Case<'_>, by: &Member, ruling: Ruling, salt: [u8; 16]) -> Decision {
    let (next, tell) = look(case, Act::Submit)?;
    if case.post.hold.is_some() {
        return Err(Refusal::Held);
    }
    let post = Post { author: by.id.clone(), ..case.post.clone() };
    let case = Case { post: &post, ..case };
    let ruled = Ruled { draft: case.post.draft.clone(), ruling };
    let making = Making { ruled, writer: None, salt, what: What::Submitted };
    revise(case, making, (next, tell))
}

/// Changes what a post says. In review it makes a new revision, which voids all sign-offs.
///
/// An approver who changes another's post amends it; the ledger says so.
pub fn edit(case: Case<'_>, by: &Member, ruled: Ruled, salt: [u8; 16]) -> Decision {
    take(case, by, (ruled, &by.id), salt)
}

/// Changes what a post says to what somebody else wrote.
pub fn take(
    case: Case<'_>,
    by: &Member,
    (ruled, writer): (Ruled, &MemberId),
    salt: [u8; 16],
) -> Decision {
    let amends = case.post.revision > 0 && by.is_approver() && by.id != case.post.author;
    let (next, tell) = look(case, if amends { Act::Amend } else { Act::Edit })?;
    let draft = &ruled.draft;
    if *draft == case.post.draft && case.post.state != State::Missed {
        return Err(Refusal::NoChange);
    }
    let writer = (!draft.says_the_same(&case.post.draft)).then(|| writer.clone());
    if case.post.state == State::Draft {
        plan(case.practice, draft, case.now)?;
        let mut decided = Decided::nothing(case);
        decided.post.draft = ruled.draft;
        happen(&mut decided, case, What::Redrafted { writer }, next, tell);
        return Ok(decided);
    }
    let what = if amends { What::Amended } else { What::Edited };
    revise(case, Making { ruled, writer, salt, what }, (next, tell))
}

/// Plans a post for another time, or for as soon as it is signed. Outside the signed window, or
/// when that has closed, this is a new revision with a window around the new slot.
pub fn move_slot(
    case: Case<'_>,
    by: &Member,
    (slot, ruling): (Option<Slot>, Ruling),
    salt: [u8; 16],
) -> Decision {
    let (next, tell) = look(case, Act::MoveSlot)?;
    let draft = Draft { slot, ..case.post.draft.clone() };
    if case.post.state == State::Draft {
        return edit(case, by, Ruled { draft, ruling }, salt);
    }
    let meant = slot.map_or(case.now, |slot| slot.instant(&case.practice.zone));
    let slot = out_of_quiet(case.practice, meant);
    let inside = |w: Window| w.contains(slot) && case.now < w.closes;
    if !case.post.window.is_some_and(inside) {
        let draft = Draft { opens: None, closes: None, ..draft };
        return edit(case, by, Ruled { draft, ruling }, salt);
    }
    let mut decided = Decided::nothing(case);
    decided.post.draft = draft;
    happen(&mut decided, case, What::SlotMoved { slot }, next, tell);
    Ok(decided)
}

/// Lets a draft be sent though these rules block it, as long as it says what it says: only whoever
/// looks after the practice may, since a day at least, with a reason, and not for words of their
/// own.
pub fn override_blocks(case: Case<'_>, by: &Member, ruling: &Ruling, reason: &str) -> Decision {
    let (next, tell) = look(case, Act::Override)?;
    if !change::runs(case.practice, by) {
        return Err(Refusal::MayNotOverride);
    }
    if change::is_new(by, case.now) {
        return Err(Refusal::NewInRole);
    }
    if case.post.is_by(&by.id) || case.post.writers.iter().flatten().any(|who| *who == by.id) {
        return Err(Refusal::OwnOverride);
    }
    let rules = ruling.open_blocks(&case.post.draft.overridden);
    if rules.is_empty() {
        return Err(Refusal::NothingBlocked);
    }
    if reason.trim().is_empty() {
        return Err(Refusal::NoReason);
    }
    Ok(one(case, What::Overridden { member: by.id.clone(), rules }, next, tell))
}

/// Takes the post back before it leaves; what is live of an earlier revision stays live.
pub fn withdraw(case: Case<'_>) -> Decision {
    let (next, tell) = look(case, Act::Withdraw)?;
    Ok(one(case, What::Withdrawn, next, tell))
}

/// What a new revision is made of, and the fact that tells of it.
struct Making {
    ruled: Ruled,
    writer: Option<MemberId>,
    salt: [u8; 16],
    what: fn(Revised) -> What,
}

fn revise(case: Case<'_>, making: Making, go: (Next, &[Tell])) -> Decision {
    let (Making { ruled, writer, salt, what }, (next, tell)) = (making, go);
    let Ruled { draft, ruling } = ruled;
    let Plan { slot, window } = plan(case.practice, &draft, case.now)?;
    let to = case.post.revision + 1;
    let revision = Revision { post: &case.post.id, number: to, salt, window };
    let content = Content::of(case.practice, revision, &draft);
    ready_to_sign(&content)?;
    // The window's end is no part of it.
    let last =
        window.closes.saturating_sub(SignedDuration::from_micros(1)).unwrap_or(window.closes);
    showing::check(case.practice, &draft, last)?;
    // What was overridden was overridden for the words that were there.
    let overridden = if writer.is_none() { &draft.overridden[..] } else { &[] };
    if !ruling.open_blocks(overridden).is_empty() {
        return Err(if to == 1 { Refusal::Blocked } else { Refusal::BlockedInReview });
    }
    let mut decided = Decided::nothing(case);
    let (author, risk, rules) =
        (case.post.author.clone(), draft.risk.max(ruling.risk), ruling.rules);
    let (hash, names) = (content.hash(), naming::named(case.practice, &content));
    decided.post.draft = draft;
    let revised = Revised { to, author, hash, window, slot, risk, rules, names, writer };
    happen(&mut decided, case, what(revised), next, tell);
    if !(Case { post: &decided.post, ..case }).standing().can_be_met() {
        let from = Standing::signable_from(case.practice, &decided.post, case.now);
        return Err(from.map_or(Refusal::NobodyToSign, |from| Refusal::SignableFrom { from }));
    }
    decided.content = Some(content);
    Ok(decided)
}

/// Nothing is put before a physician that could not leave anyway.
fn ready_to_sign(content: &Content) -> Result<(), Refusal> {
    if content.accounts.is_empty() {
        return Err(Refusal::NoAccount);
    }
    content.accounts.iter().try_for_each(Part::check)
}
