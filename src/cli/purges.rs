//! Words that are missing, and the entries that tell that retention took them: what no entry
//! tells of was deleted by somebody else.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::found::Wrong;
use crate::domain::entry::What;
use crate::domain::ids::PostId;
use crate::domain::ledger::Entry;
use crate::domain::retention::passes;

/// What the entries say of retention.
#[derive(Debug, Default)]
pub struct Purges {
    /// The last purge of each post.
    posts: BTreeMap<PostId, i64>,
    /// Entries about no post whose body may be gone, and when they were made.
    acts: BTreeMap<i64, Timestamp>,
    /// Those of them that a purge took.
    taken: BTreeSet<i64>,
    of_former: OfFormer,
    last: Option<Timestamp>,
}

/// What a chain tells of purges in the one that its practice had before.
#[derive(Debug, Clone, Default)]
pub struct OfFormer {
    posts: BTreeSet<PostId>,
    /// Acts about no post that are older than this.
    acts: Option<Timestamp>,
}

impl OfFormer {
    /// A purge tells that the post's contents are gone.
    pub fn took_all_of(&self, post: &PostId) -> bool {
        self.posts.contains(post)
    }
}

impl Purges {
    /// Takes the next entry in.
    pub fn add(&mut self, entry: &Entry) {
        match (&entry.fact.what, &entry.fact.subject) {
            (What::Purged { .. }, Some(subject)) => {
                self.posts.insert(subject.post.clone(), entry.seq);
                self.last = Some(entry.at);
            }
            (What::Purged { before, .. }, None) => {
                let old = self.acts.iter().filter(|(_, at)| *at < before).map(|(seq, _)| *seq);
                self.taken.extend(old);
                self.last = Some(entry.at);
            }
            (What::FormerPurged { before, of, .. }, _) => {
                match of {
                    Some(post) => drop(self.of_former.posts.insert(post.clone())),
                    None => self.of_former.acts = self.of_former.acts.max(Some(*before)),
                }
                self.last = Some(entry.at);
            }
            (what, None) if passes(what) => {
                self.acts.insert(entry.seq, entry.at);
            }
            _ => {}
        }
    }

    /// A purge tells of every body that is missing: one here, or one in the chain that goes on.
    pub fn explain(
        &self,
        missing: &[(i64, Option<PostId>)],
        later: &OfFormer,
    ) -> Result<(), Wrong> {
        let is_old =
            |seq: &i64| self.acts.get(seq).zip(later.acts).is_some_and(|(at, old)| *at < old);
        let told = |(seq, post): &(i64, Option<PostId>)| match post {
            Some(post) => {
                self.posts.get(post).is_some_and(|purge| seq < purge) || later.posts.contains(post)
            }
            None => self.taken.contains(seq) || is_old(seq),
        };
        match missing.iter().find(|body| !told(body)) {
            None => Ok(()),
            Some((seq, _)) => {
                Err(Wrong(format!("the body of entry #{seq} is missing, and no purge tells of it")))
            }
        }
    }

    /// A purge tells that the post's contents are gone.
    pub fn took_all_of(&self, post: &PostId) -> bool {
        self.posts.contains_key(post)
    }

    /// What it tells of the chain before.
    pub fn of_former(&self) -> &OfFormer {
        &self.of_former
    }

    /// When the last purge was.
    pub fn last(&self) -> Option<Timestamp> {
        self.last
    }
}
