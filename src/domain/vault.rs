//! Seals what must be kept and nobody may read: tokens of workspaces and accounts. Pure.
//!
//! XChaCha20-Poly1305. What the secret belongs to is bound to it, so that a sealed text that was
//! put elsewhere does not open. The format is hexadecimal: a byte 1, 24 bytes that are never used
//! twice, and the rest.

use std::fmt;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{Key, KeyInit, XChaCha20Poly1305, XNonce};
use thiserror::Error;

use super::canonical::hex;

const FORMAT: u8 = 1;
/// Bytes that are never used twice with one key.
pub type Once = [u8; 24];

/// The key of everything that is sealed, and, while it is being replaced, the one before it.
#[derive(Clone)]
pub struct Vault {
    newest: XChaCha20Poly1305,
    older: Option<XChaCha20Poly1305>,
}

/// It does not open: another key, another owner, or damage. Nobody can tell which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("it can't be opened with this key vault")]
pub struct Shut;

impl Vault {
    /// With this key.
    pub fn new(key: [u8; 32]) -> Self {
        Self { newest: XChaCha20Poly1305::new(&Key::from(key)), older: None }
    }

    /// Opens what was sealed with this key as well, and seals nothing with it.
    #[must_use]
    pub fn with_older(self, key: [u8; 32]) -> Self {
        Self { older: Some(XChaCha20Poly1305::new(&Key::from(key))), ..self }
    }

    /// Seals a secret of this owner.
    pub fn seal(&self, owner: &[&str], secret: &str, once: Once) -> String {
        let owner = bound(owner);
        let payload = Payload { msg: secret.as_bytes(), aad: &owner };
        let sealed = self.newest.encrypt(&XNonce::from(once), payload);
        let sealed = sealed.expect("it fails only beyond 256 GB");
        hex::encode(&[&[FORMAT], &once[..], &sealed].concat())
    }

    /// Opens what was sealed for this owner.
    pub fn open(&self, owner: &[&str], sealed: &str) -> Result<String, Shut> {
        let keys = [Some(&self.newest), self.older.as_ref()];
        let mut opened = keys.into_iter().flatten().map(|key| opened(key, owner, sealed));
        opened.find(Result::is_ok).unwrap_or(Err(Shut))
    }

    /// The same secret sealed with the newest key; nothing where it is so already.
    pub fn anew(&self, owner: &[&str], sealed: &str, once: Once) -> Result<Option<String>, Shut> {
        if opened(&self.newest, owner, sealed).is_ok() {
            return Ok(None);
        }
        self.open(owner, sealed).map(|secret| Some(self.seal(owner, &secret, once)))
    }
}

fn opened(key: &XChaCha20Poly1305, owner: &[&str], sealed: &str) -> Result<String, Shut> {
    let bytes = bytes(sealed).ok_or(Shut)?;
    let (format, rest) = bytes.split_first().ok_or(Shut)?;
    let (once, rest) = rest.split_first_chunk::<24>().ok_or(Shut)?;
    if *format != FORMAT {
        return Err(Shut);
    }
    let owner = bound(owner);
    let payload = Payload { msg: rest, aad: &owner };
    let secret = key.decrypt(&XNonce::from(*once), payload).map_err(|_| Shut)?;
    String::from_utf8(secret).map_err(|_| Shut)
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault([hidden])")
    }
}

/// The owner as bytes; two owners never have the same.
fn bound(owner: &[&str]) -> Vec<u8> {
    let mut bytes = b"countersign.vault.v1".to_vec();
    for part in owner {
        bytes.push(b'\n');
        bytes.extend(part.len().to_string().bytes());
        bytes.push(b':');
        bytes.extend(part.bytes());
    }
    bytes
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| Some(hex::decode::<1>(str::from_utf8(pair).ok()?)?[0])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWNER: &[&str] = &["slack", "T0123"];

    #[test]
    fn what_was_sealed_opens_for_its_owner_alone() {
        let vault = Vault::new([7; 32]);
        let sealed = vault.seal(OWNER, "xoxb-s3cret", [1; 24]);

        assert_eq!(vault.open(OWNER, &sealed).as_deref(), Ok("xoxb-s3cret"));
        for other in
            [&["slack", "T0124"][..], &["slack"], &["slackT", "0123"], &["slack", "T", "0123"]]
        {
            assert_eq!(vault.open(other, &sealed), Err(Shut), "{other:?}");
        }
        assert_eq!(Vault::new([8; 32]).open(OWNER, &sealed), Err(Shut));
        assert!(!format!("{vault:?}{sealed}").contains("s3cret"));
        assert_ne!(vault.seal(OWNER, "xoxb-s3cret", [2; 24])[50..], sealed[50..]);
    }

    #[test]
    fn what_was_changed_anywhere_does_not_open() {
        let vault = Vault::new([7; 32]);
        let sealed = vault.seal(OWNER, "xoxb-s3cret", [1; 24]);

        for at in 0..sealed.len() {
            let mut changed = sealed.clone().into_bytes();
            changed[at] = if changed[at] == b'0' { b'1' } else { b'0' };
            let changed = String::from_utf8(changed).expect("digits");
            assert_eq!(vault.open(OWNER, &changed), Err(Shut), "{at}");
            assert_eq!(vault.open(OWNER, &sealed[..at]), Err(Shut), "{at}");
        }
    }

    #[test]
    fn while_a_key_is_replaced_both_open_and_only_the_new_one_seals() {
        let (old, new) = (Vault::new([7; 32]), Vault::new([8; 32]));
        let both = Vault::new([8; 32]).with_older([7; 32]);
        let sealed = old.seal(OWNER, "xoxb-s3cret", [1; 24]);

        assert_eq!(both.open(OWNER, &sealed).as_deref(), Ok("xoxb-s3cret"));
        let anew = both.anew(OWNER, &sealed, [2; 24]).expect("it opens").expect("sealed anew");
        assert_eq!(new.open(OWNER, &anew).as_deref(), Ok("xoxb-s3cret"));
        assert_eq!(both.anew(OWNER, &anew, [3; 24]), Ok(None));
        assert_eq!(new.anew(OWNER, &sealed, [3; 24]), Err(Shut));
        assert_eq!(both.open(&["slack"], &sealed), Err(Shut));
    }

    #[test]
    fn it_is_the_cipher_that_everybody_knows() {
        // Made with another implementation, in another language.
        let vault = Vault::new(std::array::from_fn(|at| u8::try_from(at).expect("small")));
        let once = std::array::from_fn(|at| u8::try_from(at + 64).expect("small"));
        let known = "01404142434445464748494a4b4c4d4e4f5051525354555657\
            ac567d12fd934a75fd91f3217223527e3b3d0eb9db0fd62772980e";
        assert_eq!(vault.seal(OWNER, "xoxb-s3cret", once), known);
    }
}
