//! Commits to a file that wait at the same time share one transaction, and so one wait for the disk.
//!
//! What holds: a change is answered only after the transaction that it is in was committed, and so
//! is on the disk. Each has a savepoint of its own: one that conflicts, or that asks for what can't
//! be done, is undone alone. When the file takes no more writes, all are undone, and each is tried
//! in a transaction of its own, so that a large one does not fail the small ones. When the shared
//! commit fails, or a part breaks, all fail.
//!
//! One task does it, in the order in which the changes came. It takes what waits, and while the
//! disk works the next ones gather: alone, a change is committed at once. A change whose caller has
//! gone before its turn is left out.

use std::panic::AssertUnwindSafe;

use ed25519_dalek::SigningKey;
use futures_util::FutureExt;
use sqlx::SqlitePool;
use tokio::sync::{mpsc, oneshot};

use super::commit::{self, Committed};
use super::db::{Ended, Tx, sql, statements};
use super::heads::HeadsLog;
use super::row::failed;
use crate::domain::ledger::Head;
use crate::ports::store::{Change, StoreError, Stored};

/// So many share a transaction at most: others that want to write wait for it.
const MOST: usize = 64;

statements! {
    BEGIN_ONE = "SAVEPOINT one";
    KEEP_ONE = "RELEASE one";
    UNDO_ONE = "ROLLBACK TO one";
}

/// Where changes are handed in.
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

/// A change, and who waits for it.
struct Waiting {
    change: Change,
    answer: oneshot::Sender<Stored<Head>>,
}

impl Group {
    /// Begins to take changes, until this is dropped.
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
                all.retain(|waiting: &Waiting| !waiting.answer.is_closed());
                // What breaks takes its answers along, so that nobody is told that it was stored.
                let _ = AssertUnwindSafe(hand.commit(all)).catch_unwind().await;
            }
        });
        Self(hand_in)
    }

    /// Commits a change: all of it or nothing.
    pub(super) async fn commit(&self, change: Change) -> Stored<Head> {
        let broken = || StoreError::Failed("a commit broke off".to_owned());
        let (answer, answered) = oneshot::channel();
        self.0.send(Waiting { change, answer }).map_err(|_| broken())?;
        answered.await.map_err(|_| broken())?
    }
}

impl Hand {
    async fn commit(&self, all: Vec<Waiting>) {
        if all.is_empty() {
            return;
        }
        let mut tx = match self.writer.begin_with("BEGIN IMMEDIATE").await {
            Ok(tx) => Tx::Sqlite(tx),
            Err(error) => return fail(all, failed(error)),
        };
        match self.write(&mut tx, &all).await {
            Ok(written) => match tx.end(Ok(())).await {
                Ended::Done(Ok(())) => self.answer(all, written),
                Ended::Done(Err(error)) | Ended::Collided(error) => fail(all, error),
            },
            Err(error) => {
                let _ = tx.end::<()>(Err(error.clone())).await;
                if all.len() == 1 {
                    return fail(all, error);
                }
                for one in all {
                    Box::pin(self.commit(vec![one])).await;
                }
            }
        }
    }

    /// Writes all; fails when nothing more can be written.
    async fn write(&self, tx: &mut Tx, all: &[Waiting]) -> Stored<Vec<Stored<Committed>>> {
        if let [one] = all {
            return Ok(vec![Ok(commit::apply(tx, &one.change, &self.key).await?)]);
        }
        let mut written = Vec::new();
        for one in all {
            sql!(tx.execute: BEGIN_ONE)?;
            let done = commit::apply(tx, &one.change, &self.key).await;
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

    /// Tells all what became of theirs, once it is on the disk.
    fn answer(&self, all: Vec<Waiting>, written: Vec<Stored<Committed>>) {
        for (waiting, written) in all.into_iter().zip(written) {
            let head = written.map(|committed| {
                committed.last.iter().for_each(|last| self.heads.append(last));
                committed.head
            });
            // Who does not wait any more finds out by looking.
            let _ = waiting.answer.send(head);
        }
    }
}

/// Tells all the same.
fn fail(all: Vec<Waiting>, error: StoreError) {
    for waiting in all {
        let _ = waiting.answer.send(Err(error.clone()));
    }
}
