//! A chat platform in memory, or a simulated one behind it. Everything shown goes into the
//! transcript; every notice is rendered.

mod finding;
mod over;

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use countersign::cli::sample;
use countersign::domain::member::{Identity, Platform};
use countersign::domain::outbox::Certainty;
use countersign::domain::practice::ChannelRef;
use countersign::ports::chat::{Chat, Connection, MessageRef, Place, Seen, Shown, Unreachable};
use countersign::ports::intake::ChatEvent;
use countersign::ports::notice::Notice;
use countersign::render::Words;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;

use super::over::Over;
use super::short::short;

/// Who brought the bot to the platform: wherever the simulated one is behind it, its admins.
pub const FOUNDERS: [&str; 2] = ["lena", "ana"];

/// A message that stands there.
struct Message {
    at: MessageRef,
    only: Option<String>,
    notice: Option<Notice>,
    reactions: Vec<(String, String)>,
    gone: bool,
}

#[derive(Default)]
struct World {
    messages: Vec<Message>,
    keys: HashMap<String, MessageRef>,
    files: HashMap<String, Vec<u8>>,
    rooms: HashMap<String, Vec<&'static str>>,
    looked_at: usize,
    deaf: bool,
    away: bool,
    slow: bool,
    /// No keys are known; the next notices get no answer, and each is shown all the same or not.
    mute: Option<VecDeque<bool>>,
    /// Since when something was looked for the last time.
    searched: Option<Timestamp>,
}

/// A chat platform in memory.
#[derive(Clone)]
pub struct FakeChat {
    world: Arc<Mutex<World>>,
    looks: Arc<Looks>,
    breaks: Arc<AtomicBool>,
    lines: Arc<Mutex<Vec<String>>>,
    words: Arc<Words>,
    over: Option<Over>,
}

/// A look at a message whose answer takes its time.
#[derive(Default)]
struct Looks {
    seen: Notify,
    answered: Notify,
}

impl World {
    /// Puts a notice there, or instead of what stands there; `None` when that is gone.
    fn put(&mut self, place: &Place, notice: &Notice) -> Option<MessageRef> {
        if let Some(message) = &place.instead_of {
            let mut standing = self.messages.iter_mut().filter(|m| !m.gone);
            let found = standing.find(|m| m.at.message == *message)?;
            found.notice = Some(notice.clone());
            return Some(found.at.clone());
        }
        let message = format!("m{}", self.messages.len() + 1);
        let at = MessageRef { channel: place.channel.clone(), message };
        let only = place.only.as_ref().map(|o| o.user.clone());
        let (notice, reactions) = (Some(notice.clone()), Vec::new());
        self.messages.push(Message { at: at.clone(), only, notice, reactions, gone: false });
        Some(at)
    }
}

impl FakeChat {
    /// An empty one; behind it is another, if it is given.
    pub fn new(lines: Arc<Mutex<Vec<String>>>, over: Option<Over>) -> Self {
        let words = Arc::new(Words::built_in().expect("templates compile"));
        let (world, looks, breaks) = (Arc::default(), Arc::default(), Arc::default());
        Self { world, looks, breaks, lines, words, over }
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().expect("whole")
    }

    /// The bot hears nothing of what people do.
    pub fn deaf(&self, deaf: bool) {
        self.world().deaf = deaf;
        if let Some(over) = &self.over {
            over.deaf(deaf);
        }
    }

    /// The bot hears nothing.
    pub fn is_deaf(&self) -> bool {
        self.world().deaf
    }

    /// These people are in a channel, and nobody else.
    pub fn are_in(&self, channel: &str, people: &[&'static str]) {
        self.world().rooms.insert(channel.to_owned(), people.to_vec());
        if let Some(over) = &self.over {
            over.are_in(channel, people);
        }
    }

    /// The bot can't reach the platform.
    pub fn away(&self, away: bool) {
        self.world().away = away;
    }

    /// The platform knows no keys: what may have been shown has to be looked for.
    pub fn knows_no_keys(&self) {
        self.world().mute = Some(VecDeque::new());
    }

    /// Nor does it answer the next notices; each is shown all the same, or not.
    pub fn answers_nothing(&self, shown: &[bool]) {
        self.world().mute = Some(shown.iter().copied().collect());
    }

    /// Since when something was looked for the last time.
    pub fn searched(&self) -> Option<Timestamp> {
        self.world().searched
    }

    /// Fetching a file breaks off, with a panic.
    pub fn breaks(&self, breaks: bool) {
        self.breaks.store(breaks, Ordering::SeqCst);
    }

    /// Does something between what a look sees and when it is answered.
    pub async fn between_look_and_answer(&self, does: impl Future<Output = ()>) {
        self.world().slow = true;
        self.looks.seen.notified().await;
        does.await;
        self.world().slow = false;
        self.looks.answered.notify_one();
    }

    /// A person's message.
    pub fn next_message(&self, user: &str, channel: &str) -> MessageRef {
        let mut world = self.world();
        let at = MessageRef {
            channel: sample::channel(channel),
            message: format!("m{}", world.messages.len() + 1),
        };
        let only = None;
        let _ = user;
        let reactions = Vec::new();
        world.messages.push(Message { at: at.clone(), only, notice: None, reactions, gone: false });
        at
    }

    /// A file that a message can bring.
    pub fn upload(&self, bytes: Vec<u8>) -> String {
        let mut world = self.world();
        let id = format!("f{}", world.files.len() + 1);
        world.files.insert(id.clone(), bytes);
        id
    }

    /// Puts a reaction on, or takes it away.
    pub fn react(&self, user: &str, emoji: &str, at: &MessageRef, on: bool) {
        let mut world = self.world();
        let message = world.messages.iter_mut().find(|m| m.at == *at).expect("is there");
        message.reactions.retain(|(who, what)| (who.as_str(), what.as_str()) != (user, emoji));
        if on {
            message.reactions.push((user.to_owned(), emoji.to_owned()));
        }
    }

    /// Somebody deletes a message.
    pub async fn delete(&self, at: &MessageRef) {
        self.world().messages.iter_mut().filter(|m| m.at == *at).for_each(|m| m.gone = true);
        if let Some(over) = &self.over {
            over.loses(at).await;
        }
    }

    fn see(&self, message: &MessageRef) -> Result<Option<Seen>, Unreachable> {
        let world = self.world();
        if world.away {
            return Err(Unreachable("away".to_owned()));
        }
        let found = world.messages.iter().find(|m| m.at == *message && !m.gone);
        Ok(found.map(|m| {
            let reactions = m.reactions.iter();
            let reactions = reactions.map(|(who, what)| (sample::identity(who), what.clone()));
            Seen { reactions: reactions.collect() }
        }))
    }

    fn write(&self, place: &Place, notice: &Notice) {
        let mut line = "countersign".to_owned();
        if let Some(only) = &place.only {
            line += " (to ";
            line += &only.user;
            line += ")";
        }
        let again = if place.instead_of.is_some() { "now " } else { "" };
        let buttons: Vec<&str> = notice.buttons.iter().map(|b| b.label.as_str()).collect();
        line = format!("{line} {again}{}", short(&notice.view));
        if !buttons.is_empty() {
            line = format!("{line} [{}]", buttons.join("] ["));
        }
        self.lines.lock().expect("whole").push(line);
    }
}

#[async_trait]
impl Chat for FakeChat {
    fn platform(&self) -> Platform {
        Platform::Local
    }

    fn connection(&self) -> Connection {
        if self.world().away { Connection::Down } else { Connection::Up }
    }

    async fn missed(
        &self,
        channel: &ChannelRef,
        since: Timestamp,
        known: &[MessageRef],
    ) -> Result<Vec<ChatEvent>, Unreachable> {
        match &self.over {
            Some(over) => over.missed(channel, since, known).await,
            None => Ok(Vec::new()),
        }
    }

    fn certainty(&self, place: &Place) -> Certainty {
        if let Some(over) = &self.over {
            return over.chat().certainty(place);
        }
        match (&self.world().mute, &place.only) {
            (None, _) => Certainty::Key { lifetime: SignedDuration::from_hours(24 * 365) },
            (Some(_), None) => Certainty::LookUp { delay: SignedDuration::from_secs(2) },
            (Some(_), Some(_)) => Certainty::Neither,
        }
    }

    async fn show(&self, key: &str, place: &Place, notice: &Notice) -> Shown {
        self.words.render(&notice.view).expect("renders");
        if self.world().away {
            return Shown::TryLater("it is away".to_owned());
        }
        if let Some(over) = &self.over {
            return self.show_over(over, key, (place, notice)).await;
        }
        let mut world = self.world();
        if let (None, Some(known)) = (&world.mute, world.keys.get(key)) {
            return Shown::Done(known.clone());
        }
        let mute = world.mute.as_mut().and_then(VecDeque::pop_front);
        if mute == Some(false) {
            return Shown::Unknown;
        }
        let Some(at) = world.put(place, notice) else { return Shown::Refused("gone".to_owned()) };
        world.keys.insert(key.to_owned(), at.clone());
        drop(world);
        self.write(place, notice);
        if mute.is_some() { Shown::Unknown } else { Shown::Done(at) }
    }

    async fn find(
        &self,
        key: &str,
        place: &Place,
        since: Timestamp,
    ) -> Result<Option<MessageRef>, Unreachable> {
        if self.world().away {
            return Err(Unreachable("away".to_owned()));
        }
        self.world().searched = Some(since);
        if let Some(over) = &self.over {
            return self.find_over(over, key, (place, since)).await;
        }
        let world = self.world();
        Ok(world.keys.get(key).cloned())
    }

    async fn look(&self, message: &MessageRef) -> Result<Option<Seen>, Unreachable> {
        let seen = match &self.over {
            Some(over) if !self.world().away => self.see_over(over, message).await?,
            _ => self.see(message)?,
        };
        let slow = self.world().slow;
        if slow {
            self.looks.seen.notify_one();
            self.looks.answered.notified().await;
        }
        Ok(seen)
    }

    async fn link(&self, message: &MessageRef) -> Option<String> {
        let over = self.over.as_ref()?;
        over.chat().link(&over.message(message).await).await
    }

    async fn who_is_in(&self, channel: &ChannelRef) -> Result<Vec<Identity>, Unreachable> {
        if self.world().away {
            return Err(Unreachable("away".to_owned()));
        }
        if let Some(over) = &self.over {
            return over.people_in(channel).await;
        }
        let world = self.world();
        let people = world.rooms.get(&channel.channel).cloned().unwrap_or_default();
        Ok(people.iter().map(|user| sample::identity(user)).collect())
    }

    fn hides_who_left(&self) -> bool {
        self.over.as_ref().is_some_and(|over| over.chat().hides_who_left())
    }

    async fn is_there(&self, who: &Identity) -> Result<bool, Unreachable> {
        match &self.over {
            Some(over) => over.is_there(who).await,
            None => Ok(true),
        }
    }

    async fn may_found(&self, who: &Identity, channel: &ChannelRef) -> Result<bool, Unreachable> {
        match &self.over {
            Some(over) => over.may_found(who, channel).await,
            None => Ok(FOUNDERS.contains(&who.user.as_str())),
        }
    }

    async fn fetch(&self, file: &str, limit: usize) -> Result<Vec<u8>, Unreachable> {
        assert!(!self.breaks.load(Ordering::SeqCst), "told to break");
        if let Some(over) = &self.over {
            return over.chat().fetch(file, limit).await;
        }
        let bytes = self.world().files.get(file).cloned();
        bytes.filter(|b| b.len() <= limit).ok_or_else(|| Unreachable("no such file".to_owned()))
    }
}
