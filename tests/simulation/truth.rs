//! What must hold after each day, whatever happened.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use countersign::cli::found::Found;
use countersign::cli::verify;
use countersign::domain::entry::What;
use countersign::domain::ids::RowId;

use crate::support::ledger_key;
use crate::world::World;

/// What there is.
pub struct Counts {
    posts: usize,
    left: usize,
    /// How many posts are live on the network.
    pub live: usize,
    entries: usize,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { posts, left, live, entries } = self;
        write!(f, "{posts} posts, {left} left, {live} live, {entries} entries")
    }
}

/// Looks at everything, and counts it.
pub async fn of(world: &World) -> Counts {
    the_ledger_tells_the_tables(world).await;
    at_home(world);
    let mut counts = Counts { posts: 0, left: 0, live: 0, entries: 0 };
    let store = &world.office.office.store;
    let (mut left, mut seen) = (BTreeMap::new(), BTreeSet::new());
    for practice in &world.practices {
        counts.posts += store.posts(&practice.id).await.expect("readable").len();
        for (sealed, _) in store.entries(&practice.id, 0, 1_000_000).await.expect("readable") {
            counts.entries += 1;
            if let What::Leaving { publication, .. } = sealed.entry.fact.what {
                left.insert(publication, practice.id.clone());
            }
        }
    }
    let live = world.office.network.live();
    (counts.left, counts.live) = (left.len(), live.len());
    for post in live {
        // What the gate let out, and only once; `verify` saw that it was signed by then.
        let key = RowId::new(post.key);
        let whose = left.get(&key).unwrap_or_else(|| panic!("{key} is live and never left"));
        assert!(seen.insert(key.clone()), "{key} is live twice");
        let row = store.row(whose, &key).await.expect("readable").expect("a row");
        let said = store
            .content(whose, row.post.as_ref().expect("a post's"), row.revision.expect("one"))
            .await
            .expect("readable")
            .expect("kept");
        let words = said.accounts.iter().map(countersign::domain::content::Part::words);
        assert!(words.into_iter().any(|words| words == post.text), "{key} says something else");
    }
    counts
}

/// Every chain walks, follows from itself and folds to its tables; each that left was signed by
/// enough people who could.
async fn the_ledger_tells_the_tables(world: &World) {
    let mut said = Vec::new();
    let key = ledger_key().verifying_key();
    let store = world.office.office.store.as_ref();
    let found = verify::run(store, &key, &[], &mut said).await.expect("looks");
    assert_eq!(found, Found::Intact, "{}", String::from_utf8_lossy(&said));
}

/// A channel shows its own practice alone: no account of another is named in it.
fn at_home(world: &World) {
    for (channel, words) in world.office.chat.words_since_last() {
        if channel == "desk" {
            continue;
        }
        let own = |practice: &str| match practice {
            "northside" => !channel.contains('-'),
            id => channel.starts_with(id),
        };
        for practice in &world.practices {
            let id = practice.id.as_str();
            let page = practice.accounts[0].name.as_str();
            assert!(own(id) || !words.contains(page), "{id} is shown in {channel}: {words}");
        }
    }
}
