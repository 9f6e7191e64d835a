//! What can happen in the tests' world, and how each turn is taken.

use jiff::SignedDuration;

use super::alter::Alter;
use super::sample::{self, hours};
use super::world::World;
use crate::domain::acts::{self, Ballot};
use crate::domain::draft::{Ruled, Ruling};
use crate::domain::entry::{Fact, What};
use crate::domain::gate;
use crate::domain::ids::RowId;
use crate::domain::member::Member;
use crate::domain::outbox::{Outcome, RowState};
use crate::domain::policy::Risk;
use crate::domain::post::Publication;
use crate::domain::review::{Act, Cell, cell};
use crate::domain::slot::Slot;
use crate::domain::state::{Cause, Source, State};

/// What can happen. People and rows are numbers, taken modulo how many there are.
#[derive(Debug, Clone, PartialEq)]
pub enum Turn {
    Submit(usize),
    Edit(usize, u8),
    MoveSlot(usize, i64),
    Sign(usize, Tap),
    Decline(usize, Tap),
    Unsign(usize, bool),
    Hold(Option<usize>),
    Unhold(usize),
    Withdraw,
    Stop(bool),
    CardDeleted,
    Wait(i64),
    WindowClosed,
    /// The database was put back from a copy of just now.
    Restored,
    /// The outbox wants what is signed off to leave.
    Wish(bool),
    /// A worker takes a row, or its lease ends.
    Lease(usize),
    Expire(usize),
    Claim(usize),
    Came(usize, Came),
    Parked(usize),
    Answer(usize, usize, bool),
    Takedown(usize),
    /// The practice changes.
    Change(Alter),
    /// Its open posts are counted anew.
    Recount,
    SetRisk(usize, Risk),
    Override(usize),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tap {
    pub source: Source,
    /// On the card of so many revisions ago.
    pub old: i64,
    pub recovered: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Came {
    Published,
    TryLater,
    Refused,
    Unknown,
}

impl World {
    fn person(&self, who: usize) -> Member {
        self.practice.members[who % self.practice.members.len()].clone()
    }

    fn row(&self, number: usize) -> Option<Publication> {
        let all = &self.post.publications;
        all.get(number.checked_rem(all.len())?).cloned()
    }

    fn ruling(&self) -> Ruling {
        sample::ruling(&self.post.draft)
    }

    fn salt(&self) -> [u8; 16] {
        [u8::try_from(self.chain.len() % 251).expect("small"); 16]
    }

    /// Lets something happen, and checks everything that must hold then.
    pub fn happen(&mut self, what: &Turn) {
        self.now += SignedDuration::from_secs(1);
        match what {
            Turn::Submit(who) => {
                let result =
                    acts::submit(self.case(), &self.person(*who), self.ruling(), self.salt());
                self.take(Act::Submit, result);
            }
            Turn::Edit(who, text) => self.edit(*who, *text),
            Turn::MoveSlot(who, ahead) => {
                let (by, slot) = (self.person(*who), Some(Slot::At(self.now + hours(*ahead))));
                let result = acts::move_slot(self.case(), &by, (slot, self.ruling()), self.salt());
                self.take(Act::MoveSlot, result);
            }
            Turn::Withdraw => self.take(Act::Withdraw, acts::withdraw(self.case())),
            Turn::CardDeleted => self.take(Act::CardDeleted, acts::card_deleted(self.case())),
            Turn::WindowClosed => self.take(Act::WindowClosed, acts::window_closed(self.case())),
            Turn::Restored => {
                let result = acts::restored(self.case());
                let takes = matches!(cell(Act::Restored, self.post.state), Cell::Go(..));
                self.memory.held |= takes;
                self.memory.restored |= takes;
                self.take(Act::Restored, result);
            }
            Turn::Takedown(who) => {
                let result = acts::takedown(self.case(), &self.person(*who));
                self.take(Act::Takedown, result);
            }
            Turn::Stop(stopped) => self.stop(*stopped),
            Turn::Wait(ahead) => self.now += hours(*ahead),
            Turn::Change(alter) => self.alter(alter),
            Turn::Recount => self.take(Act::Recount, acts::recount(self.case())),
            Turn::SetRisk(who, risk) => {
                let result = acts::set_risk(self.case(), &self.person(*who), *risk);
                self.take(Act::SetRisk, result);
            }
            Turn::Override(who) => {
                let (by, ruling) = (self.person(*who), self.ruling());
                let result = acts::override_blocks(self.case(), &by, &ruling, "our own trial");
                self.take(Act::Override, result);
            }
            Turn::Sign(..)
            | Turn::Decline(..)
            | Turn::Unsign(..)
            | Turn::Hold(_)
            | Turn::Unhold(_) => self.vote(what),
            _ => self.outbox(what),
        }
        self.check();
    }

    fn edit(&mut self, who: usize, text: u8) {
        let mut draft = self.post.draft.clone();
        let says = if text == 4 { ", says Dr. Kim" } else { "" };
        draft.text = format!("Flu shots this Saturday, from {text}{says}.");
        let accounts = &self.practice.accounts;
        let kept = accounts.iter().skip(usize::from(text.is_multiple_of(3)));
        draft.accounts = kept.map(|account| account.id.clone()).collect();
        let by = self.person(who);
        let amends = self.post.revision > 0 && by.is_approver() && by.id != self.post.author;
        let act = if amends { Act::Amend } else { Act::Edit };
        let others = draft.text != self.post.draft.text;
        let ruled = Ruled { ruling: sample::ruling(&draft), draft };
        let result = acts::edit(self.case(), &by, ruled, self.salt());
        if others && result.is_ok() {
            self.writers.insert(by.id);
        }
        self.take(act, result);
    }

    fn vote(&mut self, what: &Turn) {
        match what {
            Turn::Sign(who, tap) => self.sign(*who, *tap),
            Turn::Decline(who, tap) => self.decline(*who, *tap),
            Turn::Unsign(who, reaction_only) => {
                let by = self.person(*who);
                let result = acts::unsign(self.case(), &by, *reaction_only);
                if result.as_ref().is_ok_and(|decided| !decided.facts.is_empty()) {
                    self.memory.signed.remove(&by.id).expect("was signed");
                    self.memory.held = true;
                }
                self.take(Act::Unsign, result);
            }
            Turn::Hold(who) => {
                let by = who.map(|who| self.person(who));
                let result = match &by {
                    Some(by) => acts::hold(self.case(), by),
                    None => acts::keep(self.case(), Cause::Edit),
                };
                self.memory.held |= result.is_ok();
                self.take(Act::Hold, result);
            }
            Turn::Unhold(who) => {
                let by = self.person(*who);
                let result = acts::unhold(self.case(), &by, &self.ruling());
                if result.is_ok() {
                    let author = by.id == self.post.author;
                    assert!(!author || self.post.state == State::Draft, "the author alone");
                    (self.memory.held, self.memory.restored) = (false, false);
                }
                self.take(Act::Unhold, result);
            }
            _ => {}
        }
    }

    fn sign(&mut self, who: usize, tap: Tap) {
        let (by, Some(ballot)) = (self.person(who), self.ballot(tap)) else {
            return;
        };
        let result = acts::sign(self.case(), &by, ballot);
        let (counts, frozen) = (result.is_ok(), self.post.is_frozen());
        self.take(Act::Sign, result);
        if counts {
            assert!(self.is_asked(&by, ballot));
            assert!(!frozen || self.memory.signed.contains_key(&by.id));
            self.memory.signed.insert(by.id.clone(), ballot.hash);
            let again = acts::sign(self.case(), &by, ballot).expect("signed");
            assert!(again.facts.is_empty(), "signing twice counts once");
        }
    }

    fn decline(&mut self, who: usize, tap: Tap) {
        let (by, Some(ballot)) = (self.person(who), self.ballot(tap)) else {
            return;
        };
        let result = acts::decline(self.case(), &by, ballot);
        let counts = result.is_ok();
        self.take(Act::Decline, result);
        if counts {
            assert!(self.is_asked(&by, ballot));
            self.memory.declined.insert(by.id.clone());
            let again = acts::decline(self.case(), &by, ballot).expect("declined");
            assert!(again.facts.is_empty(), "declining twice counts once");
        }
    }

    /// An approver, not the author but of whom it speaks, on the card of the current revision.
    fn is_asked(&self, by: &Member, ballot: Ballot) -> bool {
        let of_them = by.id == super::sample::id("kim") && self.speaks_of_kim();
        by.is_approver()
            && (!self.post.is_by(&by.id) || of_them)
            && ballot.revision == self.post.revision
    }

    fn ballot(&self, tap: Tap) -> Option<Ballot> {
        let revision = (self.post.revision - tap.old).max(1);
        let shown = self.contents.iter().find(|c| c.revision == revision)?;
        let Tap { source, recovered, .. } = tap;
        Some(Ballot { revision, hash: shown.hash(), source, recovered, own_words: false })
    }

    fn stop(&mut self, stopped: bool) {
        self.practice.stopped = stopped;
        let what = if stopped { What::Stopped } else { What::Released };
        self.record(Fact { what, subject: None });
    }

    fn outbox(&mut self, what: &Turn) {
        match what {
            Turn::Wish(greedy) => self.wish(*greedy),
            Turn::Lease(row) => self.set(*row, |state| match state {
                RowState::Ready => RowState::Leased,
                RowState::Unknown => RowState::Resolving,
                other => other,
            }),
            Turn::Expire(row) => self.set(*row, |state| match state {
                RowState::Leased => RowState::Ready,
                RowState::Sending | RowState::Resolving => RowState::Unknown,
                other => other,
            }),
            Turn::Claim(row) => self.claim(*row),
            Turn::Came(row, came) => self.came(*row, *came),
            Turn::Parked(row) => {
                let Some(row) = self.row(*row) else { return };
                let result = acts::parked(self.case(), &row.id);
                self.take(Act::Parked, result);
            }
            Turn::Answer(who, row, live) => {
                let Some(row) = self.row(*row) else { return };
                let act = if *live { Act::Live } else { Act::NotLive };
                let result = acts::answer(self.case(), &self.person(*who), &row.id, *live);
                self.take(act, result);
            }
            _ => {}
        }
    }

    /// Rows for the accounts that are not done; for every account, beside those that are there,
    /// when greedy: a mistake that the gate must catch.
    fn wish(&mut self, greedy: bool) {
        let wanted: Vec<_> = if greedy {
            self.post.draft.accounts.clone()
        } else if matches!(self.post.state, State::SignedOff | State::Publishing) {
            self.post.accounts_to_do().into_iter().cloned().collect()
        } else {
            return;
        };
        let revision = self.post.revision;
        for account in wanted {
            let id = if greedy {
                RowId::new(format!("{account}-{}", self.post.publications.len()))
            } else {
                RowId::new(account.as_str())
            };
            let known = self.post.publications.iter_mut().find(|p| p.id == id);
            match known {
                Some(row) if row.state.may_be_live() || row.state == RowState::Done => {}
                Some(row) => (row.revision, row.state) = (revision, RowState::Ready),
                None => self.post.publications.push(Publication {
                    id,
                    account,
                    revision,
                    state: RowState::Ready,
                }),
            }
        }
    }

    fn set(&mut self, number: usize, to: fn(RowState) -> RowState) {
        let count = self.post.publications.len();
        if let Some(number) = number.checked_rem(count) {
            let row = &mut self.post.publications[number];
            row.state = to(row.state);
        }
    }

    fn claim(&mut self, number: usize) {
        let Some(row) = self.row(number) else { return };
        let Some(content) = self.contents.last().cloned() else {
            return;
        };
        if gate::check(self.case(), &row.id, &content).is_err() {
            return;
        }
        let before = self.post.clone();
        let result = acts::claimed(self.case(), &row.id, content.hash());
        assert!(result.is_ok(), "the gate let it out and the table did not: {result:?}");
        self.take(Act::Claimed, result);
        let last = &self.chain.last().expect("one").entry;
        assert!(self.roster.meets_policy(&before, last), "as the ledger alone tells it");
        let What::Leaving { hash, signed, .. } = &last.fact.what else {
            panic!("not a leaving");
        };
        assert!(signed.iter().all(|who| self.memory.signed.get(who) == Some(hash)));
    }

    fn came(&mut self, number: usize, came: Came) {
        let Some(row) = self.row(number) else { return };
        let words = || "words".to_owned();
        let (act, outcome) = match came {
            Came::Published => {
                (Act::Published, Outcome::Published { remote: words(), url: words() })
            }
            Came::TryLater => (Act::TryLater, Outcome::TryLater(self.now)),
            Came::Refused => (Act::Refused, Outcome::Refused(words())),
            Came::Unknown => (Act::Unknown, Outcome::Unknown(words())),
        };
        let result = acts::outcome(self.case(), &row.id, &outcome);
        if row.state == RowState::Done {
            assert!(result.is_err(), "what is live stays live");
        }
        self.take(act, result);
    }
}
