//! Reads the number of a thing after the word that says what it is: `VIN: 1HGCM..`, `plate KTR 4471`.

use std::ops::Range;

use super::date::date_at;
use super::reading::Reading;

/// No more of these stand between a word and its number.
const MOST_BRIDGES: usize = 5;
/// No number has more parts.
const MOST_PARTS: usize = 6;
/// No part is longer.
const LONGEST_PART: usize = 24;

/// What may stand between "license" and its number.
const BRIDGES: &[&str] = &[
    "number",
    "num",
    "no",
    "nr",
    "id",
    "code",
    "card",
    "ref",
    "reference",
    "is",
    "was",
    "reads",
    "says",
    "ending",
    "ends",
    "end",
    "in",
    "with",
    "the",
    "it",
    "s",
    "and",
    "tag",
    "serial",
];

/// A number, and how it is made.
pub struct Code {
    /// Where it stands in the folded text.
    pub range: Range<usize>,
    /// How many digits it has.
    pub digits: usize,
    /// Whether it has letters too.
    pub has_letters: bool,
    /// Whether the text gives only its end.
    pub is_end: bool,
}

impl Code {
    /// Long enough to lead to one thing.
    pub fn is_telling(&self) -> bool {
        let length = self.range.len();
        match (self.is_end, self.has_letters) {
            (true, _) => self.digits >= 2 && length >= 3,
            (false, true) => self.digits >= 2 && length >= 5,
            (false, false) => self.digits >= 5,
        }
    }
}

/// The number that stands at the end of a cue, perhaps after "number is".
pub fn code_after(reading: &Reading<'_>, cue: usize) -> Option<Code> {
    let text = reading.text();
    let (mut at, mut is_end) = (cue, false);
    for _ in 0..MOST_BRIDGES {
        at += skipped(&text[at..]);
        let word = &text[at..at + letters(&text[at..])];
        let goes_on = text[at + word.len()..].starts_with(|c: char| c.is_ascii_digit());
        if goes_on || !BRIDGES.contains(&word) {
            break;
        }
        is_end |= matches!(word, "ending" | "ends" | "end");
        at += word.len();
    }
    at += skipped(&text[at..]);
    let end = number_end(reading, at)?;
    let written = &text[at..end];
    let digits = written.bytes().filter(u8::is_ascii_digit).count();
    let has_letters = written.bytes().any(|b| b.is_ascii_lowercase());
    let code = Code { range: at..end, digits, has_letters, is_end };
    (code.is_telling() && !is_something_else(text, &code)).then_some(code)
}

/// Spaces and punctuation before a number; a stop only within a sentence.
fn skipped(text: &str) -> usize {
    text.bytes().take(4).take_while(|b| b" .:#=(,'-".contains(b)).count()
}

fn letters(text: &str) -> usize {
    text.bytes().take(LONGEST_PART).take_while(u8::is_ascii_lowercase).count()
}

/// Parts with digits, joined by marks; capitals may stand before them.
fn number_end(reading: &Reading<'_>, at: usize) -> Option<usize> {
    let text = reading.text();
    let (mut end, mut next) = (None, at);
    for _ in 0..MOST_PARTS {
        let part = text[next..].bytes().take(LONGEST_PART + 1);
        let length = part.take_while(u8::is_ascii_alphanumeric).count();
        let written = &text[next..next + length];
        let is_spaced = end.is_some() && text[..next].ends_with(' ');
        let has_digit = written.bytes().any(|b| b.is_ascii_digit());
        let leads = end.is_none() && length < 5 && is_shouted(reading, next..next + length);
        let ends_so = text.as_bytes()[next - 1..].first() == Some(&b'-') && length < 4;
        if length == 0 || length > LONGEST_PART || is_spaced && (length < 2 || is_counted(written))
        {
            break;
        }
        if has_digit {
            end = Some(next + length);
        } else if !(leads || ends_so && end.is_some()) {
            break;
        }
        let joint = text[next + length..].bytes().take(3).take_while(|b| b" -/.()".contains(b));
        let joint = joint.count();
        if joint == 0 {
            break;
        }
        next += length + joint;
    }
    end.filter(|end| !text[*end..].starts_with(['%', '@', '_']))
}

fn is_shouted(reading: &Reading<'_>, part: Range<usize>) -> bool {
    !part.is_empty() && part.into_iter().all(|at| reading.shadow.is_capital(at))
}

/// "2nd", "10am", "45mg": it counts something.
fn is_counted(part: &str) -> bool {
    let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < part.len()
        && matches!(rest, "st" | "nd" | "rd" | "th" | "am" | "pm" | "mg" | "ml" | "k" | "yo" | "x")
}

/// A year, a day, a telephone number.
fn is_something_else(text: &str, code: &Code) -> bool {
    let written = &text[code.range.clone()];
    let mut years = written.split(['-', '/', ' ']);
    let is_years = years.all(|part| {
        part.len() == 4 && part.parse::<u16>().is_ok_and(|year| (1900..2100).contains(&year))
    });
    let is_day = date_at(&text[code.range.start..]).is_some_and(|day| day.length >= written.len());
    let lengths: Vec<usize> = written.split(['-', '.', ' ', '/']).map(str::len).collect();
    let is_telephone = !code.has_letters && lengths.ends_with(&[3, 3, 4]);
    !code.is_end && (is_years || is_counted(written)) || is_day || is_telephone
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::Roster;
    use crate::screen::fold::Shadow;

    fn read(text: &str) -> Option<&str> {
        let roster = Roster::default();
        let reading = Reading { shadow: Shadow::of(text), roster: &roster };
        code_after(&reading, text.find(' ').expect("a cue")).map(|code| &text[code.range])
    }

    #[test]
    fn a_number_is_read_in_many_forms() {
        for (text, number) in [
            ("plate KTR 4471, please", "KTR 4471"),
            ("license number is D4471-8890-2216 today", "D4471-8890-2216"),
            ("vin: 1HGCM82633A004352", "1HGCM82633A004352"),
            ("plate ends 77K, bike", "77K"),
            ("lot (K8LM2)", "K8LM2"),
            ("implant ref 6570-0-136", "6570-0-136"),
            ("license 08814426 2 weeks ago", "08814426"),
        ] {
            assert_eq!(read(text), Some(number), "{text}");
        }
    }

    #[test]
    fn what_counts_or_dates_is_no_number_of_a_thing() {
        for text in [
            "license since 2019",
            "license 2019-2024",
            "plate 12",
            "lot C is closed",
            "serial 3/14/1962",
            "account call 512-555-0147",
            "license for 10000mg",
            "plate $8000",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
