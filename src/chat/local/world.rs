//! The world outside: what stands on the local platform and network, in a file of its own.
//!
//! Several processes may open the same file. One counter numbers everything, and a change raises
//! it in the transaction that makes it; another process's changes are noticed by looking at it.
//!
//! It does not decide what may be written: `acts` asks the gate first.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use jiff::Timestamp;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Sqlite, Transaction};
use tokio::sync::{Mutex, MutexGuard, watch};

use super::faults::Faults;
use super::file::{SCHEMA_VERSION, make_private};
use super::people::{Channel, Person};
use crate::ports::clock::Clock;

const SCHEMA: &str = include_str!("schema.sql");
/// How often another process's changes are looked for.
const POLL: Duration = Duration::from_millis(500);
/// How long a writer waits for another process.
const BUSY: Duration = Duration::from_secs(5);
/// How often to try within that time what SQLite itself does not wait for.
const TRIES: u32 = 250;
/// SQLite's code for "somebody else holds a lock".
const LOCKED: &str = "5";

/// Why the file could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum NotOpened {
    /// Of another version of the program.
    #[error("it was made by another version of Countersign (its schema is {0}): move it aside")]
    OtherVersion(i64),
    /// SQLite says no.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// What stands on the local platform and network. Cheap to clone; clones are the same world.
#[derive(Clone)]
pub struct World {
    inner: Arc<Inner>,
}

struct Inner {
    write: SqlitePool,
    read: SqlitePool,
    people: Vec<Person>,
    channels: Vec<Channel>,
    clock: Arc<dyn Clock>,
    changes: watch::Sender<i64>,
    open: watch::Sender<bool>,
    order: [Mutex<()>; 32],
    notices: AtomicU64,
    posts: AtomicU64,
}

impl World {
    /// Opens the file, and makes it when there is none. Needs a runtime, for the look-out.
    pub async fn open(
        path: &Path,
        people: Vec<Person>,
        channels: Vec<Channel>,
        clock: Arc<dyn Clock>,
    ) -> Result<World, NotOpened> {
        make_private(path).map_err(sqlx::Error::Io)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .busy_timeout(BUSY)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .pragma("secure_delete", "ON");
        let write = connect(&options).await?;
        prepare(&write).await?;
        let read = SqlitePoolOptions::new().max_connections(4).connect_with(options).await?;
        let inner = Inner {
            changes: watch::Sender::new(counter(&read).await?),
            open: watch::Sender::new(true),
            order: std::array::from_fn(|_| Mutex::new(())),
            notices: AtomicU64::new(0),
            posts: AtomicU64::new(0),
            write,
            read,
            people,
            channels,
            clock,
        };
        let inner = Arc::new(inner);
        tokio::spawn(look_out(Arc::downgrade(&inner)));
        Ok(World { inner })
    }

    /// Everybody one can act as.
    pub fn people(&self) -> &[Person] {
        &self.inner.people
    }

    /// Every channel.
    pub fn channels(&self) -> &[Channel] {
        &self.inner.channels
    }

    /// The person with this id.
    pub fn person(&self, id: &str) -> Option<&Person> {
        self.people().iter().find(|person| person.id == id)
    }

    /// The channel with this id.
    pub fn channel(&self, id: &str) -> Option<&Channel> {
        self.channels().iter().find(|channel| channel.id == id)
    }

    /// Follows the number of the last change, of this process or another.
    pub fn changes(&self) -> watch::Receiver<i64> {
        self.inner.changes.subscribe()
    }

    /// Ends every answer that would go on for ever, so that the listener can close.
    pub fn close(&self) {
        self.inner.open.send_replace(false);
    }

    /// What is told to go wrong.
    pub async fn faults(&self) -> sqlx::Result<Faults> {
        let told: Option<String> =
            sqlx::query_scalar("SELECT value FROM settings WHERE name = 'faults'")
                .fetch_optional(&self.inner.read)
                .await?;
        // Faults that this version does not know are none.
        Ok(told.and_then(|told| serde_json::from_str(&told).ok()).unwrap_or_default())
    }

    /// Tells what goes wrong from now on, in every process, until told otherwise.
    pub async fn set_faults(&self, faults: &Faults) -> sqlx::Result<()> {
        let told = serde_json::to_string(faults).map_err(|e| sqlx::Error::Encode(e.into()))?;
        let mut writing = self.begin().await?;
        sqlx::query(
            "INSERT INTO settings (name, value) VALUES ('faults', $1)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )
        .bind(told)
        .execute(&mut *writing.tx)
        .await?;
        writing.commit().await
    }

    /// Lets the world go on while the bot hears nothing of it, or ends that.
    pub async fn deaf(&self, deaf: bool) -> sqlx::Result<()> {
        let mut faults = self.faults().await?;
        faults.chat.deaf = deaf;
        self.set_faults(&faults).await
    }

    pub(super) fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    pub(super) fn reader(&self) -> &SqlitePool {
        &self.inner.read
    }

    /// A transaction that reads one moment.
    pub(super) async fn moment(&self) -> sqlx::Result<Transaction<'static, Sqlite>> {
        self.inner.read.begin().await
    }

    /// A transaction that changes something; it has a number of its own.
    pub(super) async fn begin(&self) -> sqlx::Result<Writing> {
        let mut tx = self.inner.write.begin_with("BEGIN IMMEDIATE").await?;
        let number = sqlx::query_scalar("UPDATE counter SET value = value + 1 RETURNING value")
            .fetch_one(&mut *tx)
            .await?;
        Ok(Writing { tx, number, world: self.clone() })
    }

    /// A number that nothing else has.
    pub(super) async fn number(&self) -> sqlx::Result<i64> {
        sqlx::query_scalar("UPDATE counter SET value = value + 1 RETURNING value")
            .fetch_one(&self.inner.write)
            .await
    }

    /// Holds everybody else off this message: its events reach the bot in the order in which they
    /// happened.
    pub(super) async fn order(&self, message: i64) -> MutexGuard<'_, ()> {
        let turns = &self.inner.order;
        let at = usize::try_from(message).unwrap_or_default() % turns.len();
        turns[at].lock().await
    }

    /// Wipes what was deleted from the log beside the file, too.
    pub(super) async fn wipe(&self) -> sqlx::Result<()> {
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&self.inner.write).await?;
        Ok(())
    }

    /// Counts the notices of this process.
    pub(super) fn count_notice(&self) -> u64 {
        self.inner.notices.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Counts the posts of this process.
    pub(super) fn count_post(&self) -> u64 {
        self.inner.posts.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Waits until the world is closed.
    pub(super) async fn closed(&self) {
        let mut open = self.inner.open.subscribe();
        // The sender lives as long as this clone of the world.
        let _ = open.wait_for(|open| !open).await;
    }
}

/// A change that is being made.
pub(super) struct Writing {
    pub(super) tx: Transaction<'static, Sqlite>,
    /// The number of this change; nothing else has it.
    pub(super) number: i64,
    world: World,
}

impl Writing {
    pub(super) async fn commit(self) -> sqlx::Result<()> {
        self.tx.commit().await?;
        tell(&self.world.inner.changes, self.number);
        Ok(())
    }
}

/// Turning a new file into one with a write-ahead log fails at once, without any waiting, when
/// another process does the same. So we wait ourselves.
async fn connect(options: &SqliteConnectOptions) -> sqlx::Result<SqlitePool> {
    let pool = SqlitePoolOptions::new().max_connections(1);
    for _ in 1..TRIES {
        match pool.clone().connect_with(options.clone()).await {
            Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(LOCKED) => {
                tokio::time::sleep(BUSY / TRIES).await;
            }
            done => return done,
        }
    }
    pool.connect_with(options.clone()).await
}

async fn prepare(write: &SqlitePool) -> Result<(), NotOpened> {
    let mut tx = write.begin_with("BEGIN IMMEDIATE").await?;
    let version: i64 = sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut *tx).await?;
    match version {
        0 => {
            sqlx::raw_sql(SCHEMA).execute(&mut *tx).await?;
            sqlx::raw_sql("PRAGMA user_version = 2").execute(&mut *tx).await?;
        }
        SCHEMA_VERSION => {}
        other => return Err(NotOpened::OtherVersion(other)),
    }
    Ok(tx.commit().await?)
}

async fn counter(read: &SqlitePool) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT value FROM counter").fetch_one(read).await
}

fn tell(changes: &watch::Sender<i64>, number: i64) {
    changes.send_if_modified(|last| {
        let is_new = number > *last;
        *last = number.max(*last);
        is_new
    });
}

async fn look_out(world: Weak<Inner>) {
    loop {
        tokio::time::sleep(POLL).await;
        let Some(inner) = world.upgrade() else { return };
        match counter(&inner.read).await {
            Ok(number) => tell(&inner.changes, number),
            Err(error) => tracing::warn!(%error, "The local platform's file can't be read"),
        }
    }
}
