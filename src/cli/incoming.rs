//! An export on its way in: every byte of it is checked before anything of it is believed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, anyhow, bail, ensure};
use ed25519_dalek::VerifyingKey;
use serde::de::DeserializeOwned;

use super::exported::{AsItWas, Drafted, Exported, FORM, Manifest};
use super::former::{Known, Told, tell};
use super::heads::Outside;
use super::keys::read_key;
use super::manifest::written;
use super::purges::OfFormer;
use crate::app::picture::{self, LARGEST_FILE};
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
    /// The pictures of what was signed, byte for byte.
    pub media: Vec<MediaBytes>,
    /// What its posts say or were to say next: no chain vouches for it.
    pub drafts: Vec<Drafted>,
    files: Pictures,
}

/// Which practice is wanted, and what is known of its chain from elsewhere.
#[derive(Debug, Default)]
pub struct Wanted<'a> {
    /// Its id, where there are several.
    pub practice: Option<&'a str>,
    /// Heads of its chain that were seen.
    pub seen: &'a [Outside],
}

/// The pictures in an export, by the hash of their bytes.
#[derive(Debug)]
struct Pictures(BTreeMap<String, PathBuf>);

impl Incoming {
    /// Reads and checks one practice of an export.
    pub fn read(folder: &Path, wanted: &Wanted<'_>) -> anyhow::Result<Self> {
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
        let named = match (wanted.practice, &practices[..]) {
            (None, [only]) => *only,
            (Some(id), all) => {
                let found = all.iter().find(|exported| exported.practice.as_str() == id);
                found.with_context(|| format!("there is no practice {id} in it"))?
            }
            (None, _) => {
                bail!("it does not hold exactly one practice: name one with --practice ID")
            }
        };
        Self::check(folder, &manifest, named, wanted.seen)
    }

    fn check(
        folder: &Path,
        manifest: &Manifest,
        named: &Exported,
        seen: &[Outside],
    ) -> anyhow::Result<Self> {
        let key = read_key(&manifest.key).context("its key")?;
        let of = |name: &str| format!("{}/{name}", named.folder);
        let practice: AsItWas = json(folder, &of("practice.json"))?;
        let practice = practice.read().context("its practice.json can't be read")?;
        ensure!(practice.id == named.practice, "its practice.json is another practice's");
        let theirs = |head: &Outside| head.practice.as_ref().is_none_or(|of| *of == practice.id);
        ensure!(seen.iter().all(theirs), "a head is given that is another practice's");
        let chain: Vec<Kept> = lines(folder, &of("entries.jsonl"))?;
        let known = Known { seen, ..Known::default() };
        let told = tell(&practice.id, &chain, &key, &known);
        let told = told.map_err(|why| anyhow!("its ledger: {why}"))?;
        if let Some(what) = told.roster.elsewhere().differs(&practice) {
            bail!("the practice's {what} is not what its ledger says");
        }
        let own = matches!(chain.first().map(Kept::what),
            Some(What::Opened { key, .. }) if *key == manifest.key);
        ensure!(own, "its ledger was begun with another key than the one that the manifest names");
        let contents: Vec<Content> = lines(folder, &of("contents.jsonl"))?;
        cover(&told, &contents).context("its contents")?;
        let files = Pictures::list(folder, manifest, &of("media/"))?;
        let media = files.signed(&contents)?;
        let drafts = lines(folder, &of("drafts.jsonl"))?;
        Ok(Self { practice, key, chain, told, contents, media, drafts, files })
    }

    /// A picture that a draft shows, made anew as if it had just been sent.
    pub fn renewed(&self, sha256: &str) -> anyhow::Result<picture::Picture> {
        let bytes = self.files.read(sha256, LARGEST_FILE)?;
        picture::admit(&bytes).with_context(|| of_picture(sha256))
    }
}

/// Every content that an entry fixed is there, unless a purge took it; and no other.
fn cover(told: &Told, contents: &[Content]) -> anyhow::Result<()> {
    let known = |content: &Content| told.fold.post(&content.post).is_some();
    ensure!(contents.iter().all(known), "one is of a post that its ledger does not tell of");
    for post in told.fold.posts() {
        let own = contents.iter().filter(|content| content.post == post.id);
        let own: Vec<Content> = own.cloned().collect();
        let covered = told.covers(&post.id, &own, &OfFormer::default());
        covered.map_err(|why| anyhow!("{why}"))?;
    }
    Ok(())
}

impl Pictures {
    fn list(folder: &Path, manifest: &Manifest, under: &str) -> anyhow::Result<Self> {
        let mut all = BTreeMap::new();
        for file in manifest.files.iter().filter(|file| file.path.starts_with(under)) {
            all.insert(file.sha256.clone(), folder.join(plain(&file.path)?));
        }
        Ok(Self(all))
    }

    /// The pictures of what was signed: all of them, and each is what it is said to be.
    fn signed(&self, contents: &[Content]) -> anyhow::Result<Vec<MediaBytes>> {
        let (mut media, mut known) = (Vec::new(), BTreeSet::new());
        let parts = contents.iter().flat_map(|content| &content.accounts);
        for signed in parts.flat_map(|part| &part.media) {
            if !known.insert((&signed.sha256, &signed.media_type)) {
                continue;
            }
            let bytes = self.read(&signed.sha256, picture::LARGEST_PICTURE)?;
            let is = picture::look(&bytes).with_context(|| of_picture(&signed.sha256))?;
            ensure!(
                is == signed.media_type,
                "the picture {} is not of the type that was signed",
                signed.sha256
            );
            let (sha256, media_type) = (signed.sha256.clone(), signed.media_type.clone());
            media.push(MediaBytes { sha256, media_type, bytes });
        }
        Ok(media)
    }

    /// A picture's bytes, which hash to this.
    fn read(&self, sha256: &str, most: usize) -> anyhow::Result<Vec<u8>> {
        let file = self.0.get(sha256);
        let file = file.with_context(|| format!("the picture {sha256} is not in it"))?;
        let size = fs::metadata(file).with_context(|| of_picture(sha256))?.len();
        let fits = usize::try_from(size).is_ok_and(|size| size <= most);
        ensure!(fits, "the picture {sha256} is larger than a picture may be");
        fs::read(file).with_context(|| of_picture(sha256))
    }
}

fn of_picture(sha256: &str) -> String {
    format!("the picture {sha256}")
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
