//! The pictures of posts, for the chat platforms that show them from their own copy.

use std::sync::Arc;

use async_trait::async_trait;

use crate::domain::ids::PracticeId;
use crate::domain::practice::ChannelRef;
use crate::ports::pictures::Pictures;
use crate::ports::store::{MediaBytes, Store, Stored};

/// Pictures as the store has them, each from the practice that shows it and from no other.
pub struct StoredPictures(pub Arc<dyn Store>);

impl StoredPictures {
    async fn find(
        &self,
        practice: Option<&PracticeId>,
        channel: &ChannelRef,
        sha256: &str,
    ) -> Stored<Option<MediaBytes>> {
        let whose = match practice {
            Some(practice) => Some(practice.clone()),
            None => self.0.binding(channel).await?.map(|binding| binding.practice),
        };
        match whose {
            Some(whose) => self.0.media(&whose, sha256).await,
            None => Ok(None),
        }
    }
}

#[async_trait]
impl Pictures for StoredPictures {
    async fn picture(
        &self,
        practice: Option<&PracticeId>,
        channel: &ChannelRef,
        sha256: &str,
    ) -> Option<MediaBytes> {
        self.find(practice, channel, sha256).await.unwrap_or_else(|error| {
            tracing::error!(%error, "A picture could not be read: {error}");
            None
        })
    }
}
