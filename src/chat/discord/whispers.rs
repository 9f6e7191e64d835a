//! Where one person alone can be told something: as an answer to what they did lately, while
//! Discord takes one. In memory: after a restart they are told in a direct message.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use super::read::Asked;
use crate::domain::member::Identity;
use crate::domain::practice::ChannelRef;

/// Discord takes more answers for 15 min.
const OPEN: Duration = Duration::from_mins(14);
/// The first answer is there within so long, or none is taken.
const FIRST: Duration = Duration::from_secs(4);
/// So many are kept in mind.
const MANY: usize = 2_000;

/// What somebody did lately, and how it is answered.
#[derive(Debug, Clone)]
pub struct Whisper {
    /// The interaction.
    pub asked: Asked,
    /// A first answer was promised and is not there yet.
    pub promised: bool,
    who: Identity,
    channel: ChannelRef,
    at: Instant,
    first: watch::Receiver<bool>,
}

/// All of them.
#[derive(Default)]
pub struct Whispers(Mutex<VecDeque<Whisper>>);

/// An interaction whose first answer is on its way; where it never comes, this is dropped.
pub struct Opening {
    all: Arc<Whispers>,
    asked: Asked,
    first: watch::Sender<bool>,
}

impl Whispers {
    /// Somebody does something there, and may be told more once it is answered.
    pub fn open(self: &Arc<Self>, asked: &Asked, who: &Identity, channel: &ChannelRef) -> Opening {
        let (first, comes) = watch::channel(false);
        let mut all = self.all();
        let now = Instant::now();
        all.retain(|whisper| now - whisper.at < OPEN);
        if all.len() >= MANY {
            all.pop_front();
        }
        all.push_back(Whisper {
            asked: asked.clone(),
            promised: false,
            who: who.clone(),
            channel: channel.clone(),
            at: now,
            first: comes,
        });
        Opening { all: self.clone(), asked: asked.clone(), first }
    }

    /// How somebody is answered there now: first what was promised, then the newest.
    pub async fn of(&self, who: &Identity, channel: &ChannelRef) -> Option<Whisper> {
        loop {
            let found = self.newest(who, channel)?;
            let mut first = found.first.clone();
            let answered = timeout(FIRST, first.wait_for(|answered| *answered)).await;
            if !matches!(answered, Ok(Ok(_))) {
                self.forget(&found.asked);
                continue;
            }
            drop(answered);
            return Some(self.taken(&found.asked).unwrap_or(found));
        }
    }

    /// Whether an answer is still promised; it is not, after this.
    pub fn give_up(&self, asked: &Asked) -> bool {
        self.taken(asked).is_some_and(|whisper| whisper.promised)
    }

    /// An answer that did not go through may be given again.
    pub fn back(&self, whisper: &Whisper) {
        let mut all = self.all();
        if let Some(known) = all.iter_mut().find(|known| known.asked == whisper.asked) {
            known.promised = whisper.promised;
        }
    }

    /// No answer is taken any more.
    pub fn forget(&self, asked: &Asked) {
        self.all().retain(|known| known.asked != *asked);
    }

    fn newest(&self, who: &Identity, channel: &ChannelRef) -> Option<Whisper> {
        let all = self.all();
        let open = |whisper: &&Whisper| {
            whisper.who == *who && whisper.channel == *channel && whisper.at.elapsed() < OPEN
        };
        let promised = all.iter().filter(open).find(|whisper| whisper.promised);
        promised.or_else(|| all.iter().rev().find(open)).cloned()
    }

    /// The one of this interaction, whose promise is taken up by that.
    fn taken(&self, asked: &Asked) -> Option<Whisper> {
        let mut all = self.all();
        let whisper = all.iter_mut().find(|whisper| whisper.asked == *asked)?;
        let taken = whisper.clone();
        whisper.promised = false;
        Some(taken)
    }

    fn all(&self) -> MutexGuard<'_, VecDeque<Whisper>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Opening {
    /// It was answered; by a promise, or with all there is to say at once.
    pub fn answered(self, promised: bool) {
        let mut all = self.all.all();
        if let Some(known) = all.iter_mut().find(|known| known.asked == self.asked) {
            known.promised = promised;
        }
        drop(all);
        self.first.send_replace(true);
    }
}

impl Drop for Opening {
    fn drop(&mut self) {
        if !*self.first.borrow() {
            self.all.forget(&self.asked);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::member::Platform;
    use crate::domain::secret::Secret;

    fn asked(id: &str) -> Asked {
        Asked { id: id.to_owned(), token: Secret::new("s3cret") }
    }

    fn place() -> (Identity, ChannelRef) {
        let (platform, workspace) = (Platform::Discord, "1".to_owned());
        let who = Identity { platform, workspace: workspace.clone(), user: "2".to_owned() };
        (who, ChannelRef { platform, workspace, channel: "20".to_owned() })
    }

    #[tokio::test]
    async fn what_was_promised_is_said_first_and_then_more() {
        let (whispers, (who, channel)) = (Arc::<Whispers>::default(), place());
        let next = async || {
            whispers.of(&who, &channel).await.map(|whisper| (whisper.asked.id, whisper.promised))
        };
        let said = |id: &str, promised| Some((id.to_owned(), promised));

        whispers.open(&asked("a"), &who, &channel).answered(true);
        whispers.open(&asked("b"), &who, &channel).answered(false);
        assert_eq!(next().await, said("a", true));
        assert_eq!(next().await, said("b", false));
        assert!(!whispers.give_up(&asked("a")));
        whispers.forget(&asked("b"));
        assert_eq!(next().await, said("a", false));
        let other = Identity { user: "3".to_owned(), ..who.clone() };
        assert!(whispers.of(&other, &channel).await.is_none());
    }

    #[tokio::test]
    async fn more_waits_for_the_first_answer() {
        let (whispers, (who, channel)) = (Arc::<Whispers>::default(), place());
        let opening = whispers.open(&asked("a"), &who, &channel);

        let (found, ()) = tokio::join!(whispers.of(&who, &channel), async {
            opening.answered(true);
        });
        assert!(found.is_some_and(|whisper| whisper.promised));

        let never = whispers.open(&asked("b"), &who, &channel);
        let (found, ()) = tokio::join!(whispers.of(&who, &channel), async {
            drop(never);
        });
        assert_eq!(found.map(|whisper| whisper.asked.id), Some("a".to_owned()));
    }
}
