//! The words that rules speak of: each has a number, and the classes it belongs to as bits.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::screen::lexicon;

/// A word that no rule speaks of.
pub const UNKNOWN: u32 = 0;

/// A set of classes, a bit each.
pub type Classes = u128;

/// A quick hash for short words that we choose ourselves.
#[derive(Default)]
pub struct WordHasher(u64);

type Table<K, V> = HashMap<K, V, BuildHasherDefault<WordHasher>>;

/// Words and phrases by what they mean to the rules.
#[derive(Default)]
pub struct Lexicon {
    words: Table<Box<str>, u32>,
    classes_of: Vec<Classes>,
    names: Vec<Box<str>>,
    phrases: Table<u32, Vec<Phrase>>,
}

/// Several words that belong to a class together.
struct Phrase {
    rest: Box<[u32]>,
    class: usize,
}

impl Hasher for WordHasher {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0.rotate_left(5) ^ u64::from(*byte)).wrapping_mul(0x517c_c1b7_2722_0a95);
        }
    }

    fn write_u32(&mut self, number: u32) {
        self.0 = (self.0 ^ u64::from(number)).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Lexicon {
    /// The words of all files of `lexicon/`.
    pub fn new() -> Lexicon {
        let mut lexicon = Lexicon { classes_of: vec![0], ..Lexicon::default() };
        for (class, words) in lexicon::classes() {
            let class = lexicon.class(&class);
            for word in words.split(',').map(str::trim).filter(|word| !word.is_empty()) {
                lexicon.add(word, class);
            }
        }
        for (class, word) in lexicon::lists() {
            let class = lexicon.class(class);
            lexicon.add(word, class);
        }
        lexicon
    }

    /// The bit of a class, made if it is new.
    pub fn class(&mut self, name: &str) -> usize {
        if let Some(at) = self.names.iter().position(|known| **known == *name) {
            return at;
        }
        self.names.push(name.into());
        assert!(self.names.len() <= Classes::BITS as usize, "there are too many classes");
        self.names.len() - 1
    }

    /// The bit of a class that exists.
    pub fn bit(&self, name: &str) -> Option<Classes> {
        self.names.iter().position(|known| **known == *name).map(|at| 1 << at)
    }

    /// The number of a word, made if it is new.
    pub fn number(&mut self, word: &str) -> u32 {
        if let Some(number) = self.words.get(word) {
            return *number;
        }
        let number = u32::try_from(self.classes_of.len()).expect("fewer words than that");
        self.words.insert(word.into(), number);
        self.classes_of.push(0);
        number
    }

    /// The number and the classes of a folded word; a slip of the fingers is looked through.
    pub fn look_up(&self, word: &str) -> (u32, Classes) {
        let number = self.words.get(word).copied().or_else(|| self.mistyped(word));
        number.map_or((UNKNOWN, 0), |number| (number, self.classes_of[number as usize]))
    }

    /// The phrases that begin with a word: the class, and how many words it takes.
    pub fn phrases(&self, first: u32, following: impl Fn(usize) -> u32) -> Vec<(usize, usize)> {
        let Some(phrases) = self.phrases.get(&first) else { return Vec::new() };
        let fits = |phrase: &&Phrase| {
            phrase.rest.iter().enumerate().all(|(i, word)| following(i + 1) == *word)
        };
        phrases.iter().filter(fits).map(|p| (p.class, p.rest.len() + 1)).collect()
    }

    fn add(&mut self, word: &str, class: usize) {
        let mut parts = word.split_whitespace();
        let Some(first) = parts.next() else { return };
        let rest: Vec<&str> = parts.collect();
        for form in forms(first) {
            let number = self.number(&form);
            if rest.is_empty() {
                self.classes_of[number as usize] |= 1 << class;
                continue;
            }
            // Only the last word of a phrase has forms besides the first.
            let (last, middle) = rest.split_last().expect("it has a rest");
            let middle: Vec<u32> = middle.iter().map(|word| self.number(word)).collect();
            for last in forms(last) {
                let last = self.number(&last);
                let rest = middle.iter().copied().chain([last]).collect();
                self.phrases.entry(number).or_default().push(Phrase { rest, class });
            }
        }
    }

    /// Two letters changed places, or one was typed twice.
    fn mistyped(&self, word: &str) -> Option<u32> {
        if !(5..=16).contains(&word.len()) || !word.bytes().all(|b| b.is_ascii_lowercase()) {
            return None;
        }
        let mut letters = *word.as_bytes().first_chunk::<5>().map(|_| &[0_u8; 16])?;
        letters[..word.len()].copy_from_slice(word.as_bytes());
        let known = |bytes: &[u8]| {
            let number = *self.words.get(std::str::from_utf8(bytes).ok()?)?;
            (self.classes_of[number as usize]
                & !self.bit("given").unwrap_or_default()
                & !self.bit("surname").unwrap_or_default()
                != 0)
                .then_some(number)
        };
        for at in 1..word.len() {
            letters.swap(at - 1, at);
            if let Some(number) = known(&letters[..word.len()]) {
                return Some(number);
            }
            letters.swap(at - 1, at);
        }
        None
    }
}

/// A word, or all its forms when it is written `treat~`.
pub fn forms(word: &str) -> Vec<String> {
    let Some(stem) = word.strip_suffix('~') else { return vec![word.to_owned()] };
    let mut forms: Vec<String> =
        ["", "s", "es", "ed", "ing"].iter().map(|e| format!("{stem}{e}")).collect();
    if let Some(bare) = stem.strip_suffix('e') {
        forms.extend([format!("{bare}ed"), format!("{bare}ing")]);
    } else if let Some(bare) = stem.strip_suffix('y') {
        forms.extend([format!("{bare}ies"), format!("{bare}ied")]);
    } else if let Some(last) = stem.chars().last() {
        forms.extend([format!("{stem}{last}ed"), format!("{stem}{last}ing")]);
    }
    forms
}
