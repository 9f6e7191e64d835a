//! Bytes to hash: JSON as RFC 8785 writes it, for the subset that we use.
//!
//! Objects with ASCII keys, arrays, strings, booleans and integers below 2^53. Sorting by bytes
//! is sorting by UTF-16 units for ASCII keys, and integers have one spelling, so the subset needs
//! none of the standard's hard parts. <https://www.rfc-editor.org/rfc/rfc8785>

use std::fmt::Write;

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use thiserror::Error;

/// A SHA-256.
pub type Hash = [u8; 32];

/// The largest integer that every JSON reader keeps exact.
const EXACT: u64 = 1 << 53;

/// The value is outside the subset; the text says how.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("can't be written canonically: {0}")]
pub struct NotCanonical(&'static str);

/// Writes a value as canonical JSON.
pub fn to_json(value: &impl Serialize) -> Result<String, NotCanonical> {
    let value = serde_json::to_value(value).map_err(|_| NotCanonical("not JSON"))?;
    let mut out = String::new();
    write(&value, &mut out)?;
    Ok(out)
}

/// SHA-256 of `label`, a line end, and the value as canonical JSON.
///
/// The label keeps hashes of different things apart.
pub fn hash(label: &str, value: &impl Serialize) -> Result<Hash, NotCanonical> {
    let mut hasher = Sha256::new();
    hasher.update(label.as_bytes());
    hasher.update(b"\n");
    hasher.update(to_json(value)?.as_bytes());
    Ok(hasher.finalize().into())
}

/// The hash of a value that was read from outside, and so may be outside the subset: then it is
/// one that nothing written here has. It never fails.
pub fn hash_of_any(label: &str, value: &impl Serialize) -> Hash {
    hash(label, value).unwrap_or_else(|_| {
        let mut hasher = Sha256::new();
        hasher.update(b"outside the subset of ");
        hasher.update(label.as_bytes());
        hasher.update(serde_json::to_vec(value).unwrap_or_default());
        hasher.finalize().into()
    })
}

fn write(value: &Value, out: &mut String) -> Result<(), NotCanonical> {
    match value {
        Value::Null => return Err(NotCanonical("null")),
        Value::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
        Value::Number(n) => {
            let n = n.as_i64().filter(|n| n.unsigned_abs() < EXACT);
            out.push_str(&n.ok_or(NotCanonical("not an integer below 2^53"))?.to_string());
        }
        Value::String(s) => write_text(s, out),
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                out.push_str(if i == 0 { "" } else { "," });
                write(item, out)?;
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(key, _)| key.as_bytes());
            out.push('{');
            for (i, (key, item)) in members.into_iter().enumerate() {
                if !key.is_ascii() {
                    return Err(NotCanonical("a key that is not ASCII"));
                }
                out.push_str(if i == 0 { "" } else { "," });
                write_text(key, out);
                out.push(':');
                write(item, out)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            c if c < ' ' => write!(out, "\\u{:04x}", u32::from(c)).expect("a string takes all"),
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Lower-case hexadecimal, and back; for serde's `with`.
pub mod hex {
    use serde::{Deserialize, Deserializer, Serializer, de};

    /// Writes bytes.
    pub fn encode(bytes: &[u8]) -> String {
        let digit = |d: u8| char::from(if d < 10 { b'0' + d } else { b'a' - 10 + d });
        let both = |b: &u8| [digit(b >> 4), digit(b & 15)];
        bytes.iter().flat_map(both).collect()
    }

    /// Reads exactly `N` bytes; upper case is refused, so that bytes have one spelling.
    pub fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
        let digits = text.as_bytes();
        if digits.len() != 2 * N {
            return None;
        }
        let mut out = [0; N];
        for (byte, pair) in out.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(out)
    }

    fn digit(c: u8) -> Option<u8> {
        match c {
            b'0'..=b'9' => Some(c - b'0'),
            b'a'..=b'f' => Some(c - b'a' + 10),
            _ => None,
        }
    }

    /// For serde.
    pub fn serialize<S: Serializer, const N: usize>(
        bytes: &[u8; N],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.serialize_str(&encode(bytes))
    }

    /// For serde.
    pub fn deserialize<'de, D: Deserializer<'de>, const N: usize>(
        from: D,
    ) -> Result<[u8; N], D::Error> {
        let text = String::deserialize(from)?;
        decode(&text)
            .ok_or_else(|| de::Error::custom("not lower-case hexadecimal of the right length"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_are_sorted_and_text_is_escaped_once() {
        let value = json!({"b": [1, true, "é\n\u{1}/"], "a": {"z": -5, "B": "\"\\"}});

        assert_eq!(
            to_json(&value).expect("in the subset"),
            r#"{"a":{"B":"\"\\","z":-5},"b":[1,true,"é\n\u0001/"]}"#
        );
    }

    #[test]
    fn what_has_two_spellings_is_refused() {
        let outside = [json!(1.5), json!(1_u64 << 53), json!(null), json!({"é": 1})];

        assert!(outside.iter().all(|value| to_json(value).is_err()));
    }

    #[test]
    fn what_is_outside_still_has_a_hash_of_its_own() {
        let (one, other) = (json!({"at": 1_u64 << 53}), json!({"at": (1_u64 << 53) + 1}));

        assert_ne!(hash_of_any("a", &one), hash_of_any("a", &other));
        assert_ne!(hash_of_any("a", &one), hash_of_any("b", &one));
    }

    #[test]
    fn hexadecimal_has_one_spelling() {
        assert_eq!(hex::decode::<2>("0aff"), Some([10, 255]));
        assert_eq!(hex::decode::<2>("0AFF"), None);
        assert_eq!(hex::decode::<2>("0af"), None);
    }
}
