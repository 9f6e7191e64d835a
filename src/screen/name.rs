//! Reads a person's name at a place of a text, by its shape: honorific, capitals, initials.
//!
//! It says nothing of who the person is; that is the rules'.

use std::ops::Range;

use super::reading::Reading;
use super::words::is_no_name;

/// More words than this are no name.
const LONGEST: usize = 4;

/// What looks like a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Where it stands in the folded text, honorific included.
    pub range: Range<usize>,
    /// What makes it look like one.
    pub shape: Shape,
    /// Whether the next word is capitalised too, but can't be a part of a name.
    pub is_headline: bool,
}

/// What makes a name look like one, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `Mrs. Alvarez`
    Honorific,
    /// `J.D.`
    Initials,
    /// `Jane Doe`
    Words,
    /// `Jane`
    Word,
}

/// The name that begins at a place of the folded text. Physicians and nurses are none.
pub fn name_at(reading: &Reading<'_>, at: usize) -> Option<Name> {
    let first = word_at(reading, at)?;
    let word = &reading.text()[first.clone()];
    if matches!(word, "dr" | "dra" | "doctor" | "prof" | "professor" | "nurse" | "rn" | "np" | "pa")
    {
        return None;
    }
    if is_honorific(reading, &first) {
        return after_honorific(reading, &first);
    }
    if let Some(end) = initials(reading, at) {
        return Some(Name { range: at..end, shape: Shape::Initials, is_headline: false });
    }
    let (end, words) = capitalised(reading, at)?;
    let shape = if words > 1 { Shape::Words } else { Shape::Word };
    Some(Name { range: at..end, shape, is_headline: goes_on(reading, end) })
}

fn is_honorific(reading: &Reading<'_>, word: &Range<usize>) -> bool {
    let is_shouted = reading.shadow.is_capital(word.end - 1);
    matches!(&reading.text()[word.clone()], "mr" | "mrs" | "ms" | "miss" | "mx" | "mister")
        && !is_shouted
}

/// The surname counts in lower case too: nobody else is called "mrs."
fn after_honorific(reading: &Reading<'_>, honorific: &Range<usize>) -> Option<Name> {
    let at = skip_gap(reading, honorific.end, ". ")?;
    let surname = word_at(reading, at)?;
    let word = &reading.text()[surname.clone()];
    if word.len() < 2 || is_no_name(word) {
        return None;
    }
    let end = capitalised(reading, at).map_or(surname.end, |(end, _)| end);
    Some(Name { range: honorific.start..end, shape: Shape::Honorific, is_headline: false })
}

/// Two or three capitals with stops: `J.D.`, `J. D.`
fn initials(reading: &Reading<'_>, at: usize) -> Option<usize> {
    let mut end = at;
    let mut count = 0;
    while let Some(letter) = word_at(reading, end).filter(|letter| letter.len() == 1 && count < 3) {
        let has_stop = reading.text()[letter.end..].starts_with('.');
        if !reading.shadow.is_capital(letter.start) || !has_stop {
            break;
        }
        count += 1;
        end = letter.end + 1;
        end += usize::from(reading.text()[end..].starts_with(' ') && count < 2);
    }
    (count > 1).then_some(end)
}

/// Where a run of capitalised words ends, and how many they are; particles count along.
fn capitalised(reading: &Reading<'_>, at: usize) -> Option<(usize, usize)> {
    let mut end = at;
    let mut next = at;
    let mut words = 0;
    while let Some(word) = word_at(reading, next).filter(|_| words < LONGEST) {
        if is_name_word(reading, &word) {
            words += 1;
            end = word.end;
        } else if words == 0 || !is_particle(&reading.text()[word.clone()]) {
            break;
        }
        match skip_gap(reading, word.end, " ") {
            Some(following) => next = following,
            None => break,
        }
    }
    (words > 0).then_some((end, words))
}

fn is_name_word(reading: &Reading<'_>, word: &Range<usize>) -> bool {
    let text = &reading.text()[word.clone()];
    let second = text.char_indices().nth(1).map(|(i, _)| word.start + i);
    let is_shouted = second.is_some_and(|second| reading.shadow.is_capital(second));
    second.is_some() && reading.shadow.is_capital(word.start) && !is_shouted && !is_no_name(text)
}

fn is_particle(word: &str) -> bool {
    matches!(
        word,
        "de" | "del" | "la" | "las" | "los" | "van" | "von" | "der" | "da" | "di" | "al" | "bin"
    )
}

/// Whether a capitalised word that is no name follows, as in a headline.
fn goes_on(reading: &Reading<'_>, end: usize) -> bool {
    let word = skip_gap(reading, end, " ").and_then(|at| word_at(reading, at));
    word.is_some_and(|word| reading.shadow.is_capital(word.start))
}

fn skip_gap(reading: &Reading<'_>, at: usize, gap: &str) -> Option<usize> {
    let length =
        reading.text()[at..].bytes().take(3).take_while(|&b| gap.as_bytes().contains(&b)).count();
    (length > 0).then_some(at + length)
}

/// The word at a place: letters, with apostrophes and hyphens inside; the possessive is left out.
fn word_at(reading: &Reading<'_>, at: usize) -> Option<Range<usize>> {
    const LONGEST_WORD: usize = 40;
    let text = reading.text();
    let window = &text[at..text.floor_char_boundary(at + LONGEST_WORD)];
    let end = window
        .find(|c: char| !c.is_alphabetic() && !matches!(c, '\'' | '-'))
        .unwrap_or(window.len());
    let word = window[..end].trim_end_matches(['\'', '-']);
    let word = word.strip_suffix("'s").unwrap_or(word);
    word.starts_with(char::is_alphabetic).then_some(at..at + word.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::Roster;
    use crate::screen::fold::Shadow;

    #[test]
    fn names_are_read_by_their_shape() {
        for (text, name, shape) in [
            ("Jane Doe came", "Jane Doe", Shape::Words),
            ("Jane's mom", "Jane", Shape::Word),
            ("Mrs. Alvarez came", "Mrs. Alvarez", Shape::Honorific),
            ("mr o'brien is", "mr o'brien", Shape::Honorific),
            ("J.D. was", "J.D.", Shape::Initials),
            ("J. D. was", "J. D.", Shape::Initials),
            ("María de la Cruz García", "María de la Cruz García", Shape::Words),
            ("Anne-Marie O'Neil, 40", "Anne-Marie O'Neil", Shape::Words),
            ("Jane Monday", "Jane", Shape::Word),
        ] {
            let roster = Roster::default();
            let reading = Reading { shadow: Shadow::of(text), roster: &roster };
            let found = name_at(&reading, 0).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(
                (&text[reading.shadow.original_range(found.range)], found.shape),
                (name, shape)
            );
        }
    }

    #[test]
    fn what_is_no_name_is_none() {
        for text in [
            "Portal",
            "Dr. Rao",
            "Nurse Chase",
            "MRI",
            "Monday",
            "jane",
            "4 Jane",
            "",
            "mr. and",
            "A. bit",
            "MS Walk",
        ] {
            let roster = Roster::default();
            let reading = Reading { shadow: Shadow::of(text), roster: &roster };
            assert_eq!(name_at(&reading, 0), None, "{text}");
        }
    }
}
