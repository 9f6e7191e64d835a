//! When a post may go out: the slot people typed, and the window that is signed.

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp, ToSpan};
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
    /// The window of a post submitted now for this slot, when nobody asked for another.
    pub fn around(slot: Timestamp, now: Timestamp) -> Self {
        Self {
            opens: now.min(slot),
            closes: slot.max(now).saturating_add(AFTER_SLOT).unwrap_or(Timestamp::MAX),
        }
    }

    /// Is the instant inside?
    pub fn contains(&self, at: Timestamp) -> bool {
        self.opens <= at && at < self.closes
    }

    /// As a card prints it: `Mon 23 Nov 2026, 09:05 to Wed 25 Nov 2026, 09:00 America/Chicago`.
    pub fn shown(&self, zone: &TimeZone) -> String {
        format!("{} to {}", shown_there(self.opens, zone), shown(self.closes, zone))
    }

    /// Not longer than a window may be, and not inside out.
    pub fn is_sound(&self) -> bool {
        self.opens < self.closes && self.closes.duration_since(self.opens) <= LONGEST
    }
}

/// A slot that could not be understood; the text says what can be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotASlot {
    /// Neither of the forms.
    #[error("that is not a time: write now, +30m, 17:30, or 2026-11-24 09:00")]
    Unreadable,
    /// Gone already.
    #[error("that time is past: choose a later one")]
    Past,
    /// Beyond the longest window.
    #[error("that is more than 29 days ahead: choose an earlier time")]
    TooFar,
}

/// Reads a slot as people type it: `now`, `+30s`, `+2h`, `17:30` or `2026-11-24 09:00`, the last
/// two on the practice's wall clock.
///
/// A time that a clock change skips means the first instant after the gap; a time that happens
/// twice means the earlier.
pub fn read_slot(text: &str, zone: &TimeZone, now: Timestamp) -> Result<Timestamp, NotASlot> {
    let text = text.trim();
    let slot = if text.is_empty() || text.eq_ignore_ascii_case("now") {
        return Ok(now);
    } else if let Some(ahead) = text.strip_prefix('+') {
        now.checked_add(read_ahead(ahead).ok_or(NotASlot::Unreadable)?)
            .map_err(|_| NotASlot::TooFar)?
    } else {
        wall_clock(text, zone, now).ok_or(NotASlot::Unreadable)?
    };
    if slot < now {
        return Err(NotASlot::Past);
    }
    if slot.duration_since(now) > LONGEST - AFTER_SLOT {
        return Err(NotASlot::TooFar);
    }
    Ok(slot)
}

fn read_ahead(text: &str) -> Option<SignedDuration> {
    let unit = text.chars().last()?;
    let count: i64 =
        text.strip_suffix(unit)?.trim().parse().ok().filter(|n| (0..=10_000).contains(n))?;
    match unit {
        's' => Some(SignedDuration::from_secs(count)),
        'm' => Some(SignedDuration::from_mins(count)),
        'h' => Some(SignedDuration::from_hours(count)),
        'd' => Some(SignedDuration::from_hours(24 * count)),
        _ => None,
    }
}

fn wall_clock(text: &str, zone: &TimeZone, now: Timestamp) -> Option<Timestamp> {
    if let Ok(time) = jiff::civil::Time::strptime("%H:%M", text) {
        let today = now.to_zoned_datetime(zone.clone()).date();
        let at = instant(zone, today.to_datetime(time))?;
        return if at >= now {
            Some(at)
        } else {
            instant(zone, today.tomorrow().ok()?.to_datetime(time))
        };
    }
    let text = text.replacen('T', " ", 1);
    let civil = DateTime::strptime("%Y-%m-%d %H:%M", &text).ok()?;
    instant(zone, civil)
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

/// Nine in the morning of the practice's next day: the slot offered when today's was missed.
pub fn tomorrow_morning(zone: &TimeZone, now: Timestamp) -> Option<Timestamp> {
    let day = now.to_zoned_datetime(zone.clone()).date().checked_add(1.day()).ok()?;
    instant(zone, day.at(9, 0, 0, 0))
}

/// An instant as the edit form shows it and [`read_slot`] reads it: `2026-11-24 09:00`.
pub fn typed(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// An instant as a card prints it: `Tue 24 Nov 2026, 09:00 America/Chicago`.
pub fn shown(at: Timestamp, zone: &TimeZone) -> String {
    format!("{} {}", shown_there(at, zone), zone.iana_name().unwrap_or("UTC"))
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
    fn slots_read_as_people_type_them() {
        let now = at("2026-11-23T15:00:00Z");
        let table = [
            ("now", Ok(now)),
            ("+30s", Ok(at("2026-11-23T15:00:30Z"))),
            ("+2h", Ok(at("2026-11-23T17:00:00Z"))),
            ("17:30", Ok(at("2026-11-23T23:30:00Z"))),
            ("08:00", Ok(at("2026-11-24T14:00:00Z"))),
            ("2026-11-24 09:00", Ok(at("2026-11-24T15:00:00Z"))),
            ("2026-11-24T09:00", Ok(at("2026-11-24T15:00:00Z"))),
            ("2026-11-22 09:00", Err(NotASlot::Past)),
            ("2027-11-22 09:00", Err(NotASlot::TooFar)),
            ("soon", Err(NotASlot::Unreadable)),
            ("+5 fortnights", Err(NotASlot::Unreadable)),
            ("+é", Err(NotASlot::Unreadable)),
        ];

        for (text, expected) in table {
            assert_eq!(read_slot(text, &chicago(), now), expected, "{text}");
        }
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
        let window = Window::around(at("2026-11-24T15:00:00Z"), at("2026-11-23T15:00:00Z"));

        assert!(window.contains(window.opens));
        assert!(!window.contains(window.closes));
        assert_eq!(window.closes, at("2026-11-25T15:00:00Z"));
    }
}
