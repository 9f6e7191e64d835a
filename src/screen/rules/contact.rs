//! Telephone and fax numbers that aren't the practice's own.

use std::ops::Range;

use crate::screen::reading::{Reading, has_word};
use crate::screen::roster::ten_digits;
use crate::screen::rule::Rule;
use crate::screen::{Category, Severity};

/// How far the words stand that say whose number it is.
const REACH: usize = 90;

pub(super) const NUMBER: &str =
    r"(?:\+?1[-. ]?)?(?:\([2-9][0-9]{2}\)|[2-9][0-9]{2})[-. /]{0,2}[2-9][0-9]{2}[-. ]?[0-9]{4}";

/// Words by which a practice gives its own number away.
const OWN: &str = "our number, new number, our phone, from you, you directly, reach us, our fax, our team, the office, the clinic, clinic, practice, \
     front desk, office line, main line, press, appointment, appointments, appt, appts, book, booking, schedule, rsvp, \
     register, registration, referrals, pharmacists, pharmacies, call, phone, text, tel, dial, \
     fax your, send, questions, info, details, hotline, helpline, new fax number, hours, open, \
     mon-fri, scheduling, billing, reach, reception, human resources, family medicine, cita, citas, llame, llamenos, llamanos, nuestro consultorio";

/// Words that speak to anybody: "if he loses his appetite", "your records".
const GENERAL: &str = "if, your, need, anyone, pharmacists, pharmacies";

/// Words that tie a number to one person, whoever is told to call it.
const PERSONAL: &str = "his, her, hers, their, him, he, she, patient, patient's, pt, paciente, mom's, dad's, \
     wife's, husband's, records, chart, label, pickup, prescription, rx, results, labs, mrn, \
     dob, lost, found, belongs to, cell, cell phone";

/// Words that make a number the practice's whoever else the sentence speaks of.
const OFFICIAL: &str = "call us, call our, our office, our clinic, our front desk, text us, contact us, \
     to schedule, to book, joins our, our manager, our office manager";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "phi.phone",
        category: Category::Phone,
        severity: Severity::Block,
        reason: "this looks like the telephone number of a person",
        source: "45 CFR 164.514(b)(2)(i)(D)",
        suggestion: "leave the number out; if it is the practice's own, add it to the practice's settings",
        pattern: NUMBER,
        judge: phone,
        hits: &[
            "Rx pickup ready 4 Bjorn, call (520) 555-0129 if that's not you",
            "phone on label 208-555-0199",
            "Her cell is 512.555.0147",
            "+1 512 555 0147",
        ],
        misses: &[
            "Call our office at (512) 555-0147 to schedule",
            "Stacey joins our team. Call (614) 555-0140 to schedule with her",
            "Poison Control: 1-800-222-1222",
            "Questions? 888-555-0100",
            "If she has a fever call 512-555-0147",
            "NCT5125550147, order 512-555-01479",
            "011-555-0147 and 512-155-0147",
        ],
    },
    Rule {
        id: "phi.fax",
        category: Category::Fax,
        severity: Severity::Block,
        reason: "this looks like the fax number that a person's records went to",
        source: "45 CFR 164.514(b)(2)(i)(E)",
        suggestion: "leave the number out; if it is the practice's own, add it to the practice's settings",
        pattern: NUMBER,
        judge: fax,
        hits: &["Faxed his records to (614) 555-0127", "fax her chart: 208-555-0185"],
        misses: &[
            "New fax number! Please send referrals to (208) 555-0180",
            "Fax your records to 208-555-0180",
            "Her cell is 512-555-0147",
        ],
    },
    Rule {
        id: "contact.unlisted-number",
        category: Category::UnlistedNumber,
        severity: Severity::Info,
        reason: "this reads like the practice's own number, and the practice's settings don't list it",
        source: "45 CFR 164.514(b)(2)(i)(D)",
        suggestion: "check the number; if it is the practice's own, add it to the practice's settings",
        pattern: NUMBER,
        judge: unlisted,
        hits: &[
            "Call our office at (512) 555-0147 to schedule",
            "New fax number! Send referrals to (208) 555-0180",
        ],
        misses: &["Her cell is 512-555-0147", "Poison Control: 1-800-222-1222"],
    },
];

fn phone(reading: &Reading<'_>, found: Range<usize>) -> Option<Range<usize>> {
    let is_whole =
        is_number(reading, &found) && !says_fax(reading, &found) && !is_own(reading, &found);
    is_whole.then_some(found)
}

fn fax(reading: &Reading<'_>, found: Range<usize>) -> Option<Range<usize>> {
    let is_whole =
        is_number(reading, &found) && says_fax(reading, &found) && !is_own(reading, &found);
    is_whole.then_some(found)
}

fn unlisted(reading: &Reading<'_>, found: Range<usize>) -> Option<Range<usize>> {
    (is_number(reading, &found) && is_own(reading, &found)).then_some(found)
}

/// Whether it can be a subscriber's number that the practice doesn't list.
fn is_number(reading: &Reading<'_>, found: &Range<usize>) -> bool {
    let written = &reading.text()[found.clone()];
    let digits = ten_digits(written);
    let (area, exchange) = (&digits[..3], &digits[3..6]);
    let is_service = |code: &str| code.ends_with("11");
    let is_toll_free = matches!(area, "800" | "833" | "844" | "855" | "866" | "877" | "888");
    let is_valid = !is_service(area) && !is_service(exchange) && area.as_bytes()[1] != b'9';
    let is_bare = written.bytes().all(|b| b.is_ascii_digit());
    let is_meant =
        !is_bare || has_word(reading.before(found.start, 24), "call, text, phone, cell, tel, fax");
    is_valid
        && !is_toll_free
        && is_meant
        && reading.stands_alone(found)
        && !reading.roster.answers(&digits)
}

fn says_fax(reading: &Reading<'_>, found: &Range<usize>) -> bool {
    has_word(reading.before(found.start, REACH), "fax, faxed, faxing")
}

fn is_own(reading: &Reading<'_>, found: &Range<usize>) -> bool {
    let is_general = has_word(reading.before(found.start, REACH), GENERAL);
    let is_personal = !is_general && reading.is_near(found, REACH, PERSONAL);
    let is_own = reading.is_near(found, REACH, OWN);
    reading.is_near(found, REACH, OFFICIAL) || is_own && !is_personal
}
