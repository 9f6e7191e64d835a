//! The name of a paper that stays, wherever the paper is: a DOI.

use std::fmt;
use std::sync::LazyLock;

use regex::Regex;

/// What a DOI looks like in a text; what follows a blank is none of it.
static LOOKS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"\b10\.[0-9]{4,9}(?:\.[0-9]+)*/[^\s"<>“”]+"#).expect("a test compiles it")
});

/// A DOI, `10.1001/jama.2024.5019`, in small letters: case makes no difference to it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Doi(String);

impl Doi {
    /// Every one that stands in a text, bare or in a link, each once.
    pub fn all_in(text: &str) -> Vec<Self> {
        let mut all = Vec::new();
        for found in LOOKS.find_iter(text) {
            let doi = Self(without_end(found.as_str()).to_lowercase());
            // A prefix alone names no paper.
            if !doi.0.ends_with('/') && !all.contains(&doi) {
                all.push(doi);
            }
        }
        all
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Doi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Without the signs of the sentence around it. A bracket is its own if it opens in it.
fn without_end(text: &str) -> &str {
    let unopened = |open: char, close: char| {
        text.matches(close).count().saturating_sub(text.matches(open).count())
    };
    let (mut round, mut square) = (unopened('(', ')'), unopened('[', ']'));
    let kept = text.trim_end_matches(|last: char| match last {
        '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '’' | '*' => true,
        ')' => takes_one(&mut round),
        ']' => takes_one(&mut square),
        _ => false,
    });
    // The question in a link is none of the name.
    kept.split(['?', '#']).next().unwrap_or_default()
}

/// One less, unless there is none.
fn takes_one(of: &mut usize) -> bool {
    let is_one = *of > 0;
    *of = of.saturating_sub(1);
    is_one
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dois_are_found_bare_and_in_links() {
        let table = [
            ("https://doi.org/10.1001/jama.2024.5019", "10.1001/jama.2024.5019"),
            ("see doi:10.1056/NEJMoa2034577.", "10.1056/nejmoa2034577"),
            ("(10.1016/S0140-6736(20)31022-9)", "10.1016/s0140-6736(20)31022-9"),
            ("10.1000/a, 10.1000/A and 10.1000.10/b?x=1", "10.1000/a 10.1000.10/b"),
            ("“10.1000/a”", "10.1000/a"),
            ("((see 10.1000/a(b)).))", "10.1000/a(b)"),
            ("[10.1000/a[1]]", "10.1000/a[1]"),
            ("https://dx.doi.org/10.1000/182#part", "10.1000/182"),
            ("10.1000/ and 10.5 / 2, 110.1000, 10.20.30.40/8", ""),
            ("", ""),
        ];

        for (text, expected) in table {
            let all: Vec<String> = Doi::all_in(text).iter().map(Doi::to_string).collect();
            assert_eq!(all.join(" "), expected, "{text}");
        }
    }
}
