//! Looks at how what went out is received, and at who names the practice's accounts.
//!
//! A publication has a row with its plan; an account whose network tells of mentions has one that
//! never ends while the account is there. Neither keeps a publication waiting: they have a lane of
//! their own, and an account that was asked to wait waits for both.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::held::{end, move_row};
use crate::app::office::Office;
use crate::app::wish::row as new_row;
use crate::domain::engagement::{next_look, next_poll};
use crate::domain::ids::{PostId, PracticeId, RowId};
use crate::domain::outbox::{Outcome, Row, RowKind, RowState, back_off};
use crate::domain::practice::{Account, Practice};
use crate::domain::state::State;
use crate::ports::engagement::{Look, Reads, Seen, Told};
use crate::ports::publisher::{On, Readiness};
use crate::ports::store::{OutboxWrite, Stored};

/// What a look at a publication carries.
#[derive(Serialize, Deserialize)]
struct Plan {
    /// When it went out, in microseconds.
    published: i64,
}

/// The rows of a publication that is live: for it, and for its account where that can be asked.
pub(super) fn begin(
    office: &Office,
    row: &Row,
    account: &Account,
    remote: &str,
) -> Vec<OutboxWrite> {
    let reads = office.publisher(account.network).and_then(|publisher| publisher.reads());
    let Some(reads) = reads else { return Vec::new() };
    let now = office.now();
    let plan = Plan { published: now.as_microsecond() };
    let of_it = Row {
        post: row.post.clone(),
        revision: row.revision,
        account: row.account.clone(),
        remote: Some(remote.to_owned()),
        due: next_look(now, now, row.id.as_str()).unwrap_or(now),
        payload: serde_json::to_string(&plan).expect("a plan is plain data"),
        ..new_row(office, &row.practice, RowKind::Engagement, row.id.to_string())
    };
    let of_it = OutboxWrite::Put { row: Box::new(of_it), again: false };
    let mentions = reads.has_mentions().then(|| mentions_of(office, &row.practice, account));
    std::iter::once(of_it).chain(mentions).collect()
}

/// Asks from now on who names the account.
fn mentions_of(office: &Office, practice: &PracticeId, account: &Account) -> OutboxWrite {
    let row = Row {
        account: Some(account.id.clone()),
        due: next_poll(office.now(), account.id.as_str()),
        ..new_row(office, practice, RowKind::Engagement, format!("mentions/{}", account.id))
    };
    OutboxWrite::Put { row: Box::new(row), again: true }
}

/// Works off a row: asks once, keeps what was told, and puts it back until the next time.
pub(super) async fn look(office: &Office, row: Row) -> Stored<()> {
    let practice = office.store.practice(&row.practice).await?;
    let account = practice.as_ref().and_then(|known| known.account(row.account.as_ref()?));
    let (Some(practice), Some(account)) = (practice.as_ref(), account) else {
        return end(office, &row, RowState::Cancelled, None).await;
    };
    let publisher = office.publisher(account.network);
    let Some((publisher, reads)) = publisher.and_then(|known| Some((known, known.reads()?))) else {
        return end(office, &row, RowState::Cancelled, None).await;
    };
    let on = On { practice: &practice.id, account, now: office.now() };
    let may = match publisher.readiness(on).await {
        Readiness::Ready => Ok(reads),
        Readiness::Busy(until) => Err(Outcome::TryLater(until)),
        Readiness::Out(why) => Err(Outcome::SignedOut(why)),
    };
    match &row.post {
        Some(post) => of_publication(office, &row, (practice, post), (on, may)).await,
        None => of_account(office, &row, (on, may)).await,
    }
}

/// The network, or why it can't be asked now.
type May<'a> = (On<'a>, Result<&'a dyn Reads, Outcome>);

async fn of_publication(
    office: &Office,
    row: &Row,
    (practice, post): (&Practice, &PostId),
    (on, may): May<'_>,
) -> Stored<()> {
    let post = office.store.post(&practice.id, post).await?;
    let post = post.filter(|post| post.state != State::TakenDown);
    let plan: Option<Plan> = serde_json::from_str(&row.payload).ok();
    let published = plan.and_then(|plan| Timestamp::from_microsecond(plan.published).ok());
    let (Some(post), Some(published), Some(remote)) = (post, published, &row.remote) else {
        return end(office, row, RowState::Cancelled, None).await;
    };
    let seen = match may {
        Ok(reads) => in_time(office, reads.seen(on, remote)).await,
        Err(outcome) => Err(outcome),
    };
    let publication = RowId::new(row.subject.clone());
    let look = |told| Look {
        publication: publication.clone(),
        post: post.id.clone(),
        account: on.account.id.clone(),
        published,
        at: on.now,
        told,
    };
    let next = next_look(published, on.now, &row.subject);
    match seen {
        Ok(Some(Seen { counts, remarks })) => {
            office.store.keep_look(&practice.id, &look(Told::Counts(counts))).await?;
            office.store.keep_remarks(&practice.id, &on.account.id, &remarks, on.now).await?;
            again(office, row, next).await
        }
        Ok(None) => {
            office.store.keep_look(&practice.id, &look(Told::Gone)).await?;
            end(office, row, RowState::Done, None).await
        }
        Err(outcome) => {
            office.store.keep_look(&practice.id, &look(Told::Nothing)).await?;
            not_told(office, row, (on.now, next), &outcome).await
        }
    }
}

async fn of_account(office: &Office, row: &Row, (on, may): May<'_>) -> Stored<()> {
    let told = match may {
        Ok(reads) => in_time(office, reads.mentions(on)).await,
        Err(outcome) => Err(outcome),
    };
    let next = Some(next_poll(on.now, on.account.id.as_str()));
    match told {
        Ok(remarks) => {
            office.store.keep_remarks(on.practice, &on.account.id, &remarks, on.now).await?;
            again(office, row, next).await
        }
        Err(outcome) => not_told(office, row, (on.now, next), &outcome).await,
    }
}

/// The answer, in the time that a request may take.
async fn in_time<T>(
    office: &Office,
    asked: impl Future<Output = Result<T, Outcome>>,
) -> Result<T, Outcome> {
    let allowed = Duration::try_from(office.pace.request).unwrap_or(Duration::from_secs(30));
    let silent = |_| Err(Outcome::Unknown("the network did not answer in time".to_owned()));
    tokio::time::timeout(allowed, asked).await.unwrap_or_else(silent)
}

/// Back until the next look; its end after the last.
async fn again(office: &Office, row: &Row, next: Option<Timestamp>) -> Stored<()> {
    let state = if next.is_some() { RowState::Ready } else { RowState::Done };
    let due = next.unwrap_or(row.due);
    let to = Row { state, due, attempts: 0, lease_until: None, trouble: None, ..row.clone() };
    move_row(office, row, to).await
}

/// Sooner again where that may help, but not before the network allows it.
async fn not_told(
    office: &Office,
    row: &Row,
    (now, next): (Timestamp, Option<Timestamp>),
    outcome: &Outcome,
) -> Stored<()> {
    let Some(next) = next else { return end(office, row, RowState::Done, None).await };
    let soon = now.saturating_add(back_off(row.attempts)).unwrap_or(next);
    let (due, why) = match outcome {
        Outcome::TryLater(at) => (soon.min(next).max(*at), "the network asked to wait"),
        Outcome::Unknown(_) => (soon.min(next), "the network did not answer"),
        Outcome::SignedOut(_) => (next, "its account has to be connected again"),
        Outcome::Refused(_) | Outcome::Published { .. } => (next, "the network does not tell"),
    };
    let (state, trouble) = (RowState::Ready, Some(why.to_owned()));
    let to = Row { state, due, lease_until: None, trouble, ..row.clone() };
    move_row(office, row, to).await
}
