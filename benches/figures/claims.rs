//! From a post that is due to the attempt, with few and with very many more that are not due yet.

use std::time::Duration;

use countersign::app::rounds;
use countersign::domain::post::Post;
use countersign::ports::store::{Kinds, Store};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::database::{BackDoor, TestDatabase};
use crate::house::{House, at, leaving, window};
use crate::measure::{Figure, Times, many};
use crate::platform::Open;

const FEW: i64 = 1_000;
const MANY: i64 = 1_000_000;
/// How often one due row is looked for and claimed.
const TIMES: usize = 300;
/// How many posts become due in each.
const POSTS: usize = 150;
/// So long after one another.
const APART: SignedDuration = SignedDuration::from_millis(25);
const PRACTICES: usize = 10;
/// A post that did not leave by then never will.
const LOST: Duration = Duration::from_secs(20);

/// The two that are compared, in turns: the same machine at the same time.
pub async fn of(engine: &str, few: &TestDatabase, full: &TestDatabase) {
    let mut houses = Vec::new();
    for (database, rows) in [(few, FEW), (full, many(MANY, 2_000))] {
        let house = House::with(&database.place, PRACTICES).await;
        let posts = house.posts(many(POSTS, 5), window(0)).await;
        fill(&mut database.opens().await, rows).await;
        houses.push((house, posts));
    }
    claim_one(engine, &houses).await;
    due_to_attempt(engine, houses).await;
}

async fn claim_one(engine: &str, houses: &[(House, Vec<Post>)]) {
    let mut looks = [Times::default(), Times::default()];
    let mut claims = [Times::default(), Times::default()];
    for n in 0..i64::try_from(many(TIMES, 5)).expect("few") {
        for (which, (house, _)) in houses.iter().enumerate() {
            let claim = async |now, rows| {
                let began = Instant::now();
                let claimed = house.store.claim(now, at(990_000), (rows, Kinds::Others)).await;
                (claimed.expect("claimed").len(), began)
            };
            let (none, began) = claim(at(n), 8).await;
            looks[which].since(began);
            let (one, began) = claim(at(100_000) + SignedDuration::from_micros(n), 1).await;
            claims[which].since(began);
            assert_eq!((none, one), (0, 1));
        }
    }
    for (what, [few, many]) in [("look for what is due", looks), ("claim a due row", claims)] {
        flat(&format!("{engine}: {what}, 1,000,000 scheduled"), few, many, "flat");
    }
}

fn flat(what: &str, mut few: Times, mut many: Times, goal: &str) {
    let ratio = many.median() / few.median();
    Figure {
        what,
        goal,
        measured: format!("p50 {:.2} ms, p99 {:.2} ms", many.median(), many.percentile(99)),
        beside: format!("1,000 scheduled: p50 {:.2} ms; x {ratio:.2}", few.median()),
        met: Some(ratio < 1.5 && many.percentile(99) < 100.0),
    }
    .say();
}

/// The whole program's work: posts become due by turns here and there, and are waited for.
async fn due_to_attempt(engine: &str, houses: Vec<(House, Vec<Post>)>) {
    let stop = watch::Sender::new(false);
    let (mut open, mut work) = (Vec::new(), Vec::new());
    for (house, _) in &houses {
        let one = Open::over(house);
        let (office, stop) = (one.office.clone(), stop.subscribe());
        work.push(tokio::spawn(async move { rounds::go_on(&office, stop).await }));
        open.push(one);
    }
    let first = open[0].office.now().max(open[1].office.now()) + SignedDuration::from_secs(2);
    let slot = |n: usize, which: usize| -> Timestamp {
        first + APART * i32::try_from(2 * n + which).expect("few")
    };
    for (which, (house, posts)) in houses.into_iter().enumerate() {
        for (n, post) in posts.into_iter().enumerate() {
            house.store.commit(leaving(post, slot(n, which))).await.expect("committed");
        }
    }
    let mut lags = [Times::default(), Times::default()];
    for (which, one) in open.iter_mut().enumerate() {
        for _ in 0..many(POSTS, 5) {
            let left = tokio::time::timeout(LOST, one.taken.recv()).await;
            let (id, at) = left.expect("it leaves in time").expect("the network is there");
            let number: usize = id["publication post-".len()..][..6].parse().expect("a number");
            lags[which].add(at.duration_since(slot(number, which)).try_into().expect("after it"));
        }
    }
    stop.send_replace(true);
    for lane in work {
        lane.await.expect("ended");
    }
    let [few, many] = lags;
    let what = format!("{engine}: due post to attempt, 1,000,000 scheduled");
    flat(&what, few, many, "p99 < 100 ms, flat");
}

/// Rows that are due later, spread over the practices.
async fn fill(on: &mut BackDoor, rows: i64) {
    let first = at(100_000).as_microsecond();
    let numbers = match on {
        BackDoor::Sqlite(_) => format!(
            "WITH RECURSIVE numbers (n) AS (
                SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {rows})"
        ),
        BackDoor::Postgres(_) => {
            format!("WITH numbers (n) AS (SELECT * FROM generate_series(0, {rows} - 1))")
        }
    };
    let insert = format!(
        "INSERT INTO outbox (practice_id, id, kind, subject, state, due, fence, attempts, look_ups,
            payload)
        {numbers}
        SELECT 'practice-0000' || (n % {PRACTICES}), 'row-' || n, 'publication', 'post ' || n,
            'ready', {first} + n, 0, 0, 0, '{{}}' FROM numbers"
    );
    on.runs(&insert).await.expect("filled");
    on.runs("ANALYZE").await.expect("known");
}
