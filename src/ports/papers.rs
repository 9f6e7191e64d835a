//! What became of the papers that posts rest on. Nothing implements it yet: a look-up of
//! retractions will.

use async_trait::async_trait;

use crate::domain::doi::Doi;

/// Where it is known which papers were retracted.
#[async_trait]
pub trait Papers: Send + Sync {
    /// The paper was retracted; `None` when that can't be found out.
    async fn is_retracted(&self, paper: &Doi) -> Option<bool>;
}
