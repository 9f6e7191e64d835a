//! The door as chat platforms see it.

use std::sync::Arc;

use async_trait::async_trait;

use super::office::Office;
use super::{gate, rounds};
use crate::ports::intake::{ChatEvent, Intake, Receipt};

/// The door as chat platforms see it.
pub struct Door(pub Arc<Office>);

#[async_trait]
impl Intake for Door {
    async fn receive(&self, event: ChatEvent) -> Receipt {
        gate::receive(&self.0, event).await
    }

    async fn settled(&self, after: i64) {
        rounds::settled(&self.0, after).await;
    }
}
