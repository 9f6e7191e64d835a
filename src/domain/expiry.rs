//! How long an account's sign-in is good for.

use jiff::{SignedDuration, Timestamp};

/// How long an account's sign-in is good for, as far as its network says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// Until somebody ends it.
    Never,
    /// Until then.
    At(Timestamp),
    /// The network does not say.
    Unknown,
}

/// People are warned so many days before it ends.
pub const WARNINGS: [i64; 3] = [14, 7, 1];

impl Expiry {
    /// When it ends, where that is known.
    pub fn ends(self) -> Option<Timestamp> {
        match self {
            Self::At(ends) => Some(ends),
            Self::Never | Self::Unknown => None,
        }
    }

    /// The fewest days of [`WARNINGS`] that are left at most; nothing while more are, and once it
    /// is over.
    pub fn warning(self, now: Timestamp) -> Option<i64> {
        let left = self.ends()?.duration_since(now);
        let due = |days: &i64| left <= SignedDuration::from_hours(24 * days);
        let due = WARNINGS.iter().copied().filter(due);
        if left.is_positive() { due.min() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_warned_fourteen_seven_and_one_day_before() {
        let now: Timestamp = "2026-11-23T15:00:00Z".parse().expect("a time");
        let hours = |hours| Expiry::At(now + SignedDuration::from_hours(hours)).warning(now);

        let table = [(337, None), (336, Some(14)), (169, Some(14)), (168, Some(7)), (25, Some(7))];
        for (left, warned) in table.into_iter().chain([(24, Some(1)), (1, Some(1)), (0, None)]) {
            assert_eq!(hours(left), warned, "{left} h");
        }
        assert_eq!([Expiry::Never.warning(now), Expiry::Unknown.warning(now)], [None, None]);
    }
}
