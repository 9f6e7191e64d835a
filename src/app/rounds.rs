//! What time alone causes: the work goes round, cards are read again, and one can wait for quiet.
//!
//! The work goes in lanes that do not wait for each other: while a network lets a publication
//! wait, notices are shown; while a platform lets a notice wait, sign-offs and stops count.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::join_all;
use jiff::Timestamp;
use tokio::sync::watch;

use super::office::{Lane, Office};
use super::{catch_up, expiring, gone, inbox, outbox, retain, sweep, watch as watching};
use crate::ports::chat::Connection;
use crate::ports::store::{Kinds, StoreError, Stored};

/// So long until the next try when the database failed.
const BREATH: Duration = Duration::from_secs(1);

/// The shortest wait for what is due soon.
const SHORT: Duration = Duration::from_millis(5);

/// What is due by now and was not there to be taken is another process's, or of a copy that nobody
/// has looked through; it is looked at again.
const NOT_OURS: Duration = Duration::from_millis(100);

/// How often it is noted that somebody is at work.
const OFTEN: Duration = Duration::from_mins(1);

/// How often it is looked for words that nobody needs any more.
const RARELY: Duration = Duration::from_hours(6);

/// How often it is looked for sign-ins that end.
const HOURLY: Duration = Duration::from_hours(1);

/// What came of a lane's turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// There was something to do.
    Done,
    /// There was nothing to do.
    Nothing,
    /// The database failed, or a part of the program.
    Failed,
}

/// One turn of all lanes, one after the other; returns whether there was anything.
pub async fn go_round(office: &Office) -> Stored<bool> {
    let mut done = 0;
    for lane in [Lane::Events, Lane::Others, Lane::Engagement, Lane::Notices] {
        done += work(office, lane).await?;
    }
    Ok(done > 0)
}

/// One turn of a lane. When a write failed, events' lane finds out whether the ledger can be
/// written, and raises the alarm.
pub async fn turn(office: &Office, lane: Lane) -> Turn {
    let turn = match AssertUnwindSafe(work(office, lane)).catch_unwind().await {
        Ok(Ok(0)) => Turn::Nothing,
        Ok(Ok(_)) => Turn::Done,
        Ok(Err(StoreError::Failed(why))) => {
            office.trouble.doubt(&why);
            Turn::Failed
        }
        Ok(Err(error)) => {
            tracing::error!(%error, "The work does not go on: {error}");
            Turn::Failed
        }
        // Where it was is said by the panic hook.
        Err(_) => Turn::Failed,
    };
    if lane == Lane::Events {
        outbox::alarm::look(office).await;
    }
    turn
}

async fn work(office: &Office, lane: Lane) -> Stored<usize> {
    match kinds(lane) {
        None => inbox::drain(office).await,
        Some(kinds) => outbox::drain(office, kinds).await,
    }
}

/// Goes round until told to stop: as soon as the bell rings, or when the next row is due.
///
/// Since when nobody was at work is found out before anything is told of it.
pub async fn go_on(office: &Office, stop: watch::Receiver<bool>) {
    watch_once(office).await;
    let lanes = [Lane::Events, Lane::Notices, Lane::Engagement, Lane::Others];
    let work = join_all(lanes.map(|lane| keep_on(office, lane, stop.clone())));
    tokio::join!(work, watch_on(office, stop.clone()));
}

/// Notes every so often that somebody is at work.
async fn watch_on(office: &Office, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow_and_update() {
        tokio::select! {
            () = tokio::time::sleep(OFTEN) => watch_once(office).await,
            _ = stop.changed() => {}
        }
    }
}

async fn watch_once(office: &Office) {
    if let Ok(Err(error)) = AssertUnwindSafe(watching::watch(office)).catch_unwind().await {
        tracing::error!(%error, "That somebody is at work was not noted: {error}");
    }
}

async fn keep_on(office: &Office, lane: Lane, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow_and_update() {
        let wait = match turn(office, lane).await {
            Turn::Done => {
                office.ring();
                continue;
            }
            Turn::Nothing => idle(office, lane).await,
            Turn::Failed => BREATH,
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = office.rung(lane) => {}
            _ = stop.changed() => {}
        }
    }
}

/// How long there is nothing to do for this lane, as far as is known.
async fn idle(office: &Office, lane: Lane) -> Duration {
    // Another process may put things in, so never longer than a second.
    let long = Duration::from_secs(1);
    let Some(kinds) = kinds(lane) else { return long };
    let now = office.now();
    let due = office.store.next_due(kinds).await.ok().flatten();
    let until = |due: Timestamp| Duration::try_from(due.duration_since(now)).unwrap_or_default();
    match due.map(until) {
        None => long,
        Some(Duration::ZERO) => NOT_OURS,
        Some(until) => until.clamp(SHORT, long),
    }
}

/// What the lane works off of the outbox.
fn kinds(lane: Lane) -> Option<Kinds> {
    match lane {
        Lane::Events => None,
        Lane::Notices => Some(Kinds::Notices),
        Lane::Engagement => Some(Kinds::Engagement),
        Lane::Others => Some(Kinds::Others),
    }
}

/// Waits until events up to this number are handled and nothing is due.
pub async fn settled(office: &Office, after: i64) {
    loop {
        if is_settled(office, after).await.unwrap_or(false) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn is_settled(office: &Office, after: i64) -> Stored<bool> {
    let waiting = office.store.unhandled(0, 1).await?;
    if waiting.first().is_some_and(|event| event.seq <= after) {
        return Ok(false);
    }
    office.store.is_quiet(office.now()).await
}

/// Reads cards and ideas channels again, and looks for people who left, at the start, then every so often, and as soon as a platform
/// can be heard again. As soon as one can't, no post leaves whose card was read before.
pub async fn sweep_on(office: &Arc<Office>) {
    loop {
        report(AssertUnwindSafe(sweep::all(office)).catch_unwind().await, "cards");
        report(AssertUnwindSafe(catch_up::all(office)).catch_unwind().await, "ideas channels");
        report(AssertUnwindSafe(gone::all(office)).catch_unwind().await, "people");
        let wait = Duration::try_from(office.pace.sweep).unwrap_or(Duration::from_mins(5));
        let _ = tokio::time::timeout(wait, heard_again(office)).await;
    }
}

fn report(read: std::thread::Result<Stored<usize>>, what: &str) {
    match read {
        Ok(Ok(0)) | Err(_) => {}
        Ok(Ok(unread)) => tracing::warn!(unread, "{unread} {what} could not be read again"),
        Ok(Err(error)) => tracing::error!(%error, "{what} could not be read again: {error}"),
    }
}

/// Waits until a platform is heard again.
async fn heard_again(office: &Office) {
    loop {
        if office.turned().await == Connection::Up {
            return;
        }
    }
}

/// Says of sign-ins that end soon, at the start and every so often.
pub async fn warn_on(office: &Office) {
    loop {
        if let Ok(Err(error)) = AssertUnwindSafe(expiring::warn(office)).catch_unwind().await {
            tracing::error!(%error, "Sign-ins that end could not be looked for: {error}");
        }
        tokio::time::sleep(HOURLY).await;
    }
}

/// Takes the words of what was handled long ago, in small batches, at the start and every so often.
pub async fn forget_on(office: &Office) {
    loop {
        let wait = match AssertUnwindSafe(retain::forget(office)).catch_unwind().await {
            Ok(Ok(0)) | Err(_) => RARELY,
            // Others write in between.
            Ok(Ok(_)) => BREATH,
            Ok(Err(error)) => {
                tracing::error!(%error, "Old words could not be taken away: {error}");
                RARELY
            }
        };
        tokio::time::sleep(wait).await;
    }
}
