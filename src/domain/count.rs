//! How networks count the characters of a text, where they don't count what readers see.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// A link counts so many characters, however long it is.
const LINK: usize = 23;

/// Makes one emoji of several.
const JOINER: char = '\u{200d}';

/// How a network finds links.
struct Finds {
    /// A scheme or none, a host, and what follows that.
    link: Regex,
    /// A host alone is a link, too.
    bare: bool,
}

const LABEL: &str = r"[\p{L}\p{N}](?:[\p{L}\p{N}_-]*[\p{L}\p{N}])?";
const QUESTION: &str = r"(?:\?[a-z0-9!?*'();:&=+$/%#\[\]\-_.,~|@^\u{a0}-\u{fdcf}\u{fdf0}-\u{ffef}]*[a-z0-9\-_&=#/\u{a0}-\u{fdcf}\u{fdf0}-\u{ffef}])?";

fn finds(schemes: &str, path: &str, question: &str) -> Regex {
    let host = format!(r"(?P<host>(?:{LABEL}\.)+{LABEL})");
    let rest = format!(r"(?P<rest>(?::[0-9]+)?(?:/{path})?{question})");
    Regex::new(&format!("(?i)(?P<scheme>(?:{schemes})://)?{host}{rest}")).expect("a sound pattern")
}

/// As twitter-text does it: letters of a path are Latin or Cyrillic.
static X: LazyLock<Finds> = LazyLock::new(|| {
    let letters = r"a-z0-9\u{c0}-\u{d6}\u{d8}-\u{f6}\u{f8}-\u{24f}\u{400}-\u{4ff}\u{1e00}-\u{1eff}";
    let within = format!(r"[{letters}!*';:=+,.$/%#\[\]\-\u{{2013}}_~@|&]");
    let ends = format!(r"[{letters}+\-=_#/]");
    let path = format!(r"(?:(?:{within}|\({within}+\))*(?:{ends}|\({within}+\)))?");
    let question = r"(?:\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/])?";
    Finds { link: finds("https?", &path, question), bare: true }
});

/// As Mastodon does it: a path has any letters, and there are more schemes.
static MASTODON: LazyLock<Finds> = LazyLock::new(|| {
    let within = r"[^\s<>()?]";
    let ends = r#"[^\s()?!*"'「」<>;:=,.$%\[\]~&|@]"#;
    let path = format!(r"(?:(?:{within}|\({within}+\))*(?:{ends}|\({within}+\)))?");
    let schemes = "https?|dat|dweb|ipfs|ipns|ssb|gopher|gemini";
    Finds { link: finds(schemes, &path, QUESTION), bare: false }
});

/// What the host of a link ends with.
static ENDINGS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let lines = include_str!("count/endings.txt").lines();
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
});

impl Finds {
    /// Where links are.
    fn links(&self, text: &str) -> Vec<Range<usize>> {
        let (mut links, mut from) = (Vec::new(), 0);
        while let Some(found) = self.link.captures_at(text, from) {
            let (whole, host) =
                (found.get(0).expect("itself"), found.name("host").expect("a host"));
            let before = text[..whole.start()].chars().next_back();
            let glued = before.is_some_and(|c| c.is_ascii_alphanumeric() || "@＠$#＃".contains(c));
            let schemed = found.name("scheme").is_some();
            let after_sign = !schemed && before.is_some_and(|c| "-_./".contains(c));
            let ends = ending(text, host.range());
            from = host.end();
            if glued {
                // The same may begin further on.
                from = next(text, whole.start());
                continue;
            }
            let Some(ends) = ends else { continue };
            let end = if ends == host.end() { whole.end() } else { ends };
            from = end;
            let ascii = schemed || host.as_str().chars().all(latin);
            if (schemed || self.bare) && !after_sign && ascii {
                links.push(whole.start()..end);
            }
        }
        links
    }
}

fn latin(c: char) -> bool {
    c == '.' || c == '-' || c.is_ascii_alphanumeric() || ('\u{c0}'..='\u{24f}').contains(&c)
}

fn next(text: &str, at: usize) -> usize {
    at + text[at..].chars().next().map_or(1, char::len_utf8)
}

/// Where the host ends with an ending that is known: at its own end, or before letters that can't
/// go on with it.
fn ending(text: &str, host: Range<usize>) -> Option<usize> {
    let last = text[host.clone()].rfind('.')? + 1 + host.start;
    let goes_on = |at: usize| {
        let next = text[at..].chars().next();
        next.is_some_and(|c| c.is_ascii_alphanumeric() || "@+-".contains(c))
    };
    let mut ends =
        text[last..host.end].char_indices().map(|(at, c)| last + at + c.len_utf8()).rev();
    ends.find(|end| !goes_on(*end) && is_ending(&text[last..*end]))
}

fn is_ending(label: &str) -> bool {
    let label = label.to_lowercase();
    ENDINGS.contains(label.as_str()) || label.starts_with("xn--")
}

/// Somebody, perhaps on another server: `@name@server`.
static SOMEBODY: LazyLock<Regex> = LazyLock::new(|| {
    let word = r"[\p{L}\p{M}\p{Nd}\p{Pc}]";
    let name = r"[a-zA-Z0-9_]+(?:[.-]+[a-zA-Z0-9_]+)*";
    let server = format!("{word}+(?:[.-]+{word}+)*");
    Regex::new(&format!("@(?P<name>{name})(?:@(?P<server>{server}))?")).expect("a sound pattern")
});

fn mentions(text: &str) -> Vec<(Range<usize>, usize)> {
    let (mut all, mut from) = (Vec::new(), 0);
    while let Some(found) = SOMEBODY.captures_at(text, from) {
        let whole = found.get(0).expect("itself");
        let before = text[..whole.start()].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || "=/_".contains(c)) {
            from = whole.start() + 1;
            continue;
        }
        from = whole.end();
        // What goes on with another sign is nobody's name.
        if text[from..].starts_with('@') {
            continue;
        }
        all.push((whole.range(), 1 + found["name"].len()));
    }
    all
}

/// Mastodon's count: what readers see, but 23 for each link, and only the name of somebody on
/// another server. (Its `StatusLengthValidator`.)
pub fn mastodon(text: &str) -> usize {
    let links = MASTODON.links(text).into_iter().map(|link| (link, LINK));
    let mut all: Vec<_> = links.chain(mentions(text)).collect();
    all.sort_by_key(|(range, _)| range.start);
    let (mut counted, mut end) = (String::new(), 0);
    for (range, counts) in all {
        if range.start >= end {
            counted.push_str(&text[end..range.start]);
            counted.extend(std::iter::repeat_n('x', counts));
            end = range.end;
        }
    }
    counted.push_str(&text[end..]);
    counted.graphemes(true).count()
}

/// X's count: two for each character but those of Latin and its neighbours and of punctuation, two
/// for an emoji of however many characters, and 23 for a link, also without its scheme.
/// (twitter-text's configuration 3.)
pub fn x(text: &str) -> usize {
    let text: String = text.nfc().collect();
    let links = X.links(&text);
    let mut end = 0;
    let mut count = 0;
    for link in &links {
        count += weight(&text[end..link.start]) + LINK;
        end = link.end;
    }
    count + weight(&text[end..])
}

fn weight(text: &str) -> usize {
    let alone = |part: &str| if is_emoji(part) { 2 } else { part.chars().map(heavy).sum() };
    let seen = |seen: &str| {
        if is_emoji(seen) {
            return 2;
        }
        let parts: Vec<usize> = seen.split(JOINER).map(alone).collect();
        parts.iter().sum::<usize>() + parts.len() - 1
    };
    text.graphemes(true).map(seen).sum()
}

fn heavy(c: char) -> usize {
    let light = matches!(u32::from(c), 0..=4351 | 8192..=8205 | 8208..=8223 | 8242..=8247);
    if light { 1 } else { 2 }
}

/// Several characters that are one emoji, as far as twitter-text knows it; one alone counts two in
/// any case. It knows none that came after Unicode 11 with a tone of skin, or two of those.
fn is_emoji(seen: &str) -> bool {
    if is_flag(seen) || is_keycap(seen) {
        return true;
    }
    let mut several = false;
    for (nth, part) in seen.split(JOINER).enumerate() {
        let mut chars = part.chars();
        let Some(sign) = chars.next().filter(|c| is_sign(*c)) else { return false };
        let shown = matches!(
            chars.next(),
            Some('\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}')
        );
        let toned = nth > 0 && part.chars().any(|c| matches!(c, '\u{1f3fb}'..='\u{1f3ff}'));
        let plain = nth > 0 && !shown && sign < '\u{1f000}';
        if toned || plain || (shown && sign >= '\u{1fa70}') {
            return false;
        }
        several |= shown || nth > 0;
    }
    several
}

fn is_sign(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{32ff}' | '\u{1f000}'.. | '©' | '®' | '‼' | '⁉' | '™' | 'ℹ')
}

/// Two letters of a country; those of its links are nearly the same.
fn is_flag(seen: &str) -> bool {
    let letter = |c: char| char::from_u32(u32::from(c).checked_sub(0x1f1e6)? + u32::from('a'));
    let country: Option<String> = seen.chars().map(letter).collect();
    country.is_some_and(|country| country.len() == 2 && ENDINGS.contains(country.as_str()))
}

fn is_keycap(seen: &str) -> bool {
    seen.ends_with('\u{20e3}') && seen.starts_with(|c: char| c.is_ascii_digit() || "#*".contains(c))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::network::Network;

    /// What the networks' own libraries say, as the script in `tests/networks/counts` wrote it.
    #[derive(serde::Deserialize)]
    struct Counts {
        x: usize,
        bluesky_graphemes: usize,
        bluesky_bytes: usize,
        mastodon: usize,
    }

    #[test]
    fn hard_texts_count_as_the_networks_own_libraries_count_them() {
        let texts = include_str!("../../tests/it/data/counts/texts.json");
        let texts: BTreeMap<String, String> = serde_json::from_str(texts).expect("texts");
        let counts = include_str!("../../tests/it/data/counts/counts.json");
        let counts: BTreeMap<String, Counts> = serde_json::from_str(counts).expect("counts");
        let mut other = Vec::new();
        for (name, text) in &texts {
            let Counts { x: on_x, bluesky_graphemes, bluesky_bytes, mastodon: on_mastodon } =
                counts[name];
            let known = (on_x, bluesky_graphemes, bluesky_bytes, on_mastodon);
            let ours = (x(text), Network::Bluesky.length(text), text.len(), mastodon(text));
            if ours != known {
                other.push(format!("{name}: {ours:?}, and they say {known:?}: {text:?}"));
            }
        }
        assert!(texts.len() >= 60 && other.is_empty(), "{other:#?}");
    }
}
