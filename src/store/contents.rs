//! What was signed: revisions, which never change, and the bytes of their pictures.

use jiff::Timestamp;
use sqlx::FromRow;

use super::db::{Tx, sql, statements};
use super::row::{InTable, one_spelling};
use crate::domain::content::Content;
use crate::domain::ids::{PostId, PracticeId};
use crate::ports::store::{MediaBytes, Stored};

statements! {
    REVISION = "SELECT content FROM revisions
        WHERE practice_id = $1 AND post_id = $2 AND revision = $3";
    INSERT_REVISION = "INSERT INTO revisions
        (practice_id, post_id, revision, hash, content, made_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    MEDIA = "SELECT sha256, media_type, bytes FROM media WHERE practice_id = $1 AND sha256 = $2";
    INSERT_MEDIA = "INSERT INTO media (practice_id, sha256, media_type, bytes)
        VALUES ($1, $2, $3, $4) ON CONFLICT (practice_id, sha256) DO NOTHING";
}

#[derive(FromRow)]
struct RevisionRow {
    content: Option<String>,
}

#[derive(FromRow)]
struct MediaRow {
    sha256: String,
    media_type: String,
    bytes: Vec<u8>,
}

impl InTable for RevisionRow {
    const TABLE: &'static str = "revisions";
}

impl InTable for MediaRow {
    const TABLE: &'static str = "media";
}

/// A revision's content, unless it was purged.
pub(super) async fn content(
    tx: &mut Tx,
    whose: &PracticeId,
    post: &PostId,
    revision: i64,
) -> Stored<Option<Content>> {
    let (whose, post) = (whose.as_str(), post.as_str());
    let row = sql!(tx.fetch_optional as RevisionRow: REVISION, whose, post, revision)?;
    let content = row.and_then(|row| row.content);
    content.map(|text| RevisionRow::hashed("content", &text)).transpose()
}

/// Writes a new revision. One that is there already never changes.
pub(super) async fn insert(
    tx: &mut Tx,
    whose: &PracticeId,
    content: &Content,
    at: Timestamp,
) -> Stored<()> {
    sql!(tx.execute: INSERT_REVISION, whose.as_str(), content.post.as_str(), content.revision,
        content.hash().to_string(), one_spelling(content)?, at.as_microsecond())
    .map(drop)
}

/// A picture's bytes.
pub(super) async fn media(
    tx: &mut Tx,
    whose: &PracticeId,
    sha256: &str,
) -> Stored<Option<MediaBytes>> {
    let row = sql!(tx.fetch_optional as MediaRow: MEDIA, whose.as_str(), sha256)?;
    Ok(row.map(|row| MediaBytes {
        sha256: row.sha256,
        media_type: row.media_type,
        bytes: row.bytes,
    }))
}

/// Writes a picture's bytes, unless they are there.
pub(super) async fn insert_media(
    tx: &mut Tx,
    whose: &PracticeId,
    media: &MediaBytes,
) -> Stored<()> {
    sql!(tx.execute: INSERT_MEDIA, whose.as_str(), &media.sha256, &media.media_type,
        media.bytes.as_slice())
    .map(drop)
}
