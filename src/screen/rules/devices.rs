//! Addresses of a person, on paper, by telephone and on the internet.

use std::ops::Range;

use crate::screen::reading::{Reading, has_word};
use crate::screen::rule::Rule;
use crate::screen::{Category, Severity};

const SUGGESTION: &str = "leave it out; reach the person by telephone or portal";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "phi.email",
        category: Category::Email,
        severity: Severity::Block,
        reason: "this looks like the e-mail address of a person",
        source: "45 CFR 164.514(b)(2)(i)(F)",
        suggestion: SUGGESTION,
        pattern: r"[a-z0-9._%+-]+(?: dot [a-z0-9]+)*(?:@| at | ?[\[(]at[\])] ?)(?:gmail|yahoo|hotmail|outlook|icloud|aol|msn|live|comcast|protonmail|proton|me|att|verizon|sbcglobal|mail)(?:\.| dot | ?[\[(]dot[\])] ?)(?:com|net|org|me)",
        judge: private,
        hits: &[
            "tell her to check jo.roe@gmail.com",
            "mail bob77 [at] yahoo [dot] com his labs",
            "reach her at lena dot r at yahoo dot com",
        ],
        misses: &["write to us at northside@gmail.com", "email info@northside.example"],
    },
    Rule {
        id: "phi.spelled-number",
        category: Category::Phone,
        severity: Severity::Block,
        reason: "this looks like a telephone number in words",
        source: "45 CFR 164.514(b)(2)(i)(D)",
        suggestion: SUGGESTION,
        pattern: r"\b(?:(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|[0-9])[ ,.-]+){6,}(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|[0-9])\b",
        judge: spelled,
        hits: &[
            "text her at five one two, five five five, oh one eight eight",
            "call him back: four three two five five five oh one seven seven",
        ],
        misses: &["count one two three four five", "1, 2, 3, 4, 5, 6, 7: breathe"],
    },
    Rule {
        id: "phi.ip",
        category: Category::Ip,
        severity: Severity::Warn,
        reason: "this is the address of somebody's device on the internet",
        source: "45 CFR 164.514(b)(2)(i)(O)",
        suggestion: SUGGESTION,
        pattern: r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}|\b[0-9a-f]{1,4}:(?:[0-9a-f]{1,4}:{1,2}){3,6}[0-9a-f]{1,4}\b",
        judge: address,
        hits: &[
            "logged in from 57.219.8.214",
            "her tablet is 10.0.4.17",
            "his side shows 2601:19b:4a00:88::2f",
        ],
        misses: &[
            "version 1.2.3",
            "512.999.1.2 is none",
            "at 10:15:20:30 sharp",
            "The guest wifi sits on 192.168.1.1",
        ],
    },
];

fn private(reading: &Reading<'_>, found: Range<usize>) -> Option<Range<usize>> {
    let before = reading.before(found.start, 60);
    (!has_word(before, "us, us at, our, questions, rsvp, email us, apply, resume")).then_some(found)
}

/// Counting is done in figures, or does not come so far.
fn spelled(reading: &Reading<'_>, found: Range<usize>) -> Option<Range<usize>> {
    let words = reading.text()[found.clone()].split(|c: char| !c.is_ascii_alphanumeric());
    let spelled = words.filter(|word| word.len() > 1).count();
    (spelled >= 5).then_some(found)
}

fn address(reading: &Reading<'_>, found: Range<usize>) -> Option<Range<usize>> {
    let written = &reading.text()[found.clone()];
    let is_valid =
        written.contains(':') || written.split('.').all(|part| part.parse::<u8>().is_ok());
    let is_of_the_house =
        reading.is_near(&found, 60, "wifi, router, printer, guest, network, reset");
    (is_valid && !is_of_the_house && reading.stands_alone(&found)).then_some(found)
}
