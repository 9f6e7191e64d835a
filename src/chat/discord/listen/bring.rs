//! From the connection to whoever hears: what happened to one message one after the other, what
//! people press and type at once.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::came::Came;
use super::ears::Ears;
use super::hear::hear;
use crate::chat::discord::health::Standing;

/// So many messages are heard of at once.
const LANES: usize = 32;
/// So much waits in each at most.
const WAITING: usize = 1_000;
/// So many acts are heard at once.
const ACTS: usize = 512;
/// What was not stored is brought again so often, after so long each.
const AGAIN: [Duration; 4] = [
    Duration::from_millis(200),
    Duration::from_secs(1),
    Duration::from_secs(3),
    Duration::from_secs(10),
];

/// An event of Discord's: its type, and what it says.
pub type Frame = (String, Value);

/// Brings events to whoever hears.
pub struct Bring {
    ears: Ears,
    standing: Arc<Standing>,
    lanes: Vec<Sender<Frame>>,
    acts: Arc<Semaphore>,
}

impl Bring {
    /// To these ears; what is lost all the same is found by whoever watches how Discord stands.
    pub fn to(ears: Ears, standing: Arc<Standing>) -> Self {
        let lane = |_| {
            let (lane, brings) = channel(WAITING);
            tokio::spawn(go_on(ears.clone(), standing.clone(), brings));
            lane
        };
        let lanes = (0..LANES).map(lane).collect();
        Self { ears, standing, lanes, acts: Arc::new(Semaphore::new(ACTS)) }
    }

    /// Has something heard, beside the connection.
    pub fn bring(&self, (kind, payload): Frame) {
        if kind == "INTERACTION_CREATE" {
            let Ok(turn) = self.acts.clone().try_acquire_owned() else {
                tracing::warn!("People do more at once than can be heard; they are to do it again");
                return;
            };
            let ears = self.ears.clone();
            tokio::spawn(async move {
                hear(&ears, &kind, &payload).await;
                drop(turn);
            });
            return;
        }
        let lane = &self.lanes[lane_of(&payload)];
        if lane.try_send((kind, payload)).is_err() {
            tracing::warn!("Discord brings more at once than can be heard; all is looked at later");
            self.standing.left_something_out();
        }
    }

    /// Hears at once what is about the session.
    pub async fn session(&self, kind: &str, payload: &Value) -> Came {
        hear(&self.ears, kind, payload).await
    }

    /// What is needed to hear.
    pub fn ears(&self) -> &Ears {
        &self.ears
    }
}

/// What is about one message is in one lane.
fn lane_of(payload: &Value) -> usize {
    let about = payload["message_id"].as_str().or(payload["id"].as_str()).unwrap_or_default();
    let mut hasher = DefaultHasher::new();
    about.hash(&mut hasher);
    usize::try_from(hasher.finish() % LANES as u64).unwrap_or_default()
}

async fn go_on(ears: Ears, standing: Arc<Standing>, mut brings: Receiver<Frame>) {
    while let Some((kind, payload)) = brings.recv().await {
        let mut came = hear(&ears, &kind, &payload).await;
        for wait in AGAIN {
            if came != Came::NotStored {
                break;
            }
            tokio::time::sleep(wait).await;
            came = hear(&ears, &kind, &payload).await;
        }
        if came == Came::NotStored {
            tracing::warn!(discord.kind = kind, "What Discord told was not stored: {kind}");
        }
        if matches!(came, Came::NotStored | Came::LeftOut) {
            standing.left_something_out();
        }
    }
}
