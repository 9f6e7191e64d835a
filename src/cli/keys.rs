//! Keys: from the environment, from files, or, in the embedded default only, made.

use std::env::{self, VarError};
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use anyhow::{Context, bail};
use ed25519_dalek::{SigningKey, VerifyingKey};

use crate::app::office::TraceKey;
use crate::domain::canonical::hex;
use crate::domain::vault::Vault;

/// The keys of an installation. Never printed, never in the database, a backup or an export.
pub struct Keys {
    /// Signs the ledger.
    pub ledger: SigningKey,
    /// Hashes what was not kept.
    pub trace: TraceKey,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys([hidden])")
    }
}

/// The key vault that is being replaced.
const OLD_VAULT: &str = "vault_old";

/// What to do about a key that is nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// Make it.
    Make,
    /// Refuse: there are data that it belongs to, and a lost key can't be made again.
    DataAreThere,
    /// Refuse: keys are made by whoever runs this.
    NeverMade,
}

/// Reads both keys. Nothing is made unless both can be had.
pub fn read(data: &Path, missing: Missing) -> anyhow::Result<Keys> {
    let (ledger, trace) = (find("ledger", data)?, find("trace", data)?);
    Ok(Keys {
        ledger: SigningKey::from_bytes(&have("ledger", ledger, data, missing)?),
        trace: TraceKey(have("trace", trace, data, missing)?),
    })
}

/// The key that seals is there.
pub fn has_vault(data: &Path) -> anyhow::Result<bool> {
    find("vault", data).map(|found| found.is_some())
}

/// Reads the key that seals what is kept of installs and accounts; while it is being replaced, the
/// one before it as well.
pub fn vault(data: &Path, missing: Missing) -> anyhow::Result<Vault> {
    let vault = Vault::new(have("vault", find("vault", data)?, data, missing)?);
    Ok(match find(OLD_VAULT, data)? {
        Some(older) => vault.with_older(older),
        None => vault,
    })
}

/// Where the key is that is being replaced, if one is.
pub fn old_vault(data: &Path) -> anyhow::Result<Option<String>> {
    if find(OLD_VAULT, data)?.is_none() {
        return Ok(None);
    }
    let variable = variable(OLD_VAULT);
    let file = data.join("keys").join(OLD_VAULT);
    Ok(Some(if env::var_os(&variable).is_some() { variable } else { file.display().to_string() }))
}

/// Puts a new key in the place of the file `vault`, and keeps the one that was there beside it.
/// Both are there before anything is sealed with the new one. Where that was done already, nothing
/// is. Whether a new one is there by that: no process that runs knows it yet.
pub fn replace_vault(data: &Path) -> anyhow::Result<bool> {
    let now = have("vault", find("vault", data)?, data, Missing::NeverMade)?;
    if find(OLD_VAULT, data)?.is_some_and(|older| older != now) {
        return Ok(false);
    }
    let (mine, older) = (variable("vault"), variable(OLD_VAULT));
    if env::var_os(&mine).is_some() {
        bail!(
            "the key vault comes from {mine}: put the key that is there into {older}, a new one \
             (openssl rand -hex 32) into {mine}, and do this again"
        );
    }
    let folder = data.join("keys");
    make_private(&folder.join(OLD_VAULT), &hex::encode(&now))?;
    let (draft, file) = (folder.join("vault.draft"), folder.join("vault"));
    write_private(&draft, &random::<32>()?)?;
    fs::rename(&draft, &file).with_context(|| format!("replacing {}", file.display()))?;
    let folder = fs::File::open(&folder).and_then(|folder| folder.sync_all());
    folder.context("keeping the new key").map(|()| true)
}

/// The variable that a key may come from.
pub fn variable(name: &str) -> String {
    format!("COUNTERSIGN_KEY_{}", name.to_uppercase())
}

/// The key, if it is anywhere. What is wrong with one is said without repeating any of it.
fn find(name: &str, data: &Path) -> anyhow::Result<Option<[u8; 32]>> {
    let variable = variable(name);
    let wrong = "64 hexadecimal digits, in small letters";
    match env::var(&variable) {
        Ok(text) => {
            let key = hex::decode(text.trim());
            return key.with_context(|| format!("{variable} must be {wrong}")).map(Some);
        }
        Err(VarError::NotUnicode(_)) => bail!("{variable} must be {wrong}"),
        Err(VarError::NotPresent) => {}
    }
    let file = data.join("keys").join(name);
    match fs::read(&file) {
        Ok(bytes) => {
            let text = str::from_utf8(&bytes).ok();
            let key = text.and_then(|text| hex::decode(text.trim()));
            key.with_context(|| format!("{} must hold {wrong}", file.display())).map(Some)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("reading {}", file.display())),
    }
}

fn have(
    name: &str,
    found: Option<[u8; 32]>,
    data: &Path,
    missing: Missing,
) -> anyhow::Result<[u8; 32]> {
    if let Some(key) = found {
        return Ok(key);
    }
    let (file, variable) = (data.join("keys").join(name), variable(name));
    match missing {
        Missing::Make => {
            let made = make_private(&file, &random::<32>()?)?;
            hex::decode(&made).with_context(|| format!("reading {} again", file.display()))
        }
        Missing::DataAreThere => bail!(
            "the key {name} is missing and the database is not empty: put it back at {} or into {variable}",
            file.display()
        ),
        Missing::NeverMade => bail!(
            "the key {name} is missing: put 64 hexadecimal digits (openssl rand -hex 32) at {} or into \
             {variable}, and keep a copy elsewhere",
            file.display()
        ),
    }
}

/// Makes a folder that its owner alone looks into; one that is there stays as it is.
pub fn make_folder(folder: &Path) -> anyhow::Result<()> {
    let making = || format!("making {}", folder.display());
    DirBuilder::new().recursive(true).mode(0o700).create(folder).with_context(making)
}

/// Reads a public key: 64 hexadecimal digits, or the name of a file that holds them.
pub fn read_key(given: &str) -> anyhow::Result<VerifyingKey> {
    let text = match hex::decode::<32>(given.trim()) {
        Some(_) => given.to_owned(),
        None => fs::read_to_string(given).with_context(|| format!("reading {given}"))?,
    };
    let bytes = hex::decode(text.trim());
    let key = bytes.and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok());
    key.with_context(|| format!("{given} is not a public key of 64 hexadecimal digits"))
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
    make_folder(folder)?;
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
    let mut options = OpenOptions::new();
    let options = options.write(true).create(true).truncate(true).mode(0o600);
    let mut out = options.open(file).with_context(|| format!("making {}", file.display()))?;
    let written = out.write_all(text.as_bytes()).and_then(|()| out.sync_all());
    written.with_context(|| format!("writing {}", file.display()))
}
