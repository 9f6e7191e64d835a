//! How often [Slack lets one call](https://docs.slack.dev/apis/web-api/rate-limits/): so many times
//! a minute a method and workspace, and about one message a second in a channel.
//!
//! - A call waits for its turn here, or is told at once that its turn comes too late.
//! - Where Slack says "too many" all the same, nobody calls that method of that workspace before
//!   the time that Slack named.
//! - What a person waits for (a form, an answer for their eyes) goes at once; of the rest only so
//!   many are under way in a workspace, so that a sweep over all cards keeps nobody waiting.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

/// So many calls that nobody waits for are under way in one workspace.
const AT_ONCE: usize = 8;
/// A form opens within 3 s of the press, or not at all.
const URGENT: Duration = Duration::from_secs(1);
/// What is remembered is looked through when it is so much.
const MANY: usize = 4096;

/// How often, in the steady run: so many at once, and then one each so often. Both together stay
/// below what Slack allows in a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pace {
    at_once: u32,
    each: Duration,
}

/// 20 a minute.
const TIER_2: Pace = Pace { at_once: 5, each: Duration::from_secs(4) };
/// 50 a minute.
const TIER_3: Pace = Pace { at_once: 10, each: Duration::from_millis(1500) };
/// 100 a minute.
const TIER_4: Pace = Pace { at_once: 20, each: Duration::from_millis(750) };
/// A message a second in a channel; short bursts are suffered.
const CHANNEL: Pace = Pace { at_once: 4, each: Duration::from_millis(1050) };
/// Messages in all channels together: "several hundred a minute".
const WORKSPACE: Pace = Pace { at_once: 20, each: Duration::from_millis(300) };

/// One call, as far as its rate goes.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The workspace.
    pub team: &'a str,
    /// The method.
    pub method: &'a str,
    /// The channel it writes to, if it does.
    pub channel: &'a str,
}

/// Keeps the rates of everything.
#[derive(Default)]
pub struct Rates {
    all: Mutex<HashMap<String, Turns>>,
    teams: Mutex<HashMap<String, Arc<Semaphore>>>,
}

/// The turns of one method in one workspace, or of one channel.
#[derive(Debug, Clone, Copy)]
struct Turns {
    /// When it would be unused again.
    free: Instant,
    /// Slack wants no call before.
    shut: Instant,
}

/// A call that may be made; its turn is over when this is dropped.
#[derive(Debug)]
pub struct Turn(
    #[expect(dead_code, reason = "held until the call is over")] Option<OwnedSemaphorePermit>,
);

impl Rates {
    /// Waits for the call's turn; how long it would be, if that is too long.
    pub async fn turn(&self, call: Call<'_>, longest: Duration) -> Result<Turn, Duration> {
        let urgent = is_urgent(call.method);
        let patience = if urgent { URGENT.min(longest) } else { longest };
        let now = Instant::now();
        let at = self.take(call, now, patience)?;
        if at > now {
            sleep_until(at).await;
        }
        if urgent {
            return Ok(Turn(None));
        }
        let places = self.team(call.team).acquire_owned();
        match tokio::time::timeout(patience, places).await {
            Ok(place) => Ok(Turn(place.ok())),
            Err(_) => Err(patience),
        }
    }

    /// Slack says that it was one too many, and when one may call again.
    pub fn too_many(&self, call: Call<'_>, wait: Duration) {
        let now = Instant::now();
        let mut all = lock(&self.all);
        let turns = all.entry(key(call)).or_insert(Turns { free: now, shut: now });
        turns.shut = turns.shut.max(now + wait);
    }

    /// When the call's turn is, which is taken by that; how long it would be, if too long.
    fn take(&self, call: Call<'_>, now: Instant, patience: Duration) -> Result<Instant, Duration> {
        let mut all = lock(&self.all);
        if all.len() > MANY {
            all.retain(|_, turns| turns.free > now || turns.shut > now);
        }
        let new = Turns { free: now, shut: now };
        let wanted: Vec<(String, Option<Pace>)> = match call.method {
            "chat.postMessage" => {
                vec![
                    (key(call), Some(WORKSPACE)),
                    (format!("{} #{}", call.team, call.channel), Some(CHANNEL)),
                ]
            }
            method => vec![(key(call), tier(method))],
        };
        let turn =
            |(key, pace): &(String, Option<Pace>)| all.get(key).unwrap_or(&new).next(*pace, now);
        let at = wanted.iter().map(turn).max().unwrap_or(now);
        if at - now > patience {
            return Err(at - now);
        }
        for (key, pace) in wanted {
            let turns = all.entry(key).or_insert(new);
            turns.free = turns.free.max(now) + pace.map_or(Duration::ZERO, |pace| pace.each);
        }
        Ok(at)
    }

    fn team(&self, team: &str) -> Arc<Semaphore> {
        let mut teams = lock(&self.teams);
        let places = || Arc::new(Semaphore::new(AT_ONCE));
        teams.entry(team.to_owned()).or_insert_with(places).clone()
    }
}

impl Turns {
    /// When the next turn is: at once while fewer than so many are taken.
    fn next(self, pace: Option<Pace>, now: Instant) -> Instant {
        let Some(Pace { at_once, each }) = pace else { return self.shut.max(now) };
        let taken = self.free.saturating_duration_since(now);
        let ahead = each * (at_once - 1);
        self.shut.max(now + taken.saturating_sub(ahead))
    }
}

/// What somebody waits for who has just pressed something.
fn is_urgent(method: &str) -> bool {
    matches!(method, "views.open" | "views.push" | "views.update" | "chat.postEphemeral")
}

/// How often a method may be called; `None` where Slack names no limit that one could reach.
fn tier(method: &str) -> Option<Pace> {
    match method {
        "auth.test" | "chat.getPermalink" => None,
        "chat.postEphemeral"
        | "conversations.members"
        | "users.info"
        | "files.info"
        | "files.getUploadURLExternal"
        | "files.completeUploadExternal" => Some(TIER_4),
        _ if method.starts_with("views.") => Some(TIER_4),
        "conversations.list" | "users.list" | "emoji.list" | "reactions.remove" => Some(TIER_2),
        _ => Some(TIER_3),
    }
}

fn key(call: Call<'_>) -> String {
    format!("{} {}", call.team, call.method)
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENOUGH: Duration = Duration::from_hours(1);

    fn call<'a>(method: &'a str, channel: &'a str) -> Call<'a> {
        Call { team: "T1", method, channel }
    }

    #[test]
    fn no_minute_holds_more_calls_than_slack_allows() {
        let limits = [(TIER_2, 20), (TIER_3, 50), (TIER_4, 100), (CHANNEL, 61)];
        for (Pace { at_once, each }, allowed) in limits {
            let later = 60_000 / u32::try_from(each.as_millis()).expect("short");
            assert!(at_once + later <= allowed, "{at_once} and one each {each:?}");
        }
    }

    #[test]
    fn some_go_at_once_and_then_one_after_the_other() {
        let (rates, now) = (Rates::default(), Instant::now());
        let take = || rates.take(call("reactions.get", ""), now, ENOUGH).expect("soon") - now;

        let waits: Vec<u128> = (0..13).map(|_| take().as_millis()).collect();

        assert_eq!(waits[..10], [0; 10]);
        assert_eq!(waits[10..], [1500, 3000, 4500]);
        let later = now + Duration::from_mins(1);
        let rested = rates.take(call("reactions.get", ""), later, ENOUGH).expect("soon");
        assert_eq!(rested, later);
    }

    #[test]
    fn channels_workspaces_and_methods_do_not_wait_for_each_other() {
        let (rates, now) = (Rates::default(), Instant::now());
        let waits = |call: Call<'_>| rates.take(call, now, Duration::ZERO).is_err();

        let post = call("chat.postMessage", "C1");
        assert!((0..4).all(|_| !waits(post)) && waits(post), "four at once");
        assert!(!waits(call("chat.postMessage", "C2")));
        assert!(!waits(Call { team: "T2", ..post }));
        assert!(!waits(call("views.open", "C1")));
    }

    #[test]
    fn what_would_wait_too_long_takes_no_turn() {
        let (rates, now) = (Rates::default(), Instant::now());
        let update = call("chat.update", "");
        let take = |patience| rates.take(update, now, patience);
        assert!((0..10).all(|_| take(ENOUGH).is_ok()));

        let refused: Vec<_> = (0..3).map(|_| take(Duration::from_secs(1))).collect();

        assert_eq!(refused, [Err(Duration::from_millis(1500)); 3]);
    }

    #[test]
    fn after_too_many_nobody_calls_before_slack_allows_it() {
        let rates = Rates::default();
        let post = call("chat.postMessage", "C1");
        rates.too_many(post, Duration::from_secs(7));
        rates.too_many(post, Duration::from_secs(2));
        let now = Instant::now();

        let elsewhere = rates.take(call("chat.postMessage", "C2"), now, Duration::from_secs(1));
        let wait = elsewhere.expect_err("the whole method is shut");
        assert!(wait > Duration::from_secs(6), "{wait:?}");
        assert!(rates.take(call("chat.update", ""), now, Duration::ZERO).is_ok());
        let later = now + Duration::from_secs(8);
        assert_eq!(rates.take(post, later, Duration::ZERO), Ok(later));
    }

    #[tokio::test]
    async fn who_waits_for_a_form_does_not_wait_behind_a_sweep() {
        let rates = Rates::default();
        let mut sweep = Vec::new();
        for _ in 0..AT_ONCE {
            sweep.push(rates.turn(call("reactions.get", ""), ENOUGH).await.expect("its turn"));
        }

        let form = rates.turn(call("views.open", ""), ENOUGH).await;
        let another = rates.turn(call("users.info", ""), ENOUGH);

        assert!(form.is_ok());
        tokio::select! {
            biased;
            _ = another => panic!("it is one too many"),
            () = async { sweep.clear() } => {}
        }
        assert!(rates.turn(call("users.info", ""), ENOUGH).await.is_ok());
    }
}
