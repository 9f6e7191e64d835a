//! The chain that an imported practice had in another installation: whether it is whole, and the
//! certificates of its posts.

use std::collections::BTreeMap;

use anyhow::{Context, anyhow};
use ed25519_dalek::VerifyingKey;

use super::found::Wrong;
use super::keys::read_key;
use super::purges::Purges;
use crate::domain::certificate::{Certificate, Kept, Material, issue};
use crate::domain::content::{Content, ContentHash};
use crate::domain::entry::{Former, What};
use crate::domain::fold::Fold;
use crate::domain::ids::{PostId, PracticeId};
use crate::domain::ledger::{Head, Walk};
use crate::domain::roster::Roster;
use crate::domain::story;
use crate::ports::store::Store;

/// How many entries are read at once.
const PAGE: i64 = 500;

/// What a chain says that is read by itself, without any table.
#[derive(Debug)]
pub struct Told {
    /// Where it ends.
    pub head: Head,
    /// Its posts.
    pub fold: Fold,
    /// Its people, accounts and policy.
    pub roster: Roster,
    /// Which content each revision was fixed as.
    fixed: BTreeMap<(PostId, i64), ContentHash>,
}

/// Reads a chain from its first entry; the first thing that is wrong ends it.
pub fn tell(practice: &PracticeId, chain: &[Kept], key: &VerifyingKey) -> Result<Told, Wrong> {
    let mut walk = Walk::new(practice.clone());
    let (mut fold, mut roster) = (Fold::default(), Roster::new(practice.clone()));
    let (mut fixed, mut purges, mut missing) = (BTreeMap::new(), Purges::default(), Vec::new());
    for Kept { sealed, body } in chain {
        walk.step(sealed, key)?;
        let (entry, seq) = (&sealed.entry, sealed.entry.seq);
        let post = entry.fact.subject.as_ref().map(|subject| subject.post.clone());
        match body {
            Some(body) if body.hash() != entry.body_hash => {
                return Err(Wrong(format!("the body of entry #{seq} was changed")));
            }
            Some(_) => {}
            None => missing.push((seq, post.clone())),
        }
        let before = post.as_ref().and_then(|post| fold.post(post));
        story::follows(before, entry)
            .map_err(|why| Wrong(format!("entry #{seq} does not follow: {why}")))?;
        match (&entry.fact.what, post) {
            (What::Leaving { .. }, _)
                if !before.is_some_and(|post| roster.meets_policy(post, entry)) =>
            {
                let why = "those who signed were not enough for the policy, or could not sign";
                return Err(Wrong(format!("entry #{seq}: {why}")));
            }
            (What::Submitted(is) | What::Edited(is) | What::Amended(is), Some(post)) => {
                fixed.insert((post, is.to), is.hash);
            }
            _ => {}
        }
        roster.add(entry, body.as_ref());
        fold.add(entry);
        purges.add(entry);
    }
    purges.explain(&missing)?;
    Ok(Told { head: walk.head(), fold, roster, fixed })
}

impl Told {
    /// Every content is one that an entry fixed.
    pub fn covers(&self, contents: &[Content]) -> Result<(), Wrong> {
        let fixed = |content: &&Content| {
            let place = (content.post.clone(), content.revision);
            self.fixed.get(&place) == Some(&content.hash())
        };
        match contents.iter().find(|content| !fixed(content)) {
            None => Ok(()),
            Some(content) => Err(Wrong(format!(
                "revision {} of a post is not what its ledger fixed",
                content.revision
            ))),
        }
    }
}

/// The former chain is whole, and the one that the new chain's first entry names.
pub async fn verify(
    store: &dyn Store,
    practice: &PracticeId,
    former: &Former,
) -> Result<(), Wrong> {
    let wrong = |why: Wrong| Wrong(format!("the chain before the import: {why}"));
    let key =
        read_key(&former.key).map_err(|_| Wrong("its former key can't be read".to_owned()))?;
    let chain = chain(store, practice).await.map_err(|error| Wrong(error.to_string()))?;
    let told = tell(practice, &chain, &key).map_err(wrong)?;
    if told.head != (Head { seq: former.seq, hash: former.hash }) {
        return Err(Wrong(
            "the chain before the import is not the one that was imported".to_owned(),
        ));
    }
    for post in told.fold.posts() {
        told.covers(&store.former_contents(practice, &post.id).await?).map_err(wrong)?;
    }
    Ok(())
}

/// The certificate of a post of the former chain, with that chain's own key; `None` when there was
/// none with this number.
pub async fn certificate(
    store: &dyn Store,
    practice: &PracticeId,
    number: i64,
) -> anyhow::Result<Option<Certificate>> {
    let key = store.former_key(practice).await.context("reading the former chain")?;
    let Some(key) = key else { return Ok(None) };
    let key = read_key(&key)?;
    let chain = chain(store, practice).await?;
    let drafted =
        |kept: &&Kept| matches!(kept.what(), What::Drafted { number: is, .. } if *is == number);
    let about = |kept: &Kept| kept.sealed.entry.fact.subject.as_ref().map(|s| s.post.clone());
    let Some(post) = chain.iter().find(drafted).and_then(about) else {
        return Ok(None);
    };
    let head = chain.last().context("the former chain is empty")?.sealed.clone();
    let contents =
        store.former_contents(practice, &post).await.context("reading what was signed")?;
    let (background, rest): (Vec<Kept>, Vec<Kept>) =
        chain.into_iter().partition(|kept| kept.sealed.entry.fact.subject.is_none());
    let entries = rest.into_iter().filter(|kept| about(kept).as_ref() == Some(&post)).collect();
    let material = Material { background, entries, contents, head };
    let issued = issue(material, &key);
    issued.map(Some).map_err(|why| anyhow!("post {number} has no proof: {why}"))
}

async fn chain(store: &dyn Store, practice: &PracticeId) -> anyhow::Result<Vec<Kept>> {
    let mut chain: Vec<Kept> = Vec::new();
    loop {
        let after = chain.last().map_or(0, |kept| kept.sealed.entry.seq);
        let page = store.former_entries(practice, after, PAGE).await;
        let page = page.context("reading the former chain")?;
        if page.is_empty() {
            return Ok(chain);
        }
        chain.extend(page);
    }
}
