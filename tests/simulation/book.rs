//! What the ledgers say, read on from day to day: what left, under which rules, and how often what
//! happened.

use std::collections::BTreeMap;

use countersign::domain::content::ContentHash;
use countersign::domain::entry::What;
use countersign::domain::ids::{AccountId, PostId, PracticeId, RowId};
use countersign::domain::ledger::Sealed;
use countersign::ports::store::Store;
use jiff::Timestamp;

/// More entries than there will be.
const ALL: i64 = 1_000_000;

/// What was read so far.
#[derive(Default)]
pub struct Book {
    /// What left last under which key.
    pub left: BTreeMap<RowId, Left>,
    /// How often which kind of entry was made.
    pub kinds: BTreeMap<String, u64>,
    /// How far each chain is read, and whether it is stopped.
    read: BTreeMap<PracticeId, (i64, bool)>,
    /// When everything was stopped, and released again.
    stops: Vec<(Timestamp, Option<Timestamp>)>,
}

/// Something that passed the gate.
#[derive(Debug, Clone)]
pub struct Left {
    pub practice: PracticeId,
    pub post: PostId,
    pub account: AccountId,
    pub hash: ContentHash,
}

impl Book {
    /// Reads on in the chains of the instance and of these practices.
    pub async fn reads_on(&mut self, store: &dyn Store, practices: &[PracticeId]) {
        for practice in [&PracticeId::instance()].into_iter().chain(practices) {
            let (last, mut stopped) = self.read.get(practice).copied().unwrap_or_default();
            let entries = store.entries(practice, last, ALL).await.expect("readable");
            for (sealed, _) in &entries {
                self.counts(sealed);
                self.keeps_the_stop(practice, sealed, &mut stopped);
                self.notes(practice, sealed);
            }
            let last = entries.last().map_or(last, |(sealed, _)| sealed.entry.seq);
            self.read.insert(practice.clone(), (last, stopped));
        }
    }

    /// How many entries there are.
    pub fn entries(&self) -> u64 {
        self.kinds.values().sum()
    }

    fn counts(&mut self, sealed: &Sealed) {
        let fact = serde_json::to_value(&sealed.entry.fact.what).expect("JSON");
        let kind = fact["kind"].as_str().expect("a kind").to_owned();
        *self.kinds.entry(kind).or_default() += 1;
    }

    /// Nothing leaves while it is stopped.
    fn keeps_the_stop(&mut self, practice: &PracticeId, sealed: &Sealed, stopped: &mut bool) {
        let (entry, at) = (&sealed.entry, sealed.entry.at);
        match &entry.fact.what {
            What::Stopped => *stopped = true,
            What::Released => *stopped = false,
            What::StoppedAll => self.stops.push((at, None)),
            What::ReleasedAll => {
                if let Some((_, until)) = self.stops.last_mut() {
                    *until = Some(at);
                }
            }
            What::Leaving { publication, .. } => {
                assert!(!*stopped, "{practice}: {publication} left while it was stopped");
                let within = |(from, until): &(Timestamp, Option<Timestamp>)| {
                    at > *from && until.is_none_or(|until| at < until)
                };
                let stop = self.stops.iter().find(|stop| within(stop));
                assert!(stop.is_none(), "{practice}: {publication} left while all was stopped");
            }
            _ => {}
        }
    }

    fn notes(&mut self, practice: &PracticeId, sealed: &Sealed) {
        let fact = &sealed.entry.fact;
        let (What::Leaving { publication, account, hash, .. }, Some(subject)) =
            (&fact.what, &fact.subject)
        else {
            return;
        };
        let (practice, post) = (practice.clone(), subject.post.clone());
        let left = Left { practice, post, account: account.clone(), hash: *hash };
        self.left.insert(publication.clone(), left);
    }
}
