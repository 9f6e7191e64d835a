//! How often a route may be asked: by bucket and major parameter, and by app over all of them.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

/// So many invalid requests, and whoever sends them is shut out.
const BAN: usize = 10_000;

/// How often a bucket allows, and within which time.
#[derive(Debug, Clone, Copy)]
struct Allows(u32, Duration);

/// What an answer says of its bucket.
#[derive(Debug, Clone, PartialEq)]
pub struct Spent {
    pub limit: u32,
    pub remaining: u32,
    /// Until all of it is allowed again.
    pub reset: Duration,
    pub bucket: String,
}

/// One too many.
#[derive(Debug, Clone, PartialEq)]
pub struct TooMany {
    pub retry: Duration,
    pub scope: &'static str,
    pub spent: Option<Spent>,
    /// Some limits have a code beside.
    pub code: Option<u32>,
}

#[derive(Debug)]
struct Window {
    used: u32,
    began: Instant,
}

/// What was used up lately.
#[derive(Debug)]
pub struct Rates {
    windows: HashMap<String, Window>,
    /// Within so long an app may ask fifty times, in any bucket.
    pub second: Duration,
    /// Nothing is limited.
    pub off: bool,
    /// So many answers said 401, 403, or 429 of the app's own making.
    pub invalid: usize,
}

impl Default for Rates {
    fn default() -> Self {
        let (windows, second) = (HashMap::new(), Duration::from_secs(1));
        Self { windows, second, off: false, invalid: 0 }
    }
}

impl Rates {
    /// Counts a request of an app; what is left, or how long to wait.
    pub fn count(&mut self, app: &str, route: &str, major: &str) -> Result<Option<Spent>, TooMany> {
        if self.off || route.ends_with("/callback") {
            return Ok(None);
        }
        // Answers to interactions have a limit of their own, however many there are.
        if !route.contains(" /webhooks/") {
            let over = self.take(&format!("global {app}"), Allows(50, self.second));
            over.map_err(|retry| TooMany { retry, scope: "global", spent: None, code: None })?;
        }
        let allows = allows(route);
        let key = format!("{} {major} {app}", bucket(route));
        let taken = self.take(&key, allows);
        let window = &self.windows[&key];
        let spent = Spent {
            limit: allows.0,
            remaining: allows.0.saturating_sub(window.used),
            reset: allows.1.saturating_sub(window.began.elapsed()),
            bucket: hash(bucket(route)),
        };
        match taken {
            Ok(()) => Ok(Some(spent)),
            Err(retry) => Err(TooMany { retry, scope: "user", spent: Some(spent), code: None }),
        }
    }

    /// Counts the edit of a message that is older than an hour, which few may be.
    pub fn count_old_edit(&mut self, channel: &str) -> Result<(), TooMany> {
        if self.off {
            return Ok(());
        }
        let taken = self.take(&format!("old {channel}"), Allows(3, Duration::from_secs(20)));
        let code = Some(30046);
        taken.map_err(|retry| TooMany { retry, scope: "user", spent: None, code })
    }

    /// Notes an answer that counts as an invalid request.
    pub fn note(&mut self, status: u16, scope: Option<&str>) {
        let own = status == 429 && scope != Some("shared");
        self.invalid += usize::from(own || status == 401 || status == 403);
    }

    /// Whether nothing is answered any more.
    pub fn is_banned(&self) -> bool {
        self.invalid >= BAN
    }

    fn take(&mut self, key: &str, Allows(most, within): Allows) -> Result<(), Duration> {
        let fresh = || Window { used: 0, began: Instant::now() };
        let window = self.windows.entry(key.to_owned()).or_insert_with(fresh);
        if window.began.elapsed() >= within {
            *window = fresh();
        }
        if window.used >= most {
            return Err(within.saturating_sub(window.began.elapsed()));
        }
        window.used += 1;
        Ok(())
    }
}

/// How often a route may be asked. Discord says nowhere; this is what bots have seen.
fn allows(route: &str) -> Allows {
    match bucket(route) {
        "POST /channels/*/messages" | "PATCH /channels/*/messages/*" => {
            Allows(5, Duration::from_secs(5))
        }
        "DELETE /channels/*/messages/*" => Allows(5, Duration::from_secs(1)),
        "reactions" => Allows(1, Duration::from_millis(250)),
        "webhooks" => Allows(5, Duration::from_secs(2)),
        _ => Allows(10, Duration::from_secs(2)),
    }
}

/// The bucket of a route: some share one.
fn bucket(route: &str) -> &str {
    let writes = !route.starts_with("GET ");
    if route.contains("/reactions") && writes {
        "reactions"
    } else if route.contains(" /webhooks/") {
        "webhooks"
    } else {
        route
    }
}

/// A bucket's name as it is told: nothing can be read from it.
fn hash(bucket: &str) -> String {
    let prime = 0x0000_0100_0000_01b3_u64;
    let start = 0xcbf2_9ce4_8422_2325_u64;
    let sum = bucket.bytes().fold(start, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(prime));
    format!("{sum:016x}{:016x}", sum.rotate_left(29).wrapping_mul(prime))
}
