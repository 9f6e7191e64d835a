//! Samples of every view: none, one, many, longest. A designer reviews the words over them.

mod cards;
mod desks;
mod digests;
mod failures;
mod lists;
mod times;

use crate::ports::notice::{RestoredView, View};

pub use cards::{cards, drafts, wholes};
pub use desks::{at_desks, begun, offers, offers_done, silent};
pub use digests::{desk_digests, digests};
pub use failures::{appeals, attested, failures, leftovers};
pub use lists::{
    accounts, calendars, certificates, codes, consents, help, homes, queues, said, setups,
};
pub use times::{late, missed, no_fit, ruled_out, sign_again};

/// A view as it may come.
#[derive(Debug, Clone)]
pub struct Sample {
    /// What it is a sample of.
    pub of: &'static str,
    /// The view.
    pub view: View,
}

const SIGN_IN: &str = "refused: the account's sign-in is not accepted: a manager has to \
    connect it again";
const LONG_NAME: &str = "Dr. Wilhelmina Featherstonehaugh-Vijayaraghavan, Rheumatology";
/// Ideas noted.
pub fn ideas() -> Vec<Sample> {
    let idea = |of, from: &str| sample(of, View::Idea { from: from.into() });
    vec![idea("one", "Tomas"), idea("longest", LONG_NAME)]
}

/// The question to whoever sent pictures.
pub fn asks_of_patients() -> Vec<Sample> {
    let asks = |of, pictures: &str| sample(of, View::AskPatients { pictures: pictures.into() });
    vec![asks("one", "the picture"), asks("many", "the 3 pictures")]
}

/// Ideas that became a post or were set aside.
pub fn ideas_done() -> Vec<Sample> {
    vec![sample("none", View::IdeaDone { number: 0 }), sample("one", View::IdeaDone { number: 41 })]
}

/// Acts without effect.
pub fn refused() -> Vec<Sample> {
    let refused = |of, number, why: &str| {
        let why = why.to_owned();
        sample(of, View::Refused { number, why })
    };
    vec![
        refused("about no post", 0, "nothing is stopped"),
        refused("about a post", 41, "this is revision 1; revision 2 is the one to sign"),
    ]
}

/// Acts with an effect that the card does not show.
pub fn noted() -> Vec<Sample> {
    let what = "Your sign-off on post 41 is taken back, and the post is held.".to_owned();
    vec![sample("one", View::Noted { what })]
}

/// Messages that looked like patient information.
pub fn blocked() -> Vec<Sample> {
    let blocked = |of, kinds: &[&str], mend: &[&str], still_there| {
        let view = View::Blocked { kinds: owned(kinds), mend: owned(mend), still_there };
        sample(of, view)
    };
    vec![
        blocked("none", &[], &[], false),
        blocked(
            "one",
            &["a phone number, in the message"],
            &["leave the number out, or use the practice's own"],
            true,
        ),
        blocked(
            "many",
            &[
                "a person's name beside a diagnosis, in the message",
                "a date of birth, in the alt text of the first picture",
                "a record number, in the name of a file",
            ],
            &[
                "speak of \u{201c}a patient\u{201d}, or of nobody at all",
                "leave out dates, ages over 89 and places smaller than a state",
                "give the file another name, and send all of it again",
            ],
            true,
        ),
    ]
}

/// Messages that were one too many.
pub fn too_many() -> Vec<Sample> {
    vec![sample("one", View::TooMany { most: 20 })]
}

/// Messages that could not be looked at.
pub fn unscreened() -> Vec<Sample> {
    vec![sample("one", View::Unscreened)]
}

/// What could not be stored.
pub fn not_recorded() -> Vec<Sample> {
    vec![sample("one", View::NotRecorded)]
}

/// Cards that can't be shown.
pub fn unshown() -> Vec<Sample> {
    let view = |why: &str, again| View::Unshown { number: 41, why: why.to_owned(), again };
    let pictures = "its pictures can't be brought to Slack: Slack refuses it: missing_scope";
    vec![
        sample("for now", view(pictures, true)),
        sample("for good", view("channel_not_found", false)),
    ]
}

/// Countersign was brought into a channel.
pub fn welcomes() -> Vec<Sample> {
    let whose = || "Northside Family Practice".to_owned();
    let welcome =
        |ideas, approvals| View::Welcome { whose: whose(), desk: false, ideas, approvals };
    let desk = View::Welcome {
        whose: "Brightline".to_owned(),
        desk: true,
        ideas: false,
        approvals: false,
    };
    vec![
        sample("for ideas", welcome(true, false)),
        sample("for approvals", welcome(false, true)),
        sample("for both", welcome(true, true)),
        sample("for the digest", welcome(false, false)),
        sample("a desk", desk),
    ]
}

/// Channels of nobody.
pub fn unbound() -> Vec<Sample> {
    let channel = "slack:T012AB3CD/C045EF6GH".to_owned();
    let founder = "Whoever installed the app in this workspace".to_owned();
    vec![sample("one", View::Unbound { channel, founder })]
}

/// Ends of publications.
pub fn outcomes() -> Vec<Sample> {
    let outcome = |of, what: &str, url: &str, head: &str| {
        let view = View::Outcome {
            number: 41,
            account: "Practice page".to_owned(),
            what: what.to_owned(),
            url: url.to_owned(),
            head: head.to_owned(),
        };
        sample(of, view)
    };
    vec![
        outcome("published", "is live.", "http://127.0.0.1:7421/practice-page#41", "#128 1f3a9c07"),
        outcome("refused", &format!("was {SIGN_IN}."), "", ""),
    ]
}

/// Databases that were put back from a copy.
pub fn restored() -> Vec<Sample> {
    let restored = |of, missing: &str, held: &str| {
        let view = View::Restored(RestoredView {
            copied: "Tue 24 Nov 2026, 02:00 America/Chicago".to_owned(),
            last: "#128 1f3a9c07".to_owned(),
            missing: missing.to_owned(),
            held: held.to_owned(),
        });
        sample(of, view)
    };
    vec![
        restored("none", "what was entered after it", ""),
        restored("many", "entries #129 to #140 of the former run", "posts 41, 42 and 47"),
    ]
}

/// Publications that nobody can find out about.
pub fn ask_live() -> Vec<Sample> {
    let ask = |of, account: &str| {
        let account = account.to_owned();
        sample(of, View::AskLive { number: 41, account })
    };
    vec![ask("one", "Practice page"), ask("longest", LONG_NAME)]
}

/// Declines without a reason yet.
pub fn ask_reason() -> Vec<Sample> {
    let ask = |of, who: &str| {
        let who = who.to_owned();
        sample(of, View::AskReason { number: 41, who })
    };
    vec![ask("one", "Dr. Rao"), ask("longest", LONG_NAME)]
}

/// Stops and releases.
pub fn stops() -> Vec<Sample> {
    let stop = |of, who: &str, stopped, in_flight: &[&str]| {
        let view = View::Stop { who: who.to_owned(), stopped, in_flight: owned(in_flight) };
        sample(of, view)
    };
    vec![
        stop("none leaving", "Dr. Rao", true, &[]),
        stop("one leaving", "Maya", true, &["post 41 is leaving and can't be called back"]),
        stop(
            "many leaving",
            "Maya",
            true,
            &[
                "post 41 is leaving and can't be called back",
                "post 42 is leaving and can't be called back",
            ],
        ),
        stop("released", "Lena", false, &[]),
    ]
}

/// Stops and releases by whoever runs Countersign.
pub fn stops_for_all() -> Vec<Sample> {
    let stop = |of, stopped, still, in_flight: &[&str]| {
        sample(of, View::StopAll { stopped, still, in_flight: owned(in_flight) })
    };
    vec![
        stop("none leaving", true, false, &[]),
        stop("one leaving", true, false, &["post 41 is leaving and can't be called back"]),
        stop("released", false, false, &[]),
        stop("released, stopped by the practice", false, true, &[]),
    ]
}

/// Changes of the practice.
pub fn changes() -> Vec<Sample> {
    let change = |of, lines: &[&str], from: &str| {
        let (who, from) = ("Lena".to_owned(), from.to_owned());
        sample(of, View::Changed { who, lines: owned(lines), from })
    };
    let later = "Tue 24 Nov 2026, 09:00 America/Chicago";
    vec![
        change("one", &["Dr. Diaz left"], ""),
        change(
            "many, and one of them later",
            &["every post needs 1 of its approvers", "Dr. Singh joined as approver"],
            later,
        ),
        change("longest", &[&format!("{LONG_NAME} joined as approver")], later),
    ]
}

/// Posts that nobody can sign any more.
pub fn stuck() -> Vec<Sample> {
    let why = "nobody can sign this any more: it needs 2 and only Dr. Rao could".to_owned();
    vec![sample("one", View::Stuck { number: 41, why })]
}

fn sample(of: &'static str, view: View) -> Sample {
    Sample { of, view }
}

fn owned(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|&line| line.to_owned()).collect()
}
