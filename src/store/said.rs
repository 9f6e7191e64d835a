//! The words of what was published.

use jiff::Timestamp;

use super::db::{Tx, sql, statements};
use crate::domain::ids::{PostId, PracticeId};
use crate::domain::said::{MOST, SaidWords};
use crate::ports::store::{Page, StoreError, Stored};

statements! {
    SAY = "INSERT INTO said (practice_id, word, post_id, said_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (practice_id, word, post_id) DO NOTHING";
    /// A post has each word once, so that as many rows as words are all the words.
    FIND = "SELECT post_id FROM said
        WHERE practice_id = $1 AND word IN ($2, $3, $4, $5, $6, $7, $8, $9)
        GROUP BY post_id HAVING COUNT(*) = $10
        ORDER BY MAX(said_at) DESC, post_id DESC LIMIT $11 OFFSET $12";
}

/// Keeps the words of a post.
pub(super) async fn say(
    tx: &mut Tx,
    whose: &PracticeId,
    said: &SaidWords,
    at: Timestamp,
) -> Stored<()> {
    for word in &said.words {
        sql!(tx.execute: SAY, whose.as_str(), word, said.post.as_str(), at.as_microsecond())?;
    }
    Ok(())
}

/// Posts with all of these words, newest first.
pub(super) async fn find(
    tx: &mut Tx,
    whose: &PracticeId,
    words: &[String],
    page: Page,
) -> Stored<Vec<PostId>> {
    let Some(last) = words.last() else {
        return Ok(Vec::new());
    };
    let count = i64::try_from(words.len()).unwrap_or(i64::MAX);
    let Some(of) = (0..MOST).map(|nth| words.get(nth).or(Some(last))).collect::<Option<Vec<_>>>()
    else {
        return Err(StoreError::Damaged("too many words to look for".to_owned()));
    };
    let ids = sql!(tx.fetch_all scalar String: FIND, whose.as_str(), of[0], of[1], of[2], of[3],
        of[4], of[5], of[6], of[7], count, page.limit, page.after)?;
    Ok(ids.into_iter().map(PostId::new).collect())
}
