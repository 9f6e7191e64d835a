//! The posts of the local network, as its server keeps them.

use jiff::Timestamp;
use serde::Serialize;

use super::files::Bytes;
use super::world::World;

/// A post to be kept.
#[derive(Debug, Clone)]
pub(super) struct NewPost<'a> {
    /// What the client sent as `Idempotency-Key`; empty when nothing.
    pub(super) key: &'a str,
    pub(super) account: &'a str,
    pub(super) text: &'a str,
    /// Uploads and alt texts, in order.
    pub(super) media: &'a [(i64, String)],
}

/// A picture of a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct PostMedia {
    /// The upload's number.
    #[serde(skip)]
    pub upload: i64,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
    /// What it shows.
    pub alt: String,
}

/// A post that is live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LivePost {
    /// Its number.
    pub number: i64,
    /// The account.
    pub account: String,
    /// The words.
    pub text: String,
    /// When it went live.
    pub at: Timestamp,
    /// The pictures.
    pub media: Vec<PostMedia>,
}

#[derive(sqlx::FromRow)]
struct Row {
    number: i64,
    account: String,
    text: String,
    at: i64,
}

impl World {
    /// Keeps a post; its number, and whether it is new. With `keys`, a key that is known is the
    /// post that it made first.
    pub(super) async fn keep_post(
        &self,
        post: NewPost<'_>,
        keys: bool,
    ) -> sqlx::Result<(i64, bool)> {
        let mut writing = self.begin().await?;
        let number = writing.number;
        if keys && !post.key.is_empty() {
            let first: Option<i64> =
                sqlx::query_scalar("SELECT number FROM posts WHERE key = $1 ORDER BY number")
                    .bind(post.key)
                    .fetch_optional(&mut *writing.tx)
                    .await?;
            if let Some(first) = first {
                return Ok((first, false));
            }
        }
        sqlx::query(
            "INSERT INTO posts (number, key, account, text, at, deleted)
             VALUES ($1, $2, $3, $4, $5, 0)",
        )
        .bind(number)
        .bind(post.key)
        .bind(post.account)
        .bind(post.text)
        .bind(self.now().as_microsecond())
        .execute(&mut *writing.tx)
        .await?;
        for (place, (upload, alt)) in (0_i64..).zip(post.media) {
            sqlx::query(
                "INSERT INTO post_media (post, place, upload, alt) VALUES ($1, $2, $3, $4)",
            )
            .bind(number)
            .bind(place)
            .bind(upload)
            .bind(alt)
            .execute(&mut *writing.tx)
            .await?;
        }
        writing.commit().await?;
        Ok((number, true))
    }

    /// The live posts that this key made, oldest first.
    pub(super) async fn posts_by_key(&self, key: &str) -> sqlx::Result<Vec<i64>> {
        sqlx::query_scalar(
            "SELECT number FROM posts WHERE key = $1 AND deleted = 0 ORDER BY number",
        )
        .bind(key)
        .fetch_all(self.reader())
        .await
    }

    /// A post, if it is live.
    pub(super) async fn post(&self, number: i64) -> sqlx::Result<Option<LivePost>> {
        let row: Option<Row> =
            sqlx::query_as("SELECT * FROM posts WHERE number = $1 AND deleted = 0")
                .bind(number)
                .fetch_optional(self.reader())
                .await?;
        match row {
            Some(row) => Ok(Some(self.live(row).await?)),
            None => Ok(None),
        }
    }

    /// Everything that is live on the local network, oldest first.
    pub async fn live_posts(&self) -> sqlx::Result<Vec<LivePost>> {
        let rows: Vec<Row> =
            sqlx::query_as("SELECT * FROM posts WHERE deleted = 0 ORDER BY number")
                .fetch_all(self.reader())
                .await?;
        let mut posts = Vec::with_capacity(rows.len());
        for row in rows {
            posts.push(self.live(row).await?);
        }
        Ok(posts)
    }

    /// Takes a post down; false when it was never there.
    pub(super) async fn take_down(&self, number: i64) -> sqlx::Result<bool> {
        let mut writing = self.begin().await?;
        let done = sqlx::query("UPDATE posts SET deleted = 1, text = '' WHERE number = $1")
            .bind(number)
            .execute(&mut *writing.tx)
            .await?;
        writing.commit().await?;
        Ok(done.rows_affected() == 1)
    }

    /// Keeps a picture for a post to come; its number.
    pub(super) async fn keep_upload(&self, sha256: &str, picture: &Bytes) -> sqlx::Result<i64> {
        let mut writing = self.begin().await?;
        let number = writing.number;
        sqlx::query(
            "INSERT INTO uploads (number, media_type, sha256, bytes) VALUES ($1, $2, $3, $4)",
        )
        .bind(number)
        .bind(&picture.media_type)
        .bind(sha256)
        .bind(&picture.bytes)
        .execute(&mut *writing.tx)
        .await?;
        writing.commit().await?;
        Ok(number)
    }

    /// A picture that was uploaded.
    pub(super) async fn uploaded(&self, number: i64) -> sqlx::Result<Option<Bytes>> {
        let row: Option<(String, Vec<u8>)> =
            sqlx::query_as("SELECT media_type, bytes FROM uploads WHERE number = $1")
                .bind(number)
                .fetch_optional(self.reader())
                .await?;
        Ok(row.map(|(media_type, bytes)| Bytes { media_type, bytes }))
    }

    async fn live(&self, row: Row) -> sqlx::Result<LivePost> {
        let media = sqlx::query_as(
            "SELECT m.upload, u.sha256, m.alt
             FROM post_media m JOIN uploads u ON u.number = m.upload
             WHERE m.post = $1 ORDER BY m.place",
        )
        .bind(row.number)
        .fetch_all(self.reader())
        .await?;
        Ok(LivePost {
            number: row.number,
            account: row.account,
            text: row.text,
            at: Timestamp::from_microsecond(row.at).unwrap_or_default(),
            media,
        })
    }
}
