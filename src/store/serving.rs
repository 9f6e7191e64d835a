//! The port [`Agencies`] on the database.

use std::collections::BTreeSet;

use async_trait::async_trait;

use super::{Sql, agencies};
use crate::domain::agency::{Agency, Others};
use crate::domain::ids::{AgencyId, PracticeId};
use crate::domain::member::Identity;
use crate::domain::neighbor::Neighbor;
use crate::domain::practice::ChannelRef;
use crate::ports::store::{Agencies, Most, Stored, Thing};

#[async_trait]
impl Agencies for Sql {
    async fn agencies(&self) -> Stored<Vec<Agency>> {
        agencies::all(&mut self.db.read().await?).await
    }

    async fn desk(&self, channel: &ChannelRef) -> Stored<Option<AgencyId>> {
        agencies::desk(&mut self.db.look().await?, channel).await
    }

    async fn served(&self, agency: &AgencyId, by: &Identity) -> Stored<Vec<(PracticeId, String)>> {
        agencies::served(&mut self.db.look().await?, agency, by).await
    }

    async fn whose(&self, agency: &AgencyId, thing: &Thing) -> Stored<BTreeSet<PracticeId>> {
        agencies::whose(&mut self.db.look().await?, agency, thing).await
    }

    async fn others(&self, than: &PracticeId) -> Stored<Others> {
        agencies::others(&mut self.db.look().await?, than).await
    }

    async fn newest_elsewhere(
        &self,
        than: &PracticeId,
        by: &Identity,
        most: Most,
    ) -> Stored<Vec<Neighbor>> {
        agencies::newest_elsewhere(&mut self.db.read().await?, (than, by), most).await
    }
}
