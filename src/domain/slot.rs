//! A slot as people type it, kept as the wall clock that they meant.
//!
//! A wall clock becomes an instant when it is needed, in the zone that the practice has then: who
//! wrote 9:00 meant 9:00, whatever happens to the zone. A time that a clock change skips means the
//! first instant after the gap; a time that happens twice means the earlier.

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::window::{instant, micros, typed};

/// What is further ahead than this is a slip of the pen.
const FURTHEST: SignedDuration = SignedDuration::from_hours(366 * 24);

/// A time as somebody meant it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Slot {
    /// So long after it was typed: an instant.
    At(#[serde(with = "micros")] Timestamp),
    /// What the practice's clocks show then.
    Wall(DateTime),
}

/// What was typed for a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meant {
    /// As soon as it is signed.
    Soonest,
    /// Then.
    Then(Slot),
    /// As soon as it is signed, from the one on and before the other.
    Between(Slot, Slot),
}

/// Which end of a window is typed: a day alone is its first instant or its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// It opens.
    Opens,
    /// It closes.
    Closes,
}

/// A slot that could not be understood; the text says what can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotASlot {
    /// None of the forms.
    #[error(
        "that is not a time: write now, +2h, 17:30, tomorrow 9:00, Saturday 9am, 2026-11-24 09:00, \
         or between 2026-11-24 and 2026-11-26"
    )]
    Unreadable,
    /// A day alone.
    #[error("that is a day: add the time, as in Saturday 9:00 or 2026-11-24 09:00")]
    NoTime,
    /// The thirtieth of February.
    #[error("there is no such day or time: look at it again")]
    NoSuchTime,
    /// Gone already.
    #[error("that time is past: choose a later one")]
    Past,
    /// Most likely a slip.
    #[error("that is more than a year ahead: look at the year again")]
    TooFar,
}

impl Slot {
    /// The instant it means in this zone.
    pub fn instant(self, zone: &TimeZone) -> Timestamp {
        match self {
            Slot::At(at) => at,
            Slot::Wall(civil) => instant(zone, civil).unwrap_or(Timestamp::MAX),
        }
    }

    /// As the edit form shows it and [`read`] reads it: `2026-11-24 09:00`.
    pub fn typed(self, zone: &TimeZone) -> String {
        match self {
            Slot::At(at) => typed(at, zone),
            Slot::Wall(civil) => civil.strftime("%Y-%m-%d %H:%M").to_string(),
        }
    }
}

/// Reads what somebody typed for a slot, on the practice's wall clock.
pub fn read(text: &str, zone: &TimeZone, now: Timestamp) -> Result<Meant, NotASlot> {
    let words = plain(text);
    if words.is_empty() || words == "now" {
        return Ok(Meant::Soonest);
    }
    if let Some(range) = words.strip_prefix("between ") {
        let (from, to) = range.split_once(" and ").ok_or(NotASlot::Unreadable)?;
        let opens = read_edge(from, Edge::Opens, zone, now)?;
        let closes = read_edge(to, Edge::Closes, zone, now)?;
        return Ok(Meant::Between(opens, closes));
    }
    let slot = match read_one(&words, zone, now)? {
        Said::Slot(slot) => slot,
        Said::Day(_) => return Err(NotASlot::NoTime),
    };
    ahead(slot, zone, now)?;
    Ok(Meant::Then(slot))
}

/// Reads one end of a window; a day alone will do.
pub fn read_edge(
    text: &str,
    edge: Edge,
    zone: &TimeZone,
    now: Timestamp,
) -> Result<Slot, NotASlot> {
    let slot = match (read_one(&plain(text), zone, now)?, edge) {
        (Said::Slot(slot), _) => slot,
        (Said::Day(day), Edge::Opens) => return Ok(Slot::Wall(day.to_datetime(Time::midnight()))),
        (Said::Day(day), Edge::Closes) => {
            let next = day.tomorrow().map_err(|_| NotASlot::TooFar)?;
            Slot::Wall(next.to_datetime(Time::midnight()))
        }
    };
    ahead(slot, zone, now)?;
    Ok(slot)
}

/// In lower case, with single blanks, without `at` and `on`; `T` between date and time is a blank.
fn plain(text: &str) -> String {
    let text = text.to_lowercase().replace(',', " ");
    let words = text.split_whitespace().filter(|word| !matches!(*word, "at" | "on"));
    words
        .map(|word| word.replacen('t', if is_stamp(word) { " " } else { "t" }, 1))
        .collect::<Vec<_>>()
        .join(" ")
}

fn is_stamp(word: &str) -> bool {
    word.split_once('t').is_some_and(|(date, time)| {
        date.len() == 10
            && [date, time].iter().all(|part| part.starts_with(|c: char| c.is_ascii_digit()))
    })
}

/// A time, or a day without one.
enum Said {
    Slot(Slot),
    Day(Date),
}

fn read_one(words: &str, zone: &TimeZone, now: Timestamp) -> Result<Said, NotASlot> {
    if let Some(long) = words.strip_prefix('+') {
        let at = now.checked_add(read_long(long)?).map_err(|_| NotASlot::TooFar)?;
        return Ok(Said::Slot(Slot::At(at)));
    }
    let here = now.to_zoned_datetime(zone.clone());
    let (first, rest) = words.split_once(' ').unwrap_or((words, ""));
    let weekday = weekday(first);
    let day = match first {
        "today" => Some(here.date()),
        "tomorrow" => Some(here.date().tomorrow().map_err(|_| NotASlot::TooFar)?),
        _ => match weekday {
            Some(weekday) => Some(next(here.date(), weekday)?),
            None => read_date(first)?,
        },
    };
    let Some(day) = day else {
        let time = read_time(words)?;
        let today = Slot::Wall(here.date().to_datetime(time));
        if today.instant(zone) >= now {
            return Ok(Said::Slot(today));
        }
        let tomorrow = here.date().tomorrow().map_err(|_| NotASlot::TooFar)?;
        return Ok(Said::Slot(Slot::Wall(tomorrow.to_datetime(time))));
    };
    if rest.is_empty() {
        return Ok(Said::Day(day));
    }
    let time = read_time(rest)?;
    let slot = Slot::Wall(day.to_datetime(time));
    if weekday.is_some() && slot.instant(zone) < now {
        let week = day.checked_add(SignedDuration::from_hours(7 * 24));
        let week = week.map_err(|_| NotASlot::TooFar)?;
        return Ok(Said::Slot(Slot::Wall(week.to_datetime(time))));
    }
    Ok(Said::Slot(slot))
}

/// `30s`, `30 min`, `2h`, `2 hours`, `3 days`.
fn read_long(text: &str) -> Result<SignedDuration, NotASlot> {
    let text = text.trim_start();
    let (count, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(0));
    let count = count.parse::<i64>().map_err(|_| NotASlot::Unreadable)?;
    if count > 100_000 {
        return Err(NotASlot::TooFar);
    }
    match unit.trim() {
        "s" | "sec" | "second" | "seconds" => Ok(SignedDuration::from_secs(count)),
        "m" | "min" | "minute" | "minutes" => Ok(SignedDuration::from_mins(count)),
        "h" | "hour" | "hours" => Ok(SignedDuration::from_hours(count)),
        "d" | "day" | "days" => Ok(SignedDuration::from_hours(24 * count)),
        _ => Err(NotASlot::Unreadable),
    }
}

/// `2026-11-24`; nothing when it does not look like a date.
fn read_date(word: &str) -> Result<Option<Date>, NotASlot> {
    let is_date = word.len() == 10
        && word
            .char_indices()
            .all(|(i, c)| if matches!(i, 4 | 7) { c == '-' } else { c.is_ascii_digit() });
    if !is_date {
        return Ok(None);
    }
    word.parse().map(Some).map_err(|_| NotASlot::NoSuchTime)
}

/// `17:30`, `9:00 am`, `9am`.
fn read_time(words: &str) -> Result<Time, NotASlot> {
    let compact: String = words.chars().filter(|c| !matches!(c, ' ' | '.')).collect();
    let half = ["am", "pm"].into_iter().find(|half| compact.ends_with(half));
    let digits = compact.trim_end_matches(half.unwrap_or_default());
    let (hour, minute) = match digits.split_once(':') {
        Some(both) => both,
        None if half.is_some() => (digits, "00"),
        None => return Err(NotASlot::Unreadable),
    };
    let number = |text: &str, most: usize| {
        let fine = (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        if fine {
            text.parse::<i8>().map_err(|_| NotASlot::NoSuchTime)
        } else {
            Err(NotASlot::Unreadable)
        }
    };
    let (hour, minute) = (number(hour, 2)?, number(minute, 2)?);
    let hour = match half {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return Err(NotASlot::NoSuchTime),
        Some("am") => hour % 12,
        Some(_) => hour % 12 + 12,
    };
    Time::new(hour, minute, 0, 0).map_err(|_| NotASlot::NoSuchTime)
}

/// By three letters or more.
fn weekday(word: &str) -> Option<Weekday> {
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let found = days.iter().position(|day| word.len() >= 3 && day.starts_with(word))?;
    Weekday::from_monday_zero_offset(i8::try_from(found).ok()?).ok()
}

/// The first such day from this one on.
fn next(from: Date, weekday: Weekday) -> Result<Date, NotASlot> {
    let days = from.weekday().until(weekday);
    from.checked_add(SignedDuration::from_hours(24 * i64::from(days))).map_err(|_| NotASlot::TooFar)
}

fn ahead(slot: Slot, zone: &TimeZone, now: Timestamp) -> Result<(), NotASlot> {
    let at = slot.instant(zone);
    if at < now {
        return Err(NotASlot::Past);
    }
    if at.duration_since(now) > FURTHEST {
        return Err(NotASlot::TooFar);
    }
    Ok(())
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

    /// Monday 23 November 2026, 9:00 in Chicago.
    fn monday() -> Timestamp {
        at("2026-11-23T15:00:00Z")
    }

    #[test]
    fn slots_read_as_people_type_them() {
        let table = [
            ("+30s", "2026-11-23T15:00:30Z"),
            ("+2h", "2026-11-23T17:00:00Z"),
            ("+ 2 hours", "2026-11-23T17:00:00Z"),
            ("17:30", "2026-11-23T23:30:00Z"),
            ("5:30 PM", "2026-11-23T23:30:00Z"),
            ("12am", "2026-11-24T06:00:00Z"),
            ("08:00", "2026-11-24T14:00:00Z"),
            ("today 17:00", "2026-11-23T23:00:00Z"),
            ("tomorrow 9:00", "2026-11-24T15:00:00Z"),
            ("Tomorrow at 9 a.m.", "2026-11-24T15:00:00Z"),
            ("Sat 9:00", "2026-11-28T15:00:00Z"),
            ("on Saturday, 9am", "2026-11-28T15:00:00Z"),
            ("Mon 17:00", "2026-11-23T23:00:00Z"),
            ("Mon 8:00", "2026-11-30T14:00:00Z"),
            ("2026-11-24 09:00", "2026-11-24T15:00:00Z"),
            ("2026-11-24T09:00", "2026-11-24T15:00:00Z"),
            ("2026-11-24 9pm", "2026-11-25T03:00:00Z"),
        ];

        for (text, expected) in table {
            let read = read(text, &chicago(), monday());
            let Ok(Meant::Then(slot)) = read else { panic!("{text}: {read:?}") };
            assert_eq!(slot.instant(&chicago()), at(expected), "{text}");
        }
        for text in ["", " now ", "NOW"] {
            assert_eq!(read(text, &chicago(), monday()), Ok(Meant::Soonest));
        }
    }

    #[test]
    fn what_is_no_slot_says_why() {
        let table = [
            ("soon", NotASlot::Unreadable),
            ("+5 fortnights", NotASlot::Unreadable),
            ("+", NotASlot::Unreadable),
            ("+é", NotASlot::Unreadable),
            ("9", NotASlot::Unreadable),
            ("Saturday 9", NotASlot::Unreadable),
            ("between Monday", NotASlot::Unreadable),
            ("Saturday", NotASlot::NoTime),
            ("2026-11-24", NotASlot::NoTime),
            ("25:00", NotASlot::NoSuchTime),
            ("13pm", NotASlot::NoSuchTime),
            ("2027-02-30 09:00", NotASlot::NoSuchTime),
            ("2026-11-22 09:00", NotASlot::Past),
            ("today 8:00", NotASlot::Past),
            ("2062-11-24 09:00", NotASlot::TooFar),
            ("+999999999999999999999d", NotASlot::Unreadable),
            ("+100000d", NotASlot::TooFar),
        ];

        for (text, expected) in table {
            assert_eq!(read(text, &chicago(), monday()), Err(expected), "{text}");
        }
    }

    #[test]
    fn a_window_reads_by_days_and_by_times() {
        let edges = |text| match read(text, &chicago(), monday()) {
            Ok(Meant::Between(a, b)) => (a.instant(&chicago()), b.instant(&chicago())),
            other => panic!("{text}: {other:?}"),
        };

        let days = edges("between 2026-11-24 and 2026-11-26");
        let times = edges("Between Tuesday 9am and Thu 17:00");

        assert_eq!(days, (at("2026-11-24T06:00:00Z"), at("2026-11-27T06:00:00Z")));
        assert_eq!(times, (at("2026-11-24T15:00:00Z"), at("2026-11-26T23:00:00Z")));
    }

    #[test]
    fn a_wall_clock_means_the_zone_that_the_practice_has_then() {
        let Ok(Meant::Then(nine)) = read("tomorrow 9:00", &chicago(), monday()) else {
            panic!("a slot");
        };
        let denver = TimeZone::get("America/Denver").expect("bundled");

        assert_eq!(nine.instant(&denver), at("2026-11-24T16:00:00Z"));
        assert_eq!(nine.typed(&denver), "2026-11-24 09:00");
    }
}
