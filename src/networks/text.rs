//! Links in a text, and the text in a piece of HTML. Pure; the networks share it.

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// A link; what ends a sentence or quotes it is no part of it, and brackets within it are.
pub static LINKS: LazyLock<Regex> = LazyLock::new(|| {
    let bracketed = r"\([^\s<>()]*\)";
    let (within, ends) = (r"[^\s<>()“”„«»]", r"[^\s<>()“”„«»‘’.,;:!?'\x22]");
    let link = format!("(?i)https?://(?:{within}|{bracketed})*(?:{ends}|{bracketed})");
    Regex::new(&link).expect("a sound pattern")
});
static ENTITIES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"&(?:#([0-9]{1,9})|#[xX]([0-9a-fA-F]{1,7})|([a-z]{2,6}));")
        .expect("a sound pattern")
});
static PARAGRAPHS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)</p>\s*<p(?:\s[^>]*)?>").expect("a sound pattern"));
/// A new line.
pub static BREAKS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)<br\s*/?>").expect("a sound pattern"));
static TAGS: LazyLock<Regex> = LazyLock::new(|| Regex::new("<[^>]*>").expect("a sound pattern"));

/// With its entities undone; what is none stays.
pub fn unescaped(html: &str) -> String {
    ENTITIES.replace_all(html, |found: &Captures<'_>| character(found)).into_owned()
}

fn character(found: &Captures<'_>) -> String {
    let code = |group: usize, radix| {
        let digits = found.get(group)?.as_str();
        u32::from_str_radix(digits, radix).ok().and_then(char::from_u32)
    };
    let named = || match found.get(3)?.as_str() {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => None,
    };
    code(1, 10)
        .or_else(|| code(2, 16))
        .or_else(named)
        .map_or_else(|| found[0].to_owned(), String::from)
}

/// What readers see of a piece of HTML that is paragraphs, breaks and links.
pub fn of_html(html: &str) -> String {
    let apart = PARAGRAPHS.replace_all(html, "\n\n");
    let lines = BREAKS.replace_all(&apart, "\n");
    unescaped(&TAGS.replace_all(&lines, "")).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_of_html_says_what_readers_see() {
        let table = [
            ("", ""),
            ("<p>Flu shots.</p>", "Flu shots."),
            (
                "<p>Mon<br />Tue<br>Wed</p><p>Call &amp; ask &#39;us&#39;.</p>",
                "Mon\nTue\nWed\n\nCall & ask 'us'.",
            ),
            (
                "<p>See <a href=\"https://northside.example/flu\" rel=\"nofollow\">\
                 <span class=\"invisible\">https://</span><span class=\"\">northside.example</span>\
                 <span class=\"invisible\">/flu</span></a>.</p>",
                "See https://northside.example/flu.",
            ),
            (
                "<p>1 &lt; 2 &amp;lt; &#x1F600; &#060; &zzz; &#xD800; &</p>",
                "1 < 2 &lt; 😀 < &zzz; &#xD800; &",
            ),
        ];
        for (html, text) in table {
            assert_eq!(of_html(html), text, "{html}");
        }
    }
}
