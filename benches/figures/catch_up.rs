//! After a downtime: what became due, and what people did meanwhile, all at once.

use std::time::Duration;

use countersign::app::{gate, rounds};
use countersign::domain::post::Post;
use countersign::ports::intake::Receipt;
use countersign::ports::store::Store;
use countersign::store::Place;
use futures_util::stream::{self, StreamExt};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::database::{BackDoor, TestDatabase};
use crate::house::{House, at, leaving, window};
use crate::measure::{Figure, many, processor, rate, whole};
use crate::platform::Open;
use crate::raw;

const POSTS: usize = 3_000;
/// Posts for commits of raw SQLite.
const RAW: usize = 500;
const PRACTICES: usize = 30;
/// What can't be done by then never will.
const LOST: Duration = Duration::from_mins(2);

fn posts_in_all() -> usize {
    many(POSTS, 60)
}

/// What was worked off, and what it took.
struct Work {
    what: &'static str,
    /// Posts or events.
    each: &'static str,
    count: f64,
    rows: f64,
    seconds: f64,
    /// The processor's time in this process, in seconds.
    processor: f64,
}

/// Posts whose window closed meanwhile: each is looked at, turned to missed, and asked about.
pub async fn of_posts(engine: &str, database: &TestDatabase) {
    let house = House::with(&database.place, PRACTICES).await;
    let mut posts = house.posts(posts_in_all() + RAW, window(-90_000)).await;
    let for_raw = posts.split_off(posts_in_all());
    let all = stream::iter(posts).map(|post| house.store.commit(leaving(post, at(-50_000))));
    let committed: Vec<_> = all.buffer_unordered(64).collect().await;
    assert!(committed.iter().all(Result::is_ok));

    let (seconds, processor) = until_quiet(&Open::over(&house)).await;

    let mut door = database.opens().await;
    let rows = "SELECT COUNT(*) FROM outbox WHERE state IN ('done', 'missed')";
    let missed = "SELECT COUNT(*) FROM posts WHERE state = 'missed'";
    let (count, rows) =
        (all_done(count(&mut door, missed).await), count(&mut door, rows).await.into());
    let what = "rows a second of posts that were missed";
    Work { what, each: "posts", count, rows, seconds, processor }.say(engine, database, &for_raw);
}

/// Sign-offs that wait in the inbox.
pub async fn of_events(engine: &str, database: &TestDatabase) {
    let house = House::with(&database.place, PRACTICES).await;
    let mut posts = house.posts(posts_in_all() + RAW, window(0)).await;
    let for_raw = posts.split_off(posts_in_all());
    let open = Open::over(&house);
    let events = posts.iter().enumerate().map(|(n, post)| open.sign_off(&house, n, post));
    let received = stream::iter(events).map(|event| gate::receive(&open.office, event));
    let all = |receipt| async move { assert!(matches!(receipt, Receipt::Stored(_))) };
    received.buffer_unordered(64).for_each(all).await;

    let (seconds, processor) = until_quiet(&open).await;

    let mut door = database.opens().await;
    let shown = "SELECT COUNT(*) FROM outbox WHERE state = 'done'";
    let signed = "SELECT COUNT(*) FROM posts WHERE state = 'signed-off'";
    let (count, shown) = (all_done(count(&mut door, signed).await), count(&mut door, shown).await);
    let (what, rows) = ("rows a second of sign-offs in the inbox", count + f64::from(shown));
    Work { what, each: "sign-offs", count, rows, seconds, processor }
        .say(engine, database, &for_raw);
}

/// So many were done, and none is left.
fn all_done(done: u32) -> f64 {
    assert_eq!(usize::try_from(done), Ok(posts_in_all()), "all are done");
    done.into()
}

/// Works until nothing is left: the seconds that it took, and those of the processor.
pub async fn until_quiet(open: &Open) -> (f64, f64) {
    let stop = watch::Sender::new(false);
    let (office, stopping) = (open.office.clone(), stop.subscribe());
    let (began, spent) = (Instant::now(), processor());
    let work = tokio::spawn(async move { rounds::go_on(&office, stopping).await });
    tokio::time::timeout(LOST, rounds::settled(&open.office, i64::MAX)).await.expect("in time");
    let took = (began.elapsed().as_secs_f64(), processor() - spent);
    stop.send_replace(true);
    work.await.expect("ended");
    took
}

impl Work {
    fn say(self, engine: &str, database: &TestDatabase, for_raw: &[Post]) {
        let Self { what, each, count, rows, seconds, processor } = self;
        let millis = processor * 1_000.0 / rows;
        let mut beside = format!("{millis:.2} ms of the processor a row");
        if let Place::File(path) = &database.place {
            let mut bare = raw::open(path);
            let began = Instant::now();
            tokio::task::block_in_place(|| for_raw.iter().for_each(|p| raw::approve(&mut bare, p)));
            let raws = whole(rate(for_raw.len(), began));
            beside = format!("raw SQLite, a commit each: {raws}; {beside}");
        }
        let rate = rows / seconds;
        Figure {
            what: &format!("{engine}: catch-up, {what}"),
            goal: ">= 5,000",
            measured: format!("{} ({} {each})", whole(rate), whole(count / seconds)),
            beside,
            met: Some(rate >= 5_000.0),
        }
        .say();
    }
}

/// The one number that a query finds.
pub async fn count(on: &mut BackDoor, sql: &'static str) -> u32 {
    let count: i64 = match on {
        BackDoor::Sqlite(on) => sqlx::query_scalar(sql).fetch_one(on).await,
        BackDoor::Postgres(on) => sqlx::query_scalar(sql).fetch_one(on).await,
    }
    .expect("readable");
    u32::try_from(count).expect("few")
}
