//! Where the names of the conversation and those of the simulated platform are exchanged.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use countersign::app::door::Door;
use countersign::app::office::Office;
use countersign::app::pictures::StoredPictures;
use countersign::app::{elsewhere, gate, home};
use countersign::cli::sample;
use countersign::domain::ids::PracticeId;
use countersign::domain::member::{Identity, Platform};
use countersign::domain::practice::ChannelRef;
use countersign::ports::chat::MessageRef;
use countersign::ports::intake::{
    Alone, AtHome, By, ChatEvent, FileRef, Happening, Intake, Invited, Problem, Receipt, Theirs,
    Typing, Wanted,
};
use countersign::ports::notice::{Choice, Form};
use countersign::ports::pictures::Pictures;
use countersign::ports::store::MediaBytes;
use tokio::sync::Mutex as Turn;

use crate::slack::At;

/// The workspace's id.
pub const TEAM: &str = "TNORTHSIDE";
/// Who is there beside the sample practice's people.
pub const OTHERS: [&str; 5] = ["guest", "robot", "dr-singh", "dr-kim-phone", "dr-kim-2"];
/// Channels beside the sample practice's own.
pub const ROOMS: [&str; 11] = [
    "desk",
    "lakeside-ideas",
    "lakeside-approvals",
    "lakeside-digest",
    "hillcrest-ideas",
    "hillcrest-approvals",
    "hillcrest-digest",
    "south-ideas",
    "south-approvals",
    "south-digest",
    "annex",
];

/// Who and what is called how on the simulated platform.
pub trait Names: Send + Sync {
    /// Somebody as the sample practice calls them.
    fn person(&self, theirs: &Identity) -> Identity;
    /// A channel as the sample practices call it.
    fn channel(&self, theirs: &ChannelRef) -> ChannelRef;
    /// Somebody's place in a practice, as it is called there.
    fn place(&self, ours: Theirs) -> Theirs {
        ours
    }
}

/// Slack's ids are the names, written as ids are there.
pub struct Loud;

impl Names for Loud {
    fn person(&self, theirs: &Identity) -> Identity {
        person(theirs)
    }

    fn channel(&self, theirs: &ChannelRef) -> ChannelRef {
        practices(theirs)
    }
}

/// Where names are exchanged.
pub struct Border {
    names: Box<dyn Names>,
    /// Whose conversation it is.
    pub office: Mutex<Option<Arc<Office>>>,
    /// Ours, and the channel and time of it there. Whoever acts holds it until the name is known.
    pub messages: Turn<Vec<(String, At)>>,
    /// What the gate made of what came in.
    pub receipts: Mutex<Vec<Receipt>>,
    /// Every event comes twice.
    pub twice: AtomicBool,
    /// The form that was opened last.
    pub opened: Mutex<Option<Form>>,
    /// Whoever asks for choices waits for ever.
    pub stalls: AtomicBool,
}

impl Border {
    /// One between these names and ours.
    pub fn of(names: Box<dyn Names>) -> Self {
        Self {
            names,
            office: Mutex::default(),
            messages: Turn::default(),
            receipts: Mutex::default(),
            twice: AtomicBool::default(),
            opened: Mutex::default(),
            stalls: AtomicBool::default(),
        }
    }

    fn office(&self) -> Arc<Office> {
        self.office.lock().expect("whole").clone().expect("somebody's")
    }

    /// An event as it would be in the conversation.
    pub async fn ours(&self, event: ChatEvent) -> ChatEvent {
        let names = self.messages.lock().await;
        ChatEvent {
            from: self.names.person(&event.from),
            channel: self.names.channel(&event.channel),
            what: self.translated(&names, event.what),
            ..event
        }
    }

    /// A message as we call it.
    fn named(&self, names: &[(String, At)], message: MessageRef) -> MessageRef {
        MessageRef {
            channel: self.names.channel(&message.channel),
            message: ours(names, &message.message).unwrap_or(message.message),
        }
    }

    fn translated(&self, names: &[(String, At)], what: Happening) -> Happening {
        let at = |message| self.named(names, message);
        match what {
            Happening::Said { message, thread, text, files } => {
                Happening::Said { message: at(message), thread: thread.map(at), text, files }
            }
            Happening::Edited { message, thread, text, files } => {
                let thread = thread.map(at);
                Happening::Edited { message: at(message), thread, text, files }
            }
            Happening::Deleted { message } => Happening::Deleted { message: at(message) },
            Happening::Reacted { message, emoji, on } => {
                Happening::Reacted { message: at(message), emoji, on }
            }
            Happening::Picked { message, author, text, files } => {
                let author = author.map(|author| self.names.person(&author));
                Happening::Picked { message: at(message), author, text, files }
            }
            // A button that names a message of Slack's names ours.
            Happening::Pressed { message, button, fields } => {
                Happening::Pressed { message: at(message), button, fields }
            }
        }
    }
}

#[async_trait]
impl Intake for Border {
    async fn form(&self, wanted: &Wanted) -> Option<Form> {
        let by = match &wanted.by {
            By::Button(at, button) => {
                let names = self.messages.lock().await;
                By::Button(self.named(&names, at.clone()), button.clone())
            }
            by @ (By::Command(_) | By::Sent(_)) => by.clone(),
        };
        let from = self.names.person(&wanted.from);
        let channel = self.names.channel(&wanted.channel);
        let form = Door(self.office()).form(&Wanted { from, channel, by }).await;
        self.opened.lock().expect("whole").clone_from(&form);
        form
    }

    async fn receive(&self, event: ChatEvent) -> Receipt {
        let event = self.ours(event).await;
        let office = self.office();
        if self.twice.load(Ordering::SeqCst) {
            gate::receive(&office, event.clone()).await;
        }
        let receipt = gate::receive(&office, event).await;
        self.receipts.lock().expect("whole").push(receipt.clone());
        receipt
    }

    async fn look_over(&self, event: &ChatEvent) -> Vec<Problem> {
        let event = self.ours(event.clone()).await;
        Door(self.office()).look_over(&event).await
    }

    async fn choices(&self, typing: &Typing) -> Vec<Choice> {
        if self.stalls.load(Ordering::SeqCst) {
            return std::future::pending().await;
        }
        let from = self.names.person(&typing.from);
        let channel = self.names.channel(&typing.channel);
        Door(self.office()).choices(&Typing { from, channel, ..typing.clone() }).await
    }

    async fn theirs(&self, alone: &Alone) -> Option<Vec<Theirs>> {
        let (platform, workspace) = (alone.platform, String::new());
        let user = self.names.person(&Identity { platform, workspace, user: alone.user.clone() });
        let (platform, message) = (user.platform, alone.message.clone());
        let ours = Alone { platform, user: user.user, message };
        let all = Door(self.office()).theirs(&ours).await?;
        Some(all.into_iter().map(|one| self.names.place(one)).collect())
    }

    async fn invited(&self, channel: &ChannelRef) -> Invited {
        Door(self.office()).invited(&self.names.channel(channel)).await
    }

    async fn moved(&self, from: &ChannelRef, to: &ChannelRef) -> bool {
        let (from, to) = (self.names.channel(from), self.names.channel(to));
        elsewhere::moved(&self.office(), &from, &to).await.is_ok()
    }

    async fn left(&self, who: &Identity) -> bool {
        elsewhere::left(&self.office(), &self.names.person(who)).await.is_ok()
    }

    async fn home(&self, who: &Identity) -> Vec<AtHome> {
        home::home(&self.office(), &self.names.person(who)).await.expect("readable")
    }

    async fn settled(&self, _: i64) {}
}

#[async_trait]
impl Pictures for Border {
    async fn picture(
        &self,
        practice: Option<&PracticeId>,
        channel: &ChannelRef,
        sha256: &str,
    ) -> Option<MediaBytes> {
        let stored = StoredPictures(self.office().store.clone());
        stored.picture(practice, &self.names.channel(channel), sha256).await
    }
}

/// Slack's name of an emoji, with its tone.
pub fn name_of(emoji: &str) -> String {
    let plain: String = emoji.chars().filter(|c| !is_tone(*c) && *c != '\u{FE0F}').collect();
    let name = match plain.as_str() {
        "✅" => "white_check_mark",
        "✔" => "heavy_check_mark",
        "☑" => "ballot_box_with_check",
        "❌" => "x",
        "✖" => "heavy_multiplication_x",
        "✋" => "hand",
        "🖐" => "raised_hand_with_fingers_splayed",
        "🛑" => "octagonal_sign",
        "👍" => "+1",
        "💯" => "100",
        "🙏" => "pray",
        _ => "tada",
    };
    let tone = emoji.chars().find(|c| is_tone(*c)).map(|c| u32::from(c) - 0x1F3FB + 2);
    tone.map_or_else(|| name.to_owned(), |tone| format!("{name}::skin-tone-{tone}"))
}

fn is_tone(c: char) -> bool {
    matches!(c, '\u{1F3FB}'..='\u{1F3FF}')
}

/// A name as ids are written there.
fn loud(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase()
}

/// Somebody's id there.
pub fn user(name: &str) -> String {
    format!("U{}", loud(name))
}

/// A channel's id there.
pub fn room(name: &str) -> String {
    format!("C{}", loud(name))
}

/// A channel there.
pub fn channel(ours: &ChannelRef) -> ChannelRef {
    ChannelRef {
        platform: Platform::Slack,
        workspace: TEAM.to_owned(),
        channel: room(&ours.channel),
    }
}

/// Somebody there.
pub fn identity(name: &str) -> Identity {
    Identity { platform: Platform::Slack, workspace: TEAM.to_owned(), user: user(name) }
}

/// Somebody as the sample practice calls them.
pub fn person(theirs: &Identity) -> Identity {
    let people = sample::PEOPLE.iter().map(|(id, ..)| *id).chain(OTHERS);
    let mut names = people.filter(|name| user(name) == theirs.user);
    sample::identity(names.next().unwrap_or(&theirs.user))
}

/// A channel as the sample practices call it.
fn practices(theirs: &ChannelRef) -> ChannelRef {
    let rooms = ["ideas", "approvals", "digest"].into_iter().chain(ROOMS);
    let mut names = rooms.filter(|name| room(name) == theirs.channel);
    sample::channel(names.next().unwrap_or(&theirs.channel))
}

/// Where our message stands there.
pub fn there(names: &[(String, At)], ours: &str) -> Option<At> {
    names.iter().rev().find(|(name, _)| name == ours).map(|(_, at)| at.clone())
}

/// What we call a message that stands there.
pub fn ours(names: &[(String, At)], ts: &str) -> Option<String> {
    names.iter().rev().find(|(_, at)| at.1 == ts).map(|(name, _)| name.clone())
}

/// The files of a message, for whoever brings their bytes.
pub fn refs(what: &Happening) -> &[FileRef] {
    match what {
        Happening::Said { files, .. }
        | Happening::Edited { files, .. }
        | Happening::Picked { files, .. } => files,
        _ => &[],
    }
}
