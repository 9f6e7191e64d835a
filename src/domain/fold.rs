//! The ledger folded again: posts as the entries alone say they are.

use std::collections::BTreeMap;

use super::entry::What;
use super::ids::PostId;
use super::ledger::Entry;
use super::outbox::RowState;
use super::post::{Decision, Post};

/// Every post of a practice, made from its entries.
#[derive(Debug, Default)]
pub struct Fold {
    posts: BTreeMap<PostId, Post>,
    stopped: bool,
}

impl Fold {
    /// Takes the next entry in.
    pub fn add(&mut self, entry: &Entry) {
        match (&entry.fact.what, &entry.fact.subject) {
            (What::Stopped, _) => self.stopped = true,
            (What::Released, _) => self.stopped = false,
            (What::Drafted { number, author }, Some(subject)) => {
                let (practice, id) = (entry.practice.clone(), subject.post.clone());
                let mut post = Post::new(practice, id.clone(), *number, author.clone());
                post.state = subject.state;
                self.posts.insert(id, post);
            }
            (what, Some(subject)) => {
                let Some(post) = self.posts.get_mut(&subject.post) else {
                    return;
                };
                post.apply(what, entry.at);
                post.state = subject.state;
                if *what == What::Redrafted {
                    post.hold = None;
                }
            }
            (_, None) => {}
        }
    }

    /// Everything is stopped for this practice.
    pub fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// How many posts there are.
    pub fn len(&self) -> usize {
        self.posts.len()
    }

    /// No posts at all.
    pub fn is_empty(&self) -> bool {
        self.posts.is_empty()
    }

    /// The posts, by id.
    pub fn posts(&self) -> impl Iterator<Item = &Post> {
        self.posts.values()
    }

    /// The first column in which the table's post differs from the ledger's, if any.
    pub fn differs(&self, table: &Post) -> Option<&'static str> {
        let Some(own) = self.posts.get(&table.id) else {
            return Some("the post itself");
        };
        let columns = [
            ("number", own.number == table.number),
            ("author", own.author == table.author),
            ("state", own.state == table.state),
            ("revision", own.revision == table.revision),
            ("content hash", own.hash == table.hash),
            ("window", own.window == table.window),
            ("slot", own.slot == table.slot),
            ("hold", own.hold == table.hold),
            ("sign-offs", decisions(own) == decisions(table)),
            ("publications", reached(own) == reached(table)),
        ];
        columns.into_iter().find(|(_, same)| !same).map(|(name, _)| name)
    }
}

fn decisions(post: &Post) -> Vec<Decision> {
    let mut all = post.decisions.clone();
    all.sort_by(|a, b| (&a.member, a.verdict).cmp(&(&b.member, b.verdict)));
    all
}

/// How far each publication got, as far as the ledger tells: leases and look-ups are not in it.
fn reached(post: &Post) -> BTreeMap<&str, (&str, Option<RowState>)> {
    let seen = |state| match state {
        RowState::Ready | RowState::Leased | RowState::Missed | RowState::Cancelled => None,
        RowState::Sending | RowState::Unknown | RowState::Resolving => Some(RowState::Unknown),
        RowState::Done | RowState::Refused | RowState::Parked => Some(state),
    };
    post.publications
        .iter()
        .map(|p| (p.id.as_str(), (p.account.as_str(), seen(p.state))))
        .filter(|(_, (_, state))| state.is_some())
        .collect()
}
