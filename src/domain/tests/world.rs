//! A practice with one post, to which random things happen, and what must hold after each.

use std::collections::{BTreeMap, BTreeSet};

use ed25519_dalek::SigningKey;
use jiff::Timestamp;

use super::sample::{self, monday};
use crate::domain::acts::{self, Case, Decided};
use crate::domain::content::{Content, ContentHash};
use crate::domain::differences::founding;
use crate::domain::entry::{Fact, What};
use crate::domain::fold::Fold;
use crate::domain::gate;
use crate::domain::ids::{MemberId, PracticeId};
use crate::domain::ledger::{Body, NewEntry, OPERATOR, Sealed, Walk, seal};
use crate::domain::member::{Member, Role};
use crate::domain::outbox::RowState;
use crate::domain::policy::{ALWAYS, Dated, Policy};
use crate::domain::post::{Post, Publication};
use crate::domain::practice::Practice;
use crate::domain::refusal::Refusal;
use crate::domain::review::{Act, Cell, Next, cell};
use crate::domain::roster::Roster;
use crate::domain::setting::Named;
use crate::domain::state::State;

/// What the test itself remembers, told apart from what the domain computes.
#[derive(Default)]
pub struct Memory {
    pub signed: BTreeMap<MemberId, ContentHash>,
    pub declined: BTreeSet<MemberId>,
    pub held: bool,
    /// A restore set the hold: nothing lifts it but a person.
    pub restored: bool,
    /// The current revision names Dr. Kim, who was an approver when it was made.
    pub named: bool,
    /// When the current revision was made.
    pub made: Timestamp,
}

/// A policy as the test remembers it: from when until when new revisions needed it.
pub struct Law {
    pub begins: Timestamp,
    pub ends: Option<Timestamp>,
    pub needed: usize,
    pub of: Vec<MemberId>,
}

pub struct World {
    pub practice: Practice,
    pub laws: Vec<Law>,
    /// From when on what was made may be signed by whom.
    pub since: BTreeMap<MemberId, Timestamp>,
    pub post: Post,
    /// Whoever put words into it.
    pub writers: BTreeSet<MemberId>,
    pub now: Timestamp,
    pub contents: Vec<Content>,
    pub memory: Memory,
    pub chain: Vec<Sealed>,
    walk: Walk,
    fold: Fold,
    pub roster: Roster,
    key: SigningKey,
    /// Cells of the table that had an effect.
    pub reached: BTreeSet<(Act, State)>,
}

impl World {
    pub fn new(needed: usize, of: &[usize], author: usize) -> Self {
        let mut practice = sample::practice(needed);
        let of: Vec<_> = of.iter().map(|who| practice.members[*who].id.clone()).collect();
        practice.policies = vec![Dated::always(Policy::some(needed, of.clone()))];
        let post = sample::post(sample::PEOPLE[author].0);
        let mut world = Self {
            walk: Walk::new(practice.id.clone()),
            practice,
            laws: vec![Law { begins: ALWAYS, ends: None, needed, of }],
            since: BTreeMap::new(),
            writers: BTreeSet::from([post.author.clone()]),
            post,
            now: monday(),
            contents: Vec::new(),
            memory: Memory::default(),
            chain: Vec::new(),
            fold: Fold::default(),
            roster: Roster::new(PracticeId::new("northside")),
            key: SigningKey::from_bytes(&[7; 32]),
            reached: BTreeSet::new(),
        };
        world.record(Fact { what: What::PracticeMade { sample: true }, subject: None });
        for named in founding(&world.practice) {
            world.tell(named, OPERATOR);
        }
        let draft = world.post.draft.clone();
        let decided = acts::draft(world.case(), draft, vec![Some(world.post.author.clone())]);
        world.commit(decided);
        world
    }

    pub fn case(&self) -> Case<'_> {
        Case { practice: &self.practice, post: &self.post, now: self.now }
    }

    /// Compares what an act did with its cell, and commits it.
    pub fn take(&mut self, act: Act, result: Result<Decided, Refusal>) {
        let before = self.post.state;
        match (cell(act, before), &result) {
            (Cell::No(refusal), result) => assert_eq!(result.as_ref().err(), Some(&refusal)),
            (Cell::Nothing, result) => {
                assert!(result.as_ref().is_ok_and(|decided| decided.facts.is_empty()));
            }
            (Cell::Go(..), Err(_)) => {}
            (Cell::Go(next, _), Ok(decided)) => match (next, decided.facts.as_slice()) {
                (_, []) => {}
                // Outside its window, a moved slot is an edit.
                (_, [fact]) if act == Act::MoveSlot && decided.content.is_some() => {
                    assert!(matches!(fact.what, What::Edited(_) | What::Amended(_)));
                }
                (Next::Same, _) => assert_eq!(decided.post.state, before),
                (Next::To(state), _) => assert_eq!(decided.post.state, state),
                (Next::Standing | Next::Settle | Next::Back, _) => {}
            },
        }
        let Ok(decided) = result else { return };
        if decided.facts.is_empty() {
            assert_eq!(decided.post, self.post, "a change that the ledger does not tell");
            return;
        }
        self.reached.insert((act, before));
        self.commit(decided);
    }

    fn commit(&mut self, decided: Decided) {
        let was = self.post.hash;
        let somebodys = self.post.hold.as_ref().is_some_and(|hold| hold.by.is_some());
        self.post = decided.post;
        if let Some(content) = decided.content {
            assert_ne!(was, Some(content.hash()), "a new revision is a new content");
            assert_eq!(self.post.hash, Some(content.hash()));
            assert_eq!(self.post.state, State::InReview);
            assert!(self.post.decisions.is_empty(), "an edit voids all sign-offs");
            self.contents.push(content);
            self.memory = self.fresh_memory();
        }
        if self.post.revision == 0 && matches!(decided.facts[0].what, What::Redrafted { .. }) {
            self.memory.held &= somebodys || self.memory.restored;
        }
        for fact in decided.facts {
            self.record(fact);
        }
    }

    fn fresh_memory(&self) -> Memory {
        let text = &self.contents.last().expect("just made").accounts[0].text;
        let kim = self.practice.member(&sample::id("kim"));
        let named = text.contains("Dr. Kim") && kim.is_some_and(Member::is_approver);
        let restored = self.memory.restored;
        Memory { made: self.now, named, held: restored, restored, ..Memory::default() }
    }

    /// What was set in the practice.
    pub fn tell(&mut self, named: Named, actor: &str) {
        let body = Body { note: named.called, ..Body::default() };
        self.enter(Fact { what: What::Set(named.setting), subject: None }, &body, actor);
    }

    /// Into the chain, through JSON as the store has it, and out into the fold.
    pub fn record(&mut self, fact: Fact) {
        self.enter(fact, &Body::default(), "somebody");
    }

    fn enter(&mut self, fact: Fact, body: &Body, actor: &str) {
        let new = NewEntry { actor: actor.to_owned(), fact, body: body.clone() };
        let sealed = seal(&self.practice.id, self.walk.head(), self.now, &new, &self.key);
        let text = serde_json::to_string(&sealed).expect("an entry is JSON");
        let read: Sealed = serde_json::from_str(&text).expect("and back");
        assert_eq!(read, sealed);
        self.walk.step(&read, &self.key.verifying_key()).expect("follows");
        self.fold.add(&read.entry);
        self.roster.add(&read.entry, Some(body));
        self.chain.push(read);
    }

    pub fn check(&self) {
        assert_eq!(self.fold.differs(&self.post), None, "the ledger tells it all");
        assert_eq!(self.fold.is_stopped(), self.practice.stopped);
        assert_eq!(self.roster.differs(&self.practice), None, "the ledger tells who may what");
        assert_eq!(self.memory.held, self.post.hold.is_some());
        let blocked =
            !sample::ruling(&self.post.draft).open_blocks(&self.post.draft.overridden).is_empty();
        assert!(!blocked || self.post.revision == 0, "what a rule blocks is in no review");
        for row in &self.post.publications {
            for content in &self.contents {
                assert_eq!(
                    gate::check(self.case(), &row.id, content).is_ok(),
                    self.may_leave(row, content),
                    "the gate and the rule agree about {row:?} in {:#?}",
                    self.post,
                );
            }
        }
    }

    /// The current revision says something of Dr. Kim that others wrote, or sent.
    pub fn speaks_of_kim(&self) -> bool {
        let kim = sample::id("kim");
        let sent = [&self.post.author, &self.post.drafter].contains(&&kim);
        self.memory.named && !(sent && self.writers.iter().all(|who| *who == kim))
    }

    /// The rule of the house, from the test's own memory.
    fn may_leave(&self, row: &Publication, content: &Content) -> bool {
        let made = self.memory.made;
        let by_them = |who: &MemberId| *who == self.post.author || *who == self.post.drafter;
        let able = |who: &MemberId| {
            let since = self.since.get(who).copied().unwrap_or(ALWAYS);
            let member = self.practice.member(who);
            member.is_some_and(|m| m.role == Role::Approver && !m.agency) && since <= made
        };
        let signed = self.memory.signed.iter().filter(|(_, hash)| **hash == content.hash());
        let agreed: Vec<_> = signed.map(|(who, _)| who).filter(|who| able(who)).collect();
        let counting: Vec<_> = agreed.iter().filter(|who| !by_them(who)).collect();
        let meets = |law: &Law| {
            let of = &law.of;
            let theirs = counting.iter().filter(|who| of.is_empty() || of.contains(**who));
            theirs.count() >= law.needed
        };
        let in_force =
            |law: &&Law| law.begins <= self.now && law.ends.is_none_or(|ends| ends > made);
        let kim_agrees = !self.speaks_of_kim() || agreed.contains(&&sample::id("kim"));
        let current = content.revision == self.post.revision && row.revision == content.revision;
        let out = |p: &&Publication| p.state == RowState::Done || p.state.may_be_live();
        let twice = (self.post.publications.iter())
            .filter(|p| p.account == row.account && p.id != row.id)
            .any(|p| out(&p));
        self.laws.iter().filter(in_force).all(meets)
            && kim_agrees
            && self.memory.declined.is_empty()
            && !self.memory.held
            && !self.practice.stopped
            && self.post.slot.is_some_and(|slot| slot <= self.now)
            && current
            && !twice
            && (content.window.opens..content.window.closes).contains(&self.now)
            && matches!(self.post.state, State::SignedOff | State::Publishing)
            && matches!(row.state, RowState::Leased | RowState::Resolving)
    }
}
