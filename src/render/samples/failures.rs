//! Samples of what went wrong.

use super::{LONG_NAME, SIGN_IN, Sample, sample};
use crate::ports::notice::{FailureView, View};

/// When a message came.
const SINCE: &str = "Mon 23 Nov 2026, 09:05 America/Chicago";
/// Where it stands.
const LINK: &str = "https://northside.slack.com/archives/C024BE91L/p1764147900000100";

/// What is said of an account that is out.
const OUT: &str = "has to be connected again, and its posts wait: Invalid identifier or password";

/// What went wrong and is not mended.
pub fn failures() -> Vec<Sample> {
    let failure = |number: i64, account: &str, what: &str| {
        let number = Some(number).filter(|number| *number > 0);
        let (account, what) = (account.to_owned(), what.to_owned());
        FailureView { number, account, what }
    };
    let failures = |of, failures: &[FailureView], more: &str| {
        let (failures, more) = (failures.to_vec(), more.to_owned());
        sample(of, View::Failures { failures, more })
    };
    let missed = failure(41, "", "did not go out: its window closed first");
    let refused = failure(42, "Practice page", &format!("was {SIGN_IN}"));
    let held = "is held: an edit looked like patient information and was not kept";
    let parked = failure(44, LONG_NAME, "may be live; somebody has to look");
    vec![
        failures("none any more", &[], ""),
        failures("one", std::slice::from_ref(&missed), ""),
        failures("an account", &[failure(0, "Bluesky", OUT)], ""),
        failures("many", &[missed, refused, failure(43, "", held), parked], "and 3 more"),
    ]
}

/// Messages that are said to be about no patient.
pub fn appeals() -> Vec<Sample> {
    let appeal = |of, who: &str, link: &str| {
        let (who, link) = (who.to_owned(), link.to_owned());
        let channel = "ideas".to_owned();
        let since = SINCE.to_owned();
        sample(of, View::Appeal { who, channel, since, link })
    };
    vec![appeal("without an address", "Maya", ""), appeal("longest", LONG_NAME, LINK)]
}

/// Messages that may be sent again.
pub fn attested() -> Vec<Sample> {
    let attested = |of, who: &str| {
        let (who, channel) = (who.to_owned(), "ideas".to_owned());
        let since = SINCE.to_owned();
        sample(of, View::Attested { who, channel, since })
    };
    vec![attested("one", "Lena"), attested("longest", LONG_NAME)]
}

/// Messages that still stand there.
pub fn leftovers() -> Vec<Sample> {
    let leftover = |of, who: &str, link: &str| {
        let (who, link) = (who.to_owned(), link.to_owned());
        let channel = "ideas".to_owned();
        let since = SINCE.to_owned();
        sample(of, View::Leftover { who, channel, since, link })
    };
    vec![
        leftover("the author's own", "", ""),
        leftover("another's", "Maya", LINK),
        leftover("longest", LONG_NAME, LINK),
    ]
}
