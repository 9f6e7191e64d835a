//! What people typed, made inert: `CommonMark` that shows it as it is and does nothing else.
//!
//! Every string of a view passes [`escape`], wherever a template puts it. What stays is text: no
//! emphasis, link, list, heading, HTML, mention (`@everyone`, `<@U1>`), `:emoji:` or address that
//! something could make clickable. A chat platform that reads the `CommonMark` gets it back as text
//! events and has to treat those as text in its own form too.
//!
//! Whitespace: line ends become `\n` and are kept as hard breaks; blank edges of the whole text
//! are dropped, as [`normalized`](crate::domain::content::normalized) does; all else stays.

use std::fmt::Write;

use super::shown::shown;

/// What an address begins with that leads nowhere and names a moment.
pub const MOMENT: &str = "moment:";
/// Longest `:name:` that is taken for an emoji.
const LONGEST_NAME: usize = 64;

/// `CommonMark` that shows the text, in any place of a line, and nothing else.
pub fn escape(text: &str) -> String {
    lines(text).join("\\\n")
}

/// A block quote of the text.
pub fn quote(text: &str) -> String {
    format!("> {}", lines(text).join("\\\n> "))
}

/// A link to one of our own addresses, shown in full. Anything but `http(s)` is only text.
pub fn link(url: &str) -> String {
    if !(url.starts_with("https://") || url.starts_with("http://")) {
        return escape(url);
    }
    let mut link = String::from("<");
    for byte in url.bytes() {
        let safe = byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
        // Writing to a string can't fail.
        let _ = if safe { link.write_char(char::from(byte)) } else { write!(link, "%{byte:02X}") };
    }
    link.push('>');
    link
}

/// Words that name a moment: a platform that can says it on the reader's own clock beside them.
pub fn moment(words: &str, second: i64) -> String {
    let words = escape(words);
    if second == 0 { words } else { format!("[{words}]({MOMENT}{second})") }
}

fn lines(text: &str) -> Vec<String> {
    shown(text).split('\n').map(line).collect()
}

fn line(line: &str) -> String {
    let blank = |c| matches!(c, ' ' | '\t');
    let body = line.trim_matches(blank);
    let start = line.len() - line.trim_start_matches(blank).len();
    let mut out = String::with_capacity(line.len() + 8);
    let mut before = None;
    for (at, c) in line.char_indices() {
        let edge = at < start || at >= start + body.len();
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\t' => out.push_str("&#9;"),
            ' ' if edge => out.push_str("&#32;"),
            _ => {
                if is_live(line, start, at, before) {
                    out.push('\\');
                }
                out.push(c);
            }
        }
        before = Some(c);
    }
    out
}

/// The character at `at` may mean something there, to `CommonMark` or to a chat platform.
fn is_live(line: &str, start: usize, at: usize, before: Option<char>) -> bool {
    let rest = &line[at..];
    let Some(c) = rest.chars().next().filter(char::is_ascii_punctuation) else {
        return false;
    };
    let after = rest[1..].chars().next();
    let numbered = || line[start..at].bytes().all(|b| b.is_ascii_digit());
    match c {
        '#' | '-' | '+' | '=' | ':' | '.' | ')' if at == start => true,
        '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '|' | '@' | '$' | '^' | '{' => true,
        '.' if after.is_some_and(char::is_alphanumeric) => {
            // An address without a scheme; figures such as 3.5 stay as they are.
            before.is_some_and(char::is_alphanumeric)
                && !(before.is_some_and(|c| c.is_ascii_digit())
                    && after.is_some_and(|c| c.is_ascii_digit()))
                || numbered()
        }
        '.' | ')' => numbered(),
        ':' => after == Some('/') || is_emoji_name(&line[..at], &rest[1..]),
        _ => false,
    }
}

/// A colon between these begins or ends a `:name:`.
fn is_emoji_name(before: &str, after: &str) -> bool {
    let in_name = |b: &u8| b.is_ascii_alphanumeric() || b"_+-".contains(b);
    let ends = before.bytes().rev().take(LONGEST_NAME);
    let begins = after.bytes().take(LONGEST_NAME);
    let mut ends = ends.skip_while(in_name);
    let mut begins = begins.skip_while(in_name);
    ends.next() == Some(b':') || begins.next() == Some(b':')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

    use super::*;

    /// What the `CommonMark` shows, if it is nothing but text in quotes and paragraphs.
    fn text_of(markdown: &str) -> Result<String, String> {
        let options = Options::all() - Options::ENABLE_SMART_PUNCTUATION;
        let mut text = String::new();
        for event in Parser::new_ext(markdown, options) {
            match event {
                Event::Text(part) => text.push_str(&part),
                Event::HardBreak => text.push('\n'),
                Event::Start(Tag::Paragraph | Tag::BlockQuote(_))
                | Event::End(TagEnd::Paragraph | TagEnd::BlockQuote(_)) => {}
                other => return Err(format!("{other:?} in {markdown:?}")),
            }
        }
        Ok(text)
    }

    /// Text made of what `CommonMark`, HTML and chat platforms give a meaning to.
    fn hostile() -> impl Strategy<Value = String> {
        let pieces = concat!(
            "a¦B¦é¦1¦12¦ ¦  ¦    ¦\t¦\n¦\n\n¦\r¦\r\n¦*¦**¦_¦__¦`¦```¦~~¦~~~¦#¦## ¦- ¦+ ¦* ¦",
            "---¦===¦1. ¦1)¦> ¦>¦<¦</b>¦<b>¦<!--¦<?¦&¦&amp;¦&#32;¦[¦]¦(¦)¦![x](y)¦[x]: /y¦",
            "[^1]¦[!NOTE]¦\\¦|¦| - |¦|---|¦:-:¦@everyone¦<@U1>¦<!here>¦:tada:¦http://x.y¦",
            "www.x.y¦x@y.z¦$¦$$¦^¦{¦}¦!¦'¦\"¦:¦.¦\u{a0}¦\u{3000}¦\u{85}¦\0¦\u{200b}¦\u{200d}¦",
            "\u{202e}¦\u{feff}¦👩‍⚕️¦🏴󠁧󠁢󠁥󠁮󠁧󠁿¦+++¦-# ¦%%",
        );
        let pieces = prop::collection::vec(
            prop::sample::select(pieces.split('¦').collect::<Vec<_>>()),
            0..24,
        );
        prop_oneof![pieces.prop_map(|pieces| pieces.concat()), any::<String>()]
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 2_000,
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn a_quote_says_exactly_the_text(text in hostile()) {
            prop_assert_eq!(text_of(&quote(&text)), Ok(shown(&text)));
        }

        #[test]
        fn an_escaped_text_says_exactly_the_text_in_any_place(text in hostile()) {
            prop_assert_eq!(text_of(&escape(&text)), Ok(shown(&text)));
            let within = format!("x {}", escape(&text));
            prop_assert_eq!(text_of(&within), Ok(format!("x {}", shown(&text)).trim().to_owned()));
        }
    }

    #[test]
    fn mentions_emoji_and_addresses_do_nothing() {
        let table = [
            ("hi @everyone", r"hi \@everyone"),
            ("<@U1> <!channel>", r"&lt;\@U1&gt; &lt;!channel&gt;"),
            ("great :tada:", r"great \:tada\:"),
            ("at 09:12, 3.5 mg", "at 09:12, 3.5 mg"),
            ("see https://a.example/x", r"see https\://a\.example/x"),
            ("see www.example.com", r"see www\.example\.com"),
        ];

        for (text, expected) in table {
            assert_eq!(escape(text), expected);
        }
    }

    #[test]
    fn only_an_address_of_the_web_is_a_link() {
        let table = [
            ("https://a.example/x?y=1", "<https://a.example/x?y=1>"),
            ("https://a.example/> x", "<https://a.example/%3E%20x>"),
            ("javascript:alert(1)", "javascript:alert(1)"),
        ];

        for (url, expected) in table {
            assert_eq!(link(url), expected);
        }
    }
}
