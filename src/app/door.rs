//! The door as chat platforms see it.

use std::sync::Arc;

use async_trait::async_trait;

use super::office::Office;
use super::{elsewhere, gate, home, rounds};
use crate::domain::member::Identity;
use crate::domain::practice::ChannelRef;
use crate::ports::intake::{ChatEvent, Intake, Receipt};
use crate::ports::notice::Notice;
use crate::ports::store::Stored;

/// The door as chat platforms see it.
pub struct Door(pub Arc<Office>);

#[async_trait]
impl Intake for Door {
    async fn receive(&self, event: ChatEvent) -> Receipt {
        gate::receive(&self.0, event).await
    }

    async fn home(&self, who: &Identity) -> Vec<Notice> {
        home::home(&self.0, who).await.unwrap_or_else(|error| {
            tracing::error!(%error, "Nobody can see what waits for them: {error}");
            Vec::new()
        })
    }

    async fn moved(&self, from: &ChannelRef, to: &ChannelRef) -> bool {
        stored(&elsewhere::moved(&self.0, from, to).await)
    }

    async fn left(&self, who: &Identity) -> bool {
        stored(&elsewhere::left(&self.0, who).await)
    }

    async fn settled(&self, after: i64) {
        rounds::settled(&self.0, after).await;
    }
}

fn stored(done: &Stored<()>) -> bool {
    if let Err(error) = done {
        tracing::error!(%error, "What a platform tells could not be stored: {error}");
    }
    done.is_ok()
}
