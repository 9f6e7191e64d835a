//! The world's messages and reactions: writing, changing, deleting. What may be written is
//! decided before.

use super::people::BOT;
use super::retry::keyed;
use super::transcript::{self, Picture};
use super::world::{World, Writing};
use crate::domain::member::Identity;
use crate::ports::notice::Button;

/// A message as an act needs to know it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Standing {
    pub(super) number: i64,
    pub(super) channel: String,
    pub(super) thread: Option<i64>,
    pub(super) author: String,
    pub(super) only_for: Option<String>,
    pub(super) buttons: String,
    pub(super) deleted: bool,
}

impl Standing {
    pub(super) fn id(&self) -> String {
        transcript::id(self.number)
    }

    pub(super) fn is_seen_by(&self, person: &str) -> bool {
        self.only_for.as_deref().is_none_or(|only| only == person)
    }

    pub(super) fn button(&self, id: &str) -> Option<Button> {
        let buttons: Vec<Button> = serde_json::from_str(&self.buttons).unwrap_or_default();
        // A form comes back with a mark of what it showed.
        let is = |button: &Button| {
            id.strip_prefix(&button.id).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
        };
        buttons.into_iter().find(is)
    }
}

/// A message that will stand there once the gate answered.
#[derive(Debug, Clone)]
pub(super) struct Coming<'a> {
    pub(super) channel: &'a str,
    pub(super) thread: Option<i64>,
    pub(super) author: &'a str,
    /// The author's own key for it.
    pub(super) key: Option<&'a str>,
}

/// A file of a message, with what its sender says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attached {
    pub(super) number: i64,
    pub(super) name: String,
    pub(super) alt: String,
}

/// Words and files that passed the gate, or neither.
#[derive(Debug, Clone)]
pub(super) struct Passed<'a> {
    pub(super) text: &'a str,
    pub(super) files: &'a [Attached],
    pub(super) kept: bool,
}

/// A notice, ready to be put up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) view: &'static str,
    pub(super) text: String,
    pub(super) buttons: Vec<Button>,
    pub(super) pictures: Vec<Picture>,
    pub(super) reactions: Vec<String>,
}

/// Where a notice goes.
#[derive(Debug, Clone)]
pub(super) enum Spot<'a> {
    /// A message of its own.
    New { channel: &'a str, thread: Option<i64>, only: Option<&'a str> },
    /// In place of this one.
    InsteadOf(i64),
}

impl World {
    /// The message, unless it was never there.
    pub(super) async fn standing(&self, number: i64) -> sqlx::Result<Option<Standing>> {
        sqlx::query_as("SELECT * FROM messages WHERE number = $1")
            .bind(number)
            .fetch_optional(self.reader())
            .await
    }

    /// Makes a place for a message before anybody hears of it, so that an answer finds its thread.
    /// A known key has its place, or gets it back.
    pub(super) async fn reserve(&self, coming: Coming<'_>) -> sqlx::Result<i64> {
        let mut writing = self.begin().await?;
        let number = match coming.key {
            Some(key) => keyed(&mut writing, coming.author, key).await?,
            None => writing.number,
        };
        sqlx::query(
            "INSERT INTO messages (number, seq, born, channel, thread, author, at, text, buttons,
                 pictures, coming, kept, edited, deleted)
             VALUES ($1, $1, $1, $2, $3, $4, $5, '', '[]', '[]', 1, 0, 0, 0)
             ON CONFLICT (number) DO NOTHING",
        )
        .bind(number)
        .bind(coming.channel)
        .bind(coming.thread)
        .bind(coming.author)
        .bind(self.now().as_microsecond())
        .execute(&mut *writing.tx)
        .await?;
        writing.commit().await?;
        Ok(number)
    }

    /// Gives up a place that was reserved.
    pub(super) async fn give_up(&self, number: i64) -> sqlx::Result<()> {
        let mut writing = self.begin().await?;
        sqlx::query("DELETE FROM messages WHERE number = $1 AND coming = 1")
            .bind(number)
            .execute(&mut *writing.tx)
            .await?;
        writing.commit().await
    }

    /// Fills the place that was reserved, unless it is filled.
    pub(super) async fn arrive(&self, number: i64, passed: Passed<'_>) -> sqlx::Result<()> {
        self.fill(number, passed, false).await
    }

    /// Changes a message to these words and files.
    pub(super) async fn amend(&self, number: i64, passed: Passed<'_>) -> sqlx::Result<()> {
        self.fill(number, passed, true).await?;
        self.wipe().await
    }

    async fn fill(&self, number: i64, passed: Passed<'_>, edited: bool) -> sqlx::Result<()> {
        let mut writing = self.begin().await?;
        let done = sqlx::query(
            "UPDATE messages SET seq = $2, text = $3, kept = $4, edited = $5, coming = 0,
                 born = CASE coming WHEN 1 THEN $2 ELSE born END
             WHERE number = $1 AND deleted = 0 AND (coming = 1 OR $5 = 1)",
        )
        .bind(number)
        .bind(writing.number)
        .bind(if passed.kept { passed.text } else { "" })
        .bind(passed.kept)
        .bind(edited)
        .execute(&mut *writing.tx)
        .await?;
        if done.rows_affected() == 1 {
            let files = if passed.kept { passed.files } else { &[] };
            attach(&mut writing, number, files).await?;
        }
        writing.commit().await
    }

    /// Deletes a message with all that hangs on it. False when it was gone already.
    pub(super) async fn remove(&self, number: i64) -> sqlx::Result<bool> {
        let mut writing = self.begin().await?;
        let done = sqlx::query(
            "UPDATE messages SET seq = $2, text = '', buttons = '[]', pictures = '[]', deleted = 1
             WHERE number = $1 AND deleted = 0",
        )
        .bind(number)
        .bind(writing.number)
        .execute(&mut *writing.tx)
        .await?;
        attach(&mut writing, number, &[]).await?;
        sqlx::query("DELETE FROM reactions WHERE message = $1")
            .bind(number)
            .execute(&mut *writing.tx)
            .await?;
        writing.commit().await?;
        self.wipe().await?;
        Ok(done.rows_affected() == 1)
    }

    /// Puts a reaction there or takes it away; the number of the change, if it is one.
    pub(super) async fn react(
        &self,
        number: i64,
        person: &str,
        emoji: &str,
        on: bool,
    ) -> sqlx::Result<Option<i64>> {
        let mut writing = self.begin().await?;
        let change = writing.number;
        let done = if on {
            put(&mut writing, number, person, emoji).await?
        } else {
            sqlx::query("DELETE FROM reactions WHERE message = $1 AND emoji = $2 AND person = $3")
                .bind(number)
                .bind(emoji)
                .bind(person)
                .execute(&mut *writing.tx)
                .await?
                .rows_affected()
        };
        if done == 0 {
            return Ok(None);
        }
        touch(&mut writing, number).await?;
        writing.commit().await?;
        Ok(Some(change))
    }

    /// Puts up a notice; the same key again is the same message, unchanged. `None` when the
    /// message whose place it should take, or whose thread it should be in, is gone.
    pub(super) async fn put_up(
        &self,
        key: &str,
        spot: Spot<'_>,
        written: &Written,
    ) -> sqlx::Result<Option<i64>> {
        let mut writing = self.begin().await?;
        let known: Option<i64> = sqlx::query_scalar("SELECT message FROM notices WHERE key = $1")
            .bind(key)
            .fetch_optional(&mut *writing.tx)
            .await?;
        if known.is_some() {
            return Ok(known);
        }
        let number = match spot {
            Spot::New { thread, .. } if is_gone(&mut writing, thread).await? => return Ok(None),
            Spot::New { .. } => {
                make(&mut writing, &spot, self.now().as_microsecond()).await?;
                writing.number
            }
            Spot::InsteadOf(number) if is_gone(&mut writing, Some(number)).await? => {
                return Ok(None);
            }
            Spot::InsteadOf(number) => number,
        };
        write(&mut writing, number, written).await?;
        sqlx::query("INSERT INTO notices (key, message) VALUES ($1, $2)")
            .bind(key)
            .bind(number)
            .execute(&mut *writing.tx)
            .await?;
        writing.commit().await?;
        Ok(Some(number))
    }

    /// Who put which reaction there, without the bot's own; `None` when the message is gone.
    pub(super) async fn reactions(
        &self,
        channel: &str,
        number: i64,
    ) -> sqlx::Result<Option<Vec<(Identity, String)>>> {
        let mut moment = self.moment().await?;
        let stands: Option<i64> = sqlx::query_scalar(
            "SELECT number FROM messages
             WHERE number = $1 AND channel = $2 AND deleted = 0 AND kept = 1",
        )
        .bind(number)
        .bind(channel)
        .fetch_optional(&mut *moment)
        .await?;
        if stands.is_none() {
            return Ok(None);
        }
        let rows: Vec<(String, String)> = sqlx::query_as(
            "SELECT person, emoji FROM reactions WHERE message = $1 AND person <> $2
             ORDER BY seq, rowid",
        )
        .bind(number)
        .bind(BOT)
        .fetch_all(&mut *moment)
        .await?;
        let who = |(person, emoji): (String, String)| (super::people::identity(&person), emoji);
        Ok(Some(rows.into_iter().map(who).collect()))
    }
}

async fn is_gone(writing: &mut Writing, message: Option<i64>) -> sqlx::Result<bool> {
    let Some(number) = message else {
        return Ok(false);
    };
    let stands: Option<i64> =
        sqlx::query_scalar("SELECT number FROM messages WHERE number = $1 AND deleted = 0")
            .bind(number)
            .fetch_optional(&mut *writing.tx)
            .await?;
    Ok(stands.is_none())
}

async fn make(writing: &mut Writing, spot: &Spot<'_>, at: i64) -> sqlx::Result<()> {
    let Spot::New { channel, thread, only } = spot else {
        return Ok(());
    };
    sqlx::query(
        "INSERT INTO messages (number, seq, born, channel, thread, author, at, only_for, text,
             buttons, pictures, coming, kept, edited, deleted)
         VALUES ($1, $1, $1, $2, $3, $4, $5, $6, '', '[]', '[]', 0, 1, 0, 0)",
    )
    .bind(writing.number)
    .bind(channel)
    .bind(thread)
    .bind(BOT)
    .bind(at)
    .bind(only)
    .execute(&mut *writing.tx)
    .await?;
    Ok(())
}

async fn write(writing: &mut Writing, number: i64, written: &Written) -> sqlx::Result<()> {
    let json = |e: serde_json::Error| sqlx::Error::Encode(e.into());
    sqlx::query(
        "UPDATE messages SET seq = $2, text = $3, buttons = $4, pictures = $5, view = $6
         WHERE number = $1",
    )
    .bind(number)
    .bind(writing.number)
    .bind(&written.text)
    .bind(serde_json::to_string(&written.buttons).map_err(json)?)
    .bind(serde_json::to_string(&written.pictures).map_err(json)?)
    .bind(written.view)
    .execute(&mut *writing.tx)
    .await?;
    sqlx::query("DELETE FROM reactions WHERE message = $1 AND person = $2")
        .bind(number)
        .bind(BOT)
        .execute(&mut *writing.tx)
        .await?;
    for emoji in &written.reactions {
        put(writing, number, BOT, emoji).await?;
    }
    Ok(())
}

async fn put(writing: &mut Writing, number: i64, person: &str, emoji: &str) -> sqlx::Result<u64> {
    let done = sqlx::query(
        "INSERT INTO reactions (message, emoji, person, seq)
         SELECT number, $2, $3, $4 FROM messages WHERE number = $1 AND deleted = 0
         ON CONFLICT DO NOTHING",
    )
    .bind(number)
    .bind(emoji)
    .bind(person)
    .bind(writing.number)
    .execute(&mut *writing.tx)
    .await?;
    Ok(done.rows_affected())
}

async fn touch(writing: &mut Writing, number: i64) -> sqlx::Result<()> {
    sqlx::query("UPDATE messages SET seq = $2 WHERE number = $1")
        .bind(number)
        .bind(writing.number)
        .execute(&mut *writing.tx)
        .await?;
    Ok(())
}

/// Makes these the files of the message, and wipes those that were before and are not now.
async fn attach(writing: &mut Writing, number: i64, files: &[Attached]) -> sqlx::Result<()> {
    sqlx::query("UPDATE files SET place = -1 WHERE message = $1")
        .bind(number)
        .execute(&mut *writing.tx)
        .await?;
    for (place, file) in (0_i64..).zip(files) {
        sqlx::query(
            "UPDATE files SET message = $2, place = $3, name = $4, alt = $5
             WHERE number = $1 AND (message IS NULL OR message = $2)",
        )
        .bind(file.number)
        .bind(number)
        .bind(place)
        .bind(&file.name)
        .bind(&file.alt)
        .execute(&mut *writing.tx)
        .await?;
    }
    sqlx::query("DELETE FROM files WHERE message = $1 AND place = -1")
        .bind(number)
        .execute(&mut *writing.tx)
        .await?;
    Ok(())
}
