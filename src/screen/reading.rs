//! What a rule's judge sees: the shadow, the roster, and the words around a place, within bounds.
//!
//! Every look around is limited to a number of bytes, so that a text is screened in linear time.

use std::ops::Range;

use super::fold::Shadow;
use super::roster::Roster;

/// A text as the rules read it.
pub struct Reading<'a> {
    /// The folded text, which knows how it was written.
    pub shadow: Shadow<'a>,
    /// What the practice itself is known by.
    pub roster: &'a Roster,
}

impl Reading<'_> {
    /// The folded text.
    pub fn text(&self) -> &str {
        self.shadow.text()
    }

    /// What stands before a place in the same sentence, at most `reach` bytes.
    pub fn before(&self, at: usize, reach: usize) -> &str {
        let text = self.text();
        let window = &text[text.ceil_char_boundary(at.saturating_sub(reach))..at];
        let begins = (0..window.len()).rev().find(|&i| ends_sentence(window, i));
        begins.map_or(window, |i| &window[i + 1..])
    }

    /// What stands after a place in the same sentence, at most `reach` bytes.
    pub fn after(&self, at: usize, reach: usize) -> &str {
        let text = self.text();
        let window = &text[at..text.floor_char_boundary(at.saturating_add(reach))];
        let ends = (0..window.len()).find(|&i| ends_sentence(window, i));
        ends.map_or(window, |i| &window[..i])
    }

    /// Whether any of the words or phrases stands in the same sentence, at most `reach` bytes away.
    pub fn is_near(&self, place: &Range<usize>, reach: usize, words: &str) -> bool {
        has_word(self.before(place.start, reach), words)
            || has_word(self.after(place.end, reach), words)
    }

    /// Whether a place touches no further digit, letter or link: it is a whole number.
    pub fn stands_alone(&self, place: &Range<usize>) -> bool {
        let joins = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '_' | '=' | '.');
        let before = self.text()[..place.start].chars().next_back();
        let mut after = self.text()[place.end..].chars();
        let ends = match after.next() {
            Some('.' | '-' | '/') => !after.next().is_some_and(|c| c.is_ascii_digit()),
            Some(c) => !(c.is_ascii_alphanumeric() || c == '_'),
            None => true,
        };
        ends && !before.is_some_and(joins)
    }
}

/// Whether any of the words or phrases, parted by commas, stands whole in a folded text.
pub fn has_word(text: &str, words: &str) -> bool {
    words.split(", ").any(|word| {
        let mut found = text.match_indices(word);
        found.any(|(at, word)| is_whole_word(text, &(at..at + word.len())))
    })
}

fn is_whole_word(text: &str, place: &Range<usize>) -> bool {
    let is_part = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = text.as_bytes();
    let before = place.start.checked_sub(1).and_then(|i| bytes.get(i));
    !is_part(before) && !is_part(bytes.get(place.end))
}

/// Whether the byte at a place ends a sentence; the stop of `mrs.` or `p.m.` does not.
pub fn ends_sentence(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    match bytes[at] {
        b'\n' | b'!' | b'?' => true,
        b'.' if bytes.get(at + 1).is_none_or(u8::is_ascii_whitespace) => {
            let letters = bytes[..at].iter().rev().take_while(|b| b.is_ascii_alphabetic()).count();
            let word = &text[at - letters..at];
            letters == 0
                || letters > 2
                    && !matches!(word, "mrs" | "prof" | "appt" | "ext" | "dept" | "tel" | "fax")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading<'a>(text: &'a str, roster: &'a Roster) -> Reading<'a> {
        Reading { shadow: Shadow::of(text), roster }
    }

    #[test]
    fn a_look_around_stays_in_the_sentence_and_in_reach() {
        let roster = Roster::default();
        let reading = reading("We are open. Ask Mrs. Lee at 5 p.m. today! Bye", &roster);
        let at = reading.text().find("lee").expect("it is there");
        assert_eq!(reading.before(at, 100), " ask mrs. ");
        assert_eq!(reading.after(at, 100), "lee at 5 p.m. today");
        assert_eq!(reading.before(at, 5), "mrs. ");
        assert_eq!(reading.after(at, 3), "lee");
    }

    #[test]
    fn words_are_found_whole() {
        assert!(has_word("call us, please", "call us"));
        assert!(!has_word("recall usual", "call us"));
        assert!(has_word("recall; call", "text, call"));
    }

    #[test]
    fn a_number_inside_a_longer_one_does_not_stand_alone() {
        let roster = Roster::default();
        for (text, alone) in [
            ("a 12 b", true),
            ("12.", true),
            ("(12)", true),
            ("1.12", false),
            ("12-3", false),
            ("a12", false),
        ] {
            let reading = reading(text, &roster);
            let at = text.find("12").expect("it is there");
            assert_eq!(reading.stands_alone(&(at..at + 2)), alone, "{text}");
        }
    }
}
