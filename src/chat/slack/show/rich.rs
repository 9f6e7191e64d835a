//! Pieces of words to Slack's rich text. Pure.
//!
//! Slack's own markup can't write every text: `*so*` is bold in it and `:tada:` a picture, whatever
//! one does, and a card has to show exactly what leaves. In rich text a piece of text is that text
//! and nothing else: no mention fires, no address is made of it, nothing has to be escaped.

use serde_json::{Value, json};

use crate::render::pieces::{Inline, Style, Unit};

/// The words of a unit as elements of rich text.
pub fn pieces(unit: &Unit) -> Vec<Value> {
    unit.line.iter().flat_map(|piece| [Some(element(piece)), moment(piece)]).flatten().collect()
}

/// A moment as the reader's own clock says it, behind the words that name it.
fn moment(piece: &Inline) -> Option<Value> {
    let second = piece.moment()?;
    let format = " (for you {date_short_pretty} at {time})";
    Some(json!({ "type": "date", "timestamp": second, "format": format, "fallback": " " }))
}

fn element(piece: &Inline) -> Value {
    let Inline { text, style, url } = piece;
    let mut element = if url.is_empty() || piece.moment().is_some() {
        json!({ "type": "text", "text": text })
    } else {
        json!({ "type": "link", "url": url, "text": text })
    };
    let Style { bold, italic, code } = *style;
    for (name, on) in [("bold", bold), ("italic", italic), ("code", code)] {
        if on {
            element["style"][name] = json!(true);
        }
    }
    element
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::render::escape;
    use crate::render::pieces::{Kind, units};
    use crate::render::shown::shown;

    fn read(words: &str) -> Vec<(Kind, String)> {
        units(words)
            .iter()
            .map(|unit| (unit.kind, Value::Array(pieces(unit)).to_string()))
            .collect()
    }

    fn text(text: &str) -> String {
        json!([{ "type": "text", "text": text }]).to_string()
    }

    #[test]
    fn every_form_of_our_words_has_its_piece() {
        let bold = json!([
            { "type": "text", "text": "Post 1", "style": { "bold": true } },
            { "type": "text", "text": " by Maya" },
        ]);
        let item = |number, depth| Kind::Item { number, depth };
        let link = json!([
            { "type": "text", "text": "see " },
            { "type": "link", "url": "https://a.example", "text": "https://a.example" },
        ]);
        let code = json!([
            { "type": "text", "text": "write " },
            { "type": "text", "text": "/post new", "style": { "code": true } },
        ]);
        let at = json!([
            { "type": "text", "text": "at " },
            { "type": "text", "text": "9:00" },
            { "type": "date", "timestamp": 60, "fallback": " ",
                "format": " (for you {date_short_pretty} at {time})" },
        ]);
        let table = [
            ("**Post 1** by Maya", vec![(Kind::Paragraph, bold.to_string())]),
            ("a\\\nb\nc", vec![(Kind::Paragraph, text("a\nb c"))]),
            ("a\n\nb", vec![(Kind::Paragraph, text("a")), (Kind::Paragraph, text("b"))]),
            ("a:\n\n> b\\\n> c", vec![(Kind::Paragraph, text("a:")), (Kind::Quote, text("b\nc"))]),
            ("> b\n>\n> c", vec![(Kind::Quote, text("b\n\nc"))]),
            ("- a\n- b", vec![(item(None, 0), text("a")), (item(None, 0), text("b"))]),
            ("3. a\n4. b", vec![(item(Some(3), 0), text("a")), (item(Some(4), 0), text("b"))]),
            (
                "- a\n  - b\n- c",
                vec![
                    (item(None, 0), text("a")),
                    (item(None, 1), text("b")),
                    (item(None, 0), text("c")),
                ],
            ),
            ("see <https://a.example>", vec![(Kind::Paragraph, link.to_string())]),
            ("write `/post new`", vec![(Kind::Paragraph, code.to_string())]),
            ("at [9:00](moment:60)", vec![(Kind::Paragraph, at.to_string())]),
            (
                "a\n\n---\n\nb",
                vec![
                    (Kind::Paragraph, text("a")),
                    (Kind::Rule, "[]".to_owned()),
                    (Kind::Paragraph, text("b")),
                ],
            ),
            ("```\na\nb\n```", vec![(Kind::Box, text("a\nb"))]),
            ("", vec![]),
        ];

        for (words, expected) in table {
            assert_eq!(read(words), expected, "{words:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_a_person_typed_is_that_text_and_nothing_else(
            typed in "([a-c*_~`:<>&@#!|\\-. \n]|:tada:|<!here>|https://a\\.example){1,40}"
        ) {
            let is = shown(&typed);
            let expected = if is.is_empty() { vec![] } else { vec![(Kind::Quote, text(&is))] };

            prop_assert_eq!(read(&escape::quote(&typed)), expected);
        }
    }
}
