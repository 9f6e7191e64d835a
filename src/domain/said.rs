//! What a practice said, word by word: how published texts are found again.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::content::Content;
use super::ids::PostId;

/// Most words that are looked for at once.
pub const MOST: usize = 8;
/// Longest word that is kept, in characters; longer ones are kept so far.
const LONGEST: usize = 64;

/// The words of a post that went out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidWords {
    /// Which post.
    pub post: PostId,
    /// Folded.
    pub words: BTreeSet<String>,
}

impl SaidWords {
    /// The words of everything that a revision says, alt texts included.
    pub fn of(content: &Content) -> Self {
        let texts = content.accounts.iter().flat_map(|part| {
            let alts = part.media.iter().map(|picture| picture.alt.clone());
            std::iter::once(part.words()).chain(alts)
        });
        let words = texts.flat_map(|text| folded(&text).collect::<Vec<_>>()).collect();
        Self { post: content.post.clone(), words }
    }
}

/// The words that somebody looks for, each once, in order; at most [`MOST`].
pub fn looked_for(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in folded(text) {
        if !words.contains(&word) && words.len() < MOST {
            words.push(word);
        }
    }
    words
}

/// A text's words in small letters without accents.
pub fn folded(text: &str) -> impl Iterator<Item = String> {
    let plain: String =
        text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    // An apostrophe stands inside a word: it's, patient's.
    let plain = plain.replace(['\'', '\u{2019}'], "");
    let words: Vec<String> = plain
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().take(LONGEST).collect())
        .collect();
    words.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whatever_their_case_and_accents() {
        let table = [
            ("Flu shots, FLU shots!", "flu shots"),
            ("Café Ñandú", "cafe nandu"),
            ("It\u{2019}s 9-12", "its 9 12"),
            ("a b c d e f g h i j", "a b c d e f g h"),
            (" ... ", ""),
        ];

        for (text, expected) in table {
            assert_eq!(looked_for(text).join(" "), expected, "{text}");
        }
    }
}
