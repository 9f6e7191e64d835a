//! Heads of ledgers that were seen outside the database: in chat, in `heads.log`, on paper.

use anyhow::{Context, bail, ensure};
use ed25519_dalek::VerifyingKey;

use crate::domain::canonical::{Hash, hex};
use crate::domain::ids::PracticeId;
use crate::domain::ledger::{self, Head};

/// So many digits of a hash are enough to tell it; chat prints as many.
const DIGITS: usize = 8;

/// A head that was seen outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outside {
    /// Whose, if it was said.
    pub practice: Option<PracticeId>,
    /// Which entry.
    pub seq: i64,
    /// How its hash begins, hexadecimal.
    pub hash: String,
}

impl Outside {
    /// Reads `SEQ:HASH`, `PRACTICE:SEQ:HASH`, or a head as chat prints it, `#12 a1b2c3d4`.
    pub fn read(text: &str) -> anyhow::Result<Self> {
        let (rest, hash) = text
            .trim()
            .rsplit_once([':', ' '])
            .with_context(|| format!("{text} is not a head: write SEQ:HASH"))?;
        let (practice, seq) = match rest.rsplit_once(':') {
            Some((practice, seq)) => (Some(PracticeId::new(practice)), seq),
            None => (None, rest),
        };
        let seq = seq.trim_start_matches('#').parse().ok().filter(|seq| *seq > 0);
        let seq = seq.with_context(|| format!("{text} does not begin with an entry's number"))?;
        let digits = hash.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'));
        ensure!(
            digits && (DIGITS..=64).contains(&hash.len()),
            "{text} does not end with {DIGITS} to 64 lower-case hexadecimal digits"
        );
        Ok(Self { practice, seq, hash: hash.to_owned() })
    }

    /// Reads a `heads.log`; each line must be signed with the ledger's key. A last line without
    /// an end was cut off while it was written, and is left out.
    pub fn read_file(text: &str, key: &VerifyingKey) -> anyhow::Result<Vec<Self>> {
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        whole.lines().enumerate().map(|(at, line)| signed(line, at + 1, key)).collect()
    }

    /// Is this the head of that chain at that entry?
    pub fn agrees(&self, hash: &Hash) -> bool {
        hex::encode(hash).starts_with(&self.hash)
    }
}

fn signed(line: &str, number: usize, key: &VerifyingKey) -> anyhow::Result<Outside> {
    let words: Vec<&str> = line.split(' ').collect();
    let [practice, seq, hash, signature] = words.as_slice() else {
        bail!("line {number} of the heads is not `practice seq hash signature`");
    };
    let practice = PracticeId::new(*practice);
    let read = seq.parse().ok().zip(hex::decode(hash)).zip(hex::decode(signature));
    let ((seq, bytes), signature): ((i64, Hash), [u8; 64]) =
        read.with_context(|| format!("line {number} of the heads can't be read"))?;
    ledger::check_head(&practice, Head { seq, hash: bytes }, &signature, key)
        .with_context(|| format!("line {number} of the heads"))?;
    Ok(Outside { practice: Some(practice), seq, hash: (*hash).to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_read_as_people_find_them() {
        let head = |practice: Option<&str>, hash: &str| Outside {
            practice: practice.map(PracticeId::new),
            seq: 12,
            hash: hash.to_owned(),
        };
        let table = [
            ("12:a1b2c3d4", Some(head(None, "a1b2c3d4"))),
            ("#12 a1b2c3d4", Some(head(None, "a1b2c3d4"))),
            ("northside:12:a1b2c3d4e5", Some(head(Some("northside"), "a1b2c3d4e5"))),
            ("12:a1b2c3", None),
            ("12:A1B2C3D4", None),
            ("0:a1b2c3d4", None),
            ("a1b2c3d4", None),
            ("", None),
        ];

        for (text, expected) in table {
            assert_eq!(Outside::read(text).ok(), expected, "{text}");
        }
    }
}
