//! The file of the world, before it is opened: who may read it, and whether it is of this version.

use std::fs::{OpenOptions, Permissions, metadata, set_permissions};
use std::io::{Error, ErrorKind};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use sqlx::error::DatabaseError;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

/// The version of the schema that this program knows.
pub(super) const SCHEMA_VERSION: i64 = 2;
/// SQLite's code for "somebody died while writing, and who only reads can't undo it".
const HALF_WRITTEN: &str = "776";
/// Only the owner may read the file.
const PRIVATE: u32 = 0o600;

/// Another version of the program did not make the file; there may be none yet.
pub async fn is_ours(path: &Path) -> sqlx::Result<bool> {
    if metadata(path).map_or(true, |file| file.len() == 0) {
        return Ok(true);
    }
    let options = SqliteConnectOptions::new().filename(path);
    let version = match version(options.clone().read_only(true)).await {
        // Who may write undoes it at the first look.
        Err(error) if is_half_written(&error) => version(options).await,
        version => version,
    };
    Ok(matches!(version?, 0 | SCHEMA_VERSION))
}

async fn version(options: SqliteConnectOptions) -> sqlx::Result<i64> {
    let mut on = options.connect().await?;
    let version = sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut on).await;
    on.close().await?;
    version
}

fn is_half_written(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    code.as_deref() == Some(HALF_WRITTEN)
}

/// Nobody but the owner may read the file, from its first moment on.
pub(super) fn make_private(path: &Path) -> Result<(), Error> {
    let new = OpenOptions::new().write(true).create_new(true).mode(PRIVATE).open(path);
    match new {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        // By name: closing a handle of our own would drop SQLite's locks.
        _ => set_permissions(path, Permissions::from_mode(PRIVATE)),
    }
}
