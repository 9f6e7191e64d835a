//! The words that rules speak of: each has a number, and the classes it belongs to as bits.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, BuildHasherDefault};
use std::sync::Arc;

use super::choice::{Choice, Choices, Classes, UNKNOWN};
use super::forms::forms;
use super::hash::WordHasher;
use crate::screen::lexicon;

type Table<K, V> = HashMap<K, V, BuildHasherDefault<WordHasher>>;

/// Words shorter than this are too easily something else with a letter more or less.
const SHORTEST_SLIP: usize = 6;
/// Nor are words shorter than this when two letters have changed places.
const SHORTEST_SWAP: usize = 5;
/// Names, which are no cues: a letter more or less makes them somebody else's.
const FAMOUS: &str = "famous";
/// Longer words are not looked at twice.
const LONGEST: usize = 24;

/// Words and phrases by what they mean to the rules.
#[derive(Default)]
pub struct Lexicon {
    /// By their hashes alone: they are many. A test sees that no two share one.
    words: Table<u64, u32>,
    /// As they are written, until all are read.
    written: Vec<(Box<str>, u32)>,
    classes_of: Vec<Classes>,
    names: Vec<Box<str>>,
    phrases: Table<u32, Vec<Phrase>>,
    /// Cue words with a letter left out.
    slips: Slips,
    /// Classes that stand for several others.
    unions: Vec<(String, String)>,
    /// What a word's ending tells of it.
    endings: Vec<(Box<str>, Classes)>,
    /// What a word that no list knows is, by itself.
    novel: Classes,
    choices: Choices,
}

/// Hashes and the numbers of words, in order: half of what a table would take.
#[derive(Default)]
struct Slips(Vec<u64>);

/// So many bits of a slip are its word's number; the others are the upper ones of its hash.
const NUMBER_BITS: u32 = 20;

/// Several words that belong to a class together.
struct Phrase {
    rest: Box<[u32]>,
    class: usize,
}

impl Lexicon {
    /// The words of all files of `lexicon/`.
    pub fn new() -> Lexicon {
        let mut lexicon = Lexicon { classes_of: vec![0], ..Lexicon::default() };
        let same = lexicon::same();
        let hasty: HashSet<&str> = same.iter().flat_map(|(_, hasty)| hasty.split(", ")).collect();
        for (word, hasty) in &same {
            let number = lexicon.number(word);
            let english = lexicon.class("english");
            lexicon.classes_of[number as usize] |= 1 << english;
            hasty.split(", ").for_each(|hasty| lexicon.name(hasty, number));
        }
        for (class, words) in lexicon::classes() {
            if words.starts_with('{') {
                lexicon.unions.push((class, words));
                continue;
            }
            if class != FAMOUS {
                lexicon.add_all(&class, &words);
            }
        }
        let cues = lexicon.classes_of.len();
        for (class, words) in lexicon::classes().filter(|(class, _)| class == FAMOUS) {
            lexicon.add_all(&class, &words);
        }
        for (class, words) in lexicon::lists() {
            let class = lexicon.class(class);
            // What is written in haste for another word is nobody's name: "yu", "yer".
            for word in words.lines().filter(|word| !hasty.contains(*word)) {
                lexicon.add(word, class);
            }
        }
        lexicon.leave_letters_out(cues);
        lexicon.read_endings();
        lexicon
    }

    /// All words are read: lets go of what was needed for that alone.
    pub fn close(&mut self) {
        (self.written, self.choices) = (Vec::new(), Choices::default());
        self.words.shrink_to_fit();
        self.classes_of.shrink_to_fit();
        self.phrases.shrink_to_fit();
        self.phrases.values_mut().for_each(Vec::shrink_to_fit);
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

    /// The bit of a class that exists, or those of a class that is several.
    pub fn bit(&self, name: &str) -> Option<Classes> {
        if let Some((_, members)) = self.unions.iter().find(|(union, _)| union == name) {
            let member = |one: &str| self.bit(one.trim().trim_matches(['{', '}']));
            return members.split(',').try_fold(0, |all, one| Some(all | member(one)?));
        }
        self.names.iter().position(|known| **known == *name).map(|at| 1 << at)
    }

    /// The number of a word, made if it is new.
    pub fn number(&mut self, word: &str) -> u32 {
        if let Some(number) = self.known(word) {
            return number;
        }
        let number = u32::try_from(self.classes_of.len()).expect("fewer words than that");
        self.name(word, number);
        self.classes_of.push(0);
        number
    }

    fn name(&mut self, word: &str, number: u32) {
        self.words.insert(hash(word), number);
        self.written.push((word.into(), number));
    }

    fn known(&self, word: &str) -> Option<u32> {
        self.words.get(&hash(word)).copied()
    }

    /// What a pattern asks of one word; the same is made once.
    pub fn choice(&mut self, words: Vec<u32>, classes: Classes) -> Arc<Choice> {
        self.choices.of(words, classes)
    }

    /// The number and the classes of a folded word; a slip of the fingers is looked through.
    pub fn look_up(&self, word: &str) -> (u32, Classes) {
        let number = self.known(word).or_else(|| self.mistyped(word));
        number.map_or_else(
            || (UNKNOWN, self.ending(word) | self.novelty(word)),
            |number| (number, self.classes_of[number as usize]),
        )
    }

    /// The phrases that begin with a word: the class, and how many words it takes.
    pub fn phrases(
        &self,
        first: u32,
        following: impl Fn(usize) -> u32,
    ) -> impl Iterator<Item = (usize, usize)> {
        let phrases = self.phrases.get(&first).map_or(&[][..], Vec::as_slice);
        let fits = move |phrase: &&Phrase| {
            phrase.rest.iter().enumerate().all(|(i, word)| following(i + 1) == *word)
        };
        phrases.iter().filter(fits).map(|phrase| (phrase.class, phrase.rest.len() + 1))
    }

    fn add_all(&mut self, class: &str, words: &str) {
        let class = self.class(class);
        for word in words.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            self.add(word, class);
        }
    }

    fn add(&mut self, word: &str, class: usize) {
        let part = if word.contains(' ') { self.class("part") } else { class };
        let mut parts = word.split_whitespace();
        let Some(first) = parts.next() else { return };
        let rest: Vec<&str> = parts.collect();
        for form in forms(first) {
            let number = self.number(&form);
            self.classes_of[number as usize] |= 1 << part;
            let Some((last, middle)) = rest.split_last() else { continue };
            // Only the last word of a phrase has forms besides the first.
            let middle: Vec<u32> = middle.iter().map(|word| self.number(word)).collect();
            for last in forms(last) {
                let last = self.number(&last);
                self.classes_of[last as usize] |= 1 << part;
                let rest = middle.iter().copied().chain([last]).collect();
                self.phrases.entry(number).or_default().push(Phrase { rest, class });
            }
        }
    }

    /// Words of the lists get what their endings tell once, others when they are looked up.
    fn read_endings(&mut self) {
        self.novel = 1 << self.class("novel");
        for (class, words) in lexicon::endings() {
            let class: Classes = 1 << self.class(&class);
            self.endings.extend(words.split(',').map(|word| (word.trim().into(), class)));
        }
        let told = self.mere() | self.bit("part").unwrap_or_default();
        let (did, says) = (self.bit("did").unwrap_or_default(), self.bit("says-so"));
        let ended: Vec<(u32, Classes)> = self
            .written
            .iter()
            .map(|(word, number)| {
                let known = self.classes_of[*number as usize] & !told;
                let told = self.ending(word);
                let is_said = known & says.unwrap_or_default() != 0;
                (
                    *number,
                    if is_said {
                        0
                    } else if known == 0 {
                        told
                    } else {
                        told & did
                    },
                )
            })
            .collect();
        for (number, classes) in ended {
            self.classes_of[number as usize] |= classes;
        }
    }

    fn ending(&self, word: &str) -> Classes {
        let is_long = |ending: &str| word.len() > ending.len() + 2;
        let ends =
            |(ending, _): &&(Box<str>, Classes)| is_long(ending) && word.ends_with(&**ending);
        self.endings.iter().filter(ends).fold(0, |all, (_, class)| all | class)
    }

    fn novelty(&self, word: &str) -> Classes {
        let is_spelled = word.len() > 2 && word.chars().all(|c| c.is_alphabetic() || c == '\'');
        if is_spelled { self.novel } else { 0 }
    }

    fn leave_letters_out(&mut self, cues: usize) {
        let long = self.written.iter().filter(|(word, number)| {
            (SHORTEST_SLIP..LONGEST).contains(&word.len())
                && (*number as usize) < cues
                && is_plain(word)
        });
        let slips =
            long.flat_map(|(word, number)| without_a_letter(word).map(|slip| (slip, *number)));
        let new = slips.filter(|(slip, _)| self.known(slip).is_none());
        self.slips = Slips::of(new.map(|(slip, number)| (hash(&slip), number)));
    }

    /// Two letters changed places, one is missing, one is too many, or one was held down.
    fn mistyped(&self, word: &str) -> Option<u32> {
        if !(4..LONGEST).contains(&word.len()) || !is_plain(word) {
            return None;
        }
        let squeezed = (squeezed(word, 1), squeezed(word, 2));
        let known = |word: &str| self.known(word);
        if squeezed.1 != word {
            return known(&squeezed.1).or_else(|| known(&squeezed.0));
        }
        self.slipped(word)
    }

    /// A slip within a cue word; two letters that changed places may be in a shorter one.
    fn slipped(&self, word: &str) -> Option<u32> {
        let known = |word: &str| self.known(word);
        let is_cue = |number: &u32| self.classes_of[*number as usize] & !self.mere() != 0;
        let swapped = || swaps(word).find_map(|word| known(&word)).filter(is_cue);
        let longer = || {
            let found = without_a_letter(word).filter(|word| word.len() >= SHORTEST_SLIP);
            found.filter_map(|word| known(&word)).find(is_cue)
        };
        match word.len() {
            SHORTEST_SLIP.. => self.slips.get(hash(word)).or_else(swapped).or_else(longer),
            SHORTEST_SWAP.. => swapped(),
            _ => None,
        }
    }

    /// Classes of words that mean nothing by themselves.
    fn mere(&self) -> Classes {
        ["given", "seldom", "surname", "english", "town"]
            .iter()
            .filter_map(|name| self.bit(name))
            .sum()
    }
}

impl Slips {
    fn of(slips: impl Iterator<Item = (u64, u32)>) -> Slips {
        let mut all: Vec<u64> =
            slips.map(|(hash, number)| Slips::first(hash) | u64::from(number)).collect();
        all.sort_unstable();
        all.dedup_by_key(|slip| *slip >> NUMBER_BITS);
        all.shrink_to_fit();
        Slips(all)
    }

    fn get(&self, hash: u64) -> Option<u32> {
        let first = Slips::first(hash);
        let slip = self.0.get(self.0.partition_point(|slip| *slip < first))?;
        let is_it = Slips::first(*slip) == first;
        is_it.then(|| u32::try_from(slip - first).expect("no more bits than that"))
    }

    /// The lowest that a slip of this hash can be.
    fn first(hash: u64) -> u64 {
        hash >> NUMBER_BITS << NUMBER_BITS
    }
}

fn hash(word: &str) -> u64 {
    BuildHasherDefault::<WordHasher>::default().hash_one(word)
}

fn is_plain(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_lowercase())
}

fn without_a_letter(word: &str) -> impl Iterator<Item = String> {
    (1..word.len()).map(move |at| format!("{}{}", &word[..at], &word[at + 1..]))
}

fn swaps(word: &str) -> impl Iterator<Item = String> {
    (1..word.len()).map(move |at| {
        let (a, b) = (&word[at - 1..at], &word[at..=at]);
        format!("{}{b}{a}{}", &word[..at - 1], &word[at + 1..])
    })
}

/// No letter more than so many times in a row, once it is there three times.
fn squeezed(word: &str, most: usize) -> String {
    let mut out = String::with_capacity(word.len());
    let bytes = word.as_bytes();
    for (at, letter) in word.char_indices() {
        let same = |other: &&u8| **other == bytes[at];
        let before = bytes[..at].iter().rev().take_while(same).count();
        let after = bytes[at..].iter().take_while(same).count();
        if before + after < 3 || before < most {
            out.push(letter);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_fingers_are_looked_through() {
        let lexicon = Lexicon::new();
        let patient = lexicon.look_up("patient").0;
        assert_ne!(patient, UNKNOWN);
        for slip in ["pateint", "patint", "patientt", "patieeent"] {
            assert_eq!(lexicon.look_up(slip).0, patient, "{slip}");
        }
        assert_ne!(lexicon.look_up("patent").0, patient, "it is a word of its own");
    }

    #[test]
    fn no_two_words_share_a_hash() {
        let lexicon = Lexicon::new();
        let words: HashSet<&str> = lexicon.written.iter().map(|(word, _)| &**word).collect();
        assert_eq!(lexicon.words.len(), words.len());
    }

    #[test]
    fn a_word_in_haste_is_that_word() {
        let lexicon = Lexicon::new();
        for (hasty, word) in [("ur", "your"), ("thx", "thanks"), ("dont", "don't")] {
            assert_eq!(lexicon.look_up(hasty).0, lexicon.look_up(word).0, "{hasty}");
        }
    }

    #[test]
    fn an_ending_tells_what_a_word_is() {
        let lexicon = Lexicon::new();
        for (word, class) in
            [("thymectomy", "procedure"), ("adalimumab", "drug"), ("vulcanologist", "staff-role")]
        {
            let bit = lexicon.bit(class).expect("a class");
            assert_ne!(lexicon.look_up(word).1 & bit, 0, "{word}");
        }
        let did = lexicon.bit("did").expect("a class");
        assert_ne!(lexicon.look_up("stitched").1 & did, 0);
        assert_eq!(lexicon.look_up("shared").1 & did, 0, "it tells nothing of care");
    }

    #[test]
    fn a_class_may_be_several_others() {
        let lexicon = Lexicon::new();
        let bit = |name| lexicon.bit(name).expect("a class");
        assert_eq!(bit("any-care") & bit("milestone"), bit("milestone"));
        assert_eq!(lexicon.bit("no-such"), None);
    }

    #[test]
    fn held_down_letters_are_let_go() {
        assert_eq!(squeezed("soooo", 1), "so");
        assert_eq!(squeezed("feeeel", 2), "feel");
        assert_eq!(squeezed("feel", 1), "feel");
    }
}
