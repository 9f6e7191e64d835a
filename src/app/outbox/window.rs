//! A window that closed: what did not leave becomes missed, and somebody is asked.

use super::held::{CONFLICTS, end, moved, post_of, still_mine};
use crate::app::effects::{Doer, change};
use crate::app::office::Office;
use crate::domain::acts::{self, Case};
use crate::domain::network::Network;
use crate::domain::outbox::{Row, RowState};
use crate::domain::post::Post;
use crate::domain::practice::Practice;
use crate::ports::store::{Change, OutboxWrite, StoreError, Stored};

/// The window's end passed: what did not leave becomes missed, and this row is done.
pub(super) async fn close(office: &Office, row: Row) -> Stored<()> {
    let done = moved(&row, Row { state: RowState::Done, lease_until: None, ..row.clone() });
    closed(office, &row, Some(done)).await
}

/// This publication came to the gate after its window: it becomes missed with the others.
pub(super) async fn miss(office: &Office, row: &Row) -> Stored<()> {
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
        let missed = missed(&practice, &post, &change);
        match office.commit(change).await {
            Ok(_) => {
                for network in missed {
                    office.counts.missed(network);
                }
                return Ok(());
            }
            Err(StoreError::Conflict) if still_mine(office, row).await?.is_some() => {}
            Err(error) => return Err(error),
        }
    }
    Err(StoreError::Conflict)
}

/// Where the publications would have gone that end with this change.
fn missed(practice: &Practice, post: &Post, change: &Change) -> Vec<Network> {
    let ended = change.outbox.iter().filter_map(|write| match write {
        OutboxWrite::End { id, state: RowState::Missed } => post.publication(id),
        _ => None,
    });
    ended.filter_map(|p| practice.account(&p.account)).map(|account| account.network).collect()
}
