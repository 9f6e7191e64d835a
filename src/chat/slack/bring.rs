//! From either way in to whoever hears: so many at once, and none for ever.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

use super::envelope::{Ears, Envelope, Kind, Reply};
use super::hear::hear;

/// So many are heard at once, of what Slack tells of and of what people press and type each, so that
/// nobody who looks at something stands behind a crowd.
const AT_ONCE: usize = 256;
/// So many of each wait at most until they are heard; what comes on top is left to Slack.
const WAITING: usize = 20_000;
/// Slack waits for 3 s from when it sent something; the way takes some of it.
const DEADLINE: Duration = Duration::from_millis(2800);
/// What takes longer has failed.
const LONGEST: Duration = Duration::from_secs(20);
/// What stood in a crowd for so long is left to Slack, which sends it again, and to the next look at
/// what stands there.
const CROWD: Duration = Duration::from_mins(1);

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
    events: Room,
    acts: Room,
    deadline: Duration,
}

/// Where so many are heard at once, and so many more wait.
#[derive(Clone)]
struct Room {
    places: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

impl Room {
    fn new() -> Self {
        let places = Arc::new(Semaphore::new(AT_ONCE));
        Self { places, waiting: Arc::new(Semaphore::new(WAITING)) }
    }

    /// A place, as soon as there is one.
    async fn place(&self) -> Option<OwnedSemaphorePermit> {
        let _waits = self.waiting.try_acquire().ok()?;
        timeout(CROWD, self.places.clone().acquire_owned()).await.ok()?.ok()
    }
}

impl Bring {
    /// To this one.
    pub fn to(hears: Arc<dyn Hears>) -> Self {
        Self { hears, events: Room::new(), acts: Room::new(), deadline: DEADLINE }
    }

    /// Slack waits so long for the answer to a request.
    #[must_use]
    pub fn within(self, deadline: Duration) -> Self {
        Self { deadline, ..self }
    }

    /// Has what came by a request heard. What is heard too late, or not at all, is not acknowledged,
    /// so that Slack sends it again; hearing it is not broken off for that, as it may be stored any
    /// moment.
    pub async fn within_deadline(&self, envelope: Envelope) -> Reply {
        let (kind, began, all) = (envelope.kind, Instant::now(), self.clone());
        let hearing = tokio::spawn(async move { all.bring(envelope).await });
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

    /// Has what came over a socket heard. There Slack takes an acknowledgment that comes late as
    /// well; what it sent again by then is known.
    pub async fn bring(&self, envelope: Envelope) -> Reply {
        let room = if envelope.kind == Kind::Event { &self.events } else { &self.acts };
        let Some(_until_heard) = room.place().await else {
            tracing::warn!("Slack brings more at once than can be heard; it will send it again");
            return Reply::Not;
        };
        timeout(LONGEST, self.hears.hear(envelope)).await.unwrap_or(Reply::Not)
    }
}
