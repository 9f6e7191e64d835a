//! A pattern over words: what a rule looks for, and how it is found without ever going back far.
//!
//! Elements are parted by spaces. `word`, `treat~` (all its forms), `{class}`, `a|b|{c}`
//! (alternatives), a trailing `?` (may be absent), a leading `!` (any word but), `..4` (up to
//! four words of the same sentence), `>>9` (also of the next). `<` before an element and `>` after
//! one mark what the finding points at; without them it points at all.

use super::lexicon::{Classes, Lexicon, forms};
use super::token::Text;

/// No match is longer, in words.
const WINDOW: usize = 48;

/// One pattern, ready to run.
pub struct Pattern {
    elements: Vec<Element>,
}

struct Element {
    what: What,
    is_optional: bool,
    begins: bool,
    ends: bool,
}

enum What {
    One { words: Vec<u32>, classes: Classes, is_negated: bool },
    Gap { longest: usize, crosses: bool },
}

/// Where a match is, in tokens: what it points at.
#[derive(Clone, Copy)]
pub struct Hit {
    /// The first token.
    pub first: usize,
    /// One past the last.
    pub end: usize,
}

struct Run<'t, 'a> {
    text: &'t Text<'a>,
    elements: &'t [Element],
    start: usize,
    failed: [u64; WINDOW + 1],
    hit: Hit,
}

impl Pattern {
    /// Reads a pattern; says what is wrong with it.
    pub fn parse(pattern: &str, lexicon: &mut Lexicon) -> Result<Pattern, String> {
        let elements: Result<Vec<_>, _> =
            pattern.split_whitespace().map(|part| element(part, lexicon)).collect();
        let elements = elements.map_err(|why| format!("{pattern}: {why}"))?;
        let is_anchored = elements.first().is_some_and(|first| {
            !first.is_optional && matches!(first.what, What::One { is_negated: false, .. })
        });
        if !is_anchored || elements.len() > 60 {
            return Err(format!("{pattern}: must begin with a word, and be shorter than 60"));
        }
        Ok(Pattern { elements })
    }

    /// What the first element may be: words, and classes.
    pub fn anchor(&self) -> (&[u32], Classes) {
        match &self.elements[0].what {
            What::One { words, classes, .. } => (words, *classes),
            What::Gap { .. } => (&[], 0),
        }
    }

    /// The match that begins at a token, if any.
    pub fn at(&self, text: &Text<'_>, start: usize) -> Option<Hit> {
        let hit = Hit { first: usize::MAX, end: usize::MAX };
        let mut run = Run { text, elements: &self.elements, start, failed: [0; WINDOW + 1], hit };
        let end = run.step(0, start)?;
        let first = if run.hit.first == usize::MAX { start } else { run.hit.first };
        let end = if run.hit.end == usize::MAX { end } else { run.hit.end };
        Some(Hit { first, end })
    }
}

impl Run<'_, '_> {
    fn step(&mut self, element: usize, at: usize) -> Option<usize> {
        let Some(now) = self.elements.get(element) else { return Some(at) };
        let place = at - self.start;
        if place > WINDOW || self.failed[place] & (1 << element) != 0 {
            return None;
        }
        let found = match &now.what {
            What::Gap { longest, crosses } => self.gap(element, at, (*longest, *crosses)),
            What::One { .. } => self.one(element, at),
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
        for next in at..=last {
            if !crosses
                && next > at
                && next > self.start
                && !self.text.joined(next - 1, next)
                && next < self.text.tokens.len()
            {
                return None;
            }
            if let Some(end) = self.step(element + 1, next) {
                return Some(end);
            }
        }
        None
    }

    fn one(&mut self, element: usize, at: usize) -> Option<usize> {
        let now = &self.elements[element];
        let What::One { words, classes, is_negated } = &now.what else { return None };
        let is_new = at > self.start
            && !self.text.joined(at - 1, at)
            && !matches!(self.elements[element - 1].what, What::Gap { crosses: true, .. });
        for length in self.text.lengths(at, words, *classes, *is_negated) {
            if is_new {
                break;
            }
            if let Some(end) = self.step(element + 1, at + length) {
                let now = &self.elements[element];
                if now.begins {
                    self.hit.first = at;
                }
                if now.ends {
                    self.hit.end = at + length;
                }
                return Some(end);
            }
        }
        if self.elements[element].is_optional { self.step(element + 1, at) } else { None }
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
    let (ends, part) = part.strip_suffix('>').map_or((false, part), |part| (true, part));
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
    let what = What::One { words, classes, is_negated };
    Ok(Element { what, is_optional, begins, ends })
}
