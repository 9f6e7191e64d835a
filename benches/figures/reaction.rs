//! From a physician's reaction to the card that shows it.

use std::time::Duration;

use countersign::app::{gate, rounds};
use countersign::ports::intake::Receipt;
use countersign::store::Place;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::database::TestDatabase;
use crate::house::{House, card, window};
use crate::measure::{Figure, Times, many};
use crate::platform::Open;
use crate::raw;

/// How many sign-offs.
const TIMES: usize = 300;
/// The first ones do not count: statements are prepared then.
const WARM: usize = 20;
const PRACTICES: usize = 10;
/// A card that did not change by then never will.
const LOST: Duration = Duration::from_secs(10);

/// One sign-off after the other, through the gate, the inbox, the outbox and to the platform.
pub async fn of(engine: &str, database: &TestDatabase) {
    let house = House::with(&database.place, PRACTICES).await;
    let times = many(TIMES, 5);
    let posts = house.posts(times + WARM + times, window(0)).await;
    let (posts, for_raw) = posts.split_at(times + WARM);
    let mut open = Open::over(&house);
    let stop = watch::Sender::new(false);
    let (office, stopping) = (open.office.clone(), stop.subscribe());
    let work = tokio::spawn(async move { rounds::go_on(&office, stopping).await });
    let (mut waits, mut raws) = (Times::default(), Times::default());
    let mut bare = match &database.place {
        Place::File(path) => Some(raw::open(path)),
        Place::Server(_) => None,
    };
    for (n, post) in posts.iter().enumerate() {
        let at = card(house.of(post), post);
        let event = open.sign_off(&house, n, post);
        let began = Instant::now();
        let receipt = gate::receive(&open.office, event).await;
        assert!(matches!(receipt, Receipt::Stored(_)), "{receipt:?}");
        let shown = loop {
            let shown = tokio::time::timeout(LOST, open.shown.recv()).await;
            let (message, shown) = shown.expect("in time").expect("the chat is there");
            if message == at.message {
                break shown;
            }
        };
        if let (Some(bare), Some(post)) = (&mut bare, for_raw.get(n)) {
            let began = Instant::now();
            tokio::task::block_in_place(|| raw::approve(bare, post));
            raws.since(began);
        }
        if n >= WARM {
            waits.add(shown - began);
        }
    }
    stop.send_replace(true);
    work.await.expect("ended");
    let (middle, most) = (waits.median(), waits.percentile(99));
    let beside = bare.map(|_| {
        let (raw, raw_most) = (raws.median(), raws.percentile(99));
        format!("a commit of raw SQLite: p50 {raw:.2} ms, p99 {raw_most:.1} ms")
    });
    Figure {
        what: &format!("{engine}: reaction to card updated, own time"),
        goal: "p99 < 20 ms",
        measured: format!("p50 {middle:.1} ms, p99 {most:.1} ms"),
        beside: beside.unwrap_or_default(),
        met: Some(most < 20.0),
    }
    .say();
}
