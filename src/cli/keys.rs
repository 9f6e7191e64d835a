//! Keys: from the environment, from files, or, in the embedded default only, made.

use std::fs;
use std::io::{ErrorKind, Write};
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
    let file = data.join("keys").join(name);
    let text = match held(&file)? {
        Some(text) => text,
        None if may_make => make_private(&file, &random::<32>()?)?,
        None => bail!(
            "the key {name} is missing and the database is not empty: put it back at {} or into {variable}",
            file.display()
        ),
    };
    hex::decode(&text)
        .with_context(|| format!("{} must hold 64 hexadecimal digits", file.display()))
}

/// The token of the local workspace: made once, readable by its owner alone.
pub fn token(data: &Path) -> anyhow::Result<String> {
    let file = data.join("token");
    match held(&file)? {
        Some(token) => Ok(token),
        None => make_private(&file, &random::<16>()?),
    }
}

fn random<const N: usize>() -> anyhow::Result<String> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).context("asking the system for random bytes")?;
    Ok(hex::encode(&bytes))
}

/// What a file holds; `None` when there is none.
fn held(file: &Path) -> anyhow::Result<Option<String>> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text.trim().to_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("reading {}", file.display())),
    }
}

/// Makes a file that only its owner reads, and returns what it holds.
///
/// It appears whole or not at all: a process that dies here leaves no half of a key. Of several
/// that make it at the same time one does, and all hold what that one wrote.
fn make_private(file: &Path, text: &str) -> anyhow::Result<String> {
    let folder = file.parent().context("a file is in a folder")?;
    fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    let draft = file.with_extension(format!("{}.draft", std::process::id()));
    write_private(&draft, text)?;
    let made = fs::hard_link(&draft, file);
    fs::remove_file(&draft).with_context(|| format!("removing {}", draft.display()))?;
    match made {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(error).with_context(|| format!("making {}", file.display()))
        }
        _ => held(file)?.with_context(|| format!("{} is gone again", file.display())),
    }
}

fn write_private(file: &Path, text: &str) -> anyhow::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(file).with_context(|| format!("making {}", file.display()))?;
    let written = out.write_all(text.as_bytes()).and_then(|()| out.sync_all());
    written.with_context(|| format!("writing {}", file.display()))
}
