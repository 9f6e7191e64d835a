//! Writes to a file that wait at the same time share one transaction, and so one wait for the disk:
//! changes, and events that come in.
//!
//! What holds: a write is answered only after the transaction that it is in was committed, and so
//! is on the disk. When one fails, all are written anew, each with a savepoint of its own: one that
//! conflicts, or that asks for what can't be done, is undone alone. When the file takes no more
//! writes, each is tried in a transaction of its own, so that a large one does not fail the small
//! ones. When the shared commit fails, or a part breaks, all fail.
//!
//! One task does it, in the order in which the writes came. It takes what waits, and while the
//! disk works the next ones gather: alone, a write is committed at once. One whose caller has gone
//! before its turn is left out.

use std::panic::AssertUnwindSafe;

use ed25519_dalek::SigningKey;
use futures_util::FutureExt;
use jiff::Timestamp;
use sqlx::SqlitePool;
use tokio::sync::{mpsc, oneshot};

use super::commit::{self, Committed};
use super::db::{Ended, Tx, sql, statements};
use super::heads::HeadsLog;
use super::inbox;
use super::row::failed;
use crate::domain::ids::PracticeId;
use crate::domain::ledger::Head;
use crate::ports::store::{Change, Screened, StoreError, Stored};

/// So many share a transaction at most: others that want to write wait for it.
const MOST: usize = 64;

statements! {
    BEGIN_ONE = "SAVEPOINT one";
    KEEP_ONE = "RELEASE one";
    UNDO_ONE = "ROLLBACK TO one";
}

/// Where writes are handed in.
pub(super) struct Group(mpsc::UnboundedSender<Waiting>);

/// What the task needs.
pub(super) struct Hand {
    /// The connection that writes.
    pub(super) writer: SqlitePool,
    /// Signs the ledger.
    pub(super) key: SigningKey,
    /// Where ends of chains are written outside the database.
    pub(super) heads: HeadsLog,
}

/// What is to be written, and who waits for it.
enum Waiting {
    Change(Box<Change>, oneshot::Sender<Stored<Head>>),
    Events(Vec<(PracticeId, Screened)>, Timestamp, oneshot::Sender<Stored<(i64, bool)>>),
}

/// What was written.
enum Written {
    Change(Box<Committed>),
    Events((i64, bool)),
}

impl Group {
    /// Begins to take writes, until this is dropped.
    pub(super) fn open(hand: Hand) -> Self {
        let (hand_in, mut queue) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Some(first) = queue.recv().await {
                let mut all = vec![first];
                while all.len() < MOST
                    && let Ok(next) = queue.try_recv()
                {
                    all.push(next);
                }
                // What breaks takes its answers along, so that nobody is told that it was stored.
                let _ = AssertUnwindSafe(hand.commit(all)).catch_unwind().await;
            }
        });
        Self(hand_in)
    }

    /// Commits a change: all of it or nothing.
    pub(super) async fn commit(&self, change: Change) -> Stored<Head> {
        let (answer, answered) = oneshot::channel();
        self.hand_in(Waiting::Change(Box::new(change), answer))?;
        answered.await.map_err(|_| broken())?
    }

    /// Stores events, as [`inbox::receive_each`] does.
    pub(super) async fn receive(
        &self,
        events: Vec<(PracticeId, Screened)>,
        at: Timestamp,
    ) -> Stored<(i64, bool)> {
        let (answer, answered) = oneshot::channel();
        self.hand_in(Waiting::Events(events, at, answer))?;
        answered.await.map_err(|_| broken())?
    }

    fn hand_in(&self, waiting: Waiting) -> Stored<()> {
        self.0.send(waiting).map_err(|_| broken())
    }
}

fn broken() -> StoreError {
    StoreError::Failed("a commit broke off".to_owned())
}

impl Hand {
    /// First all as one, which is what nearly always succeeds; then each with a savepoint of its
    /// own; at last each in a transaction of its own.
    async fn commit(&self, mut all: Vec<Waiting>) {
        for apart in [false, true] {
            all.retain(Waiting::is_awaited);
            if all.is_empty() {
                return;
            }
            let mut tx = match self.writer.begin_with("BEGIN IMMEDIATE").await {
                Ok(tx) => Tx::sqlite(tx),
                Err(error) => return fail(all, &failed(error)),
            };
            // Another process may have kept the file for long.
            all.retain(Waiting::is_awaited);
            let error = match self.write(&mut tx, &all, apart).await {
                // Who was told meanwhile that it is not stored must not find it stored.
                Ok(_) if !all.iter().all(Waiting::is_awaited) => {
                    let _ = tx.end::<()>(Err(broken())).await;
                    all.retain(Waiting::is_awaited);
                    return Box::pin(self.commit(all)).await;
                }
                Ok(written) => return self.end(tx, all, written).await,
                Err(error) => error,
            };
            let _ = tx.end::<()>(Err(error.clone())).await;
            if all.len() == 1 {
                return fail(all, &error);
            }
        }
        for one in all {
            Box::pin(self.commit(vec![one])).await;
        }
    }

    /// Writes all; fails when one fails, or, with a savepoint for each, when nothing more can be
    /// written.
    async fn write(
        &self,
        tx: &mut Tx,
        all: &[Waiting],
        apart: bool,
    ) -> Stored<Vec<Stored<Written>>> {
        let mut written = Vec::new();
        for one in all {
            if !apart {
                written.push(Ok(one.write(tx, &self.key).await?));
                continue;
            }
            sql!(tx.execute: BEGIN_ONE)?;
            let done = one.write(tx, &self.key).await;
            match &done {
                Err(StoreError::Failed(_)) => return done.map(|_| written),
                Err(_) => sql!(tx.execute: UNDO_ONE).map(drop)?,
                Ok(_) => {}
            }
            sql!(tx.execute: KEEP_ONE)?;
            written.push(done);
        }
        Ok(written)
    }

    /// Commits, and tells all what became of theirs, once it is on the disk.
    async fn end(&self, tx: Tx, all: Vec<Waiting>, written: Vec<Stored<Written>>) {
        if let Ended::Done(Err(error)) | Ended::Collided(error) = tx.end(Ok(())).await {
            return fail(all, &error);
        }
        let ends = written.iter().filter_map(|written| match written {
            Ok(Written::Change(committed)) => Some(committed.ends()),
            _ => None,
        });
        self.heads.append(ends.flatten());
        for (waiting, written) in all.into_iter().zip(written) {
            waiting.answer(written);
        }
    }
}

impl Waiting {
    /// Somebody waits for it still.
    fn is_awaited(&self) -> bool {
        match self {
            Self::Change(_, answer) => !answer.is_closed(),
            Self::Events(_, _, answer) => !answer.is_closed(),
        }
    }

    async fn write(&self, tx: &mut Tx, key: &SigningKey) -> Stored<Written> {
        match self {
            Self::Change(change, _) => {
                commit::apply(tx, change, key).await.map(|done| Written::Change(Box::new(done)))
            }
            Self::Events(events, at, _) => {
                inbox::receive_each(tx, events, *at).await.map(Written::Events)
            }
        }
    }

    /// Who does not wait any more finds out by looking.
    fn answer(self, written: Stored<Written>) {
        match (self, written) {
            (Self::Change(_, answer), Ok(Written::Change(done))) => {
                let _ = answer.send(Ok(done.head));
            }
            (Self::Events(_, _, answer), Ok(Written::Events(done))) => {
                let _ = answer.send(Ok(done));
            }
            (waiting, Err(error)) => waiting.fail(&error),
            (waiting, Ok(_)) => waiting.fail(&broken()),
        }
    }

    fn fail(self, error: &StoreError) {
        let _ = match self {
            Self::Change(_, answer) => answer.send(Err(error.clone())).is_ok(),
            Self::Events(_, _, answer) => answer.send(Err(error.clone())).is_ok(),
        };
    }
}

/// Tells all the same.
fn fail(all: Vec<Waiting>, error: &StoreError) {
    for waiting in all {
        waiting.fail(error);
    }
}
