//! Words to markdown, in pages that each fit into one message. Pure.
//!
//! Nothing is cut here: what does not fit on a page is on the next one.

use super::rich::{escape, markdown, weight};
use crate::render::pieces::{Inline, Kind, Unit, length, units};

/// The longest text of a page: an embed's, with room for what is around it.
pub const PAGE: usize = 4_000;

/// These words in pages of at most so much.
pub fn pages(words: &str, most: usize) -> Vec<String> {
    let mut pages = vec![String::new()];
    let mut before = None;
    for unit in units(words).into_iter().flat_map(|unit| split(unit, most)) {
        let adds = markdown(&unit);
        let between = between(before, unit.kind);
        let page = pages.last_mut().expect("there is one");
        if page.is_empty() {
            page.push_str(&adds);
        } else if length(page) + between.len() + length(&adds) <= most {
            page.push_str(between);
            page.push_str(&adds);
        } else {
            pages.push(adds);
        }
        before = Some(unit.kind);
    }
    pages
}

/// Paragraphs stand apart; lines of a list, and a list or quote under what it belongs to, do not.
fn between(before: Option<Kind>, kind: Kind) -> &'static str {
    match (before, kind) {
        (_, Kind::Item { .. } | Kind::Quote | Kind::Box) => "\n",
        _ => "\n\n",
    }
}

/// A unit in parts that each fit, broken where a line or word ends if there is one.
fn split(unit: Unit, most: usize) -> Vec<Unit> {
    if weight(&unit) <= most {
        return vec![unit];
    }
    let kind = unit.kind;
    // Marks around words and quotes before lines take some of the room as well.
    let room = most * 4 / 5;
    let (mut parts, mut line, mut long) = (Vec::new(), Vec::<Inline>::new(), 0);
    for Inline { text, style, url } in unit.line {
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let fits = fitting(rest, room.saturating_sub(long));
            let (here, after) = rest.split_at(fits);
            if !here.is_empty() {
                line.push(Inline { text: here.to_owned(), style, url: url.clone() });
                long += heavy(here);
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
    parts.map(|line| Unit { kind, line }).collect()
}

/// How much room a text takes at most, in a quote with a mark before each line.
fn heavy(text: &str) -> usize {
    length(&escape(text)) + 2 * text.matches('\n').count()
}

/// How many bytes of the text come before a good place to break it.
fn fitting(text: &str, room: usize) -> usize {
    if heavy(text) <= room {
        return text.len();
    }
    let (mut long, mut end) = (0, 0);
    for (at, c) in text.char_indices() {
        // The most that a sign can take.
        long += if c == '\n' { 3 } else { c.len_utf16() + usize::from(c.is_ascii_punctuation()) };
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::render::escape;

    #[test]
    fn a_list_stands_under_its_paragraph() {
        let pages = pages("**All:**\n\n- a\n- b\n\nEnd.\n\n> said", PAGE);

        assert_eq!(pages, ["**All:**\n- a\n- b\n\nEnd.\n> said"]);
    }

    #[test]
    fn what_does_not_fit_goes_on_on_the_next_page() {
        let text = "Wash hands. ".repeat(1_000);

        let pages = pages(&escape::quote(&text), PAGE);

        assert!(pages.len() > 2 && pages.iter().all(|page| length(page) <= PAGE));
        // Broken where a word ends.
        assert!(pages.iter().all(|page| page.starts_with("> Wash") || page.starts_with("> hands")));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn nothing_is_lost_and_every_page_fits(
            (word, times) in ("[a-z👩ß&<*:]{1,9}[ \n]?", 1..3_000_usize)
        ) {
            let text = word.repeat(times);
            let plain = |text: &str| -> String {
                text.chars().filter(|c| !c.is_whitespace() && !"\\>".contains(*c)).collect()
            };

            let pages = pages(&escape::quote(&text), PAGE);

            prop_assert!(pages.iter().all(|page| length(page) <= PAGE));
            prop_assert_eq!(plain(&pages.concat()), plain(&crate::render::shown::shown(&text)));
        }
    }
}
