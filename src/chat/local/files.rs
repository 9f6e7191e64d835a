//! Files that people upload: bytes without a name, until a message that uses them passed the gate.

use super::messages::Attached;
use super::world::World;

/// Longest file, in bytes.
pub const LONGEST: usize = 10 * 1024 * 1024;
/// An upload that no message used is wiped after a day.
const UNUSED_MICROS: i64 = 24 * 60 * 60 * 1_000_000;

/// Bytes, with what they are.
#[derive(Clone, PartialEq, Eq)]
pub struct Bytes {
    /// `image/jpeg`, say.
    pub media_type: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// What picture the bytes are, by how they begin.
pub(super) fn sniff(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

impl World {
    /// Keeps the bytes for a message to come; the number of the file.
    pub(super) async fn upload(&self, media_type: &str, bytes: &[u8]) -> sqlx::Result<i64> {
        let now = self.now().as_microsecond();
        let mut writing = self.begin().await?;
        let number = writing.number;
        sqlx::query("DELETE FROM files WHERE message IS NULL AND at < $1")
            .bind(now.saturating_sub(UNUSED_MICROS))
            .execute(&mut *writing.tx)
            .await?;
        sqlx::query("INSERT INTO files (number, media_type, at, bytes) VALUES ($1, $2, $3, $4)")
            .bind(number)
            .bind(media_type)
            .bind(now)
            .bind(bytes)
            .execute(&mut *writing.tx)
            .await?;
        writing.commit().await?;
        Ok(number)
    }

    /// The bytes of a file.
    pub(super) async fn file(&self, number: i64) -> sqlx::Result<Option<Bytes>> {
        let row: Option<(String, Vec<u8>)> =
            sqlx::query_as("SELECT media_type, bytes FROM files WHERE number = $1")
                .bind(number)
                .fetch_optional(self.reader())
                .await?;
        Ok(row.map(|(media_type, bytes)| Bytes { media_type, bytes }))
    }

    /// The files of a message, in order.
    pub(super) async fn files_of(&self, message: i64) -> sqlx::Result<Vec<Attached>> {
        let rows: Vec<(i64, String, String)> =
            sqlx::query_as("SELECT number, name, alt FROM files WHERE message = $1 ORDER BY place")
                .bind(message)
                .fetch_all(self.reader())
                .await?;
        let file = |(number, name, alt)| Attached { number, name, alt };
        Ok(rows.into_iter().map(file).collect())
    }

    /// May this message use the file: it is there, and no other message has it.
    pub(super) async fn is_free(&self, file: i64, message: Option<i64>) -> sqlx::Result<bool> {
        let free: Option<i64> = sqlx::query_scalar(
            "SELECT number FROM files WHERE number = $1 AND (message IS NULL OR message = $2)",
        )
        .bind(file)
        .bind(message)
        .fetch_optional(self.reader())
        .await?;
        Ok(free.is_some())
    }

    /// Wipes uploads whose message was not kept.
    pub(super) async fn forget(&self, files: &[Attached]) -> sqlx::Result<()> {
        if files.is_empty() {
            return Ok(());
        }
        let mut writing = self.begin().await?;
        for file in files {
            sqlx::query("DELETE FROM files WHERE number = $1 AND message IS NULL")
                .bind(file.number)
                .execute(&mut *writing.tx)
                .await?;
        }
        writing.commit().await?;
        self.wipe().await
    }
}
