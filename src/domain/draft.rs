//! What is to be said, before a revision fixes it.

use serde::{Deserialize, Serialize};

use super::ids::AccountId;
use super::policy::Risk;
use super::slot::Slot;

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
    /// The pictures as they will leave.
    pub pictures: Vec<Picture>,
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
    /// The least risk that the rules of the screen give these words; the highest wins.
    #[serde(default)]
    pub risk: Risk,
}

impl Draft {
    /// It says and shows the same; when and where it goes may differ.
    pub fn says_the_same(&self, other: &Draft) -> bool {
        (&self.text, &self.disclosure, &self.pictures)
            == (&other.text, &other.disclosure, &other.pictures)
    }
}
