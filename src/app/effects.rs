//! From a decision to the one change that is committed: entries, tables and outbox together.

use super::buttons;
use super::failures;
use super::office::Office;
use super::wish::{Wish, plain, row, wish};
use crate::domain::acts::Decided;
use crate::domain::draft::Draft;
use crate::domain::entry::{Fact, What};
use crate::domain::ids::AccountId;
use crate::domain::ledger::{Body, ITSELF, NewEntry};
use crate::domain::member::Member;
use crate::domain::outbox::{Row, RowKind, RowState};
use crate::domain::plan::{is_late, next_look};
use crate::domain::post::{Post, Publication, State};
use crate::domain::practice::Practice;
use crate::domain::refusal::Refusal;
use crate::domain::review::{Act, Tell};
use crate::domain::window::shown;
use crate::ports::notice::View;
use crate::ports::store::{Change, OutboxWrite};

/// Who did it, and why if they said so.
#[derive(Debug, Clone, Copy, Default)]
pub struct Doer<'a> {
    /// The member; Countersign itself when nobody.
    pub member: Option<&'a Member>,
    /// A reason, or where something is to be seen. Only text that passed the gate.
    pub note: &'a str,
}

impl<'a> Doer<'a> {
    /// A member, without a reason.
    pub fn member(member: &'a Member) -> Self {
        Self { member: Some(member), note: "" }
    }
}

/// An entry for the ledger.
pub fn entry(office: &Office, doer: Doer<'_>, fact: Fact) -> NewEntry {
    let body = Body {
        salt: office.chance.bytes(),
        name: doer.member.map(|m| m.name.clone()).unwrap_or_default(),
        role: doer.member.map(|m| m.role.to_string()).unwrap_or_default(),
        note: doer.note.to_owned(),
        ..Body::default()
    };
    let actor = doer.member.map_or(ITSELF, |m| m.id.as_str()).to_owned();
    NewEntry { actor, fact, body }
}

/// An entry about a post: one that fixes a revision says what whoever signs it is shown beside it.
fn told(office: &Office, doer: Doer<'_>, fact: Fact, draft: &Draft) -> NewEntry {
    let revised = fact.what.revised().is_some();
    let mut new = entry(office, doer, fact);
    if revised {
        new.body.source.clone_from(&draft.source);
        new.body.audience = Some(draft.audience);
    }
    new
}

/// The change that a decision about a post makes.
pub fn change(
    office: &Office,
    practice: &Practice,
    before: &Post,
    decided: Decided,
    doer: Doer<'_>,
) -> Change {
    let mut change = Change::new(practice.id.clone(), decided.at);
    if decided.facts.is_empty() {
        return change;
    }
    change.practice_version = Some(practice.version);
    let after = decided.post;
    let told = |fact| told(office, doer, fact, &after.draft);
    change.entries = decided.facts.into_iter().map(told).collect();
    let step = Step { office, practice, before, after: &after };
    step.publications(doer, &mut change.outbox);
    if decided.content.is_some() {
        change.outbox.push(window_close(office, &after));
    }
    if decided.content.is_some() || before.slot != after.slot {
        change.outbox.extend(look(office, &after));
    }
    for tell in decided.tell {
        step.tell(tell, &mut change.outbox);
    }
    change.outbox.extend(failures::raised(office, practice, (before, &after)));
    change.content = decided.content;
    change.post = Some(after);
    change
}

/// Notes for the ledger that a person tried something without effect.
pub fn no_effect(
    office: &Office,
    doer: Doer<'_>,
    post: Option<&Post>,
    act: Act,
    refusal: Refusal,
) -> NewEntry {
    let subject = post.map(|post| crate::domain::entry::Subject {
        post: post.id.clone(),
        revision: post.revision,
        state: post.state,
    });
    entry(office, doer, Fact { what: What::NoEffect { act, refusal: refusal.code() }, subject })
}

fn publication(office: &Office, post: &Post, account: &AccountId) -> OutboxWrite {
    let subject = format!("{}/{}/{account}", post.id, post.revision);
    let row = Row {
        post: Some(post.id.clone()),
        revision: Some(post.revision),
        account: Some(account.clone()),
        due: post.slot.unwrap_or(office.now()).max(office.now()),
        ..row(office, &post.practice, RowKind::Publication, subject)
    };
    OutboxWrite::Put { row: Box::new(row), again: false }
}

fn window_close(office: &Office, post: &Post) -> OutboxWrite {
    let row = Row {
        post: Some(post.id.clone()),
        due: post.window.map_or(office.now(), |w| w.closes),
        ..row(office, &post.practice, RowKind::WindowClose, post.id.to_string())
    };
    OutboxWrite::Put { row: Box::new(row), again: true }
}

/// The post is looked at again before its slot; not when that is near.
fn look(office: &Office, post: &Post) -> Option<OutboxWrite> {
    let row = Row {
        post: Some(post.id.clone()),
        due: next_look(post.slot?, office.now())?,
        ..row(office, &post.practice, RowKind::Look, post.id.to_string())
    };
    Some(OutboxWrite::Put { row: Box::new(row), again: true })
}

/// From a post before a decision to the post after it.
struct Step<'a> {
    office: &'a Office,
    practice: &'a Practice,
    before: &'a Post,
    after: &'a Post,
}

impl Step<'_> {
    /// Rows for what may leave now, ends for what may not any more. What is signed off after its
    /// slot leaves when somebody chose another.
    fn publications(&self, doer: Doer<'_>, outbox: &mut Vec<OutboxWrite>) {
        let Step { office, before, after, .. } = *self;
        let moved = before.slot != after.slot;
        let begins = after.state == State::SignedOff && (before.state != State::SignedOff || moved);
        let answered = before.state == State::Publishing;
        if begins && !answered {
            if is_late(after, office.now()) {
                outbox.push(self.ask_slot(doer));
            } else {
                let wanted = after.accounts_to_do();
                outbox
                    .extend(wanted.into_iter().map(|account| publication(office, after, account)));
            }
        }
        let stays =
            matches!(after.state, State::SignedOff | State::Publishing | State::PartPublished);
        for publication in before.publications.iter().filter(|p| p.state.is_waiting()) {
            let id = publication.id.clone();
            let now = after.publication(&id).map(|publication| publication.state);
            // Whoever holds a row that a network refused beforehand ends it.
            if now == Some(RowState::Refused) {
                continue;
            }
            if now == Some(RowState::Missed) {
                outbox.push(OutboxWrite::End { id, state: RowState::Missed });
            } else if !stays || after.revision != before.revision {
                outbox.push(OutboxWrite::End { id, state: RowState::Cancelled });
            }
        }
    }

    /// Whoever signed it off is asked when it should go.
    fn ask_slot(&self, doer: Doer<'_>) -> OutboxWrite {
        let Step { office, practice, after: post, .. } = *self;
        let who = doer.member.map(|member| member.name.clone()).unwrap_or_default();
        let slot = post.slot.map(|slot| shown(slot, &practice.zone)).unwrap_or_default();
        let mut notice = plain(View::Late { number: post.number, who, slot });
        notice.buttons = buttons::slots(practice, post, office.now());
        notice.buttons.push(buttons::withdraw(&post.id));
        let ask = Wish::InThread { post: post.id.clone(), notice };
        wish(office, &post.practice, format!("late/{}/{}", post.id, post.revision), ask, true)
    }

    fn offer_slots(&self) -> OutboxWrite {
        let Step { office, practice, after: post, .. } = *self;
        let mut notice = plain(View::Missed { number: post.number });
        notice.buttons = buttons::slots(practice, post, office.now());
        notice.buttons.push(buttons::withdraw(&post.id));
        let subject = format!("missed/{}/{}", post.id, post.revision);
        let ask = Wish::InThread { post: post.id.clone(), notice };
        wish(office, &post.practice, subject, ask, true)
    }

    fn tell(&self, tell: Tell, outbox: &mut Vec<OutboxWrite>) {
        let Step { office, before, after, .. } = *self;
        let (practice, post) = (&after.practice, &after.id);
        match tell {
            Tell::Card => {
                let revision = after.revision;
                let card = Wish::Card { post: post.clone(), revision, place: None };
                outbox.push(wish(office, practice, format!("card/{post}/{revision}"), card, true));
            }
            Tell::Refresh => {
                outbox.push(refresh(office, after, before.revision));
                if after.revision != before.revision && before.revision != 0 {
                    outbox.push(refresh(office, after, after.revision));
                }
            }
            Tell::Replaced => outbox.push(refresh(office, after, before.revision)),
            Tell::Outcome => {
                let moved = after
                    .publications
                    .iter()
                    .filter(|p| before.publication(&p.id).is_none_or(|was| was.state != p.state));
                outbox.extend(moved.map(|p| {
                    let outcome =
                        Wish::Outcome { post: post.clone(), row: p.id.clone(), state: p.state };
                    wish(office, practice, format!("outcome/{}/{}", p.id, p.state), outcome, true)
                }));
            }
            Tell::OfferSlots => outbox.push(self.offer_slots()),
            Tell::AskLive => {
                let parked = after.publications.iter().filter(|p| p.state == RowState::Parked);
                outbox.extend(parked.map(|p| self.ask_live(p)));
            }
        }
    }

    fn ask_live(&self, publication: &Publication) -> OutboxWrite {
        let Step { office, practice, after: post, .. } = *self;
        let account = practice.name_of_account(Some(&publication.account));
        let mut notice = plain(View::AskLive { number: post.number, account });
        notice.buttons = buttons::is_it_live(post, publication).to_vec();
        let ask = Wish::InThread { post: post.id.clone(), notice };
        wish(office, &post.practice, format!("ask-live/{}", publication.id), ask, true)
    }
}

/// The cards of one revision, shown again as they stand.
pub fn refresh(office: &Office, post: &Post, revision: i64) -> OutboxWrite {
    let subject = format!("refresh/{}/{revision}", post.id);
    let again = Wish::Refresh { post: post.id.clone(), revision };
    wish(office, &post.practice, subject, again, true)
}
