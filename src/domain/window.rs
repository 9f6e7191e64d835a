//! When a post may go out: the window that is signed, and instants as people read them.

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long after the slot a window stays open when none is given.
pub const AFTER_SLOT: SignedDuration = SignedDuration::from_hours(24);
/// The longest window.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How long a signature counts.
pub const FRESH: SignedDuration = SignedDuration::from_hours(45 * 24);

/// When a post may go out: `[opens, closes)`, UTC, to the microsecond. Part of what is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// First instant.
    #[serde(with = "micros")]
    pub opens: Timestamp,
    /// First instant that is too late.
    #[serde(with = "micros")]
    pub closes: Timestamp,
}

/// Timestamps as whole microseconds, as the store and the ledger have them.
pub mod micros {
    use jiff::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer, de};

    /// Writes microseconds since 1970.
    pub fn serialize<S: Serializer>(at: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i64(at.as_microsecond())
    }

    /// Reads microseconds since 1970.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
        let micros = i64::deserialize(from)?;
        Timestamp::from_microsecond(micros).map_err(de::Error::custom)
    }
}

impl Window {
    /// Is the instant inside?
    pub fn contains(&self, at: Timestamp) -> bool {
        self.opens <= at && at < self.closes
    }

    /// As a card prints it: `Mon 23 Nov 2026, 09:05 to Wed 25 Nov 2026, 09:00 America/Chicago`.
    pub fn shown(&self, zone: &TimeZone) -> String {
        format!("{} to {}", shown_there(self.opens, zone), shown(self.closes, zone))
    }
}

/// The instant a wall clock means: after a gap its first instant, in an overlap the earlier.
pub fn instant(zone: &TimeZone, civil: DateTime) -> Option<Timestamp> {
    let ambiguous = zone.to_ambiguous_timestamp(civil);
    if matches!(ambiguous.offset(), AmbiguousOffset::Gap { .. }) {
        // In a gap the earlier reading lies before the clock change.
        let before = ambiguous.earlier().ok()?;
        return zone.following(before).next().map(|transition| transition.timestamp());
    }
    ambiguous.compatible().ok()
}

/// An instant as the edit form shows it and [`read`](super::slot::read) reads it: `2026-11-24 09:00`.
pub fn typed(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// An instant as a card prints it: `Tue 24 Nov 2026, 09:00 America/Chicago`.
pub fn shown(at: Timestamp, zone: &TimeZone) -> String {
    format!("{} {}", shown_there(at, zone), zone.iana_name().unwrap_or("UTC"))
}

/// Its day there: `Tue 24 Nov 2026`.
pub fn day(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned_datetime(zone.clone()).strftime("%a %-d %b %Y").to_string()
}

/// The same where the zone is said beside it.
fn shown_there(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned_datetime(zone.clone()).strftime("%a %-d %b %Y, %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chicago() -> TimeZone {
        TimeZone::get("America/Chicago").expect("bundled")
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    #[test]
    fn a_skipped_time_means_the_first_instant_after_the_gap() {
        let skipped = "2027-03-14T02:30:00".parse().expect("civil");

        assert_eq!(instant(&chicago(), skipped), Some(at("2027-03-14T08:00:00Z")));
    }

    #[test]
    fn a_time_that_happens_twice_means_the_earlier() {
        let twice = "2026-11-01T01:30:00".parse().expect("civil");

        assert_eq!(instant(&chicago(), twice), Some(at("2026-11-01T06:30:00Z")));
    }

    #[test]
    fn a_window_is_half_open() {
        let window =
            Window { opens: at("2026-11-24T15:00:00Z"), closes: at("2026-11-25T15:00:00Z") };

        assert!(window.contains(window.opens));
        assert!(!window.contains(window.closes));
    }
}
