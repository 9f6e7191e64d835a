//! `certificate`: the proof of one post as a file.

use std::io::Write;

use anyhow::{Context, anyhow};
use ed25519_dalek::VerifyingKey;

use super::former;
use super::found::Found;
use crate::domain::certificate::{Certificate, Kept, Material, issue};
use crate::domain::ids::PracticeId;
use crate::domain::post::Post;
use crate::ports::store::Store;

/// How many entries are read at once.
const PAGE: i64 = 500;

/// Writes the certificate of the post with this number.
pub async fn run(
    store: &dyn Store,
    key: &VerifyingKey,
    practice: &PracticeId,
    number: i64,
    out: &mut impl Write,
) -> anyhow::Result<Found> {
    let post = store.post_by_number(practice, number).await.context("reading the post")?;
    let certificate = match post {
        Some(post) => certify(store, key, &Background::read(store, practice).await?, &post).await?,
        None => former::certificate(store, practice, number)
            .await?
            .with_context(|| format!("there is no post {number}"))?,
    };
    out.write_all(certificate.to_json().as_bytes()).context("writing the certificate")?;
    Ok(Found::Intact)
}

/// What the certificates of a practice have in common.
#[derive(Debug, Clone)]
pub struct Background {
    /// Entries about no post.
    entries: Vec<Kept>,
    /// The end of the ledger.
    end: Kept,
}

impl Background {
    /// Reads the whole ledger once.
    pub async fn read(store: &dyn Store, practice: &PracticeId) -> anyhow::Result<Self> {
        let (mut entries, mut end) = (Vec::new(), None);
        loop {
            let after = end.as_ref().map_or(0, |kept: &Kept| kept.sealed.entry.seq);
            let page = store.entries(practice, after, PAGE).await.context("reading the ledger")?;
            let Some((last, _)) = page.last() else {
                let end = end.context("the ledger is empty")?;
                return Ok(Self { entries, end });
            };
            end = Some(Kept { sealed: last.clone(), body: None });
            let page = page.into_iter().map(|(sealed, body)| Kept { sealed, body });
            entries.extend(page.filter(|kept| kept.sealed.entry.fact.subject.is_none()));
        }
    }
}

/// Makes the certificate of a post; one that does not hold is not made.
pub async fn certify(
    store: &dyn Store,
    key: &VerifyingKey,
    background: &Background,
    post: &Post,
) -> anyhow::Result<Certificate> {
    let end = background.end.sealed.clone();
    let entries =
        store.entries_of(&post.practice, &post.id).await.context("reading its entries")?;
    // What was entered after the end was read is not of this certificate.
    let known = entries.into_iter().filter(|(sealed, _)| sealed.entry.seq <= end.entry.seq);
    let mut contents = Vec::new();
    for revision in 1..=post.revision {
        let content = store.content(&post.practice, &post.id, revision).await;
        contents.extend(content.context("reading what was signed")?);
    }
    let material = Material {
        background: background.entries.clone(),
        entries: known.map(|(sealed, body)| Kept { sealed, body }).collect(),
        contents,
        head: end,
    };
    issue(material, key).map_err(|why| anyhow!("post {} has no proof: {why}", post.number))
}
