//! What a person sees: messages as they stand, with what hangs on them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::{Sqlite, Transaction};

use super::html::html;
use super::people::{BOT, BOT_NAME, Kind};
use super::world::World;
use crate::ports::notice::Button;

/// What stands for a message that was not kept.
pub const NOT_KEPT: &str = "[not kept]";
/// After so long a message whose gate never answered is shown as not kept.
const COMING_MICROS: i64 = 10_000_000;

/// A message as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// The platform's id of it.
    pub id: String,
    /// The number of its last change.
    pub seq: i64,
    /// Its place in the channel; stays.
    pub position: i64,
    /// The number of the change with which people began to see it; stays.
    pub born: i64,
    /// Where.
    pub channel: String,
    /// In the thread of this message.
    pub thread: Option<String>,
    /// Whose.
    pub from: From,
    /// When it was written.
    pub at: Timestamp,
    /// What a message of the bot's shows: `card`, `draft`, `idea` and so on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub view: Option<String>,
    /// Plain for people, `CommonMark` for the bot.
    pub text: String,
    /// The bot's words as HTML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// For this person's eyes only.
    pub only: Option<String>,
    /// False when its text was not kept.
    pub kept: bool,
    /// Its author changed it.
    pub edited: bool,
    /// It is gone; nothing of it is left.
    pub deleted: bool,
    /// What came with it.
    pub files: Vec<File>,
    /// The pictures of a card.
    pub pictures: Vec<Picture>,
    /// What can be done there.
    pub buttons: Vec<Button>,
    /// Who put which reaction there.
    pub reactions: Vec<Reaction>,
}

/// Whose message it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct From {
    /// The platform's id of them.
    pub id: String,
    /// As people know them.
    pub name: String,
    /// Person, guest or robot.
    pub kind: Kind,
}

/// A file of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct File {
    /// The platform's id of it.
    pub id: String,
    /// Where its bytes are.
    pub url: String,
    /// What the sender called it.
    pub name: String,
    /// What it shows.
    pub alt: String,
}

/// A picture of a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Where its bytes are.
    pub url: String,
    /// What it shows.
    pub alt: String,
}

/// A reaction under a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reaction {
    /// Which.
    pub emoji: String,
    /// Who put it there, in order.
    pub people: Vec<String>,
}

/// What stands in a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Transcript {
    /// The number of the last change that is in here.
    pub seq: i64,
    /// New or changed, in the order in which they were written.
    pub messages: Vec<Message>,
}

#[derive(sqlx::FromRow)]
struct Row {
    number: i64,
    seq: i64,
    born: i64,
    channel: String,
    thread: Option<i64>,
    author: String,
    at: i64,
    only_for: Option<String>,
    view: Option<String>,
    text: String,
    buttons: String,
    pictures: String,
    kept: bool,
    edited: bool,
    deleted: bool,
}

/// The id of the message with this number.
pub(super) fn id(number: i64) -> String {
    format!("m{number}")
}

/// The number in an id of a message, if it is one.
pub(super) fn number(of: &str) -> Option<i64> {
    numbered('m', of)
}

/// The number in an id with this first letter, if it is one.
pub(super) fn numbered(letter: char, of: &str) -> Option<i64> {
    let number: i64 = of.strip_prefix(letter)?.parse().ok()?;
    (format!("{letter}{number}") == of).then_some(number)
}

impl World {
    /// Messages of a channel that are new or changed after this number, as this person sees them;
    /// without a person, only what everybody sees.
    pub async fn transcript(
        &self,
        channel: &str,
        after: i64,
        person: Option<&str>,
    ) -> sqlx::Result<Transcript> {
        let mut moment = self.moment().await?;
        let seq = sqlx::query_scalar("SELECT value FROM counter").fetch_one(&mut *moment).await?;
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT * FROM messages
             WHERE channel = $1 AND seq > $2 AND (only_for IS NULL OR only_for = $3)
               AND (coming = 0 OR at < $4)
             ORDER BY number",
        )
        .bind(channel)
        .bind(after)
        .bind(person)
        .bind(self.now().as_microsecond().saturating_sub(COMING_MICROS))
        .fetch_all(&mut *moment)
        .await?;
        let mut files = files(&mut moment, channel, after).await?;
        let mut reactions = reactions(&mut moment, channel, after).await?;
        let messages = rows.into_iter().map(|row| {
            let number = row.number;
            Message {
                files: files.remove(&number).unwrap_or_default(),
                reactions: reactions.remove(&number).unwrap_or_default(),
                ..self.message(row)
            }
        });
        Ok(Transcript { seq, messages: messages.collect() })
    }

    fn message(&self, row: Row) -> Message {
        let is_bot = row.author == BOT;
        let not_kept = !row.kept && !row.deleted;
        Message {
            id: id(row.number),
            seq: row.seq,
            position: row.number,
            born: row.born,
            channel: row.channel,
            thread: row.thread.map(id),
            from: self.from(row.author),
            at: Timestamp::from_microsecond(row.at).unwrap_or_default(),
            view: row.view,
            html: is_bot.then(|| html(&row.text)),
            text: if not_kept { NOT_KEPT.to_owned() } else { row.text },
            only: row.only_for,
            kept: row.kept,
            edited: row.edited,
            deleted: row.deleted,
            files: Vec::new(),
            pictures: serde_json::from_str(&row.pictures).unwrap_or_default(),
            buttons: serde_json::from_str(&row.buttons).unwrap_or_default(),
            reactions: Vec::new(),
        }
    }

    fn from(&self, author: String) -> From {
        let person = self.person(&author);
        let (name, kind) = match person {
            Some(person) => (person.name.clone(), person.kind),
            None if author == BOT => (BOT_NAME.to_owned(), Kind::Robot),
            None => (author.clone(), Kind::Guest),
        };
        From { id: author, name, kind }
    }
}

type Moment = Transaction<'static, Sqlite>;

async fn files(
    moment: &mut Moment,
    channel: &str,
    after: i64,
) -> sqlx::Result<BTreeMap<i64, Vec<File>>> {
    let rows: Vec<(i64, i64, String, String)> = sqlx::query_as(
        "SELECT m.number, f.number, f.name, f.alt
         FROM files f JOIN messages m ON f.message = m.number
         WHERE m.channel = $1 AND m.seq > $2 ORDER BY f.message, f.place",
    )
    .bind(channel)
    .bind(after)
    .fetch_all(&mut **moment)
    .await?;
    let mut files: BTreeMap<i64, Vec<File>> = BTreeMap::new();
    for (message, number, name, alt) in rows {
        files.entry(message).or_default().push(File {
            id: format!("f{number}"),
            url: format!("/local/api/files/f{number}"),
            name,
            alt,
        });
    }
    Ok(files)
}

async fn reactions(
    moment: &mut Moment,
    channel: &str,
    after: i64,
) -> sqlx::Result<BTreeMap<i64, Vec<Reaction>>> {
    let rows: Vec<(i64, String, String)> = sqlx::query_as(
        "SELECT r.message, r.emoji, r.person
         FROM reactions r JOIN messages m ON r.message = m.number
         WHERE m.channel = $1 AND m.seq > $2 ORDER BY r.message, r.seq, r.rowid",
    )
    .bind(channel)
    .bind(after)
    .fetch_all(&mut **moment)
    .await?;
    let mut reactions: BTreeMap<i64, Vec<Reaction>> = BTreeMap::new();
    for (message, emoji, person) in rows {
        let under = reactions.entry(message).or_default();
        match under.iter_mut().find(|reaction| reaction.emoji == emoji) {
            Some(reaction) => reaction.people.push(person),
            None => under.push(Reaction { emoji, people: vec![person] }),
        }
    }
    Ok(reactions)
}
