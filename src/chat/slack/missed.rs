//! What was written in a channel while nobody listened, and what became of messages that are known.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::api::Api;
use super::directory::Directory;
use super::known::identity;
use super::means::unreachable;
use super::read::{self, Did, Heard, Known, Names, Own};
use super::seen::{next, stamp};
use crate::domain::practice::ChannelRef;
use crate::ports::chat::{MessageRef, Unreachable};
use crate::ports::intake::ChatEvent;

/// Messages that are older than this before what was missed are not looked after: with the oldest
/// one all that follows has to be read.
const FARTHEST: SignedDuration = SignedDuration::from_hours(7 * 24);
/// So many pages of a channel are read again at once.
const PAGES: usize = 10;

/// Reads channels again.
pub struct Reader {
    api: Api,
    directory: Directory,
}

impl Reader {
    /// Reads through `api`.
    pub fn new(api: Api, directory: Directory) -> Self {
        Self { api, directory }
    }

    /// What happened in a channel since then, oldest first.
    pub async fn missed(
        &self,
        channel: &ChannelRef,
        since: Timestamp,
        known: &[MessageRef],
    ) -> Result<Vec<ChatEvent>, Unreachable> {
        let install = self.api.install(&channel.workspace);
        let install = install.ok_or_else(|| Unreachable("the app is not installed".to_owned()))?;
        let own = Own { team: install.team, user: install.bot_user, bot: install.bot };
        let farthest = stamp(since.saturating_sub(FARTHEST).unwrap_or(Timestamp::MIN));
        let since = stamp(since);
        let ideas = known.iter().map(|message| message.message.as_str());
        let ideas: HashSet<&str> = ideas.filter(|ts| *ts >= farthest.as_str()).collect();
        let oldest = ideas.iter().copied().chain([since.as_str()]).min().unwrap_or_default();
        let standing = self.standing(channel, oldest).await?;
        let mut events = Vec::new();
        for message in &standing {
            let ts = message["ts"].as_str().unwrap_or_default();
            let is_known = ideas.contains(ts);
            if is_known || ts > since.as_str() {
                let names = self.names(&own, message).await;
                let known = Known { own: &own, names: &names, now: Timestamp::UNIX_EPOCH };
                events.extend(
                    self.event(&own, read::found(&known, channel, message, is_known)).await?,
                );
            }
        }
        let there: HashSet<&str> = standing.iter().filter_map(|m| m["ts"].as_str()).collect();
        let names = Names::new();
        for gone in ideas.iter().filter(|idea| !there.contains(*idea)) {
            let known = Known { own: &own, names: &names, now: Timestamp::UNIX_EPOCH };
            events.extend(self.event(&own, read::missing(&known, channel, gone)).await?);
        }
        Ok(events)
    }

    /// All messages that stand in the channel since then and itself, oldest first.
    async fn standing(
        &self,
        channel: &ChannelRef,
        oldest: &str,
    ) -> Result<Vec<Value>, Unreachable> {
        let (mut all, mut cursor) = (Vec::new(), String::new());
        for _ in 0..PAGES {
            let args = [
                ("channel", channel.channel.as_str()),
                ("oldest", oldest),
                ("inclusive", "true"),
                ("limit", "200"),
                ("cursor", &cursor),
            ];
            let said = self.api.get(&channel.workspace, "conversations.history", &args).await;
            let mut said = said.map_err(|failed| unreachable(&failed))?;
            cursor = next(&said);
            if let Value::Array(messages) = said["messages"].take() {
                all.extend(messages);
            }
            if cursor.is_empty() {
                all.reverse();
                return Ok(all);
            }
        }
        Err(Unreachable("there is too much to read again".to_owned()))
    }

    async fn names(&self, own: &Own, message: &Value) -> Names {
        let mut names = Names::new();
        for user in read::named(message) {
            if let Ok(Some(person)) = self.directory.person(&own.team, &user).await {
                names.insert(user, person.name);
            }
        }
        names
    }

    async fn event(&self, own: &Own, heard: Heard) -> Result<Option<ChatEvent>, Unreachable> {
        let Heard::Did(did) = heard else { return Ok(None) };
        let Did { id, at, who, channel, what, .. } = *did;
        let from = identity(&self.directory, own, &who).await.map_err(|f| unreachable(&f))?;
        Ok(Some(ChatEvent { id, at, from, is_bot: false, channel, what }))
    }
}
