//! What every request of the HTTP API can reach.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::acts::Hearing;
use super::door::Door;
use super::files::Bytes;
use super::world::World;

/// How long a request waits for all that is due.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where the pictures of cards come from.
#[async_trait]
pub trait Pictures: Send + Sync {
    /// The picture with this SHA-256 (lower-case hexadecimal), if a sample practice has it.
    async fn picture(&self, sha256: &str) -> Option<Bytes>;
}

/// The local platform, as its HTTP API serves it.
#[derive(Clone)]
pub struct Local {
    pub(super) hearing: Hearing,
    pub(super) pictures: Arc<dyn Pictures>,
    pub(super) door: Door,
    pub(super) patience: Duration,
}

impl Local {
    /// Serves this world behind this door.
    pub fn new(hearing: Hearing, pictures: Arc<dyn Pictures>, door: Door) -> Self {
        Self { hearing, pictures, door, patience: PATIENCE }
    }

    /// Waits so long for all that is due, instead of half a minute.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    pub(super) fn world(&self) -> &World {
        &self.hearing.world
    }
}
