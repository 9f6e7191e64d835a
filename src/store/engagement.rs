//! How publications are received, as it was seen.

use jiff::Timestamp;
use sqlx::FromRow;

use super::db::{Tx, sql, statements};
use super::row::InTable;
use crate::domain::engagement::{Counts, is_late};
use crate::domain::ids::{AccountId, PostId, PracticeId, RowId};
use crate::ports::engagement::{Engaged, Look, Noted, Remark, Span, Told};
use crate::ports::store::Stored;

/// A publication with the counts that were last seen.
macro_rules! engaged {
    ($which:literal) => {
        concat!(
            "SELECT engagement.publication_id, post_id, account_id, published_at, looked_at,
                gone_at, likes, reposts, replies, quotes
            FROM engagement LEFT JOIN counts ON counts.practice_id = engagement.practice_id
                AND counts.publication_id = engagement.publication_id
                AND counts.since = (SELECT MAX(last.since) FROM counts AS last
                    WHERE last.practice_id = engagement.practice_id
                        AND last.publication_id = engagement.publication_id)
            WHERE engagement.practice_id = $1 AND ",
            $which,
            " ORDER BY published_at, engagement.publication_id"
        )
    };
}

statements! {
    /// A network that does not tell changes nothing of what is known.
    KEEP_LOOK = "INSERT INTO engagement (practice_id, publication_id, post_id, account_id,
            published_at, looked_at, gone_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (practice_id, publication_id) DO UPDATE SET
            looked_at = COALESCE(excluded.looked_at, engagement.looked_at),
            gone_at = CASE WHEN excluded.looked_at IS NULL THEN engagement.gone_at
                WHEN excluded.gone_at IS NULL THEN NULL
                ELSE COALESCE(engagement.gone_at, excluded.gone_at) END";
    LAST_SPAN = "SELECT since, until, late, likes, reposts, replies, quotes FROM counts
        WHERE practice_id = $1 AND publication_id = $2 ORDER BY since DESC LIMIT 1";
    SPANS = "SELECT since, until, late, likes, reposts, replies, quotes FROM counts
        WHERE practice_id = $1 AND publication_id = $2 ORDER BY since";
    LONGER_SPAN = "UPDATE counts SET until = $4
        WHERE practice_id = $1 AND publication_id = $2 AND since = $3";
    NEW_SPAN = "INSERT INTO counts (practice_id, publication_id, since, until, late, likes, reposts,
            replies, quotes) VALUES ($1, $2, $3, $3, $4, $5, $6, $7, $8)";
    ENGAGED = engaged!("published_at >= $2 AND published_at < $3");
    ENGAGED_OF = engaged!("post_id = $2");
    NEW_REMARK = "INSERT INTO remarks (practice_id, account_id, remote, category, publication_id,
            url, said_at, seen_at) VALUES ($1, $2, $3, $4, NULL, $5, $6, $7)
        ON CONFLICT DO NOTHING";
    ABOUT_OURS = "UPDATE remarks SET publication_id = (SELECT id FROM outbox
            WHERE practice_id = $1 AND kind = 'publication' AND account_id = $2 AND remote = $4
            LIMIT 1)
        WHERE practice_id = $1 AND account_id = $2 AND remote = $3";
    REMARKS = "SELECT account_id, remote, category, publication_id, url, said_at, seen_at
        FROM remarks WHERE practice_id = $1 AND seen_at >= $2 AND seen_at < $3
        ORDER BY seen_at, said_at, account_id, remote LIMIT $4";
}

#[derive(FromRow)]
struct SpanRow {
    since: i64,
    until: i64,
    late: bool,
    #[sqlx(flatten)]
    counts: CountsRow,
}

#[derive(FromRow)]
struct CountsRow {
    likes: Option<i64>,
    reposts: Option<i64>,
    replies: Option<i64>,
    quotes: Option<i64>,
}

#[derive(FromRow)]
struct EngagedRow {
    publication_id: String,
    post_id: String,
    account_id: String,
    published_at: i64,
    looked_at: Option<i64>,
    gone_at: Option<i64>,
    #[sqlx(flatten)]
    counts: CountsRow,
}

#[derive(FromRow)]
struct RemarkRow {
    account_id: String,
    remote: String,
    category: String,
    publication_id: Option<String>,
    url: String,
    said_at: i64,
    seen_at: i64,
}

impl InTable for SpanRow {
    const TABLE: &'static str = "counts";
}

impl InTable for EngagedRow {
    const TABLE: &'static str = "engagement";
}

impl InTable for RemarkRow {
    const TABLE: &'static str = "remarks";
}

/// Keeps a look.
pub(super) async fn keep_look(tx: &mut Tx, practice: &PracticeId, look: &Look) -> Stored<()> {
    let (whose, publication) = (practice.as_str(), look.publication.as_str());
    let at = look.at.as_microsecond();
    let (looked, gone) = match look.told {
        Told::Counts(_) => (Some(at), None),
        Told::Gone => (Some(at), Some(at)),
        Told::Nothing => (None, None),
    };
    let published = look.published.as_microsecond();
    sql!(tx.execute: KEEP_LOOK, whose, publication, look.post.as_str(), look.account.as_str(),
        published, looked, gone)?;
    let Told::Counts(counts) = look.told else { return Ok(()) };
    let last = sql!(tx.fetch_optional as SpanRow: LAST_SPAN, whose, publication)?;
    let last = last.map(SpanRow::read).transpose()?;
    let late = |last: &Span| is_late(look.published, (last.until, look.at), publication);
    match last {
        // Somebody else looked since.
        Some(last) if last.until >= look.at => Ok(()),
        Some(last) if last.counts == counts && !late(&last) => {
            let since = last.since.as_microsecond();
            sql!(tx.execute: LONGER_SPAN, whose, publication, since, at).map(drop)
        }
        last => {
            let before = Span { since: look.published, until: look.published, late: false, counts };
            let late = late(&last.unwrap_or(before));
            let Counts { likes, reposts, replies, quotes } = counts;
            sql!(tx.execute: NEW_SPAN, whose, publication, at, late, likes, reposts, replies,
                quotes)
            .map(drop)
        }
    }
}

/// Keeps remarks; how many are new.
pub(super) async fn keep_remarks(
    tx: &mut Tx,
    practice: &PracticeId,
    account: &AccountId,
    (remarks, at): (&[Remark], Timestamp),
) -> Stored<u64> {
    let (whose, account) = (practice.as_str(), account.as_str());
    let at = at.as_microsecond();
    let mut new = 0;
    for remark in remarks {
        let (remote, said) = (remark.remote.as_str(), remark.at.as_microsecond());
        let (category, url) = (remark.category.as_str(), remark.url.as_str());
        let wrote = sql!(tx.execute: NEW_REMARK, whose, account, remote, category, url, said, at)?;
        if wrote == 1
            && let Some(about) = &remark.about
        {
            sql!(tx.execute: ABOUT_OURS, whose, account, remote, about.as_str())?;
        }
        new += wrote;
    }
    Ok(new)
}

/// What went out in this time.
pub(super) async fn engaged(
    tx: &mut Tx,
    practice: &PracticeId,
    (from, until): (Timestamp, Timestamp),
) -> Stored<Vec<Engaged>> {
    let (from, until) = (from.as_microsecond(), until.as_microsecond());
    let rows = sql!(tx.fetch_all as EngagedRow: ENGAGED, practice.as_str(), from, until)?;
    rows.into_iter().map(EngagedRow::read).collect()
}

/// What went out of this post.
pub(super) async fn engaged_of(
    tx: &mut Tx,
    practice: &PracticeId,
    post: &PostId,
) -> Stored<Vec<Engaged>> {
    let rows = sql!(tx.fetch_all as EngagedRow: ENGAGED_OF, practice.as_str(), post.as_str())?;
    rows.into_iter().map(EngagedRow::read).collect()
}

/// A publication's counts as they changed.
pub(super) async fn spans(
    tx: &mut Tx,
    practice: &PracticeId,
    publication: &RowId,
) -> Stored<Vec<Span>> {
    let rows = sql!(tx.fetch_all as SpanRow: SPANS, practice.as_str(), publication.as_str())?;
    rows.into_iter().map(SpanRow::read).collect()
}

/// Remarks that were first seen in this time.
pub(super) async fn remarks(
    tx: &mut Tx,
    practice: &PracticeId,
    (from, until): (Timestamp, Timestamp),
    limit: i64,
) -> Stored<Vec<Noted>> {
    let (from, until) = (from.as_microsecond(), until.as_microsecond());
    let rows = sql!(tx.fetch_all as RemarkRow: REMARKS, practice.as_str(), from, until, limit)?;
    rows.into_iter().map(RemarkRow::read).collect()
}

impl From<CountsRow> for Counts {
    fn from(row: CountsRow) -> Self {
        let CountsRow { likes, reposts, replies, quotes } = row;
        Self { likes, reposts, replies, quotes }
    }
}

impl SpanRow {
    fn read(self) -> Stored<Span> {
        Ok(Span {
            since: Self::time("since", self.since)?,
            until: Self::time("until", self.until)?,
            late: self.late,
            counts: self.counts.into(),
        })
    }
}

impl EngagedRow {
    fn read(self) -> Stored<Engaged> {
        Ok(Engaged {
            published: Self::time("published_at", self.published_at)?,
            looked: Self::time_if("looked_at", self.looked_at)?,
            gone: Self::time_if("gone_at", self.gone_at)?,
            publication: RowId::new(self.publication_id),
            post: PostId::new(self.post_id),
            account: AccountId::new(self.account_id),
            counts: self.counts.into(),
        })
    }
}

impl RemarkRow {
    fn read(self) -> Stored<Noted> {
        Ok(Noted {
            seen: Self::time("seen_at", self.seen_at)?,
            remark: Remark {
                at: Self::time("said_at", self.said_at)?,
                category: Self::word("category", &self.category)?,
                remote: self.remote,
                url: self.url,
                about: None,
            },
            account: AccountId::new(self.account_id),
            publication: self.publication_id.map(RowId::new),
        })
    }
}
