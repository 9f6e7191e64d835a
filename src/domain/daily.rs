//! The daily digest: at which hour it goes out, and for which date it is due. Pure.
//!
//! A digest is one a practice and local date. It is due at its hour on the practice's wall clock,
//! and from then on until the date is over: who was down at the hour catches up on the same day.
//! No date that had one gets another, however zone and hour change; a date that begins anew by a
//! move to the west is skipped then.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::window::instant;

/// When the digest goes out, on the practice's wall clock; stored as minutes since midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Hour(Time);

/// There is no such minute in a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("that is not a time of the day: write one like 07:30")]
pub struct NoHour;

impl Hour {
    /// When nobody chose another.
    pub const USUAL: Self = Self(Time::constant(7, 30, 0, 0));

    /// Reads it as people type it: `07:30`.
    pub fn read(text: &str) -> Result<Self, NoHour> {
        Time::strptime("%H:%M", text.trim()).map(Self).map_err(|_| NoHour)
    }
}

/// As people type it.
impl std::fmt::Display for Hour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0.strftime("%H:%M"))
    }
}

impl From<Hour> for i64 {
    fn from(Hour(time): Hour) -> Self {
        i64::from(time.hour()) * 60 + i64::from(time.minute())
    }
}

impl TryFrom<i64> for Hour {
    type Error = NoHour;

    fn try_from(minutes: i64) -> Result<Self, NoHour> {
        let (hour, minute) = (i8::try_from(minutes / 60), i8::try_from(minutes % 60));
        let time = hour.ok().zip(minute.ok()).and_then(|(h, m)| Time::new(h, m, 0, 0).ok());
        time.map(Self).ok_or(NoHour)
    }
}

/// When a digest is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Now, for this date.
    Now(Date),
    /// Not before.
    At(Timestamp),
}

/// The clock by which digests go out.
#[derive(Debug, Clone, Copy)]
pub struct Daily<'a> {
    /// Whose clock.
    pub zone: &'a TimeZone,
    /// When on it.
    pub hour: Hour,
}

impl Daily<'_> {
    /// When the digest after that of the date `last` is due.
    pub fn after(self, last: Date, now: Timestamp) -> Due {
        let next = last.tomorrow().unwrap_or(Date::MAX).max(self.date(now));
        match self.at(next) {
            at if at <= now => Due::Now(next),
            at => Due::At(at),
        }
    }

    /// The date of the digest that the first one comes after: a practice that is made after the
    /// hour hears of itself on the next day.
    pub fn before_first(self, now: Timestamp) -> Date {
        let today = self.date(now);
        if self.at(today) <= now { today } else { today.yesterday().unwrap_or(Date::MIN) }
    }

    /// The date on its clock.
    pub fn date(self, at: Timestamp) -> Date {
        self.zone.to_datetime(at).date()
    }

    /// The hour of a date; where the clock skips it, the first instant after.
    fn at(self, date: Date) -> Timestamp {
        instant(self.zone, date.to_datetime(self.hour.0)).unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).expect("bundled")
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    fn date(text: &str) -> Date {
        text.parse().expect("a date")
    }

    /// Asks every quarter of an hour for so many days; for which dates it was due, and when.
    fn month(name: &str, hour: &str, from: &str, days: i64) -> Vec<(Date, Timestamp)> {
        let (zone, hour) = (zone(name), Hour::read(hour).expect("a time"));
        let daily = Daily { zone: &zone, hour };
        let (start, mut all) = (at(from), Vec::new());
        let mut last = daily.before_first(start);
        for quarter in 0..days * 96 {
            let now = start + (quarter * 15).minutes();
            if let Due::Now(date) = daily.after(last, now) {
                all.push((date, now));
                last = date;
            }
        }
        all
    }

    #[test]
    fn each_date_of_a_month_has_one_across_a_clock_change() {
        // Half past one happens twice on 1 November, half past two on no 14 March.
        let table = [
            ("America/Chicago", "07:30", "2026-10-20T00:00:00Z"),
            ("America/Chicago", "01:30", "2026-10-20T00:00:00Z"),
            ("America/Chicago", "02:30", "2027-03-01T00:00:00Z"),
            ("Europe/Berlin", "02:30", "2026-10-10T00:00:00Z"),
            ("Australia/Lord_Howe", "02:00", "2026-09-20T00:00:00Z"),
            ("America/Santiago", "00:00", "2026-08-20T00:00:00Z"),
            ("Pacific/Kiritimati", "23:45", "2026-10-20T00:00:00Z"),
        ];

        for (name, hour, from) in table {
            let made = month(name, hour, from, 31);

            assert!(made.len() >= 30, "{name} {hour}: {}", made.len());
            for pair in made.windows(2) {
                let next = pair[0].0.tomorrow().expect("a day");
                assert_eq!(pair[1].0, next, "{name} {hour}");
            }
            for (date, now) in made {
                assert_eq!(zone(name).to_datetime(now).date(), date, "{name} {hour}");
            }
        }
    }

    #[test]
    fn the_hour_holds_on_the_day_on_which_the_clock_changes() {
        let table = [
            ("America/Chicago", "07:30", "2026-10-31", "2026-11-01T13:30:00Z"),
            ("America/Chicago", "01:30", "2026-10-31", "2026-11-01T06:30:00Z"),
            ("America/Chicago", "02:30", "2027-03-13", "2027-03-14T08:00:00Z"),
        ];

        for (name, hour, last, expected) in table {
            let (zone, hour) = (zone(name), Hour::read(hour).expect("a time"));
            let daily = Daily { zone: &zone, hour };
            let just_before = at(expected) - 1.minutes();

            assert_eq!(
                daily.after(date(last), just_before),
                Due::At(at(expected)),
                "{name} {hour}"
            );
        }
    }

    #[test]
    fn another_zone_or_hour_makes_neither_two_nor_none() {
        // Last made for, zone and hour now, now, and what is due.
        let table = [
            // The hour comes again in the west: once was enough.
            ("2026-11-24", "America/Los_Angeles", "07:30", "2026-11-24T15:30:00Z", None),
            // The hour is gone in the east: it is due at once, as its date is not over.
            ("2026-11-23", "Asia/Tokyo", "07:30", "2026-11-24T02:00:00Z", Some("2026-11-24")),
            // An earlier hour that is gone is due at once.
            ("2026-11-23", "America/Chicago", "06:00", "2026-11-24T13:00:00Z", Some("2026-11-24")),
            // A later one on a day that had its digest is not.
            ("2026-11-24", "America/Chicago", "18:00", "2026-11-25T00:30:00Z", None),
            // The date had its digest on the other side of the date line.
            ("2026-11-24", "America/Chicago", "07:30", "2026-11-23T23:00:00Z", None),
            // Yesterday's hour passed while nobody was there: it is over.
            ("2026-11-22", "America/Chicago", "07:30", "2026-11-24T07:00:00Z", None),
            ("2026-11-22", "America/Chicago", "07:30", "2026-11-24T14:00:00Z", Some("2026-11-24")),
        ];

        for (last, name, hour, now, expected) in table {
            let (zone, hour) = (zone(name), Hour::read(hour).expect("a time"));
            let due = Daily { zone: &zone, hour }.after(date(last), at(now));

            let is_now = match due {
                Due::Now(date) => Some(date),
                Due::At(next) => {
                    assert!(next > at(now), "{name} {hour} {now}");
                    None
                }
            };
            assert_eq!(is_now, expected.map(date), "{name} {hour} {now}");
        }
    }

    #[test]
    fn a_new_practice_begins_with_the_next_hour() {
        let zone = zone("America/Chicago");
        let daily = Daily { zone: &zone, hour: Hour::USUAL };
        let first = |now| daily.after(daily.before_first(at(now)), at(now));

        assert_eq!(first("2026-11-24T13:29:00Z"), Due::At(at("2026-11-24T13:30:00Z")));
        assert_eq!(first("2026-11-24T13:30:00Z"), Due::At(at("2026-11-25T13:30:00Z")));
    }

    #[test]
    fn an_hour_is_a_minute_of_the_day() {
        let typed = [("07:30", Some(450)), ("00:00", Some(0)), (" 23:59 ", Some(1439))];
        for (text, minutes) in
            typed.into_iter().chain([("24:00", None), ("7.30", None), ("", None)])
        {
            assert_eq!(Hour::read(text).ok().map(i64::from), minutes, "{text}");
        }
        assert_eq!(Hour::try_from(1440), Err(NoHour));
        assert_eq!(Hour::try_from(-1), Err(NoHour));
    }
}
