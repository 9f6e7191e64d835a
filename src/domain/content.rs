//! What is signed: everything of a post that leaves, and when and where to.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::canonical::{self, Hash, hex};
use super::draft::Draft;
use super::ids::{PostId, PracticeId};
use super::network::{self, Limits, Network};
use super::practice::{Account, Practice};
use super::refusal::Refusal;
use super::window::Window;

pub use super::draft::Picture;

/// Label of the signed bytes; a new form of the content gets a new one.
pub const LABEL: &str = "countersign.content.v1";

/// Digest of a revision's content: what an approver signs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContentHash(#[serde(with = "hex")] Hash);

impl ContentHash {
    /// Reads the 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        hex::decode(text).map(Self)
    }

    /// Its first eight digits, for people.
    pub fn short(&self) -> String {
        hex::encode(&self.0[..4])
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ContentHash({})", self.short())
    }
}

/// What leaves to one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Where.
    pub network: Network,
    /// The server's address.
    pub server: String,
    /// The account's id there.
    pub remote: String,
    /// The words.
    pub text: String,
    /// Links that leave beside the text, as they leave.
    pub links: Vec<String>,
    /// The pictures, in order.
    pub media: Vec<Picture>,
    /// Words that must go with it, or empty.
    pub disclosure: String,
}

/// Which revision a draft becomes.
#[derive(Debug, Clone, Copy)]
pub struct Revision<'a> {
    /// Of which post.
    pub post: &'a PostId,
    /// Its number.
    pub number: i64,
    /// Keeps a purged short text from being guessed.
    pub salt: [u8; 16],
    /// When it may go out.
    pub window: Window,
}

/// Everything of a revision that leaves, and when and where to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Whose.
    pub practice: PracticeId,
    /// Which post.
    pub post: PostId,
    /// Which revision.
    pub revision: i64,
    /// Keeps a purged short text from being guessed.
    #[serde(with = "hex")]
    pub salt: [u8; 16],
    /// When it may go out.
    pub window: Window,
    /// What leaves, sorted by (network, server, remote).
    pub accounts: Vec<Part>,
}

impl Content {
    /// Fixes a draft as a revision's content.
    pub fn of(practice: &Practice, revision: Revision<'_>, draft: &Draft) -> Self {
        let accounts = draft.accounts.iter().filter_map(|id| practice.account(id));
        let mut parts: Vec<Part> = accounts.map(|account| Part::of(account, draft)).collect();
        parts.sort_by(|a, b| a.place().cmp(&b.place()));
        Self {
            practice: practice.id.clone(),
            post: revision.post.clone(),
            revision: revision.number,
            salt: revision.salt,
            window: revision.window,
            accounts: parts,
        }
    }

    /// The digest that is signed.
    pub fn hash(&self) -> ContentHash {
        ContentHash(canonical::hash_of_any(LABEL, self))
    }

    /// The part for this account.
    pub fn part(&self, account: &Account) -> Option<&Part> {
        self.accounts.iter().find(|p| {
            p.network == account.network
                && p.server == account.server
                && p.remote == account.remote_id
        })
    }
}

impl Part {
    /// What a draft would send to this account.
    pub fn of(account: &Account, draft: &Draft) -> Self {
        Self {
            network: account.network,
            server: account.server.clone(),
            remote: account.remote_id.clone(),
            text: draft.text_for(&account.id).to_owned(),
            links: Vec::new(),
            media: draft.pictures.clone(),
            disclosure: draft.disclosure.clone(),
        }
    }

    fn place(&self) -> (&str, &str, &str) {
        (self.network.as_str(), &self.server, &self.remote)
    }

    /// The text with the disclosure in front: exactly the words that leave.
    pub fn words(&self) -> String {
        if self.disclosure.is_empty() {
            self.text.clone()
        } else {
            format!("{}\n{}", self.disclosure, self.text)
        }
    }

    /// Fits the network, or why not.
    pub fn check(&self) -> Result<(), Refusal> {
        self.fits(self.network.limits())
    }

    /// Fits these limits of the network, or why not.
    pub fn fits(&self, limits: Limits) -> Result<(), Refusal> {
        let network = self.network.label();
        let words = self.words();
        let has = self.network.length(&words);
        if self.text.trim().is_empty() {
            return Err(Refusal::NoText);
        }
        if has > limits.text {
            return Err(Refusal::TooLong { has, limit: limits.text, network });
        }
        if let Some(limit) = limits.bytes.filter(|limit| words.len() > *limit) {
            return Err(Refusal::TooManyBytes { has: words.len(), limit, network });
        }
        if self.media.len() > limits.pictures {
            return Err(Refusal::TooManyPictures {
                has: self.media.len(),
                limit: limits.pictures,
                network,
            });
        }
        for picture in &self.media {
            let has = network::length(&picture.alt);
            if picture.alt.trim().is_empty() {
                return Err(Refusal::NoAltText);
            }
            if has > limits.alt {
                return Err(Refusal::AltTooLong { has, limit: limits.alt, network });
            }
        }
        Ok(())
    }
}

/// Text as it is kept and signed: NFC, `\n` line ends, no control characters, no blank edges.
///
/// Done twice is done once; a tab becomes a blank, so that words stay apart.
pub fn normalized(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.replace('\t', " ");
    let kept = text.chars().filter(|c| *c == '\n' || !c.is_control());
    // After the control characters went, as one may have stood between a letter and its accent.
    let text: String = kept.nfc().collect();
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::is_nfc;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn text_is_normalized_once_and_for_all(
            text in "[a-e \r\n\t\u{0}\u{300}-\u{310}\u{323}\u{1100}-\u{1112}\u{1161}-\u{1175}]{0,12}",
        ) {
            let once = normalized(&text);

            prop_assert!(is_nfc(&once));
            prop_assert_eq!(&normalized(&once), &once);
        }
    }

    #[test]
    fn words_stay_apart_and_control_characters_go() {
        assert_eq!(normalized(" Mon\t9-5\r\nTue\u{7} e\u{0}\u{301} "), "Mon 9-5\nTue é");
    }
}
