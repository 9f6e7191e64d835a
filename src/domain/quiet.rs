//! Quiet hours: when nothing of a practice leaves, on its wall clock.

use jiff::civil::Time;
use serde::{Deserialize, Serialize};

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
