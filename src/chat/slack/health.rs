//! Whether Slack can be heard, and why not.

/// How it stands with Slack; watched by the face and by `/healthz`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// What people do there comes in.
    Up,
    /// Nothing comes in; why, in words for the operator.
    Away(String),
}
