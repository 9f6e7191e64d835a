//! Keys: from the environment, from files, or, in the embedded default only, made.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, bail};
use ed25519_dalek::SigningKey;

use crate::app::office::TraceKey;
use crate::domain::canonical::hex;

/// The keys of an installation. Never printed, never in the database, a backup or an export.
pub struct Keys {
    /// Signs the ledger.
    pub ledger: SigningKey,
    /// Hashes what was not kept.
    pub trace: TraceKey,
}

/// Reads both keys; makes them when `may_make`, which must not be where data lies already: a lost
/// key can't be made again.
pub fn read(data: &Path, may_make: bool) -> anyhow::Result<Keys> {
    Ok(Keys {
        ledger: SigningKey::from_bytes(&key("ledger", data, may_make)?),
        trace: TraceKey(key("trace", data, may_make)?),
    })
}

fn key(name: &str, data: &Path, may_make: bool) -> anyhow::Result<[u8; 32]> {
    let variable = format!("COUNTERSIGN_KEY_{}", name.to_uppercase());
    if let Ok(text) = std::env::var(&variable) {
        return hex::decode(text.trim())
            .with_context(|| format!("{variable} must be 64 lower-case hexadecimal digits"));
    }
    let folder = data.join("keys");
    let file = folder.join(name);
    if let Ok(text) = fs::read_to_string(&file) {
        return hex::decode(text.trim())
            .with_context(|| format!("{} must hold 64 hexadecimal digits", file.display()));
    }
    if !may_make {
        bail!(
            "the key {name} is missing and the database is not empty: put it back at {} or into {variable}",
            file.display()
        );
    }
    fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).context("asking the system for random bytes")?;
    write_private(&file, &hex::encode(&bytes))?;
    Ok(bytes)
}

/// Writes a file that only its owner reads; refuses to write over one.
pub fn write_private(file: &Path, text: &str) -> anyhow::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(file).with_context(|| format!("making {}", file.display()))?;
    out.write_all(text.as_bytes()).with_context(|| format!("writing {}", file.display()))
}
