//! The platform behind a conversation: the simulated Slack, or the simulated Discord.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use countersign::app::office::Office;
use countersign::domain::member::Identity;
use countersign::domain::practice::{ChannelRef, Practice};
use countersign::ports::chat::{Chat, MessageRef, Place, Unreachable};
use countersign::ports::clock::Clock;
use countersign::ports::intake::{ChatEvent, Happening, Receipt};
use jiff::Timestamp;

use super::over_discord::OverDiscord;
use super::over_slack::OverSlack;
use super::{TestPractice, border};
use crate::discord::Discord;
use crate::slack::Slack;

/// Which platform conversations are held on, beside the one in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The simulated Slack.
    Slack,
    /// The simulated Discord.
    Discord,
}

/// The platform behind a conversation.
#[derive(Clone)]
pub enum Over {
    /// The simulated Slack.
    Slack(Arc<OverSlack>),
    /// The simulated Discord.
    Discord(Arc<OverDiscord>),
}

/// Does the same with either.
macro_rules! either {
    ($over:expr, $it:ident => $does:expr) => {
        match $over {
            Over::Slack($it) => $does,
            Over::Discord($it) => $does,
        }
    };
}

impl Over {
    /// Starts one; it is now as the clock says.
    pub fn start(which: Which, clock: Arc<dyn Clock>) -> Self {
        match which {
            Which::Slack => Self::Slack(Arc::new(OverSlack::start(clock))),
            Which::Discord => Self::Discord(Arc::new(OverDiscord::start(clock))),
        }
    }

    /// Our port towards it.
    pub fn chat(&self) -> &dyn Chat {
        either!(self, over => &over.chat)
    }

    /// Events go to this office from now on.
    pub fn belongs_to(&self, office: &Arc<Office>) {
        either!(self, over => over.belongs_to(office));
    }

    /// Every event comes twice.
    pub fn twice(&self, twice: bool) {
        either!(self, over => over.twice(twice));
    }

    /// What it brings is lost.
    pub fn deaf(&self, deaf: bool) {
        either!(self, over => over.deaf(deaf));
    }

    /// These people are in a channel, and nobody else but the bot.
    pub fn are_in(&self, channel: &str, people: &[&'static str]) {
        either!(self, over => over.are_in(channel, people));
    }

    /// It does not answer the next notice, and shows it all the same or not.
    pub fn loses_an_answer(&self, place: &Place, shown: bool) {
        either!(self, over => over.loses_an_answer(place, shown));
    }

    /// Somebody does this there; what the gate makes of it.
    pub async fn happens(&self, who: &str, what: &Happening, files: &[Vec<u8>]) -> Receipt {
        either!(self, over => over.happens(who, what, files).await)
    }

    /// A message is gone, and nobody hears of it yet.
    pub async fn loses(&self, message: &MessageRef) {
        either!(self, over => over.loses(message).await);
    }

    /// A place as it is called there.
    pub async fn place(&self, place: &Place) -> Place {
        either!(self, over => over.place(place).await)
    }

    /// A message as it is called there.
    pub async fn message(&self, message: &MessageRef) -> MessageRef {
        either!(self, over => over.message(message).await)
    }

    /// What happened in a channel while nobody listened, as the conversation has it.
    pub async fn missed(
        &self,
        at: &ChannelRef,
        since: Timestamp,
        known: &[MessageRef],
    ) -> Result<Vec<ChatEvent>, Unreachable> {
        either!(self, over => over.missed(at, since, known).await)
    }

    /// A message that stands there is called so from now on.
    pub async fn is_called(&self, ours: &MessageRef, theirs: &MessageRef) {
        either!(self, over => over.is_called(ours, theirs).await);
    }

    /// How we call a message of theirs, if we call it anything.
    pub async fn ours(&self, theirs: &MessageRef) -> Option<String> {
        either!(self, over => over.ours(theirs).await)
    }

    /// The newest message of the bot's.
    pub fn newest(&self, place: &Place) -> MessageRef {
        either!(self, over => over.newest(place))
    }

    /// Somebody as the practice calls them.
    pub fn person(&self, theirs: &Identity) -> Identity {
        match self {
            Over::Slack(_) => border::person(theirs),
            Over::Discord(over) => over.person(theirs),
        }
    }

    /// Whether somebody has their account there still.
    pub async fn is_there(&self, who: &Identity) -> Result<bool, Unreachable> {
        let channel = countersign::cli::sample::channel("ideas");
        let ours = Place { channel, thread: None, only: Some(who.clone()), instead_of: None };
        self.chat().is_there(&self.place(&ours).await.only.expect("somebody")).await
    }

    /// Whether somebody may make a practice of a channel.
    pub async fn may_found(
        &self,
        who: &Identity,
        channel: &ChannelRef,
    ) -> Result<bool, Unreachable> {
        let only = Some(who.clone());
        let ours = Place { channel: channel.clone(), thread: None, only, instead_of: None };
        let Place { channel, only, .. } = self.place(&ours).await;
        self.chat().may_found(&only.expect("somebody"), &channel).await
    }

    /// Who is in a channel, as the practice calls them.
    pub async fn people_in(&self, channel: &ChannelRef) -> Result<Vec<Identity>, Unreachable> {
        let there = match self {
            Over::Slack(_) => border::channel(channel),
            Over::Discord(over) => over.channel(channel),
        };
        let people = self.chat().who_is_in(&there).await?;
        Ok(people.iter().map(|who| self.person(who)).collect())
    }
}

/// Conversations are over a simulated platform, as `COUNTERSIGN_TEST_CHAT` asks.
pub fn over_platform() -> bool {
    wanted().is_some()
}

/// Which one: `slack` or `discord`.
pub fn wanted() -> Option<Which> {
    match std::env::var("COUNTERSIGN_TEST_CHAT").as_deref() {
        Ok("slack") => Some(Which::Slack),
        Ok("discord") => Some(Which::Discord),
        _ => None,
    }
}

impl TestPractice {
    /// The sample practice on the simulated Slack.
    pub async fn open_over_slack() -> Self {
        Self::open_in(Self::place().await, |_| {}, |_| {}, Some(Which::Slack)).await
    }

    /// The sample practice on the simulated Discord.
    pub async fn open_over_discord() -> Self {
        Self::open_in(Self::place().await, |_| {}, |_| {}, Some(Which::Discord)).await
    }

    /// The same, changed before it begins.
    pub async fn open_with_over_discord(change: impl FnOnce(&mut Practice)) -> Self {
        Self::open_in(Self::place().await, change, |_| {}, Some(Which::Discord)).await
    }

    /// A simulated platform tells of reactions that do not stand any more.
    pub fn tells_hearsay(&self) {
        match self.chat.beyond() {
            Some(Over::Slack(over)) => over.slack.with(|world| world.hearsay = true),
            Some(Over::Discord(over)) => over.hearsay.store(true, Ordering::SeqCst),
            None => {}
        }
    }

    /// Slack, where the practice is on it.
    pub fn slack(&self) -> &Slack {
        &self.chat.over().expect("it is on Slack").slack
    }

    /// Discord, where the practice is on it.
    pub fn discord(&self) -> &Discord {
        &self.over_discord().discord
    }

    /// Our end of Discord, where the practice is on it.
    pub fn over_discord(&self) -> &OverDiscord {
        match self.chat.beyond() {
            Some(Over::Discord(over)) => over,
            _ => panic!("it is not on Discord"),
        }
    }
}
