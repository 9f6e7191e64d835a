//! The port `Chat` towards Slack.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use super::api::Api;
use super::directory::Directory;
use super::health::Health;
use super::missed::Reader;
use super::post::Poster;
use super::seen::Looker;
use super::upload::Uploads;
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

/// Slack, as the use cases see it.
pub struct SlackChat {
    api: Api,
    poster: Poster,
    looker: Looker,
    reader: Reader,
    heard: watch::Receiver<Health>,
    turning: tokio::sync::Mutex<watch::Receiver<Health>>,
}

impl SlackChat {
    /// Shows through `api`; what `heard` says is whether Slack is there.
    pub fn new(
        api: Api,
        words: Arc<Words>,
        pictures: Arc<dyn Pictures>,
        heard: watch::Receiver<Health>,
    ) -> Self {
        let uploads = Uploads::new(api.clone(), pictures);
        let directory = Directory::new(api.clone());
        let looker = Looker::new(api.clone(), directory.clone());
        let reader = Reader::new(api.clone(), directory);
        let turning = tokio::sync::Mutex::new(heard.clone());
        let poster = Poster::new(api.clone(), words, uploads);
        Self { api, poster, looker, reader, heard, turning }
    }
}

#[async_trait]
impl Chat for SlackChat {
    fn platform(&self) -> Platform {
        Platform::Slack
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
        self.reader.missed(channel, since, known).await
    }

    fn troubles(&self) -> Vec<String> {
        let away = match &*self.heard.borrow() {
            Health::Up => None,
            Health::Away(why) => Some(why.clone()),
        };
        away.into_iter().chain(self.api.installs().complaints()).collect()
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
        self.looker.link(message).await
    }

    async fn who_is_in(&self, channel: &ChannelRef) -> Result<Vec<Identity>, Unreachable> {
        self.looker.people(channel).await
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
