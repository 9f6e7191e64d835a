//! Daily digests, and from when to when nobody was at work.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use sqlx::FromRow;

use super::db::{Tx, sql, statements};
use super::row::{InTable, exactly_one};
use crate::domain::ids::PracticeId;
use crate::ports::digests::Made;
use crate::ports::store::Stored;

/// Digests of a practice; what follows says which.
macro_rules! made {
    ($which:literal) => {
        concat!("SELECT date, made_at, seq, shown FROM digests WHERE practice_id = $1 ", $which)
    };
}

statements! {
    UNPLANNED = "SELECT id FROM practices WHERE id <> 'instance' AND NOT EXISTS (
            SELECT 1 FROM outbox
            WHERE outbox.practice_id = practices.id AND outbox.kind = 'digest')
        ORDER BY id";
    NEWEST = made!("ORDER BY date DESC LIMIT 1");
    OF_DATE = made!("AND date = $2");
    /// Dates are compared as text, year first.
    SHOWN_BEFORE = made!("AND date < $2 AND shown ORDER BY date DESC LIMIT 1");
    MAKE = "INSERT INTO digests (practice_id, date, made_at, seq, shown)
        VALUES ($1, $2, $3, $4, $5)";
    SET_SHOWN = "UPDATE digests SET shown = TRUE WHERE practice_id = $1 AND date = $2";
    /// Two that begin to watch at once write down one gap.
    NOTE_OUTAGE = "INSERT INTO outages (practice_id, began, ended)
        SELECT practice_id, until, $2 FROM watched WHERE practice_id = $1 AND until < $3
        ON CONFLICT (practice_id, began) DO NOTHING";
    WATCH = "INSERT INTO watched (practice_id, until) VALUES ($1, $2)
        ON CONFLICT (practice_id) DO UPDATE SET until = excluded.until
        WHERE watched.until < excluded.until";
    OUTAGES = "SELECT began, ended FROM outages WHERE practice_id = $1 AND ended > $2
        ORDER BY ended LIMIT 20";
}

#[derive(FromRow)]
struct MadeRow {
    date: String,
    made_at: i64,
    seq: i64,
    shown: bool,
}

#[derive(FromRow)]
struct OutageRow {
    began: i64,
    ended: i64,
}

impl InTable for MadeRow {
    const TABLE: &'static str = "digests";
}

impl InTable for OutageRow {
    const TABLE: &'static str = "outages";
}

/// Practices whose digests nobody plans yet.
pub(super) async fn unplanned(tx: &mut Tx) -> Stored<Vec<PracticeId>> {
    let ids = sql!(tx.fetch_all scalar String: UNPLANNED)?;
    Ok(ids.into_iter().map(PracticeId::new).collect())
}

/// The digest of the newest date.
pub(super) async fn newest(tx: &mut Tx, whose: &PracticeId) -> Stored<Option<Made>> {
    let row = sql!(tx.fetch_optional as MadeRow: NEWEST, whose.as_str())?;
    row.map(MadeRow::read).transpose()
}

/// The digest of a date.
pub(super) async fn of(tx: &mut Tx, whose: &PracticeId, date: Date) -> Stored<Option<Made>> {
    let row = sql!(tx.fetch_optional as MadeRow: OF_DATE, whose.as_str(), date.to_string())?;
    row.map(MadeRow::read).transpose()
}

/// The newest one of an earlier date that was shown.
pub(super) async fn shown_before(
    tx: &mut Tx,
    whose: &PracticeId,
    date: Date,
) -> Stored<Option<Made>> {
    let row = sql!(tx.fetch_optional as MadeRow: SHOWN_BEFORE, whose.as_str(), date.to_string())?;
    row.map(MadeRow::read).transpose()
}

/// When nobody was at work, as far as that ended after `since`.
pub(super) async fn outages(tx: &mut Tx, since: Timestamp) -> Stored<Vec<(Timestamp, Timestamp)>> {
    let (instance, since) = (PracticeId::instance(), since.as_microsecond());
    let rows = sql!(tx.fetch_all as OutageRow: OUTAGES, instance.as_str(), since)?;
    rows.into_iter().map(OutageRow::read).collect()
}

/// Writes a digest down; `Conflict` where its date has one that was made.
pub(super) async fn write(tx: &mut Tx, whose: &PracticeId, made: &Made) -> Stored<()> {
    let (whose, date) = (whose.as_str(), made.date.to_string());
    if made.shown && sql!(tx.execute: SET_SHOWN, whose, &date)? == 1 {
        return Ok(());
    }
    let at = made.at.as_microsecond();
    exactly_one(sql!(tx.execute: MAKE, whose, &date, at, made.seq, made.shown)?)
}

/// Somebody is at work now.
pub(super) async fn watch(tx: &mut Tx, now: Timestamp, patience: SignedDuration) -> Stored<()> {
    let instance = PracticeId::instance();
    let (whose, at) = (instance.as_str(), now.as_microsecond());
    let by = now.saturating_sub(patience).unwrap_or(now).as_microsecond();
    sql!(tx.execute: NOTE_OUTAGE, whose, at, by)?;
    sql!(tx.execute: WATCH, whose, at).map(drop)
}

impl MadeRow {
    fn read(self) -> Stored<Made> {
        Ok(Made {
            date: Self::word("date", &self.date)?,
            at: Self::time("made_at", self.made_at)?,
            seq: self.seq,
            shown: self.shown,
        })
    }
}

impl OutageRow {
    fn read(self) -> Stored<(Timestamp, Timestamp)> {
        Ok((Self::time("began", self.began)?, Self::time("ended", self.ended)?))
    }
}
