//! Whether a database was made by this version of the program, before anything in it is changed.

use std::path::Path;

use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use super::db::MIGRATIONS;
use super::place::Place;
use super::postgres;
use super::row::failed;
use crate::ports::store::Stored;

/// What this and every other version did to the schema.
const DONE: &str = "SELECT version, checksum, success FROM _sqlx_migrations";
/// Practices that are no samples.
const OTHERS: &str = "SELECT COUNT(*) FROM practices WHERE NOT sample";

/// What stands in a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fit {
    /// There is nothing in it, or it is not there yet.
    pub is_new: bool,
    /// Everything that was done to its schema this program would have done too.
    pub is_ours: bool,
    /// It holds no practice but samples.
    pub only_samples: bool,
}

impl Fit {
    const NEW: Fit = Fit { is_new: true, is_ours: true, only_samples: true };
}

/// A migration as a database remembers it: version, checksum, whether it went well.
type Done = (i64, Vec<u8>, bool);

/// Looks at a database, and changes nothing.
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

async fn file(path: &Path) -> Stored<Fit> {
    let is_new = std::fs::metadata(path).map_or(true, |file| file.len() == 0);
    if is_new {
        return Ok(Fit::NEW);
    }
    // Without a log beside it nobody has the file open. Then it is told so, for SQLite would leave
    // an empty log there even when it only reads.
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let options = SqliteConnectOptions::new().filename(path).read_only(true);
    let mut on = options.immutable(!Path::new(&log).exists()).connect().await.map_err(failed)?;
    let tables = "SELECT COUNT(*) FROM sqlite_master";
    let looked = match sqlx::query_scalar(tables).fetch_one(&mut on).await {
        Ok(0_i64) => Ok(Fit { is_new: false, ..Fit::NEW }),
        Ok(_) => {
            let done = sqlx::query_as(DONE).fetch_all(&mut on).await;
            Ok(judge(done, sqlx::query_scalar(OTHERS).fetch_one(&mut on).await))
        }
        Err(error) => Err(failed(error)),
    };
    on.close().await.map_err(failed)?;
    looked
}

async fn server(options: &PgConnectOptions) -> Stored<Fit> {
    let mut on = postgres::connect(options).await?;
    let tables = "SELECT COUNT(*) FROM information_schema.tables
        WHERE table_schema = current_schema()";
    let tables: i64 = sqlx::query_scalar(tables).fetch_one(&mut on).await.map_err(failed)?;
    let looked = if tables == 0 {
        Fit::NEW
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
    Fit {
        is_new: false,
        is_ours: done.is_ok_and(|done| done.iter().all(is_known)),
        only_samples: others.is_ok_and(|others| others == 0),
    }
}
