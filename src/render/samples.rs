//! Samples of every view: none, one, many, longest. A designer reviews the words over them.

use crate::ports::notice::{CardView, PartView, PictureView, View};

/// A view as it may come.
#[derive(Debug, Clone)]
pub struct Sample {
    /// What it is a sample of.
    pub of: &'static str,
    /// The view.
    pub view: View,
}

const LONG_NAME: &str = "Dr. Wilhelmina Featherstonehaugh-Vijayaraghavan, Rheumatology";
const FLU: &str = "Flu shots this Saturday, 9 to 12, no appointment needed.";
const DIABETES: &str = "Small steps count. In a study of 4,500 adults, a ten-minute walk after \
    meals lowered blood sugar.\n\n1. After breakfast\n2. After lunch\n3. After supper\n\n\
    Ask your care team what is right for *you*. #diabetes";

/// Cards for sign-off.
pub fn cards() -> Vec<Sample> {
    let many = CardView {
        pictures: vec![
            picture("A nurse hands a bandage to a laughing child."),
            picture("A map: the side door is on Oak Street."),
        ],
        findings: vec![
            "\u{201c}lowered blood sugar\u{201d} is a claim of effect: name the study.".to_owned(),
            "4,500 is a figure: is it in the source?".to_owned(),
        ],
        standing: "1 of 2 signed, needs 1 of: Dr. Kim, Dr. Diaz".to_owned(),
        sign_offs: vec!["Signed by Dr. Rao, Mon 23 Nov 2026, 09:12 America/Chicago".to_owned()],
        parts: vec![part("Practice page", DIABETES), part("Dr. Rao", DIABETES)],
        ..card(FLU)
    };
    let replaced = CardView {
        revision: 1,
        replaced_by: 2,
        sign_offs: vec!["Signed by Dr. Rao, Mon 23 Nov 2026, 09:12 America/Chicago".to_owned()],
        ..card(FLU)
    };
    let held = CardView {
        sample: true,
        standing: "signed off".to_owned(),
        blocked: "held by Ana".to_owned(),
        sign_offs: vec![
            "Signed by Dr. Rao, Mon 23 Nov 2026, 09:12 America/Chicago".to_owned(),
            "Signed by Dr. Kim, Mon 23 Nov 2026, 09:40 America/Chicago (found later)".to_owned(),
        ],
        ..card(FLU)
    };
    vec![
        sample("one", View::Card(card(FLU))),
        sample("many", View::Card(many)),
        sample("held, of a sample practice", View::Card(held)),
        sample("published", View::Card(published())),
        sample("replaced", View::Card(replaced)),
        sample("hostile", View::Card(card(HOSTILE))),
        sample("longest", View::Card(longest())),
    ]
}

/// Drafts before they are sent for signature.
pub fn drafts() -> Vec<Sample> {
    let none = CardView {
        revision: 0,
        hash: String::new(),
        slot: String::new(),
        window: String::new(),
        parts: vec![part("Practice page", "")],
        pictures: vec![picture("")],
        ..card("")
    };
    let one = CardView {
        revision: 0,
        hash: String::new(),
        sample: true,
        window: String::new(),
        findings: vec!["\u{201c}no appointment\u{201d}: is that so for new patients?".to_owned()],
        ..card(FLU)
    };
    let held = CardView {
        blocked: "held, because an edit looked like patient information".to_owned(),
        ..one.clone()
    };
    vec![
        sample("none", View::Draft(none)),
        sample("one", View::Draft(one)),
        sample("held", View::Draft(held)),
        sample("longest", View::Draft(longest())),
    ]
}

/// Ideas noted.
pub fn ideas() -> Vec<Sample> {
    let idea = |of, from: &str| sample(of, View::Idea { from: from.into() });
    vec![idea("one", "Tomas"), idea("longest", LONG_NAME)]
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

/// Messages that could not be looked at.
pub fn unscreened() -> Vec<Sample> {
    vec![sample("one", View::Unscreened)]
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
        outcome(
            "published",
            "published Tue 24 Nov 2026, 09:00 America/Chicago, exactly as signed.",
            "http://127.0.0.1:7421/practice-page#41",
            "#128 1f3a9c07",
        ),
        outcome(
            "refused",
            "refused, and nothing went out: the account's sign-in is not accepted any more.",
            "",
            "",
        ),
    ]
}

/// Posts that missed their window.
pub fn missed() -> Vec<Sample> {
    vec![sample("one", View::Missed { number: 41 })]
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
        stop("one leaving", "Maya", true, &["post 41 on Practice page"]),
        stop("many leaving", "Maya", true, &["post 41 on Practice page", "post 42 on Dr. Rao"]),
        stop("released", "Lena", false, &[]),
    ]
}

/// Posts on the way.
pub fn queues() -> Vec<Sample> {
    let queue = |of, lines: &[&str]| {
        let lines = owned(lines);
        sample(of, View::Queue { lines })
    };
    let one = "41 · Tue 24 Nov 2026, 09:00 America/Chicago · needs 1 of: Dr. Rao, Dr. Kim";
    vec![
        queue("none", &[]),
        queue("one", &[one]),
        queue(
            "many",
            &[
                one,
                "42 · Wed 25 Nov 2026, 17:30 America/Chicago · signed off",
                "43 · draft by Maya",
            ],
        ),
    ]
}

/// What can be asked.
pub fn help() -> Vec<Sample> {
    let lines = owned(&[
        "/post new <text>: begin a draft",
        "/post queue: what is on the way",
        "/post hold <n>: keep a post from leaving",
        "/post stop: stop everything for this practice",
    ]);
    vec![sample("many", View::Help { lines })]
}

/// Text full of what platforms give a meaning to; it must read as typed.
const HOSTILE: &str = "# Big *news* @everyone <@U1> <!channel> :tada:\n\n    \
    [Win](https://example.com) <b>now</b> `code` \u{202e}gnp.exe\n---\n> www.example.com ~~no~~";

fn sample(of: &'static str, view: View) -> Sample {
    Sample { of, view }
}

fn owned(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|&line| line.to_owned()).collect()
}

fn part(account: &str, text: &str) -> PartView {
    PartView {
        account: account.to_owned(),
        text: text.to_owned(),
        count: format!("{} of 500 characters", text.chars().count()),
        cut: String::new(),
        outcome: String::new(),
        url: String::new(),
    }
}

fn picture(alt: &str) -> PictureView {
    PictureView { sha256: "5e".repeat(32), alt: alt.to_owned() }
}

fn card(text: &str) -> CardView {
    CardView {
        number: 41,
        revision: 2,
        hash: "9f86d081".to_owned(),
        sample: false,
        author: "Maya".to_owned(),
        parts: vec![part("Practice page", text)],
        pictures: Vec::new(),
        slot: "Tue 24 Nov 2026, 09:00 America/Chicago".to_owned(),
        window: "Mon 23 Nov 2026, 09:05 to Wed 25 Nov 2026, 09:00 America/Chicago".to_owned(),
        findings: Vec::new(),
        standing: "needs 1 of: Dr. Rao, Dr. Kim".to_owned(),
        sign_offs: Vec::new(),
        blocked: String::new(),
        replaced_by: 0,
    }
}

fn published() -> CardView {
    let out = PartView {
        outcome: "Published Tue 24 Nov 2026, 09:00 America/Chicago".to_owned(),
        url: "http://127.0.0.1:7421/practice-page#41".to_owned(),
        ..part("Practice page", FLU)
    };
    let failed = PartView {
        outcome: "Refused: the account's sign-in is not accepted any more".to_owned(),
        ..part("Dr. Rao", FLU)
    };
    CardView {
        parts: vec![out, failed],
        standing: "part published".to_owned(),
        sign_offs: vec!["Signed by Dr. Kim, Mon 23 Nov 2026, 09:12 America/Chicago".to_owned()],
        ..card(FLU)
    }
}

fn longest() -> CardView {
    let text = "Wash hands. ".repeat(41) + "Rest 8 h";
    let long = PartView {
        cut: "Readers see \u{201c}more\u{201d} after 280 characters, at \u{201c}\u{2026}Wash \
              hands. Wash\u{201d}."
            .to_owned(),
        ..part(LONG_NAME, &text)
    };
    CardView {
        number: 123_456,
        revision: 99,
        sample: true,
        author: LONG_NAME.to_owned(),
        parts: vec![long.clone(), long],
        pictures: vec![picture(&"A poster with five steps. ".repeat(38)); 4],
        findings: vec!["\u{201c}Wash hands\u{201d} is said often: is it needed?".to_owned(); 5],
        standing: format!("needs 3 of: {LONG_NAME}, Dr. Rao, Dr. Kim, Dr. Diaz"),
        sign_offs: vec![
            format!("Signed by {LONG_NAME}, Mon 23 Nov 2026, 09:12 America/Chicago"),
            "Signed by Dr. Rao, Mon 23 Nov 2026, 10:12 America/Chicago, own words".to_owned(),
        ],
        blocked: "everything is stopped for this practice by Lena".to_owned(),
        ..card(FLU)
    }
}
