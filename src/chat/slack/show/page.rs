//! Words to blocks of Block Kit, in pages that each fit into one message. Pure.
//!
//! Nothing is cut here: what does not fit on a page is on the next one.

use serde_json::{Value, json};

use super::rich::pieces;
use crate::render::pieces::{Inline, Kind, Unit, length, units};

/// The longest text of one block.
const BLOCK: usize = 3_000;
/// The longest text of one message.
const MESSAGE: usize = 12_000;
/// The longest line that stands for a message where its blocks can't be shown.
const LINE: usize = 4_000;

/// What fits into one message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// As it is shown.
    pub blocks: Vec<Value>,
    /// Its words, for notifications and screen readers.
    pub text: String,
}

/// These words in pages of at most so many blocks.
pub fn pages(words: &str, most: usize) -> Vec<Page> {
    let mut pages = vec![Page::default()];
    let mut long = 0;
    for group in groups(units(words)) {
        let adds: usize = group.iter().map(Unit::length).sum();
        let page = pages.last_mut().expect("there is one");
        if !page.blocks.is_empty() && (page.blocks.len() >= most || long + adds > MESSAGE) {
            pages.push(Page::default());
            long = 0;
        }
        long += adds;
        pages.last_mut().expect("there is one").add(&group);
    }
    for page in &mut pages {
        page.text = as_line(&page.text);
    }
    pages
}

impl Page {
    fn add(&mut self, group: &[Unit]) {
        self.blocks.push(block(group));
        for unit in group.iter().filter(|unit| unit.kind != Kind::Rule) {
            if !self.text.is_empty() {
                self.text.push('\n');
            }
            self.text.push_str(&unit.text());
        }
    }
}

/// A line in Slack's markup that fires nothing and is not too long.
pub fn as_line(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    if length(&escaped) <= LINE {
        return escaped;
    }
    let mut line = String::new();
    let mut long = 0;
    for c in text.chars() {
        let sign = match c {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            c => c.to_string(),
        };
        long += length(&sign);
        if long >= LINE {
            break;
        }
        line.push_str(&sign);
    }
    line + "…"
}

/// What stands in one block: a paragraph with the lists and quotes that follow it, as far as they
/// fit.
fn groups(units: Vec<Unit>) -> Vec<Vec<Unit>> {
    let mut groups: Vec<Vec<Unit>> = Vec::new();
    for unit in units.into_iter().flat_map(split) {
        let joins = groups.last().is_some_and(|group| {
            let long: usize = group.iter().map(Unit::length).sum();
            let whole = group.iter().all(|unit| unit.kind != Kind::Rule);
            let follows = !matches!(unit.kind, Kind::Paragraph | Kind::Rule);
            follows && whole && long + unit.length() <= BLOCK
        });
        match groups.last_mut().filter(|_| joins) {
            Some(group) => group.push(unit),
            None => groups.push(vec![unit]),
        }
    }
    groups
}

/// A unit in parts that each fit into a block, broken where a line or word ends if there is one.
fn split(unit: Unit) -> Vec<Unit> {
    if unit.length() <= BLOCK {
        return vec![unit];
    }
    let (mut parts, mut line, mut long) = (Vec::new(), Vec::new(), 0);
    for Inline { text, style, url } in unit.line {
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let fits = fitting(rest, BLOCK - long);
            let (here, after) = rest.split_at(fits);
            if !here.is_empty() {
                line.push(Inline { text: here.to_owned(), style, url: url.clone() });
                long += length(here);
            }
            rest = after;
            if !rest.is_empty() {
                parts.push(std::mem::take(&mut line));
                long = 0;
            }
        }
    }
    parts.push(line);
    let parts = parts.into_iter().filter(|line| !line.is_empty());
    parts.map(|line| Unit { kind: unit.kind, line }).collect()
}

/// How many bytes of the text come before a good place to break it.
fn fitting(text: &str, room: usize) -> usize {
    if length(text) <= room {
        return text.len();
    }
    let mut long = 0;
    let mut end = 0;
    for (at, c) in text.char_indices() {
        long += c.len_utf16();
        if long > room {
            break;
        }
        end = at + c.len_utf8();
    }
    let head = &text[..end];
    // Not too far back, or many small pieces come of it.
    let near = |at: Option<usize>| at.map(|at| at + 1).filter(|at| *at > end / 2);
    near(head.rfind('\n')).or_else(|| near(head.rfind(' '))).unwrap_or(end)
}

fn block(group: &[Unit]) -> Value {
    if group.iter().any(|unit| unit.kind == Kind::Rule) {
        return json!({ "type": "divider" });
    }
    let mut elements: Vec<Value> = Vec::new();
    let mut before = None;
    for unit in group {
        let words = pieces(unit);
        match unit.kind {
            Kind::Quote => elements.push(json!({ "type": "rich_text_quote", "elements": words })),
            Kind::Box => {
                elements.push(json!({ "type": "rich_text_preformatted", "elements": words }));
            }
            Kind::Item { number, depth } => {
                let item = json!({ "type": "rich_text_section", "elements": words });
                let goes_on = before == Some((number.is_some(), depth));
                match elements.last_mut().filter(|_| goes_on) {
                    Some(list) => list["elements"].as_array_mut().expect("a list").push(item),
                    None => elements.push(list(number, depth, &item)),
                }
            }
            Kind::Paragraph | Kind::Rule => {
                elements.push(json!({ "type": "rich_text_section", "elements": words }));
            }
        }
        before = match unit.kind {
            Kind::Item { number, depth } => Some((number.is_some(), depth)),
            _ => None,
        };
    }
    json!({ "type": "rich_text", "elements": elements })
}

fn list(number: Option<u64>, depth: u64, first: &Value) -> Value {
    let style = if number.is_some() { "ordered" } else { "bullet" };
    let mut list = json!({
        "type": "rich_text_list", "style": style, "indent": depth, "elements": [first],
    });
    if let Some(number) = number.filter(|number| *number > 1) {
        list["offset"] = json!(number - 1);
    }
    list
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::render::escape;

    /// All texts of all blocks of rich text, in order.
    fn said(pages: &[Page]) -> String {
        fn gather(value: &Value, out: &mut String) {
            if let Some(text) = value["text"].as_str() {
                out.push_str(text);
            }
            for element in value["elements"].as_array().into_iter().flatten() {
                gather(element, out);
            }
        }
        let mut out = String::new();
        pages.iter().flat_map(|page| &page.blocks).for_each(|block| gather(block, &mut out));
        out
    }

    #[test]
    fn a_paragraph_and_its_list_are_one_block() {
        let pages = pages("**All:**\n\n- a\n- b\n\nEnd & <out>.", 50);

        let section = |text: &str| {
            json!({ "type": "rich_text_section",
            "elements": [{ "type": "text", "text": text }] })
        };
        let title = json!({ "type": "rich_text_section",
            "elements": [{ "type": "text", "text": "All:", "style": { "bold": true } }] });
        let list = json!({ "type": "rich_text_list", "style": "bullet", "indent": 0,
            "elements": [section("a"), section("b")] });
        assert_eq!(
            pages,
            [Page {
                blocks: vec![
                    json!({ "type": "rich_text", "elements": [title, list] }),
                    json!({ "type": "rich_text", "elements": [section("End & <out>.")] }),
                ],
                text: "All:\n• a\n• b\nEnd &amp; &lt;out&gt;.".to_owned(),
            }]
        );
    }

    #[test]
    fn what_does_not_fit_goes_on_in_the_next_block_and_page() {
        let text = "Wash hands. ".repeat(2_000);

        let pages = pages(&escape::quote(&text), 50);

        assert_eq!(said(&pages), text.trim());
        assert_eq!(pages.iter().map(|page| page.blocks.len()).collect::<Vec<_>>(), [4, 4]);
        let all = pages.iter().flat_map(|page| &page.blocks);
        assert!(all.clone().all(|block| length(&said(&[one(block)])) <= BLOCK));
        assert!(pages.iter().all(|page| length(&page.text) <= LINE), "the lines are short");
        // Broken where a word ends.
        assert!(all.take(3).all(|block| said(&[one(block)]).ends_with(' ')));
    }

    fn one(block: &Value) -> Page {
        Page { blocks: vec![block.clone()], text: String::new() }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn nothing_is_lost_and_every_limit_is_kept(
            (word, times, most) in ("[a-z👩ß&<]{1,9}[ \n]?", 1..4_000_usize, 1..6_usize)
        ) {
            let text = word.repeat(times);
            let shown = crate::render::shown::shown(&text);

            let pages = pages(&escape::quote(&text), most);

            prop_assert_eq!(said(&pages), shown);
            for page in &pages {
                prop_assert!(page.blocks.len() <= most);
                prop_assert!(length(&page.text) <= LINE);
                prop_assert!(length(&said(std::slice::from_ref(page))) <= MESSAGE);
            }
        }
    }
}
