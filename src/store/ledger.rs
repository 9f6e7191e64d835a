//! The ledger: entries in their chain, their bodies beside it, and each chain's head.

use ed25519_dalek::SigningKey;
use jiff::Timestamp;
use sqlx::FromRow;

use super::db::{Tx, sql, statements};
use super::row::{InTable, exactly_one, one_spelling};
use crate::domain::canonical::hex;
use crate::domain::ids::{PostId, PracticeId};
use crate::domain::ledger::{self, Body, GENESIS, Head, NewEntry, Sealed};
use crate::ports::store::{First, StoreError, Stored};

/// More than an entry with its body, and more than a page.
const MUCH: usize = 16 * 1024;

/// Entries of a practice with their bodies; what follows says which.
macro_rules! entries {
    ($which:literal) => {
        concat!(
            "SELECT ledger.hash, signature, entry, body
            FROM ledger LEFT JOIN bodies ON bodies.practice_id = ledger.practice_id
                AND bodies.hash = ledger.body_hash
            WHERE ledger.practice_id = $1 ",
            $which
        )
    };
}

statements! {
    HEAD = "SELECT seq, hash FROM heads WHERE practice_id = $1";
    /// Writes nothing new, but makes others wait who want to change anything of the practice.
    LOCK_HEAD = "UPDATE heads SET seq = seq WHERE practice_id = $1 RETURNING seq, hash";
    OPEN_CHAIN = "INSERT INTO heads (practice_id, seq, hash) VALUES ($1, $2, $3)";
    MOVE_HEAD = "UPDATE heads SET seq = $2, hash = $3 WHERE practice_id = $1 AND seq = $4";
    INSERT_ENTRY = "INSERT INTO ledger
        (practice_id, seq, hash, signature, entry, body_hash, post_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    INSERT_BODY = "INSERT INTO bodies (practice_id, hash, body) VALUES ($1, $2, $3)
        ON CONFLICT (practice_id, hash) DO NOTHING";
    TRY_BODY = "INSERT INTO bodies (practice_id, hash, body)
        SELECT practice_id, 'a try', $1 FROM heads ORDER BY practice_id LIMIT 1";
    UNDO_TRY = "DELETE FROM bodies WHERE hash = 'a try' AND practice_id IN (
        SELECT practice_id FROM heads ORDER BY practice_id LIMIT 1)";
    FIRST_ENTRIES = "SELECT id, entry FROM practices
        LEFT JOIN ledger ON ledger.practice_id = practices.id AND ledger.seq = 1
        WHERE id > $1 ORDER BY id LIMIT $2";
    AFTER = entries!("AND ledger.seq > $2 ORDER BY ledger.seq LIMIT $3");
    OF_POST = entries!("AND post_id = $2 ORDER BY ledger.seq");
}

#[derive(FromRow)]
struct HeadRow {
    seq: i64,
    hash: String,
}

#[derive(FromRow)]
struct EntryRow {
    hash: String,
    signature: String,
    entry: String,
    body: Option<String>,
}

#[derive(FromRow)]
struct FirstRow {
    id: String,
    entry: Option<String>,
}

struct BodyRow;

impl InTable for HeadRow {
    const TABLE: &'static str = "heads";
}

impl InTable for EntryRow {
    const TABLE: &'static str = "ledger";
}

impl InTable for FirstRow {
    const TABLE: &'static str = "ledger";
}

impl InTable for BodyRow {
    const TABLE: &'static str = "bodies";
}

/// The chain's head.
pub(super) async fn head(tx: &mut Tx, whose: &PracticeId) -> Stored<Head> {
    sql!(tx.fetch_optional as HeadRow: HEAD, whose.as_str())?.map_or_else(no_chain, HeadRow::read)
}

/// The chain's head, which nobody else can move before the end of the transaction.
pub(super) async fn lock(tx: &mut Tx, whose: &PracticeId) -> Stored<Head> {
    let row = sql!(tx.fetch_optional as HeadRow: LOCK_HEAD, whose.as_str())?;
    row.map_or_else(no_chain, HeadRow::read)
}

/// Begins a chain; nothing is in it.
pub(super) async fn open(tx: &mut Tx, whose: &PracticeId) -> Stored<Head> {
    sql!(tx.execute: OPEN_CHAIN, whose.as_str(), 0_i64, hex::encode(&GENESIS))?;
    Ok(Head::NONE)
}

/// Seals entries after the head, which must be locked, and moves it. Returns the last entry.
pub(super) async fn append(
    tx: &mut Tx,
    chain: (&PracticeId, Head, &SigningKey),
    at: Timestamp,
    entries: &[NewEntry],
) -> Stored<Option<Sealed>> {
    let (whose, old, key) = chain;
    let (mut head, mut last) = (old, None);
    for new in entries {
        let sealed = ledger::seal(whose, head, at, new, key);
        insert(tx, whose, &sealed, &new.body).await?;
        head = Head { seq: sealed.entry.seq, hash: sealed.hash };
        last = Some(sealed);
    }
    if last.is_some() {
        exactly_one(sql!(tx.execute: MOVE_HEAD, whose.as_str(), head.seq,
            hex::encode(&head.hash), old.seq)?)?;
    }
    Ok(last)
}

/// Chains after this practice's, each with its first entry.
pub(super) async fn first_entries(tx: &mut Tx, after: &str, limit: i64) -> Stored<Vec<First>> {
    let rows = sql!(tx.fetch_all as FirstRow: FIRST_ENTRIES, after, limit)?;
    rows.into_iter().map(FirstRow::read).collect()
}

/// Up to `limit` entries after this one, in order.
pub(super) async fn after(
    tx: &mut Tx,
    whose: &PracticeId,
    seq: i64,
    limit: i64,
) -> Stored<Vec<(Sealed, Option<Body>)>> {
    let rows = sql!(tx.fetch_all as EntryRow: AFTER, whose.as_str(), seq, limit)?;
    rows.into_iter().map(EntryRow::read).collect()
}

/// Entries about one post, in order.
pub(super) async fn of_post(
    tx: &mut Tx,
    whose: &PracticeId,
    post: &PostId,
) -> Stored<Vec<(Sealed, Option<Body>)>> {
    let rows = sql!(tx.fetch_all as EntryRow: OF_POST, whose.as_str(), post.as_str())?;
    rows.into_iter().map(EntryRow::read).collect()
}

/// Writes more than any page has room for, and takes it back.
pub(super) async fn probe(tx: &mut Tx) -> Stored<()> {
    sql!(tx.execute: TRY_BODY, "0".repeat(MUCH))?;
    sql!(tx.execute: UNDO_TRY).map(drop)
}

async fn insert(tx: &mut Tx, whose: &PracticeId, sealed: &Sealed, body: &Body) -> Stored<()> {
    let (whose, entry) = (whose.as_str(), &sealed.entry);
    let body_hash = hex::encode(&entry.body_hash);
    let post = entry.fact.subject.as_ref().map(|about| about.post.as_str());
    sql!(tx.execute: INSERT_ENTRY, whose, entry.seq, hex::encode(&sealed.hash),
        hex::encode(&sealed.signature), one_spelling(entry)?, &body_hash, post)?;
    sql!(tx.execute: INSERT_BODY, whose, &body_hash, one_spelling(body)?).map(drop)
}

fn no_chain() -> Stored<Head> {
    Err(StoreError::Damaged("heads has no chain of this practice".to_owned()))
}

impl HeadRow {
    fn read(self) -> Stored<Head> {
        Ok(Head { seq: self.seq, hash: Self::hex("hash", &self.hash)? })
    }
}

impl FirstRow {
    fn read(self) -> Stored<First> {
        let entry = self.entry.map(|text| Self::hashed("entry", &text));
        Ok((PracticeId::new(self.id), entry.transpose()?))
    }
}

impl EntryRow {
    fn read(self) -> Stored<(Sealed, Option<Body>)> {
        let sealed = Sealed {
            entry: Self::hashed("entry", &self.entry)?,
            hash: Self::hex("hash", &self.hash)?,
            signature: Self::hex("signature", &self.signature)?,
        };
        let body = self.body.map(|text| BodyRow::hashed("body", &text));
        Ok((sealed, body.transpose()?))
    }
}
