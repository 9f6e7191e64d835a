//! Which message on a platform stands for what: cards and ideas.

use jiff::Timestamp;
use sqlx::FromRow;

use super::db::{Tx, sql, statements};
use super::row::{InTable, exactly_one, json, one_spelling};
use crate::domain::ids::{MemberId, PostId, PracticeId};
use crate::ports::chat::MessageRef;
use crate::ports::store::{Card, Idea, Stored};

/// Cards of a practice; what follows says which.
macro_rules! cards {
    ($($which:tt)+) => {
        concat!(
            "SELECT message, post_id, revision, hash, open FROM cards WHERE practice_id = $1 ",
            $($which)+
        )
    };
}

/// The card is open, and its post is on its way.
macro_rules! is_open {
    () => {
        "open AND EXISTS (
            SELECT 1 FROM posts WHERE posts.practice_id = cards.practice_id
                AND posts.id = cards.post_id
                AND posts.state NOT IN ('published', 'withdrawn', 'taken-down'))"
    };
}

/// Ideas of a practice; what follows says which.
macro_rules! ideas {
    ($which:literal) => {
        concat!(
            "SELECT message, member_id, words, files, answer, post_id, dismissed, offered,
                typed_at, pictured FROM ideas WHERE practice_id = $1 ",
            $which
        )
    };
}

statements! {
    CARD = cards!("AND message = $2");
    CARDS = cards!("AND post_id = $2 ORDER BY shown_at, revision, message");
    OPEN_CARDS = cards!("AND ", is_open!(), " ORDER BY shown_at, revision, message");
    WITH_OPEN_CARDS = concat!("SELECT DISTINCT practice_id FROM cards WHERE ", is_open!(),
        " ORDER BY practice_id");
    SAVE_CARD = "INSERT INTO cards
        (practice_id, message, post_id, revision, hash, open, shown_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (practice_id, message) DO UPDATE SET post_id = excluded.post_id,
            revision = excluded.revision, hash = excluded.hash, open = excluded.open";
    CLOSE_OTHERS = "UPDATE cards SET open = FALSE
        WHERE practice_id = $1 AND post_id = $2 AND message <> $3 AND open";
    CLOSE_OLDER = "UPDATE cards SET open = FALSE
        WHERE practice_id = $1 AND post_id = $2 AND revision < $3 AND open";
    FORGET_CARD = "DELETE FROM cards WHERE practice_id = $1 AND message = $2";
    IDEA = ideas!("AND message IN (
        SELECT $2 UNION ALL SELECT message FROM ideas WHERE practice_id = $1 AND answer = $2)");
    LIVE_IDEAS = "SELECT message FROM ideas WHERE practice_id = $1 AND had_at >= $2
        AND NOT dismissed AND NOT EXISTS (
            SELECT 1 FROM posts WHERE posts.practice_id = ideas.practice_id
                AND posts.id = ideas.post_id
                AND posts.state NOT IN ('draft', 'in-review', 'signed-off')
        ) ORDER BY had_at";
    IDEA_OF = ideas!("AND post_id = $2");
    /// An idea becomes one post only, and an answer that was shown is not forgotten.
    SAVE_IDEA = "INSERT INTO ideas
        (practice_id, message, member_id, words, files, answer, post_id, dismissed, had_at, offered,
            typed_at, pictured)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        ON CONFLICT (practice_id, message) DO UPDATE SET member_id = excluded.member_id,
            words = excluded.words, files = excluded.files,
            answer = COALESCE(excluded.answer, ideas.answer),
            post_id = excluded.post_id, dismissed = excluded.dismissed,
            offered = excluded.offered, typed_at = excluded.typed_at,
            pictured = excluded.pictured
        WHERE ideas.post_id IS NULL OR ideas.post_id = excluded.post_id";
}

#[derive(FromRow)]
struct CardRow {
    message: String,
    post_id: String,
    revision: i64,
    hash: String,
    open: bool,
}

#[derive(FromRow)]
struct IdeaRow {
    message: String,
    member_id: String,
    words: String,
    files: String,
    answer: Option<String>,
    post_id: Option<String>,
    dismissed: bool,
    offered: Option<String>,
    typed_at: i64,
    pictured: Option<String>,
}

impl InTable for CardRow {
    const TABLE: &'static str = "cards";
}

impl InTable for IdeaRow {
    const TABLE: &'static str = "ideas";
}

/// The card that this message is.
pub(super) async fn card(tx: &mut Tx, whose: &PracticeId, at: &MessageRef) -> Stored<Option<Card>> {
    let at = one_spelling(at)?;
    let row = sql!(tx.fetch_optional as CardRow: CARD, whose.as_str(), at)?;
    row.map(CardRow::read).transpose()
}

/// A post's cards, oldest first.
pub(super) async fn cards(tx: &mut Tx, whose: &PracticeId, post: &PostId) -> Stored<Vec<Card>> {
    let rows = sql!(tx.fetch_all as CardRow: CARDS, whose.as_str(), post.as_str())?;
    rows.into_iter().map(CardRow::read).collect()
}

/// Whose cards are open.
pub(super) async fn with_open_cards(tx: &mut Tx) -> Stored<Vec<PracticeId>> {
    let ids = sql!(tx.fetch_all scalar String: WITH_OPEN_CARDS)?;
    Ok(ids.into_iter().map(PracticeId::new).collect())
}

/// Every open card, oldest first.
pub(super) async fn open_cards(tx: &mut Tx, whose: &PracticeId) -> Stored<Vec<Card>> {
    let rows = sql!(tx.fetch_all as CardRow: OPEN_CARDS, whose.as_str())?;
    rows.into_iter().map(CardRow::read).collect()
}

/// Writes a card; if it is open, the post's other cards are not any more.
pub(super) async fn save(
    tx: &mut Tx,
    whose: &PracticeId,
    card: &Card,
    at: Timestamp,
) -> Stored<()> {
    let (whose, message, post) = (whose.as_str(), one_spelling(&card.at)?, card.post.as_str());
    if card.open {
        sql!(tx.execute: CLOSE_OTHERS, whose, post, &message)?;
    }
    sql!(tx.execute: SAVE_CARD, whose, &message, post, card.revision, &card.hash, card.open,
        at.as_microsecond())
    .map(drop)
}

/// A new revision: cards of older ones are not read by the sweep any more.
pub(super) async fn close_older(
    tx: &mut Tx,
    whose: &PracticeId,
    post: &PostId,
    revision: i64,
) -> Stored<()> {
    sql!(tx.execute: CLOSE_OLDER, whose.as_str(), post.as_str(), revision).map(drop)
}

/// A card that is gone.
pub(super) async fn forget(tx: &mut Tx, whose: &PracticeId, at: &MessageRef) -> Stored<()> {
    sql!(tx.execute: FORGET_CARD, whose.as_str(), one_spelling(at)?).map(drop)
}

/// The idea that this message, or the bot's answer to it, is about.
pub(super) async fn idea(tx: &mut Tx, whose: &PracticeId, at: &MessageRef) -> Stored<Option<Idea>> {
    let at = one_spelling(at)?;
    let row = sql!(tx.fetch_optional as IdeaRow: IDEA, whose.as_str(), at)?;
    row.map(IdeaRow::read).transpose()
}

/// The idea a post was made from.
pub(super) async fn idea_of(
    tx: &mut Tx,
    whose: &PracticeId,
    post: &PostId,
) -> Stored<Option<Idea>> {
    let row = sql!(tx.fetch_optional as IdeaRow: IDEA_OF, whose.as_str(), post.as_str())?;
    row.map(IdeaRow::read).transpose()
}

/// Messages of ideas since then that may still change something.
pub(super) async fn live_ideas(
    tx: &mut Tx,
    whose: &PracticeId,
    since: Timestamp,
) -> Stored<Vec<MessageRef>> {
    let rows =
        sql!(tx.fetch_all scalar String: LIVE_IDEAS, whose.as_str(), since.as_microsecond())?;
    rows.iter().map(|message| IdeaRow::json("message", message)).collect()
}

/// Writes an idea, unless somebody else made another post from it.
pub(super) async fn save_idea(
    tx: &mut Tx,
    whose: &PracticeId,
    idea: &Idea,
    at: Timestamp,
) -> Stored<()> {
    let answer = idea.answer.as_ref().map(one_spelling).transpose()?;
    exactly_one(sql!(tx.execute: SAVE_IDEA, whose.as_str(), one_spelling(&idea.at)?,
        idea.member.as_str(), &idea.text, json(&idea.files)?, answer,
        idea.post.as_ref().map(PostId::as_str), idea.dismissed, at.as_microsecond(),
        idea.offered.as_ref().map(json).transpose()?, idea.typed.as_microsecond(),
        idea.pictured.as_ref().map(json).transpose()?)?)
}

impl CardRow {
    fn read(self) -> Stored<Card> {
        Ok(Card {
            at: Self::json("message", &self.message)?,
            post: PostId::new(self.post_id),
            revision: self.revision,
            hash: self.hash,
            open: self.open,
        })
    }
}

impl IdeaRow {
    fn read(self) -> Stored<Idea> {
        let answer = self.answer.as_deref();
        Ok(Idea {
            at: Self::json("message", &self.message)?,
            files: Self::json("files", &self.files)?,
            pictured: self.pictured.map(|text| Self::json("pictured", &text)).transpose()?,
            answer: answer.map(|text| Self::json("answer", text)).transpose()?,
            member: MemberId::new(self.member_id),
            text: self.words,
            typed: Self::time("typed_at", self.typed_at)?,
            post: self.post_id.map(PostId::new),
            dismissed: self.dismissed,
            offered: self.offered.map(|text| Self::json("offered", &text)).transpose()?,
        })
    }
}
