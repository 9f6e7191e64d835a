//! The ports [`KeepsInstalls`] and [`KeepsCredentials`], on the same database.

use async_trait::async_trait;

use super::db::writing;
use super::{Sql, credentials, installs};
use crate::domain::ids::{AccountId, PracticeId};
use crate::domain::member::Platform;
use crate::ports::credentials::{KeepsCredentials, KeptCredentials};
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

#[async_trait]
impl KeepsCredentials for Sql {
    async fn credentials(
        &self,
        practice: &PracticeId,
        account: &AccountId,
    ) -> Stored<Option<KeptCredentials>> {
        credentials::of(&mut self.db.read().await?, practice, account).await
    }

    async fn keep_credentials(&self, kept: &KeptCredentials) -> Stored<()> {
        writing!(self.db, tx => credentials::keep(tx, kept))
    }

    async fn forget_credentials(&self, practice: &PracticeId, account: &AccountId) -> Stored<()> {
        writing!(self.db, tx => credentials::forget(tx, practice, account))
    }

    async fn holder(&self, identity: &str) -> Stored<Option<(PracticeId, AccountId)>> {
        credentials::holder(&mut self.db.read().await?, identity).await
    }

    async fn has_credentials(&self) -> Stored<bool> {
        credentials::any(&mut self.db.read().await?).await
    }
}
