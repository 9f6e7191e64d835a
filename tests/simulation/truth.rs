//! What must hold after each day, whatever happened.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use countersign::cli::found::Found;
use countersign::cli::heads::Outside as Head;
use countersign::cli::verify;
use countersign::domain::content::{Content, Part};
use countersign::domain::ids::{PracticeId, RowId};
use countersign::ports::clock::Clock;
use countersign::ports::store::Store;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::book::{Book, Left};
use crate::house::ledger_key;
use crate::month::Month;
use crate::outside::{Outside, Taken};
use crate::{lost, rows, walls};

/// What is known from the days before.
#[derive(Default)]
pub struct Truth {
    pub book: Book,
    /// Keys of posts whose words and pictures were compared.
    compared: BTreeSet<String>,
    /// The last change of the chat that was looked at.
    looked: i64,
    /// How far the heads that were seen outside are read.
    heads: usize,
}

/// What there is.
pub struct Counts {
    posts: usize,
    /// How many posts were ever live.
    pub live: usize,
    /// What the network ever took, a post for each account.
    taken: usize,
    entries: u64,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { posts, live, taken, entries } = self;
        write!(f, "{posts} posts, {live} went live, on {taken} pages; {entries} entries")
    }
}

impl Truth {
    /// Looks at everything, and counts it.
    pub async fn of(&mut self, month: &Month) -> Counts {
        let office = month.house.office();
        let store = office.store.as_ref();
        self.the_ledger_tells_the_tables(month, store).await;
        let practices: Vec<PracticeId> = month.practices.iter().map(|p| p.id.clone()).collect();
        self.book.reads_on(store, &practices).await;

        let mut outside = Outside::open(month.house.folder.path()).await;
        let taken = outside.taken().await;
        let live = self.each_is_what_left(month, store, &taken).await;
        let posts =
            lost::nothing_is(store, &practices, (&mut outside, &taken, month.house.clock.now()))
                .await;
        self.looked = walls::hold(month, &mut outside, self.looked).await;

        rows::are_apart(&month.house.database, &month.texts).await;
        rows::have_no_secret(month.house.folder.path());
        assert_eq!(rows::unhandled(&month.house.database).await, 0, "an event is not handled");
        Counts { posts, taken: taken.len(), live, entries: self.book.entries() }
    }

    /// Every chain walks, follows from itself, folds to its tables and has every head that was seen
    /// outside since; each that left was signed by enough people who could.
    async fn the_ledger_tells_the_tables(&mut self, month: &Month, store: &dyn Store) {
        let key = ledger_key().verifying_key();
        let all = std::fs::read_to_string(month.house.folder.path().join("heads.log"));
        let all = all.expect("heads");
        let heads = Head::read_file(&all[self.heads..], &key).expect("signed");
        self.heads = all.len();
        let mut said = Vec::new();
        let found = verify::run(store, &key, &heads, &mut said).await.expect("looks");
        assert_eq!(found, Found::Intact, "{}", String::from_utf8_lossy(&said));
    }

    /// What the network took is what left, once; its words and pictures are the ones whose hash
    /// was signed. Returns how many posts went live.
    async fn each_is_what_left(
        &mut self,
        month: &Month,
        store: &dyn Store,
        taken: &[Taken],
    ) -> usize {
        let published = month.house.published().await;
        let there: Vec<String> = published.iter().map(|post| post.id.clone()).collect();
        let known = taken.iter().filter(|post| !post.deleted);
        let known: Vec<String> = known.map(|post| format!("p{}", post.number)).collect();
        assert_eq!(there, known, "people see what the network took");

        let (mut keys, mut live) = (BTreeSet::new(), BTreeMap::new());
        for post in taken {
            assert!(keys.insert(&post.key), "{post:?} was taken twice");
            let left = self.book.left.get(&RowId::new(post.key.clone()));
            let left = left.unwrap_or_else(|| panic!("{post:?} never left"));
            if !post.deleted {
                let place = (&left.practice, &left.post, &left.account);
                assert!(live.insert(place, post).is_none(), "{post:?} is live a second time");
            }
            if post.deleted || !self.compared.insert(post.key.clone()) {
                continue;
            }
            let content = signed(store, left).await;
            let seen = published.iter().find(|seen| seen.id == format!("p{}", post.number));
            let seen = seen.expect("it is live");
            let part = part(&content, post);
            let at = Timestamp::from_microsecond(post.at).expect("a time");
            assert!(content.window.contains(at), "{post:?} went out in another window");
            assert_eq!(seen.text, part.words());
            assert_eq!(seen.media.len(), part.media.len(), "{post:?}");
            for (seen, signed) in seen.media.iter().zip(&part.media) {
                let bytes = month.house.picture(&seen.url).await;
                let hash = countersign::domain::canonical::hex::encode(&Sha256::digest(bytes));
                assert_eq!((&seen.alt, &hash), (&signed.alt, &signed.sha256));
            }
        }
        let left =
            taken.iter().filter_map(|post| self.book.left.get(&RowId::new(post.key.clone())));
        left.map(|left| (&left.practice, &left.post)).collect::<BTreeSet<_>>().len()
    }
}

/// The content with the hash that left; `verify` saw that enough people had signed this hash.
async fn signed(store: &dyn Store, left: &Left) -> Content {
    let post = store.post(&left.practice, &left.post).await.expect("readable").expect("a post");
    for revision in 1..=post.revision {
        let content = store.content(&left.practice, &left.post, revision).await.expect("readable");
        if let Some(content) = content.filter(|content| content.hash() == left.hash) {
            return content;
        }
    }
    panic!("{left:?} is in no revision");
}

fn part<'a>(content: &'a Content, post: &Taken) -> &'a Part {
    let mut parts = content.accounts.iter();
    parts.find(|part| part.remote == post.account).expect("an account that was signed")
}
