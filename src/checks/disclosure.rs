//! A paid tie is said plainly, and where readers see it.
//!
//! The words of the field *Disclosure* leave in front of the text, so they are seen unless they are
//! long. A tie that nothing discloses is the screen's to find (16 CFR 255.5): here is what is said,
//! but vaguely or where nobody reads.

use std::sync::LazyLock;

use regex::Regex;

use super::tags::{Tag, tags};
use super::written::Written;
use crate::domain::network;

/// Where most networks fold a text, in grapheme clusters; some fold later, hardly one earlier.
const FOLD: usize = 125;

/// Hashtags that say plainly that something was paid or given.
const PLAIN_TAGS: &[&str] = &["ad", "advertisement", "sponsored", "paidpartnership", "paidad"];
/// Hashtags that hint at it.
const VAGUE_TAGS: &[&str] = &[
    "ambassador",
    "brandpartner",
    "collab",
    "gifted",
    "partner",
    "prsample",
    "sp",
    "spon",
    "sponsor",
];

/// Words that say it plainly and are used for nothing else.
static PLAIN: LazyLock<Regex> = LazyLock::new(|| {
    let words = r"(?i)^\W*(ad|advertisement|sponsored)\s*[:|]|\bpaid (partnership|promotion|advertisement|ad\b)|\bsponsored (post|content)\b|\bpost is sponsored\b|\bpaid partner of\b";
    Regex::new(words).expect("a pattern that the tests below compile")
});

/// What is wrong with how it discloses a tie.
pub fn check(written: &Written<'_>) -> Option<String> {
    if written.disclosure.trim().is_empty() {
        in_text(written.text)
    } else {
        in_field(written.disclosure)
    }
}

fn in_field(disclosure: &str) -> Option<String> {
    let tags = tags(disclosure);
    let only_tags = disclosure.split_whitespace().all(|token| token.starts_with('#'));
    if only_tags && tags.iter().all(|tag| has(VAGUE_TAGS, tag)) {
        return Some(vague(tags.first()?));
    }
    (network::length(disclosure) > FOLD).then(|| {
        format!(
            "the disclosure is longer than the {FOLD} characters that readers see before “more”: \
             say it in a few words"
        )
    })
}

fn in_text(text: &str) -> Option<String> {
    let tags = tags(text);
    let before_fold = |at: usize| network::length(&text[..at]) <= FOLD;
    let plain = PLAIN.find(text);
    if plain.as_ref().is_some_and(|found| before_fold(found.end())) {
        return None;
    }
    let tag = tags.iter().filter(|tag| has(PLAIN_TAGS, tag)).min_by_key(|tag| tag.in_block);
    let Some(tag) = tag else {
        return match plain {
            Some(found) => Some(late(found.as_str())),
            None => tags.iter().find(|tag| has(VAGUE_TAGS, tag)).map(vague),
        };
    };
    let name = format!("#{}", tag.name);
    if tag.in_block {
        return Some(format!(
            "“{name}” stands among the hashtags at the end, where few read it: say it at the \
             beginning, or in the field Disclosure, which leaves in front of the text"
        ));
    }
    (!before_fold(tag.at.end)).then(|| late(&name))
}

fn late(words: &str) -> String {
    format!(
        "“{words}” stands after the first {FOLD} characters, and many read no further: say it at \
         the beginning, or in the field Disclosure, which leaves in front of the text"
    )
}

fn vague(tag: &Tag<'_>) -> String {
    format!(
        "“#{}” does not say plainly that something was paid or given: say so in the field \
         Disclosure, as in “Paid partnership”",
        tag.name
    )
}

fn has(names: &[&str], tag: &Tag<'_>) -> bool {
    names.contains(&tag.name.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: &str = "This gel is all we use on our own skin after a long day in the clinic, and \
        it has kept us soft through three winters of washing hands, sixty times a day.";

    fn said(text: &str, disclosure: &str) -> String {
        let said = check(&Written { text, disclosure, ..Written::default() });
        said.map(|line| line.split(':').next().unwrap_or_default().to_owned()).unwrap_or_default()
    }

    #[test]
    fn a_tie_is_said_plainly_and_first() {
        let late = |words: &str| {
            format!("“{words}” stands after the first 125 characters, and many read no further")
        };
        let block = "“#ad” stands among the hashtags at the end, where few read it";
        let table = [
            ("#ad Love this gel.".to_owned(), String::new()),
            ("Ad: Love this gel.".to_owned(), String::new()),
            ("Paid partnership with Acme. Love it! #ad #gel".to_owned(), String::new()),
            ("Love this gel. #ad".to_owned(), String::new()),
            ("Love this gel. #gel #Skin #ad".to_owned(), block.to_owned()),
            (format!("{LONG} #ad"), late("#ad")),
            (format!("#advice {LONG} #ad"), late("#ad")),
            (format!("{LONG} This is a paid partnership."), late("paid partnership")),
            (format!("#AD {LONG} #ad #gel"), String::new()),
            (
                "Love this gel! #gifted".to_owned(),
                "“#gifted” does not say plainly that something was paid or given".to_owned(),
            ),
            ("Our nurse is a gifted singer; partner with us.".to_owned(), String::new()),
            (format!("{LONG} The run is sponsored by the Rotary club."), String::new()),
            ("Flu shots this Saturday 9 to 12, no appointment needed.".to_owned(), String::new()),
            (String::new(), String::new()),
        ];

        for (text, expected) in table {
            assert_eq!(said(&text, ""), expected, "{text}");
        }
    }

    #[test]
    fn the_field_is_read_too() {
        let table = [
            ("Paid partnership with Acme", ""),
            ("#ad", ""),
            ("#sp #collab", "“#sp” does not say plainly that something was paid or given"),
            (
                LONG,
                "the disclosure is longer than the 125 characters that readers see before “more”",
            ),
        ];

        for (disclosure, expected) in table {
            assert_eq!(said("Love this gel! #gifted #gel #ad", disclosure), expected);
        }
    }
}
