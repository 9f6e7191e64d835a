//! Showing: messages, changes in place, what one person alone sees, and what belongs to a card.
//!
//! A card whose texts do not fit into one message is no card until they stand whole in its thread:
//! it is shown without any button first, and gets them last. One that was left in between, or signed
//! before its end, is taken away, and shown anew.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

use super::api::{Api, Failed};
use super::means;
use super::read::name_of_emoji;
use super::show::{self, Around, Message, Page};
use super::upload::Uploads;
use crate::domain::emoji::{self, Reaction};
use crate::domain::member::Identity;
use crate::domain::practice::ChannelRef;
use crate::ports::chat::{MessageRef, Place, Shown};
use crate::ports::notice::{CardView, Notice, View};
use crate::render::Words;

/// What a message of Countersign's is called in its metadata.
pub const NOTICE: &str = "countersign_notice";
/// What the last message of a thread that holds all of a card is called in its metadata.
const WHOLE: &str = "countersign_whole";
/// The id of the first block of a card that is not finished.
pub const UNFINISHED: &str = "unfinished";
/// So many messages of a thread wait for Slack's leave, each so often.
const PATIENCE: usize = 4;
/// The longest that they wait at once.
const WAIT: Duration = Duration::from_secs(5);
/// So many messages are known to bear the bot's reactions.
const SEEDED: usize = 2_000;

/// Shows notices.
pub struct Poster {
    api: Api,
    words: Arc<Words>,
    uploads: Uploads,
    /// Messages that bear the bot's own reactions.
    seeded: Mutex<HashSet<String>>,
}

impl Poster {
    /// Shows through `api`, in these words.
    pub fn new(api: Api, words: Arc<Words>, uploads: Uploads) -> Self {
        Self { api, words, uploads, seeded: Mutex::default() }
    }

    /// Shows a notice there.
    pub async fn put(&self, key: &str, place: &Place, notice: &Notice) -> Shown {
        self.tried(key, place, notice).await.unwrap_or_else(|end| end)
    }

    async fn tried(&self, key: &str, place: &Place, notice: &Notice) -> Result<Shown, Shown> {
        let words = self.render(&notice.view)?;
        let uploads = self.uploads.of(place, notice).await?;
        if let Some(only) = place.only.as_ref().filter(|_| is_kept(place, notice)) {
            let about = Some(place.channel.channel.as_str());
            let message = show::message(&words, notice, Around { uploads: &uploads, about });
            return self.directly(key, (place, only), &message).await.map(Shown::Done);
        }
        let message = show::message(&words, notice, Around { uploads: &uploads, about: None });
        let long = match &notice.view {
            View::Card(card) if !message.whole => Some(card),
            _ => None,
        };
        let shown = match (long, &place.only, &place.instead_of) {
            (Some(card), None, None) => self.long(key, place, (notice, card), &uploads).await?,
            (Some(card), only, instead_of) => {
                if let (None, Some(ts)) = (only, instead_of) {
                    self.in_thread(&at(place, ts), card).await.map_err(means::shown)?;
                }
                let short = self.short((notice, card), &uploads)?;
                self.one(key, place, &short).await?
            }
            (None, ..) => self.one(key, place, &message).await?,
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
        uploads: &[String],
    ) -> Result<Message, Shown> {
        let view = View::Card(show::beginning(card));
        let words = self.render(&view)?;
        let around = Around { uploads, about: None };
        Ok(show::message(&words, &Notice { view, ..notice.clone() }, around))
    }

    async fn one(&self, key: &str, place: &Place, message: &Message) -> Result<MessageRef, Shown> {
        let team = &place.channel.workspace;
        let mut body = json!({
            "channel": place.channel.channel, "text": message.text, "blocks": message.blocks,
        });
        let method = match (&place.instead_of, &place.only) {
            (Some(ts), _) => {
                body["ts"] = json!(ts);
                "chat.update"
            }
            (None, Some(only)) => {
                body["user"] = json!(only.user);
                "chat.postEphemeral"
            }
            (None, None) => {
                body["unfurl_links"] = json!(false);
                body["unfurl_media"] = json!(false);
                body["metadata"] = json!({ "event_type": NOTICE, "event_payload": { "key": key } });
                "chat.postMessage"
            }
        };
        if let (None, Some(thread)) = (&place.instead_of, &place.thread) {
            body["thread_ts"] = json!(thread);
        }
        let said = match self.api.post(team, method, &body).await {
            Ok(said) => said,
            Err(failed) => return Err(self.uploads.why(team, &message.blocks, failed).await),
        };
        let ts = said["ts"].as_str().or(said["message_ts"].as_str());
        let ts = ts.or(place.instead_of.as_deref()).ok_or(Shown::Unknown)?;
        Ok(at(place, ts))
    }

    /// What one person must find again, and what changes for them: in their own conversation with
    /// the bot, as nothing else that one person sees lasts. Where that can't be opened, it is said
    /// in the channel for them alone.
    async fn directly(
        &self,
        key: &str,
        (place, only): (&Place, &Identity),
        message: &Message,
    ) -> Result<MessageRef, Shown> {
        let team = &place.channel.workspace;
        let opened =
            self.api.post(team, "conversations.open", &json!({ "users": only.user })).await;
        let direct = match opened {
            Ok(said) => said["channel"]["id"].as_str().map(ToOwned::to_owned),
            Err(Failed::Refused(_)) => None,
            Err(failed) => return Err(means::not_yet("no direct message can be begun", &failed)),
        };
        let shown = match direct {
            Some(channel) => {
                let channel = ChannelRef { channel, ..place.channel.clone() };
                let there = Place { channel, thread: None, only: None, ..place.clone() };
                self.one(key, &there, message).await?
            }
            None if place.instead_of.is_some() => {
                return Err(Shown::Refused("what one person saw can't be changed".to_owned()));
            }
            None => self.one(key, place, message).await?,
        };
        Ok(at(place, &shown.message))
    }

    /// A card that does not fit: first what it is, then all of it in the thread, then the buttons.
    async fn long(
        &self,
        key: &str,
        place: &Place,
        (notice, card): (&Notice, &CardView),
        uploads: &[String],
    ) -> Result<MessageRef, Shown> {
        let bare = Notice {
            view: View::Card(CardView { signable: false, ..card.clone() }),
            buttons: Vec::new(),
            reactions: Vec::new(),
        };
        let View::Card(unsigned) = &bare.view else { return Err(Shown::Unknown) };
        let mut root = self.short((&bare, unsigned), uploads)?;
        if let Some(first) = root.blocks.first_mut() {
            first["block_id"] = json!(UNFINISHED);
        }
        let at = self.one(key, place, &root).await?;
        let finished = self.finish(&at, (notice, card), uploads).await;
        if let Err(failed) = finished {
            tracing::warn!(slack.error = %failed, "A card is shown anew: {failed}");
            return Err(match take_away(&self.api, &at).await {
                Ok(()) => Shown::TryLater(failed.to_string()),
                Err(_) => Shown::Unknown,
            });
        }
        Ok(at)
    }

    async fn finish(
        &self,
        at: &MessageRef,
        (notice, card): (&Notice, &CardView),
        uploads: &[String],
    ) -> Result<(), Failed> {
        self.whole(at, card).await?;
        if self.is_signed(at).await? {
            return Err(Failed::Refused("somebody signed what did not stand there yet".to_owned()));
        }
        let card = self.short((notice, card), uploads).map_err(|_| unsaid())?;
        let body = json!({
            "channel": at.channel.channel, "ts": at.message, "text": card.text,
            "blocks": card.blocks,
        });
        self.patiently(&at.channel.workspace, "chat.update", &body).await
    }

    /// Somebody tapped ✅ before all of it stood there: nobody could tell that later from a tap
    /// that counts. A workspace may call ✅ whatever it likes, so what is no known emoji may be it.
    async fn is_signed(&self, at: &MessageRef) -> Result<bool, Failed> {
        let team = &at.channel.workspace;
        let args = [("channel", at.channel.channel.as_str()), ("timestamp", &at.message)];
        let said = self.api.get(team, "reactions.get", &args).await?;
        let mut names = said["message"]["reactions"].as_array().into_iter().flatten();
        Ok(names.any(|reaction| {
            let meaning = reaction["name"].as_str().map(emoji::read);
            matches!(meaning, Some(None | Some(Reaction::Sign)))
        }))
    }

    /// All of a card in its thread.
    async fn whole(&self, at: &MessageRef, card: &CardView) -> Result<(), Failed> {
        let words = self.render(&show::whole(card)).map_err(|_| unsaid())?;
        let pages = show::pages(&words, show::BLOCKS);
        let last = pages.len().saturating_sub(1);
        for (nth, Page { blocks, text }) in pages.into_iter().enumerate() {
            let mut body = json!({
                "channel": at.channel.channel, "thread_ts": at.message, "text": text,
                "blocks": blocks, "unfurl_links": false, "unfurl_media": false,
            });
            if nth == last {
                body["metadata"] = json!({ "event_type": WHOLE, "event_payload": { "key": "" } });
            }
            self.patiently(&at.channel.workspace, "chat.postMessage", &body).await?;
        }
        Ok(())
    }

    /// Puts all of a card into its thread, unless it stands there: a card may outgrow its message.
    async fn in_thread(&self, at: &MessageRef, card: &CardView) -> Result<(), Failed> {
        let args = [
            ("channel", at.channel.channel.as_str()),
            ("ts", &at.message),
            ("include_all_metadata", "true"),
            ("limit", "200"),
        ];
        let said = self.api.get(&at.channel.workspace, "conversations.replies", &args).await?;
        let mut replies = said["messages"].as_array().into_iter().flatten();
        if replies.any(|reply| reply["metadata"]["event_type"] == WHOLE) {
            return Ok(());
        }
        self.whole(at, card).await
    }

    /// Goes on with what was begun, where Slack asks for a little patience.
    async fn patiently(&self, team: &str, method: &str, body: &Value) -> Result<(), Failed> {
        for _ in 0..PATIENCE {
            match self.api.post(team, method, body).await {
                Err(Failed::Limited(wait)) if wait <= WAIT => tokio::time::sleep(wait).await,
                answer => return answer.map(drop),
            }
        }
        self.api.post(team, method, body).await.map(drop)
    }

    /// Puts the bot's own reactions there, so that a person needs one tap. What can be signed can be
    /// signed without them.
    async fn seed(&self, at: &MessageRef, notice: &Notice) {
        let team = &at.channel.workspace;
        let key = format!("{}/{}", at.channel, at.message);
        if notice.reactions.is_empty() || self.seeded().contains(&key) {
            return;
        }
        for name in notice.reactions.iter().filter_map(|emoji| name_of_emoji(emoji)) {
            let body = json!({
                "channel": at.channel.channel, "timestamp": at.message, "name": name,
            });
            match self.api.post(team, "reactions.add", &body).await {
                Ok(_) => {}
                Err(Failed::Refused(code)) if code == "already_reacted" => {}
                Err(failed) => {
                    tracing::debug!(slack.error = %failed, "A reaction is not added: {failed}");
                    return;
                }
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

/// It is for one person, and has to last.
fn is_kept(place: &Place, notice: &Notice) -> bool {
    let is_asked = matches!(notice.view, View::Noted { .. }) && !notice.buttons.is_empty();
    let lasts = |view: &View| {
        matches!(
            view,
            View::Appeal { .. }
                | View::AskPatients { .. }
                | View::Attested { .. }
                | View::Blocked { .. }
                | View::Changed { .. }
                | View::Failures { .. }
                | View::Leftover { .. }
        )
    };
    let lasts = match &notice.view {
        View::AtDesk { shows, .. } => lasts(shows),
        view => lasts(view),
    };
    place.only.is_some() && (lasts || is_asked || place.instead_of.is_some())
}

fn at(place: &Place, ts: &str) -> MessageRef {
    MessageRef { channel: place.channel.clone(), message: ts.to_owned() }
}

/// Words that can't be put in order; the program's own fault.
fn unsaid() -> Failed {
    Failed::Refused("no_words".to_owned())
}

/// Takes a message of the bot's away; that it is away already is as good.
pub async fn take_away(api: &Api, at: &MessageRef) -> Result<(), Failed> {
    let body = json!({ "channel": at.channel.channel, "ts": at.message });
    match api.post(&at.channel.workspace, "chat.delete", &body).await {
        Ok(_) => Ok(()),
        Err(Failed::Refused(code)) if code == "message_not_found" => Ok(()),
        Err(failed) => Err(failed),
    }
}
