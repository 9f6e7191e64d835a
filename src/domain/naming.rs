//! Whom of its approvers a post names: what is said in somebody's name needs that person's own
//! sign-off.
//!
//! A name counts as the whole name (`Priya Rao`), or as its last word with a title before it or a
//! degree after it (`Dr. Rao`, `Rao, MD`). Case, accents and stops do not matter. When in doubt it
//! is the person: one sign-off too many costs seconds.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::content::Content;
use super::ids::MemberId;
use super::practice::Practice;

/// Words that stand before a physician's surname.
const TITLES: [&str; 9] =
    ["dr", "dra", "doctor", "doctors", "drs", "prof", "professor", "doc", "physician"];

/// Words that stand after it.
const DEGREES: [&str; 14] = [
    "md", "do", "phd", "mbbs", "mph", "np", "pa", "dnp", "dds", "dmd", "facp", "faap", "faafp",
    "facog",
];

/// The approvers whom anything that leaves names, in the order of the practice.
pub fn named(practice: &Practice, content: &Content) -> Vec<MemberId> {
    let parts = content.accounts.iter();
    let texts = parts.flat_map(|part| {
        let alts = part.media.iter().map(|picture| picture.alt.as_str());
        [part.text.as_str(), part.disclosure.as_str()].into_iter().chain(alts)
    });
    let texts: Vec<Vec<String>> = texts.map(words).collect();
    let approvers = practice.members.iter().filter(|member| member.is_approver());
    let named = approvers.filter(|member| {
        let name = bare(&member.name);
        texts.iter().any(|text| names(text, &name))
    });
    named.map(|member| member.id.clone()).collect()
}

/// Does the text name the person with these words?
fn names(text: &[String], name: &[String]) -> bool {
    let Some(surname) = name.last() else {
        return false;
    };
    let whole = name.len() > 1 && text.windows(name.len()).any(|words| words == name);
    // As hashtags and handles have it.
    let joined = |word: &String| TITLES.iter().any(|title| *word == format!("{title}{surname}"));
    whole
        || text.iter().any(joined)
        || text.iter().enumerate().any(|(at, word)| word == surname && has_title(text, at, name))
}

/// A title stands before the surname, with or without first names between; or a degree after it.
fn has_title(text: &[String], at: usize, name: &[String]) -> bool {
    let firsts = &name[..name.len() - 1];
    let mut before = text[..at].iter().rev();
    let nearest = before.find(|word| !firsts.contains(word) && word.chars().count() > 1);
    let titled = nearest.is_some_and(|word| TITLES.contains(&word.as_str()) || word == "and")
        && text[..at].iter().rev().take(6).any(|word| TITLES.contains(&word.as_str()));
    // "M.D." reads as two words.
    let after: String = text[at + 1..].iter().take(2).map(String::as_str).collect();
    let next = text.get(at + 1).map_or("", String::as_str);
    titled || DEGREES.contains(&next) || after == "md" || after == "do"
}

/// A name without titles and degrees.
pub fn bare(name: &str) -> Vec<String> {
    let before_degrees = name.split(',').next().unwrap_or_default();
    let mut bare = words(before_degrees);
    bare.retain(|word| !TITLES.contains(&word.as_str()));
    let degrees = bare.iter().rev().take_while(|word| DEGREES.contains(&word.as_str())).count();
    bare.truncate(bare.len() - degrees.min(bare.len().saturating_sub(1)));
    bare
}

/// The words of a text, in plain small letters, without possessive endings.
pub fn words(text: &str) -> Vec<String> {
    let plain: String = text
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if matches!(c, '\u{2019}' | '\u{2bc}') { '\'' } else { c })
        .collect();
    let words = plain.split(|c: char| !c.is_alphanumeric() && c != '\'');
    let words = words.map(|word| {
        let word = word.trim_matches('\'');
        word.strip_suffix("'s").unwrap_or(word).to_owned()
    });
    words.filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_named_in_many_ways() {
        let table = [
            ("Dr. Kim", "Ask Dr. Kim about flu shots.", true),
            ("Dr. Kim", "Ask DR KIM about flu shots.", true),
            ("Dr. Kim", "Ask Doctor Kim\u{2019}s team.", true),
            ("Dr. Kim", "Jane Kim, MD, answers.", true),
            ("Dr. Kim", "Kim M.D. answers.", true),
            ("Dr. Kim", "Drs. Rao and Kim answer.", true),
            ("Dr. Kim", "Kim is not our physician", false),
            ("Dr. Kim", "Flu shots this Saturday, says the doctor.", false),
            ("Dr. Jane Kim, MD", "Jane Kim answers.", true),
            ("Dr. Jane Kim, MD", "Dr. Jane Kim answers.", true),
            ("Dr. Jane Kim, MD", "Dr. J. Kim answers.", true),
            ("Dr. Jane Kim, MD", "Jane answers.", false),
            ("Dr. José Núñez", "DR. JOSE NUNEZ", true),
            ("Dr. José Núñez", "#DrNunez", true),
            ("", "Anybody", false),
            ("MD", "Our MD is here", false),
        ];

        for (name, text, expected) in table {
            assert_eq!(names(&words(text), &bare(name)), expected, "{name} in {text}");
        }
    }
}
