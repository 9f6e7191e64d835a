//! What a daily digest shows: plain strings and counts, no decisions.

use serde::{Deserialize, Serialize};

/// The digest of a practice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestView {
    /// The practice's name.
    pub practice: String,
    /// The practice is a sample.
    pub sample: bool,
    /// `Tue 24 Nov 2026`.
    pub day: String,
    /// Since when it tells what happened: `Mon 23 Nov 2026, 07:30 America/Chicago`; empty when
    /// there was none before.
    pub since: String,
    /// Why nothing leaves, a sentence; empty when it does.
    pub stopped: String,
    /// From when to when nobody was at work, a line each.
    pub unwatched: Vec<String>,
    /// There is nothing to tell.
    pub quiet: bool,
    /// What went out, with where it is to be seen.
    pub published: DigestPart,
    /// What somebody has to mend, or holds.
    pub troubled: DigestPart,
    /// What waits for sign-offs: for whose, and until when.
    pub waiting: DigestPart,
    /// What is planned for today.
    pub today: DigestPart,
    /// Accounts that somebody has to connect again.
    pub accounts: DigestPart,
    /// Overridden rules, sign-offs that were found later, what was taken down.
    pub notes: DigestPart,
    /// Head of the ledger, `#128 1f3a9c07`.
    pub head: String,
    /// When the next one is due, with the zone.
    pub next: String,
}

/// One part of a digest; nothing is in it when it has no lines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestPart {
    /// How many there are, `12`.
    pub count: String,
    /// There is one, or more.
    pub any: bool,
    /// There is exactly one.
    pub one: bool,
    /// The first of them.
    pub lines: Vec<DigestLine>,
    /// How many are left out, `4`; empty when none is.
    pub more: String,
}

/// A line of a digest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestLine {
    /// The practice's number of the post; 0 when it is about none.
    pub number: i64,
    /// When, `09:00`; empty where that is not the point.
    pub at: String,
    /// What is to be said of it.
    pub text: String,
    /// Where people see it.
    pub links: Vec<String>,
}

/// The digest of all practices of a desk.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskDigestView {
    /// Those of which there is something to tell; first what misses its slot first.
    pub practices: Vec<OfPractice>,
    /// The ids of those of which there is nothing, with commas; empty when there are none.
    pub quiet: String,
    /// How many are left out, `4`; empty when none is.
    pub more: String,
}

/// One of the practices of a desk's digest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfPractice {
    /// Its id.
    pub practice: String,
    /// Why nothing leaves, a sentence; empty when it does.
    pub stopped: String,
    /// What may miss its slot today, first what does first.
    pub risks: DigestPart,
    /// What went out since its last digest.
    pub published: DigestPart,
    /// What somebody has to mend, or holds.
    pub troubled: DigestPart,
    /// What waits for sign-offs.
    pub waiting: DigestPart,
    /// Accounts that somebody has to connect again.
    pub accounts: DigestPart,
}
