//! Whether a database was made by this version of the program, before anything in it is changed.

use std::path::Path;

use sqlx::error::DatabaseError;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use super::db::{Db, MIGRATIONS};
use super::place::Place;
use super::postgres;
use super::row::failed;
use super::sqlite;
use crate::ports::store::Stored;

/// What this and every other version did to the schema.
const DONE: &str = "SELECT version, checksum, success FROM _sqlx_migrations";
/// What there is at all.
const TABLES: &str = "SELECT COUNT(*) FROM sqlite_master";
/// Practices that are no samples.
const OTHERS: &str = "SELECT COUNT(*) FROM practices WHERE NOT sample AND id <> 'instance'";

/// SQLite's code for "somebody died while writing, and who only reads can't undo it".
const HALF_WRITTEN: &str = "776";

/// What stands in a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fit {
    schema: Schema,
    /// It holds no practice but samples.
    pub only_samples: bool,
}

/// Who made the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Schema {
    /// Nobody: there is no database, or nothing in it.
    Nobodys,
    /// Nobody, in a file that is there.
    Empty,
    /// Another version.
    Others,
    /// This one, but for what it adds when it opens the database.
    Earlier,
    /// This one.
    Current,
}

impl Fit {
    /// There is nothing in it, or it is not there yet.
    pub fn is_new(self) -> bool {
        self.schema == Schema::Nobodys
    }

    /// Everything that was done to its schema this program would have done too.
    pub fn is_ours(self) -> bool {
        self.schema != Schema::Others
    }

    /// Nothing is missing either: it can be read as it is.
    pub fn is_current(self) -> bool {
        self.schema == Schema::Current
    }

    fn empty(schema: Schema) -> Self {
        Self { schema, only_samples: true }
    }
}

/// A migration as a database remembers it: version, checksum, whether it went well.
type Done = (i64, Vec<u8>, bool);

/// Looks at a database, and changes nothing but to undo what a killed process left half written.
pub async fn fit(place: &Place) -> Stored<Fit> {
    match place {
        Place::File(path) => file(path).await,
        Place::Server(options) => server(options).await,
    }
}

/// Brings everything into the one file, so that it can be moved; fails while another program has
/// it open.
pub async fn let_go(path: &Path) -> Stored<()> {
    let options = SqliteConnectOptions::new().filename(path);
    let mut on = options.connect().await.map_err(failed)?;
    let alone = sqlx::query("PRAGMA journal_mode = DELETE").execute(&mut on).await;
    on.close().await.map_err(failed)?;
    alone.map(drop).map_err(failed)
}

/// Does to the tables of a file what this version does, and leaves nothing beside it.
pub async fn renew(path: &Path) -> Stored<()> {
    Db::open(&Place::File(path.to_owned())).await?.close().await;
    let_go(path).await
}

async fn file(path: &Path) -> Stored<Fit> {
    let is_new = std::fs::metadata(path).map_or(true, |file| file.len() == 0);
    if is_new {
        return Ok(Fit::empty(Schema::Nobodys));
    }
    let looked = match look(path).await {
        Err(error) if is_half_written(&error) => {
            undo(path).await.map_err(failed)?;
            look(path).await
        }
        looked => looked,
    };
    looked.map_err(failed)
}

async fn look(path: &Path) -> sqlx::Result<Fit> {
    let mut on = sqlite::to_look(path).connect().await?;
    let looked = match sqlx::query_scalar(TABLES).fetch_one(&mut on).await {
        Ok(0_i64) => Ok(Fit::empty(Schema::Empty)),
        Ok(_) => {
            let done = sqlx::query_as(DONE).fetch_all(&mut on).await;
            Ok(judge(done, sqlx::query_scalar(OTHERS).fetch_one(&mut on).await))
        }
        Err(error) => Err(error),
    };
    on.close().await?;
    looked
}

fn is_half_written(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    code.as_deref() == Some(HALF_WRITTEN)
}

/// Who may write undoes it at the first look.
async fn undo(path: &Path) -> sqlx::Result<()> {
    let mut on = SqliteConnectOptions::new().filename(path).connect().await?;
    let undone = sqlx::query(TABLES).execute(&mut on).await;
    on.close().await?;
    undone.map(drop)
}

async fn server(options: &PgConnectOptions) -> Stored<Fit> {
    let mut on = postgres::connect(options).await?;
    let tables = "SELECT COUNT(*) FROM information_schema.tables
        WHERE table_schema = current_schema()";
    let tables: i64 = sqlx::query_scalar(tables).fetch_one(&mut on).await.map_err(failed)?;
    let looked = if tables == 0 {
        Fit::empty(Schema::Nobodys)
    } else {
        let done = sqlx::query_as(DONE).fetch_all(&mut on).await;
        judge(done, sqlx::query_scalar(OTHERS).fetch_one(&mut on).await)
    };
    on.close().await.map_err(failed)?;
    Ok(looked)
}

/// What another version called otherwise can't be read: then it is not ours, or no sample.
fn judge(done: sqlx::Result<Vec<Done>>, others: sqlx::Result<i64>) -> Fit {
    let is_known = |(version, checksum, success): &Done| {
        let mut known = MIGRATIONS.iter();
        *success && known.any(|m| m.version == *version && *m.checksum == **checksum)
    };
    let done = done.unwrap_or_default();
    let is_ours = !done.is_empty() && done.iter().all(is_known);
    let schema = match is_ours {
        false => Schema::Others,
        true if done.len() == MIGRATIONS.iter().count() => Schema::Current,
        true => Schema::Earlier,
    };
    Fit { schema, only_samples: others.is_ok_and(|others| others == 0) }
}
