//! An export on its way in: every byte of it is checked before anything of it is believed.

use std::fs;
use std::path::{Component, Path};

use anyhow::{Context, anyhow, bail, ensure};
use ed25519_dalek::VerifyingKey;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::exported::{AsItWas, Drafted, Exported, FORM, Manifest};
use super::former::{Told, tell};
use super::keys::read_key;
use super::manifest::written;
use crate::domain::canonical::hex;
use crate::domain::certificate::Kept;
use crate::domain::content::Content;
use crate::domain::entry::What;
use crate::domain::practice::Practice;
use crate::ports::store::MediaBytes;

/// A practice in an export, checked.
#[derive(Debug)]
pub struct Incoming {
    /// The practice as its chain tells it.
    pub practice: Practice,
    /// The key that its chain is signed with.
    pub key: VerifyingKey,
    /// Its chain.
    pub chain: Vec<Kept>,
    /// What the chain says.
    pub told: Told,
    /// What was signed.
    pub contents: Vec<Content>,
    /// What its posts say or were to say next.
    pub drafts: Vec<Drafted>,
    /// The pictures.
    pub media: Vec<MediaBytes>,
}

impl Incoming {
    /// Reads and checks one practice of an export; which, where there are several.
    pub fn read(folder: &Path, which: Option<&str>) -> anyhow::Result<Self> {
        let manifest: Manifest = json(folder, "manifest.json")?;
        ensure!(manifest.form == FORM, "it is not an export of this form ({FORM})");
        for file in &manifest.files {
            let is = plain(&file.path)?;
            let same = written(folder, is)? == *file;
            ensure!(same, "{} is not the file that the manifest names", file.path);
        }
        // The chain of the instance stays where its acts were done.
        let practices = manifest.practices.iter().filter(|one| !one.practice.is_instance());
        let practices: Vec<&Exported> = practices.collect();
        let named = match (which, &practices[..]) {
            (None, [only]) => *only,
            (Some(id), all) => {
                let found = all.iter().find(|exported| exported.practice.as_str() == id);
                found.with_context(|| format!("there is no practice {id} in it"))?
            }
            (None, _) => {
                bail!("it does not hold exactly one practice: name one with --practice ID")
            }
        };
        Self::check(folder, &manifest, named)
    }

    fn check(folder: &Path, manifest: &Manifest, named: &Exported) -> anyhow::Result<Self> {
        let key = read_key(&manifest.key).context("its key")?;
        let of = |name: &str| format!("{}/{name}", named.folder);
        let practice: AsItWas = json(folder, &of("practice.json"))?;
        let practice = practice.read().context("its practice.json can't be read")?;
        ensure!(practice.id == named.practice, "its practice.json is another practice's");
        let chain: Vec<Kept> = lines(folder, &of("entries.jsonl"))?;
        let told = tell(&practice.id, &chain, &key).map_err(|why| anyhow!("its ledger: {why}"))?;
        if let Some(what) = told.roster.elsewhere().differs(&practice) {
            bail!("the practice's {what} is not what its ledger says");
        }
        let own = matches!(chain.first().map(Kept::what),
            Some(What::Opened { key, .. }) if *key == manifest.key);
        ensure!(own, "its ledger was begun with another key than the one that the manifest names");
        let contents: Vec<Content> = lines(folder, &of("contents.jsonl"))?;
        told.covers(&contents).map_err(|why| anyhow!("its contents: {why}"))?;
        let media = media(folder, manifest, &of("media/"))?;
        let drafts = lines(folder, &of("drafts.jsonl"))?;
        Ok(Self { practice, key, chain, told, contents, drafts, media })
    }
}

fn media(folder: &Path, manifest: &Manifest, under: &str) -> anyhow::Result<Vec<MediaBytes>> {
    let own = manifest.files.iter().filter(|file| file.path.starts_with(under));
    let mut media = Vec::new();
    for file in own {
        let bytes = fs::read(folder.join(plain(&file.path)?))?;
        let png = Path::new(&file.path).extension().is_some_and(|kind| kind == "png");
        let media_type = if png { "image/png" } else { "image/jpeg" }.to_owned();
        media.push(MediaBytes { sha256: hex::encode(&Sha256::digest(&bytes)), media_type, bytes });
    }
    Ok(media)
}

/// A path that leads to nowhere else.
fn plain(path: &str) -> anyhow::Result<&str> {
    let inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    ensure!(inside, "the manifest names a file elsewhere: {path}");
    Ok(path)
}

fn text(folder: &Path, name: &str) -> anyhow::Result<String> {
    fs::read_to_string(folder.join(plain(name)?)).with_context(|| format!("reading its {name}"))
}

fn json<T: DeserializeOwned>(folder: &Path, name: &str) -> anyhow::Result<T> {
    serde_json::from_str(&text(folder, name)?).with_context(|| format!("its {name} is damaged"))
}

fn lines<T: DeserializeOwned>(folder: &Path, name: &str) -> anyhow::Result<Vec<T>> {
    let text = text(folder, name)?;
    let read = text.lines().map(serde_json::from_str).collect::<Result<_, _>>();
    read.with_context(|| format!("its {name} is damaged"))
}
