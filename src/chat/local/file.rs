//! The file of the world, before it is opened: who may read it, and whether it is of this version.

use std::fs::{OpenOptions, Permissions, metadata, set_permissions};
use std::io::{Error, ErrorKind};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

/// The version of the schema that this program knows.
pub(super) const SCHEMA_VERSION: i64 = 2;
/// Only the owner may read the file.
const PRIVATE: u32 = 0o600;

/// Another version of the program did not make the file; there may be none yet.
pub async fn is_ours(path: &Path) -> sqlx::Result<bool> {
    if metadata(path).map_or(true, |file| file.len() == 0) {
        return Ok(true);
    }
    let mut on = SqliteConnectOptions::new().filename(path).read_only(true).connect().await?;
    let version = sqlx::query_scalar::<_, i64>("PRAGMA user_version").fetch_one(&mut on).await;
    on.close().await?;
    Ok(matches!(version?, 0 | SCHEMA_VERSION))
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
