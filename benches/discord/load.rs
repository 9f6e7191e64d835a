//! What the bots are put through.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

use crate::bot::{Bot, Kind};
use crate::discord::{At, Discord};
use crate::measure::{Times, many, median};
use crate::place;

/// Buttons a second, one rate after the other.
pub const RATES: [usize; 3] = [50, 150, 300];

/// What came of it: milliseconds, but for the flood's seconds and the memory's MiB.
pub struct Measured {
    pub start: f64,
    pub rest: f64,
    pub peak: f64,
    /// Until the last reaction of the flood counted as a sign-off.
    pub counted: f64,
    /// p50 and p99 of the answers at each of the rates.
    pub steady: Vec<(f64, f64)>,
    /// p50, and the slowest.
    pub card: (f64, f64),
    /// For each sign-off of the flood and the rates, until all of them counted.
    pub processor: f64,
}

/// So many reactions at once.
pub fn flood() -> usize {
    many(1_000, 20)
}

/// Each rate goes on for so long.
fn seconds(rate: usize) -> usize {
    many(rate * 4, rate / 10)
}

/// So many cards are looked at, one after the other.
pub fn looked_at() -> usize {
    many(30, 3)
}

/// So many starts in each turn.
fn starts() -> usize {
    many(5, 1)
}

/// Far below what Discord takes.
const APART: Duration = Duration::from_millis(500);

/// Puts one of them through all of it.
pub async fn measured(kind: Kind) -> Measured {
    let start = started(kind).await;
    let discord = Discord::start();
    // What took longer than Discord waits is seen, and not lost.
    discord.with(|world| world.timing.answer = Duration::from_mins(2));
    let count = looked_at() + flood() + RATES.into_iter().map(seconds).sum::<usize>();
    let all = place::cards(&discord, count);
    let bot = Bot::start(kind, &discord, &all).await;
    if kind == Kind::Ours {
        all_are_read(&discord, count).await;
    }
    sleep(many(Duration::from_secs(3), Duration::ZERO)).await;
    let rest = bot.memory().0;

    let mut cards = all.iter().copied().enumerate();
    let card = one_by_one(&discord, &mut cards.by_ref().take(looked_at())).await;
    let (before, began) = (bot.processor(), Instant::now());
    let rao = discord.person("dr-rao");
    for (_, at) in cards.by_ref().take(flood()) {
        rao.reacts(&at, "✅");
    }
    let mut wanted = looked_at() + flood();
    bot.counts(wanted).await;
    let counted = began.elapsed().as_secs_f64();
    let mut steady = Vec::new();
    for rate in RATES {
        let some: Vec<(usize, At)> = cards.by_ref().take(seconds(rate)).collect();
        wanted += some.len();
        let mut times = at_a_rate(&discord, kind, some, rate).await;
        steady.push((times.median(), times.percentile(99)));
        // Nothing is left over for the next rate.
        bot.counts(wanted).await;
    }
    let spent = bot.processor() - before;
    let sign_offs = u32::try_from(count - looked_at()).expect("not that many");
    let processor = spent * 1_000.0 / f64::from(sign_offs);
    Measured { start, rest, peak: bot.memory().1, counted, steady, card, processor }
}

/// From its start until it is connected, with one card that waits.
async fn started(kind: Kind) -> f64 {
    let mut times = Vec::new();
    for _ in 0..starts() {
        let discord = Discord::start();
        let cards = place::cards(&discord, 1);
        times.push(Bot::start(kind, &discord, &cards).await.start.as_secs_f64() * 1_000.0);
    }
    median(times)
}

/// Waits until ours has read each card again, as it does after a start.
async fn all_are_read(discord: &Discord, count: usize) {
    let is_read = |route: &str| route == "GET /channels/*/messages/*";
    while discord.with(|w| w.calls.iter().filter(|call| is_read(&call.route)).count()) < count {
        sleep(Duration::from_millis(100)).await;
    }
}

/// Somebody signs a card, and sees that it says so.
async fn one_by_one(discord: &Discord, cards: &mut dyn Iterator<Item = (usize, At)>) -> (f64, f64) {
    let mut times = Times::default();
    let rao = discord.person("dr-rao");
    for (_, at) in cards {
        let began = Instant::now();
        rao.reacts(&at, "✅");
        let signed = "igned by";
        discord.until(|w| w.message(at.0, at.1).is_some_and(|card| card.says(signed))).await;
        times.since(began);
        sleep(many(APART, Duration::ZERO).saturating_sub(began.elapsed())).await;
    }
    (times.median(), times.percentile(100))
}

/// So many buttons a second, whatever comes back; how long each answer took.
async fn at_a_rate(discord: &Discord, kind: Kind, cards: Vec<(usize, At)>, rate: usize) -> Times {
    let apart = Duration::from_secs(1) / u32::try_from(rate).expect("few");
    let (mut next, mut all) = (Instant::now(), JoinSet::new());
    for (n, at) in cards {
        sleep_until(next).await;
        next += apart;
        let (rao, button) = (discord.person("dr-rao"), button(kind, n));
        all.spawn(async move {
            let began = Instant::now();
            rao.presses_id(&at, &button).await.expect("answered");
            began.elapsed()
        });
    }
    let mut times = Times::default();
    all.join_all().await.into_iter().for_each(|took| times.add(took));
    times
}

/// The id of the button that signs a card, as each of them makes it.
fn button(kind: Kind, n: usize) -> String {
    match kind {
        Kind::Ours => format!("d0:sign:post-{n:06}"),
        Kind::Peer => "sign".to_owned(),
    }
}
