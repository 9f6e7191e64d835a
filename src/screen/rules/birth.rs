//! Dates of birth.

use std::ops::Range;

use crate::screen::date::{Date, date_at};
use crate::screen::reading::{Reading, has_word};
use crate::screen::rule::Rule;
use crate::screen::{Category, Severity};

/// Nobody born before is a patient.
const OLDEST: u16 = 1900;
/// "Born in 1921" without a patient in sight is history.
const HISTORY: u16 = 1950;

/// Who or what else is born: people of the house, anybody at all, and things.
const NOT_PATIENTS: &str = "dr, dra, nurse, founder, clinic, practice, hospital, company, idea, program, medicare, \
     medicaid, vaccine, foundation, we, anniversary, anyone, everyone, if you, you were, babies, \
     infants, children, kids, adults, people, women, men, those";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "phi.birth-date",
        category: Category::Date,
        severity: Severity::Block,
        reason: "this looks like a person's date of birth",
        source: "45 CFR 164.514(b)(2)(i)(C)",
        suggestion: "leave the date out; the year alone is allowed",
        pattern: r"\b(?:dob|d\.o\.b|d/o/b|date of birth|birth ?date|fecha de nacimiento)\b[ .:#=(-]*(?:(?:is|was|on|es|of) )*",
        judge: stated,
        hits: &[
            "Björn, DOB February 13, 2009, please call us back",
            "D.O.B.: 2/13/09",
            "date of birth is 13 Feb 2009",
            "birthdate (2009-02-13)",
        ],
        misses: &[
            "Please bring your ID and date of birth",
            "DOB 13/45/2009 is no date",
            "Confirm your DOB 3 days before the visit",
        ],
    },
    Rule {
        id: "phi.born-on",
        category: Category::Date,
        severity: Severity::Block,
        reason: "this says on which day a person was born",
        source: "45 CFR 164.514(b)(2)(i)(C)",
        suggestion: "leave the day out; the year alone is allowed",
        pattern: r"\bborn (?:(?:[a-z]+ ){1,5}?on |on |at |in )?",
        judge: born,
        hits: &[
            "A patient born July 7, 1996 just beat COPD",
            "A patient born 08/04/1990",
            "The twins born in our parking lot on 3/18 turned one!!",
        ],
        misses: &[
            "Dr. Apgar was born on June 7, 1909",
            "Florence Nightingale was born on May 12, 1820",
            "Our clinic was born on March 4, 2005",
            "Babies born in May 2024 need this vaccine",
        ],
    },
    Rule {
        id: "phi.birthday",
        category: Category::Date,
        severity: Severity::Block,
        reason: "this says when a person has a birthday",
        source: "45 CFR 164.514(b)(2)(i)(C)",
        suggestion: "leave the day out, and ask for a written authorization before naming a patient",
        pattern: r"\b(?:birthday|bday|b-day)\b[ :]*(?:(?:is|was|on) )*",
        judge: birthday,
        hits: &[
            "Our patient's birthday is March 4",
            "a patient with a birthday on 3/4/1960",
            "birthday: 03/14/1962",
        ],
        misses: &[
            "Dr. Kim's birthday is March 4",
            "Our practice's birthday is March 4",
            "Happy birthday to our patients",
        ],
    },
];

fn stated(reading: &Reading<'_>, cue: Range<usize>) -> Option<Range<usize>> {
    let date = date_after(reading, &cue)?;
    Some(cue.end..cue.end + date.length)
}

fn born(reading: &Reading<'_>, cue: Range<usize>) -> Option<Range<usize>> {
    let date = date_after(reading, &cue)?;
    let before = reading.before(cue.start, 80);
    let is_patient = reading.is_near(&cue, 80, "patient, patients, pt, paciente");
    let is_history = date.year.is_some_and(|year| (100..HISTORY).contains(&year));
    (is_patient || !is_history && !has_word(before, NOT_PATIENTS))
        .then_some(cue.end..cue.end + date.length)
}

fn birthday(reading: &Reading<'_>, cue: Range<usize>) -> Option<Range<usize>> {
    let date = date_after(reading, &cue)?;
    let before = reading.before(cue.start, 80);
    let is_patient = has_word(before, "patient, patients, pt, paciente");
    let is_of_somebody = date.year.is_some() && !has_word(before, NOT_PATIENTS);
    (is_patient || is_of_somebody).then_some(cue.end..cue.end + date.length)
}

fn date_after(reading: &Reading<'_>, cue: &Range<usize>) -> Option<Date> {
    let date = date_at(&reading.text()[cue.end..])?;
    date.year.is_none_or(|year| !(100..OLDEST).contains(&year)).then_some(date)
}
