//! What people do on the local platform. The gate hears of a text before the world stores it.
//!
//! A text that the gate did not keep is not kept here either. A reaction and a deletion stand in
//! the world first, as on any platform, so that they are found again when nobody listened.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

use super::messages::{Attached, Coming, Passed, Standing};
use super::people::{BOT, Person, channel};
use super::read::{Act, Typed};
use super::world::World;
use super::{retry, transcript};
use crate::domain::command;
use crate::ports::chat::MessageRef;
use crate::ports::intake::{ChatEvent, Intake, Problem, Receipt};

/// Longest emoji, in bytes; families with skin tones have about forty.
const LONGEST_EMOJI: usize = 64;
/// What a command comes to in a channel of nobody's.
const UNBOUND: &str = "this channel belongs to no practice: everybody here but a guest can make a \
    new one of it with /post setup";
/// Most files of a message.
const MOST_FILES: usize = 10;

/// The world, and whoever listens to what people do there.
#[derive(Clone)]
pub struct Hearing {
    /// Where it happens.
    pub world: World,
    /// Who hears of it.
    pub intake: Arc<dyn Intake>,
}

/// A message as somebody typed it.
#[derive(Debug, Clone, Deserialize)]
pub struct Say {
    /// The sender's own UUID for it: with the same one again, nothing is said twice.
    #[serde(default)]
    pub key: Option<String>,
    /// The channel.
    pub channel: String,
    /// In the thread of this message.
    #[serde(default)]
    pub thread: Option<String>,
    /// The words.
    #[serde(default)]
    pub text: String,
    /// Uploads that come with it.
    #[serde(default)]
    pub files: Vec<Attach>,
}

/// An upload that comes with a message.
#[derive(Debug, Clone, Deserialize)]
pub struct Attach {
    /// Which.
    pub id: String,
    /// What the sender calls it.
    #[serde(default)]
    pub name: String,
    /// What it shows.
    #[serde(default)]
    pub alt: String,
}

/// What became of an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Heard {
    /// The message.
    pub id: String,
    /// The number in the inbox; 0 when nobody there heard of it.
    pub seq: i64,
    /// False when the gate did not keep what was typed.
    pub kept: bool,
    /// What the person is told about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<&'static str>,
}

/// Why an act was not done.
#[derive(Debug, thiserror::Error)]
pub enum NotDone {
    /// Acting as somebody who is not there.
    #[error("there is nobody with that id")]
    NoSuchPerson,
    /// Writing where there is no channel.
    #[error("there is no channel with that id")]
    NoSuchChannel,
    /// The message is not there, or not for this person's eyes.
    #[error("there is no message with that id")]
    NoSuchMessage,
    /// The message was deleted.
    #[error("the message is deleted")]
    Gone,
    /// The button is not under the message, or not any more.
    #[error("there is no such button under the message")]
    NoSuchButton,
    /// The form has no such field.
    #[error("the button's form has no such field")]
    NoSuchField,
    /// Fields that have to be mended first.
    #[error("the form can't be sent like this")]
    Problems(Vec<Problem>),
    /// The file is not there, or belongs to another message.
    #[error("there is no such file, or another message has it")]
    NoSuchFile,
    /// Anything else could hold words, and nobody has looked at it.
    #[error("the key is not a UUID")]
    NotAKey,
    /// Neither words nor files.
    #[error("the message is empty")]
    Empty,
    /// More files than a message can have.
    #[error("a message can have ten files")]
    TooManyFiles,
    /// Not an emoji.
    #[error("that is not an emoji")]
    NotAnEmoji,
    /// Somebody else's message.
    #[error("the message is somebody else's")]
    NotYours,
    /// Countersign hears nothing now.
    #[error("nobody looks at messages now, and nothing is kept that was not looked at")]
    NobodyListens,
    /// Countersign could not store it.
    #[error("not recorded: do it again")]
    NotRecorded,
    /// It stands there, and Countersign could not store that.
    #[error("it stands there, but was not recorded: it will be found later")]
    FoundLater,
    /// The file of the world failed.
    #[error("the local platform's file failed")]
    World(#[from] sqlx::Error),
}

pub(super) type Done = Result<Heard, NotDone>;

/// Writes a message.
pub async fn say(to: &Hearing, person: &str, said: &Say) -> Done {
    let world = &to.world;
    let person = who(world, person)?;
    let room = world.channel(&said.channel).filter(|channel| channel.admits(person));
    room.ok_or(NotDone::NoSuchChannel)?;
    let key = said.key.as_deref().map(|key| retry::key(key).ok_or(NotDone::NotAKey)).transpose()?;
    let key = key.as_deref();
    let thread = thread(world, person, said).await?;
    let before = world.said_before(&person.id, key).await?;
    let files = attached(world, &said.files, before).await?;
    is_something(&said.text, &files)?;
    listening(world).await?;

    let coming = Coming { channel: &said.channel, thread, author: &person.id, key };
    let number = world.reserve(coming).await?;
    let message = MessageRef { channel: channel(&said.channel), message: transcript::id(number) };
    let typed = Typed { text: &said.text, files: &files };
    let act = Act { number, at: world.now(), person };
    let receipt = to.intake.receive(act.says(message, thread, typed)).await;

    if receipt == Receipt::NotRecorded {
        world.give_up(number).await?;
        return Err(NotDone::NotRecorded);
    }
    let mut heard = heard(transcript::id(number), &receipt);
    world.arrive(number, passed(&typed, heard.kept)).await?;
    if !heard.kept {
        world.forget(&files).await?;
    }
    if receipt == Receipt::Ignored && command::read(&said.text).is_some() {
        heard.note = Some(UNBOUND);
    }
    Ok(heard)
}

/// Changes an own message to these words, and to these files if there are any given.
pub async fn edit(
    to: &Hearing,
    person: &str,
    message: &str,
    (text, files): (&str, Option<&[Attach]>),
) -> Done {
    let world = &to.world;
    let person = who(world, person)?;
    let standing = find(world, person, message).await?;
    if standing.author != person.id {
        return Err(NotDone::NotYours);
    }
    let files = match files {
        Some(files) => attached(world, files, Some(standing.number)).await?,
        None => world.files_of(standing.number).await?,
    };
    is_something(text, &files)?;
    listening(world).await?;

    let _turn = world.order(standing.number).await;
    let typed = Typed { text, files: &files };
    let act = act(world, person).await?;
    let receipt = to.intake.receive(act.edits(&standing, typed)).await;

    if receipt == Receipt::NotRecorded {
        return Err(NotDone::NotRecorded);
    }
    let heard = heard(standing.id(), &receipt);
    world.amend(standing.number, passed(&typed, heard.kept)).await?;
    if !heard.kept {
        world.forget(&files).await?;
    }
    Ok(heard)
}

/// Deletes an own message, or one of the bot's.
pub async fn delete(to: &Hearing, person: &str, message: &str) -> Done {
    let world = &to.world;
    let person = who(world, person)?;
    let standing = find(world, person, message).await?;
    if standing.author != person.id && standing.author != BOT {
        return Err(NotDone::NotYours);
    }

    let _turn = world.order(standing.number).await;
    if !world.remove(standing.number).await? {
        return Err(NotDone::Gone);
    }
    let act = act(world, person).await?;
    tell(to, &standing, act.deletes(&standing)).await
}

/// Puts a reaction on a message, or takes it away; done twice is done once.
pub async fn react(to: &Hearing, person: &str, message: &str, reaction: (&str, bool)) -> Done {
    let world = &to.world;
    let (emoji, on) = reaction;
    if !is_emoji(emoji) {
        return Err(NotDone::NotAnEmoji);
    }
    let person = who(world, person)?;
    let standing = find(world, person, message).await?;

    let _turn = world.order(standing.number).await;
    let change = world.react(standing.number, &person.id, emoji, on).await?;
    let Some(number) = change else {
        return Ok(unheard(&standing));
    };
    let act = Act { number, at: world.now(), person };
    tell(to, &standing, act.reacts(&standing, emoji, on)).await
}

pub(super) fn who<'a>(world: &'a World, person: &str) -> Result<&'a Person, NotDone> {
    world.person(person).ok_or(NotDone::NoSuchPerson)
}

pub(super) async fn find(
    world: &World,
    person: &Person,
    message: &str,
) -> Result<Standing, NotDone> {
    let number = transcript::number(message).ok_or(NotDone::NoSuchMessage)?;
    let standing = world.standing(number).await?;
    let standing = standing
        .filter(|standing| standing.is_seen_by(&person.id))
        .filter(|standing| world.channel(&standing.channel).is_some_and(|c| c.admits(person)))
        .ok_or(NotDone::NoSuchMessage)?;
    if standing.deleted {
        return Err(NotDone::Gone);
    }
    Ok(standing)
}

/// The first message of the thread: an answer to an answer is in the same one.
async fn thread(world: &World, person: &Person, said: &Say) -> Result<Option<i64>, NotDone> {
    let Some(message) = &said.thread else {
        return Ok(None);
    };
    let root = find(world, person, message).await?;
    if root.channel != said.channel {
        return Err(NotDone::NoSuchMessage);
    }
    Ok(Some(root.thread.unwrap_or(root.number)))
}

async fn attached(
    world: &World,
    files: &[Attach],
    message: Option<i64>,
) -> Result<Vec<Attached>, NotDone> {
    if files.len() > MOST_FILES {
        return Err(NotDone::TooManyFiles);
    }
    let mut attached: Vec<Attached> = Vec::with_capacity(files.len());
    for file in files {
        let number = transcript::numbered('f', &file.id).ok_or(NotDone::NoSuchFile)?;
        let is_twice = attached.iter().any(|other| other.number == number);
        if is_twice || !world.is_free(number, message).await? {
            return Err(NotDone::NoSuchFile);
        }
        attached.push(Attached { number, name: file.name.clone(), alt: file.alt.clone() });
    }
    Ok(attached)
}

fn is_something(text: &str, files: &[Attached]) -> Result<(), NotDone> {
    if text.trim().is_empty() && files.is_empty() {
        return Err(NotDone::Empty);
    }
    Ok(())
}

pub(super) async fn listening(world: &World) -> Result<(), NotDone> {
    if world.faults().await?.chat.deaf {
        return Err(NotDone::NobodyListens);
    }
    Ok(())
}

pub(super) async fn act<'a>(world: &World, person: &'a Person) -> Result<Act<'a>, NotDone> {
    Ok(Act { number: world.number().await?, at: world.now(), person })
}

/// Tells of something that stands in the world already and holds no text.
async fn tell(to: &Hearing, standing: &Standing, event: ChatEvent) -> Done {
    if to.world.faults().await?.chat.deaf {
        return Ok(unheard(standing));
    }
    match to.intake.receive(event).await {
        Receipt::NotRecorded => Err(NotDone::FoundLater),
        receipt => Ok(heard(standing.id(), &receipt)),
    }
}

fn passed<'a>(typed: &Typed<'a>, kept: bool) -> Passed<'a> {
    Passed { text: typed.text, files: typed.files, kept }
}

fn unheard(standing: &Standing) -> Heard {
    Heard { id: standing.id(), seq: 0, kept: true, note: None }
}

pub(super) fn heard(id: String, receipt: &Receipt) -> Heard {
    let (seq, note) = match receipt {
        Receipt::Stored(seq) | Receipt::Known(seq) => (*seq, None),
        Receipt::Blocked(seq) => {
            (*seq, Some("this looks like patient information, and was not kept"))
        }
        Receipt::Unscreened(seq) => {
            (*seq, Some("this could not be looked at, and was not kept: send it again"))
        }
        Receipt::TooMany => (0, Some("this was one too many in a minute, and was not kept")),
        Receipt::Ignored | Receipt::NotRecorded => (0, None),
    };
    Heard { id, seq, kept: note.is_none(), note }
}

/// One emoji and nothing else, so that nobody can write with reactions.
fn is_emoji(emoji: &str) -> bool {
    emoji.len() <= LONGEST_EMOJI && !emoji.is_ascii() && emoji.graphemes(true).count() == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emoji_is_one_sign() {
        let yes = ["✅", "✋🏽", "❤️", "👩🏽‍❤️‍💋‍👩🏿", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🛑"];
        let no = ["", "x", "✅✅", "born 3/4/51", "✅ ", "ok✅"];

        assert!(yes.into_iter().all(is_emoji));
        assert!(!no.into_iter().any(is_emoji));
        assert!(!is_emoji(&"👩‍".repeat(150)));
    }
}
