//! Sends a publication: prepare, the publish gate, one request, its outcome.
//!
//! The transaction that makes the row `sending` is the gate. It is committed under the versions
//! of the post and of the practice that the check looked at, together with the ledger entry, so
//! that whatever was committed before it is seen, and whatever comes after it is too late.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use jiff::Timestamp;

use super::held::{CONFLICTS, Loaded, end, load, moved, put_back, still_mine, still_unknown};
use super::{engagement, parking, ruled_out, waiting};
use crate::app::effects::{Doer, change};
use crate::app::failures;
use crate::app::network_words;
use crate::app::office::Office;
use crate::app::sweep;
use crate::app::weigh;
use crate::app::wish::row as new_row;
use crate::domain::acts;
use crate::domain::failure::LONG;
use crate::domain::outbox::{Certainty, Outcome, Row, RowKind, RowState, back_off};
use crate::domain::refusal::Refusal;
use crate::domain::review::Tell;
use crate::domain::said::SaidWords;
use crate::ports::publisher::{Job, Prepared, Publisher, Readiness};
use crate::ports::store::{OutboxWrite, StoreError, Stored};

/// What stands on the card where this process can't reach a network at all, as one that was started
/// before there was a key vault.
pub(super) const NOT_OPEN: &str = "this program was started without that network: whoever runs it finds out \
                                   why with countersign check, and starts it anew";
/// What stands on the card while the network is waited for.
const ASKED_TO_WAIT: &str = "the network asked to wait";

/// Works off a publication that has not left.
pub(super) async fn publish(office: &Office, row: Row) -> Stored<()> {
    let Some(loaded) = load(office, &row).await? else {
        return end(office, &row, RowState::Cancelled, None).await;
    };
    let Some(publisher) = office.publisher(loaded.account.network) else {
        return later(office, &row, NOT_OPEN).await;
    };
    // Nobody is asked about what can't leave anyway.
    if let Err(refusal) = loaded.may_leave(&row, office.now()) {
        return turned_away(office, publisher, &row, refusal).await;
    }
    // What was told of reactions may have come in another order, or not at all: the card counts.
    if let Err(why) = sweep::cards_of(office, &row.practice, &loaded.post.id).await? {
        return later(office, &row, &why.to_string()).await;
    }
    // What can't leave any more is not uploaded either.
    let Some(loaded) = load(office, &row).await? else {
        return end(office, &row, RowState::Cancelled, None).await;
    };
    if let Err(refusal) = loaded.may_leave(&row, office.now()) {
        return turned_away(office, publisher, &row, refusal).await;
    }
    match publisher.readiness(loaded.on(office.now())).await {
        Readiness::Ready => {}
        Readiness::Busy(until) => {
            return waiting::network(office, &row, until, ASKED_TO_WAIT).await;
        }
        Readiness::Out(why) => return waiting::account(office, &row, &why).await,
    }
    match prepare(office, publisher, &job(&row, &loaded, office.now())).await {
        Ok(prepared) => Box::pin(leave(office, publisher, row, &prepared)).await,
        Err(Outcome::SignedOut(why)) => waiting::account(office, &row, &why).await,
        Err(Outcome::Refused(why)) => {
            record(office, &row, &Outcome::Refused(why), publisher.certainty()).await
        }
        Err(Outcome::TryLater(at)) => {
            waiting::network(office, &row, backed_off(office, &row, at), ASKED_TO_WAIT).await
        }
        Err(Outcome::Unknown(why)) => later(office, &row, &why).await,
        Err(Outcome::Published { .. }) => later(office, &row, "answered out of turn").await,
    }
}

pub(super) fn job<'a>(row: &'a Row, loaded: &'a Loaded, now: Timestamp) -> Job<'a> {
    let part = loaded.content.part(&loaded.account).expect("loaded only with its part");
    let first_sent = row.first_sent.unwrap_or(now);
    let (id, on, media, draft) = (&row.id, loaded.on(now), &*loaded.media, row.remote.as_deref());
    Job { id, on, part, media, draft, first_sent }
}

/// Uploads what the publication needs, in the time that a request may take.
pub(super) async fn prepare(
    office: &Office,
    publisher: &dyn Publisher,
    job: &Job<'_>,
) -> Result<Prepared, Outcome> {
    let silent = |_| Err(Outcome::Unknown("the network did not answer in time".to_owned()));
    tokio::time::timeout(allowed(office), publisher.prepare(job)).await.unwrap_or_else(silent)
}

/// How long one attempt may take, with all its requests.
pub(super) fn allowed(office: &Office) -> Duration {
    Duration::try_from(office.pace.request).unwrap_or(Duration::from_secs(30))
}

async fn later(office: &Office, row: &Row, why: &str) -> Stored<()> {
    let due = office.now().saturating_add(office.pace.again).unwrap_or(row.due);
    put_back(office, row, due, Some(why.to_owned())).await
}

/// Through the gate, out once, and what came of it.
pub(super) async fn leave(
    office: &Office,
    publisher: &dyn Publisher,
    row: Row,
    prepared: &Prepared,
) -> Stored<()> {
    // Its draft is known from here on, whatever becomes of the answer.
    let row = Row { remote: prepared.draft.clone().or(row.remote), ..row };
    let Some((row, loaded)) = Box::pin(pass_gate(office, publisher, row)).await? else {
        return Ok(());
    };
    // The commit may have taken long: past its lease or its window nothing may be sent. Nothing
    // left, so nothing is lost.
    let now = office.now();
    let late = row.lease_until.is_some_and(|until| now >= until);
    if late || !loaded.content.window.contains(now) {
        return record(office, &row, &Outcome::TryLater(now), publisher.certainty()).await;
    }
    let job = job(&row, &loaded, now);
    let request = while_held(office, &row, publisher.publish(&job, prepared));
    let outcome = match tokio::time::timeout(allowed(office), request).await {
        Ok(Some(outcome)) => outcome,
        // Not this worker's to write down any more.
        Ok(None) => return Ok(()),
        Err(_) => Outcome::Unknown("the network did not answer in time".to_owned()),
    };
    record(office, &row, &outcome, publisher.certainty()).await
}

/// Lets a request go on only while its row is held; `None` once the lease is over.
///
/// A worker that slept (its process was stopped, its machine suspended) may wake after somebody
/// else has looked the publication up and found it absent. So the clock is read before each step,
/// not only before the first: a request that was still connecting when it fell asleep is dropped.
async fn while_held(
    office: &Office,
    row: &Row,
    request: impl Future<Output = Outcome>,
) -> Option<Outcome> {
    let mut request = pin!(request);
    poll_fn(|context| match row.lease_until {
        Some(until) if office.now() >= until => Poll::Ready(None),
        _ => request.as_mut().poll(context).map(Some),
    })
    .await
}

/// The publish gate. `None`: it does not leave now, and the row says why.
async fn pass_gate(
    office: &Office,
    publisher: &dyn Publisher,
    row: Row,
) -> Stored<Option<(Row, Loaded)>> {
    for _ in 0..CONFLICTS {
        let Some(loaded) = load(office, &row).await? else {
            end(office, &row, RowState::Cancelled, None).await?;
            return Ok(None);
        };
        let now = office.now();
        let case = loaded.case(now);
        if let Err(refusal) = loaded.may_leave(&row, now).and_then(|()| passes(office, &loaded)) {
            turned_away(office, publisher, &row, refusal).await?;
            return Ok(None);
        }
        let hash = loaded.content.hash();
        let Ok(decided) = acts::claimed(case, &row.id, hash) else {
            end(office, &row, RowState::Cancelled, None).await?;
            return Ok(None);
        };
        let mut change = change(office, &loaded.practice, &loaded.post, decided, Doer::default());
        let sending = Row {
            state: RowState::Sending,
            first_sent: row.first_sent.or(Some(now)),
            lease_until: now.saturating_add(office.pace.lease).ok(),
            ..row.clone()
        };
        change.outbox.push(moved(&row, sending.clone()));
        match office.commit(change).await {
            Ok(_) => return Ok(Some((sending, loaded))),
            Err(StoreError::Conflict) if still_mine(office, &row).await?.is_some() => {}
            Err(error) => return Err(error),
        }
    }
    Err(StoreError::Conflict)
}

/// No rule blocks it now, whatever they said when it was sent for signature.
fn passes(office: &Office, loaded: &Loaded) -> Result<(), Refusal> {
    let blocks = weigh::blocks_of_sent(office, &loaded.practice, &loaded.post);
    if blocks.is_empty() { Ok(()) } else { Err(Refusal::BlockedInReview) }
}

/// The gate said no: what may change is tried again, what can't is over.
async fn turned_away(
    office: &Office,
    publisher: &dyn Publisher,
    row: &Row,
    refusal: Refusal,
) -> Stored<()> {
    let may_be_live = row.state == RowState::Resolving;
    let why = Some(refusal.to_string());
    let due = office.now().saturating_add(office.pace.again).unwrap_or(row.due);
    match refusal {
        // It may not be sent again, and only sending it again would tell: a person is asked.
        Refusal::OutsideWindow if may_be_live => parking::park(office, row).await,
        _ if may_be_live => still_unknown(office, row, due, refusal.to_string()).await,
        Refusal::Held | Refusal::Stopped | Refusal::Frozen | Refusal::BeforeSlot => {
            // Its card says so already.
            put_back(office, row, due, None).await
        }
        Refusal::BlockedInReview
        | Refusal::NotVouched
        | Refusal::ConsentRevoked
        | Refusal::ConsentEnds
        | Refusal::ConsentElsewhere => {
            if let Some(post) = &row.post {
                ruled_out::hold(office, &row.practice, post).await?;
            }
            put_back(office, row, due, None).await
        }
        Refusal::Quiet | Refusal::Stale => waiting::wait(office, row, refusal).await,
        Refusal::OutsideWindow => super::window::miss(office, row).await,
        Refusal::NotWhatWasSigned => {
            let post = row.post.as_ref().map_or("", |post| post.as_str());
            tracing::error!(post.id = post, "Post {post} does not leave: {refusal}");
            let refused = Outcome::Refused(refusal.to_string());
            record(office, row, &refused, publisher.certainty()).await
        }
        _ => end(office, row, RowState::Cancelled, why).await,
    }
}

/// Writes down what came of an attempt: on the post, in the ledger, on the row, and what follows.
pub(super) async fn record(
    office: &Office,
    row: &Row,
    outcome: &Outcome,
    certainty: Certainty,
) -> Stored<()> {
    for _ in 0..CONFLICTS {
        let Some(loaded) = load(office, row).await? else {
            return Err(StoreError::Conflict);
        };
        let outcome = &screened(office, &loaded, outcome);
        let decided = acts::outcome(loaded.case(office.now()), &row.id, outcome);
        let Ok(decided) = decided else {
            return Err(StoreError::Conflict);
        };
        let note = match outcome {
            Outcome::Published { url, .. } => url.as_str(),
            Outcome::Refused(why) | Outcome::Unknown(why) => why.as_str(),
            Outcome::TryLater(_) | Outcome::SignedOut(_) => "",
        };
        let doer = Doer { member: None, note };
        let mut decided = decided;
        if matches!(outcome, Outcome::TryLater(_)) && row.attempts > 1 {
            // Said once; the card shows until when it waits.
            decided.tell.retain(|tell| *tell != Tell::Outcome);
        }
        let mut change = change(office, &loaded.practice, &loaded.post, decided, doer);
        change.outbox.push(moved(row, after(office, row, outcome, certainty)));
        let long_unknown = matches!(outcome, Outcome::Unknown(_)) && row.look_ups + 1 == LONG;
        if long_unknown || matches!(outcome, Outcome::SignedOut(_)) {
            change.outbox.extend(failures::shown(office, &loaded.practice));
        }
        if let Outcome::Published { remote, .. } = outcome {
            change.outbox.push(read_back(office, row, outcome));
            change.outbox.extend(engagement::begin(office, row, &loaded.account, remote));
            change.said = Some(SaidWords::of(&loaded.content));
        }
        match office.commit(change).await {
            Ok(_) => {
                office.counts.published(loaded.account.network, outcome);
                return Ok(());
            }
            Err(StoreError::Conflict) if still_mine(office, row).await?.is_some() => {}
            Err(error) => return Err(error),
        }
    }
    Err(StoreError::Conflict)
}

/// A network's own words are screened like everybody else's.
fn screened(office: &Office, loaded: &Loaded, outcome: &Outcome) -> Outcome {
    let kept = |why: &String| network_words::kept(office, &loaded.practice, why);
    match outcome {
        Outcome::SignedOut(why) => Outcome::SignedOut(kept(why)),
        Outcome::Refused(why) => Outcome::Refused(kept(why)),
        Outcome::Unknown(why) => Outcome::Unknown(kept(why)),
        other => other.clone(),
    }
}

/// Not before then, and never at once, whatever the network says.
fn backed_off(office: &Office, row: &Row, at: Timestamp) -> Timestamp {
    at.max(office.now().saturating_add(back_off(row.attempts - 1)).unwrap_or(at))
}

fn after(office: &Office, row: &Row, outcome: &Outcome, certainty: Certainty) -> Row {
    let row = Row { lease_until: None, trouble: None, ..row.clone() };
    match outcome {
        Outcome::Published { remote, url } => Row {
            state: RowState::Done,
            remote: Some(remote.clone()),
            url: Some(url.clone()),
            ..row
        },
        Outcome::TryLater(at) => Row {
            state: RowState::Ready,
            due: backed_off(office, &row, *at),
            trouble: Some(ASKED_TO_WAIT.to_owned()),
            ..row
        },
        Outcome::SignedOut(why) => Row {
            state: RowState::Ready,
            due: office.now().saturating_add(office.pace.again).unwrap_or(row.due),
            trouble: Some(waiting::out(why)),
            ..row
        },
        Outcome::Refused(why) => {
            Row { state: RowState::Refused, trouble: Some(why.clone()), ..row }
        }
        Outcome::Unknown(why) => {
            let now = office.now();
            let due = match certainty {
                Certainty::Key { .. } => now.saturating_add(back_off(row.look_ups)).unwrap_or(now),
                Certainty::Neither => now,
                Certainty::LookUp { .. } => super::held::landed_by(office, now),
            };
            let look_ups = row.look_ups + 1;
            Row { state: RowState::Unknown, due, look_ups, trouble: Some(why.clone()), ..row }
        }
    }
}

fn read_back(office: &Office, row: &Row, outcome: &Outcome) -> OutboxWrite {
    let (remote, url) = match outcome {
        Outcome::Published { remote, url } => (Some(remote.clone()), Some(url.clone())),
        _ => (None, None),
    };
    let row = Row {
        post: row.post.clone(),
        revision: row.revision,
        account: row.account.clone(),
        remote,
        url,
        ..new_row(office, &row.practice, RowKind::ReadBack, row.id.to_string())
    };
    OutboxWrite::Put { row: Box::new(row), again: true }
}
