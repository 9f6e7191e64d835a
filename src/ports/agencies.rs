//! The part of the database that goes over practices: which agency works for which, and what its
//! people may know of one while they work for another.

use std::collections::BTreeSet;

use async_trait::async_trait;

use super::chat::MessageRef;
use super::stored::Stored;
use crate::domain::agency::{Agency, Others};
use crate::domain::ids::{AgencyId, PostId, PracticeId};
use crate::domain::member::Identity;
use crate::domain::neighbor::Neighbor;
use crate::domain::practice::ChannelRef;

/// Something of one of an agency's practices, as people at a desk point at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Thing {
    /// The post that a button names.
    Post(PostId),
    /// A picture, by the hash of its bytes.
    Picture(String),
    /// The message of the desk from which practices have drafts.
    Master(MessageRef),
}

/// How many posts are read at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Most {
    /// Of each practice.
    pub each: i64,
    /// Of all practices.
    pub all: i64,
}

/// Agencies in the database.
#[async_trait]
pub trait Agencies: Send + Sync {
    /// Every agency, by id.
    async fn agencies(&self) -> Stored<Vec<Agency>>;
    /// Whose desk the channel is.
    async fn desk(&self, channel: &ChannelRef) -> Stored<Option<AgencyId>>;
    /// The agency's practices that have this person as an agency's, with their names, by id.
    async fn served(&self, agency: &AgencyId, by: &Identity) -> Stored<Vec<(PracticeId, String)>>;
    /// What the other practices are known by for which an agency of this one works.
    async fn others(&self, than: &PracticeId) -> Stored<Others>;
    /// Which of the agency's practices have this.
    async fn whose(&self, agency: &AgencyId, thing: &Thing) -> Stored<BTreeSet<PracticeId>>;
    /// The newest posts of the other practices for which an agency of this one works and of which
    /// this person is an agency's member: at most so many of each, and of all; fewer of each where
    /// there are many practices. One that can't be read is left out.
    async fn newest_elsewhere(
        &self,
        than: &PracticeId,
        by: &Identity,
        most: Most,
    ) -> Stored<Vec<Neighbor>>;
}
