//! What the screen says of a stretch of text: where, what it looks like, why, and what to do.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// One hit of one rule. It never holds the text itself, so that it can be stored and logged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Bytes of the text as it was written, on char boundaries.
    pub span: Range<usize>,
    /// What it looks like.
    pub category: Category,
    /// What follows from it.
    pub severity: Severity,
    /// The stable id of the rule, such as `phi.ssn`.
    pub rule: &'static str,
    /// Why, in plain words for the author; never repeats the text.
    pub reason: &'static str,
    /// The clause that the rule rests on.
    pub source: &'static str,
    /// What the author can do about it.
    pub suggestion: &'static str,
}

/// What follows from a finding; ordered from mild to grave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing; nothing is asked of the author.
    Info,
    /// The author is asked to look again.
    Warn,
    /// The text is not kept.
    Block,
}

/// What a finding looks like. The names are stable: they appear in findings that are exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// The name, honorific and surname, or initials of a patient.
    PatientName,
    /// A date of birth.
    BirthDate,
    /// A telephone number that isn't the practice's own.
    Phone,
    /// A fax number that isn't the practice's own.
    Fax,
    /// A Social Security number.
    Ssn,
    /// A medical record number.
    Mrn,
    /// A health plan member number.
    HealthPlan,
    /// Any other number that leads to one person, such as that of a prescription.
    OtherId,
}
