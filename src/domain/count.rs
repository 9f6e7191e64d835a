//! How networks count the characters of a text, where they don't count what readers see.

use std::sync::LazyLock;

use regex::Regex;
use unicode_segmentation::UnicodeSegmentation;

/// A link counts so many characters on Mastodon, however long it is.
const LINK: usize = 23;

/// A link with its scheme: a host of at least two labels, perhaps a port, a path and a question.
/// What ends a sentence is no part of it.
static LINKS: LazyLock<Regex> = LazyLock::new(|| {
    let host = r"(?:[\p{L}\p{N}](?:[\p{L}\p{N}_-]*[\p{L}\p{N}])?\.)+[\p{L}]{2,}(?::[0-9]+)?";
    let (within, ends) = (r"[\p{L}\p{N}!*';:=+,.$/%#\[\]\-_~&|@]", r"[\p{L}\p{N}=_#/+\-]");
    let path = format!(r"(?:/(?:(?:{within}|\({within}+\))*(?:{ends}|\({within}+\)))?)?");
    let question = r"(?:\?[a-zA-Z0-9!?*'();:&=+$/%#\[\]\-_.,~|@]*[a-zA-Z0-9\-_&=#/])?";
    Regex::new(&format!("(?i)https?://{host}{path}{question}")).expect("a sound pattern")
});

/// Somebody on another server: `@name@server`.
static REMOTE: LazyLock<Regex> = LazyLock::new(|| {
    let server = r"[\p{L}\p{N}.\-]+[\p{L}\p{N}]";
    let name = r"[a-zA-Z0-9_]+(?:[a-zA-Z0-9_.-]+[a-zA-Z0-9_]+)?";
    Regex::new(&format!(r"(^|[^=/\p{{L}}\p{{N}}])(@{name})@{server}")).expect("a sound pattern")
});

/// Mastodon's count: what readers see, but 23 for each link, and only the name of somebody on
/// another server. (Its `StatusLengthValidator`.)
pub fn mastodon(text: &str) -> usize {
    let placeholder = "x".repeat(LINK);
    let text = LINKS.replace_all(text, placeholder.as_str());
    let text = REMOTE.replace_all(&text, "$1$2");
    text.graphemes(true).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_and_somebody_elsewhere_count_as_mastodon_counts_them() {
        let table = [
            ("", 0),
            ("Flu shots 👨‍👩‍👧", 11),
            ("https://northside.example/a/very/long/path/to/flu-shots?from=2026#top", 23),
            ("See https://northside.example/flu.", 28),
            ("(https://northside.example/flu_(2026))", 25),
            ("northside.example", 17),
            ("@maya@agency.example hi", 8),
            ("maya@agency.example", 19),
            ("http://", 7),
        ];
        for (text, count) in table {
            assert_eq!(mastodon(text), count, "{text}");
        }
    }
}
