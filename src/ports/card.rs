//! What a card shows of a post: plain strings, no decisions.

use serde::{Deserialize, Serialize};

/// A picture of a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureView {
    /// SHA-256, hexadecimal: chat platforms fetch its bytes by it.
    pub sha256: String,
    /// What it shows.
    pub alt: String,
}

/// What leaves to one account, as a card shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartView {
    /// The account's name.
    pub account: String,
    /// The words that leave, exactly.
    pub text: String,
    /// `57 of 500 characters`.
    pub count: String,
    /// `readers see the first 280 characters, then "more"`; empty when nothing is cut.
    pub cut: String,
    /// What came of it, without a full stop: `Is live`; empty before.
    pub outcome: String,
    /// Where people see it; empty before.
    pub url: String,
}

/// What a revision says otherwise than the one before, or a draft would otherwise than it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeView {
    /// Where: an account, `Text`, `Pictures`, or `Alt text of picture 1`.
    pub what: String,
    /// The words that were there, with a few of their neighbors; empty when only blanks changed.
    pub was: String,
    /// The words that are there.
    pub is: String,
}

/// A post under review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardView {
    /// The practice's number of the post.
    pub number: i64,
    /// The revision it shows, for ever; 0 for a draft.
    pub revision: i64,
    /// First eight digits of what is signed.
    pub hash: String,
    /// The practice is a sample.
    pub sample: bool,
    /// Who submitted it.
    pub author: String,
    /// What leaves, by account.
    pub parts: Vec<PartView>,
    /// The pictures.
    pub pictures: Vec<PictureView>,
    /// The slot with its zone, or `as soon as it is signed`; empty once it is of no use.
    pub slot: String,
    /// The moment that it names, in seconds since 1970, for who reads it in another zone; 0 for none.
    #[serde(default)]
    pub at: i64,
    /// `Mon 23 Nov 2026, 09:05 to Wed 25 Nov 2026, 09:00 America/Chicago`.
    pub window: String,
    /// For whom it is written: `patients`; empty when that is not kept any more.
    pub audience: String,
    /// A link to the evidence, which is not published; or empty.
    pub source: String,
    /// Findings that keep it from being sent, in plain words, a sentence each.
    #[serde(default)]
    pub blocking: Vec<String>,
    /// The other findings, and what somebody overrode and why.
    pub findings: Vec<String>,
    /// `needs 1 of: Dr. Rao, Dr. Kim`; empty for a draft that is one still.
    pub standing: String,
    /// `Signed by Dr. Rao, Mon 23 Nov 2026, 09:12 America/Chicago`, a line each.
    pub sign_offs: Vec<String>,
    /// Why it does not go on: `held by Ana`; empty when it does.
    pub blocked: String,
    /// What it says otherwise than the revision before.
    pub changes: Vec<ChangeView>,
    /// A newer revision took its place; 0 when none did.
    pub replaced_by: i64,
    /// A sign-off on it would count.
    pub signable: bool,
    /// Its texts do not fit where it is shown: here is how they begin, and its thread has them whole.
    #[serde(default)]
    pub cut: bool,
}
