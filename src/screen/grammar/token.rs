//! Takes a folded text apart into words, with what is known of each.

use super::lexicon::{Classes, Lexicon, UNKNOWN};
use crate::screen::date::date_at;
use crate::screen::reading::{Reading, ends_sentence};

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
    /// The number of its sentence.
    pub sentence: u32,
}

/// A text in words.
pub struct Text<'a> {
    /// The text it was made of.
    pub reading: &'a Reading<'a>,
    /// Its words.
    pub tokens: Vec<Token>,
    /// Spans of several tokens: where, which class, how many; in order.
    pub spans: Vec<(usize, Classes, usize)>,
}

impl<'a> Text<'a> {
    /// Takes a text apart.
    pub fn of(reading: &'a Reading<'a>, lexicon: &Lexicon) -> Text<'a> {
        let mut text = Text { reading, tokens: Vec::new(), spans: Vec::new() };
        text.split(lexicon);
        text.find_spans(lexicon);
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
    pub fn sentence(&self, at: usize) -> std::ops::Range<usize> {
        let number = self.tokens[at].sentence;
        let first = self.tokens.partition_point(|token| token.sentence < number);
        first..self.tokens.partition_point(|token| token.sentence <= number)
    }

    /// How many tokens an element may take here; longest first.
    pub fn lengths(
        &self,
        at: usize,
        words: &[u32],
        classes: Classes,
        is_negated: bool,
    ) -> Vec<usize> {
        let Some(token) = self.tokens.get(at) else { return Vec::new() };
        let is_one =
            token.word != UNKNOWN && words.contains(&token.word) || token.classes & classes != 0;
        if is_negated {
            return if is_one { Vec::new() } else { vec![1] };
        }
        let first = self.spans.partition_point(|(place, ..)| *place < at);
        let here = self.spans[first..].iter().take_while(|(place, ..)| *place == at);
        let mut lengths: Vec<usize> =
            here.filter(|(_, class, _)| class & classes != 0).map(|(.., length)| *length).collect();
        lengths.extend(is_one.then_some(1));
        lengths.sort_unstable_by(|a, b| b.cmp(a));
        lengths.dedup();
        lengths
    }

    fn split(&mut self, lexicon: &Lexicon) {
        let text = self.reading.text();
        let (mut at, mut sentence) = (0, 0);
        while let Some(c) = text[at..].chars().next() {
            let start = at;
            at += c.len_utf8();
            if c.is_alphanumeric() {
                at = self.word_end(start);
                self.push(lexicon, start..at, sentence);
            } else if c.is_ascii() && matches!(c, '#' | '$' | '@') && starts_word(text, at) {
                at = if c == '@' { handle_end(text, at) } else { self.word_end(at) };
                let is_tag = c == '#' && !text.as_bytes()[start + 1].is_ascii_digit();
                self.push(lexicon, start + usize::from(is_tag)..at, sentence);
            } else if matches!(c, '"' | '&' | '+' | ':' | '%' | '\u{2192}' | '\u{27a1}' | '>') {
                self.push(lexicon, start..at, sentence);
            } else if c.is_ascii() && ends_sentence(text, start) {
                sentence += 1;
            }
        }
    }

    /// Where a word ends; a hashtag in camel case is taken apart.
    fn word_end(&self, start: usize) -> usize {
        let text = self.reading.text();
        let bytes = text.as_bytes();
        let mut at = start;
        let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        while let Some(c) = text[at..].chars().next() {
            let next = at + c.len_utf8();
            let inner = matches!(c, '\'') && starts_word(text, next)
                || matches!(c, '.' | ',' | ':' | '/')
                    && at > start
                    && is_digit(at - 1)
                    && is_digit(next);
            let is_hump = at > start
                && self.reading.shadow.is_capital(at)
                && !self.reading.shadow.is_capital(text.floor_char_boundary(at - 1))
                && bytes[at - 1].is_ascii_lowercase();
            if is_hump || !(c.is_alphanumeric() || inner) {
                break;
            }
            at = next;
        }
        at
    }

    fn push(&mut self, lexicon: &Lexicon, range: std::ops::Range<usize>, sentence: u32) {
        let text = &self.reading.text()[range.clone()];
        let shadow = &self.reading.shadow;
        let (mut word, mut classes) = lexicon.look_up(text);
        if word == UNKNOWN
            && let Some(owner) = text.strip_suffix("'s")
        {
            (word, classes) = lexicon.look_up(owner);
            classes |= lexicon.bit("possessive").unwrap_or_default();
        }
        classes |= shape(text).and_then(|class| lexicon.bit(class)).unwrap_or_default();
        if classes & lexicon.bit("ninety").unwrap_or_default() != 0 {
            classes |= lexicon.bit("number").unwrap_or_default();
        }
        let second = text.char_indices().nth(1).map(|(i, _)| range.start + i);
        let is_capital = shadow.is_capital(range.start)
            && second.is_none_or(|second| {
                !shadow.is_capital(second) || text.as_bytes().get(1) == Some(&b'\'')
            });
        let (start, end) = (range.start, range.end);
        self.tokens.push(Token { start, end, word, classes, is_capital, sentence });
    }

    fn find_spans(&mut self, lexicon: &Lexicon) {
        let date = lexicon.bit("date").unwrap_or_default();
        let mut spans = Vec::new();
        for (at, token) in self.tokens.iter().enumerate() {
            let following = |i: usize| {
                let same = self.joined(at, at + i);
                if same { self.tokens[at + i].word } else { UNKNOWN }
            };
            if token.word != UNKNOWN {
                let phrases = lexicon.phrases(token.word, following);
                spans.extend(phrases.into_iter().map(|(class, length)| (at, 1 << class, length)));
            }
            let is_free = at == 0 || self.tokens[at - 1].end < token.start;
            if let Some(found) = date_at(&self.reading.text()[token.start..]).filter(|_| is_free)
                && found.year.is_none_or(|year| !(100..1950).contains(&year))
            {
                let end = token.start + found.length;
                let length = self.tokens[at..].iter().take_while(|t| t.start < end).count();
                spans.push((at, date, length));
            }
        }
        self.spans = spans;
    }
}

fn starts_word(text: &str, at: usize) -> bool {
    text[at..].starts_with(char::is_alphanumeric)
}

fn handle_end(text: &str, at: usize) -> usize {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    text[at..].find(|c| !is_part(c)).map_or(text.len(), |end| at + end)
}

/// What a word is by its looks.
fn shape(text: &str) -> Option<&'static str> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let is_time = |rest: &str| matches!(rest, "am" | "pm");
    match text.as_bytes()[0] {
        b'$' => Some("money"),
        b'@' => Some("handle"),
        _ if digits == 0 => None,
        _ if is_time(&text[digits..]) || text.contains(':') => Some("time"),
        _ if digits == text.len() && digits == 4 && text.starts_with(['1', '2']) => Some("year"),
        _ if digits == text.len() && digits == 5 => Some("five-digits"),
        _ if digits == text.len()
            && digits <= 3
            && text.parse().is_ok_and(|n: u16| (90..=119).contains(&n)) =>
        {
            Some("ninety")
        }
        _ if matches!(&text[digits..], "st" | "nd" | "rd" | "th")
            && text[..digits].parse().is_ok_and(|n: u16| (90..=119).contains(&n)) =>
        {
            Some("ninety")
        }
        _ if digits < 5 && digits + 1 == text.len() && text.is_ascii() => Some("number"),
        _ if text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b',' | b'.')) => Some("number"),
        _ => None,
    }
}
