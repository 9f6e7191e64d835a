//! What is to be said, before a revision fixes it.
//!
//! What it says leaves, and is signed as [`Content`](super::content::Content). Its source and its
//! audience do not leave, so they are no part of those bytes; but a physician who signs has read
//! them. So the entry that fixes a revision has them in its body, whose hash is in the chain, and
//! changing either makes a new revision like any other change: what was signed was signed with
//! exactly these.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::consent::Vouched;
use super::ids::AccountId;
use super::policy::Risk;
use super::slot::Slot;
use super::words::words;

words! {
    /// For whom it is written.
    #[derive(Default)]
    pub enum Audience {
        /// Anybody, and so patients.
        #[default]
        Patients = "patients",
        /// Other professionals.
        Colleagues = "colleagues",
    }
}

/// A picture as it leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// SHA-256 of the bytes that leave, hexadecimal.
    pub sha256: String,
    /// `image/jpeg` or `image/png`.
    #[serde(rename = "type")]
    pub media_type: String,
    /// What it shows, for people who can't see it.
    pub alt: String,
}

/// What is to be said, before a revision fixes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The words, NFC with `\n` line ends.
    pub text: String,
    /// The words for accounts that get others, never empty.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub texts: BTreeMap<AccountId, String>,
    /// The pictures as they will leave.
    pub pictures: Vec<Picture>,
    /// Whose word it is that a picture may be shown, by the hash of its bytes.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub vouched: BTreeMap<String, Vouched>,
    /// Words that must go with it ("Paid partnership"), or empty.
    pub disclosure: String,
    /// Where it goes.
    pub accounts: Vec<AccountId>,
    /// When it should go; as soon as it is signed when not given.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub slot: Option<Slot>,
    /// From when on it may go out; from its submission on when not given.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub opens: Option<Slot>,
    /// Until when it may go out; until a day after its slot when not given.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub closes: Option<Slot>,
    /// The least risk that was asked for, whatever the rules of the screen say.
    #[serde(default)]
    pub risk: Risk,
    /// The rules of the screen that somebody overrode, for these words.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub overridden: Vec<String>,
    /// A link to the evidence, for whoever signs; or empty.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub source: String,
    /// For whom it is written.
    #[serde(default)]
    pub audience: Audience,
}

/// What the rules of the screen say of words, by the rules' ids. It is asked anew for each decision
/// and never kept: a practice's rules change while a draft waits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ruling {
    /// All that hit.
    pub rules: Vec<String>,
    /// Those that keep it from being sent, unless somebody overrides them.
    pub blocks: Vec<String>,
    /// The least risk that they give it; the highest wins.
    pub risk: Risk,
}

impl Ruling {
    /// The rules that keep it from being sent where these are overridden.
    pub fn open_blocks(&self, overridden: &[String]) -> Vec<String> {
        self.blocks.iter().filter(|rule| !overridden.contains(rule)).cloned().collect()
    }
}

/// A draft, and what the rules say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruled {
    /// The draft.
    pub draft: Draft,
    /// What they say of it.
    pub ruling: Ruling,
}

/// The longest link that is taken.
const LONGEST_LINK: usize = 1000;

/// A link that can be followed, and nothing else.
pub fn is_link(text: &str) -> bool {
    let begins = ["https://", "http://"].iter().any(|begin| {
        text.strip_prefix(begin).is_some_and(|rest| rest.starts_with(char::is_alphanumeric))
    });
    begins && !text.contains(char::is_whitespace) && text.len() <= LONGEST_LINK
}

impl Draft {
    /// The words for an account.
    pub fn text_for(&self, account: &AccountId) -> &str {
        self.texts.get(account).unwrap_or(&self.text)
    }

    /// Words to know it by: those of all accounts, or else of one.
    pub fn main_text(&self) -> &str {
        let own = self.accounts.iter().find_map(|account| self.texts.get(account));
        if self.text.is_empty() { own.map_or("", String::as_str) } else { &self.text }
    }

    /// The texts that leave, each once: those of all accounts if any account gets them, and those
    /// of single ones.
    pub fn leaving_texts(&mut self) -> Vec<&mut String> {
        let Self { text, texts, accounts, .. } = self;
        let shared = accounts.is_empty() || accounts.iter().any(|a| !texts.contains_key(a));
        let own = texts.iter_mut().filter(|(account, _)| accounts.contains(account));
        shared.then_some(text).into_iter().chain(own.map(|(_, text)| text)).collect()
    }

    /// Everything in it that somebody typed.
    pub fn typed(&self) -> impl Iterator<Item = &str> {
        let alts = self.pictures.iter().map(|picture| picture.alt.as_str());
        let single = [&self.text, &self.disclosure, &self.source].map(String::as_str);
        single.into_iter().chain(self.texts.values().map(String::as_str)).chain(alts)
    }

    /// It says and shows the same; when and where it goes may differ.
    pub fn says_the_same(&self, other: &Draft) -> bool {
        (&self.text, &self.texts, &self.disclosure, &self.pictures)
            == (&other.text, &other.texts, &other.disclosure, &other.pictures)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Whoever writes the words of one account has written words of the post.
    #[test]
    fn words_of_one_account_are_words_of_the_post() {
        let draft = Draft { text: "Flu shots".to_owned(), ..Draft::default() };
        let texts = BTreeMap::from([(AccountId::new("board"), "Flu shots!".to_owned())]);

        assert!(!draft.says_the_same(&Draft { texts, ..draft.clone() }));
        assert!(
            draft.says_the_same(&Draft { source: "https://a.example".to_owned(), ..draft.clone() })
        );
    }
}
