//! Whose picture may be shown: a member's word that no patient can be seen in it, or the consent of
//! whoever can.
//!
//! The registry knows a consent by its code alone. The practice writes the code on the paper that
//! was signed, and keeps the paper; no name comes here. A consent is limited as an authorization
//! is (45 CFR 164.508(c)): to what it says may be shown where and what for, to a last day, and
//! until it is revoked.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::ids::MemberId;
use super::network::Network;

/// So many consents are kept in a practice.
pub const MOST: usize = 2000;
/// What a consent is for takes so many characters at most.
pub const LONGEST: usize = 100;

/// Letters and digits that are not taken for each other and make no words.
const SIGNS: &[u8; 25] = b"BCDFGHJKMNPQRSTVWXZ346789";
/// So many signs in each half of a code; by accident nobody types one that is there.
const HALF: usize = 4;

/// Somebody agreed that pictures of them are shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// As it stands on the paper, `KDRM-4Q7X`.
    pub code: String,
    /// Where such pictures may be shown; everywhere when empty.
    pub networks: Vec<Network>,
    /// What for, in the practice's words, which name nobody; empty when that is not kept any more.
    pub purpose: String,
    /// It is worth nothing from then on.
    pub until: Timestamp,
    /// When it was revoked, if it was.
    pub revoked: Option<Timestamp>,
}

impl Consent {
    /// Pictures may be shown by it at this moment.
    pub fn holds(&self, at: Timestamp) -> bool {
        self.revoked.is_none() && at < self.until
    }

    /// Pictures may be shown by it there.
    pub fn covers(&self, network: Network) -> bool {
        self.networks.is_empty() || self.networks.contains(&network)
    }

    /// Its last day, on the practice's calendar.
    pub fn last_day(&self, zone: &TimeZone) -> Date {
        let last = self.until.saturating_sub(SignedDuration::from_micros(1)).unwrap_or(self.until);
        zone.to_datetime(last).date()
    }
}

/// A member's word that a picture may be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vouched {
    /// Whose word.
    pub by: MemberId,
    /// By these consents, one of each patient in it; where there is none, nobody in it is a patient.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub consents: Vec<String>,
}

/// A new code, from random bytes.
pub fn code(random: [u8; 16]) -> String {
    let sign = |byte: &u8| char::from(SIGNS[usize::from(*byte) % SIGNS.len()]);
    let half = |bytes: &[u8]| bytes.iter().map(sign).collect::<String>();
    format!("{}-{}", half(&random[..HALF]), half(&random[HALF..2 * HALF]))
}

/// Codes as they are kept, from how somebody typed them with commas between; `None` where one can't
/// be a code.
pub fn read_all(typed: &str) -> Option<Vec<String>> {
    let each = typed.split([',', ';', '\n']).map(str::trim).filter(|code| !code.is_empty());
    each.map(read).collect()
}

/// A code as it is kept, from how somebody typed it; `None` for what can't be one.
pub fn read(typed: &str) -> Option<String> {
    let plain = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect::<String>();
    let plain = plain.to_ascii_uppercase();
    let fits = plain.len() == 2 * HALF && plain.bytes().all(|sign| SIGNS.contains(&sign));
    fits.then(|| format!("{}-{}", &plain[..HALF], &plain[HALF..]))
}
