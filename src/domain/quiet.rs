//! Quiet hours: when nothing of a practice leaves, on its wall clock.

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::window::instant;

/// From when until when nothing leaves; past midnight where it begins later than it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Minutes", into = "Minutes")]
pub struct Quiet {
    /// The first minute that is quiet.
    pub from: Time,
    /// The first minute that is not.
    pub to: Time,
}

/// Minutes since midnight, as the store and the ledger have them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Minutes {
    /// The first minute that is quiet.
    pub from: i64,
    /// The first minute that is not.
    pub to: i64,
}

/// There is no such minute in a day, or no time between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("quiet hours need two different times of the day")]
pub struct NoHours;

impl Quiet {
    /// Is this instant quiet?
    pub fn contains(&self, zone: &TimeZone, at: Timestamp) -> bool {
        self.over(zone, at) > at
    }

    /// The instant itself, or when the quiet that it lies in is over.
    pub fn over(&self, zone: &TimeZone, at: Timestamp) -> Timestamp {
        let today = at.to_zoned_datetime(zone.clone()).date();
        let begins = [today.yesterday().ok(), Some(today)].into_iter().flatten();
        let mut ends = begins.filter_map(|day| {
            let last = if self.from < self.to { day } else { day.tomorrow().ok()? };
            let from = instant(zone, day.to_datetime(self.from))?;
            let to = instant(zone, last.to_datetime(self.to))?;
            (from <= at && at < to).then_some(to)
        });
        ends.next().unwrap_or(at)
    }
}

/// As cards say it: `21:00 to 07:00`.
impl std::fmt::Display for Quiet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} to {}", self.from.strftime("%H:%M"), self.to.strftime("%H:%M"))
    }
}

impl From<Quiet> for Minutes {
    fn from(quiet: Quiet) -> Self {
        let minutes = |time: Time| i64::from(time.hour()) * 60 + i64::from(time.minute());
        Self { from: minutes(quiet.from), to: minutes(quiet.to) }
    }
}

impl TryFrom<Minutes> for Quiet {
    type Error = NoHours;

    fn try_from(minutes: Minutes) -> Result<Self, NoHours> {
        let time = |minutes: i64| {
            let (hour, minute) = (i8::try_from(minutes / 60), i8::try_from(minutes % 60));
            Time::new(hour.ok()?, minute.ok()?, 0, 0).ok()
        };
        match (time(minutes.from), time(minutes.to)) {
            (Some(from), Some(to)) if from != to => Ok(Self { from, to }),
            _ => Err(NoHours),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_in_quiet_hours_waits_until_they_are_over() {
        let zone = TimeZone::get("America/Chicago").expect("bundled");
        let hours = |from, to| Quiet {
            from: Time::constant(from, 0, 0, 0),
            to: Time::constant(to, 30, 0, 0),
        };
        // The clock in Chicago is five hours behind until November, six from then on.
        let table = [
            (hours(21, 7), "2026-11-24T02:59:00Z", "2026-11-24T02:59:00Z"),
            (hours(21, 7), "2026-11-24T03:00:00Z", "2026-11-24T13:30:00Z"),
            (hours(21, 7), "2026-11-24T08:00:00Z", "2026-11-24T13:30:00Z"),
            (hours(21, 7), "2026-11-24T13:30:00Z", "2026-11-24T13:30:00Z"),
            (hours(12, 13), "2026-11-24T18:10:00Z", "2026-11-24T19:30:00Z"),
            (hours(12, 13), "2026-11-24T20:10:00Z", "2026-11-24T20:10:00Z"),
            // The hour from one to two happens twice, and so does half of what is quiet in it.
            (hours(0, 1), "2026-11-01T06:10:00Z", "2026-11-01T06:30:00Z"),
            (hours(0, 1), "2026-11-01T07:10:00Z", "2026-11-01T07:10:00Z"),
            // Half past two does not exist that day.
            (hours(1, 2), "2027-03-14T07:10:00Z", "2027-03-14T08:00:00Z"),
        ];

        for (quiet, at, over) in table {
            let (at, over): (Timestamp, Timestamp) =
                (at.parse().expect("a time"), over.parse().expect("a time"));
            assert_eq!(quiet.over(&zone, at), over, "{quiet} at {at}");
        }
    }
}
