//! How often [Discord lets one ask](https://discord.com/developers/docs/topics/rate-limits), as the
//! heads of its answers say: so often a bucket and channel or guild, and fifty times a second in
//! all. Answers to interactions count towards none of these fifty.
//!
//! - A call waits for its turn here, or is told at once that its turn comes too late.
//! - Where Discord says "too many" all the same, nobody asks before the time that it named.
//! - Whoever goes on with what Discord refuses is shut out for good: before that, nobody asks.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::header::HeaderMap;
use tokio::time::{Instant, sleep_until};

/// So often within [`SECOND`], in all; Discord allows fifty.
const AT_ONCE: usize = 45;
const SECOND: Duration = Duration::from_secs(1);
/// Discord shuts out who was refused 10,000 times within [`LATELY`].
const REFUSED: usize = 5_000;
const LATELY: Duration = Duration::from_mins(10);
/// What is remembered is looked through when it is so much.
const MANY: usize = 4_096;
/// No answer is believed that names a longer time.
const LONGEST: Duration = Duration::from_hours(1);

/// One call, as far as its rate goes.
#[derive(Debug, Clone, Copy)]
pub struct Asks<'a> {
    /// Method and kind of route.
    pub route: &'a str,
    /// The channel, guild or interaction whose limit it is.
    pub major: &'a str,
    /// It answers an interaction.
    pub answers: bool,
}

/// What the head of an answer says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Told {
    bucket: Option<String>,
    limit: Option<u32>,
    remaining: Option<u32>,
    reset: Option<Duration>,
    /// One too many, and for how long.
    pub retry: Option<Duration>,
    /// What time it is there.
    pub now: Option<Timestamp>,
    scope: Option<String>,
}

/// Keeps the rates of everything.
#[derive(Default)]
pub struct Rates(Mutex<State>);

#[derive(Default)]
struct State {
    /// The bucket of a route, as Discord calls it.
    names: HashMap<String, String>,
    buckets: HashMap<(String, String), Bucket>,
    /// When something was asked lately.
    asked: VecDeque<Instant>,
    /// When something was refused lately.
    refused: VecDeque<Instant>,
    /// Nobody may ask anything before.
    shut: Option<Instant>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    limit: u32,
    left: u32,
    /// When all of it is allowed again.
    again: Instant,
}

impl Rates {
    /// Waits for the call's turn; how long it would be, if that is too long.
    pub async fn turn(&self, asks: Asks<'_>, patience: Duration) -> Result<(), Duration> {
        let began = Instant::now();
        loop {
            let now = Instant::now();
            let Err(at) = self.state().take(asks, now) else { return Ok(()) };
            if at - began > patience {
                return Err(at - now);
            }
            sleep_until(at).await;
        }
    }

    /// Takes in what an answer of this status says.
    pub fn learn(&self, asks: Asks<'_>, status: u16, told: &Told) {
        let now = Instant::now();
        let mut state = self.state();
        let shared = told.scope.as_deref() == Some("shared");
        if matches!(status, 401 | 403) || status == 429 && !shared {
            state.refused.push_back(now);
        }
        if let Some(name) = &told.bucket {
            state.names.insert(asks.route.to_owned(), name.clone());
        }
        let key = state.key(asks);
        if let Some(retry) = told.retry {
            let again = now + retry;
            if told.scope.as_deref() == Some("global") {
                state.shut = Some(again.max(state.shut.unwrap_or(now)));
                return;
            }
            let bucket = state.buckets.entry(key).or_insert(Bucket { limit: 1, left: 0, again });
            bucket.left = 0;
            bucket.again = bucket.again.max(again);
            return;
        }
        if let (Some(limit), Some(left), Some(reset)) = (told.limit, told.remaining, told.reset) {
            let again = now + reset;
            let bucket = state.buckets.entry(key).or_insert(Bucket { limit, left, again });
            // What others took meanwhile is taken.
            bucket.left =
                if again > bucket.again + SECOND / 20 { left } else { bucket.left.min(left) };
            bucket.limit = limit;
            bucket.again = bucket.again.max(again);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Takes a turn; when there may be one, if there is none now.
    fn take(&mut self, asks: Asks<'_>, now: Instant) -> Result<(), Instant> {
        if let Some(shut) = self.shut.filter(|shut| *shut > now && !asks.answers) {
            return Err(shut);
        }
        forget(&mut self.refused, now, LATELY);
        if self.refused.len() >= REFUSED {
            return Err(self.refused[0] + LATELY);
        }
        forget(&mut self.asked, now, SECOND);
        if !asks.answers && self.asked.len() >= AT_ONCE {
            return Err(self.asked[0] + SECOND);
        }
        if self.buckets.len() > MANY {
            self.buckets.retain(|_, bucket| bucket.again > now);
        }
        let key = self.key(asks);
        if let Some(bucket) = self.buckets.get_mut(&key) {
            if bucket.again <= now {
                bucket.left = bucket.limit;
                bucket.again = now + SECOND;
            }
            if bucket.left == 0 {
                return Err(bucket.again);
            }
            bucket.left -= 1;
        }
        if !asks.answers {
            self.asked.push_back(now);
        }
        Ok(())
    }

    /// Before Discord has said which bucket it is, each route is its own.
    fn key(&self, asks: Asks<'_>) -> (String, String) {
        let name = self.names.get(asks.route).map_or(asks.route, String::as_str);
        (name.to_owned(), asks.major.to_owned())
    }
}

impl Told {
    /// Without what it says of a limit that is none of the bucket's.
    #[must_use]
    pub fn of_no_bucket(self) -> Self {
        Self { now: self.now, scope: self.scope, ..Self::default() }
    }

    /// Reads the head of an answer. What can't be read was not said.
    pub fn read(head: &HeaderMap) -> Self {
        let text = |name: &str| Some(head.get(name)?.to_str().ok()?.to_owned());
        let time = |name: &str| seconds(&text(name)?);
        let reset = time("x-ratelimit-reset-after");
        let at = text("x-ratelimit-reset").and_then(|at| at.parse::<f64>().ok());
        let now = at.zip(reset).and_then(|(at, reset)| {
            let now = SignedDuration::try_from_secs_f64(at - reset.as_secs_f64()).ok()?;
            Timestamp::from_duration(now).ok()
        });
        Self {
            now,
            bucket: text("x-ratelimit-bucket"),
            limit: text("x-ratelimit-limit").and_then(|text| text.parse().ok()),
            remaining: text("x-ratelimit-remaining").and_then(|text| text.parse().ok()),
            reset,
            retry: time("retry-after"),
            scope: text("x-ratelimit-scope"),
        }
    }
}

/// So many seconds, which may have decimals.
pub fn seconds(text: &str) -> Option<Duration> {
    let seconds: f64 = text.parse().ok().filter(|seconds: &f64| seconds.is_finite())?;
    Some(Duration::from_secs_f64(seconds.clamp(0.0, LONGEST.as_secs_f64())))
}

fn forget(of: &mut VecDeque<Instant>, now: Instant, after: Duration) {
    while of.front().is_some_and(|at| *at + after <= now) {
        of.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks<'a>(route: &'a str, major: &'a str) -> Asks<'a> {
        Asks { route, major, answers: false }
    }

    fn told(bucket: &str, limit: u32, remaining: u32, reset: u64) -> Told {
        Told {
            bucket: Some(bucket.to_owned()),
            limit: Some(limit),
            remaining: Some(remaining),
            reset: Some(Duration::from_secs(reset)),
            ..Told::default()
        }
    }

    /// In whole seconds.
    fn waits(rates: &Rates, asks: Asks<'_>) -> u64 {
        let now = Instant::now();
        let taken = rates.state().take(asks, now);
        taken.map_or_else(|at| (at - now + SECOND / 2).as_secs(), |()| 0)
    }

    #[test]
    fn a_bucket_that_is_empty_is_waited_for() {
        let rates = Rates::default();
        let (put, other) = (asks("PUT reaction", "20"), asks("DELETE reaction", "20"));
        rates.learn(put, 204, &told("b", 5, 2, 4));
        rates.learn(other, 204, &told("b", 5, 2, 4));

        assert_eq!([waits(&rates, put), waits(&rates, other), waits(&rates, put)], [0, 0, 4]);
        assert_eq!(waits(&rates, asks("PUT reaction", "21")), 0);
        assert_eq!(waits(&rates, asks("GET message", "20")), 0);
    }

    #[test]
    fn after_too_many_nobody_asks_before_the_time() {
        let rates = Rates::default();
        let (post, get) = (asks("POST message", "20"), asks("GET message", "20"));
        let too_many = |scope: &str| Told {
            retry: Some(Duration::from_secs(7)),
            scope: Some(scope.to_owned()),
            ..Told::default()
        };

        rates.learn(post, 429, &too_many("shared"));
        assert_eq!((waits(&rates, post), waits(&rates, get)), (7, 0));
        rates.learn(post, 429, &too_many("global"));
        assert_eq!(waits(&rates, get), 7);
        assert_eq!(waits(&rates, Asks { answers: true, ..get }), 0);
        // What Discord limits for all is nobody's fault.
        assert_eq!(rates.state().refused.len(), 1);
    }

    #[test]
    fn there_are_fifty_a_second_and_answers_beside_them() {
        let rates = Rates::default();
        let ask = asks("GET message", "20");

        assert!((0..AT_ONCE).all(|_| waits(&rates, ask) == 0));
        assert_eq!(waits(&rates, ask), 1);
        assert_eq!(waits(&rates, Asks { answers: true, ..ask }), 0);
    }

    #[test]
    fn who_is_refused_again_and_again_stops() {
        let rates = Rates::default();
        let ask = asks("GET message", "20");
        for _ in 0..REFUSED {
            rates.learn(ask, 403, &Told::default());
        }

        assert_eq!(waits(&rates, ask), 600);
    }

    #[test]
    fn what_the_head_of_an_answer_says_is_read_or_was_not_said() {
        let mut head = HeaderMap::new();
        let mut put = |name: &'static str, value: &str| {
            head.insert(name, value.parse().expect("a header"));
        };
        put("x-ratelimit-bucket", "abcd");
        put("x-ratelimit-limit", "5");
        put("x-ratelimit-remaining", "many");
        put("x-ratelimit-reset-after", "1.25");
        put("x-ratelimit-reset", "1795424302.5");
        put("retry-after", "inf");

        let told = Told::read(&head);

        assert_eq!((told.limit, told.remaining, told.retry), (Some(5), None, None));
        assert_eq!(told.reset, Some(Duration::from_millis(1250)));
        assert_eq!(told.now.map(Timestamp::as_millisecond), Some(1_795_424_301_250));
        assert_eq!(seconds("-1"), Some(Duration::ZERO));
        assert_eq!(seconds("1e300"), Some(LONGEST));
    }
}
