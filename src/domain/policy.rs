//! Who must sign, by risk; and from when on a policy counts.
//!
//! A policy is a list of demands for each risk, and all of them must be met. A policy is never
//! changed: another one takes its place, from a moment on. A revision must meet every policy that
//! was in force at any time since it was made, so that tightening counts at once for what is in
//! review, and loosening only for what is made after it.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::ids::MemberId;
use super::window::micros;
use super::words::words;

/// Since the practice was made.
pub const ALWAYS: Timestamp = Timestamp::UNIX_EPOCH;

/// So long after it was decided a loosening counts, unless a second person says yes.
pub const WAIT: SignedDuration = SignedDuration::from_hours(24);

words! {
    /// How much can go wrong with a post.
    #[derive(Default)]
    pub enum Risk {
        /// Opening hours.
        Low = "low",
        /// Anything, until a rule says more.
        #[default]
        Normal = "normal",
        /// Claims that somebody has to answer for.
        High = "high",
    }
}

/// How many of those who are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Needed {
    /// Every one of them.
    All,
    /// So many different people.
    #[serde(untagged)]
    Some(usize),
}

/// One of the things that must be met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Demand {
    /// Approvers sign.
    Approvers {
        /// How many.
        needed: Needed,
        /// Of these; of all approvers of the practice when empty.
        of: Vec<MemberId>,
    },
    /// A member of compliance signs, in addition.
    Compliance,
}

/// Who must sign, by risk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// For a post of low risk.
    pub low: Vec<Demand>,
    /// For any other post.
    pub normal: Vec<Demand>,
    /// For a post of high risk.
    pub high: Vec<Demand>,
}

/// A policy, and from when on it counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dated {
    /// From then on.
    #[serde(with = "micros")]
    pub from: Timestamp,
    /// What.
    pub policy: Policy,
}

impl Policy {
    /// The same for every risk: so many of these approvers; of all of them when empty.
    pub fn some(needed: usize, of: Vec<MemberId>) -> Self {
        Self::of(vec![Demand::Approvers { needed: Needed::Some(needed), of }])
    }

    /// The same demands for every risk.
    pub fn of(demands: Vec<Demand>) -> Self {
        Self { low: demands.clone(), normal: demands.clone(), high: demands }
    }

    /// What must be met for a post of this risk.
    pub fn demands(&self, risk: Risk) -> &[Demand] {
        match risk {
            Risk::Low => &self.low,
            Risk::Normal => &self.normal,
            Risk::High => &self.high,
        }
    }

    /// Whoever meets this one has met the other as well, as far as its form shows. What can't be
    /// seen from the form counts as loosening.
    pub fn is_no_looser_than(&self, other: &Policy) -> bool {
        Risk::ALL.iter().all(|risk| {
            let (new, old) = (self.demands(*risk), other.demands(*risk));
            old.iter().all(|old| new.iter().any(|new| new.covers(old)))
        })
    }
}

impl Demand {
    /// Whoever meets this one has met the other as well.
    fn covers(&self, other: &Demand) -> bool {
        let (
            Demand::Approvers { needed: new, of: asked },
            Demand::Approvers { needed: old, of: earlier },
        ) = (self, other)
        else {
            return self == other;
        };
        match (new, old) {
            (Needed::All, Needed::All) => {
                asked.is_empty() && earlier.is_empty()
                    || !earlier.is_empty() && earlier.iter().all(|who| asked.contains(who))
            }
            (Needed::Some(new), Needed::Some(old)) => {
                let within = !asked.is_empty() && asked.iter().all(|who| earlier.contains(who));
                new >= old && (earlier.is_empty() || within)
            }
            // Whoever wrote the post is not asked, and so falls out of all, but not out of a number.
            (Needed::All, Needed::Some(_)) | (Needed::Some(_), Needed::All) => false,
        }
    }
}

impl Dated {
    /// The policy that a practice is made with.
    pub fn always(policy: Policy) -> Self {
        Self { from: ALWAYS, policy }
    }
}

/// Every policy that was in force at some time from `since` until now. They come in the order in
/// which they begin.
pub fn in_force(policies: &[Dated], since: Timestamp, now: Timestamp) -> Vec<&Policy> {
    let begun = policies.iter().filter(|dated| dated.from <= now).collect::<Vec<_>>();
    let first = begun.iter().rposition(|dated| dated.from <= since).unwrap_or(0);
    begun.into_iter().skip(first).map(|dated| &dated.policy).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn approvers(needed: Needed, of: &[&str]) -> Policy {
        let of = of.iter().map(|who| MemberId::new(*who)).collect();
        Policy::of(vec![Demand::Approvers { needed, of }])
    }

    fn with_compliance(mut policy: Policy) -> Policy {
        policy.normal.push(Demand::Compliance);
        policy
    }

    #[test]
    fn what_may_let_out_more_is_looser() {
        let some = |needed, of: &[&str]| approvers(Needed::Some(needed), of);
        let all = |of: &[&str]| approvers(Needed::All, of);
        let table = [
            (some(1, &["rao"]), some(1, &["rao"]), true),
            (some(2, &[]), some(1, &[]), true),
            (some(1, &[]), some(2, &[]), false),
            (some(1, &["rao"]), some(1, &["rao", "kim"]), true),
            (some(1, &["rao", "kim"]), some(1, &["rao"]), false),
            (some(1, &["rao"]), some(1, &[]), true),
            (some(1, &[]), some(1, &["rao"]), false),
            (some(1, &["rao"]), some(1, &["kim"]), false),
            (all(&["rao", "kim"]), some(1, &["rao", "kim"]), false),
            (all(&["rao", "kim"]), some(2, &[]), false),
            (all(&["rao"]), some(2, &[]), false),
            // Whoever they are, they may be fewer than one day they were.
            (all(&[]), some(1, &["rao"]), false),
            (all(&["rao", "kim"]), all(&["rao"]), true),
            (all(&["rao"]), all(&["rao", "kim"]), false),
            (all(&[]), all(&[]), true),
            (all(&[]), all(&["rao"]), false),
            (some(9, &[]), all(&[]), false),
            (with_compliance(some(1, &[])), some(1, &[]), true),
            (some(1, &[]), with_compliance(some(1, &[])), false),
        ];

        for (new, old, expected) in table {
            assert_eq!(new.is_no_looser_than(&old), expected, "{new:?} after {old:?}");
        }
    }

    #[test]
    fn a_revision_meets_everything_since_it_was_made() {
        let at = |second| Timestamp::from_second(second).expect("a time");
        let dated = |from, needed| Dated { from: at(from), policy: Policy::some(needed, vec![]) };
        let policies = [dated(0, 1), dated(10, 2), dated(20, 3)];
        let needed = |since, now| {
            let all = in_force(&policies, at(since), at(now));
            all.iter().map(|policy| policies.iter().position(|d| d.policy == **policy)).collect()
        };
        let table: [(i64, i64, Vec<usize>); 5] = [
            (5, 9, vec![0]),
            (5, 10, vec![0, 1]),
            (10, 10, vec![1]),
            (10, 30, vec![1, 2]),
            (25, 30, vec![2]),
        ];

        for (since, now, expected) in table {
            let found: Option<Vec<usize>> = needed(since, now);
            assert_eq!(found, Some(expected), "from {since} to {now}");
        }
    }
}
