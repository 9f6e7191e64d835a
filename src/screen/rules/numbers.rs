//! Numbers that lead to one person: Social Security, medical record, health plan, prescription.

use std::ops::Range;

use crate::screen::code::code_after;
use crate::screen::reading::{Reading, has_word};
use crate::screen::rule::Rule;
use crate::screen::{Category, Severity};

/// How far a cue word may stand from a number that is nothing by itself.
const CUE_REACH: usize = 24;

const SSN_CUES: &str = "ssn, ssn#, ss#, ss #, social security, soc sec";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "phi.ssn",
        category: Category::Ssn,
        severity: Severity::Block,
        reason: "this looks like a Social Security number",
        source: "45 CFR 164.514(b)(2)(i)(G)",
        suggestion: "leave the number out; no post needs it",
        pattern: r"[0-9]{3}(?:-[0-9]{2}-|\.[0-9]{2}\.| [0-9]{2} |[0-9]{2})[0-9]{4}",
        judge: ssn,
        hits: &[
            "Her SSN 748-78-8282 was on the form",
            "748 78 8282",
            "748.78.8282",
            "social security number: 748788282",
            "SSN is 748\u{2011}78\u{2011}8282.",
            "SSN 748-00-8282, as it was typed",
        ],
        misses: &[
            "Order 748788282 has shipped",
            "000-12-3456, 666-12-3456, 912-12-3456",
            "748-00-8282 and 748-78-0000",
            "1748-78-8282",
            "NCT08045557 and doi:10.1001/748-78-8282",
            "Check your Social Security number against identity theft",
        ],
    },
    Rule {
        id: "phi.ssn-end",
        category: Category::Ssn,
        severity: Severity::Block,
        reason: "this looks like the end of a Social Security number",
        source: "45 CFR 164.514(b)(2)(i)(G)",
        suggestion: "leave the number out; no post needs it",
        pattern: r"\b(?:ssn|ss#|social security(?: number)?|social)(?: is| was|,)? (?:ending|ends|end|last four|last 4)(?: digits)?(?: in| with| is| are)?[ :#]*[0-9]{4}",
        judge: whole_match,
        hits: &["SSN ending in 4410, fix the chart", "her social, last four 6021, is wrong"],
        misses: &["Social media ends 2024 strong", "Bring the last four digits of your SSN"],
    },
    Rule {
        id: "phi.mrn",
        category: Category::Mrn,
        severity: Severity::Block,
        reason: "this looks like a medical record number",
        source: "45 CFR 164.514(b)(2)(i)(H)",
        suggestion: "leave the number out; speak of the case in the chart, not here",
        pattern: r"\b(?:mrn|m\.r\.n|emrn|medical records?|chart|acc|mr|emr|ehr|(?:patient|pt)(?:'s)? (?:id|number|no|#))\b(?:(?: |\.)*(?:number|numbers|num|no|nr|id|#)\b)?[ .:#=(]*(?:is |was |says )?#?(?:[a-z]{0,3}[- ]?)[0-9][0-9-]{3,}",
        judge: record_number,
        hits: &[
            "reminder to Cory (MRN: 45091875)",
            "Chart no. 20331 is missing",
            "medical record #A-204417",
            "Patient ID 0099231, call back",
        ],
        misses: &[
            "Medical records 2024: what is new",
            "Request your medical record by calling 512-555-0100",
            "Chart 2019-2024 of flu cases",
            "What is an MRN?",
        ],
    },
    Rule {
        id: "phi.health-plan",
        category: Category::HealthPlan,
        severity: Severity::Block,
        reason: "this looks like the number of a health plan member",
        source: "45 CFR 164.514(b)(2)(i)(I)",
        suggestion: "leave the number out; take it to the insurer by telephone",
        pattern: r"\b(?:members?|subscriber|beneficiary|medicare|medicaid|tricare|chip|policy|insurance|insurance card|group|grp|bcbs|blue cross|aetna|humana|cigna|uhc|unitedhealthcare|united healthcare|anthem|kaiser|ambetter|molina)\b",
        judge: plan_number,
        hits: &[
            "member ID W071864689, denied twice",
            "member id W2290 41187 was denied",
            "Medicare number: 1EG4-TE5-MK73",
            "her policy # is AB1234567",
            "Her Humana card number H55820114 does not run",
            "medicaid 518820447 is active for the baby",
        ],
        misses: &[
            "Bring your member ID to the visit",
            "Medicare number one in our county",
            "Policy number 12345 of the board",
            "Medicare: 1-800-633-4227",
        ],
    },
    Rule {
        id: "phi.medicare-number",
        category: Category::HealthPlan,
        severity: Severity::Block,
        reason: "this has the form of a Medicare number",
        source: "45 CFR 164.514(b)(2)(i)(I)",
        suggestion: "leave the number out; take it to the insurer by telephone",
        pattern: r"\b[1-9][ac-hj-kmnp-rt-y][ac-hj-kmnp-rt-y0-9][0-9]-?[ac-hj-kmnp-rt-y][ac-hj-kmnp-rt-y0-9][0-9]-?[ac-hj-kmnp-rt-y]{2}[0-9]{2}\b",
        judge: alone,
        hits: &["Medicare bounced 1EG4-TE5-MK73 again", "rerun 1EG4TE5MK73 please"],
        misses: &["Flight 1EG4-TE5-MK7", "part 1BG4-TE5-MK73", "x-1EG4-TE5-MK73-2"],
    },
    Rule {
        id: "phi.prescription",
        category: Category::OtherId,
        severity: Severity::Block,
        reason: "this looks like the number of a prescription",
        source: "45 CFR 164.514(b)(2)(i)(R)",
        suggestion: "leave the number out; tell the patient by telephone or portal",
        pattern: r"\b(?:rx|prescription)(?: |\.)*(?:number|num|no|#)[ .:#=(]*(?:is |was )?#?[a-z]{0,3}-?[0-9][0-9-]{3,}",
        judge: whole_match,
        hits: &["Rx #7712043 is ready", "prescription no. 88213-4 was lost"],
        misses: &[
            "Rx for 2025: walk more",
            "Prescription numbers rose in 2024",
            "Rx number 1: sleep",
        ],
    },
];

fn ssn(reading: &Reading<'_>, found: Range<usize>) -> Option<Range<usize>> {
    let written = &reading.text()[found.clone()];
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    let (area, group, serial) = (&digits[..3], &digits[3..5], &digits[5..]);
    let was_issued = !matches!(area, "000" | "666")
        && !area.starts_with('9')
        && group != "00"
        && serial != "0000";
    let is_bare = written.len() == digits.len();
    // A number that is called one is one, also with a digit mistyped.
    let is_named = has_word(reading.before(found.start, CUE_REACH), SSN_CUES);
    let is_meant = is_named || (was_issued && !is_bare);
    (is_meant && reading.stands_alone(&found)).then_some(found)
}

/// A year, or a span of years, after "medical records" or "chart" is no number of a record.
fn record_number(reading: &Reading<'_>, found: Range<usize>) -> Option<Range<usize>> {
    let written = &reading.text()[found.clone()];
    let number = written.rsplit([' ', '#', ':', '(']).next().unwrap_or(written);
    let is_year = matches!(number.len(), 4 | 9) && number.split('-').all(is_recent_year);
    let is_telephone =
        number.len() == 12 && number.as_bytes()[3] == b'-' && number.as_bytes()[7] == b'-';
    let is_named = has_word(written, "mrn, m.r.n, number, no") || written.contains('#');
    (!is_telephone && (is_named || !is_year)).then(|| whole_match(reading, found))?
}

/// Its form alone tells what it is.
fn alone(reading: &Reading<'_>, found: Range<usize>) -> Option<Range<usize>> {
    reading.stands_alone(&found).then_some(found)
}

fn plan_number(reading: &Reading<'_>, found: Range<usize>) -> Option<Range<usize>> {
    let least = |has_letters: bool| if has_letters { 5 } else { 6 };
    let code =
        code_after(reading, found.end).filter(|code| code.digits >= least(code.has_letters))?;
    Some(found.start..code.range.end)
}

fn is_recent_year(number: &str) -> bool {
    number.len() == 4 && (number.starts_with("19") || number.starts_with("20"))
}

fn whole_match(reading: &Reading<'_>, found: Range<usize>) -> Option<Range<usize>> {
    let is_cut = reading.text()[found.end..].starts_with(|c: char| c.is_ascii_alphanumeric());
    (!is_cut).then_some(found)
}
