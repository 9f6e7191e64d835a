//! The workspaces that installed the app: the instance's own rows.

use sqlx::FromRow;

use super::db::{Tx, sql, statements};
use super::row::InTable;
use crate::domain::member::Platform;
use crate::ports::installs::KeptInstall;
use crate::ports::store::{StoreError, Stored};

statements! {
    INSTALLS = "SELECT workspace, sealed, version, since, gone_at FROM installs
        WHERE platform = $1 ORDER BY workspace";
    NEW_INSTALL = "INSERT INTO installs (platform, workspace, sealed, version, since, gone_at)
        VALUES ($1, $2, $3, 1, $4, $5) ON CONFLICT DO NOTHING";
    NEXT_INSTALL = "UPDATE installs SET sealed = $3, since = $4, gone_at = $5, version = version + 1
        WHERE platform = $1 AND workspace = $2 AND version = $6";
}

#[derive(FromRow)]
struct InstallRow {
    workspace: String,
    sealed: String,
    version: i64,
    since: i64,
    gone_at: Option<i64>,
}

impl InTable for InstallRow {
    const TABLE: &'static str = "installs";
}

/// All of a platform.
pub(super) async fn all(tx: &mut Tx, platform: Platform) -> Stored<Vec<KeptInstall>> {
    let rows = sql!(tx.fetch_all as InstallRow: INSTALLS, platform.as_str())?;
    let read = |row: InstallRow| {
        Ok(KeptInstall {
            platform,
            since: InstallRow::time("since", row.since)?,
            gone: InstallRow::time_if("gone_at", row.gone_at)?,
            workspace: row.workspace,
            sealed: row.sealed,
            version: row.version,
        })
    };
    rows.into_iter().map(read).collect()
}

/// Keeps one; `Conflict` if somebody else has written it meanwhile.
pub(super) async fn keep(tx: &mut Tx, install: &KeptInstall) -> Stored<()> {
    let (platform, workspace) = (install.platform.as_str(), install.workspace.as_str());
    let (sealed, since) = (install.sealed.as_str(), install.since.as_microsecond());
    let gone = install.gone.map(jiff::Timestamp::as_microsecond);
    let wrote = if install.version == 0 {
        sql!(tx.execute: NEW_INSTALL, platform, workspace, sealed, since, gone)?
    } else {
        sql!(tx.execute: NEXT_INSTALL, platform, workspace, sealed, since, gone, install.version)?
    };
    if wrote == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}
