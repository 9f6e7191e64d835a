//! The door as chat platforms see it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::office::Office;
use super::{choices, direct, elsewhere, gate, home, look_over, opening, rounds};
use crate::domain::member::Identity;
use crate::domain::practice::ChannelRef;
use crate::ports::intake::{
    Alone, AtHome, ChatEvent, Intake, Invited, Problem, Receipt, Theirs, Typing, Wanted,
};
use crate::ports::notice::{Choice, Form};
use crate::ports::store::Stored;

/// A platform waits so long at most for a form, for what is wrong with one, or for choices.
const SOON: Duration = Duration::from_secs(1);

/// The door as chat platforms see it.
pub struct Door(pub Arc<Office>);

#[async_trait]
impl Intake for Door {
    async fn form(&self, wanted: &Wanted) -> Option<Form> {
        soon("A form was not opened", opening::form(&self.0, wanted)).await.flatten()
    }

    async fn look_over(&self, event: &ChatEvent) -> Vec<Problem> {
        let looked = look_over::look_over(&self.0, event);
        soon("A form was not looked over", looked).await.unwrap_or_default()
    }

    async fn choices(&self, typing: &Typing) -> Vec<Choice> {
        let offered = choices::choices(&self.0, typing);
        soon("Nothing was offered to choose from", offered).await.unwrap_or_default()
    }

    async fn theirs(&self, alone: &Alone) -> Option<Vec<Theirs>> {
        soon("It was not found whose somebody is", direct::theirs(&self.0, alone)).await
    }

    async fn receive(&self, event: ChatEvent) -> Receipt {
        gate::receive(&self.0, event).await
    }

    async fn home(&self, who: &Identity) -> Vec<AtHome> {
        home::home(&self.0, who).await.unwrap_or_else(|error| {
            tracing::error!(%error, "Nobody can see what waits for them: {error}");
            Vec::new()
        })
    }

    async fn invited(&self, channel: &ChannelRef) -> Invited {
        match elsewhere::invited(&self.0, channel).await {
            Ok(true) => Invited::Greeted,
            Ok(false) => Invited::Unbound,
            not => {
                stored(&not.map(drop));
                Invited::NotRecorded
            }
        }
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

/// What comes in time; else it is said in the log that it did not.
async fn soon<T>(what: &str, reads: impl Future<Output = Stored<T>>) -> Option<T> {
    match tokio::time::timeout(SOON, reads).await {
        Ok(Ok(read)) => return Some(read),
        Ok(Err(error)) => tracing::warn!(%error, "{what}: {error}"),
        Err(_) => tracing::warn!("{what}: the database took more than 1 s"),
    }
    None
}

fn stored(done: &Stored<()>) -> bool {
    if let Err(error) = done {
        tracing::error!(%error, "What a platform tells could not be stored: {error}");
    }
    done.is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_does_not_come_in_time_is_not_waited_for() {
        let comes = soon("", async { Ok(1) }).await;
        let never = tokio::time::timeout(2 * SOON, soon("", std::future::pending::<Stored<()>>()));

        assert_eq!((comes, never.await), (Some(1), Ok(None)));
    }
}
