//! How many must sign, and who.

use serde::{Deserialize, Serialize};

use super::ids::MemberId;

pub use super::standing::Standing;

/// How many must sign, and who.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// How many different people.
    pub needed: usize,
    /// Of these; all approvers of the practice when empty.
    pub of: Vec<MemberId>,
}
