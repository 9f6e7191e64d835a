//! Finds persons by name, and tells people of the house from everybody else.

use super::lexicon::{Classes, Lexicon};
use super::token::Text;

/// The classes that tell names and those who bear them.
pub struct Bits {
    given: Classes,
    surname: Classes,
    common: Classes,
    honorific: Classes,
    professional: Classes,
    degree: Classes,
    person: Classes,
    low: Classes,
    place: Classes,
}

impl Bits {
    /// Looks the classes up.
    pub fn of(lexicon: &mut Lexicon) -> Bits {
        let mut bit = |name| 1 << lexicon.class(name);
        Bits {
            given: bit("given"),
            surname: bit("surname"),
            common: bit("common"),
            honorific: bit("honorific"),
            professional: bit("professional"),
            degree: bit("degree"),
            person: bit("person"),
            low: bit("low-person"),
            place: bit("town"),
        }
    }
}

/// Adds a span of class `person` for each name that is not of the house; `low-person` for a first
/// name in lower case, which needs a stronger cue.
pub fn mark(text: &mut Text<'_>, bits: &Bits) {
    let mut at = 0;
    let mut found = Vec::new();
    while at < text.tokens.len() {
        let is_staff = at > 0
            && text.joined(at - 1, at)
            && text.tokens[at - 1].classes & bits.professional != 0;
        let length = name(text, bits, at);
        if length == 0 {
            let token = &text.tokens[at];
            if !token.is_capital
                && token.classes & bits.given != 0
                && token.classes & bits.common == 0
            {
                found.push((at, bits.low, 1));
            }
            at += 1;
            continue;
        }
        let has_degree =
            text.joined(at, at + length) && text.tokens[at + length].classes & bits.degree != 0;
        let (start, end) = (text.tokens[at].start, text.tokens[at + length - 1].end);
        let words = &text.reading.text()[start..end];
        let words = words.strip_suffix("'s").unwrap_or(words);
        let roster = text.reading.roster;
        if !is_staff && !has_degree && !roster.employs(words) && !roster.is_called(words) {
            found.push((at, bits.person, length));
        }
        at += length;
    }
    text.spans.extend(found);
    text.spans.sort_unstable();
}

/// How many tokens of a name begin here.
fn name(text: &Text<'_>, bits: &Bits, at: usize) -> usize {
    let token = &text.tokens[at];
    let next = |i: usize| text.tokens.get(at + i).filter(|_| text.joined(at, at + i));
    let is_word = |i: usize| {
        next(i).is_some_and(|t| t.is_capital && t.classes & bits.common == 0 && t.end - t.start > 1)
    };
    if token.classes & bits.honorific != 0 {
        return if is_word(1) { 2 + usize::from(is_word(2)) } else { 0 };
    }
    let is_given = token.is_capital && token.classes & bits.given != 0;
    if !is_given {
        let is_rare = token.is_capital
            && token.classes & (bits.common | bits.professional | bits.place) == 0
            && token.end - token.start > 2;
        let has_surname = is_word(1)
            && next(1)
                .is_some_and(|t| t.classes & bits.surname != 0 && t.classes & bits.place == 0);
        return if is_rare && has_surname && token.classes & bits.surname != 0 { 2 } else { 0 };
    }
    let is_initial = next(1).is_some_and(|t| t.is_capital && t.end - t.start == 1);
    let is_surname = is_word(1) && !(next(1).is_some_and(|t| t.classes & bits.professional != 0));
    if token.classes & bits.common != 0 && !is_surname && !is_initial {
        return 0;
    }
    if is_initial && is_word(2) {
        return 3;
    }
    1 + usize::from(is_surname || is_initial)
}
