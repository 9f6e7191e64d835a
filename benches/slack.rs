//! Measures the way from Slack to Slack, beside the same job on Slack's own library for JavaScript:
//! `cargo bench --bench slack`.
//!
//! `cargo test --bench slack` only sees that all of it works, with numbers that mean nothing.
//!
//! Both bots run in turns, as processes of their own, against a simulated Slack in this one, which
//! keeps Slack's limits. A reaction is stored for good (SQLite, WAL, `synchronous = FULL`), then
//! acknowledged, then its card says so. At most 50 cards a minute can be updated, so that the way
//! to the card is measured one by one, and floods and rates only until the sign-offs count: in
//! Countersign once they are decided, which is after the acknowledgment; in the peer when they are
//! stored. The peer is `benches/slack/peer.mjs`, and needs Node and
//! `npm ci --prefix benches/slack`; without them it is left out, and that is said.
//! `COUNTERSIGN_SLACK_PEER` set to anything has it fail instead.

#[path = "slack/bot.rs"]
mod bot;
#[path = "figures/house.rs"]
#[expect(dead_code, reason = "other benches use all of it")]
mod house;
#[path = "slack/load.rs"]
mod load;
#[path = "figures/measure.rs"]
#[expect(dead_code, reason = "other benches use all of it")]
mod measure;
#[path = "slack/place.rs"]
mod place;
#[path = "figures/process.rs"]
mod process;
#[path = "../tests/support/slack/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the tests use all of it")]
mod slack;

use std::fmt::Write as _;
use std::io::{Write as _, stdout};

use bot::Kind;
use load::{Measured, RATES};
use measure::{many, median, whole};

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let without = bot::why_no_peer();
        if let Some(why) = &without {
            assert!(std::env::var_os("COUNTERSIGN_SLACK_PEER").is_none(), "{why}");
            let _ = writeln!(stdout(), "The peer is left out: {why}");
        }
        let (mut ours, mut peer) = (Vec::new(), Vec::new());
        for _ in 0..many(3, 1) {
            ours.push(load::measured(Kind::Ours).await);
            if without.is_none() {
                peer.push(load::measured(Kind::Peer).await);
            }
        }
        let _ = write!(stdout(), "{}", table(&ours, &peer));
    });
}

/// The rows, as they stand in the README: of each figure the median of all turns.
fn table(ours: &[Measured], peer: &[Measured]) -> String {
    let mut table = "| what | Countersign | Bolt | |\n|---|---|---|---|\n".to_owned();
    let mut row = |what: &str, of: &dyn Fn(&Measured) -> f64, unit: &str, goal: f64| {
        let own = median(ours.iter().map(of).collect());
        let other = (!peer.is_empty()).then(|| median(peer.iter().map(of).collect()));
        let met = other.map_or("", |other| if own < other * goal { "met" } else { "missed" });
        let other = other.map(|other| said(other, unit)).unwrap_or_default();
        let _ = writeln!(table, "| {what} | {} | {other} | {met} |", said(own, unit));
    };
    let flood = number(load::flood());
    let at_once = format!("{flood} reactions at once: until the last is acknowledged");
    row(&at_once, &|m| m.flood, "s", 1.0);
    row("the same: until the last counts as a sign-off", &|m| m.counted, "s", 1.0);
    row("the same: acknowledged, p50", &|m| m.flood_p50, "ms", 1.0);
    row("the same: acknowledged, p99", &|m| m.flood_p99, "ms", 1.0);
    for (n, rate) in RATES.into_iter().enumerate() {
        let rate = number(rate);
        row(&format!("{rate} a second: acknowledged, p50"), &|m| m.steady[n].0, "ms", 1.0);
        row(&format!("{rate} a second: acknowledged, p99"), &|m| m.steady[n].1, "ms", 1.0);
    }
    row("one at a time: reaction to updated card, p50", &|m| m.card.0, "ms", 1.0);
    let slowest = format!("the same, the slowest of {}", load::looked_at());
    row(&slowest, &|m| m.card.1, "ms", 1.0);
    row("processor for a reaction until it counts", &|m| m.processor, "ms", 1.0);
    row("memory at rest, connected", &|m| m.rest, "MiB", 0.1);
    row("memory at its highest", &|m| m.peak, "MiB", 0.1);
    row("start until connected", &|m| m.start, "ms", 1.0);
    table
}

fn number(of: usize) -> String {
    whole(u32::try_from(of).expect("not that many").into())
}

/// A number with as many digits as mean something.
fn said(number: f64, unit: &str) -> String {
    match number {
        ..10.0 => format!("{number:.2} {unit}"),
        ..100.0 => format!("{number:.1} {unit}"),
        _ => format!("{} {unit}", whole(number)),
    }
}
