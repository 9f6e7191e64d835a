//! The proof of one post: a file that says who signed what, and shows it without any database.
//!
//! It is an extract of the ledger and nothing else. Every value in it stands in a signed entry, in
//! a body or content whose hash does, or follows from those; so a byte that is changed anywhere
//! breaks it. What an entry left out could hide is covered by the entry of what left: it names
//! the sign-offs that the gate relied on.
//!
//! It does not show what happened after its head, nor that the key is the practice's: for that
//! the key must be known from elsewhere.

use serde::{Deserialize, Serialize};

use super::content::Content;
use super::entry::What;
use super::ids::{PostId, PracticeId};
use super::ledger::{Body, Sealed};

pub use super::certify::{Material, issue};
pub use super::proof::{Broken, Checked, Left, SignOff, check};

/// The form of the file; a new form gets a new one.
pub const FORM: &str = "countersign.certificate.v1";

/// The proof of one post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// The form of the file.
    pub form: String,
    /// Whose.
    pub practice: Whose,
    /// Which post.
    pub post: PostId,
    /// The practice's own number for it.
    pub number: i64,
    /// The public key that the ledger says it is signed with, hexadecimal.
    pub key: String,
    /// What people compare the key by.
    pub fingerprint: String,
    /// Where it is to be seen.
    pub urls: Vec<String>,
    /// What was signed: the revisions that left, and the current one, unless purged.
    pub contents: Vec<Content>,
    /// Entries about the practice: its key, itself, its policy, and those who signed.
    pub background: Vec<Kept>,
    /// Every entry about the post.
    pub entries: Vec<Kept>,
    /// The end of the ledger when this was issued.
    pub head: Sealed,
}

/// A practice, as its entries name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Whose {
    /// Its id.
    pub id: PracticeId,
    /// Its name when this was issued; empty once purged.
    pub name: String,
    /// Everyone in it is made up, and nothing of it reached a real network.
    pub sample: bool,
}

/// An entry, with its body unless that was purged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// The entry.
    pub sealed: Sealed,
    /// Its personal part.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub body: Option<Body>,
}

impl Kept {
    /// The entry's kind and data.
    pub fn what(&self) -> &What {
        &self.sealed.entry.fact.what
    }

    /// The words of the body; empty once purged.
    pub fn note(&self) -> &str {
        self.body.as_ref().map_or("", |body| &body.note)
    }

    /// The name in the body; empty once purged.
    pub fn name(&self) -> &str {
        self.body.as_ref().map_or("", |body| &body.name)
    }
}

impl Certificate {
    /// The file's text.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("a certificate is plain data");
        text.push('\n');
        text
    }

    /// Reads the file, if it is one. Nothing may stand in it that a certificate does not have: it would seem
    /// proven.
    pub fn read(text: &str) -> Option<Self> {
        let certificate: Self = serde_json::from_str(text).ok()?;
        let all: serde_json::Value = serde_json::from_str(text).ok()?;
        let known = serde_json::to_value(&certificate).ok()?;
        (all == known).then_some(certificate)
    }
}

/// Where the post is to be seen, as the bodies of its entries say.
pub(super) fn urls(entries: &[Kept]) -> Vec<String> {
    let published = entries.iter().filter(|kept| matches!(kept.what(), What::Published { .. }));
    published.map(|kept| kept.note().to_owned()).filter(|url| !url.is_empty()).collect()
}
