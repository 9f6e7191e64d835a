//! Samples of what is shown at desks, and of what comes from there.

use super::{LONG_NAME, Sample, owned, sample};
use crate::ports::notice::{FailureView, View};

/// A practice's views in its name.
pub fn at_desks() -> Vec<Sample> {
    let at_desk = |of, shows| {
        let practice = "northside".to_owned();
        sample(of, View::AtDesk { practice, shows: Box::new(shows) })
    };
    let refused = |number| View::Refused { number, why: "nobody holds this post".to_owned() };
    let lines = owned(&["41 in review: Flu shots this Saturday, 9 to 12"]);
    let failures = |numbers: &[i64]| {
        let what = "did not go out: its window closed first";
        let failure = |number: &i64| FailureView {
            number: *number,
            account: String::new(),
            what: what.to_owned(),
        };
        let failures = numbers.iter().map(failure).collect();
        View::Failures { failures, more: String::new() }
    };
    vec![
        at_desk("about a post", refused(41)),
        at_desk("about no post", refused(0)),
        at_desk("a queue", View::Queue { lines, stopped: String::new() }),
        at_desk("what went wrong", failures(&[41, 43])),
        at_desk("nothing wrong any more", failures(&[])),
    ]
}

/// Desks where nothing may be shown.
pub fn silent() -> Vec<Sample> {
    vec![sample("one", View::Silent)]
}

/// Drafts of a desk's message.
pub fn begun() -> Vec<Sample> {
    vec![sample("one", View::Begun { number: 41 })]
}

/// Changes that are offered.
pub fn offers() -> Vec<Sample> {
    let offer = |of, who: &str, was: &str, differs| {
        let (who, was) = (who.to_owned(), was.to_owned());
        let becomes = "Flu shots this Sunday.\n\nWalk in.".to_owned();
        sample(of, View::Offer { number: 41, who, was, becomes, differs })
    };
    vec![
        offer("one", "Maya", "Flu shots this Saturday.\n\nWalk in.", false),
        offer("changed by the practice", LONG_NAME, "Flu shots on Saturday, for all.", true),
    ]
}

/// Offers that were decided.
pub fn offers_done() -> Vec<Sample> {
    let done = |of, who: &str, taken| {
        sample(of, View::OfferDone { number: 41, who: who.to_owned(), taken })
    };
    vec![done("taken", "Tomas", true), done("kept", "Dr. Rao", false)]
}
