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
mod held;
mod notice;
mod publish;
mod resolve;
mod window;

use futures_util::future::join_all;

use super::office::Office;
use crate::domain::outbox::{Row, RowKind, RowState};
use crate::ports::store::{StoreError, Stored};

/// Works off what is due, several rows at once; returns how many.
pub async fn drain(office: &Office) -> Stored<usize> {
    let now = office.now();
    office.store.expire(now, held::landed_by(office, now)).await?;
    let until = now.saturating_add(office.pace.lease).unwrap_or(now);
    let rows = office.store.claim(now, until, office.pace.at_once).await?;
    let count = rows.len();
    let done = join_all(rows.into_iter().map(|row| work(office, row))).await;
    for result in done {
        match result {
            // Somebody else has the row now, or it is not wanted any more.
            Ok(()) | Err(StoreError::Conflict) => {}
            Err(failed) => return Err(failed),
        }
    }
    Ok(count)
}

async fn work(office: &Office, row: Row) -> Stored<()> {
    match (row.kind, row.state) {
        (RowKind::Notice, _) => notice::show(office, row).await,
        (RowKind::Publication, RowState::Resolving) => resolve::resolve(office, row).await,
        (RowKind::Publication, _) => publish::publish(office, row).await,
        (RowKind::ReadBack, _) => after::read_back(office, row).await,
        (RowKind::Takedown, _) => after::take_down(office, row).await,
        (RowKind::WindowClose, _) => window::close(office, row).await,
    }
}
