//! What has been kept long enough: found in the ledger alone, as the chain tells when things ended.
//!
//! Texts, names and pictures go; ids, kinds, times, hashes and signatures stay, so that the chain
//! still verifies. What is open, and all of a practice under legal hold, is kept.

use std::collections::BTreeMap;

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
    loose: Vec<(Timestamp, Hash)>,
    hold: bool,
}

/// A post that may go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Which.
    pub post: PostId,
    /// The practice's number for it.
    pub number: i64,
    /// The bodies of its entries that are still there.
    pub bodies: Vec<Hash>,
}

#[derive(Debug)]
struct Kept {
    number: i64,
    ended: bool,
    purged: bool,
    last: Timestamp,
    bodies: Vec<Hash>,
}

impl Retention {
    /// Takes the next entry in; `has_body` when its body is still there.
    pub fn add(&mut self, sealed: &Sealed, has_body: bool) {
        let entry = &sealed.entry;
        match &entry.fact.what {
            What::LegalHold => self.hold = true,
            What::LegalHoldLifted => self.hold = false,
            _ => {}
        }
        let Some(subject) = &entry.fact.subject else {
            if has_body && passes(&entry.fact.what) {
                self.loose.push((entry.at, entry.body_hash));
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
            kept.bodies.push(entry.body_hash);
        }
    }

    /// Nothing of the practice may go.
    pub fn is_on_hold(&self) -> bool {
        self.hold
    }

    /// Posts whose last entry is older than this, by number.
    pub fn due(&self, before: Timestamp) -> Vec<Due> {
        if self.hold {
            return Vec::new();
        }
        let old = |kept: &&Kept| kept.ended && !kept.purged && kept.last < before;
        let mut due: Vec<Due> = (self.posts.iter())
            .filter(|(_, kept)| old(kept))
            .map(|(post, kept)| {
                let (post, bodies) = (post.clone(), kept.bodies.clone());
                Due { post, number: kept.number, bodies }
            })
            .collect();
        due.sort_by_key(|due| due.number);
        due
    }

    /// Bodies about no post that are older than this.
    pub fn loose(&self, before: Timestamp) -> Vec<Hash> {
        let old = self.loose.iter().filter(|(at, _)| !self.hold && *at < before);
        old.map(|(_, hash)| *hash).collect()
    }
}

/// It tells of an act alone. Who the members are and what the policy asks is needed as long as any
/// certificate is.
pub fn passes(what: &What) -> bool {
    matches!(what, What::Stopped | What::Released | What::NoEffect { .. })
}

fn has_ended(state: State) -> bool {
    match state {
        State::Published | State::PartPublished | State::Withdrawn | State::TakenDown => true,
        State::Draft | State::InReview | State::SignedOff | State::Publishing | State::Missed => {
            false
        }
    }
}
