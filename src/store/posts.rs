//! Posts: what is loaded for a decision, and what a decision writes.

use std::collections::BTreeMap;

use sqlx::FromRow;

use super::db::{Tx, sql, statements};
use super::row::{InTable, exactly_one, json, place};
use crate::domain::content::ContentHash;
use crate::domain::ids::{AccountId, MemberId, PostId, PracticeId, RowId};
use crate::domain::post::{Cause, Decision, Hold, Post, Publication};
use crate::domain::window::Window;
use crate::ports::store::Stored;

/// Posts of a practice; what follows says which.
macro_rules! posts {
    ($which:literal) => {
        concat!(
            "SELECT id, number, author, drafter, earlier_authors, state, revision, hash, made_at,
                risk, names, writers, opens, closes, slot, draft, held, held_by, held_for, version
            FROM posts WHERE practice_id = $1 ",
            $which
        )
    };
}

/// Decisions about the current revision of posts of a practice; what follows says which posts.
macro_rules! decisions {
    ($which:literal) => {
        concat!(
            "SELECT post_id, member_id, verdict, by_reaction, by_button, recovered, own_words,
                decided_at
            FROM decisions WHERE practice_id = $1 AND (post_id, revision) IN
                (SELECT id, revision FROM posts WHERE practice_id = $1 ",
            $which,
            ") ORDER BY post_id, place"
        )
    };
}

/// Publications of posts of a practice; what follows says which posts.
macro_rules! publications {
    ($which:literal) => {
        concat!(
            "SELECT post_id, id, account_id, revision, state
            FROM outbox WHERE practice_id = $1 AND kind = 'publication' AND post_id IN
                (SELECT id FROM posts WHERE practice_id = $1 ",
            $which,
            ") ORDER BY post_id, revision, id"
        )
    };
}

/// Posts with which something went wrong, as far as the tables of posts tell.
macro_rules! troubled {
    ($what:ident) => {
        $what!(
            "AND (state IN ('publishing', 'missed', 'part-published')
                OR (held AND held_by IS NULL AND state IN ('draft', 'in-review', 'signed-off')))"
        )
    };
}

statements! {
    TROUBLED = troubled!(posts);
    DECISIONS_TROUBLED = troubled!(decisions);
    PUBLICATIONS_TROUBLED = troubled!(publications);
    ONE = posts!("AND id = $2");
    BY_NUMBER = posts!("AND number = $2");
    ALL = posts!("ORDER BY number");
    OPEN = posts!("AND state IN ('draft', 'in-review', 'signed-off', 'publishing', 'missed')
        ORDER BY number");
    DECISIONS_ONE = decisions!("AND id = $2");
    DECISIONS_ALL = decisions!("");
    DECISIONS_OPEN = decisions!(
        "AND state IN ('draft', 'in-review', 'signed-off', 'publishing', 'missed')");
    PUBLICATIONS_ONE = publications!("AND id = $2");
    PUBLICATIONS_ALL = publications!("");
    PUBLICATIONS_OPEN = publications!(
        "AND state IN ('draft', 'in-review', 'signed-off', 'publishing', 'missed')");
    /// Numbers of a former chain are not given again.
    NEXT_NUMBER = "SELECT COALESCE(MAX(number), 0) + 1 FROM (
            SELECT MAX(number) AS number FROM posts WHERE practice_id = $1
            UNION ALL SELECT last_number AS number FROM former WHERE practice_id = $1
        ) AS numbers";
    INSERT = "INSERT INTO posts
        (practice_id, id, number, author, state, revision, hash, opens, closes, slot, draft, held,
            held_by, held_for, drafter, made_at, risk, names, writers, version, earlier_authors)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
            $19, $20 + 1, $21)";
    UPDATE = "UPDATE posts SET number = $3, author = $4, state = $5, revision = $6, hash = $7,
            opens = $8, closes = $9, slot = $10, draft = $11, held = $12, held_by = $13,
            held_for = $14, drafter = $15, made_at = $16, risk = $17, names = $18,
            writers = $19, earlier_authors = $21, version = version + 1
        WHERE practice_id = $1 AND id = $2 AND version = $20";
    FORGET_DECISIONS = "DELETE FROM decisions
        WHERE practice_id = $1 AND post_id = $2 AND revision = $3";
    INSERT_DECISION = "INSERT INTO decisions
        (practice_id, post_id, revision, member_id, verdict, place, by_reaction, by_button,
            recovered, own_words, decided_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
}

#[derive(FromRow)]
struct PostRow {
    id: String,
    number: i64,
    author: String,
    drafter: String,
    earlier_authors: String,
    state: String,
    revision: i64,
    hash: Option<String>,
    made_at: Option<i64>,
    risk: String,
    names: String,
    writers: String,
    opens: Option<i64>,
    closes: Option<i64>,
    slot: Option<i64>,
    draft: String,
    held: bool,
    held_by: Option<String>,
    held_for: Option<String>,
    version: i64,
}

#[derive(FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "a row as the table has it")]
struct DecisionRow {
    post_id: String,
    member_id: String,
    verdict: String,
    by_reaction: bool,
    by_button: bool,
    recovered: bool,
    own_words: bool,
    decided_at: i64,
}

#[derive(FromRow)]
struct PublicationRow {
    post_id: String,
    id: String,
    account_id: String,
    revision: i64,
    state: String,
}

impl InTable for PostRow {
    const TABLE: &'static str = "posts";
}

impl InTable for DecisionRow {
    const TABLE: &'static str = "decisions";
}

impl InTable for PublicationRow {
    const TABLE: &'static str = "outbox";
}

/// A post with all that a decision about it needs.
pub(super) async fn post(tx: &mut Tx, whose: &PracticeId, id: &PostId) -> Stored<Option<Post>> {
    let row = sql!(tx.fetch_optional as PostRow: ONE, whose.as_str(), id.as_str())?;
    whole(tx, whose, row).await
}

/// The post with the practice's number for it.
pub(super) async fn by_number(tx: &mut Tx, whose: &PracticeId, n: i64) -> Stored<Option<Post>> {
    let row = sql!(tx.fetch_optional as PostRow: BY_NUMBER, whose.as_str(), n)?;
    whole(tx, whose, row).await
}

/// Every post, by number.
pub(super) async fn all(tx: &mut Tx, whose: &PracticeId) -> Stored<Vec<Post>> {
    let posts = sql!(tx.fetch_all as PostRow: ALL, whose.as_str())?;
    let decisions = sql!(tx.fetch_all as DecisionRow: DECISIONS_ALL, whose.as_str())?;
    let publications = sql!(tx.fetch_all as PublicationRow: PUBLICATIONS_ALL, whose.as_str())?;
    assemble(whose, posts, decisions, publications)
}

/// Posts that are on their way, by number.
pub(super) async fn open(tx: &mut Tx, whose: &PracticeId) -> Stored<Vec<Post>> {
    let posts = sql!(tx.fetch_all as PostRow: OPEN, whose.as_str())?;
    let decisions = sql!(tx.fetch_all as DecisionRow: DECISIONS_OPEN, whose.as_str())?;
    let publications = sql!(tx.fetch_all as PublicationRow: PUBLICATIONS_OPEN, whose.as_str())?;
    assemble(whose, posts, decisions, publications)
}

/// Posts with which something may have gone wrong, by number.
pub(super) async fn troubled(tx: &mut Tx, whose: &PracticeId) -> Stored<Vec<Post>> {
    let mut posts = sql!(tx.fetch_all as PostRow: TROUBLED, whose.as_str())?;
    posts.sort_by_key(|post| post.number);
    let decisions = sql!(tx.fetch_all as DecisionRow: DECISIONS_TROUBLED, whose.as_str())?;
    let publications = sql!(tx.fetch_all as PublicationRow: PUBLICATIONS_TROUBLED,
        whose.as_str())?;
    assemble(whose, posts, decisions, publications)
}

/// The number of the next post.
pub(super) async fn next_number(tx: &mut Tx, whose: &PracticeId) -> Stored<i64> {
    sql!(tx.fetch_one scalar i64: NEXT_NUMBER, whose.as_str())
}

/// Writes a post under the version it was decided under. Its publications are not written: they
/// are rows of the outbox.
pub(super) async fn save(tx: &mut Tx, whose: &PracticeId, post: &Post) -> Stored<()> {
    let statement = if post.version == 0 { INSERT } else { UPDATE };
    let hold = post.hold.as_ref();
    exactly_one(sql!(tx.execute: statement,
        whose.as_str(),
        post.id.as_str(),
        post.number,
        post.author.as_str(),
        post.state.as_str(),
        post.revision,
        post.hash.map(|hash| hash.to_string()),
        post.window.map(|window| window.opens.as_microsecond()),
        post.window.map(|window| window.closes.as_microsecond()),
        post.slot.map(jiff::Timestamp::as_microsecond),
        json(&post.draft)?,
        hold.is_some(),
        hold.and_then(|hold| hold.by.as_ref()).map(MemberId::as_str),
        hold.and_then(|hold| hold.cause).map(Cause::as_str),
        post.drafter.as_str(),
        post.made.map(jiff::Timestamp::as_microsecond),
        post.risk.as_str(),
        json(&post.names)?,
        json(&post.writers)?,
        post.version,
        json(&post.earlier_authors)?,
    )?)
}

/// Writes who decided what about the current revision; those of older revisions stay.
pub(super) async fn save_decisions(tx: &mut Tx, whose: &PracticeId, post: &Post) -> Stored<()> {
    let (whose, id, revision) = (whose.as_str(), post.id.as_str(), post.revision);
    sql!(tx.execute: FORGET_DECISIONS, whose, id, revision)?;
    for (index, decision) in post.decisions.iter().enumerate() {
        sql!(tx.execute: INSERT_DECISION, whose, id, revision, decision.member.as_str(),
            decision.verdict.as_str(), place(index), decision.by_reaction, decision.by_button,
            decision.recovered, decision.own_words, decision.at.as_microsecond())?;
    }
    Ok(())
}

async fn whole(tx: &mut Tx, whose: &PracticeId, row: Option<PostRow>) -> Stored<Option<Post>> {
    let Some(row) = row else {
        return Ok(None);
    };
    let (practice, id) = (whose.as_str(), row.id.as_str());
    let decisions = sql!(tx.fetch_all as DecisionRow: DECISIONS_ONE, practice, id)?;
    let publications = sql!(tx.fetch_all as PublicationRow: PUBLICATIONS_ONE, practice, id)?;
    Ok(assemble(whose, vec![row], decisions, publications)?.pop())
}

fn assemble(
    whose: &PracticeId,
    posts: Vec<PostRow>,
    decisions: Vec<DecisionRow>,
    publications: Vec<PublicationRow>,
) -> Stored<Vec<Post>> {
    let mut decided: BTreeMap<String, Vec<Decision>> = BTreeMap::new();
    for row in decisions {
        let (post, decision) = row.read()?;
        decided.entry(post).or_default().push(decision);
    }
    let mut published: BTreeMap<String, Vec<Publication>> = BTreeMap::new();
    for row in publications {
        let (post, publication) = row.read()?;
        published.entry(post).or_default().push(publication);
    }
    let finish = |row: PostRow| {
        let (decisions, publications) = (decided.remove(&row.id), published.remove(&row.id));
        Ok(Post {
            decisions: decisions.unwrap_or_default(),
            publications: publications.unwrap_or_default(),
            ..row.read(whose)?
        })
    };
    posts.into_iter().map(finish).collect()
}

impl PostRow {
    fn read(self, whose: &PracticeId) -> Stored<Post> {
        let hash = self
            .hash
            .as_deref()
            .map(|text| ContentHash::parse(text).ok_or_else(|| Self::damaged("hash")));
        let cause = self.held_for.as_deref().map(|word| Self::word("held_for", word));
        let cause = cause.transpose()?;
        Ok(Post {
            state: Self::word("state", &self.state)?,
            hash: hash.transpose()?,
            window: Self::window(self.opens, self.closes)?,
            slot: Self::time_if("slot", self.slot)?,
            made: Self::time_if("made_at", self.made_at)?,
            risk: Self::word("risk", &self.risk)?,
            names: Self::json("names", &self.names)?,
            earlier_authors: Self::json("earlier_authors", &self.earlier_authors)?,
            writers: Self::json("writers", &self.writers)?,
            draft: Self::json("draft", &self.draft)?,
            hold: self.held.then(|| Hold { by: self.held_by.map(MemberId::new), cause }),
            practice: whose.clone(),
            id: PostId::new(self.id),
            number: self.number,
            author: MemberId::new(self.author),
            drafter: MemberId::new(self.drafter),
            revision: self.revision,
            decisions: Vec::new(),
            publications: Vec::new(),
            version: self.version,
        })
    }

    fn window(opens: Option<i64>, closes: Option<i64>) -> Stored<Option<Window>> {
        let window = match (opens, closes) {
            (Some(opens), Some(closes)) => {
                Window { opens: Self::time("opens", opens)?, closes: Self::time("closes", closes)? }
            }
            (None, None) => return Ok(None),
            (Some(_), None) => return Err(Self::damaged("closes")),
            (None, Some(_)) => return Err(Self::damaged("opens")),
        };
        Ok(Some(window))
    }
}

impl DecisionRow {
    fn read(self) -> Stored<(String, Decision)> {
        let decision = Decision {
            member: MemberId::new(self.member_id),
            verdict: Self::word("verdict", &self.verdict)?,
            by_reaction: self.by_reaction,
            by_button: self.by_button,
            recovered: self.recovered,
            own_words: self.own_words,
            at: Self::time("decided_at", self.decided_at)?,
        };
        Ok((self.post_id, decision))
    }
}

impl PublicationRow {
    fn read(self) -> Stored<(String, Publication)> {
        let publication = Publication {
            state: Self::word("state", &self.state)?,
            id: RowId::new(self.id),
            account: AccountId::new(self.account_id),
            revision: self.revision,
        };
        Ok((self.post_id, publication))
    }
}
