//! What time alone causes: the work goes round, cards are read again, and one can wait for quiet.

use std::time::Duration;

use tokio::sync::watch;

use super::office::Office;
use super::{inbox, outbox, sweep};
use crate::ports::store::Stored;

/// Works off everything that waits and is due now; returns whether there was anything.
pub async fn go_round(office: &Office) -> Stored<bool> {
    let events = inbox::drain(office).await?;
    let rows = outbox::drain(office).await?;
    Ok(events + rows > 0)
}

/// Goes round until told to stop: as soon as the bell rings, or when the next row is due.
pub async fn go_on(office: &Office, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow_and_update() {
        match go_round(office).await {
            Ok(true) => office.all_is_well(),
            Ok(false) => {
                tokio::select! {
                    () = idle(office) => {}
                    _ = stop.changed() => {}
                }
            }
            Err(error) => {
                outbox::alarm::raise(office, &error.to_string()).await;
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

async fn idle(office: &Office) {
    let now = office.now();
    let due = office.store.next_due().await.ok().flatten();
    let wait = due.map_or(1_000, |due| due.duration_since(now).as_millis());
    // Another process may put rows in, so never longer than a second.
    let wait = Duration::from_millis(u64::try_from(wait.clamp(5, 1_000)).unwrap_or(1_000));
    let _ = tokio::time::timeout(wait, office.bell.notified()).await;
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
    let waiting = office.store.unhandled(1).await?;
    if waiting.first().is_some_and(|event| event.seq <= after) {
        return Ok(false);
    }
    office.store.is_quiet(office.now()).await
}

/// Sweeps at the start, then every so often.
pub async fn sweep_on(office: &Office) {
    loop {
        match sweep::all(office).await {
            Ok(0) => {}
            Ok(unread) => tracing::warn!(unread, "{unread} cards could not be read again"),
            Err(error) => tracing::error!(%error, "Cards could not be read again: {error}"),
        }
        let wait = Duration::try_from(office.pace.sweep).unwrap_or(Duration::from_mins(5));
        tokio::time::sleep(wait).await;
    }
}
