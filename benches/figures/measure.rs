//! Taking times, and saying them.

use std::io::{Write, stdout};
use std::time::Duration;

use tokio::time::Instant;

/// Times of the same thing, again and again.
#[derive(Default)]
pub struct Times(Vec<Duration>);

impl Times {
    /// Adds what has passed since then.
    pub fn since(&mut self, began: Instant) {
        self.0.push(began.elapsed());
    }

    /// The time below which so many of a hundred are, in milliseconds.
    pub fn percentile(&mut self, percent: usize) -> f64 {
        self.0.sort();
        let at = (self.0.len() * percent / 100).min(self.0.len() - 1);
        self.0[at].as_secs_f64() * 1_000.0
    }
}

/// So many a second.
pub fn rate(count: usize, began: Instant) -> f64 {
    let count = u32::try_from(count).expect("not that many");
    f64::from(count) / began.elapsed().as_secs_f64()
}

/// The one in the middle.
pub fn median(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    of[of.len() / 2]
}

/// A line of the table: what, what was measured, the goal.
pub fn say(what: &str, measured: &str, goal: &str) {
    let _ = writeln!(stdout(), "| {what} | {measured} | {goal} |");
}

/// What stands above it.
pub fn heading() {
    let _ = writeln!(stdout(), "| what | measured | goal |\n|---|---|---|");
}
