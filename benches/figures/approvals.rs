//! Sign-offs stored a second.

use countersign::domain::post::Post;
use countersign::ports::store::Store;
use countersign::store::Place;
use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt};
use sqlx::postgres::PgConnection;
use tokio::time::Instant;

use crate::database::TestDatabase;
use crate::house::{House, approval, window};
use crate::measure::{Figure, Times, many, median, rate, whole};
use crate::{file, raw};

/// How often each way has its turn.
const TURNS: usize = 9;
/// How many sign-offs a turn.
const EACH: usize = 256;
/// Sign-offs that wait at the same time.
const AT_ONCE: usize = 64;
const PRACTICES: usize = 16;
/// So many connections the store has to a server.
const CLIENTS: usize = 8;

/// Raw SQLite, ours one by one and ours many at once, in turns on one file.
pub async fn on_sqlite() {
    let (_folder, database) = file();
    let house = House::with(&database.place, PRACTICES).await;
    let Place::File(path) = &database.place else { panic!("a file") };
    let posts = house.posts(3 * many(TURNS, 1) * EACH, window(0)).await;
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
    let share = share(&together, &raws);
    let (raws, alone, together) = (median(raws), median(alone), median(together));
    Figure {
        what: "sign-offs stored a second, SQLite, 64 at once",
        goal: ">= 1,500, and >= 70 % of raw SQLite",
        measured: format!("{}, {share:.0} % of raw SQLite", whole(together)),
        beside: format!(
            "raw SQLite at FULL, a commit each: {}; one after the other: {}",
            whole(raws),
            whole(alone)
        ),
        met: Some(share >= 70.0),
    }
    .say();
    say_waits(&mut waits, format!("64 commits of raw SQLite in a row: {:.1} ms", 64_000.0 / raws));
}

/// Bare connections and ours, in turns on one server.
pub async fn on_postgres() {
    let Some(database) = TestDatabase::on_server().await else { return };
    let house = House::with(&database.place, PRACTICES).await;
    let Place::Server(options) = &database.place else { panic!("a server") };
    let mut bare = join_all((0..CLIENTS).map(|_| raw::connect(options))).await;
    let (mut raws, mut together) = (Vec::new(), Vec::new());
    let mut waits = Times::default();
    for turn in house.posts(2 * many(TURNS, 1) * EACH, window(0)).await.chunks(2 * EACH) {
        let (first, second) = turn.split_at(EACH);
        raws.push(theirs(&mut bare, first).await);
        together.push(ours(&house, second.to_vec(), AT_ONCE, &mut waits).await);
    }
    let share = share(&together, &raws);
    Figure {
        what: "sign-offs stored a second, PostgreSQL, 64 at once",
        goal: ">= 80 % of bare connections",
        measured: format!("{}, {share:.0} % of bare", whole(median(together))),
        beside: format!("8 bare connections: {}", whole(median(raws))),
        met: Some(share >= 80.0),
    }
    .say();
    say_waits(&mut waits, String::new());
}

fn say_waits(waits: &mut Times, beside: String) {
    let most = waits.percentile(99);
    Figure {
        what: "the same, until it is on the disk",
        goal: "p99 < 50 ms",
        measured: format!("p99 {most:.1} ms"),
        beside,
        met: Some(most < 50.0),
    }
    .say();
}

fn share(ours: &[f64], raws: &[f64]) -> f64 {
    median(ours.iter().zip(raws).map(|(ours, raw)| ours / raw * 100.0).collect())
}

/// Each connection has practices of its own, so that none waits for another.
async fn theirs(bare: &mut [PgConnection], posts: &[Post]) -> f64 {
    let began = Instant::now();
    let count = bare.len();
    join_all(bare.iter_mut().enumerate().map(async |(n, on)| {
        for post in posts.iter().skip(n).step_by(count) {
            raw::approve_there(on, post).await;
        }
    }))
    .await;
    rate(posts.len(), began)
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
