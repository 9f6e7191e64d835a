//! A chat platform in memory. Everything shown goes into the transcript; every notice is rendered.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use countersign::cli::sample;
use countersign::domain::member::{Identity, Platform};
use countersign::domain::outbox::Certainty;
use countersign::domain::practice::ChannelRef;
use countersign::ports::chat::{Chat, Connection, MessageRef, Place, Seen, Shown, Unreachable};
use countersign::ports::notice::{CardView, Notice, View};
use countersign::render::Words;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;

use super::short::short;

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
}

/// A chat platform in memory.
#[derive(Clone)]
pub struct FakeChat {
    world: Arc<Mutex<World>>,
    looks: Arc<Looks>,
    breaks: Arc<AtomicBool>,
    lines: Arc<Mutex<Vec<String>>>,
    words: Arc<Words>,
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
    /// An empty one.
    pub fn new(lines: Arc<Mutex<Vec<String>>>) -> Self {
        let words = Arc::new(Words::built_in().expect("templates compile"));
        Self { world: Arc::default(), looks: Arc::default(), breaks: Arc::default(), lines, words }
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().expect("whole")
    }

    /// The bot hears nothing of what people do.
    pub fn deaf(&self, deaf: bool) {
        self.world().deaf = deaf;
    }

    /// The bot hears nothing.
    pub fn is_deaf(&self) -> bool {
        self.world().deaf
    }

    /// These people are in a channel, and nobody else.
    pub fn are_in(&self, channel: &str, people: &[&'static str]) {
        self.world().rooms.insert(channel.to_owned(), people.to_vec());
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
    pub fn delete(&self, at: &MessageRef) {
        let mut world = self.world();
        world.messages.iter_mut().filter(|m| m.at == *at).for_each(|m| m.gone = true);
    }

    /// The newest button with this label that the person can see.
    pub fn button(&self, user: &str, label: &str) -> (MessageRef, String) {
        self.button_in(None, user, label)
    }

    /// The newest button with this label that the person can see, in this channel if one is named.
    pub fn button_in(
        &self,
        channel: Option<&str>,
        user: &str,
        label: &str,
    ) -> (MessageRef, String) {
        let world = self.world();
        let seen = world
            .messages
            .iter()
            .rev()
            .filter(|m| !m.gone && m.only.as_ref().is_none_or(|only| only == user))
            .filter(|m| channel.is_none_or(|channel| m.at.channel.channel == channel));
        let mut buttons = seen.flat_map(|m| {
            let buttons = m.notice.iter().flat_map(|n| &n.buttons);
            buttons.map(|b| (m.at.clone(), b))
        });
        let found = buttons.find(|(_, b)| b.label == label);
        let (at, button) = found.unwrap_or_else(|| panic!("{user} sees no button {label}"));
        (at, button.id.clone())
    }

    /// The card of a post's revision.
    pub fn card(&self, number: i64, revision: i64) -> MessageRef {
        self.find(
            |view| matches!(view, View::Card(c) if (c.number, c.revision) == (number, revision)),
        )
    }

    /// The newest card.
    pub fn newest_card(&self) -> MessageRef {
        self.find(|view| matches!(view, View::Card(_)))
    }

    /// The newest notice that is there.
    pub fn newest_view(&self) -> Option<View> {
        let world = self.world();
        let mut newest = world.messages.iter().rev().filter(|m| !m.gone);
        newest.find_map(|m| m.notice.as_ref()).map(|notice| notice.view.clone())
    }

    /// The newest notice in a channel.
    pub fn newest_in(&self, channel: &str) -> MessageRef {
        let world = self.world();
        let there = |m: &&Message| !m.gone && m.notice.is_some() && m.at.channel.channel == channel;
        world.messages.iter().rev().find(there).expect("a notice").at.clone()
    }

    /// The newest card with these words.
    pub fn card_saying(&self, words: &str) -> MessageRef {
        self.find(|view| matches!(view, View::Card(c) if c.parts.iter().any(|p| p.text == words)))
    }

    /// What the newest card says.
    pub fn newest_card_view(&self) -> CardView {
        let at = self.newest_card();
        let world = self.world();
        let message = world.messages.iter().find(|m| m.at == at);
        match message.and_then(|m| m.notice.as_ref()).map(|n| &n.view) {
            Some(View::Card(card)) => card.clone(),
            _ => panic!("no card"),
        }
    }

    /// The newest draft.
    pub fn newest_draft(&self) -> MessageRef {
        self.find(|view| matches!(view, View::Draft(_)))
    }

    fn find(&self, is: impl Fn(&View) -> bool) -> MessageRef {
        let world = self.world();
        let mut newest = world.messages.iter().rev().filter(|m| !m.gone);
        let found = newest.find(|m| m.notice.as_ref().is_some_and(|n| is(&n.view)));
        found.expect("no such notice stands").at.clone()
    }

    /// What a message is, for the transcript.
    pub fn name(&self, at: &MessageRef) -> String {
        let world = self.world();
        let message = world.messages.iter().find(|m| m.at == *at);
        match message.and_then(|m| m.notice.as_ref()).map(|n| &n.view) {
            Some(View::Card(card)) => format!("card {}.{}", card.number, card.revision),
            Some(View::Draft(card)) => format!("draft {}", card.number),
            _ => at.message.clone(),
        }
    }

    /// What was shown in which channel since this was asked last.
    pub fn words_since_last(&self) -> Vec<(String, String)> {
        let mut world = self.world();
        let (from, to) = (world.looked_at, world.messages.len());
        world.looked_at = to;
        let shown = world.messages[from..].iter();
        let shown = shown.filter_map(|m| Some((m.at.channel.channel.clone(), m.notice.as_ref()?)));
        let words = shown.map(|(channel, n)| (channel, self.words.render(&n.view)));
        words.map(|(channel, words)| (channel, words.expect("renders"))).collect()
    }

    /// Everything that stands there, as a page would show it.
    pub fn everything_as_html(&self) -> String {
        let world = self.world();
        let notices = world.messages.iter().filter(|m| !m.gone).filter_map(|m| m.notice.as_ref());
        let words = notices.map(|n| self.words.render(&n.view).expect("renders"));
        let words = words.collect::<Vec<_>>().join("\n\n");
        let mut page = String::new();
        pulldown_cmark::html::push_html(&mut page, pulldown_cmark::Parser::new(&words));
        page
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

    fn certainty(&self, place: &Place) -> Certainty {
        match (&self.world().mute, &place.only) {
            (None, _) => Certainty::Key { lifetime: SignedDuration::from_hours(24 * 365) },
            (Some(_), None) => Certainty::LookUp { delay: SignedDuration::from_secs(2) },
            (Some(_), Some(_)) => Certainty::Neither,
        }
    }

    async fn show(&self, key: &str, place: &Place, notice: &Notice) -> Shown {
        self.words.render(&notice.view).expect("renders");
        let mut world = self.world();
        if world.away {
            return Shown::TryLater;
        }
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
        _: &Place,
        _: Timestamp,
    ) -> Result<Option<MessageRef>, Unreachable> {
        let world = self.world();
        if world.away {
            return Err(Unreachable("away".to_owned()));
        }
        Ok(world.keys.get(key).cloned())
    }

    async fn look(&self, message: &MessageRef) -> Result<Option<Seen>, Unreachable> {
        let (seen, slow) = (self.see(message)?, self.world().slow);
        if slow {
            self.looks.seen.notify_one();
            self.looks.answered.notified().await;
        }
        Ok(seen)
    }

    async fn who_is_in(&self, channel: &ChannelRef) -> Result<Vec<Identity>, Unreachable> {
        let world = self.world();
        if world.away {
            return Err(Unreachable("away".to_owned()));
        }
        let people = world.rooms.get(&channel.channel).cloned().unwrap_or_default();
        Ok(people.iter().map(|user| sample::identity(user)).collect())
    }

    async fn fetch(&self, file: &str, limit: usize) -> Result<Vec<u8>, Unreachable> {
        assert!(!self.breaks.load(Ordering::SeqCst), "told to break");
        let bytes = self.world().files.get(file).cloned();
        bytes.filter(|b| b.len() <= limit).ok_or_else(|| Unreachable("no such file".to_owned()))
    }
}
