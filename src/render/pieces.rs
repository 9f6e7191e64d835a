//! `CommonMark` to pieces: what stands in a paragraph, a quote or a list, how it looks, and where it
//! leads. Pure.
//!
//! Chat platforms have forms of their own; each makes its form of these pieces.

use super::escape::MOMENT;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// How a piece of a line looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Style {
    /// **So.**
    pub bold: bool,
    /// *So.*
    pub italic: bool,
    /// `So.`
    pub code: bool,
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

impl Inline {
    /// The moment that it names, in seconds since 1970, if it names one.
    pub fn moment(&self) -> Option<i64> {
        self.url.strip_prefix(MOMENT)?.parse().ok()
    }
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
    /// How long its words are, as chat platforms count them at most.
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
}

/// A text's length as chat platforms count it at most.
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
