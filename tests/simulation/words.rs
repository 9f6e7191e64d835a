//! What people write: each text can be told from all others, and belongs to its practices.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use countersign::domain::ids::PracticeId;
use regex::Regex;
use regex::bytes::Regex as BytesRegex;

/// Looks like patient information, in every form in which somebody can type it.
pub const SECRET: &str =
    "Our patient Zebulon Quarrington, MRN 77310942, SSN 219-09-9999, loved his visit.";

/// Words of the secret that nothing else says.
static MARKS: LazyLock<BytesRegex> = LazyLock::new(|| {
    let marks = "(?i-u)zebulon|quarrington|77310942|219-?09-?9999|loved his visit";
    BytesRegex::new(marks).expect("an expression")
});
/// The word by which a text is known. Letters only: numbers are what the screen looks at.
static TAG: LazyLock<Regex> = LazyLock::new(|| Regex::new("zq[a-t]{4}").expect("an expression"));

/// All texts, and whose they are.
#[derive(Default)]
pub struct Texts {
    owners: BTreeMap<String, BTreeSet<PracticeId>>,
}

impl Texts {
    /// A new text for these practices.
    pub fn new_text(&mut self, whose: &[PracticeId]) -> String {
        let tag = tag(self.owners.len());
        let text = format!("Notice {tag} to everybody.");
        self.owners.insert(tag, whose.iter().cloned().collect());
        text
    }

    /// The same with another tag, for the same practices; `None` where no text is known by.
    pub fn renewed(&mut self, text: &str) -> Option<String> {
        let old = tags(text).next()?.to_owned();
        let new = tag(self.owners.len());
        let owners = self.owners.get(&old)?.clone();
        let text = text.replace(&old, &new);
        self.owners.insert(new, owners);
        Some(text)
    }

    /// Whose the text with this tag is.
    pub fn owners(&self, tag: &str) -> Vec<PracticeId> {
        self.owners.get(tag).into_iter().flatten().cloned().collect()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.owners.len()
    }

    /// The first text in these words that is not the practice's.
    pub fn stranger<'a>(&self, words: &'a str, practice: &PracticeId) -> Option<&'a str> {
        tags(words).find(|tag| !self.owners[*tag].contains(practice))
    }
}

/// By which texts these words can be told.
pub fn tags(words: &str) -> impl Iterator<Item = &str> {
    TAG.find_iter(words).map(|found| found.as_str())
}

/// Some of the secret is in there.
pub fn tells_the_secret(bytes: &[u8]) -> bool {
    MARKS.is_match(bytes)
}

fn tag(mut n: usize) -> String {
    let mut tag = "zq".to_owned();
    for _ in 0..4 {
        tag.push(char::from(b'a' + u8::try_from(n % 20).expect("small")));
        n /= 20;
    }
    tag
}
