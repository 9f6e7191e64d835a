//! Hashtags that can be read aloud, and not too many of them.

use super::tags::{Tag, tags};
use super::written::Written;
use crate::domain::said::folded;
use crate::screen::is_english;

/// More than so many are a block that readers skip.
const MOST: usize = 5;
/// More of them are not looked at, so that the work is bounded.
const LOOKED_AT: usize = 30;
/// Longer ones are not taken apart, so that the work is bounded.
const LONGEST: usize = 40;
/// The most words that one is taken apart into.
const WORDS: usize = 5;
/// Shorter words are parts of a hashtag only if they are one of [`SHORT`].
const SHORTEST: usize = 3;
const SHORT: &[&str] = &[
    "a", "am", "at", "be", "by", "do", "go", "i", "in", "is", "it", "my", "no", "of", "on", "or",
    "so", "to", "up", "us", "we",
];

/// What to write otherwise.
pub fn check(written: &Written<'_>) -> Vec<String> {
    let tags = tags(written.text);
    let mut said = Vec::new();
    let better = better(&tags, written);
    if let Some((name, parted)) = better.first() {
        let others = match better.len() {
            1 => String::new(),
            _ => ", and so with the others".to_owned(),
        };
        said.push(format!("a screen reader says “#{name}” as one word: write “#{parted}”{others}"));
    }
    if tags.len() > MOST {
        said.push(format!(
            "it has {} hashtags: keep the {MOST} at most that people look for",
            tags.len()
        ));
    }
    said
}

/// The text with a capital for each word of its hashtags; nothing where they have them.
pub fn reworded(written: &Written<'_>) -> Option<String> {
    let tags = tags(written.text);
    let better = better(&tags, written);
    let mut text = written.text.to_owned();
    for tag in tags.iter().rev() {
        if let Some((_, parted)) = better.iter().find(|(name, _)| *name == tag.name) {
            text.replace_range(tag.at.clone(), parted);
        }
    }
    (!better.is_empty()).then_some(text)
}

/// Hashtags that are better with capitals, each once, and how.
fn better<'a>(tags: &[Tag<'a>], written: &Written<'_>) -> Vec<(&'a str, String)> {
    let mut better: Vec<(&str, String)> = Vec::new();
    for tag in tags.iter().take(LOOKED_AT) {
        let known = better.iter().any(|(name, _)| *name == tag.name);
        if let Some(parted) = parted(tag.name).filter(|_| !known && !is_name(tag.name, written)) {
            better.push((tag.name, parted));
        }
    }
    better
}

/// With a capital for each of its words, if it has none within and is no word itself.
fn parted(name: &str) -> Option<String> {
    let mut letters = name.chars();
    letters.next()?;
    let fits = name.len() <= LONGEST && name.is_ascii() && !is_english(&name.to_ascii_lowercase());
    if !fits || !letters.all(|c| c.is_ascii_lowercase()) {
        return None;
    }
    let name = name.to_ascii_lowercase();
    let words = words(&name)?;
    let capital = |word: &&str| word[..1].to_uppercase() + &word[1..];
    Some(words.iter().map(capital).collect())
}

/// The fewest words that a name is made of; of as many, those whose shortest is longest.
fn words(name: &str) -> Option<Vec<&str>> {
    let mut best: Vec<Option<Vec<&str>>> = vec![None; name.len() + 1];
    best[0] = Some(Vec::new());
    for end in 1..=name.len() {
        let ending = (0..end).filter_map(|start| {
            let word = &name[start..end];
            let before = best[start].as_ref().filter(|before| before.len() < WORDS)?;
            let fits = if word.len() < SHORTEST { SHORT.contains(&word) } else { is_english(word) };
            fits.then(|| before.iter().copied().chain([word]).collect::<Vec<_>>())
        });
        best[end] = ending.min_by_key(|words| {
            let shortest = words.iter().map(|word| word.len()).min().unwrap_or_default();
            (words.len(), usize::MAX - shortest)
        });
    }
    best.pop().flatten().filter(|words| words.len() > 1)
}

/// It is written as one word elsewhere, or is how the practice calls itself.
fn is_name(name: &str, written: &Written<'_>) -> bool {
    let name = name.to_ascii_lowercase();
    let in_words = |text: &str| {
        let text = text.split_whitespace().filter(|token| !token.starts_with('#'));
        text.flat_map(folded).any(|word| word == name)
    };
    in_words(written.text) || in_words(written.practice)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        let practice = "Northside Family Practice";
        check(&Written { text, practice, ..Written::default() }).join("; ")
    }

    #[test]
    fn a_hashtag_of_several_words_has_their_capitals() {
        let table = [
            ("#flushots", "FluShots"),
            ("#Flushots", "FluShots"),
            ("#hearthealthmonth", "HeartHealthMonth"),
            ("#askyourdoctor", "AskYourDoctor"),
            ("#weareopen", "WeAreOpen"),
        ];
        for (text, parted) in table {
            let (expected, name) = (format!("write “#{parted}”"), text);
            let line = format!("a screen reader says “{name}” as one word: {expected}");
            assert_eq!(said(text), line);
        }
        let two = "a screen reader says “#flushots” as one word: write “#FluShots”, and so with \
            the others";
        assert_eq!(said("Walk in! #flushots #hearthealth #flushots"), two);
    }

    #[test]
    fn a_word_a_name_and_what_nobody_knows_stay() {
        for text in [
            "#FluShots #flu #vaccines #healthcare #COVID",
            "#PCOS #northside #flu_shots #2026goals",
            "We use Medtwitter. #medtwitter",
            "#zzyzx #a #",
            "#gripe #vacúnate",
        ] {
            assert_eq!(said(text), "", "{text}");
        }
    }

    #[test]
    fn a_text_is_reworded_with_the_capitals() {
        let of = |text: &str| reworded(&Written { text, ..Written::default() });
        let better = of("Walk in, it's #flushots day! #Clinic #flushots\n#hearthealth");
        let expected = "Walk in, it's #FluShots day! #Clinic #FluShots\n#HeartHealth";
        assert_eq!(better.as_deref(), Some(expected));
        assert_eq!(of(expected), None);
    }

    #[test]
    fn not_too_many() {
        assert_eq!(said("#flu #shots #clinic #kids #care"), "");
        assert_eq!(
            said("#flu #shots #clinic #kids #care #doctor"),
            "it has 6 hashtags: keep the 5 at most that people look for"
        );
    }
}
