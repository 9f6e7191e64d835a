//! A chat platform in memory. Everything shown goes into the transcript; every notice is rendered.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use countersign::cli::sample;
use countersign::domain::member::Platform;
use countersign::domain::outbox::Certainty;
use countersign::ports::chat::{Chat, Connection, MessageRef, Place, Seen, Shown, Unreachable};
use countersign::ports::notice::{CardView, FailureView, Group, Notice, View};
use countersign::render::Words;
use jiff::SignedDuration;
use tokio::sync::Notify;

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
    deaf: bool,
    away: bool,
    slow: bool,
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

    /// The bot can't reach the platform.
    pub fn away(&self, away: bool) {
        self.world().away = away;
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
        let world = self.world();
        let seen = world
            .messages
            .iter()
            .rev()
            .filter(|m| !m.gone && m.only.as_ref().is_none_or(|only| only == user));
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

/// A view in one line.
fn short(view: &View) -> String {
    match view {
        View::Card(card) => format!("card {}", of(card)),
        View::Draft(card) => format!("draft {}", of(card)),
        View::Idea { from } => format!("idea by {from}"),
        View::IdeaDone { number: 0 } => "idea set aside".to_owned(),
        View::IdeaDone { number } => format!("idea is post {number}"),
        View::Refused { number, why } => format!("no effect on {number}: {why}"),
        View::Noted { what } => format!("notes: {what}"),
        View::Blocked { kinds, still_there, .. } => {
            format!("blocked, {} kinds, still there: {still_there}", kinds.len())
        }
        View::TooMany { most } => format!("keeps no more than {most} a minute"),
        View::Unscreened => "asks to send it again".to_owned(),
        View::Outcome { number, account, what, .. } => format!("{number} on {account}: {what}"),
        View::Missed { number } => format!("{number} missed its window"),
        View::Late { number, who, slot } => format!("{number}: asks {who} for a slot after {slot}"),
        View::NoFit { number, author, why } => format!("{number} does not fit, {author}: {why}"),
        View::SignAgain { number, who, slot } => {
            format!("{number}: asks {who} to sign again before {slot}")
        }
        View::AskLive { number, account } => format!("{number}: is it live on {account}?"),
        View::AskReason { number, who } => format!("{number}: asks {who} why"),
        View::Stop { who, stopped, in_flight } => {
            let what = if *stopped { "stopped" } else { "released" };
            format!("{what} by {who}, in flight: {}", in_flight.len())
        }
        View::Queue { lines } => format!("queue of {}", lines.len()),
        View::Failures { failures, .. } => failed(failures),
        View::Calendar { zone, groups } => format!("calendar, {zone}{}", listed(groups)),
        View::Said { words, posts, narrow } => {
            let more = if *narrow { ", more" } else { "" };
            let posts: Vec<String> =
                posts.iter().map(|post| format!("{} of {}", post.number, post.day)).collect();
            format!("said {words:?}: {}{more}", posts.join(", "))
        }
        View::Certificate { number, left, head, .. } => {
            format!("certificate of {number} at {head}: {}", left.join("; "))
        }
        View::Setup { name, groups, .. } => format!("setup of {name}{}", listed(groups)),
        View::Help { meant, lines } if meant.is_empty() => format!("help of {} lines", lines.len()),
        View::Help { meant, .. } => format!("help, did you mean {meant}?"),
    }
}

fn listed(groups: &[Group]) -> String {
    let group = |group: &Group| format!(" | {}: {}", group.title, group.lines.join("; "));
    groups.iter().map(group).collect::<Vec<_>>().concat()
}

fn failed(failures: &[FailureView]) -> String {
    let line = |f: &FailureView| format!("{} {} {}", f.number, f.account, f.what);
    let lines: Vec<String> = failures.iter().map(line).collect();
    if lines.is_empty() {
        "all is mended".to_owned()
    } else {
        format!("alarm: {}", lines.join("; "))
    }
}

fn of(card: &CardView) -> String {
    let part = card.parts.first().map(|p| (p.text.replace('\n', " / "), p.outcome.clone()));
    let (text, outcome) = part.unwrap_or_default();
    let mut line = format!("{}.{} {text:?}", card.number, card.revision);
    let replaced = match card.replaced_by {
        0 => String::new(),
        by => format!("replaced by {by}"),
    };
    let facts = [&card.standing, &card.blocked, &outcome, &replaced];
    for change in &card.changes {
        line = format!("{line} | {:?} is now {:?}", change.was, change.is);
    }
    for fact in facts.into_iter().filter(|fact| !fact.is_empty()) {
        line = format!("{line} | {fact}");
    }
    line
}

#[async_trait]
impl Chat for FakeChat {
    fn platform(&self) -> Platform {
        Platform::Local
    }

    fn connection(&self) -> Connection {
        if self.world().away { Connection::Down } else { Connection::Up }
    }

    fn certainty(&self) -> Certainty {
        Certainty::Key { lifetime: SignedDuration::from_hours(24 * 365) }
    }

    async fn show(&self, key: &str, place: &Place, notice: &Notice) -> Shown {
        self.words.render(&notice.view).expect("renders");
        let mut world = self.world();
        if world.away {
            return Shown::TryLater;
        }
        if let Some(known) = world.keys.get(key) {
            return Shown::Done(known.clone());
        }
        let Some(at) = world.put(place, notice) else { return Shown::Refused("gone".to_owned()) };
        world.keys.insert(key.to_owned(), at.clone());
        drop(world);
        self.write(place, notice);
        Shown::Done(at)
    }

    async fn look(&self, message: &MessageRef) -> Result<Option<Seen>, Unreachable> {
        let (seen, slow) = (self.see(message)?, self.world().slow);
        if slow {
            self.looks.seen.notify_one();
            self.looks.answered.notified().await;
        }
        Ok(seen)
    }

    async fn fetch(&self, file: &str, limit: usize) -> Result<Vec<u8>, Unreachable> {
        assert!(!self.breaks.load(Ordering::SeqCst), "told to break");
        let bytes = self.world().files.get(file).cloned();
        bytes.filter(|b| b.len() <= limit).ok_or_else(|| Unreachable("no such file".to_owned()))
    }
}
