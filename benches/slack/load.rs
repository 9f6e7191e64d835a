//! What the bots are put through.

use std::time::Duration;

use tokio::time::Instant;

use crate::bot::{Bot, Kind};
use crate::measure::{Times, many, median};
use crate::place;
use crate::slack::{At, Slack, Timing};

/// Reactions a second, one rate after the other.
pub const RATES: [usize; 4] = [100, 300, 600, 1_200];

/// What came of it: milliseconds, but for the flood's seconds and the memory's MiB.
pub struct Measured {
    pub start: f64,
    pub rest: f64,
    pub peak: f64,
    /// Until the last was acknowledged.
    pub flood: f64,
    /// Until the last counted as a sign-off.
    pub counted: f64,
    pub flood_p50: f64,
    pub flood_p99: f64,
    /// p50 and p99 at each of the rates.
    pub steady: Vec<(f64, f64)>,
    /// p50, and the slowest.
    pub card: (f64, f64),
    /// For each reaction of the flood and the rates, until all of them counted.
    pub processor: f64,
}

/// So many at once.
pub fn flood() -> usize {
    many(5_000, 50)
}

/// Each rate goes on for so long.
fn seconds(rate: usize) -> usize {
    many(rate * 4, rate / 20)
}

/// So many cards are looked at, one after the other.
pub fn looked_at() -> usize {
    many(30, 3)
}

/// So many starts in each turn.
fn starts() -> usize {
    many(5, 1)
}

/// Below what Slack takes of one workspace: [50 updates a minute](https://docs.slack.dev/apis/web-api/rate-limits/).
const APART: Duration = Duration::from_millis(1_600);

/// Puts one of them through all of it.
pub async fn measured(kind: Kind) -> Measured {
    let start = started(kind).await;
    let slack = Slack::start();
    // Slack brings again what is not acknowledged in 3 s. Here each is brought once and waited for,
    // so that both have the same to do, and what took longer than that is seen.
    let (deadline, again) = (Duration::from_mins(2), Vec::new());
    slack.timing(Timing { deadline, again, latency: Duration::ZERO });
    let count = looked_at() + flood() + RATES.into_iter().map(seconds).sum::<usize>();
    let mut cards = place::cards(&slack, count);
    let bot = Bot::start(kind, &slack, count).await;
    tokio::time::sleep(many(Duration::from_secs(3), Duration::ZERO)).await;
    let rest = bot.memory().0;

    let card = cards_in(&slack, &mut cards.drain(..looked_at())).await;
    let before = bot.processor();
    let began = Instant::now();
    let (took, mut flooded) = all_at_once(&slack, cards.drain(..flood())).await;
    bot.counts(count - cards.len()).await;
    let counted = began.elapsed();
    let mut steady = Vec::new();
    for rate in RATES {
        let some: Vec<At> = cards.drain(..seconds(rate)).collect();
        let mut times = at_a_rate(&slack, some, rate).await;
        steady.push((times.median(), times.percentile(99)));
        // Nothing is left over for the next rate.
        bot.counts(count - cards.len()).await;
    }
    let spent = bot.processor() - before;
    assert_eq!(slack.given_up(), 0, "{kind:?} acknowledged all");
    let reactions = u32::try_from(count - looked_at()).expect("not that many");
    Measured {
        start,
        rest,
        peak: bot.memory().1,
        flood: took.as_secs_f64(),
        counted: counted.as_secs_f64(),
        flood_p50: flooded.median(),
        flood_p99: flooded.percentile(99),
        steady,
        card,
        processor: spent * 1_000.0 / f64::from(reactions),
    }
}

/// From its start until it is connected, with one card that waits.
async fn started(kind: Kind) -> f64 {
    let mut times = Vec::new();
    for _ in 0..starts() {
        let slack = Slack::start();
        place::cards(&slack, 1);
        times.push(Bot::start(kind, &slack, 1).await.start.as_secs_f64() * 1_000.0);
    }
    median(times)
}

/// Somebody signs a card, and sees that it says so.
async fn cards_in(slack: &Slack, cards: &mut dyn Iterator<Item = At>) -> (f64, f64) {
    let mut times = Times::default();
    let rao = slack.person("dr-rao");
    for at in cards {
        let began = Instant::now();
        rao.reacts(&at, "white_check_mark");
        let says = "igned by";
        let stands = |at: &At| {
            let at = at.clone();
            slack.until(move |w| w.message(&at.0, &at.1).is_some_and(|card| card.says(says)))
        };
        stands(&at).await;
        times.since(began);
        tokio::time::sleep(many(APART, Duration::ZERO).saturating_sub(began.elapsed())).await;
    }
    (times.median(), times.percentile(100))
}

/// All sign-offs at once; how long until the last was acknowledged, and how long each took.
async fn all_at_once(slack: &Slack, cards: impl Iterator<Item = At>) -> (Duration, Times) {
    let who = place::user("dr-rao");
    slack.with(|world| world.took.clear());
    let began = Instant::now();
    slack.with(|world| {
        for at in cards {
            world.reacts(&who, "white_check_mark", (&at.0, &at.1), true);
        }
    });
    slack.settled().await;
    (began.elapsed(), taken(slack))
}

/// So many a second, whatever comes back.
async fn at_a_rate(slack: &Slack, cards: Vec<At>, rate: usize) -> Times {
    let who = place::user("dr-rao");
    slack.with(|world| world.took.clear());
    let apart = Duration::from_secs(1) / u32::try_from(rate).expect("few");
    let mut next = Instant::now();
    for at in cards {
        tokio::time::sleep_until(next).await;
        next += apart;
        slack.with(|world| world.reacts(&who, "white_check_mark", (&at.0, &at.1), true));
    }
    slack.settled().await;
    taken(slack)
}

fn taken(slack: &Slack) -> Times {
    let mut times = Times::default();
    slack.with(|world| world.took.drain(..).for_each(|took| times.add(took)));
    times
}
