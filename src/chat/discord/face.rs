//! The port `Chat` towards Discord.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use super::directory::Directory;
use super::health::Health;
use super::missed::missed;
use super::post::Poster;
use super::private::{Private, address};
use super::read;
use super::seen::Looker;
use super::wires::Wires;
use crate::domain::member::{Identity, Platform};
use crate::domain::outbox::Certainty;
use crate::domain::practice::ChannelRef;
use crate::ports::chat::{Chat, Connection, MessageRef, Place, Seen, Shown, Unreachable};
use crate::ports::intake::ChatEvent;
use crate::ports::notice::Notice;
use crate::ports::pictures::Pictures;
use crate::render::Words;

/// A message that was shown can be found after so long.
const VISIBLE: SignedDuration = SignedDuration::from_secs(2);
/// What is changed in place may be changed so again for ever.
const FOR_EVER: SignedDuration = SignedDuration::from_hours(365 * 24);

/// Discord, as the use cases see it.
pub struct DiscordChat {
    poster: Poster,
    looker: Looker,
    directory: Directory,
    heard: watch::Receiver<Health>,
    turning: tokio::sync::Mutex<watch::Receiver<Health>>,
}

impl DiscordChat {
    /// Shows over these wires; what `heard` says is whether Discord is there.
    pub fn new(
        wires: &Wires,
        words: Arc<Words>,
        pictures: Arc<dyn Pictures>,
        heard: watch::Receiver<Health>,
    ) -> Self {
        let Wires { api, directory, whispers } = wires.clone();
        let looker = Looker::new(api.clone(), directory.clone());
        let private = Private::new(api.clone(), directory.clone(), whispers);
        let turning = tokio::sync::Mutex::new(heard.clone());
        let poster = Poster::new((api, directory.clone()), words, pictures, private);
        Self { poster, looker, directory, heard, turning }
    }
}

#[async_trait]
impl Chat for DiscordChat {
    fn platform(&self) -> Platform {
        Platform::Discord
    }

    fn connection(&self) -> Connection {
        connection(&self.heard.borrow())
    }

    async fn turns(&self) -> Connection {
        // What turned while nobody waited has turned all the same.
        let mut turning = self.turning.lock().await;
        match turning.changed().await {
            Ok(()) => connection(&turning.borrow_and_update()),
            // Nobody says any more: the program ends.
            Err(_) => std::future::pending().await,
        }
    }

    async fn missed(
        &self,
        channel: &ChannelRef,
        since: Timestamp,
        known: &[MessageRef],
    ) -> Result<Vec<ChatEvent>, Unreachable> {
        missed((&self.looker, &self.directory), channel, since, known).await
    }

    fn troubles(&self) -> Vec<String> {
        match &*self.heard.borrow() {
            Health::Up => Vec::new(),
            Health::Away(why) => vec![why.clone()],
        }
    }

    fn certainty(&self, place: &Place) -> Certainty {
        match (&place.instead_of, &place.only) {
            (Some(_), _) => Certainty::Key { lifetime: FOR_EVER },
            (None, Some(_)) => Certainty::Neither,
            (None, None) => Certainty::LookUp { delay: VISIBLE },
        }
    }

    async fn show(&self, key: &str, place: &Place, notice: &Notice) -> Shown {
        self.poster.put(key, place, notice).await
    }

    async fn find(
        &self,
        key: &str,
        place: &Place,
        since: Timestamp,
    ) -> Result<Option<MessageRef>, Unreachable> {
        self.looker.notice(key, place, since).await
    }

    async fn look(&self, message: &MessageRef) -> Result<Option<Seen>, Unreachable> {
        self.looker.message(message).await
    }

    async fn link(&self, message: &MessageRef) -> Option<String> {
        let (stands_in, _) = read::stands(message);
        let elsewhere = stands_in != message.channel.channel;
        if elsewhere && self.directory.is_direct(stands_in).await.ok()? {
            return Some(format!("https://discord.com/channels/@me/{}", message.message));
        }
        Some(address(&message.channel, Some(&message.message)))
    }

    async fn who_is_in(&self, channel: &ChannelRef) -> Result<Vec<Identity>, Unreachable> {
        self.looker.people(channel).await
    }

    fn hides_who_left(&self) -> bool {
        // To be told of it takes an intent that few apps have.
        true
    }

    async fn is_there(&self, who: &Identity) -> Result<bool, Unreachable> {
        self.looker.is_there(who).await
    }

    async fn may_found(&self, who: &Identity, channel: &ChannelRef) -> Result<bool, Unreachable> {
        self.looker.may_found(who, channel).await
    }

    async fn fetch(&self, file: &str, limit: usize) -> Result<Vec<u8>, Unreachable> {
        self.looker.file(file, limit).await
    }
}

fn connection(health: &Health) -> Connection {
    match health {
        Health::Up => Connection::Up,
        Health::Away(_) => Connection::Down,
    }
}
