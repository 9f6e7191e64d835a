//! Where a chain goes on from a copy, and the heads seen outside that belong to the former run.
//!
//! A head that is not in the chain is a sign that something was cut off or changed, unless a
//! signed entry tells that the database was restored before it: then it is the former run's, and
//! is named. In a log, lines after that entry's own line are never the former run's.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::heads::Outside;
use crate::domain::entry::What;
use crate::domain::ledger::{Broken, Sealed};
use crate::domain::window::shown;

/// A place where the chain goes on from a copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The entry that tells of it.
    pub seq: i64,
    /// When the copy was taken.
    pub copied: Timestamp,
    /// The last entry of the former run that is known of.
    pub former: Option<i64>,
    /// Where its line stands among the heads seen outside.
    line: Option<usize>,
}

/// What of the heads seen outside is not in the chain, as far as it was walked.
#[derive(Debug, Default)]
pub struct Gaps {
    seen: BTreeMap<i64, Vec<(usize, Outside)>>,
    found: Vec<Gap>,
    strangers: Vec<(usize, i64)>,
}

impl Gaps {
    /// Before the first entry.
    pub fn new(outside: &[&Outside]) -> Self {
        let mut gaps = Self::default();
        for (line, head) in outside.iter().enumerate() {
            gaps.seen.entry(head.seq).or_default().push((line, (*head).clone()));
        }
        gaps
    }

    /// Takes the next entry in.
    pub fn pass(&mut self, sealed: &Sealed) {
        let seq = sealed.entry.seq;
        let seen = self.seen.remove(&seq).unwrap_or_default();
        let (own, others): (Vec<_>, Vec<_>) =
            seen.into_iter().partition(|(_, head)| head.agrees(&sealed.hash));
        self.strangers.extend(others.into_iter().map(|(line, _)| (line, seq)));
        if let What::Restored { copied, former } = &sealed.entry.fact.what {
            let line = own.iter().map(|(line, _)| *line).max();
            self.found.push(Gap { seq, copied: *copied, former: *former, line });
        }
    }

    /// The chain ends here: every head that is not in it must be the former run's.
    pub fn end(&mut self, end: i64) -> Result<(), Broken> {
        let beyond = std::mem::take(&mut self.seen).into_values().flatten();
        self.strangers.extend(beyond.map(|(line, head)| (line, head.seq)));
        self.strangers.sort_by_key(|(_, seq)| *seq);
        for (line, seq) in &self.strangers {
            let theirs = self.found.iter_mut().rev().find(|gap| gap.is_before(*line, *seq, end));
            match theirs {
                Some(gap) => gap.former = gap.former.max(Some(*seq)),
                None if *seq > end => {
                    let seen = self.strangers.last().map_or(*seq, |(_, last)| *last);
                    return Err(Broken::Truncated { seq: end, seen });
                }
                None => return Err(Broken::Differs { seq: *seq }),
            }
        }
        Ok(())
    }

    /// The places where it goes on from a copy.
    pub fn found(&self) -> Vec<Gap> {
        self.found.clone()
    }
}

impl Gap {
    /// A head that is not in the chain is of the run before this.
    fn is_before(&self, line: usize, seq: i64, end: i64) -> bool {
        seq >= self.seq
            && match (self.line, self.former) {
                (Some(own), _) => line < own,
                (None, Some(former)) => seq <= former,
                (None, None) => seq <= end,
            }
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let copied = shown(self.copied, &TimeZone::UTC);
        write!(f, "restored at #{} from a copy of {copied}; ", self.seq - 1)?;
        match self.former {
            Some(last) if last > self.seq => {
                write!(f, "entries #{} to #{last} of the former run are not here", self.seq)
            }
            Some(last) if last == self.seq => {
                write!(f, "entry #{last} of the former run is not here")
            }
            _ => f.write_str("what the former run entered after that is not here"),
        }
    }
}
