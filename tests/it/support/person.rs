//! What a person does in chat.

use countersign::cli::sample;
use countersign::ports::chat::MessageRef;
use countersign::ports::intake::{ChatEvent, Field, FileRef, Happening, Receipt};
use jiff::SignedDuration;

use super::{Person, a_picture, message_in};

impl Person<'_> {
    pub(super) fn note(&self, did: &str) {
        self.practice.note(&format!("{:<11} {did}", self.user));
    }

    /// Writes in a channel; returns the message's id.
    pub async fn says(&self, channel: &str, text: &str) -> String {
        self.says_with(channel, None, text, Vec::new()).await
    }

    /// Writes an idea.
    pub async fn has_idea(&self, text: &str) -> String {
        self.says("ideas", text).await
    }

    /// Writes an idea with a picture, and does not answer whether a patient could be in it.
    pub async fn only_shows(&self, text: &str, alt: &str) -> String {
        self.only_shows_in("ideas", text, alt).await
    }

    /// Writes an idea with a picture, in which no patient is.
    pub async fn shows(&self, text: &str, alt: &str) -> String {
        let message = self.only_shows(text, alt).await;
        self.vouches(&message).await;
        message
    }

    /// Writes in a channel, with a picture.
    pub async fn shows_in(&self, channel: &str, text: &str, alt: &str) -> String {
        let message = self.only_shows_in(channel, text, alt).await;
        self.vouches(&message).await;
        message
    }

    /// Writes an idea with a picture of this name.
    pub async fn brings(&self, text: &str, name: &str) -> String {
        let id = self.practice.chat.upload(a_picture());
        let files = vec![FileRef { id, name: name.to_owned(), alt: "A photo".to_owned() }];
        let message = self.says_with("ideas", None, text, files).await;
        self.vouches(&message).await;
        message
    }

    /// Writes an idea with a file of these bytes, and does not answer whether a patient could be in
    /// it.
    pub async fn only_brings_bytes(&self, text: &str, name: &str, bytes: &[u8]) -> String {
        let id = self.practice.chat.upload(bytes.to_vec());
        let files = vec![FileRef { id, name: name.to_owned(), alt: "A file".to_owned() }];
        self.says_with("ideas", None, text, files).await
    }

    /// Writes in a channel, with a picture, and does not answer whether a patient could be in it.
    pub async fn only_shows_in(&self, channel: &str, text: &str, alt: &str) -> String {
        let id = self.practice.chat.upload(a_picture());
        let files = vec![FileRef { id, name: "photo.png".to_owned(), alt: alt.to_owned() }];
        self.says_with(channel, None, text, files).await
    }

    /// Writes an idea with a file of these bytes.
    pub async fn brings_bytes(&self, text: &str, name: &str, bytes: &[u8]) -> String {
        let message = self.only_brings_bytes(text, name, bytes).await;
        self.vouches(&message).await;
        message
    }

    /// Says that no patient is in what came with this message, if that is asked.
    pub async fn vouches(&self, message: &str) {
        self.practice.settle().await;
        let question = self.practice.chat.question(self.user, message);
        if let Some((at, button)) = question {
            self.presses_that(&at, &button).await;
        }
    }

    /// Writes an idea; what the gate makes of it.
    pub async fn sends(&self, text: &str) -> Receipt {
        let message = self.practice.chat.next_message(self.user, "ideas");
        let (thread, text, files) = (None, text.to_owned(), Vec::new());
        let said = Happening::Said { message, thread, text, files };
        self.practice.receives(self.user, "ideas", said).await
    }

    /// Replies in the thread of a message.
    pub async fn replies(&self, thread: &MessageRef, text: &str) -> String {
        let channel = thread.channel.channel.clone();
        self.says_with(&channel, Some(thread.clone()), text, Vec::new()).await
    }

    async fn says_with(
        &self,
        channel: &str,
        thread: Option<MessageRef>,
        text: &str,
        files: Vec<FileRef>,
    ) -> String {
        self.note(&format!("says: {text}"));
        let message = self.practice.chat.next_message(self.user, channel);
        let text = text.to_owned();
        let said = Happening::Said { message: message.clone(), thread, text, files };
        self.tell(&self.practice.receives(self.user, channel, said).await);
        message.message
    }

    /// Changes a message.
    pub async fn rewrites(&self, channel: &str, message: &str, text: &str) {
        self.note(&format!("rewrites {message}: {text}"));
        let message = message_in(channel, message);
        let edited =
            Happening::Edited { message, thread: None, text: text.to_owned(), files: Vec::new() };
        self.tell(&self.practice.receives(self.user, channel, edited).await);
    }

    /// Changes a message and what comes with it: files that are there, and what they show.
    pub async fn reshows(&self, at: &MessageRef, text: &str, files: &[(&str, &str)]) {
        let shown: Vec<String> = files.iter().map(|(_, alt)| format!("{alt:?}")).collect();
        self.note(&format!("rewrites {}: {text}, with {}", at.message, shown.join(", ")));
        let file = |(id, alt): &(&str, &str)| FileRef {
            id: (*id).to_owned(),
            name: "photo.png".to_owned(),
            alt: (*alt).to_owned(),
        };
        let (message, text) = (at.clone(), text.to_owned());
        let files = files.iter().map(file).collect();
        let edited = Happening::Edited { message, thread: None, text, files };
        self.tell(&self.practice.receives(self.user, &at.channel.channel, edited).await);
    }

    /// What this person did so many minutes ago in the ideas channel is heard of now.
    pub async fn did(&self, ago: i64, what: Happening) {
        let event = self.practice.event(self.user, "ideas", what);
        let at = event.at - SignedDuration::from_mins(ago);
        self.tell(&self.practice.brings(ChatEvent { at, ..event }).await);
    }

    /// Chooses a message of nobody knows whom, to make a post of it; what the gate makes of it.
    pub async fn picks(&self, channel: &str, message: &str, text: &str) -> Receipt {
        self.picks_of(None, channel, (message, text)).await
    }

    /// Chooses a message of this author's, to make a post of it; what the gate makes of it.
    pub async fn picks_of(
        &self,
        author: Option<&str>,
        channel: &str,
        (message, text): (&str, &str),
    ) -> Receipt {
        let author = author.map(sample::identity);
        self.note(&format!("picks {message}"));
        let (message, text) = (message_in(channel, message), text.to_owned());
        let picked = Happening::Picked { message, author, text, files: Vec::new() };
        self.practice.receives(self.user, channel, picked).await
    }

    /// Presses the newest button with this label that this person can see.
    pub async fn presses(&self, label: &str) {
        self.fills(label, &[]).await;
    }

    /// Presses the newest button with this label in that channel.
    pub async fn presses_in(&self, channel: &str, label: &str) {
        self.note(&format!("[{label}]"));
        let (message, button) = self.practice.chat.button_in(Some(channel), self.user, label);
        self.press(&message, &button, &[]).await;
    }

    /// Presses a button that was seen before.
    pub async fn presses_that(&self, message: &MessageRef, button: &str) {
        self.note(&format!("presses {}", button.split(':').next().unwrap_or_default()));
        self.press(message, button, &[]).await;
    }

    /// Presses a button and fills its form.
    pub async fn fills(&self, label: &str, fields: &[(&str, &str)]) {
        let typed: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        self.note(format!("[{label}] {}", typed.join(" ")).trim_end());
        let (message, button) = self.practice.chat.button(self.user, label);
        self.press(&message, &button, fields).await;
    }

    /// Presses a button of a message, with its form filled in.
    pub async fn press(&self, message: &MessageRef, button: &str, fields: &[(&str, &str)]) {
        let fields = fields
            .iter()
            .map(|(name, value)| Field { name: (*name).to_owned(), value: (*value).to_owned() });
        let pressed = Happening::Pressed {
            message: message.clone(),
            button: button.to_owned(),
            fields: fields.collect(),
        };
        let channel = &message.channel.channel;
        self.tell(&self.practice.receives(self.user, channel, pressed).await);
    }

    /// Puts a reaction on a message.
    pub async fn reacts(&self, emoji: &str, message: &MessageRef) {
        self.note(&format!("{emoji} on {}", self.practice.chat.name(message)));
        self.practice.chat.react(self.user, emoji, message, true);
        self.reacted(emoji, message, true).await;
    }

    /// A reaction comes in that stands nowhere on the platform.
    pub async fn reacts_unseen(&self, emoji: &str, message: &MessageRef) {
        self.note(&format!("{emoji} in {}", message.channel.channel));
        self.reacted(emoji, message, true).await;
    }

    /// Takes a reaction away.
    pub async fn unreacts(&self, emoji: &str, message: &MessageRef) {
        self.note(&format!("takes {emoji} off {}", self.practice.chat.name(message)));
        self.practice.chat.react(self.user, emoji, message, false);
        self.reacted(emoji, message, false).await;
    }

    async fn reacted(&self, emoji: &str, message: &MessageRef, on: bool) {
        let (message, emoji) = (message.clone(), emoji.to_owned());
        let channel = message.channel.channel.clone();
        let reacted = Happening::Reacted { message, emoji, on };
        self.practice.receives(self.user, &channel, reacted).await;
    }

    /// Signs the newest card by reaction.
    pub async fn signs(&self) {
        let card = self.practice.chat.newest_card();
        self.reacts("✅", &card).await;
    }

    /// Deletes a message.
    pub async fn deletes(&self, message: &MessageRef) {
        self.note(&format!("deletes {}", self.practice.chat.name(message)));
        self.practice.chat.delete(message).await;
        let channel = message.channel.channel.clone();
        let deleted = Happening::Deleted { message: message.clone() };
        self.practice.receives(self.user, &channel, deleted).await;
    }

    /// Makes a post of an idea and sends it for signature; it is in review after this.
    pub async fn submits(&self, text: &str) {
        self.has_idea(text).await;
        self.practice.settle().await;
        self.presses("Make a post").await;
        self.practice.settle().await;
        self.presses("Send for signature").await;
        self.practice.settle().await;
    }

    pub(super) fn tell(&self, receipt: &Receipt) {
        match receipt {
            Receipt::Blocked(_) => self.practice.note("            [not kept]"),
            Receipt::Unscreened(_) => self.practice.note("            [not screened]"),
            Receipt::TooMany => self.practice.note("            [too many]"),
            Receipt::NotRecorded => self.practice.note("            [not recorded]"),
            Receipt::Stored(_) | Receipt::Known(_) | Receipt::Ignored => {}
        }
    }
}
