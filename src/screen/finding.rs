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
    /// The least risk that it gives a post.
    pub risk: Risk,
    /// Which pattern of the rule fitted, in the rule's own words.
    pub pattern: &'static str,
    /// The stretch that was read to say so, in bytes like the span.
    pub evidence: Range<usize>,
}

/// What follows from a finding; ordered from mild to grave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing; nothing is asked of the author.
    Info,
    /// The author is asked to look again.
    Warn,
    /// It can't go out like this; patient information is not even kept.
    Block,
}

/// The least risk that a rule gives a post; ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Risk {
    /// Nothing that a usual sign-off does not cover.
    Low,
    /// Worth a second look.
    Normal,
    /// The strictest sign-off of the policy.
    High,
}

/// What a finding looks like. The names are stable: they appear in findings that are exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// The name, honorific and surname, or initials of a patient.
    Name,
    /// A place smaller than a state, tied to a patient.
    Geo,
    /// A day of birth, of death, of a visit, or of any other care.
    Date,
    /// An age over 89.
    #[serde(rename = "age-90plus")]
    Age90Plus,
    /// A younger age that singles somebody out together with something else.
    Age,
    /// A telephone number that isn't the practice's own.
    Phone,
    /// A fax number that isn't the practice's own.
    Fax,
    /// An e-mail address of a person.
    Email,
    /// A Social Security number.
    Ssn,
    /// A medical record number.
    Mrn,
    /// A health plan member number.
    HealthPlan,
    /// The number of an account or a bill.
    Account,
    /// The number of a license or certificate.
    License,
    /// A plate or another sign of a vehicle.
    Vehicle,
    /// The number of a device.
    Device,
    /// A page or a handle of a patient.
    Url,
    /// An address on the internet.
    Ip,
    /// A fingerprint, a voice, an iris.
    Biometric,
    /// Words that say that a patient is shown.
    Photo,
    /// Any other number that leads to one person, such as that of a room or a prescription.
    OtherId,
    /// No identifier, and yet people would know who.
    Indirect,
    /// Words by which a reply confirms that somebody is a patient.
    PatientConfirm,
    /// A promised result.
    GuaranteeClaim,
    /// Better than others.
    SuperiorityClaim,
    /// A drug for a use it is not approved for.
    OffLabel,
    /// An effect without evidence.
    UnprovenTreatment,
    /// Before-and-after pictures.
    BeforeAfter,
    /// Praise of a result, quoted.
    Testimonial,
    /// Fear as a means.
    FearInducing,
    /// Something of value for a choice or a referral.
    Inducement,
    /// Advice to one person, in a reply.
    MedicalAdvice,
    /// A contest or a raffle.
    Giveaway,
    /// A tie to a brand, not said.
    MissingDisclosure,
    /// A number of the practice that its settings don't list.
    UnlistedNumber,
    /// Somebody whom nothing ties to care; worth asking who it is.
    UnknownPerson,
    /// Somebody or something of another practice that the practice's agency works for.
    OtherClient,
    /// A word that the practice wants to be told of.
    Watched,
}

impl Finding {
    /// Whether the text may not even be kept: it holds patient information beyond doubt.
    pub fn keeps_out(&self) -> bool {
        self.severity == Severity::Block && self.category.is_patient_information()
    }

    /// The span in UTF-16 units of the text that was screened, as chat platforms count.
    pub fn span_in_utf16(&self, text: &str) -> Range<usize> {
        let units = |end: usize| text[..end].encode_utf16().count();
        units(self.span.start)..units(self.span.end)
    }
}

impl Category {
    /// Whether it is patient information, which is never kept; the others are claims and hints.
    pub fn is_patient_information(self) -> bool {
        self <= Category::PatientConfirm
    }

    /// The least risk that it gives a post, where its rule says nothing else.
    pub(super) fn risk(self) -> Risk {
        if self == Category::Watched { Risk::Low } else { Risk::High }
    }

    /// Whether it is a claim.
    pub fn is_claim(self) -> bool {
        (Category::GuaranteeClaim..=Category::MissingDisclosure).contains(&self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_those_that_the_scorer_reads() {
        let name = |category: Category| serde_json::to_string(&category).expect("a name");
        assert_eq!(name(Category::Age90Plus), "\"age-90plus\"");
        assert_eq!(name(Category::HealthPlan), "\"health-plan\"");
        assert_eq!(name(Category::PatientConfirm), "\"patient-confirm\"");
        assert_eq!(name(Category::GuaranteeClaim), "\"guarantee-claim\"");
    }

    #[test]
    fn claims_and_hints_are_no_patient_information() {
        assert!(Category::Name.is_patient_information());
        assert!(Category::PatientConfirm.is_patient_information());
        for category in [Category::GuaranteeClaim, Category::MissingDisclosure] {
            assert!(category.is_claim() && !category.is_patient_information());
        }
        assert!(!Category::UnknownPerson.is_patient_information());
        assert!(!Category::UnknownPerson.is_claim());
    }
}
