//! Samples of what is shown at desks, and of what comes from there.

use super::{LONG_NAME, Sample, owned, sample};
use crate::ports::notice::{ChangeView, FailureView, View};

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
            number: Some(*number),
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
    let change = |what: &str, was: &str, is: &str| ChangeView {
        what: what.to_owned(),
        was: was.to_owned(),
        is: is.to_owned(),
    };
    let offer = |of, who: &str, changes: &[ChangeView], differs| {
        let words = changes.iter().any(|change| change.what == "Text");
        let becomes = if words { "Flu shots this Sunday.\n\nWalk in." } else { "" };
        let (who, changes, becomes) = (who.to_owned(), changes.to_vec(), becomes.to_owned());
        sample(of, View::Offer { number: 41, who, changes, becomes, differs })
    };
    let text = change("Text", "Flu shots this Saturday. Walk …", "Flu shots this Sunday. Walk …");
    let alt = change("Alt text of picture 1", "A green door", "Our new green door");
    let pictures = change("Pictures", "A green door", "A green door; one without alt text");
    vec![
        offer("one", "Maya", std::slice::from_ref(&text), false),
        offer("an alt text", "Maya", std::slice::from_ref(&alt), false),
        offer("many, changed by the practice", LONG_NAME, &[text, alt, pictures], true),
    ]
}

/// Offers that were decided.
pub fn offers_done() -> Vec<Sample> {
    let done = |of, who: &str, taken| {
        sample(of, View::OfferDone { number: 41, who: who.to_owned(), taken })
    };
    vec![done("taken", "Tomas", true), done("kept", "Dr. Rao", false)]
}
