//! Messages as apps write, change, delete and read them.

use serde_json::{Value, json};

use super::call::{Call, Upload};
use super::events::{MESSAGE_CONTENT, Place};
use super::fail::{Answer, Done, Fail};
use super::form::{self, Form};
use super::id::Id;
use super::mentions::Allowed;
use super::message::{COMPONENTS_V2, Message};
use super::permissions as may;
use super::world::{Nonce, World};

/// Flags that who writes may set: no previews, silent, components for words.
const SETTABLE: u64 = SUPPRESS | 1 << 12 | COMPONENTS_V2;
const SUPPRESS: u64 = 1 << 2;
/// So long a nonce is remembered, in milliseconds.
const NONCE: u64 = 5 * 60 * 1000;
const HOUR: u64 = 60 * 60 * 1000;

impl World {
    /// A channel that an app sees, where it may do something.
    pub fn must(&self, app: Id, channel: Id, what: u64) -> Result<(), Fail> {
        let known = self.channel(channel).ok_or_else(|| Fail::code(10003))?;
        let has = self.permissions(app, known);
        if has & may::VIEW_CHANNEL == 0 {
            return Err(Fail::code(50001));
        }
        if has & what == what { Ok(()) } else { Err(Fail::code(50013)) }
    }

    /// A message that everyone in its channel sees.
    pub fn must_stand(&self, channel: Id, id: Id) -> Result<&Message, Fail> {
        let found = self.message(channel, id).filter(|message| message.only.is_none());
        found.ok_or_else(|| Fail::code(10008))
    }

    /// A message as an app reads it over REST.
    pub fn read_by(&self, message: &Message, app: Id) -> Value {
        let all = self.app(app).is_some_and(|app| app.privileged & MESSAGE_CONTENT != 0);
        self.message_json(message, app, all)
    }

    /// Puts a message into its channel, and tells of it.
    pub fn put(&mut self, message: &Message) {
        let channel = self.channel_mut(message.channel).expect("a channel that is known");
        channel.messages.push(message.clone());
        self.tell_message("MESSAGE_CREATE", message);
        // Only at once: later it is not part of the message.
        let kept = self.message_mut(message.channel, message.id).expect("just put there");
        kept.nonce = None;
    }

    /// Puts a message in the place of the one before, and tells of it.
    pub fn change(&mut self, message: &Message) {
        let kept = self.message_mut(message.channel, message.id).expect("it stands");
        *kept = message.clone();
        self.tell_message("MESSAGE_UPDATE", message);
    }

    /// Deletes a message, and tells of it.
    pub fn delete(&mut self, channel: Id, id: Id) {
        let message = self.message_mut(channel, id).expect("it stands");
        message.gone = true;
        let is_hidden = message.only.is_some();
        let guild = self.channel(channel).and_then(|channel| channel.guild);
        if !is_hidden {
            self.tell("MESSAGE_DELETE", Place::Channel(channel), |_, _| {
                let mut json = json!({ "id": id, "channel_id": channel });
                if let Some(guild) = guild {
                    json["guild_id"] = json!(guild);
                }
                json
            });
        }
    }

    /// Has a message say what a form says.
    pub fn fill(
        &mut self,
        message: &mut Message,
        body: &Value,
        files: &[Upload],
    ) -> Result<(), Fail> {
        let form = Form::read(body, message.flags)?;
        message.files =
            self.keep_files(message.channel, (files, &message.files), &body["attachments"])?;
        if let Some(content) = form.content {
            message.content = content;
            self.mention(message, &Allowed::read(body.get("allowed_mentions")));
        }
        if let Some(flags) = form.flags {
            // Previews may come back; components that stand for words stay.
            message.flags = message.flags & !SUPPRESS | flags & SETTABLE;
        }
        message.components = form.components.unwrap_or_else(|| message.components.clone());
        message.nonce = form.nonce;
        if let Some(mut embeds) = form.embeds {
            for embed in &mut embeds {
                self.show_pictures(embed, message);
            }
            message.embeds = embeds;
        }
        let is_v2 = message.flags & COMPONENTS_V2 != 0;
        if is_v2 && !(message.content.is_empty() && message.embeds.is_empty()) {
            return Err(form::legacy());
        }
        let shows_components = is_v2 && !message.components.is_empty();
        let says = !message.content.is_empty() || !message.embeds.is_empty();
        if says || shows_components || !message.files.is_empty() {
            Ok(())
        } else {
            Err(Fail::code(50006))
        }
    }

    /// A picture of an embed may be a file of its message.
    fn show_pictures(&self, embed: &mut Value, message: &Message) {
        for name in ["image", "thumbnail"] {
            let Some(url) = embed[name]["url"].as_str() else { continue };
            let Some(file) = url.strip_prefix("attachment://") else { continue };
            let mut files = message.files.iter().rev().filter_map(|id| self.file(*id));
            let found = files.find(|known| known.name == file);
            if let Some(found) = found {
                let shown = self.file_json(found);
                embed[name]["url"] = shown["url"].clone();
                embed[name]["proxy_url"] = shown["url"].clone();
            }
        }
    }

    /// The message that a nonce made already, or that it is gone.
    fn by_nonce(&self, author: Id, body: &Value) -> Result<Option<&Message>, Fail> {
        if body["enforce_nonce"] != true || body["nonce"].is_null() {
            return Ok(None);
        }
        let text = body["nonce"].to_string();
        let since = self.now().saturating_sub(NONCE);
        let meant = |n: &&Nonce| n.author == author && n.text == text && n.at >= since;
        let Some(known) = self.nonces.iter().find(meant) else { return Ok(None) };
        self.message(known.channel, known.message).map(Some).ok_or_else(|| Fail::code(10008))
    }
}

/// Writes a message.
pub fn create(world: &mut World, call: &Call, channel: Id) -> Answer {
    let app = call.app()?;
    must_write(world, call, (app, channel))?;
    if let Some(known) = world.by_nonce(app, &call.body)? {
        return Ok(Done::Said(world.read_by(known, app)));
    }
    let id = world.id();
    let mut message = Message::new(id, channel, app);
    message.reference = replied(world, call, channel)?;
    message.kind = if message.reference.is_some() { 19 } else { 0 };
    world.fill(&mut message, &call.body, &call.files)?;
    if let Some(nonce) = &message.nonce {
        let (text, at) = (nonce.to_string(), world.now());
        world.nonces.push(Nonce { author: app, text, channel, message: id, at });
    }
    let said = world.read_by(&message, app);
    world.wake(channel);
    world.put(&message);
    Ok(Done::Said(said))
}

/// Whether an app may write what it wants to in a channel.
fn must_write(world: &World, call: &Call, (app, channel): (Id, Id)) -> Result<(), Fail> {
    world.must(app, channel, 0)?;
    let known = world.channel(channel).expect("seen");
    let writes =
        if known.thread.is_some() { may::SEND_MESSAGES_IN_THREADS } else { may::SEND_MESSAGES };
    let embeds = call.body["embeds"].as_array().is_some_and(|list| !list.is_empty());
    let needed = writes
        | if embeds { may::EMBED_LINKS } else { 0 }
        | if call.files.is_empty() { 0 } else { may::ATTACH_FILES };
    world.must(app, channel, needed)?;
    if known.thread.as_ref().is_some_and(|thread| thread.archived && thread.locked) {
        return Err(Fail::code(50083));
    }
    let closed = |id: &Id| world.user(*id).is_some_and(|user| user.closed);
    if known.guild.is_none() && known.recipients.iter().any(closed) {
        return Err(Fail::code(50007));
    }
    Ok(())
}

/// The message that a new one answers.
fn replied(world: &World, call: &Call, channel: Id) -> Result<Option<Id>, Fail> {
    let reference = &call.body["message_reference"];
    let Some(id) = Id::of(&reference["message_id"]) else { return Ok(None) };
    world.must(call.app()?, channel, may::READ_MESSAGE_HISTORY)?;
    if world.must_stand(channel, id).is_ok() {
        return Ok(Some(id));
    }
    if reference["fail_if_not_exists"] == false {
        return Ok(None);
    }
    Err(Fail::field(&["message_reference"], "REPLIES_UNKNOWN_MESSAGE", "Unknown message"))
}

/// Changes a message.
pub fn edit(world: &mut World, call: &Call, channel: Id, id: Id) -> Answer {
    let app = call.app()?;
    world.must(app, channel, 0)?;
    let mut message = world.must_stand(channel, id)?.clone();
    if message.author != app {
        return Err(Fail::code(50005));
    }
    if world.now() - id.millisecond() > HOUR {
        world.rates.count_old_edit(&channel.to_string())?;
    }
    world.fill(&mut message, &call.body, &call.files)?;
    message.nonce = None;
    message.edited = Some(world.now());
    let said = world.read_by(&message, app);
    world.change(&message);
    Ok(Done::Said(said))
}

/// Deletes a message: an own one, or as one who keeps order.
pub fn delete(world: &mut World, call: &Call, channel: Id, id: Id) -> Answer {
    let app = call.app()?;
    world.must(app, channel, 0)?;
    if world.must_stand(channel, id)?.author != app {
        world.must(app, channel, may::MANAGE_MESSAGES)?;
    }
    world.delete(channel, id);
    Ok(Done::Nothing)
}

/// Reads one message.
pub fn get(world: &World, call: &Call, channel: Id, id: Id) -> Answer {
    let app = call.app()?;
    world.must(app, channel, may::READ_MESSAGE_HISTORY)?;
    Ok(Done::Said(world.read_by(world.must_stand(channel, id)?, app)))
}

/// Reads messages, the newest first.
pub fn list(world: &World, call: &Call, channel: Id) -> Answer {
    let app = call.app()?;
    world.must(app, channel, 0)?;
    let limit = call.limit(50)?;
    let (before, after) = (call.asked::<Id>("before")?, call.asked::<Id>("after")?);
    let around = call.asked::<Id>("around")?;
    if !world.may(app, channel, may::READ_MESSAGE_HISTORY) {
        return Ok(Done::Said(json!([])));
    }
    let all = &world.channel(channel).expect("seen").messages;
    let stands = all.iter().filter(|message| !message.gone && message.only.is_none());
    let mut found: Vec<&Message> = stands
        .filter(|message| before.is_none_or(|before| message.id < before))
        .filter(|message| after.is_none_or(|after| message.id > after))
        .collect();
    if let Some(around) = around {
        let older = found.iter().filter(|message| message.id < around).count();
        found.drain(..older.saturating_sub(limit / 2));
        found.truncate(limit);
    } else if after.is_some() {
        // The first that come after, not the newest.
        found.truncate(limit);
    } else {
        found.drain(..found.len().saturating_sub(limit));
    }
    Ok(Done::Said(found.iter().rev().map(|message| world.read_by(message, app)).collect()))
}
