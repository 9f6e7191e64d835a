//! Whether a database was made by this version of the program, before anything in it is changed.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

use super::db::MIGRATIONS;
use super::row::failed;
use crate::ports::store::Stored;

/// What stands in a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fit {
    /// Everything that was done to its schema this program would have done too.
    pub is_ours: bool,
    /// Nothing is missing either: it can be read as it is.
    pub is_current: bool,
    /// It holds no practice but samples.
    pub only_samples: bool,
}

/// Looks at the file; one that is not there, or empty, is as new.
pub async fn fit(path: &Path) -> Stored<Fit> {
    let is_new = std::fs::metadata(path).map_or(true, |file| file.len() == 0);
    if is_new {
        return Ok(Fit { is_ours: true, is_current: false, only_samples: true });
    }
    let options = SqliteConnectOptions::new().filename(path).read_only(true);
    let mut on = options.connect().await.map_err(failed)?;
    let looked = look(&mut on).await;
    on.close().await.map_err(failed)?;
    looked
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

async fn look(on: &mut SqliteConnection) -> Stored<Fit> {
    let tables: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_master")
        .fetch_one(&mut *on)
        .await
        .map_err(failed)?;
    if tables == 0 {
        return Ok(Fit { is_ours: true, is_current: false, only_samples: true });
    }
    // What another version called otherwise can't be read: then it is not ours, or no sample.
    let done: Result<Vec<(i64, Vec<u8>, bool)>, _> =
        sqlx::query_as("SELECT version, checksum, success FROM _sqlx_migrations")
            .fetch_all(&mut *on)
            .await;
    let is_known = |(version, checksum, success): &(i64, Vec<u8>, bool)| {
        let mut known = MIGRATIONS.iter();
        *success && known.any(|m| m.version == *version && *m.checksum == **checksum)
    };
    let others: Result<i64, _> =
        sqlx::query_scalar("SELECT COUNT(*) FROM practices WHERE NOT sample")
            .fetch_one(&mut *on)
            .await;
    let done = done.unwrap_or_default();
    let is_ours = !done.is_empty() && done.iter().all(is_known);
    Ok(Fit {
        is_ours,
        is_current: is_ours && done.len() == MIGRATIONS.iter().count(),
        only_samples: others.is_ok_and(|others| others == 0),
    })
}
