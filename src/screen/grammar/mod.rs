//! Runs the rules that are written in words: claims, replies, and hints that point at a patient.
//!
//! A text is taken apart into words once. Names of persons are marked, and those of the house and
//! of the public are taken out again by the words around them. Then a rule is tried only where its
//! first word stands, and looks no further than a few dozen words. What spares a rule is looked
//! for once a sentence, and sentences are bounded, so the time is linear in the length of the text.

mod choice;
mod forms;
mod hash;
mod known;
mod lexicon;
mod pattern;
mod people;
mod scale;
mod scope;
mod shape;
mod token;
#[cfg(test)]
mod work;
mod written;

use std::ops::Range;

use self::choice::{Classes, UNKNOWN};
use self::known::Known;
use self::lexicon::Lexicon;
use self::pattern::{Hit, Pattern};
use self::people::People;
pub use self::scale::ADDED_UP;
use self::scale::{Scale, Sentence, Stretch};
use self::scope::Scopes;
use self::shape::Shapes;
use self::token::Text;
use super::kind::Kind;
use super::packs::WordRule;
use super::reading::Reading;

/// No rule looks for what spares it further than so many words from the beginning.
const FURTHEST: usize = 400;

/// All rules in words, ready to run.
pub struct Grammar {
    lexicon: Lexicon,
    shapes: Shapes,
    people: People,
    known: Known,
    scopes: Scopes,
    roles: Vec<Pattern>,
    by_role: Index,
    rules: Vec<Ready>,
    scales: Vec<Scale>,
    posts: Index,
    replies: Index,
}

/// For each word and each class, the patterns for texts of a kind that begin with it: rule and
/// pattern.
struct Index {
    /// For each word the number of its list, of which the first is empty.
    by_word: Vec<u16>,
    lists: Vec<Vec<Place>>,
    by_class: Vec<Vec<Place>>,
    opening: Classes,
}

/// What a rule found, in bytes of the folded text.
pub struct Found {
    /// The rule.
    pub rule: &'static WordRule,
    /// Which of its patterns.
    pub pattern: &'static str,
    /// What the finding points at.
    pub span: Range<usize>,
    /// What was read to say so.
    pub evidence: Range<usize>,
}

type Place = (u32, u32);

struct Ready {
    rule: &'static WordRule,
    patterns: Vec<Pattern>,
    unless: Vec<Pattern>,
    unless_anywhere: Vec<Pattern>,
    only_with: Vec<Pattern>,
}

/// What is known of a rule's spares in this text.
struct Spared {
    /// For each rule and sentence: not looked yet, no, yes.
    sentences: Vec<Option<bool>>,
    anywhere: Vec<Option<bool>>,
}

impl Grammar {
    /// Prepares the rules of the packs and the patterns of roles; says which can't be read.
    pub fn new(
        rules: &'static [WordRule],
        acquitting: &'static [String],
    ) -> Result<Grammar, String> {
        let mut lexicon = Lexicon::new();
        let shapes = Shapes::of(&mut lexicon);
        let people = People::of(&mut lexicon);
        let known = Known::of(&mut lexicon);
        let scopes = Scopes::of(&mut lexicon);
        let acquitted = parse(acquitting, &mut lexicon)?;
        let mut by_role = Index::new();
        for (at, role) in acquitted.iter().enumerate() {
            by_role.add(role, (0, number(at)));
        }
        let mut grammar = Grammar {
            lexicon,
            shapes,
            people,
            known,
            scopes,
            roles: acquitted,
            by_role,
            rules: Vec::new(),
            scales: Vec::new(),
            posts: Index::new(),
            replies: Index::new(),
        };
        for rule in rules {
            grammar.add(rule).map_err(|why| format!("{}: {why}", rule.id))?;
        }
        grammar.lexicon.close();
        Ok(grammar)
    }

    /// The hits of all rules for texts of a kind.
    pub fn run(&self, seen: &Reading<'_>, kind: Kind) -> Vec<Found> {
        let mut text = Text::of(seen, &self.lexicon, &self.shapes);
        self.people.mark(&mut text);
        self.acquit(&mut text);
        let mut known = Spared {
            sentences: vec![None; self.rules.len() * text.sentence_count()],
            anywhere: vec![None; self.rules.len()],
        };
        let sentences = scale::sentences(&text);
        let of_kind = |scale: &&Scale| scale.rule.kind.is_none_or(|only| only == kind);
        let scales: Vec<&Scale> = self.scales.iter().filter(of_kind).collect();
        let mut sums = vec![None; sentences.len()];
        let mut found = Vec::new();
        let mut tried = Vec::new();
        let windows = text.windows();
        let index = match kind {
            Kind::Post => &self.posts,
            Kind::Reply => &self.replies,
        };
        for at in 0..text.tokens.len() {
            index.candidates(&text, at, &mut tried);
            for (rule, pattern) in &tried {
                let (rule, pattern) = (*rule as usize, *pattern as usize);
                let entry = &self.rules[rule];
                let pattern = &entry.patterns[pattern];
                if !pattern.may_lie_in(windows.around(at)) {
                    continue;
                }
                let Some(hit) = pattern.at(&text, at) else { continue };
                let place = (&sentences[..], text.tokens[at].sentence);
                let is_doubted = is_doubted(entry.rule, &scales, place, &mut sums);
                if !is_doubted && !self.is_spared(rule, &text, (at, hit), &mut known) {
                    found.push(told(entry.rule, pattern, &text, (at, hit)));
                }
            }
        }
        for scale in scales {
            let told = |Stretch { span, evidence }| Found {
                rule: scale.rule,
                pattern: ADDED_UP,
                span,
                evidence,
            };
            found.extend(scale.found(&text, &sentences).into_iter().map(told));
        }
        longest_only(found)
    }

    /// Takes the people of the house and of the public out of the search.
    fn acquit(&self, text: &mut Text<'_>) {
        let mut tried = Vec::new();
        for at in 0..text.tokens.len() {
            self.by_role.candidates(text, at, &mut tried);
            let roles = tried.iter().map(|(_, role)| &self.roles[*role as usize]);
            let hits: Vec<Hit> = roles.filter_map(|role| role.at(text, at)).collect();
            for hit in hits {
                for at in hit.first..hit.end {
                    self.known.acquit(text, at);
                }
            }
        }
        self.known.acquit_namesakes(text);
    }

    fn add(&mut self, rule: &'static WordRule) -> Result<(), String> {
        let lexicon = &mut self.lexicon;
        if !rule.weights.is_empty() {
            self.scales.push(Scale::of(rule, lexicon)?);
            return Ok(());
        }
        let patterns = parse(&rule.patterns, lexicon)?;
        let unless = parse(&rule.unless, lexicon)?;
        let unless_anywhere = parse(&rule.unless_anywhere, lexicon)?;
        let only_with = parse(&rule.only_with, lexicon)?;
        for (at, pattern) in patterns.iter().enumerate() {
            let place = (number(self.rules.len()), number(at));
            for (kind, index) in [(Kind::Post, &mut self.posts), (Kind::Reply, &mut self.replies)] {
                if rule.kind.is_none_or(|only| only == kind) {
                    index.add(pattern, place);
                }
            }
        }
        self.rules.push(Ready { rule, patterns, unless, unless_anywhere, only_with });
        Ok(())
    }

    fn is_spared(
        &self,
        rule: usize,
        text: &Text<'_>,
        (at, hit): (usize, Hit),
        spared: &mut Spared,
    ) -> bool {
        let ready = &self.rules[rule];
        if self.scopes.spare(&ready.rule.spared, text, at, hit) {
            return true;
        }
        let is_in = |patterns: &[Pattern], mut places: Range<usize>| {
            places.any(|at| {
                let (word, classes) = (text.tokens[at].word, text.classes_at(at));
                let fits = |pattern: &Pattern| pattern.begins(word, classes);
                patterns.iter().any(|one| fits(one) && one.at(text, at).is_some())
            })
        };
        let sentence = rule * text.sentence_count() + text.tokens[at].sentence;
        *spared.sentences[sentence].get_or_insert_with(|| is_in(&ready.unless, text.sentence(at)))
            || *spared.anywhere[rule].get_or_insert_with(|| {
                let places = 0..text.tokens.len().min(FURTHEST);
                is_in(&ready.unless_anywhere, places.clone())
                    || !ready.only_with.is_empty() && !is_in(&ready.only_with, places)
            })
    }
}

impl Index {
    fn new() -> Index {
        let by_class = vec![Vec::new(); Classes::BITS as usize];
        Index { by_word: Vec::new(), lists: vec![Vec::new()], by_class, opening: 0 }
    }

    fn add(&mut self, pattern: &Pattern, place: Place) {
        let (words, classes) = pattern.anchor();
        for word in words.iter().map(|word| *word as usize) {
            self.by_word.resize(self.by_word.len().max(word + 1), 0);
            if self.by_word[word] == 0 {
                self.by_word[word] = u16::try_from(self.lists.len()).expect("fewer lists");
                self.lists.push(Vec::new());
            }
            self.lists[usize::from(self.by_word[word])].push(place);
        }
        for class in (0..Classes::BITS as usize).filter(|class| classes & (1 << class) != 0) {
            self.by_class[class].push(place);
        }
        self.opening |= classes;
    }

    /// The patterns that may begin at a token.
    fn candidates(&self, text: &Text<'_>, at: usize, found: &mut Vec<Place>) {
        found.clear();
        let word = text.tokens[at].word;
        if word != UNKNOWN {
            let list = self.by_word.get(word as usize).map_or(0, |list| usize::from(*list));
            found.extend_from_slice(&self.lists[list]);
        }
        let mut classes = text.classes_at(at) & self.opening;
        let is_in_order = classes.count_ones() + u32::from(!found.is_empty()) < 2;
        while classes != 0 {
            found.extend_from_slice(&self.by_class[classes.trailing_zeros() as usize]);
            classes &= classes - 1;
        }
        if !is_in_order {
            found.sort_unstable();
            found.dedup();
        }
    }
}

/// Whether the cues around a hit tell too much against a rule that is weighed; each sentence is
/// weighed once.
fn is_doubted(
    rule: &WordRule,
    scales: &[&Scale],
    (sentences, at): (&[Sentence], usize),
    known: &mut [Option<f32>],
) -> bool {
    let (Some(least), Some(scale)) = (rule.least, scales.first()) else { return false };
    *known[at].get_or_insert_with(|| scale.around(sentences, at)) < least
}

fn number(at: usize) -> u32 {
    u32::try_from(at).expect("fewer rules than that")
}

fn parse(patterns: &'static [String], lexicon: &mut Lexicon) -> Result<Vec<Pattern>, String> {
    let mut all = Vec::with_capacity(patterns.len());
    for pattern in patterns {
        all.extend(Pattern::parse(pattern, lexicon)?);
    }
    Ok(all)
}

fn told(
    rule: &'static WordRule,
    pattern: &Pattern,
    text: &Text<'_>,
    (at, hit): (usize, Hit),
) -> Found {
    let bytes = |first: usize, end: usize| text.tokens[first].start..text.tokens[end - 1].end;
    let (first, read) = (at.min(hit.first), hit.read.max(hit.end));
    Found {
        rule,
        pattern: pattern.written,
        span: bytes(hit.first, hit.end),
        evidence: bytes(first, read),
    }
}

/// Of hits of one rule that overlap, the first and longest.
fn longest_only(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by_key(|found| {
        (found.rule.id.as_str(), found.span.start, usize::MAX - found.span.end)
    });
    let mut kept: Vec<Found> = Vec::new();
    for one in found {
        let overlaps = kept
            .last()
            .is_some_and(|last| last.rule.id == one.rule.id && one.span.start < last.span.end);
        if !overlaps {
            kept.push(one);
        }
    }
    kept
}
