//! Weighs the cues of a stretch of text against each other, where no single pattern fits.
//!
//! What is written of one patient has something in common, whatever its words: somebody, care, and
//! a name, a day or a place; what is meant for everybody has other words. A rule with weights says
//! how much each class of words tells for or against it. The classes of a stretch are added up, each
//! once, and the rule hits where the sum is above nothing. A rule with loose patterns says what the
//! sum around its hits must be at least: a pattern sees a few words only.

use std::ops::Range;

use super::choice::Classes;
use super::lexicon::Lexicon;
use super::pattern::Pattern;
use super::token::Text;
use crate::screen::packs::WordRule;

/// What stands for a pattern where none fitted.
pub const ADDED_UP: &str = "cues that add up";
/// What a sum begins with.
const BIAS: &str = "bias";
/// A stretch has so many words: one post, or a few sentences of a longer one.
const STRETCH: usize = 45;
/// With fewer words nothing adds up.
const SHORTEST: usize = 4;
/// What a finding points at: the first of these that is there.
const POINTS: &[&str] = &[
    "person",
    "handle",
    "weak",
    "ninety",
    "place",
    "date",
    "town-role",
    "photo-word",
    "low",
    "event",
    "day",
    "one-patient",
    "kin",
    "person-noun",
    "your",
    "pron",
    "you",
];

/// A stretch that weighs enough, in bytes of the folded text.
pub struct Stretch {
    /// What the finding points at.
    pub span: Range<usize>,
    /// All of it.
    pub evidence: Range<usize>,
}

/// A sentence of a text: its tokens, and all their classes.
pub type Sentence = (Range<usize>, Classes);

/// The sentences of a text, to be weighed.
pub fn sentences(text: &Text<'_>) -> Vec<Sentence> {
    let weighed = |places: Range<usize>| {
        let classes = places.clone().fold(0, |all, at| all | text.classes_at(at));
        (places, classes)
    };
    text.sentences().map(weighed).collect()
}

/// A rule with weights, ready to run.
pub struct Scale {
    /// The rule.
    pub rule: &'static WordRule,
    bias: f32,
    weights: Vec<f32>,
    /// Classes that tell against it.
    against: Classes,
    unless: Vec<Pattern>,
    points: Vec<Classes>,
}

impl Scale {
    /// Reads a rule's weights; says which class there is none of.
    pub fn of(rule: &'static WordRule, lexicon: &mut Lexicon) -> Result<Scale, String> {
        let mut weights = vec![0.0; Classes::BITS as usize];
        for (class, weight) in rule.weights.iter().filter(|(class, _)| *class != BIAS) {
            let bit = lexicon.bit(class).ok_or_else(|| format!("there is no class {class}"))?;
            weights[bit.trailing_zeros() as usize] = *weight;
        }
        let is_against = |class: &usize| weights[*class] < 0.0;
        let against = (0..weights.len()).filter(is_against).fold(0, |all, class| all | 1 << class);
        let bias = rule.weights.get(BIAS).copied().unwrap_or_default();
        let mut unless = Vec::new();
        for pattern in &rule.unless_anywhere {
            unless.extend(Pattern::parse(pattern, lexicon)?);
        }
        let points = POINTS.iter().filter_map(|class| lexicon.bit(class)).collect();
        Ok(Scale { rule, bias, weights, against, unless, points })
    }

    /// The stretches that it finds. Each begins with a sentence, and none begins behind one that
    /// reaches the end.
    pub fn found(&self, text: &Text<'_>, sentences: &[Sentence]) -> Vec<Stretch> {
        // What is said of the house, or for everybody, is said of all of a text.
        let anywhere = sentences.iter().fold(0, |all, (_, classes)| all | classes) & self.against;
        let mut found = Vec::new();
        let mut first = 0;
        while first < sentences.len() {
            let start = sentences[first].0.start;
            let rest = sentences[first..].iter();
            let taken: Vec<_> =
                rest.take_while(|(places, _)| places.end - start <= STRETCH).collect();
            let taken = if taken.is_empty() { vec![&sentences[first]] } else { taken };
            let end = taken.last().map_or(start, |(places, _)| places.end);
            let classes = taken.iter().fold(0, |all, (_, classes)| all | classes);
            let is_hit = end - start >= SHORTEST
                && self.sum(classes | anywhere) > 0.0
                && !self.is_spared(text, start..end);
            found.extend(is_hit.then(|| self.told(text, start..end)).flatten());
            if first + taken.len() >= sentences.len() {
                break;
            }
            first += if is_hit { taken.len() } else { 1 };
        }
        found
    }

    /// What the cues in and around a sentence add up to.
    pub fn around(&self, sentences: &[Sentence], at: usize) -> f32 {
        let (mut first, mut last) = (at, at);
        let mut classes = sentences[at].1;
        let fits = |first: usize, last: usize| {
            sentences
                .get(last)
                .is_some_and(|(end, _)| end.end - sentences[first].0.start <= STRETCH)
        };
        loop {
            if fits(first, last + 1) {
                last += 1;
                classes |= sentences[last].1;
            } else if first > 0 && fits(first - 1, last) {
                first -= 1;
                classes |= sentences[first].1;
            } else {
                return self.sum(classes);
            }
        }
    }

    fn is_spared(&self, text: &Text<'_>, mut stretch: Range<usize>) -> bool {
        stretch.any(|at| self.unless.iter().any(|pattern| pattern.at(text, at).is_some()))
    }

    fn sum(&self, mut classes: Classes) -> f32 {
        let mut sum = self.bias;
        while classes != 0 {
            sum += self.weights[classes.trailing_zeros() as usize];
            classes &= classes - 1;
        }
        sum
    }

    fn told(&self, text: &Text<'_>, stretch: Range<usize>) -> Option<Stretch> {
        let point = |classes: &Classes| {
            let at = stretch.clone().find(|at| text.classes_at(*at) & classes != 0)?;
            let spans = text.spans_at(at).iter().filter(|span| span.classes & classes != 0);
            Some((at, at + spans.map(|span| span.length).max().unwrap_or(1)))
        };
        let (first, end) = self.points.iter().find_map(point)?;
        let bytes = |first: usize, end: usize| {
            text.tokens[first].start..text.tokens[end.min(text.tokens.len()) - 1].end
        };
        Some(Stretch { span: bytes(first, end), evidence: bytes(stretch.start, stretch.end) })
    }
}
