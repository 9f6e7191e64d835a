//! A post as a page of a site, and back: nothing that WordPress does to a page changes its words.
//! Pure.
//!
//! WordPress writes much anew when it shows a page: straight quotes become round ones, `--` a
//! dash, `:)` a picture, `[gallery]` whatever it stands for, an address on a line of its own the
//! thing at that address. So each character that could begin such a thing is written as an entity,
//! which it leaves alone.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use sha2::{Digest, Sha256};
use unicode_segmentation::UnicodeSegmentation;

use crate::domain::canonical::hex;
use crate::domain::content::Part;
use crate::domain::ids::RowId;
use crate::domain::network;
use crate::networks::text::{BREAKS, LINKS, unescaped};
use crate::ports::publisher::Media;

/// How every slug of ours begins.
const OURS: &str = "cs-";
/// Longest title, in grapheme clusters.
const LONGEST_TITLE: usize = 60;
/// What is shorter is rather cut within a sentence: it may be "Dr.".
const SHORTEST_TITLE: usize = 25;
/// What WordPress calls what it writes anew although it looks like words.
const REWRITTEN: [&str; 3] = ["Wordpress", "8O", "8-O"];

/// A link as [`content`] writes it, however WordPress has added to it.
static LINKED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"<a href="([^"<>]*)"[^<>]*>([^<]*)</a>"#).expect("a sound pattern")
});
static BETWEEN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"</p>\s*<p>").expect("a sound pattern"));

/// The address part of a publication's page, by which it is found again.
pub fn slug(row: &RowId) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    format!("{OURS}{}", row.as_str().chars().map(plain).collect::<String>())
}

/// The address part of a publication's picture, by which it is found again.
pub fn picture_slug(row: &RowId, media: &Media) -> String {
    let digest = Sha256::digest(format!("{row}/{}", media.sha256));
    format!("{OURS}{}", hex::encode(&digest[..16]))
}

/// It may be removed with its post.
pub fn is_ours(slug: &str) -> bool {
    let digits = slug.strip_prefix(OURS).unwrap_or_default();
    digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit())
}

/// The page's title: the disclosure, then the first line; of a long one as many whole sentences
/// as fit, or the words that fit. Words of a signed text, and an ellipsis where they are cut.
pub fn title(part: &Part) -> String {
    let first = part.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let line = [part.disclosure.as_str(), first].join(" ");
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    if network::length(&line) <= LONGEST_TITLE {
        return line;
    }
    let sentences = fitting(line.split_sentence_bounds(), LONGEST_TITLE);
    if network::length(&sentences) >= SHORTEST_TITLE {
        return sentences;
    }
    let words = fitting(line.split_inclusive(' '), LONGEST_TITLE - 1);
    let cut = if words.is_empty() {
        line.graphemes(true).take(LONGEST_TITLE - 1).collect()
    } else {
        words
    };
    format!("{cut}…")
}

/// As many pieces as fit.
fn fitting<'a>(pieces: impl Iterator<Item = &'a str>, limit: usize) -> String {
    let mut text = String::new();
    for piece in pieces {
        let longer = format!("{text}{piece}");
        if network::length(longer.trim_end()) > limit {
            break;
        }
        text = longer;
    }
    text.trim_end().to_owned()
}

/// The page: an empty line parts paragraphs, and an address is a link to itself.
pub fn content(words: &str) -> String {
    let paragraphs = words.split("\n\n").map(|paragraph| format!("<p>{}</p>", inner(paragraph)));
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

fn inner(paragraph: &str) -> String {
    let (mut html, mut at) = (String::new(), 0);
    for link in LINKS.find_iter(paragraph) {
        html.push_str(&escaped(&paragraph[at..link.start()]));
        let (to, shown) = (in_quotes(link.as_str()), escaped(link.as_str()));
        html.extend(["<a href=\"", &to, "\">", &shown, "</a>"]);
        at = link.end();
    }
    html.push_str(&escaped(&paragraph[at..]));
    html.replace('\n', "<br>")
}

/// The words of a page that [`content`] wrote; any other page as it is, which is not the same.
pub fn words_of(raw: &str) -> String {
    let inner = raw.trim().strip_prefix("<p>").and_then(|raw| raw.strip_suffix("</p>"));
    let Some(inner) = inner else { return raw.to_owned() };
    let paragraphs = BETWEEN.split(inner).map(|paragraph| {
        let lines = BREAKS.replace_all(paragraph, "\n");
        let plain = LINKED.replace_all(&lines, |link: &Captures<'_>| {
            let to_itself = unescaped(&link[1]) == unescaped(&link[2]);
            if to_itself { link[2].to_owned() } else { link[0].to_owned() }
        });
        (!plain.contains('<')).then(|| unescaped(&plain))
    });
    let words: Option<Vec<String>> = paragraphs.collect();
    words.map_or_else(|| raw.to_owned(), |words| words.join("\n\n"))
}

/// As HTML that stays as it is.
pub fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    let mut before = None;
    for (at, c) in text.char_indices() {
        if is_rewritten(before, &text[at..]) {
            html.push_str(&entity(c));
        } else {
            html.push(c);
        }
        before = Some(c);
    }
    html
}

/// In the form to which WordPress brings every entity.
fn entity(c: char) -> String {
    format!("&#{:03};", u32::from(c))
}

/// Would WordPress make something else of what begins here?
fn is_rewritten(before: Option<char>, rest: &str) -> bool {
    let mut chars = rest.chars();
    let (this, next) = (chars.next().unwrap_or(' '), chars.next());
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    if this == 'x' && digit(before) && digit(next) {
        return true;
    }
    if !this.is_ascii_punctuation() {
        return REWRITTEN.iter().any(|word| rest.starts_with(word));
    }
    let after_a_word = before.is_some_and(char::is_alphanumeric);
    let ends_it = next.is_none_or(|next| next.is_alphanumeric() || next.is_whitespace());
    "<>&\"'`[](){}\\".contains(this) || !(after_a_word && ends_it)
}

/// For an attribute: an address stays readable.
fn in_quotes(address: &str) -> String {
    let kept = |c: char| match c {
        '<' | '>' | '&' | '"' | '\'' | '`' | '[' | ']' => entity(c),
        c => c.to_string(),
    };
    address.chars().map(kept).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::content::normalized;
    use crate::domain::network::Network;

    fn part(disclosure: &str, text: &str) -> Part {
        Part {
            network: Network::WordPress,
            server: "https://northside.example".to_owned(),
            remote: "2".to_owned(),
            text: text.to_owned(),
            links: Vec::new(),
            media: Vec::new(),
            disclosure: disclosure.to_owned(),
        }
    }

    #[test]
    fn a_title_is_of_the_signed_words() {
        let long = "We are open on Saturday from 9 to 12. No appointment is needed for flu shots.";
        let doctor =
            "Dr. Rao gives flu shots to everybody who comes on Saturday between nine and ten";
        let one_word = "x".repeat(70);
        let table = [
            ("", "Flu shots.\nCome by.", "Flu shots."),
            ("Sponsored.", "\nFlu  shots.", "Sponsored. Flu shots."),
            ("", long, "We are open on Saturday from 9 to 12."),
            ("", doctor, "Dr. Rao gives flu shots to everybody who comes on Saturday…"),
            ("", &one_word, &format!("{}…", "x".repeat(59))),
        ];
        for (disclosure, text, expected) in table {
            let title = title(&part(disclosure, text));

            assert_eq!(title, expected);
            assert!(network::length(&title) <= LONGEST_TITLE);
        }
    }

    #[test]
    fn a_page_has_the_words_and_nothing_else() {
        let table = [
            ("Flu shots.", "<p>Flu shots.</p>"),
            ("Mon\nTue\n\nCall.", "<p>Mon<br>Tue</p>\n\n<p>Call.</p>"),
            ("1 < 2 & \"us\"", "<p>1 &#060; 2 &#038; &#034;us&#034;</p>"),
            ("[gallery] 👋", "<p>&#091;gallery&#093; 👋</p>"),
            ("9--12... 2x4 :)", "<p>9&#045;&#045;12&#046;&#046;&#046; 2&#120;4 &#058;&#041;</p>"),
            (
                "See https://northside.example/?a=1&b=2.",
                "<p>See <a href=\"https://northside.example/?a=1&#038;b=2\">\
                 https&#058;&#047;&#047;northside.example&#047;&#063;a=1&#038;b=2</a>&#046;</p>",
            ),
        ];
        for (words, expected) in table {
            assert_eq!(content(words), expected);
            assert_eq!(words_of(&content(words)), words);
        }
    }

    #[test]
    fn a_page_that_somebody_changed_has_other_words() {
        let page = content("Flu shots: https://northside.example/flu");
        let table = [
            page.replace("Flu", "<b>Flu</b>"),
            page.replace("href=\"https://northside", "href=\"https://elsewhere"),
            page.replace("</p>", "<img src=\"x.png\"></p>"),
            format!("{page}[gallery]"),
            format!("{page}<script>x()</script>"),
            page.replace("<p>", "<p class=\"has-large-font-size\">"),
        ];
        for changed in table {
            assert_eq!(words_of(&changed), changed);
        }
        let allowed = page.replace("flu\">", "flu\" rel=\"nofollow\">");
        assert_eq!(words_of(&format!("{allowed}\n")), "Flu shots: https://northside.example/flu");
    }

    #[test]
    fn a_page_and_its_pictures_are_found_again() {
        let row = RowId::new("0191A2b3-c4d5");
        let media = |sha256: &str| Media {
            sha256: sha256.to_owned(),
            media_type: "image/png".to_owned(),
            bytes: Vec::new(),
        };
        let (map, other) = (media("5e"), media("5f"));

        assert_eq!(slug(&row), "cs-0191a2b3-c4d5");
        assert_ne!(picture_slug(&row, &map), picture_slug(&row, &other));
        assert_ne!(picture_slug(&row, &map), picture_slug(&RowId::new("0191"), &map));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_text_comes_back(
            text in r#"([a-c8xO \n<>&"'\[\](){}.:;\-/#é👋🏽]|https://a\.example/|&amp;|</?p>|<br>|Wordpress|8O){0,24}"#,
        ) {
            let words = normalized(&text);
            let page = content(&words);

            prop_assert_eq!(words_of(&page), words);
            prop_assert!(!page.contains(['[', ']', '\'']));
        }
    }
}
