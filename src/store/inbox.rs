//! The inbox: events in, once each, and what became of them.

use jiff::Timestamp;
use sqlx::FromRow;

use super::db::{Tx, sql, statements};
use super::row::{InTable, exactly_one, json};
use crate::domain::ids::PracticeId;
use crate::ports::intake::ChatEvent;
use crate::ports::store::{Inboxed, Screened, Stored};

statements! {
    /// Whoever takes a number makes others wait for theirs, so that numbers are committed in
    /// their order.
    NEXT = "UPDATE counters SET last_event = last_event + 1 WHERE id = 1 RETURNING last_event";
    INSERT = "INSERT INTO inbox
        (practice_id, seq, platform, event_id, payload, state, failures, received_at)
        VALUES ($1, $2, $3, $4, $5, 'waiting', 0, $6)
        ON CONFLICT (practice_id, platform, event_id) DO NOTHING";
    KNOWN = "SELECT seq FROM inbox WHERE practice_id = $1 AND platform = $2 AND event_id = $3";
    PAYLOAD = "SELECT payload FROM inbox WHERE practice_id = $1 AND seq = $2";
    LAST = "SELECT MAX(received_at) FROM inbox WHERE practice_id = $1 AND received_at < $2";
    WAITING = "SELECT practice_id, seq, payload, failures, received_at FROM inbox
        WHERE state = 'waiting' AND seq > $1 ORDER BY seq LIMIT $2";
    FAILED = "UPDATE inbox SET failures = failures + 1,
            state = CASE WHEN failures + 1 >= $3 THEN 'aside' ELSE state END
        WHERE practice_id = $1 AND seq = $2 AND state = 'waiting'";
    HANDLED = "UPDATE inbox SET state = 'handled', handled_at = $3
        WHERE practice_id = $1 AND seq = $2 AND state <> 'handled'";
}

#[derive(FromRow)]
struct InboxRow {
    practice_id: String,
    seq: i64,
    payload: String,
    failures: i64,
    received_at: i64,
}

impl InTable for InboxRow {
    const TABLE: &'static str = "inbox";
}

/// Stores an event; `(number, is new)`. One that is known keeps its number.
pub(super) async fn receive(
    tx: &mut Tx,
    practice: &PracticeId,
    event: &Screened,
    at: Timestamp,
) -> Stored<(i64, bool)> {
    let (whose, (platform, id)) = (practice.as_str(), name(event));
    let seq = sql!(tx.fetch_one scalar i64: NEXT)?;
    let new = sql!(tx.execute: INSERT, whose, seq, platform, id, json(event)?,
        at.as_microsecond())?;
    if new == 1 {
        return Ok((seq, true));
    }
    let known = sql!(tx.fetch_one scalar i64: KNOWN, whose, platform, id)?;
    Ok((known, false))
}

/// Stores an event for each practice that it concerns; the highest number, and whether any is new.
pub(super) async fn receive_each(
    tx: &mut Tx,
    events: &[(PracticeId, Screened)],
    at: Timestamp,
) -> Stored<(i64, bool)> {
    let (mut last, mut fresh) = (0, false);
    for (practice, event) in events {
        let (seq, is_new) = receive(tx, practice, event, at).await?;
        (last, fresh) = (last.max(seq), fresh || is_new);
    }
    Ok((last, fresh))
}

/// The event is known by its id.
pub(super) async fn has_heard(tx: &mut Tx, whose: &PracticeId, event: &ChatEvent) -> Stored<bool> {
    let (platform, id) = (event.from.platform.as_str(), event.id.as_str());
    let known = sql!(tx.fetch_optional scalar i64: KNOWN, whose.as_str(), platform, id)?;
    Ok(known.is_some())
}

/// An event by its number; nothing where it is not there, or not to be read any more.
pub(super) async fn inboxed(tx: &mut Tx, whose: &PracticeId, seq: i64) -> Stored<Option<Screened>> {
    let payload = sql!(tx.fetch_optional scalar String: PAYLOAD, whose.as_str(), seq)?;
    Ok(payload.and_then(|payload| InboxRow::json("payload", &payload).ok()))
}

/// When the last event before this was stored.
pub(super) async fn last_heard(
    tx: &mut Tx,
    whose: &PracticeId,
    before: Timestamp,
) -> Stored<Option<Timestamp>> {
    let last =
        sql!(tx.fetch_one scalar Option<i64>: LAST, whose.as_str(), before.as_microsecond())?;
    last.map(|micros| InboxRow::time("received_at", micros)).transpose()
}

/// Events that wait, oldest first.
pub(super) async fn waiting(tx: &mut Tx, after: i64, limit: i64) -> Stored<Vec<Inboxed>> {
    let rows = sql!(tx.fetch_all as InboxRow: WAITING, after, limit)?;
    rows.into_iter().map(InboxRow::read).collect()
}

/// Counts a failure, and puts the event aside when there were enough.
pub(super) async fn failed(tx: &mut Tx, whose: &PracticeId, seq: i64, most: i64) -> Stored<()> {
    sql!(tx.execute: FAILED, whose.as_str(), seq, most).map(drop)
}

/// Marks an event as handled; if it was already, somebody else was first.
pub(super) async fn handled(
    tx: &mut Tx,
    whose: &PracticeId,
    seq: i64,
    at: Timestamp,
) -> Stored<()> {
    exactly_one(sql!(tx.execute: HANDLED, whose.as_str(), seq, at.as_microsecond())?)
}

fn name(event: &Screened) -> (&'static str, &str) {
    let (from, id) = match event {
        Screened::Clean(event) => (&event.from, &event.id),
        Screened::Blocked { shell, .. } | Screened::Unscreened { shell } => {
            (&shell.from, &shell.id)
        }
    };
    (from.platform.as_str(), id.as_str())
}

impl InboxRow {
    fn read(self) -> Stored<Inboxed> {
        Ok(Inboxed {
            event: Self::json("payload", &self.payload).ok(),
            received: Self::time("received_at", self.received_at)?,
            practice: PracticeId::new(self.practice_id),
            seq: self.seq,
            failures: self.failures,
        })
    }
}
