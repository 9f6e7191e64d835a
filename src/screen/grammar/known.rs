//! Takes the names of people of the house and of the public out of the search.

use super::choice::Classes;
use super::lexicon::Lexicon;
use super::token::Text;

/// The classes that tell whose name is nobody's to be kept from sight.
pub struct Known {
    names: Classes,
    told: Classes,
    and: u32,
}

impl Known {
    /// Looks the classes up.
    pub fn of(lexicon: &mut Lexicon) -> Known {
        let mut bit = |name| 1 << lexicon.class(name);
        let names = bit("person") | bit("weak") | bit("low");
        Known { names, told: bit("known-person"), and: lexicon.number("and") }
    }

    /// Takes a name out of the search: it is that of somebody of the house, or of the public.
    /// Names joined to it by "and" or a comma are, too.
    pub fn acquit(&self, text: &mut Text<'_>, at: usize) {
        let mut places = vec![at];
        while let Some(at) = places.pop() {
            let Some(length) = length_of(text, at, self.names) else { continue };
            text.turn(at, self.names, self.told);
            let mut next = at + length;
            next += usize::from(text.tokens.get(next).is_some_and(|t| t.word == self.and));
            let before = at.checked_sub(1).map(|last| {
                let is_and = text.tokens[last].word == self.and;
                last.saturating_sub(usize::from(is_and))
            });
            places.extend((text.joined(at, next)).then_some(next));
            places.extend(before.filter(|before| text.joined(*before, at)));
        }
    }

    /// Who was told of once is known wherever a text goes on with the same name.
    pub fn acquit_namesakes(&self, text: &mut Text<'_>) {
        let spelled = text.reading.text();
        let name = |text: &Text<'_>, at: usize| {
            let owned = &spelled[text.tokens[at].start..text.tokens[at].end];
            owned.strip_suffix("'s").unwrap_or(owned)
        };
        let mut told = Vec::new();
        for at in 0..text.tokens.len() {
            let length = length_of(text, at, self.told).unwrap_or_default();
            told.extend((at..at + length).map(|at| name(text, at)).filter(|name| name.len() > 2));
        }
        told.sort_unstable();
        told.dedup();
        for at in 0..text.tokens.len() {
            if told.binary_search(&name(text, at)).is_ok() {
                text.turn(at, self.names, self.told);
            }
        }
    }
}

fn length_of(text: &Text<'_>, at: usize, classes: Classes) -> Option<usize> {
    let spans = text.spans_at(at).iter();
    spans.filter(|span| span.classes & classes != 0).map(|span| span.length).max()
}
