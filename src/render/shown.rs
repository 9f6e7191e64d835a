//! A text as people see it: what can't be seen is named, as it may turn or hide what is signed.

use std::fmt::Write;

/// The text as people see it: line ends as `\n`, no blank edges, and characters that can't be
/// seen named, such as `[U+202E]`, as they may turn or hide what is signed.
///
/// Joiners, variation selectors and tags stay where they belong to an emoji or a script.
pub fn shown(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut shown = String::with_capacity(text.len());
    let (mut before, mut tags) = ('\0', 0);
    for c in text.trim().chars() {
        tags = match c {
            '\u{1F3F4}' => 6,
            '\u{E0020}'..='\u{E007F}' if tags > 0 => tags - 1,
            '\u{E0020}'..='\u{E007F}' => {
                name(&mut shown, c);
                continue;
            }
            _ => 0,
        };
        if is_hidden(c) || is_joint(c) && !joins(before, c) {
            name(&mut shown, c);
        } else {
            shown.push(c);
        }
        before = c;
    }
    shown
}

fn name(out: &mut String, c: char) {
    // Writing to a string can't fail.
    let _ = write!(out, "[U+{:04X}]", u32::from(c));
}

/// Never seen, and of no use in a post: controls, direction marks, fillers, blanks of no width.
fn is_hidden(c: char) -> bool {
    if c.is_control() {
        return !matches!(c, '\n' | '\t');
    }
    matches!(
        c,
        '\u{AD}'
            | '\u{34F}'
            | '\u{61C}'
            | '\u{115F}'
            | '\u{1160}'
            | '\u{17B4}'
            | '\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E001F}'
            | '\u{E0080}'..='\u{E00FF}'
            | '\u{E01F0}'..='\u{E0FFF}'
    )
}

/// Never seen itself, but of use after some characters.
fn is_joint(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// The joint is of use after this character.
fn joins(before: char, joint: char) -> bool {
    let after_selector = matches!(before, '\u{FE0F}') && joint == '\u{200D}';
    if is_hidden(before) || is_joint(before) && !after_selector {
        return false;
    }
    match joint {
        // Scripts that join letters begin with Hebrew; emoji come later.
        '\u{200C}' | '\u{200D}' => before >= '\u{590}' && !before.is_whitespace(),
        '\u{FE00}'..='\u{FE0F}' => {
            before >= '\u{2010}' || matches!(before, '#' | '*' | '0'..='9' | '©' | '®')
        }
        _ => before >= '\u{2E80}',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_seen_is_shown_as_it_is() {
        let texts = [
            "Flu shots this Saturday.",
            "two\n\n  lines",
            "👩‍⚕️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️ 1️⃣",
            "می‌خواهم",
            "naïve café 東京",
        ];

        for text in texts {
            assert_eq!(shown(text), text);
        }
    }

    #[test]
    fn what_can_not_be_seen_is_named() {
        let table = [
            ("a\u{202e}b", "a[U+202E]b"),
            ("pay\u{200b}pal", "pay[U+200B]pal"),
            ("a\u{200d}b", "a[U+200D]b"),
            ("a\u{fe0f}b", "a[U+FE0F]b"),
            ("❤\u{fe0f}\u{fe0f}", "❤\u{fe0f}[U+FE0F]"),
            ("a\u{e0041}b", "a[U+E0041]b"),
            ("a\0b", "a[U+0000]b"),
            (" a\r\nb\rc\n", "a\nb\nc"),
        ];

        for (text, expected) in table {
            assert_eq!(shown(text), expected);
        }
    }
}
