//! What an imported practice did in another installation: it is read, and what was kept long
//! enough loses its words.

use sqlx::FromRow;

use super::db::{Tx, sql, statements};
use super::row::{InTable, json};
use crate::domain::certificate::Kept;
use crate::domain::content::Content;
use crate::domain::ids::{PostId, PracticeId};
use crate::ports::store::Stored;

statements! {
    FORMER_KEY = "SELECT public_key FROM former WHERE practice_id = $1";
    FORMER_AFTER = "SELECT kept FROM former_entries
        WHERE practice_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    /// The entries themselves stay: their hashes and signatures are what the chain is.
    FORMER_ENTRY = "SELECT kept FROM former_entries WHERE practice_id = $1 AND seq = $2";
    PURGE_KEPT = "UPDATE former_entries SET kept = $3 WHERE practice_id = $1 AND seq = $2";
    PURGE_FORMER = "DELETE FROM former_contents WHERE practice_id = $1 AND post_id = $2";
    FORMER_CONTENTS = "SELECT content FROM former_contents
        WHERE practice_id = $1 AND post_id = $2 ORDER BY revision";
}

#[derive(FromRow)]
struct KeptRow {
    kept: String,
}

#[derive(FromRow)]
struct ContentRow {
    content: String,
}

impl InTable for KeptRow {
    const TABLE: &'static str = "former_entries";
}

impl InTable for ContentRow {
    const TABLE: &'static str = "former_contents";
}

/// Takes the contents of a post, and the bodies of these entries.
pub(super) async fn purge(
    tx: &mut Tx,
    whose: &PracticeId,
    (post, entries): (Option<&PostId>, &[i64]),
) -> Stored<()> {
    let practice = whose.as_str();
    if let Some(post) = post {
        sql!(tx.execute: PURGE_FORMER, practice, post.as_str())?;
    }
    for seq in entries {
        let row = sql!(tx.fetch_one as KeptRow: FORMER_ENTRY, practice, *seq)?;
        let kept: Kept = KeptRow::json("kept", &row.kept)?;
        let bare = Kept { body: None, ..kept };
        sql!(tx.execute: PURGE_KEPT, practice, *seq, json(&bare)?)?;
    }
    Ok(())
}

/// The public key of the former chain; `None` when the practice began here.
pub(super) async fn key(tx: &mut Tx, whose: &PracticeId) -> Stored<Option<String>> {
    sql!(tx.fetch_optional scalar String: FORMER_KEY, whose.as_str())
}

/// Up to `limit` entries of the former chain after this one, in order.
pub(super) async fn after(
    tx: &mut Tx,
    whose: &PracticeId,
    seq: i64,
    limit: i64,
) -> Stored<Vec<Kept>> {
    let rows = sql!(tx.fetch_all as KeptRow: FORMER_AFTER, whose.as_str(), seq, limit)?;
    rows.into_iter().map(|row| KeptRow::json("kept", &row.kept)).collect()
}

/// A post's contents in the former chain, by revision.
pub(super) async fn contents_of(
    tx: &mut Tx,
    whose: &PracticeId,
    post: &PostId,
) -> Stored<Vec<Content>> {
    let (whose, post) = (whose.as_str(), post.as_str());
    let rows = sql!(tx.fetch_all as ContentRow: FORMER_CONTENTS, whose, post)?;
    rows.into_iter().map(|row| ContentRow::hashed("content", &row.content)).collect()
}
