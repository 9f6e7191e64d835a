//! What is so at the end: by the network's own log, by the tables, and by the ledger.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use countersign::domain::entry::What;
use countersign::domain::fold::Fold;
use countersign::domain::ledger::{Body, Sealed, Walk};
use countersign::domain::outbox::{Row, RowState};
use countersign::domain::post::{Post, State};
use countersign::ports::store::Store;
use ed25519_dalek::VerifyingKey;
use jiff::Timestamp;

use crate::crew::{Disturbance, LEASE, LONGEST_STOP, REQUEST};
use crate::network::{Fate, Line};
use crate::practice::{self, Home};

/// What is so at the end.
pub struct Truth {
    /// By publication.
    rows: BTreeMap<String, Row>,
    /// By publication: each request that reached the network.
    lines: BTreeMap<String, Vec<Line>>,
    /// Publications of which a process itself said that nobody knows.
    said_unclear: BTreeSet<String>,
    /// When each publication passed the gate last.
    left: BTreeMap<String, Timestamp>,
}

impl Truth {
    /// Finds it out; the ledger has to be whole and the tables have to be what it tells.
    pub async fn find(home: &Home, lines: Vec<Line>) -> Self {
        let (store, keys) = home.open().await;
        let entries = store.entries(&practice::id(), 0, i64::MAX).await.expect("readable");
        let posts = store.posts(&practice::id()).await.expect("readable");
        is_whole(&entries, &keys.ledger.verifying_key());
        is_what_the_tables_say(&entries, &posts);
        is_what_was_written_outside(&entries, home.data());

        let mut rows = BTreeMap::new();
        for id in posts.iter().flat_map(|post| &post.publications).map(|p| &p.id) {
            let row = store.row(&practice::id(), id).await.expect("readable").expect("is there");
            rows.insert(id.to_string(), row);
        }
        assert_eq!(rows.len(), posts.len(), "each post has one publication");
        posts_are_settled(&posts);
        let mut truth = Self {
            rows,
            lines: BTreeMap::new(),
            said_unclear: BTreeSet::new(),
            left: BTreeMap::new(),
        };
        for line in lines {
            truth.lines.entry(line.key.clone()).or_default().push(line);
        }
        for (sealed, _) in &entries {
            match &sealed.entry.fact.what {
                What::Unknown { publication } => {
                    truth.said_unclear.insert(publication.to_string());
                }
                What::Leaving { publication, .. } => {
                    truth.left.insert(publication.to_string(), sealed.entry.at);
                }
                _ => {}
            }
        }
        truth
    }

    /// How many posts there are.
    pub fn posts(&self) -> usize {
        self.rows.len()
    }

    /// Publications that are not live though nobody was asked about them, or that are known under
    /// another id than the network's.
    pub fn lost(&self) -> Vec<&str> {
        let lost = self.rows.iter().filter(|(key, row)| {
            let is_live = self.live(key).any(|line| Some(&line.id) == row.remote.as_ref());
            row.state != RowState::Parked && !(row.state == RowState::Done && is_live)
        });
        lost.map(|(key, _)| key.as_str()).collect()
    }

    /// Publications of which the network has more than one post; posts of which nobody knows.
    pub fn twice(&self) -> Vec<&str> {
        let keys = self.lines.keys().map(String::as_str);
        keys.filter(|key| self.live(key).count() > 1 || !self.rows.contains_key(*key)).collect()
    }

    /// Publications about which a person is asked.
    pub fn parked(&self) -> Vec<&str> {
        let parked = self.rows.iter().filter(|(_, row)| row.state == RowState::Parked);
        parked.map(|(key, _)| key.as_str()).collect()
    }

    /// Publications that the network was asked for more than once.
    pub fn sent_again(&self) -> Vec<&str> {
        let again = self.lines.iter().filter(|(_, lines)| lines.len() > 1);
        again.map(|(key, _)| key.as_str()).collect()
    }

    /// Publications whose answer was lost, and about which nobody is asked.
    pub fn unclear_but_not_parked(&self) -> Vec<&str> {
        let parked = self.parked();
        let unclear = self.lines.values().flatten().filter(|line| line.fate != Fate::Taken);
        let unclear = unclear.map(|line| line.key.as_str());
        unclear.filter(|key| !parked.contains(key)).collect()
    }

    /// Publications about which a person is asked though their process got an answer, lived, and
    /// could write it down.
    pub fn parked_for_nothing(&self, disturbances: &[Disturbance]) -> Vec<&str> {
        let for_nothing = |key: &&str| {
            let struck = disturbances.iter().any(|disturbance| self.strikes(disturbance, key));
            !self.said_unclear.contains(*key) && !struck
        };
        self.parked().into_iter().filter(for_nothing).collect()
    }

    /// A killed sender writes nothing down; a stopped process keeps all others from writing.
    fn strikes(&self, disturbance: &Disturbance, key: &str) -> bool {
        let after = disturbance.at.duration_since(self.left[key]).as_millis();
        let while_held = after < i128::from(LEASE + REQUEST);
        if !disturbance.killed {
            return while_held && after > -i128::from(LONGEST_STOP);
        }
        let sender = self.lines.get(key).and_then(|lines| lines.first());
        let is_sender = sender.is_none_or(|line| line.worker == disturbance.worker);
        is_sender && while_held && after > -i128::from(REQUEST)
    }

    fn live(&self, key: &str) -> impl Iterator<Item = &Line> {
        self.lines.get(key).into_iter().flatten().filter(|line| line.is_post())
    }
}

fn posts_are_settled(posts: &[Post]) {
    let open = posts.iter().filter(|post| {
        let parked = post.publications.iter().any(|p| p.state == RowState::Parked);
        post.state != if parked { State::Publishing } else { State::Published }
    });
    let open: Vec<String> =
        open.map(|post| format!("post {}: {}", post.number, post.state)).collect();
    assert_eq!(open, Vec::<String>::new());
}

fn is_whole(entries: &[(Sealed, Option<Body>)], key: &VerifyingKey) {
    let mut walk = Walk::new(practice::id());
    for (sealed, body) in entries {
        walk.step(sealed, key).expect("the chain is whole");
        let body = body.as_ref().expect("no body is gone");
        assert_eq!(body.hash(), sealed.entry.body_hash, "entry #{}", sealed.entry.seq);
    }
}

fn is_what_the_tables_say(entries: &[(Sealed, Option<Body>)], posts: &[Post]) {
    let mut fold = Fold::default();
    for (sealed, _) in entries {
        fold.add(&sealed.entry);
    }
    assert_eq!(fold.len(), posts.len());
    for post in posts {
        assert_eq!(fold.differs(post), None, "post {}", post.number);
    }
}

/// What `heads.log` saw is in the chain, where it saw it.
fn is_what_was_written_outside(entries: &[(Sealed, Option<Body>)], data: &Path) {
    let text = std::fs::read_to_string(data.join("heads.log")).expect("readable");
    let hashes: BTreeMap<i64, String> = entries
        .iter()
        .map(|(sealed, _)| {
            (sealed.entry.seq, countersign::domain::canonical::hex::encode(&sealed.hash))
        })
        .collect();
    for line in text.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let [_, seq, hash, _] = words[..] else { panic!("{line} is not a head") };
        let seq = seq.parse().expect("a number");
        assert_eq!(hashes.get(&seq).map(String::as_str), Some(hash), "head #{seq}");
    }
}
