//! What comes in from chat: events, and what becomes of them at the door.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::button::{Choice, Form};
use super::message::MessageRef;
use super::notice::Notice;
use crate::domain::ids::EventId;
use crate::domain::member::{Identity, Platform};
use crate::domain::practice::ChannelRef;

/// A file that came with a message; its bytes stay with the platform until a draft needs them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRef {
    /// The platform's id of it.
    pub id: String,
    /// What the sender called it.
    pub name: String,
    /// What it shows, in the sender's words; empty when not given.
    pub alt: String,
}

/// A field of a form, as a person filled it in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Its name in the form.
    pub name: String,
    /// What was typed.
    pub value: String,
}

/// What somebody did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "did", rename_all = "kebab-case")]
pub enum Happening {
    /// Wrote a message, or a command that stands nowhere.
    Said {
        /// Which; without an id when it stands nowhere, as a slash command does.
        message: MessageRef,
        /// The message whose thread it is in.
        thread: Option<MessageRef>,
        /// The words.
        text: String,
        /// What came with it.
        files: Vec<FileRef>,
    },
    /// Changed a message; words and files as they are now.
    Edited {
        /// Which.
        message: MessageRef,
        /// The message whose thread it is in.
        #[serde(default)]
        thread: Option<MessageRef>,
        /// The words.
        text: String,
        /// What comes with it.
        files: Vec<FileRef>,
    },
    /// Deleted a message.
    Deleted {
        /// Which.
        message: MessageRef,
    },
    /// Put a reaction on a message, or took it away.
    Reacted {
        /// On which.
        message: MessageRef,
        /// Which, as the platform names it.
        emoji: String,
        /// Put on, not taken away.
        on: bool,
    },
    /// Chose a message of anybody's, to make a post of it.
    Picked {
        /// Which.
        message: MessageRef,
        /// Who wrote it, if the platform says so.
        #[serde(default)]
        author: Option<Identity>,
        /// Its words.
        text: String,
        /// What came with it.
        files: Vec<FileRef>,
    },
    /// Pressed a button, with the form it opened if there was one.
    Pressed {
        /// On which message.
        message: MessageRef,
        /// The button's id as the notice gave it.
        button: String,
        /// What was typed.
        fields: Vec<Field>,
    },
}

/// An event from a chat platform, before the gate.
///
/// `Debug` is for tests; nothing may log it, as it holds what somebody typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatEvent {
    /// The platform's id of the event: the same event delivered twice has the same id.
    pub id: EventId,
    /// When the platform says it happened.
    pub at: Timestamp,
    /// Who.
    pub from: Identity,
    /// Not a person.
    pub is_bot: bool,
    /// Where.
    pub channel: ChannelRef,
    /// What.
    pub what: Happening,
}

/// What became of an event at the door. Nothing is acknowledged that is not stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Receipt {
    /// Stored whole, as this number.
    Stored(i64),
    /// Looks like patient information: stored without any text, as this number; 0 for a bot's,
    /// which is not stored at all.
    Blocked(i64),
    /// The gate could not look: stored without any text, as this number; the author is asked to
    /// send it again. 0 for a bot's, which is not stored at all.
    Unscreened(i64),
    /// Known already, as this number, and may be kept.
    Known(i64),
    /// One of too many in a minute: nothing of it is stored, and its author was told. To be
    /// acknowledged.
    TooMany,
    /// Not for us: an unbound channel, or a bot that said nothing that must not be kept.
    Ignored,
    /// Could not be stored in time: do not acknowledge; where the platform does not send again,
    /// tell the person.
    NotRecorded,
}

/// What somebody did that may open a form before it comes to anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Who.
    pub from: Identity,
    /// Where.
    pub channel: ChannelRef,
    /// By what.
    pub by: By,
}

/// By what a form is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// This button of this message.
    Button(MessageRef, String),
    /// A command as it was typed, `/post edit 12`.
    Command(String),
    /// A form that was sent, by its button, where not all of it was filled in: what it made or
    /// changed goes on in this one.
    Sent(String),
}

/// What is left open in a command, and filled in by whoever types it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blank {
    /// The number of a post.
    Number,
    /// The code of a consent.
    Code,
    /// At a desk, whose post it is.
    Practice,
}

/// Somebody is typing a command.
///
/// `Debug` is for tests; nothing may log it, as it holds what somebody typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typing {
    /// Who.
    pub from: Identity,
    /// Where.
    pub channel: ChannelRef,
    /// Which command, by its word: `hold`.
    pub verb: String,
    /// What is filled in.
    pub blank: Blank,
    /// What stands there so far.
    pub typed: String,
}

/// What is wrong with a field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The field's name.
    pub field: String,
    /// What is wrong and how to mend it: a sentence that repeats nothing of what was typed.
    pub why: String,
    /// It looks like patient information. The event has to be received all the same: nothing of it
    /// is kept, but that it came is entered, and a post that it was to change is held.
    pub blocked: bool,
}

/// Somebody tells Countersign something that nobody else sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alone {
    /// On which platform.
    pub platform: Platform,
    /// Who, as the platform names them in every workspace.
    pub user: String,
    /// The message, as it is named in any channel where it does not stand.
    pub message: String,
}

/// A practice of somebody's, to which it may go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theirs {
    /// What the practice is called.
    pub name: String,
    /// As whom they act in it.
    pub from: Identity,
    /// Where its ideas are; else another channel of its there.
    pub channel: ChannelRef,
    /// Its ideas are there.
    pub ideas: bool,
    /// The message is an idea of its already.
    pub knows: bool,
}

/// A part of what somebody sees when they open Countersign itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtHome {
    /// What is shown.
    pub notice: Notice,
    /// The channel in which its buttons act.
    pub about: Option<ChannelRef>,
}

/// What came of Countersign being brought into a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invited {
    /// The channel is greeted, once.
    Greeted,
    /// It belongs to no practice: whoever brought Countersign there is told.
    Unbound,
    /// That could not be stored.
    NotRecorded,
}

/// Where chat platforms bring events.
#[async_trait]
pub trait Intake: Send + Sync {
    /// The form that this opens, as it stands now; `None` when it opens none, and is brought as an
    /// event at once. Reads only; returns within 1 s.
    async fn form(&self, wanted: &Wanted) -> Option<Form> {
        let _ = wanted;
        None
    }

    /// What is wrong with the fields of a form that was filled in, so that its form can say so;
    /// nothing for any other event. Reads only and keeps nothing; the event still has to be
    /// [received](Self::receive). Returns within 1 s.
    async fn look_over(&self, event: &ChatEvent) -> Vec<Problem> {
        let _ = event;
        Vec::new()
    }

    /// What fits behind what somebody is typing, the likeliest first: only what they may see, and
    /// none of the words of what a rule blocks. Reads only, keeps nothing, and is nothing where that
    /// can't be said in time. Returns within 1 s.
    async fn choices(&self, typing: &Typing) -> Vec<Choice> {
        let _ = typing;
        Vec::new()
    }

    /// Every practice of somebody's where they are told something alone, and it may go; `None` where
    /// that can't be said in time. Reads only; returns within 1 s.
    async fn theirs(&self, alone: &Alone) -> Option<Vec<Theirs>> {
        let _ = alone;
        Some(Vec::new())
    }

    /// Screens, stores and acknowledges an event. Returns within 2.5 s.
    async fn receive(&self, event: ChatEvent) -> Receipt;

    /// What somebody sees when they open Countersign itself: what waits for them, and what they can
    /// do. For their eyes only. Reads only.
    async fn home(&self, who: &Identity) -> Vec<AtHome> {
        let _ = who;
        Vec::new()
    }

    /// Countersign was brought into a channel.
    async fn invited(&self, channel: &ChannelRef) -> Invited {
        let _ = channel;
        Invited::Greeted
    }

    /// A channel has another id now, and is the same channel. False when that could not be stored.
    async fn moved(&self, from: &ChannelRef, to: &ChannelRef) -> bool {
        let _ = (from, to);
        true
    }

    /// Somebody's account is no more on its platform. False when that could not be stored.
    async fn left(&self, who: &Identity) -> bool {
        let _ = who;
        true
    }

    /// Waits until everything up to this number was handled, and all that is due was sent.
    async fn settled(&self, after: i64);
}

impl ChatEvent {
    /// The same in another channel, which is the same one as its practice knows it.
    #[must_use]
    pub fn brought_to(mut self, home: &ChannelRef) -> Self {
        self.channel = home.clone();
        self.what.message_mut().channel = home.clone();
        if let Happening::Said { thread: Some(thread), .. } = &mut self.what {
            thread.channel = home.clone();
        }
        self
    }
}

impl Happening {
    fn message_mut(&mut self) -> &mut MessageRef {
        match self {
            Happening::Said { message, .. }
            | Happening::Edited { message, .. }
            | Happening::Deleted { message }
            | Happening::Reacted { message, .. }
            | Happening::Picked { message, .. }
            | Happening::Pressed { message, .. } => message,
        }
    }

    /// The message it is about.
    pub fn message(&self) -> &MessageRef {
        match self {
            Happening::Said { message, .. }
            | Happening::Edited { message, .. }
            | Happening::Deleted { message }
            | Happening::Reacted { message, .. }
            | Happening::Picked { message, .. }
            | Happening::Pressed { message, .. } => message,
        }
    }
}
