//! What it means for a notice, and for a look, that a call was not done. Pure.

use super::api::Failed;
use crate::ports::chat::{Shown, Unreachable};

/// What somebody can mend, or what passes: it is tried again.
const PASSES: [u64; 9] = [401, 403, 10_004, 20_028, 40_333, 50_001, 50_013, 50_083, 90_001];

/// What came of a notice whose message was not answered for.
pub fn shown(failed: &Failed) -> Shown {
    match failed {
        Failed::Refused(code) if PASSES.contains(code) => {
            tracing::warn!(discord.code = code, "Discord lets no notice through now: {failed}");
            Shown::TryLater(failed.to_string())
        }
        Failed::Refused(_) => Shown::Refused(failed.to_string()),
        Failed::Limited(_) | Failed::Old(..) | Failed::Away(_) => {
            Shown::TryLater(failed.to_string())
        }
        Failed::Unknown(_) => Shown::Unknown,
    }
}

/// What came of a notice when this, before its message, was not done: it is surely not there.
pub fn not_yet(what: &str, failed: &Failed) -> Shown {
    tracing::warn!(discord.error = %failed, "A notice waits for something of Discord's: {failed}");
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
        let refused = |why: &str| Shown::Refused(format!("Discord refuses it: {why}"));
        let table = [
            (Failed::Refused(10_003), refused("the channel is not there (10003)")),
            (Failed::Refused(50_035), refused("50035")),
            (
                Failed::Refused(50_013),
                later("Discord refuses it: the app lacks a permission in the channel (50013)"),
            ),
            (Failed::Limited(Duration::from_millis(6500)), later("Discord wants no call for 7 s")),
            (Failed::Away("gone".to_owned()), later("Discord can't be reached: gone")),
            (Failed::Unknown("no answer".to_owned()), Shown::Unknown),
        ];

        for (failed, expected) in table {
            assert_eq!(shown(&failed), expected, "{failed:?}");
        }
    }
}
