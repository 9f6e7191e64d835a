//! What becomes of an envelope.

use super::envelope::{Ears, Envelope, Reply};

/// Has an envelope stored, and says what Slack is to be answered. Returns within 2.8 s.
pub async fn hear(ears: &Ears, envelope: Envelope) -> Reply {
    let _ = (ears, &envelope);
    tracing::warn!(slack.kind = ?envelope.kind, "Nothing that Slack brings is read yet");
    Reply::Not
}
