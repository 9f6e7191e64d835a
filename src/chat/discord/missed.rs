//! What was written in a channel while nobody listened, and what became of messages that are known.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::json;

use super::api::Failed;
use super::directory::Directory;
use super::means::unreachable;
use super::read::{self, Did, Heard, Known};
use super::seen::Looker;
use crate::domain::practice::ChannelRef;
use crate::ports::chat::{MessageRef, Unreachable};
use crate::ports::intake::ChatEvent;

/// So many pages of a channel are read again at once.
const PAGES: usize = 50;

/// What happened in a channel since then, oldest first.
pub async fn missed(
    (looker, directory): (&Looker, &Directory),
    channel: &ChannelRef,
    since: Timestamp,
    ideas: &[MessageRef],
) -> Result<Vec<ChatEvent>, Unreachable> {
    let own = directory.own().await.map_err(|failed| unreachable(&failed))?;
    let known = Known { own: &own.user, parent: None, now: since, nth: 0 };
    let here = |at: &&MessageRef| !at.message.contains('/');
    let ideas: BTreeMap<u64, &MessageRef> =
        ideas.iter().filter(here).filter_map(|at| Some((at.message.parse().ok()?, at))).collect();
    let since = read::first_of(since);
    let oldest = ideas.keys().next().map_or(since, |first| since.min(first - 1));
    let standing = standing(looker, channel, oldest).await?;
    let mut events = Vec::new();
    for (id, message) in &standing {
        let heard = if ideas.contains_key(id) {
            read::changed(&known, message)
        } else if *id > since {
            read::said(&known, message)
        } else {
            Heard::Nothing
        };
        if let Heard::Did(did) = heard {
            events.extend(did.into_iter().map(|did| {
                let event = event(did);
                ChatEvent { what: directory.without_addresses(event.what), ..event }
            }));
        }
    }
    for (_, gone) in ideas.iter().filter(|(id, _)| !standing.contains_key(id)) {
        events.push(event(read::missing(&known, channel, gone)));
    }
    Ok(events)
}

/// All messages that stand in the channel after this one.
async fn standing(
    looker: &Looker,
    channel: &ChannelRef,
    oldest: u64,
) -> Result<BTreeMap<u64, serde_json::Value>, Unreachable> {
    let (mut all, mut after) = (BTreeMap::new(), oldest.to_string());
    for _ in 0..PAGES {
        let page: Result<_, Failed> = looker.after(&channel.channel, &after).await;
        let page = page.map_err(|failed| unreachable(&failed))?;
        let many = page.len();
        for mut message in page {
            // Here it does not say where it stands.
            message["guild_id"] = json!(channel.workspace);
            let id = message["id"].as_str().unwrap_or_default();
            id.clone_into(&mut after);
            if let Ok(id) = id.parse() {
                all.insert(id, message);
            }
        }
        if many < 100 {
            return Ok(all);
        }
    }
    Err(Unreachable("there is too much to read again".to_owned()))
}

fn event(Did { id, at, from, is_bot, channel, what, .. }: Did) -> ChatEvent {
    ChatEvent { id, at, from, is_bot, channel, what }
}
