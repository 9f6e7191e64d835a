//! Works off the outbox: everything that must leave, or must happen later, is a row here.
//!
//! | kind | what a worker does |
//! |---|---|
//! | notice | shows it (`notice`) |
//! | publication, not sent | prepares, passes the publish gate, sends once (`publish`) |
//! | publication, maybe sent | finds out before anything else (`resolve`) |
//! | read-back, takedown | asks the network (`after`) |
//! | engagement | asks how what went out is received (`engagement`) |
//! | window-close | lets what did not leave become missed |
//! | look | asks before the slot whether a post still fits and its sign-offs still count |
//! | account-test | asks the network whether an account's sign-in is good |
//! | digest | makes a practice's digest at its hour, and waits for the next |
//! | leftover | looks whether a message that was not kept is gone from its platform |

mod account_test;
mod after;
pub mod alarm;
mod digest;
mod doubt;
mod engagement;
mod face;
mod held;
pub mod leftover;
mod look;
mod notice;
mod parking;
mod publish;
mod recount;
mod resolve;
mod ruled_out;
mod showing;
mod threaded;
mod unshown;
mod waiting;
mod window;

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use futures_util::future::join_all;

use super::office::Office;
use crate::domain::outbox::{Row, RowKind, RowState};
use crate::ports::store::{Kinds, StoreError, Stored};

/// Works off what is due, several rows at once; returns how many.
///
/// A row that fails for its own reasons stays claimed until its lease is over, and keeps no other
/// from leaving.
pub async fn drain(office: &Office, kinds: Kinds) -> Stored<usize> {
    let now = office.now();
    office.store.expire(now, held::landed_by(office, now)).await?;
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
    match AssertUnwindSafe(Box::pin(work(office, row))).catch_unwind().await {
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

async fn work(office: &Office, row: Row) -> Stored<()> {
    match (row.kind, row.state) {
        (RowKind::Notice, _) => notice::show(office, row).await,
        (RowKind::Publication, RowState::Resolving) => {
            Box::pin(resolve::resolve(office, row)).await
        }
        (RowKind::Publication, _) => Box::pin(publish::publish(office, row)).await,
        (RowKind::ReadBack, _) => after::read_back(office, row).await,
        (RowKind::Takedown, _) => after::take_down(office, row).await,
        (RowKind::WindowClose, _) => window::close(office, row).await,
        (RowKind::Recount, _) => recount::recount(office, row).await,
        (RowKind::AccountTest, _) => account_test::test(office, row).await,
        (RowKind::Look, _) => look::look(office, row).await,
        (RowKind::Digest, _) => digest::plan(office, row).await,
        (RowKind::Leftover, _) => leftover::look(office, row).await,
        (RowKind::Engagement, _) => engagement::look(office, row).await,
    }
}
