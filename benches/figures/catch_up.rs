//! After a downtime: what became due, and what people did meanwhile, all at once.

use std::time::Duration;

use countersign::app::{gate, rounds};
use countersign::cli::sample;
use countersign::domain::ids::EventId;
use countersign::domain::post::Post;
use countersign::ports::intake::{ChatEvent, Happening, Receipt};
use countersign::ports::store::Store;
use countersign::store::Place;
use futures_util::stream::{self, StreamExt};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::database::{BackDoor, TestDatabase};
use crate::house::{House, at, card, leaving, window};
use crate::measure::{Figure, processor, rate, whole};
use crate::platform::Open;
use crate::raw;

const POSTS: usize = 3_000;
/// Posts for commits of raw SQLite.
const RAW: usize = 500;
const PRACTICES: usize = 30;
/// What can't be done by then never will.
const LOST: Duration = Duration::from_secs(120);

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
    let mut posts = house.posts(POSTS + RAW, window(-90_000)).await;
    let for_raw = posts.split_off(POSTS);
    let all = stream::iter(posts).map(|post| house.store.commit(leaving(post, at(-50_000))));
    let committed: Vec<_> = all.buffer_unordered(64).collect().await;
    assert!(committed.iter().all(Result::is_ok));

    let (seconds, processor) = until_quiet(&Open::over(&house)).await;

    let mut door = database.opens().await;
    let rows = "SELECT COUNT(*) FROM outbox WHERE state IN ('done', 'missed')";
    let missed = "SELECT COUNT(*) FROM posts WHERE state = 'missed'";
    let (count, rows) = (count(&mut door, missed).await, count(&mut door, rows).await);
    let what = "rows a second of posts that were missed";
    Work { what, each: "posts", count, rows, seconds, processor }.say(engine, database, &for_raw);
}

/// Sign-offs that wait in the inbox.
pub async fn of_events(engine: &str, database: &TestDatabase) {
    let house = House::with(&database.place, PRACTICES).await;
    let mut posts = house.posts(POSTS + RAW, window(0)).await;
    let for_raw = posts.split_off(POSTS);
    let open = Open::over(&house);
    let events = posts.iter().enumerate().map(|(n, post)| sign_off(&house, &open, n, post));
    let received = stream::iter(events).map(|event| gate::receive(&open.office, event));
    let all = |receipt| async move { assert!(matches!(receipt, Receipt::Stored(_))) };
    received.buffer_unordered(64).for_each(all).await;

    let (seconds, processor) = until_quiet(&open).await;

    let mut door = database.opens().await;
    let shown = "SELECT COUNT(*) FROM outbox WHERE state = 'done'";
    let signed = "SELECT COUNT(*) FROM posts WHERE state = 'signed-off'";
    let (count, shown) = (count(&mut door, signed).await, count(&mut door, shown).await);
    let (what, rows) = ("rows a second of sign-offs in the inbox", count + shown);
    Work { what, each: "sign-offs", count, rows, seconds, processor }
        .say(engine, database, &for_raw);
}

async fn until_quiet(open: &Open) -> (f64, f64) {
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

fn sign_off(house: &House, open: &Open, n: usize, post: &Post) -> ChatEvent {
    let (at, who) = (card(house.of(post), post), sample::identity("dr-rao"));
    open.chat.react(&at, &who, "✅");
    ChatEvent {
        id: EventId::new(format!("reaction {n}")),
        at: open.office.now(),
        from: who,
        is_bot: false,
        channel: at.channel.clone(),
        what: Happening::Reacted { message: at, emoji: "✅".to_owned(), on: true },
    }
}

impl Work {
    fn say(self, engine: &str, database: &TestDatabase, for_raw: &[Post]) {
        let Self { what, each, count, rows, seconds, processor } = self;
        assert_eq!(count, f64::from(u32::try_from(POSTS).expect("few")), "all are done");
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

async fn count(on: &mut BackDoor, sql: &'static str) -> f64 {
    let count: i64 = match on {
        BackDoor::Sqlite(on) => sqlx::query_scalar(sql).fetch_one(on).await,
        BackDoor::Postgres(on) => sqlx::query_scalar(sql).fetch_one(on).await,
    }
    .expect("readable");
    f64::from(u32::try_from(count).expect("few"))
}
