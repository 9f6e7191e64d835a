//! "Change X to Y": what an approver writes in a card's thread to mend a post.

use std::ops::Range;

use super::draft::Draft;
use super::refusal::Refusal;

/// Quotes that people and their phones put around words, as they open and as they close.
const QUOTES: [(char, &[char]); 6] = [
    ('"', &['"', '\u{201d}']),
    ('\u{201c}', &['\u{201d}', '\u{201c}', '"']),
    ('\u{201e}', &['\u{201c}', '\u{201d}']),
    ('\u{2018}', &['\u{2019}']),
    ('\'', &['\'', '\u{2019}']),
    ('\u{ab}', &['\u{bb}']),
];

/// One way to read what somebody wrote: these words become those.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amendment {
    was: String,
    becomes: String,
}

/// Reads `change X to Y`, with or without quotes. Without them " to " may stand in X or Y as well:
/// then there is more than one way to read it. Nothing when it is no such sentence.
pub fn read(text: &str) -> Vec<Amendment> {
    let text = text.trim();
    let text = strip_word(text, "please").unwrap_or(text);
    let Some(rest) = strip_word(text, "change") else {
        return Vec::new();
    };
    if let Some(quoted) = in_quotes(rest) {
        return vec![quoted];
    }
    let ways = rest.match_indices(char::is_whitespace).filter_map(|(at, _)| {
        let (was, after) = rest.split_at(at);
        let becomes = strip_word(after.trim_start(), "to")?;
        let (was, becomes) = (was.trim(), becomes.trim());
        let fine = !was.is_empty() && !becomes.is_empty() && !rest.contains('\n');
        fine.then(|| Amendment { was: was.to_owned(), becomes: plain_end(was, becomes) })
    });
    ways.collect()
}

/// The draft with the words changed: in its text, for each account that gets another one too; where
/// they are not there, in the disclosure; and where they are not there either, in the alt text. Of
/// several ways to read it the one with the most words that are there counts.
pub fn apply(ways: &[Amendment], draft: &Draft) -> Result<Draft, Refusal> {
    let mut done = ways.iter().rev().map(|way| way.apply(draft));
    done.find(|made| *made != Err(Refusal::NotFound)).unwrap_or(Err(Refusal::NotFound))
}

impl Amendment {
    fn apply(&self, draft: &Draft) -> Result<Draft, Refusal> {
        let mut made = draft.clone();
        let mut done = self.change_each(made.leaving_texts());
        let Draft { disclosure, pictures, .. } = &mut made;
        let alts = pictures.iter_mut().map(|picture| &mut picture.alt).collect();
        for texts in [vec![disclosure], alts] {
            if done == Err(Refusal::NotFound) {
                done = self.change(texts);
            }
        }
        done.map(|()| made)
    }

    /// Changes the words in every one of these texts where they stand: the same words for several
    /// accounts are meant together.
    fn change_each(&self, texts: Vec<&mut String>) -> Result<(), Refusal> {
        let mut done = Err(Refusal::NotFound);
        for text in texts {
            match self.change(vec![text]) {
                Err(Refusal::NotFound) => {}
                Err(other) => return Err(other),
                Ok(()) => done = Ok(()),
            }
        }
        done
    }

    /// Changes the words in the one of these texts where they stand.
    fn change(&self, mut texts: Vec<&mut String>) -> Result<(), Refusal> {
        let found: Vec<(usize, Range<usize>)> = texts
            .iter()
            .enumerate()
            .flat_map(|(nth, text)| self.places(text).into_iter().map(move |at| (nth, at)))
            .collect();
        match found.as_slice() {
            [] => Err(Refusal::NotFound),
            [(nth, at)] => {
                let text = &mut *texts[*nth];
                text.replace_range(at.clone(), &self.becomes);
                text.truncate(text.trim_end().len());
                Ok(())
            }
            _ => Err(Refusal::FoundTwice),
        }
    }

    /// Where the words stand in a text, whole: `9` is not in `19`. As they are written; or else in
    /// whatever case and quotes.
    fn places(&self, text: &str) -> Vec<Range<usize>> {
        let text: Vec<(usize, char)> = text.char_indices().collect();
        let was: Vec<char> = self.was.chars().collect();
        let exact = stands(&text, &was, |a, b| a == b);
        if exact.is_empty() { stands(&text, &was, |a, b| alike(a) == alike(b)) } else { exact }
    }
}

fn stands(text: &[(usize, char)], was: &[char], same: fn(char, char) -> bool) -> Vec<Range<usize>> {
    let letter = |at: Option<&(usize, char)>| at.is_some_and(|(_, c)| c.is_alphanumeric());
    let mut places = Vec::new();
    for (nth, here) in text.windows(was.len()).enumerate() {
        let (first, last) = (here.first(), here.last());
        let before = nth.checked_sub(1).and_then(|before| text.get(before));
        let inside_a_word =
            letter(first) && letter(before) || letter(last) && letter(text.get(nth + was.len()));
        if !inside_a_word && here.iter().zip(was).all(|((_, a), b)| same(*a, *b)) {
            let end = last.map_or(0, |(at, c)| at + c.len_utf8());
            places.push(here[0].0..end);
        }
    }
    places
}

/// The same for letters in both cases, and for quotes and blanks of all kinds.
fn alike(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{201e}' => '"',
        c if c.is_whitespace() => ' ',
        c => c.to_lowercase().next().unwrap_or(c),
    }
}

/// Both in quotes, and nothing behind them but a full stop.
fn in_quotes(text: &str) -> Option<Amendment> {
    let (was, rest) = quoted(text)?;
    let (becomes, rest) = quoted(strip_word(rest.trim_start(), "to")?.trim_start())?;
    let over = rest.trim_matches(|c: char| c.is_whitespace() || c == '.').is_empty();
    (over && !was.is_empty())
        .then(|| Amendment { was: was.to_owned(), becomes: becomes.to_owned() })
}

fn quoted(text: &str) -> Option<(&str, &str)> {
    let open = text.chars().next()?;
    let (_, closing) = QUOTES.iter().find(|(opening, _)| *opening == open)?;
    let inside = &text[open.len_utf8()..];
    // An apostrophe stands between letters; a quote does not.
    let ends = |(at, c): &(usize, char)| {
        closing.contains(c) && !inside[*at + c.len_utf8()..].starts_with(char::is_alphanumeric)
    };
    let (at, close) = inside.char_indices().find(ends)?;
    Some((&inside[..at], &inside[at + close.len_utf8()..]))
}

/// A full stop that ends the sentence, not the new words.
fn plain_end(was: &str, becomes: &str) -> String {
    match becomes.strip_suffix('.') {
        Some(plain) if !was.ends_with('.') && !plain.ends_with('.') => plain.to_owned(),
        _ => becomes.to_owned(),
    }
}

/// What follows this word, in whatever case, and a blank.
fn strip_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (first, rest) = text.split_at_checked(word.len())?;
    let ends = rest.starts_with(char::is_whitespace);
    (first.eq_ignore_ascii_case(word) && ends).then(|| rest.trim_start())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::draft::Picture;
    use crate::domain::ids::AccountId;

    fn draft(text: &str) -> Draft {
        let picture = Picture {
            sha256: "ab".repeat(32),
            media_type: "image/png".to_owned(),
            alt: "A nurse on Saturday".to_owned(),
        };
        let disclosure = "Paid partnership".to_owned();
        Draft { text: text.to_owned(), pictures: vec![picture], disclosure, ..Draft::default() }
    }

    fn after(said: &str) -> Result<String, Refusal> {
        let text = "Flu shots from 9 to 12, room 19. Bring a card, it\u{2019}s quick. No card, no problem.";
        apply(&read(said), &draft(text)).map(|draft| draft.text)
    }

    #[test]
    fn the_words_are_changed_where_they_stand() {
        let table = [
            ("change 9 to 10", "Flu shots from 10 to 12,"),
            ("Please change 9 to 12 to 10 to 1.", "Flu shots from 10 to 1, room"),
            ("CHANGE \"9 to 12\" TO \"8 to 12\".", "Flu shots from 8 to 12,"),
            (
                "change \u{201c}Flu shots\u{201d} to \u{201c}Flu vaccines\u{201d}",
                "Flu vaccines from 9",
            ),
            (
                "change \u{2018}it\u{2019}s quick\u{2019} to \u{2018}it is quick\u{2019}",
                "a card, it is quick.",
            ),
            ("change It's to it is", "a card, it is quick."),
            ("change \"from 9 to 12, \" to \"\"", "Flu shots room 19."),
            ("change quick. to quick!", "it\u{2019}s quick! No"),
        ];

        for (said, expected) in table {
            let text = after(said).expect(said);
            assert!(text.contains(expected), "{said}: {text}");
        }
    }

    #[test]
    fn what_is_not_there_or_not_once_is_not_guessed() {
        assert_eq!(after("change Sunday to Monday"), Err(Refusal::NotFound));
        assert_eq!(after("change 1 to 2"), Err(Refusal::NotFound));
        assert_eq!(after("change card to form"), Err(Refusal::FoundTwice));
        for said in
            ["changes 9 to 10", "we should change 9 to 10", "change 9", "change to 10", "to"]
        {
            assert_eq!(read(said), Vec::new(), "{said}");
        }
    }

    #[test]
    fn a_text_of_its_own_is_changed_with_the_others() {
        let own = |text: &str| BTreeMap::from([(AccountId::new("page"), text.to_owned())]);
        let accounts = vec![AccountId::new("page"), AccountId::new("other")];
        let both = Draft {
            texts: own("Saturday, 9 to 12."),
            accounts: accounts.clone(),
            ..draft("On Saturday.")
        };
        let only = Draft { accounts: accounts[..1].to_vec(), ..both.clone() };

        let both = apply(&read("change Saturday to Sunday"), &both).expect("in both");
        let only = apply(&read("change Saturday to Sunday"), &only).expect("in one");

        assert_eq!((&*both.text, both.texts), ("On Sunday.", own("Sunday, 9 to 12.")));
        assert_eq!((&*only.text, only.texts), ("On Saturday.", own("Sunday, 9 to 12.")));
    }

    #[test]
    fn the_alt_text_is_changed_only_where_the_text_has_not_the_words() {
        let change = |text: &str| apply(&read("change Saturday to Sunday"), &draft(text));
        let (both, alt) =
            (change("On Saturday.").expect("in both"), change("Soon.").expect("in one"));

        assert_eq!((&*both.text, &*both.pictures[0].alt), ("On Sunday.", "A nurse on Saturday"));
        assert_eq!((&*alt.text, &*alt.pictures[0].alt), ("Soon.", "A nurse on Sunday"));
    }
}
