//! Showing: messages, changes in place, and what belongs to a card.
//!
//! A card whose texts do not fit into one message is no card until they stand whole in its thread:
//! it is shown without any button first, and gets them last. One that was left in between, or signed
//! before its end, is taken away, and shown anew.
//!
//! A message is known again by a mark in small under it, and for some minutes by its nonce: the same
//! notice sent twice in that time is one message.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use reqwest::Method;
use serde_json::{Value, json};
use serenity::http::Route;

use super::api::{Api, Body, Failed};
use super::directory::{Directory, channel_id};
use super::edits::Edits;
use super::mark::{UNFINISHED, ids, mark, nonce, one, take_away};
use super::pictures::{self, Shots};
use super::private::Private;
use super::show::{self, Around, Message};
use super::threads::Threads;
use super::{means, read};
use crate::domain::emoji::{self, Reaction};
use crate::ports::chat::{MessageRef, Place, Shown};
use crate::ports::notice::{CardView, Notice, View};
use crate::ports::pictures::Pictures;
use crate::render::Words;

/// So many messages under one key may be deleted and shown again.
const NONCES: usize = 8;
/// What Discord answers for a message that is not there.
const UNKNOWN_MESSAGE: u64 = 10_008;
/// So many messages are known to bear the bot's reactions.
const SEEDED: usize = 2_000;

/// Shows notices.
pub struct Poster {
    api: Api,
    words: Arc<Words>,
    pictures: Arc<dyn Pictures>,
    private: Private,
    threads: Threads,
    edits: Edits,
    /// Messages that bear the bot's own reactions.
    seeded: Mutex<HashSet<String>>,
}

impl Poster {
    /// Shows through `api`, in these words.
    pub fn new(
        (api, directory): (Api, Directory),
        words: Arc<Words>,
        pictures: Arc<dyn Pictures>,
        private: Private,
    ) -> Self {
        let threads = Threads::new(api.clone(), directory);
        let edits = Edits::new(api.clone());
        Self { api, words, pictures, private, threads, edits, seeded: Mutex::default() }
    }

    /// Shows a notice there.
    pub async fn put(&self, key: &str, place: &Place, notice: &Notice) -> Shown {
        self.tried(key, place, notice).await.unwrap_or_else(|end| end)
    }

    async fn tried(&self, key: &str, place: &Place, notice: &Notice) -> Result<Shown, Shown> {
        let words = self.render(&notice.view)?;
        // What one person alone is told is only words.
        let shots = match place.only {
            Some(_) => Shots::default(),
            None => pictures::of(&self.pictures, place, notice).await?,
        };
        let (names, mark) = (shots.names(), mark(key));
        let about = stands_elsewhere(place).then_some(&place.channel);
        let around = Around { files: &names, about, mark: &mark };
        let message = show::message(&words, notice, around);
        if let (Some(only), None) = (&place.only, &place.instead_of) {
            return self
                .private
                .tell(place, only, (key, &message, &notice.view))
                .await
                .map(Shown::Done);
        }
        let long = match &notice.view {
            View::Card(card) if !message.whole => Some(card),
            _ => None,
        };
        let shown = match (long, &place.instead_of) {
            (Some(card), None) => self.long((key, place), (notice, card), &shots).await?,
            (long, Some(id)) => {
                let at = MessageRef { channel: place.channel.clone(), message: id.clone() };
                let message = match long {
                    None => message,
                    Some(card) => {
                        self.in_thread(&at, card).await.map_err(|failed| means::shown(&failed))?;
                        self.short((notice, card), &names, &mark)?
                    }
                };
                self.edits.change(&at, &message).await.map_err(|failed| means::shown(&failed))?;
                at
            }
            (None, None) => self.new_one((key, place), &message, &shots).await?,
        };
        if place.only.is_none() {
            self.seed(&shown, notice).await;
        }
        Ok(Shown::Done(shown))
    }

    fn render(&self, view: &View) -> Result<String, Shown> {
        self.words.render(view).map_err(|why| Shown::Refused(why.to_string()))
    }

    /// A card with the beginnings of its texts.
    fn short(
        &self,
        (notice, card): (&Notice, &CardView),
        names: &[String],
        mark: &str,
    ) -> Result<Message, Shown> {
        let view = View::Card(show::beginning(card));
        let words = self.render(&view)?;
        let around = Around { files: names, about: None, mark };
        Ok(show::message(&words, &Notice { view, ..notice.clone() }, around))
    }

    /// A new message, in the channel or the thread.
    async fn new_one(
        &self,
        (key, place): (&str, &Place),
        message: &Message,
        shots: &Shots,
    ) -> Result<MessageRef, Shown> {
        let stands_in = match &place.thread {
            None => place.channel.channel.clone(),
            Some(root) => {
                let root = MessageRef { channel: place.channel.clone(), message: root.clone() };
                let thread = self.threads.of(&root).await;
                thread.map_err(|failed| means::not_yet("no thread can be begun", &failed))?
            }
        };
        let said = self.create_once(&stands_in, (key, message), shots).await;
        let said = said.map_err(|failed| means::shown(&failed))?;
        let id = said["id"].as_str().ok_or(Shown::Unknown)?;
        Ok(read::message_at(&place.channel, &stands_in, id))
    }

    /// Under the first nonce of the key that no deleted message bore: Discord answers for such a one
    /// that it is not there, and so proves that nothing stands under it.
    async fn create_once(
        &self,
        stands_in: &str,
        (key, message): (&str, &Message),
        shots: &Shots,
    ) -> Result<Value, Failed> {
        for nth in 0..NONCES {
            match self.create(stands_in, (&nonce(key, nth), message), shots).await {
                Err(Failed::Refused(UNKNOWN_MESSAGE)) => {}
                said => return said,
            }
        }
        Err(Failed::Refused(UNKNOWN_MESSAGE))
    }

    async fn create(
        &self,
        stands_in: &str,
        (nonce, message): (&str, &Message),
        shots: &Shots,
    ) -> Result<Value, Failed> {
        let mut body = show::body(message);
        body["nonce"] = json!(nonce);
        body["enforce_nonce"] = json!(true);
        let route = Route::ChannelMessages { channel_id: channel_id(stands_in)? };
        if shots.files.is_empty() {
            return self.api.send(Method::POST, route, Body::Json(&body)).await;
        }
        body["attachments"] = json!(shots.about);
        self.api.send(Method::POST, route, Body::Files(&body, &shots.files)).await
    }

    /// A card that does not fit: first what it is, then all of it in the thread, then the buttons.
    async fn long(
        &self,
        (key, place): (&str, &Place),
        (notice, card): (&Notice, &CardView),
        shots: &Shots,
    ) -> Result<MessageRef, Shown> {
        let bare = Notice {
            view: View::Card(CardView { signable: false, ..card.clone() }),
            buttons: Vec::new(),
            reactions: Vec::new(),
        };
        let View::Card(unsigned) = &bare.view else { return Err(Shown::Unknown) };
        let (names, mark) = (shots.names(), mark(key));
        let unfinished = format!("{mark}{UNFINISHED}");
        let root = self.short((&bare, unsigned), &names, &unfinished)?;
        let at = self.new_one((key, place), &root, shots).await?;
        let finished = async {
            self.whole(&at, card).await?;
            if self.is_signed(&at).await? {
                // Nobody could tell that later from a tap that counts.
                return Err(Failed::Away("somebody signed what stood not there yet".to_owned()));
            }
            let last = self.short((notice, card), &names, &mark).map_err(|_| unsaid())?;
            self.edits.finish(&at, &last).await
        };
        let Err(failed) = finished.await else { return Ok(at) };
        tracing::warn!(discord.error = %failed, "A card is shown anew: {failed}");
        Err(match take_away(&self.api, &at).await {
            Ok(()) => Shown::TryLater(failed.to_string()),
            Err(_) => Shown::Unknown,
        })
    }

    async fn is_signed(&self, at: &MessageRef) -> Result<bool, Failed> {
        let said = self.api.get(one(at)?, &[]).await?;
        let mut all = said["reactions"].as_array().into_iter().flatten();
        Ok(all.any(|reaction| {
            let name = read::emoji(&reaction["emoji"]).unwrap_or_default();
            emoji::read(&name) == Some(Reaction::Sign)
        }))
    }

    /// Puts all of a card into its thread, unless it stands there: a card may outgrow its message.
    async fn in_thread(&self, at: &MessageRef, card: &CardView) -> Result<(), Failed> {
        if self.threads.holds_whole(at).await? {
            return Ok(());
        }
        self.whole(at, card).await
    }

    /// All of a card in its thread.
    async fn whole(&self, at: &MessageRef, card: &CardView) -> Result<(), Failed> {
        let words = self.render(&show::whole(card)).map_err(|_| unsaid())?;
        self.threads.put_whole(at, &words).await
    }

    /// Puts the bot's own reactions there, so that a person needs one tap. What can be signed can be
    /// signed without them.
    async fn seed(&self, at: &MessageRef, notice: &Notice) {
        let key = format!("{}/{}", at.channel, at.message);
        if notice.reactions.is_empty() || self.seeded().contains(&key) {
            return;
        }
        let Ok((channel_id, message_id)) = ids(at) else { return };
        for reaction in &notice.reactions {
            let route = Route::ChannelMessageReactionMe { channel_id, message_id, reaction };
            if let Err(failed) = self.api.send(Method::PUT, route, Body::Nothing).await {
                tracing::debug!(discord.error = %failed, "A reaction is not added: {failed}");
                return;
            }
        }
        let mut seeded = self.seeded();
        if seeded.len() >= SEEDED {
            seeded.clear();
        }
        seeded.insert(key);
    }

    fn seeded(&self) -> std::sync::MutexGuard<'_, HashSet<String>> {
        self.seeded.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// It stands in a conversation with one person, or in a thread.
fn stands_elsewhere(place: &Place) -> bool {
    let at = [&place.thread, &place.instead_of];
    place.only.is_some() || at.into_iter().flatten().any(|message| message.contains('/'))
}

/// Words that can't be put in order; the program's own fault.
fn unsaid() -> Failed {
    Failed::Refused(404)
}
