//! What has been kept long enough: found in the ledger alone, as the chain tells when things ended.
//!
//! Texts, names and pictures go; ids, kinds, times, hashes and signatures stay, so that the chain
//! still verifies. What is open, and all of a practice under legal hold, is kept.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::canonical::Hash;
use super::entry::What;
use super::ids::PostId;
use super::ledger::Sealed;
use super::state::State;

/// A practice's chain, looked at for what may go.
#[derive(Debug, Default)]
pub struct Retention {
    posts: BTreeMap<PostId, Kept>,
    /// Bodies of entries about no post that tell of an act alone.
    loose: Vec<(Timestamp, Words)>,
    /// Posts of a former chain whose words went.
    former: BTreeSet<PostId>,
    hold: bool,
}

/// Where the words of an entry are: its body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// The entry.
    pub seq: i64,
    /// Hash of the body.
    pub hash: Hash,
}

/// A post that may go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Which.
    pub post: PostId,
    /// The practice's number for it.
    pub number: i64,
    /// The bodies of its entries that are still there.
    pub bodies: Vec<Words>,
}

#[derive(Debug)]
struct Kept {
    number: i64,
    ended: bool,
    purged: bool,
    last: Timestamp,
    bodies: Vec<Words>,
}

impl Retention {
    /// Takes the next entry in; `has_body` when its body is still there.
    pub fn add(&mut self, sealed: &Sealed, has_body: bool) {
        let entry = &sealed.entry;
        match &entry.fact.what {
            What::LegalHold => self.hold = true,
            What::LegalHoldLifted => self.hold = false,
            What::FormerPurged { of, .. } => self.former.extend(of.clone()),
            _ => {}
        }
        let words = Words { seq: entry.seq, hash: entry.body_hash };
        let Some(subject) = &entry.fact.subject else {
            if has_body && passes(&entry.fact.what) {
                self.loose.push((entry.at, words));
            }
            return;
        };
        let kept = self.posts.entry(subject.post.clone()).or_insert(Kept {
            number: 0,
            ended: false,
            purged: false,
            last: entry.at,
            bodies: Vec::new(),
        });
        if let What::Drafted { number, .. } = &entry.fact.what {
            kept.number = *number;
        }
        kept.purged = matches!(entry.fact.what, What::Purged { .. });
        if kept.purged {
            return;
        }
        kept.ended = has_ended(subject.state);
        kept.last = entry.at;
        if has_body {
            kept.bodies.push(words);
        }
    }

    /// Nothing of the practice may go.
    pub fn is_on_hold(&self) -> bool {
        self.hold
    }

    /// The same, where a hold counts elsewhere.
    #[must_use]
    pub fn without_hold(self) -> Self {
        Self { hold: false, ..self }
    }

    /// Posts whose last entry is older than this, by number.
    pub fn due(&self, before: Timestamp) -> Vec<Due> {
        if self.hold {
            return Vec::new();
        }
        by_number(self.posts.iter().filter(|(_, kept)| !kept.purged && kept.is_old(before)))
    }

    /// Posts of the chain that the practice had before whose words have not gone, by number: those
    /// that ended in it so long ago; and of those that went on here, what went here or may go.
    pub fn due_before(&self, former: &Retention, before: Timestamp) -> Vec<Due> {
        if self.hold {
            return Vec::new();
        }
        let old = |(post, kept): &(&PostId, &Kept)| match self.posts.get(post) {
            Some(here) => here.purged || here.is_old(before),
            None => !kept.purged && kept.is_old(before),
        };
        let left = former.posts.iter().filter(|(post, _)| !self.former.contains(post));
        by_number(left.filter(old))
    }

    /// Bodies about no post that are older than this.
    pub fn loose(&self, before: Timestamp) -> Vec<Words> {
        let old = self.loose.iter().filter(|(at, _)| !self.hold && *at < before);
        old.map(|(_, words)| *words).collect()
    }
}

impl Kept {
    fn is_old(&self, before: Timestamp) -> bool {
        self.ended && self.last < before
    }
}

fn by_number<'a>(posts: impl Iterator<Item = (&'a PostId, &'a Kept)>) -> Vec<Due> {
    let due = posts.map(|(post, kept)| Due {
        post: post.clone(),
        number: kept.number,
        bodies: kept.bodies.clone(),
    });
    let mut due: Vec<Due> = due.collect();
    due.sort_by_key(|due| due.number);
    due
}

/// It tells of an act alone. Who the members are and what the policy asks is needed as long as any
/// certificate is.
pub fn passes(what: &What) -> bool {
    matches!(
        what,
        What::Stopped | What::Released | What::NoEffect { .. } | What::PicturesLeftOut { .. }
    )
}

fn has_ended(state: State) -> bool {
    match state {
        State::Published | State::PartPublished | State::Withdrawn | State::TakenDown => true,
        State::Draft | State::InReview | State::SignedOff | State::Publishing | State::Missed => {
            false
        }
    }
}
