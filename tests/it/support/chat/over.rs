//! The chat of a conversation, where a simulated platform is behind it.

use std::sync::Arc;

use countersign::ports::chat::{MessageRef, Place, Seen, Shown, Unreachable};
use countersign::ports::intake::{Happening, Receipt};
use countersign::ports::notice::Notice;
use jiff::Timestamp;

use super::FakeChat;
use crate::support::border::refs;
use crate::support::over::Over;
use crate::support::over_slack::OverSlack;

impl FakeChat {
    /// The simulated platform, where one is behind this.
    pub fn beyond(&self) -> Option<&Over> {
        self.over.as_ref()
    }

    /// The simulated Slack, where it is behind this.
    pub fn over(&self) -> Option<&Arc<OverSlack>> {
        match self.over.as_ref()? {
            Over::Slack(over) => Some(over),
            Over::Discord(_) => None,
        }
    }

    /// Somebody does this there; what the gate makes of it.
    pub async fn happens_over(&self, over: &Over, who: &str, what: &Happening) -> Receipt {
        let files = {
            let world = self.world();
            let bytes = refs(what).iter().map(|file| world.files.get(&file.id).cloned());
            bytes.map(Option::unwrap_or_default).collect::<Vec<_>>()
        };
        over.happens(who, what, &files).await
    }

    pub(super) async fn show_over(
        &self,
        over: &Over,
        key: &str,
        (place, notice): (&Place, &Notice),
    ) -> Shown {
        let mute = self.world().mute.as_mut().and_then(std::collections::VecDeque::pop_front);
        if let Some(shown) = mute {
            over.loses_an_answer(place, shown);
        }
        let there = over.place(place).await;
        let at = match over.chat().show(key, &there, notice).await {
            Shown::Done(at) => at,
            Shown::Unknown if mute == Some(true) => over.newest(place),
            other => return other,
        };
        let put = self.world().put(place, notice);
        let Some(mine) = put else { return Shown::Refused("gone".to_owned()) };
        over.is_called(&mine, &at).await;
        self.write(place, notice);
        if mute.is_some() { Shown::Unknown } else { Shown::Done(mine) }
    }

    pub(super) async fn find_over(
        &self,
        over: &Over,
        key: &str,
        (place, since): (&Place, Timestamp),
    ) -> Result<Option<MessageRef>, Unreachable> {
        let there = over.place(place).await;
        let Some(found) = over.chat().find(key, &there, since).await? else { return Ok(None) };
        let message = over.ours(&found).await.unwrap_or(found.message);
        Ok(Some(MessageRef { channel: place.channel.clone(), message }))
    }

    pub(super) async fn see_over(
        &self,
        over: &Over,
        message: &MessageRef,
    ) -> Result<Option<Seen>, Unreachable> {
        let there = over.message(message).await;
        let seen = over.chat().look(&there).await?;
        Ok(seen.map(|seen| Seen {
            reactions: seen
                .reactions
                .iter()
                .map(|(who, what)| (over.person(who), what.clone()))
                .collect(),
        }))
    }
}
