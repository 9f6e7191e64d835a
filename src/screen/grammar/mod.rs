//! Runs the rules that are written in words: claims, replies, and hints that point at a patient.
//!
//! A text is taken apart into words once; a rule is tried only where its first word stands, and
//! looks no further than a few dozen words, so the time is linear in the length of the text.

mod lexicon;
mod pattern;
mod people;
mod token;

use std::collections::HashMap;
use std::ops::Range;

use self::lexicon::{Classes, Lexicon};
use self::pattern::Pattern;
use self::people::Bits;
use self::token::Text;
use super::Kind;
use super::packs::WordRule;
use super::reading::Reading;

/// All rules in words, ready to run.
pub struct Grammar {
    lexicon: Lexicon,
    bits: Bits,
    rules: Vec<Ready>,
    by_word: HashMap<u32, Vec<(usize, usize)>>,
    by_class: Vec<Vec<(usize, usize)>>,
    opening: Classes,
}

struct Ready {
    rule: &'static WordRule,
    patterns: Vec<Pattern>,
    unless: Vec<Pattern>,
    unless_anywhere: Vec<Pattern>,
}

impl Grammar {
    /// Prepares the rules of the packs; says which can't be read.
    pub fn new(rules: &'static [WordRule]) -> Result<Grammar, String> {
        let mut lexicon = Lexicon::new();
        for class in [
            "date",
            "money",
            "handle",
            "time",
            "year",
            "five-digits",
            "ninety",
            "number",
            "possessive",
        ] {
            lexicon.class(class);
        }
        let bits = Bits::of(&mut lexicon);
        let mut grammar = Grammar {
            lexicon,
            bits,
            rules: Vec::new(),
            by_word: HashMap::new(),
            by_class: Vec::new(),
            opening: 0,
        };
        grammar.by_class.resize_with(Classes::BITS as usize, Vec::new);
        for rule in rules {
            grammar.add(rule).map_err(|why| format!("{}: {why}", rule.id))?;
        }
        Ok(grammar)
    }

    /// The hits: which rule, and where in the folded text.
    pub fn run(&self, reading: &Reading<'_>, kind: Kind) -> Vec<(&'static WordRule, Range<usize>)> {
        let mut text = Text::of(reading, &self.lexicon);
        people::mark(&mut text, &self.bits);
        let mut hits = Vec::new();
        for at in 0..text.tokens.len() {
            for (rule, pattern) in self.candidates(&text, at) {
                let ready = &self.rules[rule];
                if !ready.rule.kind.is_none_or(|only| only == kind) {
                    continue;
                }
                let Some(hit) = ready.patterns[pattern].at(&text, at) else { continue };
                if hit.first >= hit.end || hit.end > text.tokens.len() || ready.is_vetoed(&text, at)
                {
                    continue;
                }
                hits.push((ready.rule, text.tokens[hit.first].start..text.tokens[hit.end - 1].end));
            }
        }
        longest_only(hits)
    }

    fn add(&mut self, rule: &'static WordRule) -> Result<(), String> {
        let mut parse = |patterns: &[String]| {
            patterns
                .iter()
                .map(|pattern| Pattern::parse(pattern, &mut self.lexicon))
                .collect::<Result<Vec<_>, _>>()
        };
        let patterns = parse(&rule.patterns)?;
        let (unless, unless_anywhere) = (parse(&rule.unless)?, parse(&rule.unless_anywhere)?);
        for (at, pattern) in patterns.iter().enumerate() {
            let place = (self.rules.len(), at);
            let (words, classes) = pattern.anchor();
            for word in words {
                self.by_word.entry(*word).or_default().push(place);
            }
            for class in (0..Classes::BITS as usize).filter(|class| classes & (1 << class) != 0) {
                self.by_class[class].push(place);
            }
            self.opening |= classes;
        }
        self.rules.push(Ready { rule, patterns, unless, unless_anywhere });
        Ok(())
    }

    fn candidates(&self, text: &Text<'_>, at: usize) -> Vec<(usize, usize)> {
        let token = &text.tokens[at];
        let first = text.spans.partition_point(|(place, ..)| *place < at);
        let here = text.spans[first..].iter().take_while(|(place, ..)| *place == at);
        let mut classes = here.fold(token.classes, |all, (_, class, _)| all | class) & self.opening;
        let mut found = if token.word == lexicon::UNKNOWN {
            Vec::new()
        } else {
            self.by_word.get(&token.word).cloned().unwrap_or_default()
        };
        while classes != 0 {
            found.extend_from_slice(&self.by_class[classes.trailing_zeros() as usize]);
            classes &= classes - 1;
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

impl Ready {
    fn is_vetoed(&self, text: &Text<'_>, at: usize) -> bool {
        let is_in = |patterns: &[Pattern], places: Range<usize>| {
            patterns.iter().any(|pattern| places.clone().any(|at| pattern.at(text, at).is_some()))
        };
        const REACH: usize = 60;
        let sentence = text.sentence(at);
        let near = sentence.start.max(at.saturating_sub(REACH))..sentence.end.min(at + REACH);
        let wide = at.saturating_sub(4 * REACH)..text.tokens.len().min(at + 4 * REACH);
        is_in(&self.unless, near) || is_in(&self.unless_anywhere, wide)
    }
}

/// Of hits of one rule that lie within each other, the longest.
fn longest_only(
    mut hits: Vec<(&'static WordRule, Range<usize>)>,
) -> Vec<(&'static WordRule, Range<usize>)> {
    hits.sort_by_key(|(rule, range)| (rule.id.as_str(), range.start, usize::MAX - range.end));
    let mut kept: Vec<(&'static WordRule, Range<usize>)> = Vec::new();
    for (rule, range) in hits {
        let is_within = kept
            .last()
            .is_some_and(|(last, before)| last.id == rule.id && range.start < before.end);
        if !is_within {
            kept.push((rule, range));
        }
    }
    kept
}
