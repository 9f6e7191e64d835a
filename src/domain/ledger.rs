//! The ledger: an append-only chain of signed entries, one chain a practice.
//!
//! Each entry names the hash of the one before it, so that none can be changed, removed, put in
//! or moved without breaking the chain. Each entry's hash is signed, so the head is signed on
//! every commit. A chain whose tail was cut off still verifies by itself: only an outside head
//! (printed in chat and in `heads.log`) shows that.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::canonical::{self, Hash, hex};
use super::draft::Audience;
use super::entry::Fact;
use super::ids::PracticeId;
use super::window::micros;

/// The `prev` of the first entry.
pub const GENESIS: Hash = [0; 32];

/// Whoever runs Countersign, as an actor.
pub const OPERATOR: &str = "operator";
/// Countersign itself, as an actor.
pub const ITSELF: &str = "countersign";

const ENTRY: &str = "countersign.entry.v1";
const BODY: &str = "countersign.body.v1";
const HEAD: &str = "countersign.head.v1";

/// One record of the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Form of the entry.
    pub v: i64,
    /// Whose chain.
    pub practice: PracticeId,
    /// Its place, from 1.
    pub seq: i64,
    /// Hash of the entry before it.
    #[serde(with = "hex")]
    pub prev: Hash,
    /// When, in microseconds since 1970.
    #[serde(with = "micros")]
    pub at: Timestamp,
    /// Who did it: a member's id, [`OPERATOR`] or [`ITSELF`].
    pub actor: String,
    /// What happened.
    #[serde(flatten)]
    pub fact: Fact,
    /// Hash of the body.
    #[serde(rename = "body", with = "hex")]
    pub body_hash: Hash,
}

/// The personal part of an entry: names as they were, reasons, texts. Can be purged; its hash
/// stays in the entry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// Keeps a purged body from being guessed.
    #[serde(with = "hex")]
    pub salt: [u8; 16],
    /// The actor's name as it was.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub name: String,
    /// The actor's role as it was.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub role: String,
    /// Why, in somebody's words; what a thing that was set is called; or where a post is to be
    /// seen.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub note: String,
    /// Where the evidence for a revision is.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub source: String,
    /// For whom a revision is written.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub audience: Option<Audience>,
}

impl Body {
    /// What the entry names it by.
    pub fn hash(&self) -> Hash {
        canonical::hash_of_any(BODY, self)
    }
}

/// An entry with its hash and the signature over it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// The record.
    pub entry: Entry,
    /// Hash of the record.
    #[serde(with = "hex")]
    pub hash: Hash,
    /// Ed25519 over practice, seq and hash.
    #[serde(with = "hex")]
    pub signature: [u8; 64],
}

/// The end of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// How many entries.
    pub seq: i64,
    /// Hash of the last.
    pub hash: Hash,
}

impl Head {
    /// Before the first entry.
    pub const NONE: Head = Head { seq: 0, hash: GENESIS };

    /// As chat and `heads.log` name it: `#12 a1b2c3d4`.
    pub fn short(&self) -> String {
        format!("#{} {}", self.seq, hex::encode(&self.hash[..4]))
    }
}

/// What an entry is made of, before it has its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// Who did it: a member's id, [`OPERATOR`] or [`ITSELF`].
    pub actor: String,
    /// What happened.
    pub fact: Fact,
    /// The personal part.
    pub body: Body,
}

/// Gives an entry its place after `head`, and signs it.
pub fn seal(
    practice: &PracticeId,
    head: Head,
    at: Timestamp,
    new: &NewEntry,
    key: &SigningKey,
) -> Sealed {
    let entry = Entry {
        v: 1,
        practice: practice.clone(),
        seq: head.seq + 1,
        prev: head.hash,
        at,
        actor: new.actor.clone(),
        fact: new.fact.clone(),
        body_hash: new.body.hash(),
    };
    let hash = hash_of(&entry);
    let signature = key.sign(&head_bytes(practice, entry.seq, &hash)).to_bytes();
    Sealed { entry, hash, signature }
}

/// The hash that the next entry names.
pub fn hash_of(entry: &Entry) -> Hash {
    canonical::hash_of_any(ENTRY, entry)
}

fn head_bytes(practice: &PracticeId, seq: i64, hash: &Hash) -> Vec<u8> {
    format!("{HEAD}\n{practice}\n{seq}\n{}", hex::encode(hash)).into_bytes()
}

/// Why a chain is broken, at its first broken entry.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Broken {
    /// A gap, a doubled or a moved entry.
    #[error("entry #{seq} is not where it should be: something was removed, put in or moved")]
    OutOfPlace {
        /// Where.
        seq: i64,
    },
    /// An entry does not follow from the one before it.
    #[error("entry #{seq} does not follow from the entry before it")]
    Unlinked {
        /// Where.
        seq: i64,
    },
    /// An entry's bytes were changed.
    #[error("entry #{seq} was changed after it was written")]
    Changed {
        /// Where.
        seq: i64,
    },
    /// Signed by another key, or not at all.
    #[error("entry #{seq} is not signed by the ledger's key")]
    Unsigned {
        /// Where.
        seq: i64,
    },
    /// Shorter than an outside head says, or another chain.
    #[error("the chain ends at #{seq}, but it was seen at #{seen}: its end was cut off")]
    Truncated {
        /// Where it ends.
        seq: i64,
        /// Where it was.
        seen: i64,
    },
    /// Another chain than the one seen outside.
    #[error("entry #{seq} is not the one that was seen outside")]
    Differs {
        /// Where.
        seq: i64,
    },
}

/// Checks one entry by itself: its hash and its signature.
pub fn check_entry(sealed: &Sealed, key: &VerifyingKey) -> Result<(), Broken> {
    let seq = sealed.entry.seq;
    if hash_of(&sealed.entry) != sealed.hash {
        return Err(Broken::Changed { seq });
    }
    let head = Head { seq, hash: sealed.hash };
    check_head(&sealed.entry.practice, head, &sealed.signature, key)
}

/// Checks a head that was seen outside: that the ledger's key signed it.
pub fn check_head(
    practice: &PracticeId,
    head: Head,
    signature: &[u8; 64],
    key: &VerifyingKey,
) -> Result<(), Broken> {
    let bytes = head_bytes(practice, head.seq, &head.hash);
    key.verify_strict(&bytes, &Signature::from_bytes(signature))
        .map_err(|_| Broken::Unsigned { seq: head.seq })
}

/// What people compare a public key by: half of its SHA-256, in groups of four digits.
pub fn fingerprint(key: &VerifyingKey) -> String {
    let digits = hex::encode(&Sha256::digest(key.as_bytes())[..16]);
    let groups: Vec<&str> = (0..digits.len()).step_by(4).map(|at| &digits[at..at + 4]).collect();
    groups.join(" ")
}

/// Walks a chain from its first entry, one at a time, so that it need not be in memory.
#[derive(Debug)]
pub struct Walk {
    practice: PracticeId,
    head: Head,
}

impl Walk {
    /// Before the first entry.
    pub fn new(practice: PracticeId) -> Self {
        Self { practice, head: Head::NONE }
    }

    /// Checks the next entry: its place, its link, its bytes, its signature.
    pub fn step(&mut self, sealed: &Sealed, key: &VerifyingKey) -> Result<(), Broken> {
        let (seq, expected) = (sealed.entry.seq, self.head.seq + 1);
        if seq != expected || sealed.entry.practice != self.practice {
            return Err(Broken::OutOfPlace { seq: expected });
        }
        if sealed.entry.prev != self.head.hash {
            return Err(Broken::Unlinked { seq });
        }
        check_entry(sealed, key)?;
        self.head = Head { seq, hash: sealed.hash };
        Ok(())
    }

    /// Where the chain is now.
    pub fn head(&self) -> Head {
        self.head
    }
}

#[cfg(test)]
mod tests {
    use super::super::entry::What;
    use super::*;

    fn chain(length: i64) -> (Vec<Sealed>, SigningKey) {
        let key = SigningKey::from_bytes(&[7; 32]);
        let practice = PracticeId::new("northside");
        let mut head = Head::NONE;
        let mut chain = Vec::new();
        for _ in 0..length {
            let fact = Fact { what: What::Stopped, subject: None };
            let new = NewEntry { actor: "lena".to_owned(), fact, body: Body::default() };
            let sealed = seal(&practice, head, Timestamp::UNIX_EPOCH, &new, &key);
            head = Head { seq: sealed.entry.seq, hash: sealed.hash };
            chain.push(sealed);
        }
        (chain, key)
    }

    fn walk(chain: &[Sealed], key: &SigningKey) -> Result<Head, Broken> {
        let mut walk = Walk::new(PracticeId::new("northside"));
        chain.iter().try_for_each(|sealed| walk.step(sealed, &key.verifying_key()))?;
        Ok(walk.head())
    }

    #[test]
    fn a_whole_chain_walks_to_its_head() {
        let (chain, key) = chain(5);

        assert_eq!(walk(&chain, &key).map(|head| head.seq), Ok(5));
    }

    #[test]
    fn every_kind_of_damage_names_the_first_broken_entry() {
        let (whole, key) = chain(5);
        let changed = |f: fn(&mut Vec<Sealed>)| {
            let mut chain = whole.clone();
            f(&mut chain);
            walk(&chain, &key)
        };

        assert_eq!(changed(|c| drop(c.remove(2))), Err(Broken::OutOfPlace { seq: 3 }));
        assert_eq!(changed(|c| c.swap(1, 2)), Err(Broken::OutOfPlace { seq: 2 }));
        assert_eq!(changed(|c| c.insert(3, c[2].clone())), Err(Broken::OutOfPlace { seq: 4 }));
        assert_eq!(
            changed(|c| c[1].entry.actor = "nobody".to_owned()),
            Err(Broken::Changed { seq: 2 })
        );
        assert_eq!(changed(|c| c[3].signature[0] ^= 1), Err(Broken::Unsigned { seq: 4 }));
        assert_eq!(
            changed(|c| {
                c[1].entry.actor = "nobody".to_owned();
                c[1].hash = hash_of(&c[1].entry);
            }),
            Err(Broken::Unsigned { seq: 2 })
        );
    }

    #[test]
    fn another_key_is_not_the_ledgers() {
        let (chain, _) = chain(2);
        let other = SigningKey::from_bytes(&[8; 32]);

        assert_eq!(walk(&chain, &other), Err(Broken::Unsigned { seq: 1 }));
    }
}
