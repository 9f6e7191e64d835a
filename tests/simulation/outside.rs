//! What stands in the world's own file: every message of the chat, and every post that the network
//! ever took.

use std::path::Path;

use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

/// A post as the network took it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Taken {
    pub number: i64,
    /// The key that it came with.
    pub key: String,
    pub account: String,
    /// When, in microseconds.
    pub at: i64,
    /// It was taken down.
    pub deleted: bool,
}

/// A message of the chat, with all that hangs on it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Stands {
    pub seq: i64,
    pub channel: String,
    pub words: String,
}

/// The file.
pub struct Outside(SqliteConnection);

impl Outside {
    /// Opens the world's file beside the world.
    pub async fn open(folder: &Path) -> Self {
        let options = SqliteConnectOptions::new().filename(folder.join("local.db")).read_only(true);
        Self(options.connect().await.expect("a connection"))
    }

    /// How many posts the network ever took.
    pub async fn count(&mut self) -> i64 {
        let count = "SELECT count(*) FROM posts";
        sqlx::query_scalar(count).fetch_one(&mut self.0).await.expect("readable")
    }

    /// Every post that the network ever took, oldest first.
    pub async fn taken(&mut self) -> Vec<Taken> {
        let taken = "SELECT number, key, account, at, deleted FROM posts ORDER BY number";
        sqlx::query_as(taken).fetch_all(&mut self.0).await.expect("readable")
    }

    /// Messages that are new or changed after this number.
    pub async fn messages(&mut self, after: i64) -> Vec<Stands> {
        let since = "SELECT seq, channel, text || ' ' || buttons || ' ' || pictures AS words
                     FROM messages WHERE seq > $1 ORDER BY seq";
        sqlx::query_as(since).bind(after).fetch_all(&mut self.0).await.expect("readable")
    }

    /// Whether a button with this id stands under a message.
    pub async fn has_button(&mut self, id: &str) -> bool {
        let like = format!("%\"{id}%");
        let found = "SELECT count(*) FROM messages WHERE buttons LIKE $1 AND deleted = 0";
        let found: i64 =
            sqlx::query_scalar(found).bind(like).fetch_one(&mut self.0).await.expect("readable");
        found > 0
    }
}
