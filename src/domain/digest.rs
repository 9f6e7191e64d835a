//! What the ledger tells between one daily digest and the next. Pure.

use super::entry::{Subject, What};
use super::ids::{MemberId, PostId, RowId};
use super::ledger::Entry;

/// What somebody should know of, beside what was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// A member overrode these rules of the screen.
    Overridden(PostId, MemberId, Vec<String>),
    /// A member's sign-off was found after the fact.
    Recovered(PostId, MemberId),
    /// It was taken down from one account.
    Removed(PostId),
}

/// What the ledger tells between one digest and the next.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// What went out, in its order: the post, and its publications.
    pub published: Vec<(PostId, Vec<RowId>)>,
    /// What else there is to know, in its order.
    pub notes: Vec<Note>,
}

impl Told {
    /// Takes the next entry in.
    pub fn add(&mut self, entry: &Entry) {
        let Some(Subject { post, .. }) = &entry.fact.subject else { return };
        match &entry.fact.what {
            What::Published { publication, .. } | What::Live { publication, .. } => {
                self.went_out(post, publication);
            }
            What::Overridden { member, rules } => {
                self.notes.push(Note::Overridden(post.clone(), member.clone(), rules.clone()));
            }
            What::Signed { member, recovered: true, .. } => {
                self.notes.push(Note::Recovered(post.clone(), member.clone()));
            }
            What::Removed { .. } => {
                let note = Note::Removed(post.clone());
                if !self.notes.contains(&note) {
                    self.notes.push(note);
                }
            }
            _ => {}
        }
    }

    fn went_out(&mut self, post: &PostId, publication: &RowId) {
        let known = self.published.iter_mut().find(|(known, _)| known == post);
        match known {
            Some((_, all)) if all.contains(publication) => {}
            Some((_, all)) => all.push(publication.clone()),
            None => self.published.push((post.clone(), vec![publication.clone()])),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::domain::content::ContentHash;
    use crate::domain::entry::Fact;
    use crate::domain::ids::PracticeId;
    use crate::domain::state::{Source, State};

    fn entry(post: &str, what: What) -> Entry {
        let post = PostId::new(post);
        let subject = Some(Subject { post, revision: 1, state: State::Published });
        Entry {
            v: 1,
            practice: PracticeId::new("northside"),
            seq: 1,
            prev: [0; 32],
            at: Timestamp::UNIX_EPOCH,
            actor: "tomas".to_owned(),
            fact: Fact { what, subject },
            body_hash: [0; 32],
        }
    }

    #[test]
    fn a_post_went_out_once_however_many_accounts_it_has() {
        let published = |row: &str| What::Published {
            publication: RowId::new(row),
            remote: "remote".to_owned(),
        };
        let live = What::Live { publication: RowId::new("b"), member: MemberId::new("lena") };
        let signed = |recovered| What::Signed {
            member: MemberId::new("rao"),
            hash: ContentHash::parse(&"0".repeat(64)).expect("a hash"),
            source: Source::Reaction,
            recovered,
            own_words: false,
        };
        let removed = |row: &str| What::Removed { publication: RowId::new(row) };
        let mut told = Told::default();

        for (post, what) in [
            ("one", published("a")),
            ("two", published("c")),
            ("one", live),
            ("one", published("a")),
            ("two", signed(false)),
            ("two", signed(true)),
            ("two", removed("c")),
            ("two", removed("d")),
        ] {
            told.add(&entry(post, what));
        }

        let (one, two) = (PostId::new("one"), PostId::new("two"));
        let rows = |all: &[&str]| all.iter().map(|row| RowId::new(*row)).collect::<Vec<_>>();
        assert_eq!(told.published, [(one, rows(&["a", "b"])), (two.clone(), rows(&["c"]))]);
        let recovered = Note::Recovered(two.clone(), MemberId::new("rao"));
        assert_eq!(told.notes, [recovered, Note::Removed(two)]);
    }
}
