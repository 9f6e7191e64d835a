//! What is done to the database itself, whatever is in it.

use super::{Sql, retain};
use crate::ports::store::Stored;

impl Sql {
    /// What is damaged in the file, in the engine's words; nothing when it is whole. A server
    /// looks after its own files.
    pub async fn quick_check(&self) -> Stored<Vec<String>> {
        self.db.quick_check().await
    }

    /// Brings everything into the database's file, empties the log beside it, and gives free pages
    /// back: what was taken out is then in neither. Returns whether it was; others that read all
    /// the time can keep it from being so. A server does so by itself, when it vacuums.
    pub async fn leave_nothing(&self) -> Stored<bool> {
        retain::leave_nothing(&self.db).await
    }

    /// Limits the file to so many pages, or lifts the limit: a full disk, for tests.
    pub async fn limit_pages(&self, most: Option<u32>) -> Stored<()> {
        self.db.limit(most).await
    }
}
