//! A pattern over words: what a rule looks for, and how it is found without ever going back far.
//!
//! Elements are parted by spaces. `word`, `treat~` (all its forms), `{class}`, `a|b|{c}`
//! (alternatives; in parentheses where they stand beside a word), `(a b|c d)` (alternatives of
//! several words), a trailing `?` (may be absent), a leading `!` (any word but), `..4` (up to
//! four words of the same sentence), `>>9` (also of the next). `<` before an element and `>` after
//! one mark what the finding points at; without them it points at all.
//!
//! A place of the text is tried once for each element, so a pattern takes at most as many steps as
//! it has elements times the words it may span.

use std::sync::Arc;

use super::choice::{Choice, Classes, Marks, UNKNOWN};
use super::forms::forms;
use super::lexicon::Lexicon;
use super::token::{Text, WINDOW};
use super::written::variants;

/// No pattern has more elements: each has a bit of what was tried.
const LONGEST: usize = 60;

/// One pattern, ready to run.
pub struct Pattern {
    /// As it was written.
    pub written: &'static str,
    /// What it needs that stands in the fewest texts: most places are spared by that alone.
    rarest: Marks,
    elements: Box<[Element]>,
}

struct Element {
    what: What,
    is_optional: bool,
    begins: bool,
    ends: bool,
}

enum What {
    One(Arc<Choice>),
    /// Any word but these.
    Other(Arc<Choice>),
    /// At most so many words.
    Gap {
        longest: u8,
        crosses: bool,
    },
}

/// Where a match is, in tokens.
#[derive(Clone, Copy)]
pub struct Hit {
    /// The first token that the finding points at.
    pub first: usize,
    /// One past the last.
    pub end: usize,
    /// One past the last token that was read.
    pub read: usize,
}

struct Run<'t, 'a> {
    text: &'t Text<'a>,
    elements: &'t [Element],
    start: usize,
    failed: [u64; WINDOW + 1],
    first: Option<usize>,
    end: Option<usize>,
}

impl Pattern {
    /// Reads a pattern, which may stand for several; says what is wrong with it.
    pub fn parse(written: &'static str, lexicon: &mut Lexicon) -> Result<Vec<Pattern>, String> {
        let patterns = variants(written)
            .and_then(|all| all.iter().map(|parts| Pattern::of(written, parts, lexicon)).collect());
        patterns.map_err(|why| format!("{written}: {why}"))
    }

    fn of(
        written: &'static str,
        parts: &[String],
        lexicon: &mut Lexicon,
    ) -> Result<Pattern, String> {
        let elements: Result<Vec<_>, _> = parts.iter().map(|part| element(part, lexicon)).collect();
        let elements = elements?;
        let is_anchored = elements
            .first()
            .is_some_and(|first| !first.is_optional && matches!(first.what, What::One(_)));
        if !is_anchored || elements.len() > LONGEST {
            return Err(format!("it must begin with a word, and be shorter than {LONGEST}"));
        }
        let needs = elements.iter().skip(1).filter_map(Element::need);
        let rarest = needs.min_by_key(|need| need.count()).copied().unwrap_or(Marks::ANY);
        Ok(Pattern { written, rarest, elements: elements.into() })
    }

    /// Whether all it needs may stand in a window; a cheap look before a dear one.
    pub fn may_lie_in(&self, window: &Marks) -> bool {
        let mut needs = self.elements.iter().skip(1).filter_map(Element::need);
        self.rarest.meets(window) && needs.all(|need| need.meets(window))
    }

    /// What the first element may be: words, and classes.
    pub fn anchor(&self) -> (&[u32], Classes) {
        match &self.elements[0].what {
            What::One(one) => (&one.words, one.needs.classes),
            What::Other(_) | What::Gap { .. } => (&[], 0),
        }
    }

    /// The match that begins at a token, if any.
    pub fn at(&self, text: &Text<'_>, start: usize) -> Option<Hit> {
        if !self.begins(text.tokens[start].word, text.classes_at(start)) {
            return None;
        }
        let failed = [0; WINDOW + 1];
        let mut run = Run { text, elements: &self.elements, start, failed, first: None, end: None };
        let read = run.step(0, start)?;
        let hit = Hit { first: run.first.unwrap_or(start), end: run.end.unwrap_or(read), read };
        (hit.first < hit.end).then_some(hit)
    }

    /// Whether it begins with a word, or with one of some classes.
    pub fn begins(&self, word: u32, known: Classes) -> bool {
        let (words, classes) = self.anchor();
        word != UNKNOWN && words.binary_search(&word).is_ok() || known & classes != 0
    }
}

impl Element {
    /// What must stand somewhere in a window where the pattern may lie.
    fn need(&self) -> Option<&Marks> {
        match &self.what {
            What::One(one) if !self.is_optional => Some(&one.needs),
            What::One(_) | What::Other(_) | What::Gap { .. } => None,
        }
    }
}

impl Run<'_, '_> {
    fn step(&mut self, element: usize, at: usize) -> Option<usize> {
        #[cfg(test)]
        super::work::count();
        let elements = self.elements;
        let Some(now) = elements.get(element) else { return Some(at) };
        let place = at - self.start;
        if place > WINDOW || self.failed[place] & (1 << element) != 0 {
            return None;
        }
        let found = match &now.what {
            What::Gap { longest, crosses } => {
                self.gap(element, at, (usize::from(*longest), *crosses))
            }
            What::One(one) => self.one(element, at, one),
            What::Other(but) => self.other(element, at, but),
        };
        if found.is_none() {
            self.failed[place] |= 1 << element;
        }
        found
    }

    fn gap(
        &mut self,
        element: usize,
        at: usize,
        (longest, crosses): (usize, bool),
    ) -> Option<usize> {
        let last = (at + longest).min(self.text.tokens.len());
        // The word before a gap may be the last of its sentence: then none of the next one is in it.
        let is_whole = at > self.start && !self.text.joined(at - 1, at);
        for next in at..=last {
            let leaves = !crosses && next > at && next > self.start;
            let is_cut = next < self.text.tokens.len() && !self.text.joined(next - 1, next);
            if leaves && (is_whole || is_cut) {
                return None;
            }
            if self.cannot_be(element + 1, next) {
                continue;
            }
            if let Some(end) = self.step(element + 1, next) {
                return Some(end);
            }
        }
        None
    }

    /// A quick look that spares most of the words of a gap the slow one.
    fn cannot_be(&self, element: usize, at: usize) -> bool {
        let Some(Element { what: What::One(one), is_optional: false, .. }) =
            self.elements.get(element)
        else {
            return false;
        };
        let Some(token) = self.text.tokens.get(at) else { return false };
        let classes = one.needs.classes;
        !one.has(token.word, token.classes)
            && self.text.spans_at(at).iter().all(|span| span.classes & classes == 0)
    }

    fn one(&mut self, element: usize, at: usize, one: &Choice) -> Option<usize> {
        if self.may_go_on(element, at) {
            // Spans are in the order of their length; the longest is tried first.
            let classes = one.needs.classes;
            let spans = self.text.spans_at(at).iter().rev();
            for span in spans.filter(|span| span.classes & classes != 0) {
                if let Some(end) = self.take(element, at, span.length) {
                    return Some(end);
                }
            }
            let token = &self.text.tokens[at];
            if one.has(token.word, token.classes)
                && let Some(end) = self.take(element, at, 1)
            {
                return Some(end);
            }
        }
        self.without(element, at)
    }

    fn other(&mut self, element: usize, at: usize, but: &Choice) -> Option<usize> {
        if self.may_go_on(element, at) {
            let token = &self.text.tokens[at];
            if !but.has(token.word, token.classes)
                && let Some(end) = self.take(element, at, 1)
            {
                return Some(end);
            }
        }
        self.without(element, at)
    }

    /// Whether there is a word, and still in the sentence.
    fn may_go_on(&self, element: usize, at: usize) -> bool {
        let leaves = at > self.start
            && !self.text.joined(at - 1, at)
            && !matches!(self.elements[element - 1].what, What::Gap { crosses: true, .. });
        !leaves && at < self.text.tokens.len()
    }

    fn without(&mut self, element: usize, at: usize) -> Option<usize> {
        if self.elements[element].is_optional { self.step(element + 1, at) } else { None }
    }

    fn take(&mut self, element: usize, at: usize, length: usize) -> Option<usize> {
        let end = self.step(element + 1, at + length)?;
        let now = &self.elements[element];
        if now.begins {
            self.first = Some(at);
        }
        if now.ends {
            self.end = Some(at + length);
        }
        Some(end)
    }
}

fn element(part: &str, lexicon: &mut Lexicon) -> Result<Element, String> {
    let number = |digits: &str| digits.parse().map_err(|_| format!("{digits} is no number"));
    let gap = |longest, crosses| {
        let what = What::Gap { longest, crosses };
        Element { what, is_optional: false, begins: false, ends: false }
    };
    if let Some(digits) = part.strip_prefix("..") {
        return Ok(gap(number(digits)?, false));
    }
    if let Some(digits) = part.strip_prefix(">>") {
        return Ok(gap(number(digits)?, true));
    }
    let (begins, part) = part.strip_prefix('<').map_or((false, part), |part| (true, part));
    let (ends, part) = part
        .strip_suffix('>')
        .filter(|part| !part.is_empty() && !part.ends_with('|'))
        .map_or((false, part), |part| (true, part));
    let (is_optional, part) = part.strip_suffix('?').map_or((false, part), |part| (true, part));
    let (is_negated, part) = part.strip_prefix('!').map_or((false, part), |part| (true, part));
    let (mut words, mut classes) = (Vec::new(), 0);
    for one in part.split('|') {
        if let Some(name) = one.strip_prefix('{').and_then(|one| one.strip_suffix('}')) {
            classes |= lexicon.bit(name).ok_or_else(|| format!("there is no class {name}"))?;
        } else {
            words.extend(forms(one).iter().map(|form| lexicon.number(form)));
        }
    }
    let choice = lexicon.choice(words, classes);
    let what = if is_negated { What::Other(choice) } else { What::One(choice) };
    Ok(Element { what, is_optional, begins, ends })
}
