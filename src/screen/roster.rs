//! What a practice itself is known by, so that its own name, people and numbers raise no finding.

use std::collections::HashMap;
use std::ops::Range;

use super::fold::fold;
use super::lexicon::is_english;
use super::packs::{Changed, PACKS};
use crate::domain::agency::Others;
use crate::domain::naming;

/// The words of a phrase stand at most so many bytes apart: a stop and a blank.
const GAP: usize = 3;

/// What a practice is known by, as it was written down.
#[derive(Clone, Default)]
pub struct KnownBy {
    /// Full names of the people who work there, with or without titles.
    pub people: Vec<String>,
    /// Telephone and fax numbers.
    pub phones: Vec<String>,
    /// Street addresses.
    pub addresses: Vec<String>,
    /// Names of the practice and its sites.
    pub practice: Vec<String>,
    /// The two letters of each state whose pack counts.
    pub states: Vec<String>,
    /// Words and phrases that it wants to be told of.
    pub watched: Vec<String>,
    /// The other practices of its agency.
    pub others: Others,
}

/// What a practice is known by, prepared for the screen.
#[derive(Clone, Default)]
pub struct Roster {
    people: Vec<String>,
    phones: Vec<String>,
    places: Vec<String>,
    states: Vec<String>,
    watched: Phrases,
    others: Phrases,
    others_phones: Vec<String>,
}

/// Phrases by their first words: each with the words that follow.
#[derive(Clone, Default)]
struct Phrases(HashMap<String, Vec<Vec<String>>>);

impl Roster {
    /// Prepares what a practice is known by. The empty roster, `Roster::default()`, knows nobody.
    pub fn new(known: &KnownBy) -> Roster {
        let places = known.addresses.iter().chain(&known.practice);
        Roster {
            people: known.people.iter().map(|name| bare_name(name)).collect(),
            phones: known.phones.iter().map(|phone| ten_digits(phone)).collect(),
            places: places.map(|place| format!(" {} ", words(place))).collect(),
            states: known.states.iter().map(|state| state.to_lowercase()).collect(),
            watched: Phrases::of(known.watched.iter().map(|watched| parts(watched))),
            others: others(known),
            others_phones: others_phones(known),
        }
    }

    /// Whether a folded name is the whole name of somebody who works here.
    ///
    /// A first or last name that is merely shared says nothing: patients have it too.
    pub(super) fn employs(&self, folded: &str) -> bool {
        let name = bare_name(folded);
        self.people.contains(&name)
    }

    /// Whether a number, in any form, is the practice's own.
    pub(super) fn answers(&self, number: &str) -> bool {
        self.phones.contains(&ten_digits(number))
    }

    /// Whether a number, in any form, is another's for whom the practice's agency works.
    pub(super) fn is_of_others(&self, number: &str) -> bool {
        self.others_phones.contains(&ten_digits(number))
    }

    /// Where a phrase ends that begins with a word of a folded text and is watched.
    pub(super) fn watched_at(&self, text: &str, word: &Range<usize>) -> Option<usize> {
        self.watched.at(text, word)
    }

    /// Where a phrase ends that begins with a word of a folded text and names somebody or something
    /// of another practice for which the practice's agency works.
    pub(super) fn others_at(&self, text: &str, word: &Range<usize>) -> Option<usize> {
        self.others.at(text, word)
    }

    /// Where the practice's states judge otherwise, the gravest first.
    pub(super) fn changes(&self) -> impl Iterator<Item = &'static Changed> {
        let own = PACKS.iter().filter(|pack| self.states.contains(&pack.name));
        let mut changes: Vec<_> = own.flat_map(|pack| &pack.changes).collect();
        changes.sort_by_key(|change| std::cmp::Reverse(change.severity));
        changes.into_iter()
    }

    /// Whether two or more folded words are a part of the practice's name or address.
    ///
    /// One word says nothing: a patient may be called Grace, and the practice Grace Family Medicine.
    pub(super) fn is_called(&self, folded: &str) -> bool {
        let phrase = words(folded);
        let part = format!(" {phrase} ");
        phrase.contains(' ') && self.places.iter().any(|place| place.contains(&part))
    }
}

impl Phrases {
    fn of(all: impl Iterator<Item = Vec<String>>) -> Phrases {
        let mut phrases = Phrases::default();
        for mut phrase in all.filter(|phrase| !phrase.is_empty()) {
            let rest = phrase.split_off(1);
            phrases.0.entry(phrase.remove(0)).or_default().push(rest);
        }
        phrases
    }

    /// Where the longest phrase ends that begins with a word of a folded text.
    fn at(&self, text: &str, word: &Range<usize>) -> Option<usize> {
        let known = self.0.get(&text[word.clone()])?;
        let ends = known.iter().map(|rest| {
            rest.iter().try_fold(word.end, |end, next| {
                let gap = text[end..].find(|c: char| c.is_ascii_alphanumeric())?;
                let begins = end + gap;
                let is_next = text[begins..].starts_with(next.as_str());
                (gap <= GAP && is_next).then_some(begins + next.len())
            })
        });
        let is_whole = |end: &usize| !text[*end..].starts_with(|c: char| c.is_alphanumeric());
        ends.flatten().filter(is_whole).max()
    }
}

/// What nobody may say in the practice's name, as far as it is not the practice's own as well.
fn others(known: &KnownBy) -> Phrases {
    let own: Vec<Vec<String>> = known.people.iter().flat_map(|name| of_person(name)).collect();
    let own_names: Vec<String> = known.practice.iter().map(|name| parts(name).concat()).collect();
    let others = &known.others;
    let people = others.people.iter().flat_map(|name| of_person(name));
    let people = people.filter(|phrase| !own.contains(phrase));
    // One word may be any word: a practice called Grace, an account called page.
    let called = others.practices.iter().chain(&others.handles).map(|name| parts(name));
    let called = called.filter(|words| words.len() > 1 && !is_plain(words));
    let tagged = called.clone().map(|words| vec![words.concat()]);
    let called = called.chain(tagged).filter(|words| {
        let joined = words.concat();
        !own_names.iter().any(|own| own.contains(&joined))
    });
    Phrases::of(people.chain(called))
}

fn others_phones(known: &KnownBy) -> Vec<String> {
    let own: Vec<String> = known.phones.iter().map(|phone| ten_digits(phone)).collect();
    let others = known.others.phones.iter().map(|phone| ten_digits(phone));
    others.filter(|phone| !own.contains(phone)).collect()
}

/// In which ways a text names a person: by the whole name; who has a title, by it and the surname.
fn of_person(name: &str) -> Vec<Vec<String>> {
    let bare = naming::bare(name);
    let surname = bare.last().map(|surname| parts(surname)).unwrap_or_default();
    if surname.is_empty() {
        return Vec::new();
    }
    let whole = parts(&bare.join(" "));
    let mut all = Vec::new();
    if naming::words(name).len() > bare.len() {
        for title in ["dr", "doctor", "dra"] {
            all.push([vec![title.to_owned()], surname.clone()].concat());
            all.push(vec![format!("{title}{}", surname.concat())]);
        }
        all.push([surname, vec!["md".to_owned()]].concat());
    }
    if bare.len() > 1 {
        let is_titled = !all.is_empty();
        if is_titled || !is_plain(&whole) {
            all.push(vec![whole.concat()]);
            all.push(whole);
        }
    }
    all
}

/// Two words that may stand in any text: a member called Front Desk, a practice called Urgent Care.
fn is_plain(words: &[String]) -> bool {
    words.len() < 3 && words.iter().all(|word| is_english(word))
}

/// The words of a text as a pattern of plain letters and digits finds them.
fn parts(text: &str) -> Vec<String> {
    let folded = fold(text);
    let parts = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    parts.map(ToOwned::to_owned).collect()
}

/// The last ten digits of a telephone number: without the country's.
pub(super) fn ten_digits(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    digits[digits.len().saturating_sub(10)..].to_owned()
}

/// A name without titles and degrees, in folded words.
fn bare_name(name: &str) -> String {
    let folded = fold(name);
    let name = folded.split(',').next().unwrap_or_default();
    let words = words(name);
    let is_title = |word: &&str| {
        !matches!(*word, "dr" | "dra" | "prof" | "nurse" | "mr" | "mrs" | "ms" | "miss" | "mx")
    };
    words.split(' ').filter(is_title).collect::<Vec<_>>().join(" ")
}

/// The words of a text, folded, without possessive endings, with one space between.
fn words(text: &str) -> String {
    let folded = fold(text).replace("'s", "");
    let words =
        folded.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn northside() -> Roster {
        Roster::new(&KnownBy {
            people: vec!["Dr. Priya Rao, MD".into(), "Tomás Núñez".into()],
            phones: vec!["(512) 555-0100".into()],
            addresses: vec!["7778 Birch St".into()],
            practice: vec!["Northside Women's Health".into()],
            ..KnownBy::default()
        })
    }

    #[test]
    fn whole_names_are_known_and_shared_ones_are_not() {
        let roster = northside();
        assert!(roster.employs("priya rao"));
        assert!(roster.employs("tomas nunez"));
        assert!(!roster.employs("priya"));
        assert!(!roster.employs("tomas rao"));
    }

    #[test]
    fn a_number_is_known_in_any_form() {
        let roster = northside();
        assert!(roster.answers("+1 512.555.0100"));
        assert!(!roster.answers("512-555-0101"));
    }

    fn agency() -> Roster {
        Roster::new(&KnownBy {
            people: vec!["Dr. Priya Rao, MD".into(), "Ada Byron".into()],
            practice: vec!["Northside Women's Health".into()],
            watched: vec!["Botox".into(), "risk free".into(), "¡Gratis!".into()],
            others: Others {
                practices: vec![
                    "Lakeside Women's Health".into(),
                    "Grace".into(),
                    "Urgent Care".into(),
                ],
                people: vec![
                    "Dr. Wren O'Hara".into(),
                    "Dr. Uma Rao".into(),
                    "Ada Byron".into(),
                    "Front Desk".into(),
                    "Dr. \u{674e}".into(),
                ],
                handles: vec!["lakeside.example".into(), "page".into()],
                phones: vec!["512 555 0199".into()],
            },
            ..KnownBy::default()
        })
    }

    #[test]
    fn what_others_are_known_by_is_found_where_it_is_not_the_practices_own() {
        let roster = agency();
        let table = [
            ("ask dr. o'hara today", "dr. o'hara"),
            ("ask wren o'hara today", "wren o'hara"),
            ("thanks #drohara", "drohara"),
            ("ask dr. rao today", ""),
            ("ask uma rao today", "uma rao"),
            ("ask ada byron", ""),
            ("at lakeside women's health today", "lakeside women's health"),
            ("women's health", ""),
            ("ask the front desk, dr. kim or urgent care", ""),
            ("by grace, a page", ""),
            ("see @lakeside.example now", "lakeside.example"),
            ("dr. | o'hara", ""),
            ("dr ohara", "dr ohara"),
            ("wren o'harass", ""),
        ];

        for (text, expected) in table {
            let words = text
                .match_indices(|c: char| c.is_ascii_alphanumeric())
                .filter(|(at, _)| !text[..*at].ends_with(|c: char| c.is_ascii_alphanumeric()));
            let mut found = words.filter_map(|(at, _)| {
                let length = text[at..].find(|c: char| !c.is_ascii_alphanumeric());
                let word = at..length.map_or(text.len(), |length| at + length);
                Some(&text[at..roster.others_at(text, &word)?])
            });
            assert_eq!(found.next().unwrap_or_default(), expected, "{text}");
        }
        assert!(roster.is_of_others("(512) 555-0199") && !roster.is_of_others("512-555-0100"));
    }

    #[test]
    fn watched_phrases_are_found() {
        let roster = agency();
        assert_eq!(roster.watched_at("botox now", &(0..5)), Some(5));
        assert_eq!(roster.watched_at("risk-free now", &(0..4)), Some(9));
        assert_eq!(roster.watched_at("gratis", &(0..6)), Some(6));
        assert_eq!(roster.watched_at("risk of freezing", &(0..4)), None);
    }

    #[test]
    fn names_and_addresses_are_known_by_their_words() {
        let roster = northside();
        assert!(roster.is_called("northside women"));
        assert!(roster.is_called("birch st"));
        assert!(!roster.is_called("northside"));
        assert!(!roster.is_called("north side"));
    }
}
