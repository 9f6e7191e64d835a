//! What is no law's: another client of the practice's agency, and words that the practice watches.

use std::ops::Range;

use super::contact::NUMBER;
use crate::screen::reading::Reading;
use crate::screen::rule::Rule;
use crate::screen::{Category, Severity};

const WORD: &str = "[a-z0-9]+";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "client.named",
        category: Category::OtherClient,
        severity: Severity::Block,
        reason: "this names somebody or something outside of this practice",
        source: "what is said in a practice's name speaks for that practice alone",
        suggestion: "check for whom this is, and take the name out",
        pattern: WORD,
        judge: named,
        hits: &[
            "Ask Dr. Holloway about flu shots",
            "Wren Holloway answers your questions",
            "Lakeside Pediatrics is open today",
            "Follow @lakeside.example",
            "#LakesidePediatrics",
        ],
        misses: &[
            "Ask Dr. Hollow about flu shots",
            "By the lakeside, pediatric care",
            "Lakeside and Pediatrics",
        ],
    },
    Rule {
        id: "client.phone",
        category: Category::OtherClient,
        severity: Severity::Block,
        reason: "this number is not the practice's own",
        source: "what is said in a practice's name speaks for that practice alone",
        suggestion: "check for whom this is, and take the practice's own number",
        pattern: NUMBER,
        judge: phone,
        hits: &["Call our office at 512-555-0199", "Text (512) 555.0199 today"],
        misses: &["Call our office at 512-555-0198", "Order 512-555-01991"],
    },
    Rule {
        id: "practice.watched",
        category: Category::Watched,
        severity: Severity::Warn,
        reason: "the practice watches this word",
        source: "the practice's settings",
        suggestion: "look at it again; /post setup says which words are watched",
        pattern: WORD,
        judge: watched,
        hits: &["Ask about Botox.", "It is risk-free", "#botox"],
        misses: &["Ask about botulism.", "A risk of freezing", "Botoxes"],
    },
];

fn named(reading: &Reading<'_>, word: Range<usize>) -> Option<Range<usize>> {
    let end = reading.roster.others_at(reading.text(), &whole(reading, &word)?)?;
    Some(word.start..end)
}

fn watched(reading: &Reading<'_>, word: Range<usize>) -> Option<Range<usize>> {
    let end = reading.roster.watched_at(reading.text(), &whole(reading, &word)?)?;
    Some(word.start..end)
}

fn phone(reading: &Reading<'_>, found: Range<usize>) -> Option<Range<usize>> {
    let is_theirs = reading.roster.is_of_others(&reading.text()[found.clone()]);
    (is_theirs && reading.stands_alone(&found)).then_some(found)
}

/// The word, unless letters of another script go on with it.
fn whole(reading: &Reading<'_>, word: &Range<usize>) -> Option<Range<usize>> {
    let text = reading.text();
    let joins = |c: char| c.is_alphanumeric();
    let is_part = text[..word.start].ends_with(joins) || text[word.end..].starts_with(joins);
    (!is_part).then(|| word.clone())
}
