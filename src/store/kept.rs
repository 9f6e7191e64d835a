//! The port [`KeepsInstalls`], on the same database.

use async_trait::async_trait;

use super::db::writing;
use super::{Sql, installs};
use crate::domain::member::Platform;
use crate::ports::installs::{KeepsInstalls, KeptInstall};
use crate::ports::store::Stored;

#[async_trait]
impl KeepsInstalls for Sql {
    async fn installs(&self, platform: Platform) -> Stored<Vec<KeptInstall>> {
        installs::all(&mut self.db.read().await?, platform).await
    }

    async fn keep_install(&self, install: &KeptInstall) -> Stored<()> {
        writing!(self.db, tx => installs::keep(tx, install))
    }
}
