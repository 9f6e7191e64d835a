//! Finds names of persons by their shape; who they are is said by roles and rules.
//!
//! Three classes: `person` (a name beyond doubt), `weak` (a capitalised word that may be a name:
//! one that is also a common word, or one that no list knows) and `low` (a first name in lower
//! case). A name that owns something is an `owner` as well. A word after "in" or "from" that no
//! list of names knows is a `place`, and so is a town of the list after "to".

use super::choice::{Classes, UNKNOWN};
use super::lexicon::Lexicon;
use super::token::{Span, Text, Token};

/// A text of fewer words tells nothing of how it is written, and a word of fewer letters is slang.
const SHORTEST: usize = 4;
/// A name has no more words.
const LONGEST: usize = 4;

/// "Mac" and "La" begin names; longer first humps begin brands.
const LONGEST_PREFIX: usize = 3;

/// Pairs of capitals that are nobody's initials.
const SHORT_FOR: &[&str] = &[
    "u.s", "p.m", "a.m", "d.c", "m.d", "r.n", "p.t", "i.v", "e.r", "t.v", "p.s", "d.o", "n.p",
    "p.a", "o.r", "p.o", "l.a", "n.y", "i.d", "a.i", "o.t", "c.t", "d.d", "p.r", "h.r", "i.t",
    "q.a", "e.d", "v.p", "s.t", "o.b", "g.i", "g.p", "b.p", "u.k", "e.g", "i.e",
];

/// Words for places that people are called by: "Robert Hall", but "Hudson Valley".
const ALSO_SURNAMES: &[&str] = &[
    "bay", "bend", "bridge", "church", "court", "cove", "falls", "field", "forest", "grove",
    "hall", "hills", "hollow", "inn", "island", "lake", "lane", "mesa", "mountain", "park", "pass",
    "peak", "place", "ridge", "run", "square", "street", "tower", "vista", "way",
];

/// The classes that tell names.
pub struct People {
    given: Classes,
    common: Classes,
    surname: Classes,
    english: Classes,
    proper: Classes,
    particle: Classes,
    honorific: Classes,
    preposition: Classes,
    origin: Classes,
    day: Classes,
    sight: Classes,
    street: Classes,
    place_start: Classes,
    city: Classes,
    town: Classes,
    toward: Classes,
    owner: Classes,
    person: Classes,
    weak: Classes,
    low: Classes,
    place: Classes,
    known: Classes,
    brand: Classes,
    possessive: Classes,
    /// What tells nothing against a name.
    plain: Classes,
    within: u32,
    the: u32,
}

impl People {
    /// Looks the classes up.
    pub fn of(lexicon: &mut Lexicon) -> People {
        let mut bit = |name| 1 << lexicon.class(name);
        People {
            given: bit("given") | bit("seldom"),
            common: bit("given"),
            surname: bit("surname"),
            english: bit("english"),
            proper: bit("proper"),
            particle: bit("particle"),
            honorific: bit("honorific"),
            preposition: bit("preposition"),
            origin: bit("origin"),
            day: bit("day"),
            sight: bit("sight"),
            street: bit("streetword"),
            place_start: bit("place-start"),
            city: bit("city"),
            town: bit("town"),
            toward: bit("toward"),
            owner: bit("owner"),
            person: bit("person"),
            weak: bit("weak"),
            low: bit("low"),
            place: bit("place"),
            known: bit("known-person"),
            brand: bit("brand-like"),
            possessive: bit("possessive"),
            plain: bit("part") | bit("novel") | bit("did"),
            within: lexicon.number("in"),
            the: lexicon.number("the"),
        }
    }

    /// Adds a span for each name.
    pub fn mark(&self, text: &mut Text<'_>) {
        self.lift(text);
        let mut found = Vec::new();
        let mut at = 0;
        while at < text.tokens.len() {
            let span = self.name(text, at);
            at += span.map_or(1, |span| span.length);
            found.extend(span);
        }
        text.mark(found);
    }

    /// In a text that is all small letters, or all capitals, a name has no capital of its own: what
    /// no list of words knows counts as written with one.
    fn lift(&self, text: &mut Text<'_>) {
        let is_telling = |token: &&Token| token.end - token.start > 1;
        let some = text.tokens.iter().filter(is_telling).count();
        let capital = text.tokens.iter().filter(is_telling).filter(|t| t.is_capital).count();
        if some < SHORTEST || capital > 0 {
            return;
        }
        let spelled = text.reading.text();
        for token in &mut text.tokens {
            let is_named = token.classes & (self.given | self.surname) != 0;
            let is_listed = token.word == UNKNOWN || token.classes & self.town != 0;
            let is_unknown = is_listed && token.end - token.start >= SHORTEST;
            let is_plain =
                || spelled[token.start..token.end].chars().all(|c| c.is_alphabetic() || c == '\'');
            if (is_named || is_unknown) && self.is_rare(token) && is_plain() {
                (token.is_capital, token.is_shouted) = (true, false);
            }
        }
    }

    fn name(&self, text: &Text<'_>, at: usize) -> Option<Span> {
        let token = &text.tokens[at];
        let span = |classes, length| Some(Span { at, length, classes });
        if token.classes & self.honorific != 0 && !token.is_shouted {
            return self.after_honorific(text, at).and_then(|length| span(self.person, length));
        }
        if self.is_town(text, at) {
            return span(self.place, if token.is_capital { self.run(text, at) } else { 1 });
        }
        if !self.is_capital(token) {
            let is_low = token.classes & self.given != 0 && !token.is_shouted;
            let owner = token.classes & self.possessive != 0;
            let classes = self.low | if owner { self.owner } else { 0 };
            return is_low.then(|| span(classes, 1))?.filter(|_| self.is_rare(token));
        }
        if token.classes & self.day != 0 {
            return None;
        }
        if Self::is_brand(text, at) {
            return span(self.brand, 1);
        }
        if Self::is_initials(text, at) {
            return span(self.weak, 2);
        }
        let length = self.run(text, at);
        let is_strong =
            token.classes & self.given != 0 && (self.is_rare(token) || self.stands_out(text, at));
        if self.is_after(text, at, self.preposition) {
            if let Some(length) = self.place(text, at, length) {
                return span(self.place, length);
            }
            if token.classes & self.given == 0 || token.classes & self.proper != 0 && length == 1 {
                return None;
            }
        }
        if let Some(length) = self.sight(text, at, length) {
            return span(self.known, length);
        }
        // "The Blue Hawks", "the Whitcomb Foundation": nobody's name has an article.
        if length > 1 && at > 0 && text.joined(at - 1, at) && text.tokens[at - 1].word == self.the {
            return span(self.known, length);
        }
        if Self::is_known(text, at, length) {
            return span(self.known, length);
        }
        let is_owner = text.tokens[at + length - 1].classes & self.possessive != 0;
        let owner = if is_owner { self.owner } else { 0 };
        let span = |classes, length| Some(Span { at, length, classes: classes | owner });
        match length {
            1 if is_strong => span(self.person, 1),
            1 if token.classes & self.given != 0 || self.is_novel(token) => span(self.weak, 1),
            1 => None,
            _ if is_strong || self.is_full_name(text, at, length) => span(self.person, length),
            _ if self.is_novel(token) => span(self.weak, length),
            _ => None,
        }
    }

    fn is_after(&self, text: &Text<'_>, at: usize, classes: Classes) -> bool {
        let is_owner = text.tokens[at].classes & self.possessive != 0;
        !is_owner && at > 0 && text.joined(at - 1, at) && text.tokens[at - 1].classes & classes != 0
    }

    /// Two humps of one word, as brands have, unless it is a hashtag; after "La" it is a name.
    fn is_brand(text: &Text<'_>, at: usize) -> bool {
        let spelled = text.reading.text();
        let tokens = &text.tokens;
        let touches = |at: usize| at > 0 && tokens[at - 1].end == tokens[at].start;
        let first = (0..=at).rev().find(|at| !touches(*at)).unwrap_or(at);
        let goes_on = at + 1 < tokens.len() && touches(at + 1) && tokens[at + 1].is_capital;
        (goes_on || first < at)
            && tokens[first].end - tokens[first].start > LONGEST_PREFIX
            && !spelled[..tokens[first].start].ends_with('#')
    }

    /// "R.T."; what is short for something else has a class of its own when written so.
    fn is_initials(text: &Text<'_>, at: usize) -> bool {
        let spelled = text.reading.text();
        let is_initial = |at: usize| {
            text.tokens.get(at).is_some_and(|one| {
                one.end - one.start == 1 && one.is_capital && spelled[one.end..].starts_with('.')
            })
        };
        let Some(second) = text.tokens.get(at + 1).filter(|_| is_initial(at)) else { return false };
        let pair = &spelled[text.tokens[at].start..second.end];
        is_initial(at + 1) && second.end - text.tokens[at].start < 5 && !SHORT_FOR.contains(&pair)
    }

    /// A name that is also a word, with a capital between small letters: "proud of Hope for".
    fn stands_out(&self, text: &Text<'_>, at: usize) -> bool {
        let is_small = |token: &Token| {
            !token.is_capital && !token.is_shouted && token.classes & self.honorific == 0
        };
        let token = &text.tokens[at];
        at > 0
            && token.classes & (self.common | self.proper) == self.common
            && text.joined(at - 1, at)
            && is_small(&text.tokens[at - 1])
            && (!text.joined(at, at + 1) || is_small(&text.tokens[at + 1]))
    }

    /// A town of the list after "to" or "in", also in lower case if it is nothing else.
    fn is_town(&self, text: &Text<'_>, at: usize) -> bool {
        let token = &text.tokens[at];
        if token.classes & self.town == 0 || !self.is_rare(token) {
            return false;
        }
        let is_within = at > 0 && text.tokens[at - 1].word == self.within;
        let is_name = token.classes & (self.given | self.surname) != 0;
        let is_there = self.is_after(text, at, self.preposition | self.toward);
        is_there && (!is_name || token.is_capital && is_within)
    }

    /// How long the name of a place is, if it is one: what stands after "from" is a place also when
    /// it is a word, a park is one wherever it is, and "San" begins one.
    fn place(&self, text: &Text<'_>, at: usize, length: usize) -> Option<usize> {
        let (first, last) = (&text.tokens[at], &text.tokens[at + length - 1]);
        let next = text.tokens.get(at + 1).filter(|_| text.joined(at, at + 1));
        if first.classes & self.place_start != 0 && next.is_some_and(|next| next.is_capital) {
            return Some(length.max(2));
        }
        let is_sight = length > 1 && last.classes & self.sight != 0;
        let places = self.sight | self.street;
        if next.is_some_and(|next| next.is_capital && next.classes & places != 0) {
            return Some(length.max(2));
        }
        let is_word = first.classes & !(self.english | self.surname | self.town | self.plain) == 0;
        let is_home = is_word && self.is_after(text, at, self.origin);
        let is_named = first.classes & self.city != 0
            || first.classes & self.given == 0 && (self.is_rare(first) || is_home);
        (is_sight || is_named).then_some(length)
    }

    /// How long the name of a valley, a street or a hall is, wherever it stands: "Hudson Valley".
    /// Such a word may be a surname, but not after a first name.
    fn sight(&self, text: &Text<'_>, at: usize, length: usize) -> Option<usize> {
        let is_sight = |at: usize| {
            let token = &text.tokens[at];
            token.is_capital && token.classes & (self.sight | self.street) != 0
        };
        let end = at + length;
        let gap = |next: &Token| &text.reading.text()[text.tokens[end - 1].end..next.start] == " ";
        let next = text.tokens.get(end).filter(|next| text.joined(at, end) && gap(next));
        if next.is_some_and(|_| is_sight(end)) {
            return Some(length + 1);
        }
        let last = &text.tokens[end - 1];
        let is_surname = ALSO_SURNAMES.contains(&&text.reading.text()[last.start..last.end]);
        let is_whole = is_surname && text.tokens[at].classes & self.given != 0;
        (length > 1 && !is_whole && is_sight(end - 1)).then_some(length)
    }

    fn after_honorific(&self, text: &Text<'_>, at: usize) -> Option<usize> {
        let next = text.tokens.get(at + 1).filter(|_| text.joined(at, at + 1))?;
        let is_name = self.is_rare(next) && next.classes & (self.surname | self.given) != 0
            || self.is_novel(next);
        let is_word =
            (next.is_capital || next.end - next.start == 1) && next.classes & self.proper == 0;
        (is_name || is_word).then(|| 1 + self.run(text, at + 1).max(1))
    }

    /// How many capitalised words that can be parts of a name follow each other.
    fn run(&self, text: &Text<'_>, at: usize) -> usize {
        let mut length = 1;
        while length < LONGEST && text.joined(at, at + length) {
            let (last, next) = (&text.tokens[at + length - 1], &text.tokens[at + length]);
            let gap = &text.reading.text()[last.end..next.start];
            let is_particle = next.classes & self.particle != 0;
            let follows = matches!(gap, " " | "-" | ". " | "" | ", ") && gap != ", ";
            let is_part = next.is_capital
                && (self.is_rare(next) || next.end - next.start == 1 || self.is_surname(next));
            let leads = is_particle
                && text.joined(at, at + length + 1)
                && text.tokens[at + length + 1].is_capital;
            if !follows || !(is_part || leads) {
                break;
            }
            length += 1;
        }
        while length > 1 && text.tokens[at + length - 1].classes & self.particle != 0 {
            length -= 1;
        }
        length
    }

    /// "Will Rubio", "Grace T": a common word, but followed by what can only be the rest of a name.
    fn is_full_name(&self, text: &Text<'_>, at: usize, length: usize) -> bool {
        let first = &text.tokens[at];
        let last = &text.tokens[at + length - 1];
        let begins = first.classes & self.given != 0
            || self.is_novel(first)
            || first.classes & self.surname != 0 && self.is_rare(first)
            || text.reading.text()[first.end..].starts_with('.') && first.end - first.start == 1;
        let ends = last.classes & (self.surname | self.given) != 0;
        begins && ends && (self.is_rare(last) || first.classes & self.proper == 0)
            || first.classes & self.given != 0 && length > 1
    }

    fn is_known(text: &Text<'_>, at: usize, length: usize) -> bool {
        let (start, end) = (text.tokens[at].start, text.tokens[at + length - 1].end);
        let words = &text.reading.text()[start..end];
        let words = words.strip_suffix("'s").unwrap_or(words);
        text.reading.roster.employs(words) || text.reading.roster.is_called(words)
    }

    /// A name in capitals counts only in a text that shouts; a word in capitals is none.
    fn is_capital(&self, token: &Token) -> bool {
        let is_given = token.classes & self.given != 0 && self.is_rare(token);
        token.is_capital || token.is_shouted && is_given && token.end - token.start > 3
    }

    /// Neither a word of the language nor something else with a name of its own.
    fn is_rare(&self, token: &Token) -> bool {
        token.classes & (self.english | self.proper) == 0
    }

    fn is_surname(&self, token: &Token) -> bool {
        token.classes & self.surname != 0 && token.classes & self.proper == 0
    }

    /// No list knows it but perhaps that of surnames.
    fn is_novel(&self, token: &Token) -> bool {
        let is_unknown = token.word == UNKNOWN || token.classes & (self.surname | self.town) != 0;
        let is_short = token.end - token.start < 3;
        is_unknown
            && !is_short
            && token.is_capital
            && self.is_rare(token)
            && token.classes
                & !(self.surname | self.given | self.town | self.possessive | self.plain)
                == 0
    }
}
