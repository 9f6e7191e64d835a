//! What it means for a notice, and for a look, that a call was not done. Pure.

use super::api::Failed;
use crate::ports::chat::{Shown, Unreachable};

/// What somebody can mend, or what passes: it is tried again.
const PASSES: &[&str] = &[
    "access_denied",
    "accesslimited",
    "account_inactive",
    "enterprise_is_restricted",
    "invalid_auth",
    "missing_scope",
    "no_permission",
    "not_allowed_token_type",
    "not_authed",
    "not_in_channel",
    "org_login_required",
    "restricted_action",
    "restricted_action_read_only_channel",
    "restricted_action_non_threadable_channel",
    "restricted_action_thread_only_channel",
    "team_access_not_granted",
    "team_added_to_org",
    "token_expired",
    "token_revoked",
    "two_factor_setup_required",
];

/// What came of a notice whose message was not answered for.
pub fn shown(failed: Failed) -> Shown {
    match failed {
        Failed::Refused(code) if PASSES.contains(&code.as_str()) => {
            tracing::warn!(slack.error = code, "Slack does not let a notice through now: {code}");
            Shown::TryLater(Failed::Refused(code).to_string())
        }
        Failed::Refused(code) => Shown::Refused(code),
        Failed::Limited(_) | Failed::Away(_) | Failed::NotInstalled => {
            Shown::TryLater(failed.to_string())
        }
        Failed::Unknown(_) => Shown::Unknown,
    }
}

/// What came of a notice when this, before its message, was not done: it is surely not there.
pub fn not_yet(what: &str, failed: &Failed) -> Shown {
    tracing::warn!(slack.error = %failed, "A notice waits for something of Slack's: {failed}");
    Shown::TryLater(format!("{what}: {failed}"))
}

/// A look that showed nothing.
pub fn unreachable(failed: &Failed) -> Unreachable {
    Unreachable(failed.to_string())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_notice_is_tried_again_only_where_it_surely_is_not_there() {
        let later = |why: &str| Shown::TryLater(why.to_owned());
        let refused = |code: &str| Failed::Refused(code.to_owned());
        let table = [
            (refused("channel_not_found"), Shown::Refused("channel_not_found".to_owned())),
            (refused("message_not_found"), Shown::Refused("message_not_found".to_owned())),
            (refused("not_in_channel"), later("Slack refuses it: not_in_channel")),
            (refused("missing_scope"), later("Slack refuses it: missing_scope")),
            (Failed::Limited(Duration::from_secs(7)), later("Slack wants no call for 7 s")),
            (Failed::Away("gone".to_owned()), later("Slack can't be reached: gone")),
            (Failed::NotInstalled, later("the app is not installed in that workspace")),
            (Failed::Unknown("no answer".to_owned()), Shown::Unknown),
        ];

        for (failed, expected) in table {
            assert_eq!(shown(failed.clone()), expected, "{failed:?}");
        }
    }
}
