//! The chain that an imported practice had in another installation: whether it is whole, and the
//! certificates of its posts.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, anyhow};
use ed25519_dalek::VerifyingKey;

use super::found::Wrong;
use super::gaps::Gaps;
use super::heads::Outside;
use super::keys::read_key;
use super::pictures::pictures;
use super::purges::{OfFormer, Purges};
use crate::domain::certificate::{Certificate, Kept, Material, issue};
use crate::domain::content::{Content, ContentHash};
use crate::domain::entry::{Former, What};
use crate::domain::fold::Fold;
use crate::domain::ids::{PostId, PracticeId};
use crate::domain::ledger::{Head, Walk};
use crate::domain::retention::Retention;
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
    /// Whether anything of it may go, and what.
    pub retention: Retention,
    /// Which content each revision of a post was fixed as.
    fixed: BTreeMap<PostId, BTreeMap<i64, ContentHash>>,
    purges: Purges,
}

/// What is known of a chain from elsewhere than itself.
#[derive(Debug, Default)]
pub struct Known<'a> {
    /// Heads of it that were seen.
    pub seen: &'a [Outside],
    /// What was purged of it since it ended.
    pub purged: OfFormer,
}

/// Reads a chain from its first entry; the first thing that is wrong ends it.
pub fn tell(
    practice: &PracticeId,
    chain: &[Kept],
    key: &VerifyingKey,
    known: &Known<'_>,
) -> Result<Told, Wrong> {
    let mut walk = Walk::new(practice.clone());
    let mut gaps = Gaps::new(&known.seen.iter().collect::<Vec<_>>());
    let mut missing = Vec::new();
    let mut told = Told {
        head: walk.head(),
        fold: Fold::default(),
        roster: Roster::new(practice.clone()),
        retention: Retention::default(),
        fixed: BTreeMap::new(),
        purges: Purges::default(),
    };
    for kept in chain {
        walk.step(&kept.sealed, key)?;
        gaps.pass(&kept.sealed);
        let entry = &kept.sealed.entry;
        match &kept.body {
            Some(body) if body.hash() != entry.body_hash => {
                return Err(Wrong(format!("the body of entry #{} was changed", entry.seq)));
            }
            Some(_) => {}
            None => missing.push((entry.seq, about(kept))),
        }
        told.add(kept)?;
    }
    told.head = walk.head();
    gaps.end(told.head.seq)?;
    told.purges.explain(&missing, &known.purged)?;
    Ok(told)
}

/// The post that an entry is about.
fn about(kept: &Kept) -> Option<PostId> {
    kept.sealed.entry.fact.subject.as_ref().map(|subject| subject.post.clone())
}

impl Told {
    fn add(&mut self, kept: &Kept) -> Result<(), Wrong> {
        let (entry, seq, post) = (&kept.sealed.entry, kept.sealed.entry.seq, about(kept));
        let before = post.as_ref().and_then(|post| self.fold.post(post));
        story::follows(before, entry)
            .map_err(|why| Wrong(format!("entry #{seq} does not follow: {why}")))?;
        match (&entry.fact.what, post) {
            (What::Leaving { .. }, _)
                if !before.is_some_and(|post| self.roster.meets_policy(post, entry)) =>
            {
                let why = "those who signed were not enough for the policy, or could not sign";
                return Err(Wrong(format!("entry #{seq}: {why}")));
            }
            (What::Submitted(is) | What::Edited(is) | What::Amended(is), Some(post)) => {
                self.fixed.entry(post).or_default().insert(is.to, is.hash);
            }
            _ => {}
        }
        self.roster.add(entry, kept.body.as_ref());
        self.fold.add(entry);
        self.purges.add(entry);
        self.retention.add(&kept.sealed, kept.body.is_some());
        Ok(())
    }

    /// These are the contents of a post: each that an entry fixed, unless a purge took them, and
    /// no other.
    pub fn covers(
        &self,
        post: &PostId,
        contents: &[Content],
        purged: &OfFormer,
    ) -> Result<(), Wrong> {
        let none = BTreeMap::new();
        let fixed = self.fixed.get(post).unwrap_or(&none);
        let is_strange = |content: &&Content| {
            content.post != *post || fixed.get(&content.revision) != Some(&content.hash())
        };
        if let Some(Content { revision, .. }) = contents.iter().find(is_strange) {
            let why = format!("revision {revision} of a post is not what its ledger fixed");
            return Err(Wrong(why));
        }
        let went = self.purges.took_all_of(post) || purged.took_all_of(post);
        let is_there =
            |revision: &i64| contents.iter().any(|content| content.revision == *revision);
        match fixed.keys().find(|revision| !is_there(revision)) {
            Some(revision) if !went => {
                let number = self.fold.post(post).map_or(0, |post| post.number);
                Err(Wrong(format!(
                    "the content of revision {revision} of post {number} is missing, and no purge \
                     tells of it"
                )))
            }
            _ => Ok(()),
        }
    }
}

/// The former chain is whole, and the one that the new chain's first entry names; `purged` is what
/// the new chain tells of it.
pub async fn verify(
    store: &dyn Store,
    practice: &PracticeId,
    former: &Former,
    purged: &OfFormer,
) -> Result<(), Wrong> {
    let wrong = |why: Wrong| Wrong(format!("the chain before the import: {why}"));
    let key =
        read_key(&former.key).map_err(|_| Wrong("its former key can't be read".to_owned()))?;
    let chain = chain(store, practice).await.map_err(|error| Wrong(error.to_string()))?;
    let known = Known { purged: purged.clone(), ..Known::default() };
    let told = tell(practice, &chain, &key, &known).map_err(wrong)?;
    if told.head != (Head { seq: former.seq, hash: former.hash }) {
        return Err(Wrong(
            "the chain before the import is not the one that was imported".to_owned(),
        ));
    }
    let mut looked_at = BTreeSet::new();
    for post in told.fold.posts() {
        let contents = store.former_contents(practice, &post.id).await?;
        told.covers(&post.id, &contents, purged).map_err(wrong)?;
        for content in &contents {
            pictures(store, content, &mut looked_at).await.map_err(wrong)?;
        }
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
