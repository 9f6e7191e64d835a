//! Pieces of words to Discord's markdown. Pure.
//!
//! A card has to show exactly what leaves. So every sign that Discord gives a meaning to has a
//! backslash before it: no mention fires, no address or emoji is made of it, nothing is bold.

use crate::render::pieces::{Inline, Kind, Style, Unit, length};

/// What stands for a line across; Discord has none.
const ACROSS: &str = "⎯⎯⎯⎯⎯⎯⎯⎯";
/// Signs that mean something wherever they stand.
const LIVE: &str = "\\*_~`|<>[]@";
/// Signs that mean something where a line begins.
const BEGIN: &str = "#-+=";

/// The markdown of a unit.
pub fn markdown(unit: &Unit) -> String {
    let line: String = unit.line.iter().map(inline).collect();
    match unit.kind {
        Kind::Paragraph => line,
        Kind::Quote => format!("> {}", line.replace('\n', "\n> ")),
        Kind::Box => format!("```\n{}\n```", boxed(unit)),
        Kind::Item { number, depth } => {
            let indent = "  ".repeat(usize::try_from(depth).unwrap_or_default());
            let mark = number.map_or_else(|| "-".to_owned(), |number| format!("{number}."));
            format!("{indent}{mark} {line}")
        }
        Kind::Rule => ACROSS.to_owned(),
    }
}

/// A text that is shown as it is.
pub fn escape(text: &str) -> String {
    let mut said = String::with_capacity(text.len() + 8);
    let mut start = true;
    // A number where a line begins may begin a list.
    let mut counts = true;
    for (at, c) in text.char_indices() {
        let live = LIVE.contains(c)
            || start && BEGIN.contains(c)
            || counts && !start && matches!(c, '.' | ')')
            || c == ':' && is_live_after(text[at + 1..].chars().next());
        if live {
            said.push('\\');
        }
        said.push(c);
        counts = match c {
            '\n' => true,
            ' ' => counts && start,
            c => counts && c.is_ascii_digit(),
        };
        start = c == '\n' || start && c == ' ';
    }
    said
}

/// A colon before this may begin an emoji or be an address's; `09:00` never is.
fn is_live_after(next: Option<char>) -> bool {
    next.is_some_and(|c| !c.is_whitespace() && !c.is_ascii_digit())
}

/// How long a unit is as markdown.
pub fn weight(unit: &Unit) -> usize {
    length(&markdown(unit))
}

fn inline(piece: &Inline) -> String {
    if let Some(second) = piece.moment() {
        // As the reader's own clock says it.
        return format!("{} (for you <t:{second}:f>)", escape(&piece.text));
    }
    let Inline { text, style, url } = piece;
    let Style { bold, italic, code } = *style;
    let shown = if code && !text.contains('`') { format!("`{text}`") } else { escape(text) };
    let shown = match url.as_str() {
        "" => shown,
        url if url == text => format!("<{url}>"),
        url => format!("[{shown}](<{url}>)"),
    };
    let marks = match (bold, italic) {
        (true, true) => "***",
        (true, false) => "**",
        (false, true) => "*",
        (false, false) => return shown,
    };
    // Marks take hold only of words that they touch.
    let (front, back) = (shown.len() - shown.trim_start().len(), shown.trim_end().len());
    if back <= front {
        return shown;
    }
    let words = &shown[front..back];
    format!("{}{marks}{words}{marks}{}", &shown[..front], &shown[back..])
}

/// In a box nothing means anything but its end.
fn boxed(unit: &Unit) -> String {
    let text: String = unit.line.iter().map(|inline| inline.text.as_str()).collect();
    text.replace("```", "`\u{200b}`\u{200b}`")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::render::pieces::units;
    use crate::render::shown::shown;

    fn said(words: &str) -> Vec<String> {
        units(words).iter().map(markdown).collect()
    }

    /// What Discord shows of a quote in which nothing means anything; `None` where something does.
    fn read(quote: &str) -> Option<String> {
        let mut lines = Vec::new();
        for line in quote.split('\n') {
            let line = line.strip_prefix("> ")?;
            let (mut text, mut rest) = (String::new(), line.chars());
            while let Some(c) = rest.next() {
                let next = rest.clone().next();
                let begins = text.trim().is_empty() && BEGIN.contains(c);
                let colon = c == ':' && is_live_after(next);
                match c {
                    '\\' => text.push(rest.next()?),
                    c if LIVE.contains(c) || begins || colon => return None,
                    c => text.push(c),
                }
            }
            let digits = line.trim_start().trim_start_matches(|c: char| c.is_ascii_digit());
            let counts = digits.len() < line.trim_start().len() && digits.starts_with(['.', ')']);
            if counts {
                return None;
            }
            lines.push(text);
        }
        Some(lines.join("\n"))
    }

    #[test]
    fn every_form_of_our_words_has_its_markdown() {
        let table = [
            ("at [9:00](moment:60)", vec!["at 9:00 (for you <t:60:f>)"]),
            ("**Post 1** by Maya", vec!["**Post 1** by Maya"]),
            ("a\\\nb\nc", vec!["a\nb c"]),
            ("a:\n\n> b\\\n> c", vec!["a:", "> b\n> c"]),
            ("- a\n  - b", vec!["- a", "  - b"]),
            ("3. a\n4. b", vec!["3. a", "4. b"]),
            ("see <https://a.example/x_y>", vec!["see <https://a.example/x_y>"]),
            ("see [it](https://a.example)", vec!["see [it](<https://a.example>)"]),
            ("write `/post new`", vec!["write `/post new`"]),
            ("*No text yet.*", vec!["*No text yet.*"]),
            ("a\n\n---\n\nb", vec!["a", ACROSS, "b"]),
            ("```\na*\n```", vec!["```\na*\n```"]),
            ("", vec![]),
        ];

        for (words, expected) in table {
            assert_eq!(said(words), expected, "{words:?}");
        }
    }

    #[test]
    fn what_people_typed_does_nothing() {
        let table = [
            ("hi @everyone <@1> <#2>", "hi \\@everyone \\<\\@1\\> \\<#2\\>"),
            ("great :tada: 09:00", "great \\:tada: 09:00"),
            ("see https://a.example", "see https\\://a.example"),
            ("# Big\n-# small", "\\# Big\n\\-# small"),
            ("1. one\n  12) two 1.", "1\\. one\n  12\\) two 1."),
            ("3.5 mg", "3\\.5 mg"),
            ("**so** ||x|| `y`", "\\*\\*so\\*\\* \\|\\|x\\|\\| \\`y\\`"),
        ];

        for (text, expected) in table {
            assert_eq!(escape(text), expected);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_a_person_typed_is_that_text_and_nothing_else(
            typed in "([a-c*_~`:<>&@#!|\\-.)1 \n]|:tada:|<@1>|https://a\\.example){1,40}"
        ) {
            let is = shown(&typed);
            let said = said(&crate::render::escape::quote(&typed));
            if is.is_empty() {
                prop_assert!(said.is_empty());
            } else {
                prop_assert_eq!(said.len(), 1);
                prop_assert_eq!(read(&said[0]), Some(is), "{}", &said[0]);
            }
        }
    }
}
