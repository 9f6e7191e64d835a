//! A platform and a network that answer at once, so that what is measured is ours alone.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use countersign::app::office::{Office, TraceKey};
use countersign::cli::sample;
use countersign::cli::world::RealChance;
use countersign::domain::ids::EventId;
use countersign::domain::member::{Identity, Platform};
use countersign::domain::network::Network;
use countersign::domain::outbox::{Certainty, LookedUp, Outcome};
use countersign::domain::post::Post;
use countersign::domain::practice::ChannelRef;
use countersign::ports::chat::{Chat, MessageRef, Place, Seen, Shown, Unreachable};
use countersign::ports::clock::Clock;
use countersign::ports::intake::{ChatEvent, Happening};
use countersign::ports::notice::Notice;
use countersign::ports::publisher::{Job, On, Prepared, Publisher, ReadBack};
use countersign::render::Words;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::Instant;

use crate::house::{House, at, card};

/// The bench's time: begins at no instant in particular, and goes.
pub struct Ticking(Instant);

/// A chat that shows everything at once, and tells when.
pub struct Still {
    reactions: Mutex<HashMap<MessageRef, Vec<(Identity, String)>>>,
    shown: UnboundedSender<(String, Instant)>,
    messages: AtomicUsize,
    words: Words,
}

/// A network that takes everything at once, and tells when.
pub struct Taking(UnboundedSender<(String, Timestamp)>);

/// The office over a house, and what leaves it.
pub struct Open {
    pub office: Arc<Office>,
    pub chat: Arc<Still>,
    /// Messages that were changed in place.
    pub shown: UnboundedReceiver<(String, Instant)>,
    /// Publications that arrived.
    pub taken: UnboundedReceiver<(String, Timestamp)>,
}

impl Open {
    /// A physician signs a post on its card: the platform shows it, and tells of it.
    pub fn sign_off(&self, house: &House, n: usize, post: &Post) -> ChatEvent {
        let (at, who) = (card(house.of(post), post), sample::identity("dr-rao"));
        self.chat.react(&at, &who, "✅");
        ChatEvent {
            id: EventId::new(format!("reaction {n}")),
            at: self.office.now(),
            from: who,
            is_bot: false,
            channel: at.channel.clone(),
            what: Happening::Reacted { message: at, emoji: "✅".to_owned(), on: true },
        }
    }

    /// Opens an office over a house.
    pub fn over(house: &House) -> Self {
        let (tells, shown) = unbounded_channel();
        let (arrives, taken) = unbounded_channel();
        let chat = Arc::new(Still {
            reactions: Mutex::default(),
            shown: tells,
            messages: AtomicUsize::new(0),
            words: Words::built_in().expect("templates compile"),
        });
        let clock = Arc::new(Ticking(Instant::now()));
        let trace = TraceKey([7; 32]);
        let mut office = Office::new(house.store.clone(), clock, Arc::new(RealChance), trace);
        office.chats.push(chat.clone());
        office.publishers.push(Arc::new(Taking(arrives)));
        Self { office: Arc::new(office), chat, shown, taken }
    }
}

impl Still {
    /// A person puts a reaction there.
    pub fn react(&self, message: &MessageRef, who: &Identity, emoji: &str) {
        let mut all = self.reactions.lock().expect("whole");
        all.entry(message.clone()).or_default().push((who.clone(), emoji.to_owned()));
    }
}

impl Clock for Ticking {
    fn now(&self) -> Timestamp {
        let passed = i64::try_from(self.0.elapsed().as_micros()).expect("not ages");
        at(100) + SignedDuration::from_micros(passed)
    }
}

#[async_trait]
impl Chat for Still {
    fn platform(&self) -> Platform {
        Platform::Local
    }

    fn certainty(&self, _: &Place) -> Certainty {
        Certainty::Key { lifetime: SignedDuration::from_hours(24) }
    }

    async fn show(&self, _key: &str, place: &Place, notice: &Notice) -> Shown {
        self.words.render(&notice.view).expect("words");
        let new = self.messages.fetch_add(1, Ordering::SeqCst);
        if let Some(message) = &place.instead_of {
            let _ = self.shown.send((message.clone(), Instant::now()));
        }
        let message = place.instead_of.clone().unwrap_or_else(|| format!("new {new}"));
        Shown::Done(MessageRef { channel: place.channel.clone(), message })
    }

    async fn look(&self, message: &MessageRef) -> Result<Option<Seen>, Unreachable> {
        let all = self.reactions.lock().expect("whole");
        Ok(Some(Seen { reactions: all.get(message).cloned().unwrap_or_default() }))
    }

    async fn who_is_in(&self, _: &ChannelRef) -> Result<Vec<Identity>, Unreachable> {
        Ok(Vec::new())
    }

    async fn fetch(&self, _: &str, _: usize) -> Result<Vec<u8>, Unreachable> {
        Err(Unreachable("there are no files".to_owned()))
    }
}

#[async_trait]
impl Publisher for Taking {
    fn network(&self) -> Network {
        Network::Local
    }

    fn certainty(&self) -> Certainty {
        Certainty::Key { lifetime: SignedDuration::from_hours(24) }
    }

    async fn prepare(&self, _: &Job<'_>) -> Result<Prepared, Outcome> {
        Ok(Prepared::default())
    }

    async fn publish(&self, job: &Job<'_>, _: &Prepared) -> Outcome {
        let remote = job.id.to_string();
        let _ = self.0.send((remote.clone(), job.on.now));
        Outcome::Published { url: format!("http://127.0.0.1/{remote}"), remote }
    }

    async fn look_up(&self, _: &Job<'_>) -> LookedUp {
        LookedUp::Absent
    }

    async fn read_back(&self, _: On<'_>, _: &str) -> ReadBack {
        ReadBack::CantTell
    }

    async fn take_down(&self, _: On<'_>, _: &str) -> Outcome {
        Outcome::Refused("nothing is taken down".to_owned())
    }
}
