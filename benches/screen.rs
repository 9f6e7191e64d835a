//! Measures how fast the screen is and how much it takes: `cargo bench --bench screen`.
//!
//! `cargo test --bench screen` only sees that it works, with numbers that mean nothing.
//!
//! What it prints is the table of the README. Everything runs on one core; what is said of many is
//! their median, or the time below which 99 of a hundred are.

#[path = "screen/hostile.rs"]
mod hostile;
#[path = "figures/measure.rs"]
#[expect(dead_code, reason = "the figures of the program use all of it")]
mod measure;

use std::fs::read_to_string;

use countersign::screen::{Kind, Roster, Screen};
use measure::{Figure, Times, many, median};
use tokio::time::Instant;

/// A text as long as a long post.
const LONG: usize = 2_000;
/// How often each thing is measured.
const ROUNDS: usize = 15;

fn main() {
    measure::heading();
    let before = memory();
    let screen = Screen::new();
    let texts = texts();
    memory_of(before, &screen, &texts);
    let start = starts();
    Figure {
        what: "the screen is ready",
        goal: "< 150 ms",
        measured: format!("{start:.0} ms"),
        beside: String::new(),
        met: Some(start < 150.0),
    }
    .say();
    rate_of(&screen, &texts);
    long_texts(&screen, &texts);
    hostile_texts(&screen);
}

/// The texts of the tests: posts and replies of every kind.
fn texts() -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/data/screen/own.jsonl");
    let file = read_to_string(path).expect("the texts");
    let text = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
        line["text"].as_str().expect("a text").to_owned()
    };
    file.lines().map(text).collect()
}

/// Makes a screen several times; how long it takes, in milliseconds.
fn starts() -> f64 {
    let mut times = Times::default();
    for _ in 0..many(ROUNDS, 1) {
        let began = Instant::now();
        let screen = Screen::new();
        times.since(began);
        drop(screen);
    }
    times.median()
}

fn rate_of(screen: &Screen, texts: &[String]) {
    let bytes: usize = texts.iter().map(String::len).sum();
    let bytes = f64::from(u32::try_from(bytes).expect("not that many"));
    let mut rates = Vec::new();
    for _ in 0..many(ROUNDS, 1) {
        let began = Instant::now();
        for text in texts {
            check(screen, text);
        }
        rates.push(bytes / began.elapsed().as_secs_f64() / 1e6);
    }
    let rate = median(rates);
    Figure {
        what: "texts screened, one core",
        goal: ">= 2 MB/s",
        measured: format!("{rate:.1} MB/s"),
        beside: format!("{} texts, {:.0} kB in all", texts.len(), bytes / 1e3),
        met: Some(rate >= 2.0),
    }
    .say();
}

/// Texts as long as a long post, made of the short ones.
fn long_texts(screen: &Screen, texts: &[String]) {
    let all = texts.join(" ");
    let letters: Vec<char> = all.chars().collect();
    let long: Vec<String> = letters.chunks_exact(LONG).map(|part| part.iter().collect()).collect();
    let mut times = Times::default();
    for text in long.iter().cycle().take(many(2_000, long.len().min(3))) {
        let began = Instant::now();
        check(screen, text);
        times.since(began);
    }
    let slow = times.percentile(99);
    Figure {
        what: "a text of 2,000 characters, p99",
        goal: "< 1 ms",
        measured: format!("{slow:.2} ms"),
        beside: format!("p50 {:.2} ms", times.median()),
        met: Some(slow < 1.0),
    }
    .say();
}

fn hostile_texts(screen: &Screen) {
    let (mut worst, mut which) = (0.0, "");
    for (name, text) in hostile::texts() {
        let mut times = Times::default();
        for _ in 0..many(ROUNDS, 1) {
            let began = Instant::now();
            check(screen, &text);
            times.since(began);
        }
        if times.median() >= worst {
            (worst, which) = (times.median(), name);
        }
    }
    Figure {
        what: "10 kB made to be slow, the slowest of them",
        goal: "< 20 ms",
        measured: format!("{worst:.1} ms"),
        beside: which.to_owned(),
        met: Some(worst < 20.0),
    }
    .say();
}

fn memory_of(before: f64, screen: &Screen, texts: &[String]) {
    for text in texts {
        check(screen, text);
    }
    let taken = (memory() - before) / 1024.0;
    Figure {
        what: "memory of the screen at work",
        goal: "< 20 MB",
        measured: format!("{taken:.1} MiB"),
        beside: String::new(),
        met: Some(taken < 19.0),
    }
    .say();
}

fn check(screen: &Screen, text: &str) {
    std::hint::black_box(screen.check_as(Kind::Post, text, &Roster::default()));
}

/// What this process holds, in KiB.
fn memory() -> f64 {
    let status = read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("a line");
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("a number")
}
