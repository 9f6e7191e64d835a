//! What approvers and the practice's people do to a post under review.

use super::asked::{Asked, Said};
use super::effects::{Doer, change, no_effect};
use super::office::Office;
use super::post_form;
use super::weigh;
use super::wish::{Wish, plain, wish};
use crate::domain::acts::{self, Ballot, Decided};
use crate::domain::content::ContentHash;
use crate::domain::entry::{Fact, Subject, What};
use crate::domain::ids::RowId;
use crate::domain::outbox::RowKind;
use crate::domain::outbox::{Row, RowState};
use crate::domain::policy::Risk;
use crate::domain::post::{Post, Source, Verdict};
use crate::domain::refusal::Refusal;
use crate::domain::review::Act;
use crate::domain::said::SaidWords;
use crate::ports::notice::View;
use crate::ports::store::{Card, Change, OutboxWrite, Stored};

/// The ballot that an act on this card is.
pub fn ballot(card: &Card, source: Source, recovered: bool) -> Result<Ballot, Said> {
    let hash = ContentHash::parse(&card.hash).ok_or(Refusal::NotInReview)?;
    Ok(Ballot { revision: card.revision, hash, source, recovered, own_words: false })
}

/// Signs what the card shows.
pub fn sign(office: &Office, asked: &Asked<'_>, post: &Post, ballot: Ballot) -> Change {
    let decided = acts::sign(asked.case(office, post), asked.member, ballot);
    entered(office, asked, post, Tried::plain(Act::Sign, decided))
}

/// Declines what the card shows, and asks why if no reason came with it.
pub fn decline(
    office: &Office,
    asked: &Asked<'_>,
    post: &Post,
    ballot: Ballot,
    reason: &str,
) -> Change {
    let decided = acts::decline(asked.case(office, post), asked.member, ballot);
    let fresh = decided.as_ref().is_ok_and(|d| !d.facts.is_empty());
    let tried = Tried { act: Act::Decline, decided, reason };
    let mut change = entered(office, asked, post, tried);
    if fresh && reason.is_empty() {
        let who = asked.member.name.clone();
        let notice = plain(View::AskReason { number: post.number, who });
        let ask = Wish::InThread { post: post.id.clone(), notice };
        let subject = format!("reason/{}/{}/{}", post.id, post.revision, asked.member.id);
        change.outbox.push(wish(office, &post.practice, subject, ask, false));
    }
    change
}

/// Overrides the rules that keep a draft from being sent, for this reason; not when the draft or
/// its rules are others than the form was opened on.
pub fn override_blocks(
    office: &Office,
    asked: &Asked<'_>,
    post: &Post,
    (mark, reason): (&str, &str),
) -> Change {
    let ruling = weigh::ruling(office, asked.among(), &post.draft);
    let blocks = ruling.open_blocks(&post.draft.overridden);
    let decided = if mark == post_form::mark_of_override(&post.draft, &blocks) {
        acts::override_blocks(asked.case(office, post), asked.member, &ruling, reason)
    } else {
        Err(Refusal::OtherWords)
    };
    entered(office, asked, post, Tried { act: Act::Override, decided, reason })
}

/// Gives the post another risk, as the button says.
pub fn set_risk(
    office: &Office,
    asked: &Asked<'_>,
    post: &Post,
    risk: &str,
) -> Result<Change, Said> {
    let unknown = || Said::Sentence("that button belongs to nothing here".to_owned());
    let risk: Risk = risk.parse().map_err(|_| unknown())?;
    let decided = acts::set_risk(asked.case(office, post), asked.member, risk);
    Ok(entered(office, asked, post, Tried::plain(Act::SetRisk, decided)))
}

/// Takes a sign-off back.
pub fn unsign(office: &Office, asked: &Asked<'_>, post: &Post, reaction_only: bool) -> Change {
    let decided = acts::unsign(asked.case(office, post), asked.member, reaction_only);
    entered(office, asked, post, Tried::plain(Act::Unsign, decided))
}

/// Holds the post.
pub fn hold(office: &Office, asked: &Asked<'_>, post: &Post) -> Change {
    let decided = acts::hold(asked.case(office, post), asked.member);
    entered(office, asked, post, Tried::plain(Act::Hold, decided))
}

/// Lifts a hold; what waits is due at once.
pub fn unhold(office: &Office, asked: &Asked<'_>, post: &Post) -> Change {
    let ruling = weigh::ruling_of_sent(office, asked.among(), &post.draft);
    let decided = acts::unhold(asked.case(office, post), asked.member, &ruling);
    let change = entered(office, asked, post, Tried::plain(Act::Unhold, decided));
    with(change, [OutboxWrite::Wake])
}

/// Says whether a parked publication is live.
pub async fn answer(
    office: &Office,
    asked: &Asked<'_>,
    post: &Post,
    row: &RowId,
    live: bool,
) -> Stored<Result<Change, Said>> {
    let decided = acts::answer(asked.case(office, post), asked.member, row, live);
    let Some(known) = office.store.row(&post.practice, row).await? else {
        return Ok(Err(Refusal::NothingParked.into()));
    };
    let act = if live { Act::Live } else { Act::NotLive };
    let state = if live { RowState::Done } else { RowState::Ready };
    let row_revision = known.revision.unwrap_or(post.revision);
    let (id, from, fence) = (known.id.clone(), known.state, known.fence);
    let to = Box::new(Row { state, due: office.now(), look_ups: 0, trouble: None, ..known });
    let answered = OutboxWrite::Move { id, from, fence, to };
    let mut change = entered(office, asked, post, Tried::plain(act, decided));
    if live && change.post.is_some() {
        let content = office.store.content(&post.practice, &post.id, row_revision).await?;
        change.said = content.as_ref().map(SaidWords::of);
    }
    Ok(Ok(with(change, [answered])))
}

/// Takes a live post down, everywhere.
pub async fn takedown(office: &Office, asked: &Asked<'_>, post: &Post) -> Stored<Change> {
    let decided = acts::takedown(asked.case(office, post), asked.member);
    let mut removals = Vec::new();
    for publication in post.publications.iter().filter(|p| p.state == RowState::Done) {
        if let Some(live) = office.store.row(&post.practice, &publication.id).await? {
            removals.push(removal(office, live));
        }
    }
    let change = entered(office, asked, post, Tried::plain(Act::Takedown, decided));
    Ok(with(change, removals))
}

fn removal(office: &Office, live: Row) -> OutboxWrite {
    let row = Row {
        id: office.new_row_id(),
        kind: RowKind::Takedown,
        subject: live.id.to_string(),
        state: RowState::Ready,
        due: office.now(),
        ..live
    };
    OutboxWrite::Put { row: Box::new(row), again: false }
}

/// The person declined the current revision.
pub fn has_declined(asked: &Asked<'_>, post: &Post) -> bool {
    let theirs = post.decisions.iter().filter(|d| d.member == asked.member.id);
    theirs.clone().any(|d| d.verdict == Verdict::Declined)
}

/// The act has no effect here: the person is told, and the ledger knows.
pub fn refused(
    office: &Office,
    asked: &Asked<'_>,
    post: &Post,
    (act, refusal): (Act, Refusal),
) -> Change {
    entered(office, asked, post, Tried::plain(act, Err(refusal)))
}

/// A reply in a card's thread by somebody who declined it is the reason.
pub fn reason(office: &Office, asked: &Asked<'_>, post: &Post, text: &str) -> Option<Change> {
    if !has_declined(asked, post) {
        return None;
    }
    let what = What::ReasonGiven { member: asked.member.id.clone() };
    let subject = Subject { post: post.id.clone(), revision: post.revision, state: post.state };
    let doer = Doer { member: Some(asked.member), note: text };
    let mut change = asked.change(office);
    change.entries =
        vec![super::effects::entry(office, doer, Fact { what, subject: Some(subject) })];
    Some(change)
}

/// What else a decision writes. A refusal writes nothing but its entry.
fn with(mut change: Change, writes: impl IntoIterator<Item = OutboxWrite>) -> Change {
    if change.post.is_some() {
        change.outbox.extend(writes);
    }
    change
}

/// An act, what was decided about it, and the reason that came with it.
struct Tried<'a> {
    act: Act,
    decided: Result<Decided, Refusal>,
    reason: &'a str,
}

impl Tried<'_> {
    fn plain(act: Act, decided: Result<Decided, Refusal>) -> Self {
        Self { act, decided, reason: "" }
    }
}

/// The decision's change; or the refusal, told to the person and entered in the ledger.
fn entered(office: &Office, asked: &Asked<'_>, post: &Post, tried: Tried<'_>) -> Change {
    let doer = Doer { member: Some(asked.member), note: tried.reason };
    match tried.decided {
        Ok(decided) => change(office, asked.practice, post, decided, doer),
        Err(refusal) => {
            let refusal = asked.because(refusal, office.now());
            let mut change = asked.refused(office, Some(post), refusal);
            change.entries.push(no_effect(office, doer, Some(post), tried.act, refusal));
            change
        }
    }
}
