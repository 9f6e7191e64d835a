//! Opening a PostgreSQL database: how it is connected to, and what to do when it can't be.

use std::error::Error;
use std::time::Duration;

use sqlx::migrate::MigrateError;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, Executor, PgPool};

use super::place::{self, Place};
use super::row::{failed, is_collision, sqlstate};
use crate::ports::store::{StoreError, Stored};

/// Begins a transaction that sees one state of everything.
pub(super) const READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
/// Begins a transaction that writes: each statement sees what was committed before it. What must
/// not change under it is locked by writing it first.
pub(super) const WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";

/// How many connections a process has at most.
const CONNECTIONS: u32 = 8;
/// How long a task waits for one of them.
const TURN: Duration = Duration::from_secs(10);
/// A connection that was idle for so long may be gone: it is asked before it is used.
const STALE: Duration = Duration::from_secs(1);

/// A writer waits for another no longer than that; a process that sleeps in the middle of a
/// transaction keeps others waiting no longer than that, and learns when it wakes that nothing of
/// it was written; and a commit that was acknowledged is on the server's disk.
const CAREFUL: &str = "
    SET lock_timeout = '8s';
    SET idle_in_transaction_session_timeout = '5s';
    SELECT set_config('synchronous_commit', 'on', FALSE)
    WHERE current_setting('synchronous_commit') = 'off'";

/// What PostgreSQL says when two make the same thing: unique violation, duplicate table, index or
/// column.
const MADE_TWICE: [&str; 3] = ["23505", "42P07", "42701"];
/// No right to do this.
pub(super) const NO_RIGHT: &str = "42501";

/// The connections to a database that is there, for reading alone.
pub(super) async fn to_read(options: &PgConnectOptions) -> Stored<PgPool> {
    open(&options.clone().options([("default_transaction_read_only", "on")])).await
}

/// The connections to a database that is there.
pub(super) async fn open(options: &PgConnectOptions) -> Stored<PgPool> {
    // First one alone: it fails at once, and says why.
    connect(options).await?.close().await.map_err(failed)?;
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(TURN)
        .test_before_acquire(false)
        .after_connect(|on, _| Box::pin(async move { on.execute(CAREFUL).await.map(drop) }))
        .before_acquire(|on, about| {
            Box::pin(async move {
                if about.idle_for > STALE {
                    on.ping().await?;
                }
                Ok(true)
            })
        });
    Ok(pool.connect_lazy_with(options.clone()))
}

/// One connection, to a database that can hold what people write.
pub(super) async fn connect(options: &PgConnectOptions) -> Stored<PgConnection> {
    let connected = options.connect().await;
    let mut on = connected.map_err(|error| StoreError::Failed(why_not(&error, options)))?;
    let encoding: String =
        sqlx::query_scalar("SHOW server_encoding").fetch_one(&mut on).await.map_err(failed)?;
    if encoding == "UTF8" {
        return Ok(on);
    }
    let name = place::database(options);
    Err(StoreError::Failed(format!(
        "it keeps text as {encoding}, in which not everything can be written: make one with \
         CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0"
    )))
}

/// Another process made the schema at the same time.
pub(super) fn was_made_by_another(error: &MigrateError) -> bool {
    let Some(error) = driver_error(error) else {
        return false;
    };
    is_collision(error) || sqlstate(error).is_some_and(|state| MADE_TWICE.contains(&&*state))
}

/// What to do when the user has no right to make the schema.
pub(super) fn may_not(error: &MigrateError) -> Option<StoreError> {
    let state = driver_error(error).and_then(sqlstate)?;
    (state == NO_RIGHT).then(|| {
        let why = "its user may not make tables in it: make the user its owner, with ALTER \
                   DATABASE .. OWNER TO ..";
        StoreError::Failed(why.to_owned())
    })
}

fn driver_error(error: &MigrateError) -> Option<&sqlx::Error> {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => Some(error),
        _ => None,
    }
}

/// Why there is no connection, and what to do about it.
fn why_not(error: &sqlx::Error, options: &PgConnectOptions) -> String {
    let place = Place::Server(Box::new(options.clone()));
    let (name, user) = (place::database(options), options.get_username());
    match error {
        sqlx::Error::Io(error) => format!(
            "no PostgreSQL server answers ({error}): start it, or correct host and port in \
             database.url"
        ),
        sqlx::Error::Tls(error) => format!(
            "{place} can't be trusted ({}): name the certificate authority that it has its \
             certificate from with ?sslrootcert=FILE in database.url, or say with ?sslmode= how \
             much is to be checked",
            innermost(error.as_ref())
        ),
        error => match sqlstate(error).as_deref() {
            Some("28P01" | "28000") => format!(
                "the server refuses the user {user} ({error}): correct user and password in \
                 database.url"
            ),
            Some("3D000") => format!(
                "there is no such database on the server: make it, with CREATE DATABASE {name}"
            ),
            Some("42501") => format!(
                "the user {user} may not connect to it: GRANT CONNECT ON DATABASE {name} TO {user}"
            ),
            Some("53300") => {
                "the server has no connection left: give it more, with max_connections".to_owned()
            }
            _ => error.to_string(),
        },
    }
}

fn innermost<'a>(error: &'a (dyn Error + 'static)) -> &'a dyn Error {
    error.source().map_or(error, |source| innermost(source))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Said by the store's contract when no server is named.
    #[tokio::test]
    async fn the_connections_are_careful() {
        let Ok(url) = std::env::var("COUNTERSIGN_TEST_POSTGRES") else { return };
        let options: PgConnectOptions = url.parse().expect("a URL");
        let careless = options.options([("synchronous_commit", "off")]);
        let pool = open(&careless).await.expect("opens");

        for (setting, expected) in [
            ("SHOW lock_timeout", "8s"),
            ("SHOW idle_in_transaction_session_timeout", "5s"),
            ("SHOW synchronous_commit", "on"),
        ] {
            let is: String = sqlx::query_scalar(setting).fetch_one(&pool).await.expect("a setting");
            assert_eq!(is, expected, "{setting}");
        }
        let mut reading = pool.begin_with(READ).await.expect("begun");
        let written = sqlx::query("CREATE TABLE a (b TEXT)").execute(&mut *reading).await;
        assert!(written.is_err_and(|error| error.to_string().contains("read-only")));
    }
}
