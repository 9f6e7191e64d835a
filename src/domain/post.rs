//! A post: what is to be said, where it stands, and who decided what about it.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::content::ContentHash;
use super::entry::{Revised, What};
use super::ids::{AccountId, MemberId, PostId, PracticeId, RowId};
use super::outbox::RowState;
use super::policy::Risk;
use super::window::{FRESH, Window};

pub use super::draft::Draft;
pub use super::state::{Cause, Source, State, Verdict};

/// Who signs again so long after the first time signs anew: it counts from then on.
pub const ANEW: SignedDuration = SignedDuration::from_hours(24);

/// One person's decision about one revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "any of the four may be true beside any other")]
pub struct Decision {
    /// Whose.
    pub member: MemberId,
    /// What.
    pub verdict: Verdict,
    /// The reaction stands on the card.
    pub by_reaction: bool,
    /// The button was pressed.
    pub by_button: bool,
    /// Found after the fact, by reading the card again.
    pub recovered: bool,
    /// A sign-off on what the member wrote, and said to be so.
    pub own_words: bool,
    /// When it counted from.
    pub at: Timestamp,
}

impl Decision {
    fn new(member: &MemberId, verdict: Verdict, source: Source, at: Timestamp) -> Self {
        Self {
            member: member.clone(),
            verdict,
            by_reaction: source == Source::Reaction,
            by_button: source == Source::Button,
            recovered: false,
            own_words: false,
            at,
        }
    }
}

/// Somebody, or Countersign itself, said "not now".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// The member; Countersign itself when absent.
    pub by: Option<MemberId>,
    /// Why, when it was Countersign.
    pub cause: Option<Cause>,
}

impl Hold {
    /// The database was put back from a copy: it stays until somebody has looked.
    pub fn is_of_restore(&self) -> bool {
        self.cause == Some(Cause::Restored)
    }
}

/// A post on one account: the part of its outbox row that decisions need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// The outbox row.
    pub id: RowId,
    /// Where it goes.
    pub account: AccountId,
    /// What it carries.
    pub revision: i64,
    /// Where the row is.
    pub state: RowState,
}

impl Publication {
    /// It is live, or may be.
    pub fn is_out(&self) -> bool {
        self.state == RowState::Done || self.state.may_be_live()
    }
}

/// A post with all that a decision about it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Whose.
    pub practice: PracticeId,
    /// Which.
    pub id: PostId,
    /// The practice's own number for it.
    pub number: i64,
    /// The member who submitted it.
    pub author: MemberId,
    /// The member who began it.
    pub drafter: MemberId,
    /// Who else wrote it, in the installation that it was imported from.
    pub earlier_authors: Vec<MemberId>,
    /// Where it is.
    pub state: State,
    /// The current revision; 0 until the first submission.
    pub revision: i64,
    /// Digest of the current revision's content.
    pub hash: Option<ContentHash>,
    /// When the current revision was made: it must meet every policy in force since.
    pub made: Option<Timestamp>,
    /// How much can go wrong with it.
    pub risk: Risk,
    /// The approvers whom the current revision names.
    pub names: Vec<MemberId>,
    /// Whose words may stand in it: who wrote it, and who changed it since; `None` for somebody who
    /// is not known.
    pub writers: Vec<Option<MemberId>>,
    /// When the current revision may go out.
    pub window: Option<Window>,
    /// When it is planned to.
    pub slot: Option<Timestamp>,
    /// What the next revision will say; what the current one says once submitted.
    pub draft: Draft,
    /// Set while somebody holds it.
    pub hold: Option<Hold>,
    /// Decisions about the current revision.
    pub decisions: Vec<Decision>,
    /// Its publications, of all revisions.
    pub publications: Vec<Publication>,
    /// Raised by every commit; a commit names the one it was decided under.
    pub version: i64,
}

/// How far an account is with a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Done,
    InFlight,
    Waiting,
    Ended,
}

impl Post {
    /// A post nobody has written yet.
    pub fn new(practice: PracticeId, id: PostId, number: i64, author: MemberId) -> Self {
        Self {
            practice,
            id,
            number,
            drafter: author.clone(),
            author,
            earlier_authors: Vec::new(),
            state: State::Draft,
            revision: 0,
            hash: None,
            made: None,
            risk: Risk::Normal,
            names: Vec::new(),
            writers: Vec::new(),
            window: None,
            slot: None,
            draft: Draft::default(),
            hold: None,
            decisions: Vec::new(),
            publications: Vec::new(),
            version: 0,
        }
    }

    /// A sign and a decline stand on one revision; only a new revision thaws it.
    pub fn is_frozen(&self) -> bool {
        let has = |verdict| self.decisions.iter().any(|d| d.verdict == verdict);
        has(Verdict::Signed) && has(Verdict::Declined)
    }

    /// Submitted or begun by this person, here or before: who wrote a post does not sign it.
    pub fn is_by(&self, member: &MemberId) -> bool {
        self.author == *member || self.drafter == *member || self.earlier_authors.contains(member)
    }

    /// It says something in this person's name that they don't know as their own: it names them,
    /// and what they wrote is not all that stands there.
    pub fn asks_by_name(&self, member: &MemberId) -> bool {
        let own = self.is_by(member) && self.writers == [Some(member.clone())];
        self.names.contains(member) && !own
    }

    /// What this person decided about the current revision.
    pub fn decision_of(&self, member: &MemberId) -> Option<&Decision> {
        self.decisions.iter().find(|d| d.member == *member)
    }

    /// The post without the sign-offs that are too old to count.
    #[must_use]
    pub fn with_fresh(&self, now: Timestamp) -> Post {
        let mut post = self.clone();
        let counts =
            |d: &Decision| d.verdict == Verdict::Declined || now.duration_since(d.at) <= FRESH;
        post.decisions.retain(counts);
        post
    }

    /// It is signed off, and nothing of it leaves before somebody chooses another slot.
    pub fn waits_for_slot(&self) -> bool {
        let leaves = |a| self.reach(a) == Reach::Waiting;
        self.state == State::SignedOff && !self.draft.accounts.iter().any(leaves)
    }

    /// It is live somewhere, by whatever revision.
    pub fn is_live(&self) -> bool {
        self.publications.iter().any(|p| p.state == RowState::Done)
    }

    /// The publication with this row.
    pub fn publication(&self, id: &RowId) -> Option<&Publication> {
        self.publications.iter().find(|p| p.id == *id)
    }

    /// It is live on this account, or may be.
    pub fn is_out_on(&self, account: &AccountId) -> bool {
        matches!(self.reach(account), Reach::Done | Reach::InFlight)
    }

    /// Where the post is, judged by its publications alone.
    pub fn settled(&self) -> State {
        let reach: Vec<Reach> = self.draft.accounts.iter().map(|a| self.reach(a)).collect();
        let any = |is| reach.contains(&is);
        match () {
            () if any(Reach::InFlight) => State::Publishing,
            () if any(Reach::Waiting) && any(Reach::Done) => State::Publishing,
            () if any(Reach::Waiting) => State::SignedOff,
            () if any(Reach::Done) && any(Reach::Ended) => State::PartPublished,
            () if any(Reach::Done) => State::Published,
            // An account that a later revision left out.
            () if self.is_live() => State::PartPublished,
            () => State::Missed,
        }
    }

    /// Accounts it is not live on, and not perhaps live on.
    pub fn accounts_to_do(&self) -> Vec<&AccountId> {
        let open = |a: &&AccountId| matches!(self.reach(a), Reach::Waiting | Reach::Ended);
        self.draft.accounts.iter().filter(open).collect()
    }

    fn reach(&self, account: &AccountId) -> Reach {
        let mine = || self.publications.iter().filter(|p| p.account == *account);
        if mine().any(|p| p.state == RowState::Done) {
            Reach::Done
        } else if mine().any(|p| p.state.may_be_live()) {
            Reach::InFlight
        } else if mine().any(|p| p.revision == self.revision && p.state.is_waiting()) {
            Reach::Waiting
        } else {
            Reach::Ended
        }
    }

    /// Lets what happened take effect on everything but the state, which the entry itself names.
    ///
    /// The tables and the ledger's fold both come from this one function.
    pub fn apply(&mut self, what: &What, at: Timestamp) {
        match what {
            What::Drafted { number, author, writers, earlier_authors } => {
                self.number = *number;
                self.earlier_authors.clone_from(earlier_authors);
                self.author = author.clone();
                self.drafter = author.clone();
                self.writers.clone_from(writers);
            }
            What::Submitted(revised) | What::Edited(revised) | What::Amended(revised) => {
                self.revise(revised, at);
            }
            What::SlotMoved { slot } => self.slot = Some(*slot),
            What::Signed { member, source, recovered, own_words, .. } => {
                let (recovered, own_words) = (*recovered, *own_words);
                let new = Decision::new(member, Verdict::Signed, *source, at);
                self.decide(Decision { recovered, own_words, ..new });
            }
            What::Declined { member, source, recovered } => {
                let new = Decision::new(member, Verdict::Declined, *source, at);
                self.decide(Decision { recovered: *recovered, ..new });
            }
            What::RiskSet { risk, .. } => self.risk = *risk,
            What::Overridden { rules, .. } => {
                self.draft.overridden.extend(rules.iter().cloned());
            }
            What::Unsigned { member } => {
                let theirs = |d: &Decision| d.member == *member && d.verdict == Verdict::Signed;
                self.decisions.retain(|d| !theirs(d));
                self.hold.get_or_insert(Hold { by: Some(member.clone()), cause: None });
            }
            What::Held { by: None, cause } => self.hold = Some(Hold { by: None, cause: *cause }),
            What::Held { by, .. } => {
                self.hold.get_or_insert(Hold { by: by.clone(), cause: None });
            }
            What::Unheld => self.hold = None,
            // What passed the screen mends what Countersign held it for; nobody else's hold.
            What::Redrafted { writer } => {
                self.hold.take_if(|hold| hold.by.is_none() && !hold.is_of_restore());
                self.written_by(writer.as_ref());
            }
            // Its reactions went with the card, by another's hand: the decisions stay, and are
            // taken back by button.
            What::CardDeleted => self.decisions.iter_mut().for_each(|d| d.by_reaction = false),
            _ => self.apply_to_publication(what),
        }
    }

    fn apply_to_publication(&mut self, what: &What) {
        let Some((id, account, state)) = what.publication() else {
            return;
        };
        if let Some(known) = self.publications.iter_mut().find(|p| p.id == *id) {
            known.state = state;
            // A row that starts again carries the current revision.
            if account.is_some() {
                known.revision = self.revision;
            }
        } else if let Some(account) = account {
            let revision = self.revision;
            let (id, account) = (id.clone(), account.clone());
            self.publications.push(Publication { id, account, revision, state });
        }
    }

    fn revise(&mut self, revised: &Revised, at: Timestamp) {
        self.revision = revised.to;
        self.author = revised.author.clone();
        self.hash = Some(revised.hash);
        self.made = Some(at);
        self.risk = revised.risk;
        self.names.clone_from(&revised.names);
        self.written_by(revised.writer.as_ref());
        self.window = Some(revised.window);
        self.slot = Some(revised.slot);
        self.decisions.clear();
        // Other words do not tell what the former run sent.
        self.hold.take_if(|hold| !hold.is_of_restore());
    }

    fn written_by(&mut self, writer: Option<&MemberId>) {
        let Some(writer) = writer.cloned().map(Some) else { return };
        // Other words: nobody has looked at those.
        self.draft.overridden.clear();
        if !self.writers.contains(&writer) {
            self.writers.push(writer);
        }
    }

    fn decide(&mut self, new: Decision) {
        let known =
            self.decisions.iter_mut().find(|d| d.member == new.member && d.verdict == new.verdict);
        match known {
            Some(decision) => {
                decision.by_reaction |= new.by_reaction;
                decision.by_button |= new.by_button;
                decision.own_words |= new.own_words;
                if new.at.duration_since(decision.at) >= ANEW {
                    decision.at = new.at;
                }
            }
            None => self.decisions.push(new),
        }
    }
}
