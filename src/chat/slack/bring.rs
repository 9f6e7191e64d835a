//! From either way in to whoever hears: so many at once, and none for ever.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};

use super::envelope::{Ears, Envelope, Reply};
use super::hear::hear;

/// So many are heard at once.
const AT_ONCE: usize = 256;
/// Slack waits for 3 s from when it sent something; the way takes some of it.
const DEADLINE: Duration = Duration::from_millis(2800);
/// What takes longer has failed.
const LONGEST: Duration = Duration::from_secs(20);

/// Whoever hears what Slack brings.
#[async_trait]
pub trait Hears: Send + Sync {
    /// Has it stored, and says what Slack is to be answered.
    async fn hear(&self, envelope: Envelope) -> Reply;
}

#[async_trait]
impl Hears for Ears {
    async fn hear(&self, envelope: Envelope) -> Reply {
        hear(self, envelope).await
    }
}

/// Brings envelopes to whoever hears.
#[derive(Clone)]
pub struct Bring {
    hears: Arc<dyn Hears>,
    places: Arc<Semaphore>,
    deadline: Duration,
}

impl Bring {
    /// To this one.
    pub fn to(hears: Arc<dyn Hears>) -> Self {
        Self { hears, places: Arc::new(Semaphore::new(AT_ONCE)), deadline: DEADLINE }
    }

    /// Slack waits so long.
    #[must_use]
    pub fn within(self, deadline: Duration) -> Self {
        Self { deadline, ..self }
    }

    /// Has it heard. What is heard too late, or not at all, is not acknowledged, so that Slack
    /// sends it again; hearing it is not broken off for that, as it may be stored any moment.
    pub async fn bring(&self, envelope: Envelope) -> Reply {
        let Ok(place) = self.places.clone().try_acquire_owned() else {
            tracing::warn!("Slack brings more at once than can be heard; it will send it again");
            return Reply::Not;
        };
        let (kind, began, hears) = (envelope.kind, Instant::now(), self.hears.clone());
        let hearing = tokio::spawn(async move {
            let _until_heard = place;
            timeout(LONGEST, hears.hear(envelope)).await.unwrap_or(Reply::Not)
        });
        match timeout(self.deadline, hearing).await {
            Ok(Ok(reply)) => reply,
            // It panicked, and said so.
            Ok(Err(_)) => Reply::Not,
            Err(_) => {
                let took = began.elapsed().as_millis();
                tracing::warn!(
                    slack.kind = ?kind,
                    "Something of Slack's is not heard within {took} ms, so it is not acknowledged"
                );
                Reply::Not
            }
        }
    }
}
