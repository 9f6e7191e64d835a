//! Where and when something is done on a network.

use jiff::Timestamp;

use crate::domain::ids::PracticeId;
use crate::domain::practice::Account;

/// Whose account something is done on, and when.
#[derive(Debug, Clone, Copy)]
pub struct On<'a> {
    /// Whose.
    pub practice: &'a PracticeId,
    /// Where.
    pub account: &'a Account,
    /// Now, for answers that name a wait.
    pub now: Timestamp,
}
