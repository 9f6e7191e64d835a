//! Networks beyond this process.

use std::sync::Arc;

use countersign::ports::publisher::Publisher;
use countersign::store::Sql;

use super::TestPractice;

/// Makes the networks that are beyond this process, over a database.
pub type Further = dyn Fn(Arc<Sql>) -> Vec<Arc<dyn Publisher>> + Send + Sync;

impl TestPractice {
    /// It publishes on these networks as well.
    pub async fn publishes_on(
        &mut self,
        further: impl Fn(Arc<Sql>) -> Vec<Arc<dyn Publisher>> + Send + Sync + 'static,
    ) {
        self.further = Some(Box::new(further));
        self.opens_again().await;
    }
}
