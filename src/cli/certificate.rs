//! `certificate`: the proof of one post as a file.

use std::io::Write;

use anyhow::{Context, anyhow};
use ed25519_dalek::VerifyingKey;

use super::found::Found;
use crate::app::certificate::{Background, certify};
use crate::domain::ids::PracticeId;
use crate::ports::store::Store;

/// Writes the certificate of the post with this number.
pub async fn run(
    store: &dyn Store,
    key: &VerifyingKey,
    practice: &PracticeId,
    number: i64,
    out: &mut impl Write,
) -> anyhow::Result<Found> {
    let post = store.post_by_number(practice, number).await.context("reading the post")?;
    let post = post.with_context(|| format!("there is no post {number}"))?;
    let background = Background::read(store, practice).await.context("reading the ledger")?;
    let made = certify(store, key, &background, &post).await.context("reading its entries")?;
    let certificate = made.map_err(|why| anyhow!("post {number} has no proof: {why}"))?;
    out.write_all(certificate.to_json().as_bytes()).context("writing the certificate")?;
    Ok(Found::Intact)
}
