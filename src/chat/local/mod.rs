//! The platform that comes with Countersign: a small chat and a network, so that the whole job
//! can be tried, taught and tested with no account.
//!
//! It is an outside world of its own: [`World`] keeps messages and posts in a file that the rest
//! of the program never opens, [`LocalChat`] is the port behind which the bot writes and looks
//! there, and [`router`] is the HTTP API through which people (and the local network's client)
//! act. What a person types is shown to the gate before the world stores it; what the gate does
//! not keep, the world does not keep either.
//!
//! Architecture invariant: nothing here knows posts under review, and the API answers only on
//! loopback and only with the token; `cli` gives it a listener of its own.

mod acts;
mod api;
mod asked;
mod door;
mod faults;
mod file;
mod files;
mod forms;
mod handlers;
mod html;
mod messages;
mod network;
mod openapi;
mod people;
mod posts;
mod pressing;
mod problem;
mod read;
mod retry;
mod routes;
mod show;
mod state;
mod transcript;
mod world;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;

pub use acts::{Attach, Heard, Hearing, NotDone, Say, delete, edit, react, say};
pub use api::router;
pub use door::Door;
pub use faults::{ChatFaults, Faults, NetworkFaults};
pub use file::is_ours;
pub use files::Bytes;
pub use html::html;
pub use openapi::openapi;
pub use people::{BOT, Channel, Kind, Person, WORKSPACE, channel, identity};
pub use posts::{LivePost, PostMedia};
pub use pressing::{Opens, opened, press, send};
pub use routes::{Body, Field, Method, Op, Parameter, ROUTES, Route};
pub use state::{Local, Pictures};
pub use transcript::{Message, NOT_KEPT, Transcript};
pub use world::{NotOpened, World};

use crate::domain::member::{Identity, Platform};
use crate::domain::outbox::Certainty;
use crate::domain::practice::ChannelRef;
use crate::ports::chat::{Chat, MessageRef, Place, Seen, Shown, Unreachable};
use crate::ports::notice::Notice;
use crate::render::Words;
use messages::{Spot, Written};

/// The local platform as the use cases see it. A notice's key is remembered for ever.
pub struct LocalChat {
    world: World,
    words: Arc<Words>,
}

impl LocalChat {
    /// The chat of this world, in these words.
    pub fn new(world: World, words: Arc<Words>) -> Self {
        Self { world, words }
    }

    /// Does as badly as told; fails when told to be out of reach.
    async fn reach(&self) -> Result<(), Unreachable> {
        let failed = |error: sqlx::Error| Unreachable(error.to_string());
        let faults = self.world.faults().await.map_err(failed)?.chat;
        tokio::time::sleep(faults::delay(faults.latency_ms)).await;
        if faults.unreachable {
            return Err(Unreachable("told to be out of reach".to_owned()));
        }
        Ok(())
    }

    async fn put_up(&self, key: &str, place: &Place, written: &Written) -> sqlx::Result<Shown> {
        let refused = |why: &str| Ok(Shown::Refused(why.to_owned()));
        if !self.is_here(place) {
            return refused("there is no such channel or person");
        }
        let spot = match (&place.instead_of, &place.thread) {
            (Some(message), _) => match self.own(place, message).await? {
                Some(number) => Spot::InsteadOf(number),
                None => return refused("the message is gone"),
            },
            (None, Some(thread)) => match transcript::number(thread) {
                Some(number) => new_in(place, Some(number)),
                None => return refused("the thread is gone"),
            },
            (None, None) => new_in(place, None),
        };
        let Some(number) = self.world.put_up(key, spot, written).await? else {
            return refused("the message is gone");
        };
        let silent_every = self.world.faults().await?.chat.silent_every;
        if faults::is_due(silent_every, self.world.count_notice()) {
            return Ok(Shown::Unknown);
        }
        Ok(Shown::Done(MessageRef {
            channel: place.channel.clone(),
            message: transcript::id(number),
        }))
    }

    fn is_here(&self, place: &Place) -> bool {
        let at = &place.channel;
        let is_known = self.world.channel(&at.channel).map(Channel::at);
        let only = place.only.as_ref();
        is_known.as_ref() == Some(at)
            && only.is_none_or(|who| {
                self.world.person(&who.user).map(Person::identity).as_ref() == Some(who)
            })
    }

    /// The number of a message of the bot's own in that channel.
    async fn own(&self, place: &Place, message: &str) -> sqlx::Result<Option<i64>> {
        let Some(number) = transcript::number(message) else {
            return Ok(None);
        };
        let standing = self.world.standing(number).await?;
        Ok(standing
            .filter(|it| it.author == BOT && it.channel == place.channel.channel)
            .map(|it| it.number))
    }
}

#[async_trait]
impl Chat for LocalChat {
    fn platform(&self) -> Platform {
        Platform::Local
    }

    fn certainty(&self, _: &Place) -> Certainty {
        Certainty::Key { lifetime: SignedDuration::from_hours(365 * 24) }
    }

    async fn show(&self, key: &str, place: &Place, notice: &Notice) -> Shown {
        let words = match self.words.render(&show::said(&notice.view)) {
            Ok(words) => words,
            Err(why) => return Shown::Refused(why.to_string()),
        };
        if let Err(unreachable) = self.reach().await {
            return Shown::TryLater(unreachable.to_string());
        }
        let written = show::written(notice, words);
        match self.put_up(key, place, &written).await {
            Ok(shown) => shown,
            Err(error) => {
                tracing::warn!(%error, "The local platform's file can't be written");
                // The same key again is the same message, so nothing is lost by not knowing.
                Shown::Unknown
            }
        }
    }

    async fn look(&self, message: &MessageRef) -> Result<Option<Seen>, Unreachable> {
        self.reach().await?;
        let Some(number) = transcript::number(&message.message) else {
            return Ok(None);
        };
        let reactions = self
            .world
            .reactions(&message.channel.channel, number)
            .await
            .map_err(|error| Unreachable(error.to_string()))?;
        Ok(reactions.map(|reactions| Seen { reactions }))
    }

    async fn who_is_in(&self, channel: &ChannelRef) -> Result<Vec<Identity>, Unreachable> {
        self.reach().await?;
        let found = self.world.channel(&channel.channel).filter(|found| found.at() == *channel);
        let found = found.ok_or_else(|| Unreachable("there is no such channel".to_owned()))?;
        let people = self.world.people().iter();
        let people = people.filter(|person| person.kind != Kind::Robot && found.admits(person));
        Ok(people.map(Person::identity).collect())
    }

    /// On one's own machine everybody can act as anybody who is there.
    async fn may_found(&self, who: &Identity, _: &ChannelRef) -> Result<bool, Unreachable> {
        let person = self.world.person(&who.user);
        Ok(person.is_some_and(|p| p.kind == Kind::Person && p.identity() == *who))
    }

    async fn fetch(&self, file: &str, limit: usize) -> Result<Vec<u8>, Unreachable> {
        self.reach().await?;
        let failed = |why: &str| Unreachable(why.to_owned());
        let number = transcript::numbered('f', file).ok_or_else(|| failed("no such file"))?;
        let found = self.world.file(number).await;
        let bytes = found
            .map_err(|error| Unreachable(error.to_string()))?
            .ok_or_else(|| failed("no such file"))?
            .bytes;
        if bytes.len() > limit {
            return Err(failed("the file is too large"));
        }
        Ok(bytes)
    }
}

fn new_in(place: &Place, thread: Option<i64>) -> Spot<'_> {
    Spot::New {
        channel: &place.channel.channel,
        thread,
        only: place.only.as_ref().map(|who| who.user.as_str()),
    }
}
