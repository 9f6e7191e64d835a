//! A practice that another installation exported, written in one transaction with all that it did
//! there.

use ed25519_dalek::SigningKey;
use jiff::Timestamp;

use super::db::{Tx, sql, statements};
use super::row::{json, one_spelling};
use super::{commit, contents, outbox, posts};
use crate::domain::ledger::Sealed;
use crate::ports::store::{Arrival, Stored};

statements! {
    INSERT_FORMER = "INSERT INTO former (practice_id, public_key, last_number) VALUES ($1, $2, $3)";
    INSERT_KEPT = "INSERT INTO former_entries (practice_id, seq, post_id, kept)
        VALUES ($1, $2, $3, $4)";
    INSERT_CONTENT = "INSERT INTO former_contents (practice_id, post_id, revision, content)
        VALUES ($1, $2, $3, $4)";
}

/// Writes a practice that arrives, all of it. Returns the last entry of its new chain.
pub(super) async fn arrive(
    tx: &mut Tx,
    arrival: &Arrival,
    at: Timestamp,
    key: &SigningKey,
) -> Stored<Option<Sealed>> {
    let whose = &arrival.practice.id;
    let last = commit::found(tx, &arrival.practice, (at, &arrival.entries), key).await?;
    sql!(tx.execute: INSERT_FORMER, whose.as_str(), &arrival.former_key, arrival.last_number)?;
    for kept in &arrival.former {
        let entry = &kept.sealed.entry;
        let post = entry.fact.subject.as_ref().map(|about| about.post.as_str());
        sql!(tx.execute: INSERT_KEPT, whose.as_str(), entry.seq, post, json(kept)?)?;
    }
    for content in &arrival.contents {
        sql!(tx.execute: INSERT_CONTENT, whose.as_str(), content.post.as_str(), content.revision,
            one_spelling(content)?)?;
    }
    for media in &arrival.media {
        contents::insert_media(tx, whose, media).await?;
    }
    for post in &arrival.drafts {
        posts::save(tx, whose, post).await?;
    }
    for write in &arrival.outbox {
        outbox::write(tx, whose, write, at).await?;
    }
    Ok(last)
}
