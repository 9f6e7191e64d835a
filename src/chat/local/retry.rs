//! A person's own key for a message, so that a retry says nothing twice: the key is the message's
//! number for ever, and the number is the event's id, which the inbox stores once.

use super::world::{World, Writing};

/// The key in one form, however it was written; `None` when it is no UUID and so could hold words.
pub(super) fn key(written: &str) -> Option<String> {
    uuid::Uuid::try_parse(written).ok().map(|key| key.to_string())
}

/// The number of the message that this key is, now and on every retry.
pub(super) async fn keyed(writing: &mut Writing, person: &str, key: &str) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "INSERT INTO said (person, key, message) VALUES ($1, $2, $3)
         ON CONFLICT (person, key) DO UPDATE SET message = message RETURNING message",
    )
    .bind(person)
    .bind(key)
    .bind(writing.number)
    .fetch_one(&mut *writing.tx)
    .await
}

impl World {
    /// The message that this key of the person's is, if it was used before.
    pub(super) async fn said_before(
        &self,
        person: &str,
        key: Option<&str>,
    ) -> sqlx::Result<Option<i64>> {
        sqlx::query_scalar("SELECT message FROM said WHERE person = $1 AND key = $2")
            .bind(person)
            .bind(key)
            .fetch_optional(self.reader())
            .await
    }
}
