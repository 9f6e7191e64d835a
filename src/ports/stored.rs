//! What the store answers, whatever it is asked.

use thiserror::Error;

/// Why the store did not do it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StoreError {
    /// Somebody else changed it first: load and decide again.
    #[error("changed by somebody else in the meantime")]
    Conflict,
    /// The database does not take writes, or can't be reached: the same again may do later.
    #[error("the database failed: {0}")]
    Failed(String),
    /// What is there can't be read, or what was asked can't be done: the same again fails again.
    #[error("the database failed: {0}")]
    Damaged(String),
}

/// What the store answers.
pub type Stored<T> = Result<T, StoreError>;
