//! The hashtags of a text.

use std::ops::Range;

/// A hashtag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag<'a> {
    /// Without its sign.
    pub name: &'a str,
    /// Where the name stands.
    pub at: Range<usize>,
    /// It stands among at least two at the end of the text, where few read.
    pub in_block: bool,
}

/// All of them, in order.
pub fn tags(text: &str) -> Vec<Tag<'_>> {
    let (mut all, mut at, mut block) = (Vec::new(), 0, 0);
    for token in text.split_inclusive(char::is_whitespace) {
        let is_word = token.contains(char::is_alphanumeric) && !token.starts_with('#');
        all.extend(of_token(token).map(|range| Tag {
            name: &token[range.clone()],
            at: at + range.start..at + range.end,
            in_block: false,
        }));
        at += token.len();
        block = if is_word { at } else { block };
    }
    // What is nothing but hashtags is no text with a block at its end.
    if block > 0 {
        let last = all.partition_point(|tag| tag.at.start < block);
        let several = all.len() - last > 1;
        all.iter_mut().skip(last).for_each(|tag| tag.in_block = several);
    }
    all
}

/// Where the names of hashtags stand in a token.
fn of_token(token: &str) -> impl Iterator<Item = Range<usize>> {
    let token = if token.contains("://") { "" } else { token };
    // The sharp of C# and the signs of `&#39;` are none.
    let is_own = |at: usize| {
        !token[..at].ends_with(|c: char| c.is_alphanumeric() || c == '&') || token.starts_with('#')
    };
    let signs = token.match_indices('#').filter(move |(at, _)| is_own(*at));
    let names = signs.map(|(at, _)| {
        let rest = &token[at + 1..];
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        at + 1..at + 1 + end
    });
    names.filter(|name| token[name.clone()].contains(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashtags_are_found_and_those_in_a_block_at_the_end() {
        let table = [
            ("Get your #flu shot. #NorthSide", "flu NorthSide"),
            ("Read this #ad\n#flu, #health ✨", "ad* flu* health*"),
            ("Read this. (#ad) Now #flu#shots #1 C#sharp", "ad flu shots"),
            ("Read #é and #ñu #flu#shots", "é ñu* flu* shots*"),
            ("https://a.example/#part and a&#39;s", ""),
            ("#ad #gift", "ad gift"),
            ("#1 in town! #wow", "wow"),
            ("# #", ""),
        ];

        for (text, expected) in table {
            let all = tags(text);
            assert!(all.iter().all(|tag| tag.name == &text[tag.at.clone()]));
            let shown = all.iter();
            let shown = shown.map(|tag| tag.name.to_owned() + if tag.in_block { "*" } else { "" });
            assert_eq!(shown.collect::<Vec<_>>().join(" "), expected, "{text}");
        }
    }
}
