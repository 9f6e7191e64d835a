//! The shape of a rule: a row of the table in [`super::rules`].

use std::ops::Range;

use super::finding::{Category, Severity};
use super::reading::Reading;

/// One rule: what to look for, how to judge it, what to say of it, and examples that prove it.
///
/// The pattern is a cheap cue, run on the shadow (lower case, plain ASCII punctuation); it is
/// compiled without Unicode classes, so a negated class does not compile. What a pattern can't say
/// (ranges, what stands around it, the roster) is the judge's.
pub struct Rule {
    /// Stable, never used again for something else.
    pub id: &'static str,
    /// What a hit looks like.
    pub category: Category,
    /// What follows from a hit.
    pub severity: Severity,
    /// Why, in words for the author that don't repeat the text.
    pub reason: &'static str,
    /// The clause that the rule rests on.
    pub source: &'static str,
    /// What the author can do.
    pub suggestion: &'static str,
    /// Where to look.
    pub pattern: &'static str,
    /// Makes of a match the range of the shadow to point at, or nothing.
    pub judge: fn(&Reading<'_>, Range<usize>) -> Option<Range<usize>>,
    /// At least two texts that it must hit.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "the examples are read by a test of the table")
    )]
    pub hits: &'static [&'static str],
    /// At least two texts, close to a hit, that it must leave alone.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "the examples are read by a test of the table")
    )]
    pub misses: &'static [&'static str],
}
