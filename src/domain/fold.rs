//! The ledger folded again: posts as the entries alone say they are.

use std::collections::BTreeMap;

use super::entry::What;
use super::ids::PostId;
use super::ledger::Entry;
use super::outbox::RowState;
use super::post::{Decision, Post, Publication};

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
            // What is about all is stopped and released by whoever runs Countersign alone.
            (What::Restored { .. }, _) if entry.practice.is_instance() => {}
            (What::Stopped | What::StoppedAll | What::Restored { .. }, _) => self.stopped = true,
            (What::Released | What::ReleasedAll, _) => self.stopped = false,
            (what @ What::Drafted { number, author, .. }, Some(subject)) => {
                let (practice, id) = (entry.practice.clone(), subject.post.clone());
                let mut post = Post::new(practice, id.clone(), *number, author.clone());
                post.apply(what, entry.at);
                post.state = subject.state;
                self.posts.insert(id, post);
            }
            // The first two are written beside other acts, not under the post's version.
            (What::NoEffect { .. } | What::ReasonGiven { .. }, _) | (_, None) => {}
            (what, Some(subject)) => {
                let Some(post) = self.posts.get_mut(&subject.post) else {
                    return;
                };
                post.apply(what, entry.at);
                post.state = subject.state;
            }
        }
    }

    /// Everything is stopped for this practice.
    pub fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// The post as the entries so far made it.
    pub fn post(&self, id: &PostId) -> Option<&Post> {
        self.posts.get(id)
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
            ("drafter", own.drafter == table.drafter),
            ("earlier authors", own.earlier_authors == table.earlier_authors),
            ("state", own.state == table.state),
            ("revision", own.revision == table.revision),
            ("content hash", own.hash == table.hash),
            ("time of the revision", own.made == table.made),
            ("risk", own.risk == table.risk),
            ("names", own.names == table.names),
            ("writers", own.writers == table.writers),
            ("overrides", own.draft.overridden == table.draft.overridden),
            ("window", own.window == table.window),
            ("slot", own.slot == table.slot),
            ("hold", own.hold == table.hold),
            ("sign-offs", decisions(own) == decisions(table)),
            ("publications", agree(own, table)),
        ];
        columns.into_iter().find(|(_, same)| !same).map(|(name, _)| name)
    }
}

fn decisions(post: &Post) -> Vec<Decision> {
    let mut all = post.decisions.clone();
    all.sort_by(|a, b| (&a.member, a.verdict).cmp(&(&b.member, b.verdict)));
    all
}

/// The table's publications got as far as the ledger tells. Leases and look-ups are not in it.
fn agree(own: &Post, table: &Post) -> bool {
    let known = |p: &Publication| table.publications.iter().any(|t| t.id == p.id);
    let gone = |p: &&Publication| !known(p) && Reached::of(p.state) != Reached::Nowhere;
    !own.publications.iter().any(|p| gone(&p))
        && table.publications.iter().all(|t| match own.publication(&t.id) {
            None => Reached::of(t.state) == Reached::Nowhere,
            Some(p) => {
                let (ledger, table) = (Reached::of(p.state), Reached::of(t.state));
                // A refused row starts again for the next try or revision.
                let again = ledger == Reached::Refused && table == Reached::Nowhere;
                p.account == t.account && (ledger == table || again)
            }
        })
}

/// How far a publication got, as the ledger can tell.
#[derive(PartialEq, Eq)]
enum Reached {
    Nowhere,
    PerhapsLive,
    Live,
    Refused,
    Parked,
}

impl Reached {
    fn of(state: RowState) -> Self {
        match state {
            RowState::Ready | RowState::Leased | RowState::Missed | RowState::Cancelled => {
                Self::Nowhere
            }
            RowState::Sending | RowState::Unknown | RowState::Resolving => Self::PerhapsLive,
            RowState::Done => Self::Live,
            RowState::Refused => Self::Refused,
            RowState::Parked => Self::Parked,
        }
    }
}
