//! Works off the outbox: everything that must leave, or must happen later, is a row here.
//!
//! | kind | what a worker does |
//! |---|---|
//! | notice | shows it ([`notice`]) |
//! | publication, not sent | prepares, passes the publish gate, sends once ([`publish`]) |
//! | publication, maybe sent | finds out before anything else ([`resolve`]) |
//! | read-back, takedown | asks the network ([`after`]) |
//! | window-close | lets what did not leave become missed |

mod after;
pub mod alarm;
mod notice;
mod publish;
mod resolve;

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use futures_util::future::join_all;
use jiff::Timestamp;

use super::effects::{Doer, change};
use super::office::Office;
use crate::domain::acts::{self, Case};
use crate::domain::content::Content;
use crate::domain::ids::{PostId, PracticeId};
use crate::domain::outbox::{Certainty, Row, RowKind, RowState};
use crate::domain::post::Post;
use crate::domain::practice::{Account, Practice};
use crate::ports::publisher::{Media, Publisher};
use crate::ports::store::{Change, Kinds, OutboxWrite, StoreError, Stored};

/// How often a decision is made again when somebody else was faster.
const CONFLICTS: usize = 20;

/// Works off what is due, several rows at once; returns how many.
///
/// A row that fails for its own reasons stays claimed until its lease is over, and keeps no other
/// from leaving.
pub async fn drain(office: &Office, kinds: Kinds) -> Stored<usize> {
    let now = office.now();
    office.store.expire(now, landed_by(office, now)).await?;
    let until = now.saturating_add(office.pace.lease).unwrap_or(now);
    let rows = office.store.claim(now, until, (office.pace.at_once, kinds)).await?;
    let count = rows.len();
    for done in join_all(rows.into_iter().map(|row| attempt(office, row))).await {
        done?;
    }
    Ok(count)
}

/// Works off a row; fails only when no other could be worked off either.
async fn attempt(office: &Office, row: Row) -> Stored<()> {
    let id = row.id.clone();
    match AssertUnwindSafe(work(office, row)).catch_unwind().await {
        // Somebody else has the row now, or it is not wanted any more.
        Ok(Ok(()) | Err(StoreError::Conflict)) => {}
        Ok(Err(failed @ StoreError::Failed(_))) => return Err(failed),
        Ok(Err(error @ StoreError::Damaged(_))) => {
            tracing::error!(row.id = %id, %error, "Row {id} was not worked off: {error}");
        }
        // Where it was is said by the panic hook.
        Err(_) => tracing::error!(row.id = %id, "Row {id} was not worked off"),
    }
    Ok(())
}

/// When a request of a worker that is gone can't land any more, and the slowest network shows it.
fn landed_by(office: &Office, now: Timestamp) -> Timestamp {
    let delays = office.publishers.iter().map(|p| look_up_delay(p.as_ref()));
    let delay = delays.max().unwrap_or_default();
    let landed = now.saturating_add(office.pace.request).unwrap_or(now);
    landed.saturating_add(delay).unwrap_or(landed)
}

fn look_up_delay(publisher: &dyn Publisher) -> jiff::SignedDuration {
    match publisher.certainty() {
        Certainty::LookUp { delay } => delay,
        Certainty::Key { .. } | Certainty::Neither => jiff::SignedDuration::ZERO,
    }
}

async fn work(office: &Office, row: Row) -> Stored<()> {
    match (row.kind, row.state) {
        (RowKind::Notice, _) => notice::show(office, row).await,
        (RowKind::Publication, RowState::Resolving) => resolve::resolve(office, row).await,
        (RowKind::Publication, _) => publish::publish(office, row).await,
        (RowKind::ReadBack, _) => after::read_back(office, row).await,
        (RowKind::Takedown, _) => after::take_down(office, row).await,
        (RowKind::WindowClose, _) => close_window(office, row).await,
    }
}

/// A publication with all that sending it needs.
struct Loaded {
    practice: Practice,
    post: Post,
    content: Content,
    account: Account,
    media: Vec<Media>,
}

impl Loaded {
    fn case(&self, now: Timestamp) -> Case<'_> {
        Case { practice: &self.practice, post: &self.post, now }
    }
}

/// Loads a publication; `None` when something it needs is gone.
async fn load(office: &Office, row: &Row) -> Stored<Option<Loaded>> {
    let Some((practice, post)) = post_of(office, &row.practice, row.post.as_ref()).await? else {
        return Ok(None);
    };
    let revision = row.revision.unwrap_or(post.revision);
    let content = office.store.content(&practice.id, &post.id, revision).await?;
    let account = row.account.as_ref().and_then(|id| practice.account(id)).cloned();
    let (Some(content), Some(account)) = (content, account) else {
        return Ok(None);
    };
    let Some(part) = content.part(&account) else {
        return Ok(None);
    };
    let mut media = Vec::new();
    for picture in &part.media {
        let Some(bytes) = office.store.media(&practice.id, &picture.sha256).await? else {
            return Ok(None);
        };
        let (sha256, media_type) = (bytes.sha256, bytes.media_type);
        media.push(Media { sha256, media_type, bytes: bytes.bytes });
    }
    Ok(Some(Loaded { practice, post, content, account, media }))
}

async fn post_of(
    office: &Office,
    practice: &PracticeId,
    post: Option<&PostId>,
) -> Stored<Option<(Practice, Post)>> {
    let Some(post) = post else { return Ok(None) };
    let practice_now = office.store.practice(practice).await?;
    let post = office.store.post(practice, post).await?;
    Ok(practice_now.zip(post))
}

/// The holder's write: the row goes from what it was claimed as to `to`.
fn moved(from: &Row, to: Row) -> OutboxWrite {
    OutboxWrite::Move { id: from.id.clone(), from: from.state, fence: from.fence, to: Box::new(to) }
}

/// Commits nothing but the row's move.
async fn move_row(office: &Office, from: &Row, to: Row) -> Stored<()> {
    let mut change = Change::new(from.practice.clone(), office.now());
    change.outbox.push(moved(from, to));
    office.store.commit(change).await.map(drop)
}

/// Back to ready, not before `due`, because of this trouble.
async fn put_back(
    office: &Office,
    row: &Row,
    due: Timestamp,
    trouble: Option<String>,
) -> Stored<()> {
    let to = Row { state: RowState::Ready, due, lease_until: None, trouble, ..row.clone() };
    move_row(office, row, to).await
}

/// The end of a row.
async fn end(office: &Office, row: &Row, state: RowState, trouble: Option<String>) -> Stored<()> {
    let to = Row { state, lease_until: None, trouble, ..row.clone() };
    move_row(office, row, to).await
}

/// The window's end passed: what did not leave becomes missed, and this row is done.
async fn close_window(office: &Office, row: Row) -> Stored<()> {
    let done = moved(&row, Row { state: RowState::Done, lease_until: None, ..row.clone() });
    closed(office, &row, Some(done)).await
}

/// This publication came to the gate after its window: it becomes missed with the others.
async fn miss(office: &Office, row: &Row) -> Stored<()> {
    closed(office, row, None).await
}

async fn closed(office: &Office, row: &Row, also: Option<OutboxWrite>) -> Stored<()> {
    for _ in 0..CONFLICTS {
        let Some((practice, post)) = post_of(office, &row.practice, row.post.as_ref()).await?
        else {
            return end(office, row, RowState::Cancelled, None).await;
        };
        let case = Case { practice: &practice, post: &post, now: office.now() };
        let mut change = match acts::window_closed(case) {
            Ok(decided) => change(office, &practice, &post, decided, Doer::default()),
            Err(_) => Change::new(practice.id.clone(), office.now()),
        };
        change.outbox.extend(also.clone());
        match office.store.commit(change).await {
            Err(StoreError::Conflict) if still_mine(office, row).await?.is_some() => {}
            other => return other.map(drop),
        }
    }
    Err(StoreError::Conflict)
}

/// The row as it is, if this worker still holds it.
async fn still_mine(office: &Office, row: &Row) -> Stored<Option<Row>> {
    let now = office.store.row(&row.practice, &row.id).await?;
    Ok(now.filter(|now| now.fence == row.fence && now.state == row.state))
}
