//! Taking times, and saying them.

use std::io::{Write, stdout};
use std::time::Duration;

use tokio::time::Instant;

/// Times of the same thing, again and again.
#[derive(Default)]
pub struct Times(Vec<Duration>);

/// A row of the table, as it stands in the README.
pub struct Figure<'a> {
    pub what: &'a str,
    pub goal: &'a str,
    pub measured: String,
    /// The limit, or somebody else who does the same, in the same run.
    pub beside: String,
    /// Whether the goal is reached; nothing where there is none.
    pub met: Option<bool>,
}

impl Times {
    /// Adds what has passed since then.
    pub fn since(&mut self, began: Instant) {
        self.add(began.elapsed());
    }

    /// Adds a time.
    pub fn add(&mut self, time: Duration) {
        self.0.push(time);
    }

    /// The time below which so many of a hundred are, in milliseconds.
    pub fn percentile(&mut self, percent: usize) -> f64 {
        self.0.sort();
        let at = (self.0.len() * percent / 100).min(self.0.len() - 1);
        self.0[at].as_secs_f64() * 1_000.0
    }

    /// The one in the middle, in milliseconds.
    pub fn median(&mut self) -> f64 {
        self.percentile(50)
    }
}

impl Figure<'_> {
    /// Says it.
    pub fn say(self) {
        let Self { what, goal, measured, beside, met } = self;
        let met = met.map_or("", |met| if met { "met" } else { "missed" });
        let _ = writeln!(stdout(), "| {what} | {goal} | {measured} | {beside} | {met} |");
    }
}

/// The processor's time that this process took so far, in seconds.
pub fn processor() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("Linux");
    let (_, after_name) = stat.rsplit_once(") ").expect("a name");
    let ticks = after_name.split(' ').skip(11).take(2);
    ticks.map(|ticks| ticks.parse::<f64>().expect("a number")).sum::<f64>() / 100.0
}

/// So many where it is measured; few where it is only seen to work, as `cargo test` does.
pub fn many<N>(measured: N, tried: N) -> N {
    if std::env::args().any(|arg| arg == "--bench") { measured } else { tried }
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

/// A number with a comma for the thousands.
pub fn whole(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut said = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            said.push(',');
        }
        said.push(digit);
    }
    said
}

/// What stands above the rows.
pub fn heading() {
    let _ =
        writeln!(stdout(), "| what | goal | measured | in the same run | |\n|---|---|---|---|---|");
}
