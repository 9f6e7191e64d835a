//! Makes the shadow of a text: the same words in plain lower case, so that disguises don't matter.
//!
//! Rules read the shadow; findings speak of the original. Every byte of the shadow knows the
//! character it came from, so a range of the shadow always maps back to whole characters. A dropped
//! character (zero-width, combining) belongs to the one before it.

use std::iter;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A sign that stands for more letters is none of a text: 18 stand in one, which makes a text long.
const UNFOLDED: usize = 5;

/// A text and its folded form.
///
/// It has no `Debug`: it holds text that may not be stored or logged.
pub struct Shadow<'a> {
    original: &'a str,
    folded: String,
    /// For each byte of `folded`, where its character begins in `original`.
    origins: Vec<usize>,
}

impl<'a> Shadow<'a> {
    /// Folds a text.
    pub fn of(original: &'a str) -> Shadow<'a> {
        let mut shadow = Shadow {
            original,
            folded: String::with_capacity(original.len()),
            origins: Vec::with_capacity(original.len()),
        };
        for (at, c) in original.char_indices() {
            if c.is_ascii() {
                shadow.push(at, plain(c));
            } else {
                for c in iter::once(c).nfkd().take(UNFOLDED).filter(|c| !is_dropped(*c)) {
                    shadow.push_folded(at, c);
                }
            }
        }
        shadow
    }

    /// The folded text.
    pub fn text(&self) -> &str {
        &self.folded
    }

    /// The bytes of the original that a range of the folded text came from.
    pub fn original_range(&self, folded: Range<usize>) -> Range<usize> {
        let Some(&start) = self.origins.get(folded.start) else {
            return self.original.len()..self.original.len();
        };
        let last = self.origins[folded.end.max(folded.start + 1) - 1];
        let end = self.origins[folded.end.max(folded.start + 1)..]
            .iter()
            .find(|&&origin| origin > last)
            .map_or(self.original.len(), |&origin| origin);
        start..end
    }

    /// Whether the character at a place of the folded text was written as a capital.
    pub fn is_capital(&self, at: usize) -> bool {
        self.origins
            .get(at)
            .and_then(|&origin| self.original[origin..].chars().next())
            .is_some_and(char::is_uppercase)
    }

    fn push_folded(&mut self, at: usize, c: char) {
        if let Some(letters) = unaccented(c) {
            for c in letters.chars() {
                self.push(at, c);
            }
            return;
        }
        for c in plain(c).to_lowercase().filter(|c| !is_dropped(*c)) {
            self.push(at, c);
        }
    }

    fn push(&mut self, at: usize, c: char) {
        self.folded.push(c);
        self.origins.extend(iter::repeat_n(at, c.len_utf8()));
    }
}

/// Folds a short text whose places don't matter, such as a name of the roster.
pub fn fold(text: &str) -> String {
    Shadow::of(text).folded
}

/// The plain form of punctuation and space; ASCII letters in lower case.
fn plain(c: char) -> char {
    match c {
        '\u{2018}'..='\u{201B}' | '\u{2032}' | '\u{02BC}' | '\u{00B4}' | '`' => '\'',
        '\u{201C}'..='\u{201F}' | '\u{2033}' | '\u{00AB}' | '\u{00BB}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2043}' => '-',
        '\n' | '\r' | '\u{0085}' | '\u{2028}' | '\u{2029}' => '\n',
        c if c.is_whitespace() => ' ',
        c => c.to_ascii_lowercase(),
    }
}

/// Letters whose accent Unicode does not take apart.
fn unaccented(c: char) -> Option<&'static str> {
    Some(match c {
        'ø' | 'Ø' => "o",
        'ł' | 'Ł' => "l",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'þ' | 'Þ' => "th",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'ß' | 'ẞ' => "ss",
        'ı' => "i",
        _ => return None,
    })
}

/// Characters that take no room on the screen, and the accents of taken-apart letters.
fn is_dropped(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E007F}')
        || is_combining_mark(c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn disguises_fold_to_plain_lower_case() {
        for (written, folded) in [
            ("Jos\u{e9} N\u{fa}\u{f1}ez", "jose nunez"),
            ("Jose\u{301}", "jose"),
            ("\u{1D409}\u{1D41A}\u{1D427}\u{1D41E}", "jane"),
            ("\u{FF2D}\u{FF32}\u{FF2E} \u{FF11}\u{FF12}", "mrn 12"),
            ("pa\u{200B}ti\u{2060}ent\u{FEFF}", "patient"),
            ("\u{201C}don\u{2019}t\u{201D} 512\u{2013}555", "\"don't\" 512-555"),
            ("a\u{A0}b\u{2003}c\td", "a b c d"),
            ("Bj\u{F8}rn \u{141}ukasz Wei\u{DF}", "bjorn lukasz weiss"),
            ("\u{130}rem", "irem"),
        ] {
            assert_eq!(fold(written), folded, "{written:?}");
        }
    }

    #[test]
    fn ranges_map_back_to_what_was_written() {
        let text = "our pa\u{200B}tient Jos\u{e9}\u{301} \u{FB03}!";
        let shadow = Shadow::of(text);
        assert_eq!(shadow.text(), "our patient jose ffi!");
        assert_eq!(&text[shadow.original_range(4..11)], "pa\u{200B}tient");
        assert_eq!(&text[shadow.original_range(12..16)], "Jos\u{e9}\u{301}");
        assert_eq!(&text[shadow.original_range(18..19)], "\u{FB03}", "part of a ligature");
        assert_eq!(shadow.original_range(21..21), text.len()..text.len());
        assert!(shadow.is_capital(12) && !shadow.is_capital(13));
    }

    proptest! {
        #[test]
        fn every_range_maps_to_whole_characters(text in any::<String>(), a: usize, b: usize) {
            let shadow = Shadow::of(&text);
            let length = shadow.text().len();
            prop_assert_eq!(length, shadow.origins.len());
            let (a, b) = (a % (length + 1), b % (length + 1));
            let range = shadow.original_range(a.min(b)..a.max(b));
            prop_assert!(text.get(range).is_some());
        }
    }
}
