//! The pictures of posts, for platforms that show them from their own copy.

use async_trait::async_trait;

use super::written::MediaBytes;
use crate::domain::ids::PracticeId;
use crate::domain::practice::ChannelRef;

/// Where a platform finds the bytes of a picture that a notice shows.
#[async_trait]
pub trait Pictures: Send + Sync {
    /// The picture with this hash: of this practice, or of the one whose channel it is shown in.
    /// `None` when it is not there any more.
    async fn picture(
        &self,
        practice: Option<&PracticeId>,
        channel: &ChannelRef,
        sha256: &str,
    ) -> Option<MediaBytes>;
}
