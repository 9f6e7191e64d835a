//! A copy becomes the database of a server: all of it in one transaction, or nothing.
//!
//! What is there already is moved aside in the same transaction, into a schema of its own, so that
//! nothing of it is lost. Others that have the database open are not in the way of the engine: they
//! would go on with the copy as if nothing had happened. So it is refused while there are any; and
//! as long as nobody has looked through a copy, no row of its outbox is given to a worker.

use std::path::Path;
use std::time::Duration;

use jiff::civil::Date;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, PgConnection};

use super::backup::has_these_tables;
use super::db::{Db, Ended, Tx, up_to_date};
use super::place::{self, Place};
use super::postgres::{self, NO_RIGHT};
use super::row::{failed, sqlstate};
use super::transfer::{Table, tables, transfer};
use crate::ports::store::{StoreError, Stored};

/// Who else has it open, as far as can be seen.
const OTHERS: &str = "SELECT COUNT(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = $1 AND pid <> pg_backend_pid()";
/// Who was just told to stop may take so long, and we ourselves had it open a moment ago.
const TRIES: u32 = 50;
const AGAIN: Duration = Duration::from_millis(100);

/// What is there of these tables.
const THERE: &str = "SELECT tablename::text FROM pg_tables
    WHERE schemaname = current_schema() AND tablename = ANY ($1)";
/// Where what is there might be moved.
const TAKEN: &str = "SELECT COUNT(*) FROM pg_namespace WHERE nspname = $1";
/// What remembers which migrations were done.
const HISTORY: &str = "_sqlx_migrations";

/// Makes the copy the database of a server. What is there is moved aside, and where to is returned.
pub async fn put_back(copy: &Path, to: &Place, today: Date) -> Stored<Option<String>> {
    let Place::Server(options) = to else {
        return Err(StoreError::Damaged("a file takes a copy as it is".to_owned()));
    };
    nobody_has_it(options).await?;
    let (file, server) = (Db::to_read(&Place::File(copy.to_owned())).await?, Db::open_as_it_is(to));
    let server = server.await?;
    let (mut from, mut into) = (file.read().await?, server.write().await?);
    let done = all(&mut from, &mut into, (options, today)).await;
    let ended = into.end(done).await;
    drop(from);
    server.close().await;
    file.close().await;
    match ended {
        Ended::Done(done) => done,
        Ended::Collided(error) => Err(error),
    }
}

async fn all(
    from: &mut Tx,
    into: &mut Tx,
    (options, today): (&PgConnectOptions, Date),
) -> Stored<Option<String>> {
    has_these_tables(from).await?;
    let tables = tables(from).await?;
    let aside = match into {
        Tx::Pg(tx) => move_aside(&mut tx.on, &tables, today).await,
        Tx::Sqlite(_) => Ok(None),
    };
    let aside = aside.map_err(|error| may_not(error, options))?;
    up_to_date(into).await?;
    transfer(from, into, &tables).await?;
    Ok(aside)
}

/// Fails while another process has the database open.
async fn nobody_has_it(options: &PgConnectOptions) -> Stored<()> {
    let mut on = postgres::connect(options).await?;
    for _ in 0..TRIES {
        let others: i64 = sqlx::query_scalar(OTHERS)
            .bind(place::PROGRAM)
            .fetch_one(&mut on)
            .await
            .map_err(failed)?;
        if others == 0 {
            return Ok(());
        }
        tokio::time::sleep(AGAIN).await;
    }
    Err(StoreError::Failed("another program has it open: stop Countersign first".to_owned()))
}

async fn move_aside(
    on: &mut PgConnection,
    tables: &[Table],
    today: Date,
) -> sqlx::Result<Option<String>> {
    let mut names: Vec<String> = tables.iter().map(|table| table.name.clone()).collect();
    names.push(HISTORY.to_owned());
    let there: Vec<String> = sqlx::query_scalar(THERE).bind(names).fetch_all(&mut *on).await?;
    if there.is_empty() {
        return Ok(None);
    }
    let first = format!("countersign_before_{}", today.strftime("%Y%m%d"));
    let mut aside = first.clone();
    for more in 2.. {
        let taken: i64 = sqlx::query_scalar(TAKEN).bind(&aside).fetch_one(&mut *on).await?;
        if taken == 0 {
            break;
        }
        aside = format!("{first}_{more}");
    }
    let make = AssertSqlSafe(format!("CREATE SCHEMA {aside}"));
    sqlx::query(make).execute(&mut *on).await?;
    for table in there {
        let go = AssertSqlSafe(format!("ALTER TABLE {table} SET SCHEMA {aside}"));
        sqlx::query(go).execute(&mut *on).await?;
    }
    Ok(Some(aside))
}

/// What to do when the user has no right to move what is there.
fn may_not(error: sqlx::Error, options: &PgConnectOptions) -> StoreError {
    if sqlstate(&error).as_deref() != Some(NO_RIGHT) {
        return failed(error);
    }
    let (database, user) = (place::database(options), options.get_username());
    StoreError::Failed(format!(
        "its user may not move what is there aside: GRANT CREATE ON DATABASE {database} TO {user}, \
         or name an empty database in database.url"
    ))
}
