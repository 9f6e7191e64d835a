//! The port `Chat` towards Slack.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::watch;

use super::api::Api;
use super::health::Health;
use crate::domain::member::{Identity, Platform};
use crate::domain::outbox::Certainty;
use crate::domain::practice::ChannelRef;
use crate::ports::chat::{Chat, Connection, MessageRef, Place, Seen, Shown, Unreachable};
use crate::ports::notice::Notice;
use crate::render::Words;

/// Slack, as the use cases see it.
pub struct SlackChat {
    api: Api,
    words: Arc<Words>,
    heard: watch::Receiver<Health>,
}

impl SlackChat {
    /// Shows through `api`; what `heard` says is whether Slack is there.
    pub fn new(api: Api, words: Arc<Words>, heard: watch::Receiver<Health>) -> Self {
        Self { api, words, heard }
    }

    fn not_yet(&self) -> Unreachable {
        let _ = (&self.api, &self.words);
        Unreachable("nothing is shown on Slack yet".to_owned())
    }
}

#[async_trait]
impl Chat for SlackChat {
    fn platform(&self) -> Platform {
        Platform::Slack
    }

    fn connection(&self) -> Connection {
        match &*self.heard.borrow() {
            Health::Up => Connection::Up,
            Health::Away(_) => Connection::Down,
        }
    }

    fn troubles(&self) -> Vec<String> {
        let away = match &*self.heard.borrow() {
            Health::Up => None,
            Health::Away(why) => Some(why.clone()),
        };
        away.into_iter().chain(self.api.installs().complaints()).collect()
    }

    fn certainty(&self, _place: &Place) -> Certainty {
        Certainty::Neither
    }

    async fn show(&self, _key: &str, _place: &Place, _notice: &Notice) -> Shown {
        Shown::TryLater
    }

    async fn look(&self, _message: &MessageRef) -> Result<Option<Seen>, Unreachable> {
        Err(self.not_yet())
    }

    async fn who_is_in(&self, _channel: &ChannelRef) -> Result<Vec<Identity>, Unreachable> {
        Err(self.not_yet())
    }

    async fn fetch(&self, _file: &str, _limit: usize) -> Result<Vec<u8>, Unreachable> {
        Err(self.not_yet())
    }
}
