//! Snowflakes: ids that hold when they were made, and that JSON has as text.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// The millisecond in which Discord's time begins.
pub const EPOCH: u64 = 1_420_070_400_000;

/// An id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub u64);

impl Id {
    /// The one made in a millisecond as the nth thing.
    pub fn made(millisecond: u64, nth: u64) -> Self {
        Self(((millisecond - EPOCH) << 22) | (nth & 0x3f_ffff))
    }

    /// The one that JSON has, as text or, which Discord takes too, as a number.
    pub fn of(value: &Value) -> Option<Self> {
        value.as_u64().map(Self).or_else(|| value.as_str()?.parse().ok())
    }

    /// The millisecond in which it was made.
    pub fn millisecond(self) -> u64 {
        (self.0 >> 22) + EPOCH
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Id {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

/// A millisecond as Discord writes a time.
pub fn written(millisecond: u64) -> String {
    let at =
        i64::try_from(millisecond).ok().and_then(|at| jiff::Timestamp::from_millisecond(at).ok());
    at.expect("a time").strftime("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string()
}
