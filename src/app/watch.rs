//! Somebody is at work: noted every minute, so that it is known afterwards when nobody was; and
//! practices that nobody planned a digest for get one.

use jiff::SignedDuration;

use super::office::Office;
use super::wish::row;
use crate::domain::ids::PracticeId;
use crate::domain::outbox::RowKind;
use crate::ports::store::{Change, OutboxWrite, StoreError, Stored};

/// Nobody was at work when nothing was noted for so long: a restart is no outage.
const PATIENCE: SignedDuration = SignedDuration::from_mins(5);
/// What the row is about that plans a practice's digests.
const DAILY: &str = "daily";

/// Notes it, and looks after digests.
pub async fn watch(office: &Office) -> Stored<()> {
    office.store.watch(office.now(), PATIENCE).await?;
    for practice in office.store.unplanned().await? {
        let mut change = Change::new(practice.clone(), office.now());
        change.outbox.push(planned_anew(office, &practice));
        match office.commit(change).await {
            // Another process was faster.
            Ok(_) | Err(StoreError::Conflict) => {}
            Err(failed) => return Err(failed),
        }
    }
    Ok(())
}

/// It is looked at once when the practice's digest is due.
pub(super) fn planned_anew(office: &Office, practice: &PracticeId) -> OutboxWrite {
    let row = row(office, practice, RowKind::Digest, DAILY.to_owned());
    OutboxWrite::Put { row: Box::new(row), again: true }
}
