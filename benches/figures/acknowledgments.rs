//! From an event that comes in to its receipt, which is given once it is stored.

use countersign::app::gate;
use countersign::domain::ids::EventId;
use countersign::domain::practice::Purpose;
use countersign::ports::chat::MessageRef;
use countersign::ports::intake::{ChatEvent, Happening, Receipt};
use countersign::store::Place;
use futures_util::stream::{self, StreamExt};
use tokio::time::Instant;

use crate::database::TestDatabase;
use crate::house::{House, at, window};
use crate::measure::{Figure, Times, many, median, rate, whole};
use crate::platform::Open;
use crate::{file, raw};

const TURNS: usize = 7;
const EACH: usize = 256;
const AT_ONCE: usize = 64;
const PRACTICES: usize = 16;
/// Enough for a median of the file system.
const SYNCS: usize = 200;

/// A flood of messages, in turns with raw commits to the same file; then a file that is held.
pub async fn on_sqlite() {
    let (folder, database) = file();
    let house = House::with(&database.place, PRACTICES).await;
    let open = Open::over(&house);
    let Place::File(path) = &database.place else { panic!("a file") };
    let posts = house.posts(many(TURNS, 1) * EACH, window(0)).await;
    let mut bare = raw::open(path);
    let (mut raws, mut ours, mut waits) = (Vec::new(), Vec::new(), Times::default());
    for (turn, posts) in posts.chunks(EACH).enumerate() {
        let began = Instant::now();
        tokio::task::block_in_place(|| posts.iter().for_each(|post| raw::approve(&mut bare, post)));
        raws.push(rate(EACH, began));
        ours.push(flood(&house, &open, turn, &mut waits).await);
    }
    let mut syncs = raw::syncs(folder.path(), SYNCS);
    say(
        "SQLite",
        &mut waits,
        ours,
        &format!(
            "64 commits of raw SQLite in a row: {:.1} ms; the file system, 4 KiB to the disk: {:.2} ms",
            64_000.0 / median(raws),
            syncs.median(),
        ),
    );

    bare.execute_batch("BEGIN IMMEDIATE").expect("held");
    let began = Instant::now();
    let receipt = gate::receive(&open.office, event(&house, 0, "held")).await;
    let told = began.elapsed().as_secs_f64();
    bare.execute_batch("ROLLBACK").expect("let go");
    let kept = receipt != Receipt::NotRecorded;
    Figure {
        what: "a writer that is blocked is said",
        goal: "within 2.5 s, and never acknowledged",
        measured: format!("{told:.2} s"),
        beside: "another process holds the file".to_owned(),
        met: Some(!kept && told < 2.5),
    }
    .say();
}

/// The same on a server.
pub async fn on_postgres() {
    let Some(database) = TestDatabase::on_server().await else { return };
    let house = House::with(&database.place, PRACTICES).await;
    let open = Open::over(&house);
    let (mut ours, mut waits) = (Vec::new(), Times::default());
    for turn in 0..many(TURNS, 1) {
        ours.push(flood(&house, &open, turn, &mut waits).await);
    }
    say("PostgreSQL", &mut waits, ours, "");
}

fn say(engine: &str, waits: &mut Times, ours: Vec<f64>, beside: &str) {
    let (middle, most) = (waits.median(), waits.percentile(99));
    Figure {
        what: &format!("{engine}: event to acknowledgment after the durable commit, 64 at once"),
        goal: "p99 < 50 ms",
        measured: format!("p50 {middle:.1} ms, p99 {most:.1} ms, {} a second", whole(median(ours))),
        beside: beside.to_owned(),
        met: Some(most < 50.0),
    }
    .say();
}

async fn flood(house: &House, open: &Open, turn: usize, waits: &mut Times) -> f64 {
    let began = Instant::now();
    let receipts = stream::iter(0..EACH).map(|n| async move {
        let event = event(house, n, &format!("event {turn}/{n}"));
        let asked = Instant::now();
        let receipt = gate::receive(&open.office, event).await;
        assert!(matches!(receipt, Receipt::Stored(_)), "{receipt:?}");
        asked
    });
    let mut receipts = receipts.buffer_unordered(AT_ONCE);
    while let Some(asked) = receipts.next().await {
        waits.since(asked);
    }
    rate(EACH, began)
}

/// Somebody answers in a thread of the approvals channel.
fn event(house: &House, n: usize, id: &str) -> ChatEvent {
    let practice = &house.practices[n % PRACTICES];
    let channel = practice.channel(Purpose::Approvals).expect("it has one").clone();
    let message = |message: &str| MessageRef { channel: channel.clone(), message: message.into() };
    let text = "The clinic is closed on Thursday, so the slot should be on Friday at 9. ".repeat(4);
    ChatEvent {
        id: EventId::new(id),
        at: at(100),
        from: practice.members[n % practice.members.len()].identities[0].clone(),
        is_bot: false,
        channel: channel.clone(),
        what: Happening::Said {
            message: message(id),
            thread: Some(message("a thread")),
            text,
            files: Vec::new(),
        },
    }
}
