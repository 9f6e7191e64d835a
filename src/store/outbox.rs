//! The outbox: wishes in, rows claimed by one worker at a time, and writes that only the holder's
//! fence lets through.
//!
//! A refresh that comes while a worker has its notice is kept beside the row, and the row starts
//! again with it as soon as the worker is done. It does not start at once: two workers would show
//! the same message at the same time, the older words could land last and stay, and the first
//! worker could not record where its message stands, so that a second one would be shown. Only
//! notices are refreshed so. What may be live on a network never starts again by a wish.

use jiff::Timestamp;
use sqlx::FromRow;
use tracing::error;

use super::db::{Tx, sql, statements};
use super::row::{InTable, exactly_one, place};
use crate::domain::ids::{AccountId, PostId, PracticeId, RowId};
use crate::domain::outbox::{Row, RowKind, RowState};
use crate::ports::store::{Kinds, OutboxWrite, StoreError, Stored};

macro_rules! columns {
    () => {
        "practice_id, id, kind, subject, post_id, revision, account_id, state, due, fence,
        attempts, look_ups, lease_until, first_sent, remote, url, payload, trouble"
    };
}

/// Takes due rows of one lane; what follows the choice is the one thing that engines say
/// differently. SQLite has one writer, so that there is nothing to skip. Of a copy that nobody has
/// looked through, no row is taken.
///
/// Each lane has an index of its own: while very many rows of one are due, a look for the others'
/// passes none of them.
macro_rules! claim {
    ($lane:literal, $lock:literal) => {
        concat!(
            "WITH ripe AS MATERIALIZED (
                SELECT practice_id, id FROM outbox
                WHERE state IN ('ready', 'unknown') AND ",
            $lane,
            " AND due <= $1
                    AND NOT EXISTS (SELECT 1 FROM heads
                        WHERE heads.practice_id = outbox.practice_id
                            AND heads.copied_at IS NOT NULL)
                ORDER BY due, id LIMIT $3",
            $lock,
            ")
            UPDATE outbox SET
                state = CASE state WHEN 'ready' THEN 'leased' ELSE 'resolving' END,
                attempts = attempts + CASE state WHEN 'ready' THEN 1 ELSE 0 END,
                fence = fence + 1, lease_until = $2
            WHERE (practice_id, id) IN (SELECT practice_id, id FROM ripe) RETURNING ",
            columns!()
        )
    };
}

statements! {
    ROW = concat!("SELECT ", columns!(), " FROM outbox WHERE practice_id = $1 AND id = $2");
    /// Text is compared by its bytes, and nothing in a subject comes after `~`.
    NOTICES = concat!("SELECT ", columns!(), " FROM outbox
        WHERE practice_id = $1 AND kind = 'notice' AND subject >= $2 AND subject < $2 || '~'
        ORDER BY subject DESC LIMIT 20");
    /// A notice that is shown again keeps where it stands. A publication keeps since when it may
    /// have left, and the draft that was to be published: a lost request may land after its slot
    /// was moved.
    PUT = concat!("INSERT INTO outbox (", columns!(), ")
        VALUES ($1, $2, $3, $4, $5, $6, $7, 'ready', $8, 0, 0, 0, NULL, NULL, $11, $12, $9, NULL)
        ON CONFLICT (practice_id, kind, subject) DO UPDATE SET
            post_id = excluded.post_id, revision = excluded.revision,
            account_id = excluded.account_id, payload = excluded.payload, state = 'ready',
            due = excluded.due, fence = outbox.fence + 1, attempts = 0, look_ups = 0,
            lease_until = NULL, url = excluded.url, trouble = NULL,
            first_sent = CASE outbox.kind WHEN 'publication' THEN outbox.first_sent END,
            remote = CASE WHEN outbox.kind IN ('notice', 'publication') THEN outbox.remote
                ELSE excluded.remote END,
            next_payload = NULL, next_due = NULL
        WHERE outbox.state IN ('ready', 'refused', 'missed', 'cancelled')
            OR (outbox.state = 'leased' AND outbox.kind <> 'notice')
            OR (outbox.state = 'done' AND $10)");
    /// A notice that is only leased has not been shown, so that any wish changes it.
    KEEP_REFRESH = "UPDATE outbox SET next_payload = $3, next_due = $4
        WHERE practice_id = $1 AND kind = 'notice' AND subject = $2
            AND (state = 'leased' OR (state IN ('sending', 'unknown', 'resolving') AND $5))";
    MOVE = "UPDATE outbox SET state = $5, due = $6, attempts = $7, look_ups = $8,
            lease_until = $9, first_sent = $10, remote = $11, url = $12, trouble = $13
        WHERE practice_id = $1 AND id = $2 AND state = $3 AND fence = $4";
    /// A platform that said "not now" is not asked sooner because of a refresh.
    START_REFRESH = "UPDATE outbox SET state = 'ready', payload = next_payload,
            due = CASE WHEN state = 'ready' AND due > next_due THEN due ELSE next_due END,
            next_payload = NULL, next_due = NULL, fence = fence + 1, attempts = 0, look_ups = 0,
            lease_until = NULL, first_sent = NULL, url = NULL, trouble = NULL
        WHERE practice_id = $1 AND id = $2 AND next_payload IS NOT NULL
            AND state IN ('ready', 'done', 'refused', 'missed', 'cancelled')";
    END = "UPDATE outbox SET state = $3, lease_until = NULL
        WHERE practice_id = $1 AND id = $2 AND state IN ('ready', 'leased')";
    HUSH = "UPDATE outbox SET state = 'cancelled', lease_until = NULL, fence = fence + 1,
            next_payload = NULL, next_due = NULL
        WHERE practice_id = $1 AND kind = 'notice' AND subject NOT LIKE 'card/%'
            AND state IN ('ready', 'leased', 'sending', 'unknown', 'resolving')";
    WAKE = "UPDATE outbox SET due = $2
        WHERE practice_id = $1 AND kind = 'publication' AND state = 'ready' AND due > $2
            AND trouble IS NULL AND EXISTS (
                SELECT 1 FROM posts WHERE posts.practice_id = outbox.practice_id
                    AND posts.id = outbox.post_id AND posts.slot <= $2)";
    CLAIM_NOTICES = claim!("kind = 'notice'", "");
    CLAIM_ENGAGEMENT = claim!("kind = 'engagement'", "");
    CLAIM_OTHERS = claim!("kind <> 'notice' AND kind <> 'engagement'", "");
    /// Several workers at once take different rows, and none waits for another.
    SKIP_TO_NOTICES = claim!("kind = 'notice'", " FOR UPDATE SKIP LOCKED");
    SKIP_TO_ENGAGEMENT = claim!("kind = 'engagement'", " FOR UPDATE SKIP LOCKED");
    SKIP_TO_OTHERS =
        claim!("kind <> 'notice' AND kind <> 'engagement'", " FOR UPDATE SKIP LOCKED");
    EXPIRE = "UPDATE outbox SET
            state = CASE state WHEN 'leased' THEN 'ready' ELSE 'unknown' END,
            due = CASE state WHEN 'leased' THEN due ELSE $2 END, lease_until = NULL
        WHERE state IN ('leased', 'sending', 'resolving') AND lease_until <= $1";
    BUSY = "SELECT COUNT(*) FROM (
            SELECT 1 AS busy FROM outbox
            WHERE state IN ('ready', 'unknown') AND kind = 'notice' AND due <= $1
            UNION ALL
            SELECT 1 AS busy FROM outbox
            WHERE state IN ('ready', 'unknown') AND kind = 'engagement' AND due <= $1
            UNION ALL
            SELECT 1 AS busy FROM outbox
            WHERE state IN ('ready', 'unknown') AND kind <> 'notice' AND kind <> 'engagement'
                AND due <= $1
            UNION ALL
            SELECT 1 AS busy FROM outbox
            WHERE state IN ('leased', 'sending', 'resolving') AND lease_until > 0
            LIMIT 1
        ) AS rows";
    NEXT_NOTICE = "SELECT MIN(due) FROM outbox
        WHERE state IN ('ready', 'unknown') AND kind = 'notice'";
    NEXT_ENGAGEMENT = "SELECT MIN(due) FROM outbox
        WHERE state IN ('ready', 'unknown') AND kind = 'engagement'";
    NEXT_OTHER = "SELECT MIN(due) FROM outbox
        WHERE state IN ('ready', 'unknown') AND kind <> 'notice' AND kind <> 'engagement'";
    NEXT_LEASE = "SELECT MIN(lease_until) FROM outbox
        WHERE state IN ('leased', 'sending', 'resolving')";
}

#[derive(FromRow)]
struct OutboxRow {
    practice_id: String,
    id: String,
    kind: String,
    subject: String,
    post_id: Option<String>,
    revision: Option<i64>,
    account_id: Option<String>,
    state: String,
    due: i64,
    fence: i64,
    attempts: i64,
    look_ups: i64,
    lease_until: Option<i64>,
    first_sent: Option<i64>,
    remote: Option<String>,
    url: Option<String>,
    payload: String,
    trouble: Option<String>,
}

impl InTable for OutboxRow {
    const TABLE: &'static str = "outbox";
}

/// A row.
pub(super) async fn row(tx: &mut Tx, whose: &PracticeId, id: &RowId) -> Stored<Option<Row>> {
    let row = sql!(tx.fetch_optional as OutboxRow: ROW, whose.as_str(), id.as_str())?;
    row.map(OutboxRow::read).transpose()
}

/// Notices whose subject begins so.
pub(super) async fn notices(tx: &mut Tx, whose: &PracticeId, begins: &str) -> Stored<Vec<Row>> {
    let rows = sql!(tx.fetch_all as OutboxRow: NOTICES, whose.as_str(), begins)?;
    rows.into_iter().map(OutboxRow::read).collect()
}

/// Takes due rows until `until`; the one that was due first comes first.
pub(super) async fn claim(
    tx: &mut Tx,
    now: Timestamp,
    until: Timestamp,
    (limit, kinds): (i64, Kinds),
) -> Stored<Vec<Row>> {
    let (now, until) = (now.as_microsecond(), until.as_microsecond());
    let mut claimed = Vec::new();
    for claim in claims(tx, kinds) {
        let room = limit - place(claimed.len());
        claimed.extend(sql!(tx.fetch_all as OutboxRow: *claim, now, until, room)?);
    }
    let mut rows: Vec<Row> = claimed.into_iter().filter_map(OutboxRow::if_readable).collect();
    rows.sort_by(|a, b| (a.due, &a.id).cmp(&(b.due, &b.id)));
    Ok(rows)
}

fn claims(tx: &Tx, kinds: Kinds) -> &'static [&'static str] {
    match (kinds, tx) {
        (Kinds::All, Tx::Sqlite(_)) => &[CLAIM_NOTICES, CLAIM_OTHERS, CLAIM_ENGAGEMENT],
        (Kinds::All, Tx::Pg(_)) => &[SKIP_TO_NOTICES, SKIP_TO_OTHERS, SKIP_TO_ENGAGEMENT],
        (Kinds::Notices, Tx::Sqlite(_)) => &[CLAIM_NOTICES],
        (Kinds::Notices, Tx::Pg(_)) => &[SKIP_TO_NOTICES],
        (Kinds::Engagement, Tx::Sqlite(_)) => &[CLAIM_ENGAGEMENT],
        (Kinds::Engagement, Tx::Pg(_)) => &[SKIP_TO_ENGAGEMENT],
        (Kinds::Others, Tx::Sqlite(_)) => &[CLAIM_OTHERS],
        (Kinds::Others, Tx::Pg(_)) => &[SKIP_TO_OTHERS],
    }
}

/// Takes rows back from workers whose lease is over.
pub(super) async fn expire(tx: &mut Tx, now: Timestamp, look_at: Timestamp) -> Stored<u64> {
    sql!(tx.execute: EXPIRE, now.as_microsecond(), look_at.as_microsecond())
}

/// Nothing is due by now and no worker holds anything.
pub(super) async fn is_quiet(tx: &mut Tx, now: Timestamp) -> Stored<bool> {
    Ok(sql!(tx.fetch_one scalar i64: BUSY, now.as_microsecond())? == 0)
}

/// When the next row of these kinds is due or the next lease is over.
pub(super) async fn next_due(tx: &mut Tx, kinds: Kinds) -> Stored<Option<Timestamp>> {
    let looks: &[&str] = match kinds {
        Kinds::All => &[NEXT_NOTICE, NEXT_OTHER, NEXT_ENGAGEMENT, NEXT_LEASE],
        Kinds::Notices => &[NEXT_NOTICE, NEXT_LEASE],
        Kinds::Engagement => &[NEXT_ENGAGEMENT, NEXT_LEASE],
        Kinds::Others => &[NEXT_OTHER, NEXT_LEASE],
    };
    let mut soonest = None;
    for look in looks {
        let next = sql!(tx.fetch_one scalar Option<i64>: *look)?;
        soonest = soonest.into_iter().chain(next).min();
    }
    OutboxRow::time_if("due", soonest)
}

/// Does one write of a change.
pub(super) async fn write(
    tx: &mut Tx,
    whose: &PracticeId,
    write: &OutboxWrite,
    at: Timestamp,
) -> Stored<()> {
    match write {
        OutboxWrite::Put { row, again } => put(tx, whose, row, *again).await,
        OutboxWrite::Move { id, from, fence, to } => {
            let written = movement(tx, (whose, id), (*from, *fence), to).await?;
            exactly_one(written)?;
            start_refresh(tx, whose, to.kind, id).await
        }
        OutboxWrite::End { id, state } => end(tx, whose, id, *state).await,
        OutboxWrite::Hush => sql!(tx.execute: HUSH, whose.as_str()).map(drop),
        OutboxWrite::Wake => sql!(tx.execute: WAKE, whose.as_str(), at.as_microsecond()).map(drop),
    }
}

async fn put(tx: &mut Tx, whose: &PracticeId, row: &Row, again: bool) -> Stored<()> {
    let (whose, due) = (whose.as_str(), row.due.as_microsecond());
    let written = sql!(tx.execute: PUT,
        whose,
        row.id.as_str(),
        row.kind.as_str(),
        &row.subject,
        row.post.as_ref().map(PostId::as_str),
        row.revision,
        row.account.as_ref().map(AccountId::as_str),
        due,
        &row.payload,
        again,
        row.remote.as_deref(),
        row.url.as_deref(),
    )?;
    if written == 0 {
        sql!(tx.execute: KEEP_REFRESH, whose, &row.subject, &row.payload, due, again)?;
    }
    Ok(())
}

async fn movement(
    tx: &mut Tx,
    (whose, id): (&PracticeId, &RowId),
    (from, fence): (RowState, i64),
    to: &Row,
) -> Stored<u64> {
    sql!(tx.execute: MOVE,
        whose.as_str(),
        id.as_str(),
        from.as_str(),
        fence,
        to.state.as_str(),
        to.due.as_microsecond(),
        to.attempts,
        to.look_ups,
        to.lease_until.map(Timestamp::as_microsecond),
        to.first_sent.map(Timestamp::as_microsecond),
        to.remote.as_deref(),
        to.url.as_deref(),
        to.trouble.as_deref(),
    )
}

async fn start_refresh(tx: &mut Tx, whose: &PracticeId, kind: RowKind, id: &RowId) -> Stored<()> {
    if kind == RowKind::Notice {
        sql!(tx.execute: START_REFRESH, whose.as_str(), id.as_str())?;
    }
    Ok(())
}

async fn end(tx: &mut Tx, whose: &PracticeId, id: &RowId, state: RowState) -> Stored<()> {
    if !matches!(state, RowState::Cancelled | RowState::Missed) {
        let why = format!("outbox.state: a row does not end unsent as {state}");
        return Err(StoreError::Damaged(why));
    }
    sql!(tx.execute: END, whose.as_str(), id.as_str(), state.as_str()).map(drop)
}

impl OutboxRow {
    /// One row that nobody can read must not keep all others from leaving.
    fn if_readable(self) -> Option<Row> {
        let id = self.id.clone();
        let row = self.read();
        row.inspect_err(|error| error!(row.id = id, %error, "Row {id} stays here: {error}")).ok()
    }

    fn read(self) -> Stored<Row> {
        Ok(Row {
            kind: Self::word("kind", &self.kind)?,
            state: Self::word("state", &self.state)?,
            due: Self::time("due", self.due)?,
            lease_until: Self::time_if("lease_until", self.lease_until)?,
            first_sent: Self::time_if("first_sent", self.first_sent)?,
            practice: PracticeId::new(self.practice_id),
            id: RowId::new(self.id),
            subject: self.subject,
            post: self.post_id.map(PostId::new),
            revision: self.revision,
            account: self.account_id.map(AccountId::new),
            fence: self.fence,
            attempts: self.attempts,
            look_ups: self.look_ups,
            remote: self.remote,
            url: self.url,
            payload: self.payload,
            trouble: self.trouble,
        })
    }
}
