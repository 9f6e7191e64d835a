//! What was kept long enough goes, so that nothing of it remains in the file.
//!
//! Rows stay and lose their words: ids, hashes and times are what the ledger is checked against.

use std::time::Duration;

use jiff::Timestamp;

use super::db::{Db, Tx, sql, statements};
use super::former;
use super::row::failed;
use crate::domain::canonical::hex;
use crate::domain::ids::PracticeId;
use crate::ports::keeping::{Goes, Purge};
use crate::ports::store::Stored;

/// How often to try to bring everything into the file while others read it.
const TRIES: u32 = 100;
const AGAIN: Duration = Duration::from_millis(100);

statements! {
    PURGE_BODY = "DELETE FROM bodies WHERE practice_id = $1 AND hash = $2";
    PURGE_CONTENTS = "UPDATE revisions SET content = NULL WHERE practice_id = $1 AND post_id = $2";
    PURGE_IDEA = "UPDATE ideas SET words = '', files = '[]', offered = NULL
        WHERE practice_id = $1 AND post_id = $2";
    PURGE_SAID = "DELETE FROM said WHERE practice_id = $1 AND post_id = $2";
    PURGE_TROUBLE = "UPDATE outbox SET trouble = NULL WHERE practice_id = $1 AND post_id = $2";
    /// One that another content or draft shows too stays.
    PURGE_PICTURE = "DELETE FROM media WHERE practice_id = $1 AND sha256 = $2
            AND NOT EXISTS (SELECT 1 FROM revisions
                WHERE practice_id = $1 AND content LIKE '%' || $2 || '%')
            AND NOT EXISTS (SELECT 1 FROM posts
                WHERE practice_id = $1 AND draft LIKE '%' || $2 || '%')
            AND NOT EXISTS (SELECT 1 FROM former_contents
                WHERE practice_id = $1 AND content LIKE '%' || $2 || '%')";
    PURGE_IDEAS = "UPDATE ideas SET words = '', files = '[]'
        WHERE practice_id = $1 AND post_id IS NULL AND had_at < $2 AND words <> ''";
    PURGE_EVENTS = "UPDATE inbox SET payload = ''
        WHERE practice_id = $1 AND state <> 'waiting' AND received_at < $2 AND payload <> ''";
    PURGE_NOTICES = "UPDATE outbox SET payload = ''
        WHERE practice_id = $1 AND kind = 'notice' AND payload <> '' AND due < $2
            AND state IN ('done', 'refused', 'missed', 'cancelled', 'parked')";
    OLD_WORDS = "SELECT COUNT(*) FROM (
            SELECT 1 AS one FROM ideas
            WHERE practice_id = $1 AND post_id IS NULL AND had_at < $2 AND words <> ''
            UNION ALL SELECT 1 AS one FROM inbox
            WHERE practice_id = $1 AND state <> 'waiting' AND received_at < $2 AND payload <> ''
            UNION ALL SELECT 1 AS one FROM outbox
            WHERE practice_id = $1 AND kind = 'notice' AND payload <> '' AND due < $2
                AND state IN ('done', 'refused', 'missed', 'cancelled', 'parked')
        ) AS old";
    /// What was handled is told by the ledger; its words are of no more use.
    FORGET_EVENTS = "UPDATE inbox SET payload = '' WHERE (practice_id, seq) IN (
        SELECT practice_id, seq FROM inbox
        WHERE state = 'handled' AND payload <> '' AND handled_at < $1 LIMIT $2)";
    FORGET_NOTICES = "UPDATE outbox SET payload = '' WHERE (practice_id, id) IN (
        SELECT practice_id, id FROM outbox
        WHERE kind = 'notice' AND payload <> '' AND due < $1
            AND state IN ('done', 'refused', 'missed', 'cancelled', 'parked') LIMIT $2)";
}

/// Takes the words of what was kept long enough.
pub(super) async fn purge(tx: &mut Tx, whose: &PracticeId, purge: &Purge) -> Stored<()> {
    let practice = whose.as_str();
    let bodies = match &purge.what {
        Goes::Post(_, bodies) | Goes::Loose(bodies) => &bodies[..],
        Goes::Former(..) | Goes::Pictures => &[],
    };
    for body in bodies {
        sql!(tx.execute: PURGE_BODY, practice, hex::encode(body))?;
    }
    match &purge.what {
        Goes::Post(post, _) => {
            for statement in [PURGE_CONTENTS, PURGE_IDEA, PURGE_SAID, PURGE_TROUBLE] {
                sql!(tx.execute: statement, practice, post.as_str())?;
            }
        }
        Goes::Loose(_) => {
            for statement in [PURGE_IDEAS, PURGE_EVENTS, PURGE_NOTICES] {
                sql!(tx.execute: statement, practice, purge.before.as_microsecond())?;
            }
        }
        Goes::Pictures => {}
        Goes::Former(post, entries) => {
            former::purge(tx, whose, (post.as_ref(), entries)).await?;
        }
    }
    for sha256 in &purge.pictures {
        sql!(tx.execute: PURGE_PICTURE, practice, sha256)?;
    }
    Ok(())
}

/// How many ideas that became nothing, events and notices are older than this and have words.
pub(super) async fn old_words(tx: &mut Tx, whose: &PracticeId, before: Timestamp) -> Stored<i64> {
    sql!(tx.fetch_one scalar i64: OLD_WORDS, whose.as_str(), before.as_microsecond())
}

/// Takes the words of events that were handled and of notices that ended before this.
pub(super) async fn forget(tx: &mut Tx, before: Timestamp, limit: i64) -> Stored<u64> {
    let before = before.as_microsecond();
    let events = sql!(tx.execute: FORGET_EVENTS, before, limit)?;
    let notices = sql!(tx.execute: FORGET_NOTICES, before, limit)?;
    Ok(events + notices)
}

/// Brings everything into the file and empties the log beside it; returns whether it could.
pub(super) async fn leave_nothing(db: &Db) -> Stored<bool> {
    let Db::Sqlite(file) = db else {
        return Ok(true);
    };
    let mut on = file.writer.acquire().await.map_err(failed)?;
    sqlx::query("PRAGMA incremental_vacuum").execute(&mut *on).await.map_err(failed)?;
    for _ in 0..TRIES {
        let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
        let (busy, ..): (i64, i64, i64) =
            sqlx::query_as(checkpoint).fetch_one(&mut *on).await.map_err(failed)?;
        if busy == 0 {
            return Ok(true);
        }
        tokio::time::sleep(AGAIN).await;
    }
    Ok(false)
}
