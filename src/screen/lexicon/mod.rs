//! The word lists, compiled in. `SOURCES.md` says where each comes from and under which license.

use std::cmp::Ordering;

/// Classes of words and phrases: the name, and its words parted by commas.
pub fn classes() -> impl Iterator<Item = (String, String)> {
    let texts = [
        include_str!("talk.toml"),
        include_str!("people.toml"),
        include_str!("trade.toml"),
        include_str!("claims.toml"),
    ];
    let read =
        |text: &str| -> toml::Table { toml::from_str(text).expect("the lists are read by a test") };
    texts
        .into_iter()
        .flat_map(read)
        .filter_map(|(class, words)| words.as_str().map(|words| (class, words.to_owned())))
}

/// Classes that a word's ending tells: the class, and its endings parted by commas.
pub fn endings() -> Vec<(String, String)> {
    table(include_str!("trade.toml"), "ending")
}

/// Words, and what is written for them in haste, parted by commas.
pub fn same() -> Vec<(String, String)> {
    table(include_str!("talk.toml"), "same")
}

fn table(text: &str, name: &str) -> Vec<(String, String)> {
    let lists: toml::Table = toml::from_str(text).expect("the lists are read by a test");
    let table = lists.get(name).and_then(toml::Value::as_table).cloned().unwrap_or_default();
    let text = |(key, words): (String, toml::Value)| Some((key, words.as_str()?.to_owned()));
    table.into_iter().filter_map(text).collect()
}

/// The English words, in the order of their bytes.
const ENGLISH: &str = include_str!("english.txt");

/// The first names, in the order of their bytes.
const GIVEN: &str = include_str!("given.txt");

/// Whether a folded word is in the list of English words.
pub fn is_english(word: &str) -> bool {
    is_in(ENGLISH, word)
}

/// Whether a folded word is in the list of first names.
pub fn is_given(word: &str) -> bool {
    is_in(GIVEN, word)
}

/// A word is looked for in the list as it is compiled in, so that it costs no memory.
fn is_in(list: &str, word: &str) -> bool {
    let (mut from, mut to) = (0, list.len());
    while from < to {
        let middle = list.floor_char_boundary(from + (to - from) / 2);
        let start = list[..middle].rfind('\n').map_or(0, |end| end + 1).max(from);
        let end = list[start..].find('\n').map_or(list.len(), |end| start + end);
        match word.cmp(&list[start..end]) {
            Ordering::Equal => return !word.is_empty(),
            Ordering::Less => to = start,
            Ordering::Greater => from = end + 1,
        }
    }
    false
}

/// Long lists: the class, and a word a line.
pub fn lists() -> impl Iterator<Item = (&'static str, &'static str)> {
    [
        ("given", GIVEN),
        ("seldom", include_str!("seldom.txt")),
        ("surname", include_str!("surnames.txt")),
        ("english", ENGLISH),
        ("town", include_str!("towns.txt")),
    ]
    .into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_english_word_is_found_and_no_other() {
        assert!(ENGLISH.lines().is_sorted() && GIVEN.lines().is_sorted());
        assert_eq!(GIVEN.lines().find(|word| !is_given(word)), None);
        assert_eq!(ENGLISH.lines().find(|word| !is_english(word)), None);
        for word in ["", "flushots", "zzz", "a\na", "aardvark\nabaci", "é", "\n"] {
            assert!(!is_english(word), "{word:?}");
        }
    }
}
