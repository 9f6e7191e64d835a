//! How a publication is received: counts at a time, and when they are looked at.
//!
//! The plan decays: densely in the first hours, daily for two weeks, weekly to the ninetieth day.
//! Each look has its time by when the publication went out and by its id alone, so that a late look
//! or a restart moves none of those that follow.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::words::words;

/// What a network tells of a publication; what it does not tell is not set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Likes, favorites.
    pub likes: Option<i64>,
    /// Reposts, boosts.
    pub reposts: Option<i64>,
    /// Replies, comments.
    pub replies: Option<i64>,
    /// Posts that quote it.
    pub quotes: Option<i64>,
}

words! {
    /// What somebody said to a practice is.
    pub enum Category {
        /// A reply to, or a comment under, one of its publications.
        Comment = "comment",
        /// A post that names the account.
        Mention = "mention",
        /// A post that quotes one of its publications.
        Quote = "quote",
    }
}

/// Looks in the first day, in minutes after it went out.
const MINUTES: [i64; 13] = [5, 15, 30, 45, 60, 90, 120, 180, 240, 360, 540, 720, 960];
/// Daily up to here.
const DAILY: i64 = 14;
/// Weekly up to here, and a last look.
const DAYS: i64 = 90;
/// A look comes at most so much before its time.
const SPREAD: i64 = 3600;
/// The share of the time since the look before, by which it may come earlier.
const SHARE: i64 = 8;
/// An account is asked who names it so often.
const POLL: i64 = 1800;

/// When it is looked at next after this moment; never again after the ninetieth day.
pub fn next_look(published: Timestamp, after: Timestamp, key: &str) -> Option<Timestamp> {
    let mut before = 0;
    for offset in offsets() {
        let spread = ((offset - before) / SHARE).min(SPREAD);
        let early = spread * share_of(key) / 256;
        let due = published.saturating_add(SignedDuration::from_secs(offset - early)).ok()?;
        if due > after {
            return Some(due);
        }
        before = offset;
    }
    None
}

/// When an account is asked next who names it: every half hour, each account at its own minute.
pub fn next_poll(after: Timestamp, key: &str) -> Timestamp {
    let phase = share_of(key) * POLL / 256;
    let periods = (after.as_second() - phase).div_euclid(POLL) + 1;
    Timestamp::from_second(periods * POLL + phase).unwrap_or(Timestamp::MAX)
}

/// Between these two looks at least one that was planned did not happen.
pub fn is_late(published: Timestamp, (last, now): (Timestamp, Timestamp), key: &str) -> bool {
    let planned = next_look(published, last, key);
    let another = planned.and_then(|planned| next_look(published, planned, key));
    another.is_some_and(|another| another <= now)
}

/// The plan, in seconds after it went out.
fn offsets() -> impl Iterator<Item = i64> {
    let days = (1..=DAILY).chain((DAILY + 7..DAYS).step_by(7)).chain([DAYS]);
    MINUTES.into_iter().map(|minutes| minutes * 60).chain(days.map(|days| days * 86_400))
}

/// A number from 0 to 255 that is always the same for a key, so that what went out together is not
/// asked for together (FNV-1a).
fn share_of(key: &str) -> i64 {
    let mix = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    i64::from(key.bytes().fold(0x811c_9dc5, mix) >> 24)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    const HOUR: i64 = 3600;
    const DAY: i64 = 24 * HOUR;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_795_446_000 + second).expect("a timestamp")
    }

    /// Every look that is planned, in seconds after it went out.
    fn looks(key: &str) -> Vec<i64> {
        let next = |last: &Timestamp| next_look(at(0), *last, key);
        let all = std::iter::successors(next_look(at(0), at(0), key), next);
        all.map(|look| look.duration_since(at(0)).as_secs()).collect()
    }

    #[test]
    fn looks_are_dense_at_first_then_daily_then_weekly() {
        let looks = looks("publication-1");
        let within = |from: i64, until: i64| {
            looks.iter().filter(|look| (from..until).contains(look)).count()
        };

        assert_eq!(looks.len(), 13 + 14 + 10 + 1);
        assert_eq!((within(0, 2 * HOUR), within(0, 22 * HOUR)), (7, 13));
        assert_eq!(within(22 * HOUR, 15 * DAY), 14);
        assert_eq!(within(15 * DAY, 89 * DAY), 10);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn a_plan_only_goes_forward_and_ends(key in "[a-z0-9-]{1,40}") {
            let looks = looks(&key);
            prop_assert!(looks.iter().all(|look| (1..=90 * DAY).contains(look)));
            prop_assert!(looks.windows(2).all(|two| two[0] < two[1]));
            // The jitter moves no look to another day.
            prop_assert!(looks[13..].iter().all(|look| look % DAY == 0 || look % DAY >= 23 * HOUR));
        }

        #[test]
        fn an_account_is_asked_every_half_hour_at_its_own_minute(
            key in "[a-z0-9-]{1,40}", after in 0..90 * DAY,
        ) {
            let first = next_poll(at(after), &key);
            let waits = first.duration_since(at(after)).as_secs();
            prop_assert!((1..=POLL).contains(&waits));
            prop_assert_eq!(next_poll(first, &key).duration_since(first).as_secs(), POLL);
        }

        #[test]
        fn a_late_look_moves_none_that_follows(key in "[a-z0-9-]{1,40}", late in 0..100 * DAY) {
            let planned = looks(&key);
            let next = next_look(at(0), at(late), &key).map(|n| n.duration_since(at(0)).as_secs());
            prop_assert_eq!(next, planned.into_iter().find(|look| *look > late));
        }

        #[test]
        fn a_look_is_late_when_another_should_have_been(
            key in "[a-z0-9-]{1,40}", last in 0..91 * DAY, on in 0..20 * DAY,
        ) {
            let between = looks(&key).into_iter().filter(|look| *look > last && *look <= last + on);
            let missed = between.count() > 1;
            prop_assert_eq!(is_late(at(0), (at(last), at(last + on)), &key), missed);
        }
    }

    #[test]
    fn what_went_out_together_is_not_asked_for_together() {
        let times: BTreeSet<i64> =
            (0..1000).map(|n| looks(&format!("publication-{n}"))[20]).collect();

        assert!(times.len() > 200, "{}", times.len());
    }
}
