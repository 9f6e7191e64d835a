//! How hard a text for patients is to read: the Flesch-Kincaid grade.
//!
//! 0.39 words a sentence, 11.8 syllables a word, less 15.59 (Kincaid and others, 1975), made for
//! texts of a hundred words and more. Fewer than [`FEWEST`] words get no grade, fewer than
//! [`ENOUGH`] one that is said to be rough and must be higher before it is said at all. What is
//! not English gets none.

use std::cmp::Reverse;

use super::syllables::syllables;
use super::text::{Sentence, sentences};
use super::written::Written;
use crate::domain::draft::Audience;
use crate::domain::said::folded;
use crate::screen::is_english;

/// A grade of fewer words says nothing.
const FEWEST: usize = 30;
/// A grade of fewer words may be two or three off.
const ENOUGH: usize = 100;
/// What most adults read with ease; the advice for what patients are given to read is 6 to 8.
const HIGHEST: usize = 8;
/// Above the advice by so much, a text is worth another look.
const SLACK: usize = 2;
/// The same where the grade is rough.
const ROUGH_SLACK: usize = 4;
/// School and college end here; more is no figure any more.
const LAST: usize = 16;
/// A sentence of more words is long.
const LONG: usize = 20;
/// So many of its words are named at most.
const NAMED: usize = 3;
/// A word of so many syllables is hard.
const HARD: usize = 4;
/// In hundredths: in what is English, more of the words are in the list of English words.
const KNOWN: usize = 60;

/// How hard it is to read, if it is harder than patients should find it.
pub fn check(written: &Written<'_>) -> Option<String> {
    if written.audience != Audience::Patients {
        return None;
    }
    let sentences = sentences(written.text);
    let words: Vec<&str> = sentences.iter().flat_map(Sentence::words).collect();
    if words.len() < FEWEST || !is_in_english(&words) {
        return None;
    }
    let grade = grade(&words, sentences.len());
    let rough = words.len() < ENOUGH;
    if grade <= HIGHEST + if rough { ROUGH_SLACK } else { SLACK } {
        return None;
    }
    let what = easier(&sentences, &words)?;
    let grade = match grade {
        LAST.. => format!("grade {LAST} or more"),
        _ if rough => format!("about grade {grade} (a rough figure, the text is short)"),
        _ => format!("grade {grade}"),
    };
    Some(format!("it reads like {grade}, and most patients read grade {HIGHEST} with ease: {what}"))
}

/// The grade, rounded.
fn grade(words: &[&str], sentences: usize) -> usize {
    let (words, syllables): (usize, usize) =
        (words.len(), words.iter().map(|word| spoken(word)).sum());
    // In hundredths, so that the same text has the same grade everywhere.
    let hundredths = 39 * words / sentences.max(1) + 1180 * syllables / words.max(1);
    (hundredths.saturating_sub(1559) + 50) / 100
}

/// What to do about it.
fn easier(sentences: &[Sentence<'_>], words: &[&str]) -> Option<String> {
    let longest = sentences.iter().max_by_key(|sentence| sentence.words().count())?;
    if longest.words().count() > LONG {
        return Some(format!("make two of the sentence that begins “{}”", longest.beginning()));
    }
    let mut hard: Vec<&str> = Vec::new();
    for word in words {
        if spoken(word) >= HARD && !hard.contains(word) {
            hard.push(word);
        }
    }
    hard.sort_by_key(|word| Reverse(spoken(word)));
    let named: Vec<String> = hard.iter().take(NAMED).map(|word| format!("“{word}”")).collect();
    Some(if named.is_empty() {
        "use shorter words and sentences".to_owned()
    } else {
        format!("use shorter words than {}", named.join(", "))
    })
}

/// The syllables of a word as it is said; an abbreviation is spelled.
fn spoken(word: &str) -> usize {
    let small = folded(word).collect::<String>();
    let capitals = word.chars().filter(|c| c.is_uppercase()).count();
    let is_spelled =
        (2..=4).contains(&capitals) && capitals == word.chars().count() && !is_english(&small);
    if is_spelled { capitals } else { syllables(&small) }
}

fn is_in_english(words: &[&str]) -> bool {
    let known = words.iter().filter(|word| is_english(&folded(word).collect::<String>())).count();
    known * 100 >= words.len() * KNOWN
}

#[cfg(test)]
mod tests {
    use super::*;

    const HARD_TEXT: &str = "Individuals with uncontrolled hypertension and cardiovascular \
        comorbidities are encouraged to schedule an appointment with a physician for a \
        comprehensive evaluation of pharmacological alternatives before initiating vigorous \
        activity, particularly during periods of elevated temperature and humidity.";
    const EASY: &str = "Flu shots are here! Walk in on Saturday from 9 to 12. You need no \
        appointment. Bring your card and a mask. Kids need a parent with them. We have snacks, and \
        stickers for the brave. See you there, and stay well this winter.";

    fn said(text: &str, audience: Audience) -> Option<String> {
        check(&Written { text, audience, ..Written::default() })
    }

    #[test]
    fn a_text_for_patients_is_easy_to_read() {
        let spanish = "Las personas con presión arterial alta deben consultar inmediatamente con \
            especialistas antes de comenzar actividades vigorosas, particularmente durante \
            temporadas de temperaturas elevadas, porque las complicaciones cardiovasculares son \
            considerablemente frecuentes entre nuestros pacientes mayores.";
        let table = [
            (HARD_TEXT, Audience::Colleagues, None),
            (EASY, Audience::Patients, None),
            (&HARD_TEXT[..120], Audience::Patients, None),
            (spanish, Audience::Patients, None),
            ("", Audience::Patients, None),
        ];
        for (text, audience, expected) in table {
            assert_eq!(said(text, audience), expected, "{text}");
        }
        let expected = "it reads like grade 16 or more, and most patients read grade 8 with ease: \
            make two of the sentence that begins “Individuals with uncontrolled hypertension and \
            cardiovascular…”";
        assert_eq!(said(HARD_TEXT, Audience::Patients).as_deref(), Some(expected));
    }

    #[test]
    fn the_grade_of_a_short_text_is_said_to_be_rough() {
        let text = "Regular physical activity improves your energy, and it lowers your risk of \
            serious illness, so talk with our physicians about activities that are suitable for \
            you, and remember to begin gradually. A comfortable walk after dinner is sufficient.";
        let expected = "it reads like about grade 14 (a rough figure, the text is short), and most \
            patients read grade 8 with ease: make two of the sentence that begins “Regular \
            physical activity improves your energy,…”";
        assert_eq!(said(text, Audience::Patients).as_deref(), Some(expected));
    }

    #[test]
    fn a_longer_text_is_graded_more_strictly() {
        let unit = "Our pharmacists evaluate medications carefully for every individual. ";
        let text = unit.repeat(14);
        assert_eq!(
            said(&text, Audience::Patients).as_deref(),
            Some(
                "it reads like grade 16 or more, and most patients read grade 8 with ease: use \
                 shorter words than “individual”, “evaluate”, “medications”"
            )
        );
    }
}
