//! A publication about which nobody can find out.

use super::held::{CONFLICTS, load, moved, still_mine};
use crate::app::effects::{Doer, change};
use crate::app::office::Office;
use crate::domain::acts;
use crate::domain::outbox::{Row, RowState};
use crate::ports::store::{StoreError, Stored};

/// Nobody can find out: a person is asked, and nothing is sent again until they say so.
pub(super) async fn park(office: &Office, row: &Row) -> Stored<()> {
    for _ in 0..CONFLICTS {
        let Some(loaded) = load(office, row).await? else {
            return Err(StoreError::Conflict);
        };
        let decided = acts::parked(loaded.case(office.now()), &row.id);
        let Ok(decided) = decided else {
            return Err(StoreError::Conflict);
        };
        let mut change = change(office, &loaded.practice, &loaded.post, decided, Doer::default());
        let to = Row { state: RowState::Parked, lease_until: None, ..row.clone() };
        change.outbox.push(moved(row, to));
        match office.commit(change).await {
            Ok(_) => {
                office.counts.parked(loaded.account.network);
                return Ok(());
            }
            Err(StoreError::Conflict) if still_mine(office, row).await?.is_some() => {}
            Err(error) => return Err(error),
        }
    }
    Err(StoreError::Conflict)
}
