//! Sign-offs stored a second.

use countersign::domain::post::Post;
use countersign::ports::store::Store;
use futures_util::stream::{self, StreamExt};
use tokio::time::Instant;

use crate::database::TestDatabase;
use crate::house::{House, approval};
use crate::measure::{Times, median, rate, say};
use crate::{file, raw};

/// How often each way has its turn.
const TURNS: usize = 7;
/// How many sign-offs a turn.
const EACH: usize = 500;
/// Sign-offs that wait at the same time.
const AT_ONCE: usize = 64;
const PRACTICES: usize = 16;

/// Raw SQLite, ours one by one and ours many at once, in turns on one file.
pub async fn on_sqlite() {
    let (_folder, database) = file();
    let house = House::with(&database.place, PRACTICES).await;
    let countersign::store::Place::File(path) = &database.place else { panic!("a file") };
    let posts = house.posts(3 * TURNS * EACH).await;
    let mut bare = raw::open(path);
    let (mut raws, mut alone, mut together) = (Vec::new(), Vec::new(), Vec::new());
    let mut waits = Times::default();
    for turn in posts.chunks(3 * EACH) {
        let [first, second, third] = [0, 1, 2].map(|n| turn[n * EACH..][..EACH].to_vec());
        let began = Instant::now();
        tokio::task::block_in_place(|| first.iter().for_each(|post| raw::approve(&mut bare, post)));
        raws.push(rate(EACH, began));
        alone.push(ours(&house, second, 1, &mut Times::default()).await);
        together.push(ours(&house, third, AT_ONCE, &mut waits).await);
    }
    let shares = together.iter().zip(&raws).map(|(ours, raw)| ours / raw * 100.0).collect();
    let (raws, alone) = (median(raws), median(alone));
    say("raw SQLite at FULL, sign-offs a second", &format!("{raws:.0}"), "-");
    say("SQLite, one after the other, sign-offs a second", &format!("{alone:.0}"), "-");
    let measured = format!("{:.0}", median(together));
    say("SQLite, 64 at once, sign-offs a second", &measured, ">= 1,500");
    say("the same, of raw SQLite", &format!("{:.0} %", median(shares)), ">= 70 %");
    say("the same, p99 until it is stored", &format!("{:.1} ms", waits.percentile(99)), "< 50 ms");
}

/// Many practices at once, for those of one wait for each other.
pub async fn on_postgres() {
    let Some(database) = TestDatabase::on_server().await else { return };
    let house = House::with(&database.place, PRACTICES).await;
    let (mut alone, mut together) = (Vec::new(), Vec::new());
    for turn in house.posts(2 * TURNS * EACH).await.chunks(2 * EACH) {
        let (first, second) = turn.split_at(EACH);
        alone.push(ours(&house, first.to_vec(), 1, &mut Times::default()).await);
        together.push(ours(&house, second.to_vec(), PRACTICES, &mut Times::default()).await);
    }
    let (alone, together) = (median(alone), median(together));
    say("PostgreSQL, one after the other, sign-offs a second", &format!("{alone:.0}"), "-");
    say("PostgreSQL, 16 practices at once, sign-offs a second", &format!("{together:.0}"), "-");
}

async fn ours(house: &House, posts: Vec<Post>, at_once: usize, waits: &mut Times) -> f64 {
    let count = posts.len();
    let began = Instant::now();
    let stored = stream::iter(posts).map(|post| {
        let store = house.store.clone();
        async move {
            let asked = Instant::now();
            store.commit(approval(post)).await.expect("stored");
            asked
        }
    });
    let mut stored = stored.buffer_unordered(at_once);
    while let Some(asked) = stored.next().await {
        waits.since(asked);
    }
    rate(count, began)
}
