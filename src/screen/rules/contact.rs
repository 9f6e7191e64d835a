//! Telephone and fax numbers, and e-mail addresses, that aren't the practice's own.

use std::ops::Range;

use crate::screen::lexicon::{is_english, is_given};
use crate::screen::reading::{Reading, has_word};
use crate::screen::roster::ten_digits;
use crate::screen::rule::Rule;
use crate::screen::words::is_no_name;
use crate::screen::{Category, Severity};

/// How far the words stand that say whose number it is.
const REACH: usize = 90;

pub(super) const NUMBER: &str =
    r"(?:\+?1[-. ]?)?(?:\([2-9][0-9]{2}\)|[2-9][0-9]{2})[-. /]{0,2}[2-9][0-9]{2}[-. ]?[0-9]{4}";

/// Words that speak to anybody: "if he loses his appetite", "your records".
const GENERAL: &str = "if, your, need, anyone, pharmacists, pharmacies";

/// Words that tie a number to one person, whoever is told to call it.
const PERSONAL: &str = "his, her, hers, him, he, she, patient, patient's, pt, pt's, paciente, client, mom's, \
     dad's, mother's, father's, wife's, husband's, son's, daughter's, sister's, brother's, \
     grandma's, spouse, spouse's, daughter, widow, next of kin, lost, found, belongs to, cell, \
     cell phone, mobile, left his, left her, left a, left an, label, label says";

/// A patient by the letter only.
const OFFICES: &str = "patient advocate, patient advocates, patient portal, patient line, patient care, \
     patient services, patient relations, patient navigator, patient access, patient experience, \
     patient coordinator, patient accounts, patient liaison, patient hotline, patient safety, \
     patient education, patient support, patient help";

/// A number that was called is somebody's.
const CALLED: &str = "we called, we rang, we texted, we tried, we've called, we've tried, we've left, i called, \
     i texted, i tried, i rang, left a message at, left a voicemail at, left a message with, \
     left word at, called back from, calling from, message from, voicemail from, text from, \
     keeps calling";

/// What belongs to one person beside a name.
const THINGS: &str = "rx, prescription, prescriptions, script, refill, pickup, pick up, bag, records, chart, file, \
     results, result, labs, mrn, dob, biopsy, report, referral, x-ray, x-rays, mri, scan, meds, glasses, \
     dentures, wallet, keys, phone, purse, coat, hearing aid, hearing aids, inhaler, retainer, \
     surgery, procedure, discharge, consent, reads, says, engraved, named";

/// Words that make a number the practice's whoever else the sentence speaks of.
const OFFICIAL: &str = "call us, call our, our office, our clinic, our front desk, text us, contact us, reach us, \
     to schedule, to book, to make an appointment, joins our, joins us, joined us, our manager, \
     our office manager, accepting, new patients, welcome, book with, schedule with, booking, \
     appointments with, to see her, to see him, works with, hiring, apply, resume, rsvp, register, \
     sign up, tickets, at the desk, front desk";

/// Whose name stands before a number that is answered for the house.
const ANSWERS: &[&str] = &[
    "dr",
    "dra",
    "doctor",
    "nurse",
    "ask",
    "attn",
    "contact",
    "email",
    "reach",
    "with",
    "see",
    "coach",
    "chef",
    "officer",
    "and",
    "or",
    "director",
    "manager",
    "supervisor",
    "coordinator",
    "navigator",
    "advocate",
    "scheduler",
    "biller",
    "receptionist",
    "dietitian",
    "counselor",
    "worker",
    "owner",
];

/// Who reads mail for the house.
const DESKS: &[&str] = &[
    "info",
    "hello",
    "hi",
    "office",
    "contact",
    "care",
    "help",
    "support",
    "jobs",
    "careers",
    "hr",
    "talent",
    "billing",
    "records",
    "appointments",
    "scheduling",
    "frontdesk",
    "desk",
    "team",
    "clinic",
    "research",
    "study",
    "studies",
    "events",
    "press",
    "media",
    "privacy",
    "feedback",
    "ayuda",
    "citas",
    "volunteer",
    "volunteers",
    "refills",
    "referrals",
    "manager",
    "admin",
];

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
            "We rang 512 555 0147 twice about the dentures",
            "The label reads Dolores Quintero, (505) 555-0148",
            "Rx for Tamara Liu is ready: 505-555-0149",
            "Call 505-555-0149 for Ana's results",
        ],
        misses: &[
            "Call our office at (512) 555-0147 to schedule",
            "Stacey joins our team. Call (614) 555-0140 to schedule with her",
            "Poison Control: 1-800-222-1222",
            "Questions? 888-555-0100",
            "Same number, new address: 512-555-0147",
            "Our patient advocate is at 512-555-0147",
            "Ask for Renata in recruiting, 512-555-0147",
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
        hits: &[
            "Faxed his records to (614) 555-0127",
            "fax her chart: 208-555-0185",
            "Kowalczyk's report went by fax to 614-555-0127",
        ],
        misses: &[
            "New fax number! Please send referrals to (208) 555-0180",
            "Fax your records to 208-555-0180",
            "Records requests go by fax to 208-555-0180",
            "Her cell is 512-555-0147",
        ],
    },
    Rule {
        id: "phi.email-of-somebody",
        category: Category::Email,
        severity: Severity::Warn,
        reason: "this looks like the e-mail address of a person",
        source: "45 CFR 164.514(b)(2)(i)(F)",
        suggestion: "leave the address out",
        pattern: r"[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+",
        judge: email,
        hits: &[
            "send the scan to dpryor61@lakemail.example, he asked twice",
            "Her son reads ruthie@mailbox.example",
        ],
        misses: &[
            "Send her your thanks at hello@northside.example",
            "Resumes to jobs@northside.example",
            "Questions? Write to renata@northside.example",
        ],
    },
    Rule {
        id: "contact.unlisted-number",
        category: Category::UnlistedNumber,
        severity: Severity::Info,
        reason: "nothing here ties this number to a person, but the practice's settings don't list it",
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
    let is_hit = is_number(reading, &found) && !says_fax(reading, &found);
    (is_hit && is_of_somebody(reading, &found)).then_some(found)
}

fn fax(reading: &Reading<'_>, found: Range<usize>) -> Option<Range<usize>> {
    let is_hit = is_number(reading, &found) && says_fax(reading, &found);
    (is_hit && is_of_somebody(reading, &found)).then_some(found)
}

fn email(reading: &Reading<'_>, found: Range<usize>) -> Option<Range<usize>> {
    let mailbox = reading.text()[found.clone()].split('@').next().unwrap_or_default();
    let is_shared = mailbox.split(['.', '-', '_']).any(|part| DESKS.contains(&part));
    (!is_shared && is_of_somebody(reading, &found)).then_some(found)
}

fn unlisted(reading: &Reading<'_>, found: Range<usize>) -> Option<Range<usize>> {
    (is_number(reading, &found) && !is_of_somebody(reading, &found)).then_some(found)
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

/// Practices print numbers all day, so that a number is somebody's only by a sign of that person.
fn is_of_somebody(reading: &Reading<'_>, found: &Range<usize>) -> bool {
    let before = reading.before(found.start, REACH);
    if has_word(before, CALLED) {
        return true;
    }
    let is_about = |words: &str| reading.is_near(found, REACH, words);
    let is_general = has_word(before, GENERAL);
    let is_personal = !is_general && is_about(PERSONAL) && !is_about(OFFICES);
    (is_personal || is_about(THINGS) && is_named(reading, found)) && !is_about(OFFICIAL)
}

/// Whether the words around a number name somebody who doesn't answer it for the house.
fn is_named(reading: &Reading<'_>, found: &Range<usize>) -> bool {
    let before = reading.before(found.start, REACH);
    let after = reading.after(found.end, REACH);
    names_somebody(reading, found.start - before.len(), before)
        || names_somebody(reading, found.end, after)
}

fn names_somebody(reading: &Reading<'_>, start: usize, words: &str) -> bool {
    let is_end = |c: char| !(c.is_alphanumeric() || c == '\'');
    let mut last = ["", ""];
    let mut at = start;
    for word in words.split(is_end) {
        let begin = at;
        // What parts words is one character; the text knows how long.
        at += word.len();
        at += reading.text()[at..].chars().next().map_or(0, char::len_utf8);
        if word.is_empty() {
            continue;
        }
        let bare = word.strip_suffix("'s").unwrap_or(word);
        let is_capital = reading.shadow.is_capital(begin) && !reading.shadow.is_capital(begin + 1);
        let is_name = bare.len() > 2 && !is_english(bare) && !is_no_name(bare);
        let is_whose = bare.len() < word.len() || is_given(bare);
        let answers = last.iter().any(|word| ANSWERS.contains(word));
        if (is_capital || last[1] == "for") && is_name && is_whose && !answers {
            return true;
        }
        last = [last[1], word];
    }
    false
}
