//! Words of the trade that have plain counterparts.
//!
//! To add a word, add it to [`PLAIN`], folded and in the singular, with what patients call it.

use std::ops::Range;

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

/// Those in whose place the plain words alone would not be English: adjectives, and what needs
/// another sentence.
const OF_THEIR_OWN: &[&str] = &[
    "ambulate",
    "ambulatory",
    "asymptomatic",
    "bilateral",
    "contraindicated",
    "contraindication",
    "efficacy",
    "febrile",
    "hypertensive",
    "idiopathic",
    "immunocompromised",
    "intramuscular",
    "morbidity",
    "postprandial",
    "subcutaneous",
    "sublingual",
];

/// Words to say otherwise in a text for patients.
pub fn check(written: &Written<'_>) -> Option<String> {
    if written.audience != Audience::Patients {
        return None;
    }
    let named = hard(written).map(|(hard, plain)| format!("“{plain}” for “{hard}”"));
    let named: Vec<String> = named.collect();
    let named = named.join(", ");
    (!named.is_empty()).then(|| format!("not every patient knows these words: say {named}"))
}

/// The text with those words that the plain ones can stand for as they are; nothing where there are
/// none.
pub fn reworded(written: &Written<'_>) -> Option<String> {
    if written.audience != Audience::Patients {
        return None;
    }
    let fits = hard(written).filter(|(hard, _)| !OF_THEIR_OWN.contains(hard));
    let mut text = written.text.to_owned();
    for (hard, plain) in fits {
        // From the back, so that what is in front stays where it was found.
        for (at, is_plural) in places(&text, hard).into_iter().rev() {
            let better = fitted(&text[at.clone()], plain, is_plural);
            text.replace_range(at.clone(), &better);
            article(&mut text, at.start, &better);
        }
    }
    (text != written.text).then_some(text)
}

/// The words to say otherwise, each with the plain one.
fn hard(written: &Written<'_>) -> impl Iterator<Item = (&'static str, &'static str)> {
    let words: Vec<String> = folded(written.text).collect();
    let known = PLAIN.iter().copied().filter(move |(hard, plain)| {
        says(&words, hard) && !says(&words, plain.trim_start_matches("with "))
    });
    known.take(NAMED)
}

/// Where a phrase stands as words of a sentence, and whether in the plural.
fn places(text: &str, phrase: &str) -> Vec<(Range<usize>, bool)> {
    // Small letters of ASCII are as long as its capitals; in any other script there is no phrase.
    let small = text.to_ascii_lowercase();
    let (mut all, mut begins) = (Vec::new(), 0);
    for token in small.split_inclusive(char::is_whitespace) {
        let is_tag = token.contains(['#', '@', '/']);
        // A phrase of several words begins in one token and goes on in the next.
        for (within, _) in token.match_indices(phrase.split(' ').next().unwrap_or(phrase)) {
            let start = begins + within;
            if !is_tag && small[start..].starts_with(phrase) {
                all.extend(whole(&small, start..start + phrase.len()));
            }
        }
        begins += token.len();
    }
    all
}

/// The phrase, with the ending of its plural, if it is no part of a longer word.
fn whole(text: &str, at: Range<usize>) -> Option<(Range<usize>, bool)> {
    let is_plural = text[at.end..].starts_with('s');
    let end = at.end + usize::from(is_plural);
    let joins = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let is_part = text[..at.start].ends_with(joins)
        || text[end..].starts_with(joins)
        || text[end..].starts_with(['\'', '’', '@', '/']);
    (!is_part).then_some((at.start..end, is_plural))
}

/// The plain words as the hard ones stand there: with a capital, or in the plural.
fn fitted(hard: &str, plain: &str, is_plural: bool) -> String {
    let mut fitted = plain.to_owned();
    if hard.starts_with(char::is_uppercase) {
        fitted[..1].make_ascii_uppercase();
    }
    if is_plural && !fitted.ends_with('s') {
        fitted.push('s');
    }
    fitted
}

/// "a" before what stands there, or "an".
fn article(text: &mut String, at: usize, word: &str) {
    let wants_an = word.starts_with(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O', 'U']);
    let (wrong, right) = if wants_an { ("a ", "an ") } else { ("an ", "a ") };
    let Some(begins) = at.checked_sub(wrong.len()) else { return };
    let stands = text.get(begins..at).is_some_and(|word| word.eq_ignore_ascii_case(wrong));
    if stands && !text[..begins].ends_with(char::is_alphanumeric) {
        // Its own first letter stays as it was written.
        text.replace_range(begins + 1..at, &right[1..]);
    }
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
    fn a_text_is_reworded_where_the_plain_words_fit() {
        let table = [
            ("Hypertension is silent.", "High blood pressure is silent."),
            ("He had an arrhythmia, a LACERATION", "He had an irregular heartbeat, a Cut"),
            ("An edema, a urticaria", "A swelling, a hives"),
            ("Lacerations and lacerations!", "Cuts and cuts!"),
            ("After a myocardial infarction", "After a heart attack"),
            ("#hypertension @edema a.example/edema hypertension-free edema's", ""),
            ("Febrile? Ambulatory care.", ""),
            ("Hypertension, or high blood pressure, is silent.", ""),
            ("é edemas ñ", "é swellings ñ"),
            ("See\u{a0}hypertension\u{202f}now", "See\u{a0}high blood pressure\u{202f}now"),
            ("edema/edema edema", "edema/edema swelling"),
        ];

        for (text, expected) in table {
            let better = reworded(&Written { text, ..Written::default() });
            assert_eq!(better.unwrap_or_default(), expected, "{text}");
        }
        // Else the same would be proposed again.
        assert!(PLAIN.iter().all(|(hard, plain)| !plain.contains(hard)));
        assert!(OF_THEIR_OWN.iter().all(|own| PLAIN.iter().any(|(hard, _)| hard == own)));
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
