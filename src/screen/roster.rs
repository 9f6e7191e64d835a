//! What a practice itself is known by, so that its own name, people and numbers raise no finding.

use super::fold::fold;
use super::packs::{Changed, PACKS};

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
}

/// What a practice is known by, prepared for the screen.
#[derive(Clone, Default)]
pub struct Roster {
    people: Vec<String>,
    phones: Vec<String>,
    places: Vec<String>,
    states: Vec<String>,
}

impl Roster {
    /// Prepares what a practice is known by. The empty roster, `Roster::default()`, knows nobody.
    pub fn new(known: &KnownBy) -> Roster {
        let places = known.addresses.iter().chain(&known.practice);
        Roster {
            people: known.people.iter().map(|name| bare_name(name)).collect(),
            phones: known.phones.iter().map(|phone| ten_digits(phone)).collect(),
            places: places.map(|place| format!(" {} ", words(place))).collect(),
            states: known.states.iter().map(|state| state.to_lowercase()).collect(),
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

    #[test]
    fn names_and_addresses_are_known_by_their_words() {
        let roster = northside();
        assert!(roster.is_called("northside women"));
        assert!(roster.is_called("birch st"));
        assert!(!roster.is_called("northside"));
        assert!(!roster.is_called("north side"));
    }
}
