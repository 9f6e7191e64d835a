//! `CommonMark` to pieces of Slack's rich text. Pure.
//!
//! Slack's own markup can't write every text: `*so*` is bold in it and `:tada:` a picture, whatever
//! one does, and a card has to show exactly what leaves. In rich text a piece of text is that text
//! and nothing else: no mention fires, no address is made of it, nothing has to be escaped.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde_json::{Value, json};

/// How a piece of a line looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Style {
    bold: bool,
    italic: bool,
    code: bool,
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inline {
    /// What it says.
    pub text: String,
    /// How it looks.
    pub style: Style,
    /// Where it leads; empty when nowhere.
    pub url: String,
}

/// What a unit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words that begin a paragraph.
    Paragraph,
    /// Somebody's words.
    Quote,
    /// Words in a box.
    Box,
    /// A line of a list: the first number of it, if its lines are numbered, and how deep it lies.
    Item {
        /// The number of this line.
        number: Option<u64>,
        /// How many lists are around it.
        depth: u64,
    },
    /// A line across.
    Rule,
}

/// The smallest thing that is shown as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// What it is.
    pub kind: Kind,
    /// What it says.
    pub line: Vec<Inline>,
}

/// The units of these words.
pub fn units(words: &str) -> Vec<Unit> {
    let mut reader = Reader::default();
    for event in Parser::new_ext(words, Options::empty()) {
        reader.read(event);
    }
    reader.end(Kind::Paragraph);
    reader.units
}

impl Unit {
    /// How long its words are, as Slack counts them at most.
    pub fn length(&self) -> usize {
        self.line.iter().map(|inline| length(&inline.text)).sum()
    }

    /// Its words alone.
    pub fn text(&self) -> String {
        let words: String = self.line.iter().map(|inline| inline.text.as_str()).collect();
        match self.kind {
            Kind::Item { number: Some(number), .. } => format!("{number}. {words}"),
            Kind::Item { number: None, .. } => format!("• {words}"),
            _ => words,
        }
    }

    /// Its words as elements of rich text.
    pub fn elements(&self) -> Vec<Value> {
        self.line.iter().map(Inline::element).collect()
    }
}

impl Inline {
    fn element(&self) -> Value {
        let mut element = if self.url.is_empty() {
            json!({ "type": "text", "text": self.text })
        } else {
            json!({ "type": "link", "url": self.url, "text": self.text })
        };
        let Style { bold, italic, code } = self.style;
        for (name, on) in [("bold", bold), ("italic", italic), ("code", code)] {
            if on {
                element["style"][name] = json!(true);
            }
        }
        element
    }
}

/// A text's length as Slack may count it.
pub fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

#[derive(Default)]
struct Reader {
    units: Vec<Unit>,
    line: Vec<Inline>,
    style: Style,
    url: String,
    /// The next number of each list around, if its lines are numbered.
    lists: Vec<Option<u64>>,
    quotes: usize,
    /// Number and depth of the line of a list that is being read.
    item: Option<(Option<u64>, u64)>,
}

impl Reader {
    fn read(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.finish(tag),
            Event::Code(text) => {
                let style = Style { code: true, ..self.style };
                self.push(&text, style);
            }
            Event::HardBreak => self.push("\n", self.style),
            Event::SoftBreak => self.push(" ", self.style),
            Event::Rule => {
                self.end(Kind::Paragraph);
                self.units.push(Unit { kind: Kind::Rule, line: Vec::new() });
            }
            Event::Text(text)
            | Event::Html(text)
            | Event::InlineHtml(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text)
            | Event::FootnoteReference(text) => self.push(&text, self.style),
            Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Strong => self.style.bold = true,
            Tag::Emphasis => self.style.italic = true,
            Tag::Heading { .. } => {
                self.end(Kind::Paragraph);
                self.style.bold = true;
            }
            Tag::Link { dest_url, .. } => self.url = dest_url.into_string(),
            Tag::BlockQuote(_) => {
                self.end(Kind::Paragraph);
                self.quotes += 1;
            }
            Tag::List(first) => {
                self.end(Kind::Paragraph);
                self.lists.push(first);
            }
            Tag::Item => {
                let depth = u64::try_from(self.lists.len().saturating_sub(1)).unwrap_or(0);
                let number = self.lists.last_mut().and_then(|next| {
                    let number = (*next)?;
                    *next = Some(number + 1);
                    Some(number)
                });
                self.item = Some((number, depth));
            }
            Tag::CodeBlock(_) => self.end(Kind::Paragraph),
            // A second paragraph of a line or quote goes on below the first.
            Tag::Paragraph if !self.line.is_empty() => self.push("\n\n", self.style),
            _ => {}
        }
    }

    fn finish(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Strong => self.style.bold = false,
            TagEnd::Emphasis => self.style.italic = false,
            TagEnd::Heading(_) => {
                self.style.bold = false;
                self.end(Kind::Paragraph);
            }
            TagEnd::Link => self.url.clear(),
            TagEnd::BlockQuote(_) => {
                self.end(Kind::Quote);
                self.quotes -= 1;
            }
            TagEnd::List(_) => drop(self.lists.pop()),
            TagEnd::Item => self.end(Kind::Paragraph),
            TagEnd::CodeBlock => self.end(Kind::Box),
            TagEnd::Paragraph if self.quotes == 0 && self.lists.is_empty() => {
                self.end(Kind::Paragraph);
            }
            _ => {}
        }
    }

    fn push(&mut self, text: &str, style: Style) {
        let url = &self.url;
        let same = |last: &&mut Inline| last.style == style && last.url == *url;
        if let Some(last) = self.line.last_mut().filter(same) {
            last.text.push_str(text);
        } else {
            let (text, url) = (text.to_owned(), url.clone());
            self.line.push(Inline { text, style, url });
        }
    }

    /// Ends what is being read; in a list or a quote it is a part of that.
    fn end(&mut self, kind: Kind) {
        let mut line = std::mem::take(&mut self.line);
        while let Some(last) = line.last_mut() {
            last.text.truncate(last.text.trim_end_matches('\n').len());
            if !last.text.is_empty() {
                break;
            }
            line.pop();
        }
        let item = if kind == Kind::Paragraph { self.item.take() } else { None };
        if line.is_empty() {
            return;
        }
        let kind = match item {
            Some((number, depth)) => Kind::Item { number, depth },
            None if kind == Kind::Paragraph && self.quotes > 0 => Kind::Quote,
            None => kind,
        };
        self.units.push(Unit { kind, line });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::render::escape;
    use crate::render::shown::shown;

    fn read(words: &str) -> Vec<(Kind, String)> {
        units(words)
            .iter()
            .map(|unit| (unit.kind, Value::Array(unit.elements()).to_string()))
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
