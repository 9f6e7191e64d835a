//! Takes a folded text apart into words, with what is known of each.

use std::ops::Range;

use super::choice::{Classes, Marks, UNKNOWN};
use super::lexicon::Lexicon;
use super::shape::{Shapes, shape};
use crate::screen::date::date_at;
use crate::screen::reading::{Reading, ends_sentence};

/// A sentence without an end ends after so many words, so that a look around it is bounded.
const LONGEST_SENTENCE: usize = 80;

/// A word, a number or a telling mark.
pub struct Token {
    /// Where it begins in the folded text.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Its number in the lexicon.
    pub word: u32,
    /// What it is.
    pub classes: Classes,
    /// Written with a capital, not all in capitals.
    pub is_capital: bool,
    /// Written all in capitals.
    pub is_shouted: bool,
    /// The number of its sentence.
    pub sentence: usize,
}

/// Several tokens that are something together, or one that is something more.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The first token.
    pub at: usize,
    /// How many.
    pub length: usize,
    /// What they are.
    pub classes: Classes,
}

/// No match of a pattern is longer, in words.
pub const WINDOW: usize = 48;
/// So many tokens begin with the same window.
const BLOCK: usize = 8;

/// What stands around each token.
pub struct Windows(Vec<Marks>);

/// A text in words.
pub struct Text<'a> {
    /// The text it was made of.
    pub reading: &'a Reading<'a>,
    /// Its words.
    pub tokens: Vec<Token>,
    /// In the order of the text.
    spans: Vec<Span>,
    /// For each token and the end, the first span that begins there or later.
    index: Vec<usize>,
    /// For each sentence, its tokens and whether it asks.
    sentences: Vec<(Range<usize>, bool)>,
}

impl<'a> Text<'a> {
    /// Takes a text apart.
    pub fn of(reading: &'a Reading<'a>, lexicon: &Lexicon, shapes: &Shapes) -> Text<'a> {
        let tokens = Vec::with_capacity(reading.text().len() / 5);
        let mut text =
            Text { reading, tokens, spans: Vec::new(), index: Vec::new(), sentences: Vec::new() };
        text.split(lexicon, shapes);
        let spans = text.phrases(lexicon, shapes);
        text.mark(spans);
        text
    }

    /// Whether two tokens stand in one sentence.
    pub fn joined(&self, first: usize, second: usize) -> bool {
        match (self.tokens.get(first), self.tokens.get(second)) {
            (Some(first), Some(second)) => first.sentence == second.sentence,
            _ => false,
        }
    }

    /// All tokens of the sentence of a token.
    pub fn sentence(&self, at: usize) -> Range<usize> {
        self.sentences[self.tokens[at].sentence].0.clone()
    }

    /// Whether the sentence of a token ends in a question mark.
    pub fn is_question(&self, at: usize) -> bool {
        self.sentences[self.tokens[at].sentence].1
    }

    /// The tokens of each sentence.
    pub fn sentences(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        self.sentences.iter().map(|(places, _)| places.clone())
    }

    /// How many sentences there are.
    pub fn sentence_count(&self) -> usize {
        self.sentences.len()
    }

    /// What begins at a token.
    pub fn spans_at(&self, at: usize) -> &[Span] {
        &self.spans[self.index[at]..self.index[at + 1]]
    }

    /// The classes of a token and of all that begins there.
    pub fn classes_at(&self, at: usize) -> Classes {
        let own = self.tokens.get(at).map_or(0, |token| token.classes);
        self.spans_at(at).iter().fold(own, |all, span| all | span.classes)
    }

    /// Whether anything of these classes begins in a range of tokens.
    pub fn has(&self, mut range: Range<usize>, classes: Classes) -> bool {
        range.any(|at| self.classes_at(at) & classes != 0)
    }

    /// What stands as far as a match can reach, for each block of tokens that it may begin in.
    pub fn windows(&self) -> Windows {
        let places: Vec<usize> = (0..self.tokens.len()).collect();
        let one = |at: &usize| Marks::of(self.tokens[*at].word, self.classes_at(*at));
        let blocks: Vec<Marks> = places
            .chunks(BLOCK)
            .map(|block| block.iter().map(one).fold(Marks::default(), Marks::and))
            .collect();
        let reach = WINDOW / BLOCK + 1;
        let from = |first: usize| {
            let reached = blocks[first..].iter().take(reach).copied();
            reached.fold(Marks::default(), Marks::and)
        };
        Windows((0..blocks.len()).map(from).collect())
    }

    /// Adds spans.
    pub fn mark(&mut self, spans: Vec<Span>) {
        self.spans.extend(spans);
        self.put_in_order();
    }

    /// Turns what begins at a token from some classes into another.
    pub fn turn(&mut self, at: usize, from: Classes, into: Classes) {
        let places = self.index[at]..self.index[at + 1];
        for span in &mut self.spans[places] {
            if span.classes & from != 0 {
                span.classes = into;
            }
        }
    }

    fn put_in_order(&mut self) {
        self.spans.sort_unstable();
        self.index = Vec::with_capacity(self.tokens.len() + 2);
        let mut next = 0;
        for at in 0..=self.tokens.len() + 1 {
            while self.spans.get(next).is_some_and(|span| span.at < at) {
                next += 1;
            }
            self.index.push(next);
        }
    }

    fn split(&mut self, lexicon: &Lexicon, shapes: &Shapes) {
        let text = self.reading.text();
        let (mut at, mut first) = (0, 0);
        while let Some(c) = text[at..].chars().next() {
            let start = at;
            at += c.len_utf8();
            if c.is_alphanumeric() {
                at = self.word_end(start);
                self.push(lexicon, shapes, start..at);
            } else if matches!(c, '#' | '$' | '@') && starts_word(text, at) {
                at = if c == '@' { handle_end(text, at) } else { self.word_end(at) };
                let is_tag = c == '#' && !text.as_bytes()[start + 1].is_ascii_digit();
                self.push(lexicon, shapes, start + usize::from(is_tag)..at);
            } else if is_telling(c) {
                self.push(lexicon, shapes, start..at);
            }
            let ends = c.is_ascii() && !c.is_ascii_alphanumeric() && ends_sentence(text, start);
            if ends || self.tokens.len() - first > LONGEST_SENTENCE {
                first = self.end_sentence(first, c == '?');
            }
        }
        self.end_sentence(first, false);
    }

    fn end_sentence(&mut self, first: usize, asks: bool) -> usize {
        if self.tokens.len() > first {
            self.sentences.push((first..self.tokens.len(), asks));
        }
        self.tokens.len()
    }

    /// Where a word ends; a hashtag in camel case is taken apart.
    fn word_end(&self, start: usize) -> usize {
        let text = self.reading.text();
        let bytes = text.as_bytes();
        let shadow = &self.reading.shadow;
        let mut at = start;
        let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        while let Some(c) = text[at..].chars().next() {
            let next = at + c.len_utf8();
            let inner = c == '\'' && starts_word(text, next)
                || matches!(c, '.' | ',' | ':' | '/')
                    && at > start
                    && is_digit(at - 1)
                    && is_digit(next);
            let is_hump = at > start
                && bytes[at - 1].is_ascii_lowercase()
                && shadow.is_capital(at)
                && !shadow.is_capital(at - 1);
            if is_hump || !(c.is_alphanumeric() || inner) {
                break;
            }
            at = next;
        }
        at
    }

    fn push(&mut self, lexicon: &Lexicon, shapes: &Shapes, range: Range<usize>) {
        let text = &self.reading.text()[range.clone()];
        let shadow = &self.reading.shadow;
        let (mut word, mut classes) = lexicon.look_up(text);
        if word == UNKNOWN
            && let Some(owner) = text.strip_suffix("'s").or_else(|| text.strip_suffix('\''))
        {
            (word, classes) = lexicon.look_up(owner);
            classes |= shapes.possessive;
        }
        classes |= shape(text.strip_suffix("'s").unwrap_or(text), shapes);
        let second = text.char_indices().nth(1).map(|(i, _)| range.start + i);
        let begins = shadow.is_capital(range.start);
        let is_shouted = begins
            && second.is_some_and(|second| {
                shadow.is_capital(second) && !self.reading.text()[second..].starts_with('\'')
            });
        self.tokens.push(Token {
            start: range.start,
            end: range.end,
            word,
            classes,
            is_capital: begins && !is_shouted,
            is_shouted,
            sentence: self.sentences.len(),
        });
    }

    fn phrases(&self, lexicon: &Lexicon, shapes: &Shapes) -> Vec<Span> {
        let mut spans = Vec::new();
        for (at, token) in self.tokens.iter().enumerate() {
            let following =
                |i: usize| if self.joined(at, at + i) { self.tokens[at + i].word } else { UNKNOWN };
            if token.word != UNKNOWN {
                let phrases = lexicon.phrases(token.word, following);
                spans.extend(phrases.map(|(class, length)| Span {
                    at,
                    length,
                    classes: 1 << class,
                }));
            }
            spans.extend(self.date(at, shapes));
        }
        spans
    }

    fn date(&self, at: usize, shapes: &Shapes) -> Option<Span> {
        let token = &self.tokens[at];
        let is_free = at == 0 || self.tokens[at - 1].end < token.start;
        let date = date_at(&self.reading.text()[token.start..]).filter(|_| is_free)?;
        let end = token.start + date.length;
        let length = self.tokens[at..].iter().take_while(|token| token.start < end).count();
        let is_history = date.year.is_some_and(|year| (100..1950).contains(&year));
        (!is_history).then_some(Span { at, length, classes: shapes.date })
    }
}

impl Windows {
    /// What stands around a token.
    pub fn around(&self, at: usize) -> &Marks {
        &self.0[at / BLOCK]
    }
}

/// Marks that mean something to a rule.
fn is_telling(c: char) -> bool {
    matches!(c, '"' | '&' | '+' | ':' | '%' | '\u{2192}' | '\u{27a1}' | '>' | '=')
}

fn starts_word(text: &str, at: usize) -> bool {
    text[at..].starts_with(char::is_alphanumeric)
}

fn handle_end(text: &str, at: usize) -> usize {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    text[at..].find(|c| !is_part(c)).map_or(text.len(), |end| at + end)
}
