//! How often a method may be called: by method and workspace, and a message a second in a channel.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

/// How often, as Slack's tiers say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tier {
    /// 20 times a minute.
    Two,
    /// 50 times a minute.
    Three,
    /// 100 times a minute.
    Four,
    /// Once a second in a channel, with short bursts.
    Posting,
    /// As often as one likes.
    Free,
}

impl Tier {
    /// How many at once, and the seconds in which one more is allowed.
    fn allows(self) -> Option<(f64, f64)> {
        match self {
            Self::Two => Some((20.0, 3.0)),
            Self::Three => Some((50.0, 1.2)),
            Self::Four => Some((100.0, 0.6)),
            Self::Posting => Some((10.0, 1.0)),
            Self::Free => None,
        }
    }
}

/// What was used up lately.
#[derive(Debug, Default)]
pub struct Rates {
    used: HashMap<String, (f64, Option<Instant>)>,
    /// Nothing is limited.
    pub off: bool,
}

impl Rates {
    /// Counts a call; the seconds to wait, if there were too many.
    pub fn count(&mut self, key: String, tier: Tier) -> Option<u64> {
        let (most, each) = tier.allows().filter(|_| !self.off)?;
        let (used, since) = self.used.entry(key).or_default();
        let now = Instant::now();
        let gone = since.map_or(Duration::ZERO, |since| now - since).as_secs_f64();
        *used = (*used - gone / each).max(0.0);
        *since = Some(now);
        if *used + 1.0 > most {
            let wait = Duration::from_secs_f64((*used + 1.0 - most) * each);
            return Some(wait.as_secs() + 1);
        }
        *used += 1.0;
        None
    }
}
