//! Words of the trade that have plain counterparts.
//!
//! To add a word, add it to [`PLAIN`], folded and in the singular, with what patients call it.

use super::written::Written;
use crate::domain::draft::Audience;
use crate::domain::said::folded;

/// So many are named at most.
const NAMED: usize = 3;

/// A word of the trade, and what patients call it.
const PLAIN: &[(&str, &str)] = &[
    ("adverse event", "side effect"),
    ("adverse reaction", "side effect"),
    ("alopecia", "hair loss"),
    ("ambulate", "walk"),
    ("ambulatory", "able to walk"),
    ("analgesic", "pain reliever"),
    ("anticoagulant", "blood thinner"),
    ("antipyretic", "fever reducer"),
    ("arrhythmia", "irregular heartbeat"),
    ("asymptomatic", "without symptoms"),
    ("bilateral", "on both sides"),
    ("bradycardia", "slow heartbeat"),
    ("bruxism", "teeth grinding"),
    ("carcinoma", "cancer"),
    ("cerebrovascular accident", "stroke"),
    ("cerumen", "earwax"),
    ("cholecystectomy", "gallbladder removal"),
    ("comorbidities", "other health problems"),
    ("comorbidity", "other health problem"),
    ("conjunctivitis", "pink eye"),
    ("contraindicated", "not safe"),
    ("contraindication", "reason not to take it"),
    ("contusion", "bruise"),
    ("dental caries", "tooth decay"),
    ("dysmenorrhea", "painful periods"),
    ("dysphagia", "trouble swallowing"),
    ("dyspnea", "shortness of breath"),
    ("edema", "swelling"),
    ("efficacy", "how well it works"),
    ("emesis", "vomiting"),
    ("epistaxis", "nosebleed"),
    ("erythema", "redness"),
    ("etiology", "cause"),
    ("febrile", "with a fever"),
    ("gastroenteritis", "stomach flu"),
    ("halitosis", "bad breath"),
    ("hematoma", "bruise"),
    ("hepatic", "liver"),
    ("hyperglycemia", "high blood sugar"),
    ("hyperlipidemia", "high cholesterol"),
    ("hypertension", "high blood pressure"),
    ("hypertensive", "with high blood pressure"),
    ("hypoglycemia", "low blood sugar"),
    ("hypotension", "low blood pressure"),
    ("idiopathic", "of unknown cause"),
    ("immunocompromised", "with a weak immune system"),
    ("intramuscular", "into a muscle"),
    ("laceration", "cut"),
    ("malignancies", "cancers"),
    ("malignancy", "cancer"),
    ("menorrhagia", "heavy periods"),
    ("morbidity", "illness"),
    ("myalgia", "muscle pain"),
    ("myocardial infarction", "heart attack"),
    ("myopia", "nearsightedness"),
    ("neonate", "newborn"),
    ("neoplasm", "tumor"),
    ("nephrolithiasis", "kidney stones"),
    ("otitis media", "ear infection"),
    ("pertussis", "whooping cough"),
    ("pharyngitis", "sore throat"),
    ("postprandial", "after a meal"),
    ("prophylactic", "preventive"),
    ("prophylaxis", "prevention"),
    ("pruritus", "itching"),
    ("pyrexia", "fever"),
    ("renal", "kidney"),
    ("subcutaneous", "under the skin"),
    ("sublingual", "under the tongue"),
    ("syncope", "fainting"),
    ("tachycardia", "fast heartbeat"),
    ("thrombosis", "blood clot"),
    ("urticaria", "hives"),
    ("varicella", "chickenpox"),
];

/// Words to say otherwise in a text for patients.
pub fn check(written: &Written<'_>) -> Option<String> {
    if written.audience != Audience::Patients {
        return None;
    }
    let words: Vec<String> = folded(written.text).collect();
    let known = PLAIN.iter().filter(|(hard, plain)| {
        says(&words, hard) && !says(&words, plain.trim_start_matches("with "))
    });
    let named: Vec<String> =
        known.take(NAMED).map(|(hard, plain)| format!("“{plain}” for “{hard}”")).collect();
    let named = named.join(", ");
    (!named.is_empty()).then(|| format!("not every patient knows these words: say {named}"))
}

/// The phrase stands among the words, in the singular or the plural.
fn says(words: &[String], phrase: &str) -> bool {
    let phrase: Vec<&str> = phrase.split(' ').collect();
    let is_it = |window: &[String]| {
        let mut pairs = window.iter().zip(&phrase);
        pairs.all(|(word, part)| word == part || word.strip_suffix('s') == Some(part))
    };
    words.windows(phrase.len()).any(is_it)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str, audience: Audience) -> String {
        check(&Written { text, audience, ..Written::default() }).unwrap_or_default()
    }

    #[test]
    fn words_of_the_trade_have_plain_counterparts() {
        let table = [
            ("Hypertension is silent.", "say “high blood pressure” for “hypertension”"),
            ("Ask about your ANTICOAGULANTS", "say “blood thinner” for “anticoagulant”"),
            ("After a myocardial infarction", "say “heart attack” for “myocardial infarction”"),
            (
                "Edema, emesis, syncope and pyrexia",
                "say “swelling” for “edema”, “vomiting” for “emesis”, “fever” for “pyrexia”",
            ),
            // Who explains it has said it.
            ("Hypertension, or high blood pressure, is silent.", ""),
            ("Renal diets are kind to your kidneys", ""),
            ("Flu shots this Saturday 9 to 12, no appointment needed.", ""),
            ("Adverse weather events close our office", ""),
            ("", ""),
        ];

        for (text, expected) in table {
            let said = said(text, Audience::Patients);
            let said = said.strip_prefix("not every patient knows these words: ").unwrap_or(&said);
            assert_eq!(said, expected, "{text}");
        }
    }

    #[test]
    fn colleagues_know_them() {
        assert_eq!(said("Hypertension is silent.", Audience::Colleagues), "");
    }

    #[test]
    fn each_word_is_in_the_list_as_it_is_looked_for() {
        for (hard, plain) in PLAIN {
            for phrase in [hard, plain] {
                assert_eq!(folded(phrase).collect::<Vec<_>>().join(" "), *phrase);
            }
        }
        assert!(PLAIN.is_sorted_by_key(|(hard, _)| *hard));
    }
}
