//! What a text is going to be.

use serde::{Deserialize, Serialize};

/// What a text is going to be; replies have rules of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Something the practice says of its own accord.
    #[default]
    Post,
    /// An answer to a review or a comment.
    Reply,
}
