//! Samples of cards and drafts.

use super::{LONG_NAME, SIGN_IN, Sample, sample};
use crate::ports::notice::{CardView, ChangeView, PartView, PictureView, View};

const FLU: &str = "Flu shots this Saturday, 9 to 12, no appointment needed.";
const DIABETES: &str = "Small steps count. In a study of 4,500 adults, a ten-minute walk after \
    meals lowered blood sugar.\n\n1. After breakfast\n2. After lunch\n3. After supper\n\n\
    Ask your care team what is right for *you*. #diabetes";
/// Text full of what platforms give a meaning to; it must read as typed.
const HOSTILE: &str = "# Big *news* @everyone <@U1> <!channel> :tada:\n\n    \
    [Win](https://example.com) <b>now</b> `code` \u{202e}gnp.exe\n---\n> www.example.com ~~no~~";

/// Cards for sign-off.
pub fn cards() -> Vec<Sample> {
    let many = CardView {
        pictures: vec![
            picture("A nurse hands a bandage to a laughing child."),
            picture("A map: the side door is on Oak Street."),
        ],
        audience: "colleagues".to_owned(),
        source: "https://pubmed.ncbi.nlm.nih.gov/12345678/".to_owned(),
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
        slot: String::new(),
        signable: false,
        sign_offs: vec!["Signed by Dr. Rao, Mon 23 Nov 2026, 09:12 America/Chicago".to_owned()],
        ..card(FLU)
    };
    let held = CardView {
        sample: true,
        standing: "signed off".to_owned(),
        blocked: "held by Ana".to_owned(),
        sign_offs: vec![
            "Signed by Dr. Rao, Mon 23 Nov 2026, 09:12 America/Chicago".to_owned(),
            "Signed by Dr. Kim, Mon 23 Nov 2026, 09:40 America/Chicago, found after Countersign was \
             away"
                .to_owned(),
        ],
        ..card(FLU)
    };
    vec![
        sample("one", View::Card(card(FLU))),
        sample("many", View::Card(many)),
        sample("held, of a sample practice", View::Card(held)),
        sample("published", View::Card(published())),
        sample("amended", View::Card(amended())),
        sample("replaced", View::Card(replaced)),
        sample("hostile", View::Card(CardView { source: HOSTILE.to_owned(), ..card(HOSTILE) })),
        sample("longest", View::Card(longest())),
        sample("cut", View::Card(CardView { cut: true, ..card("Small steps count. In a …") })),
    ]
}

fn amended() -> CardView {
    CardView {
        changes: vec![
            ChangeView {
                what: "Practice page".to_owned(),
                was: "Flu shots this Friday, 9 to …".to_owned(),
                is: "Flu shots this Saturday, 9 to …".to_owned(),
            },
            ChangeView {
                what: "Alt text of picture 1".to_owned(),
                was: String::new(),
                is: "the same words, with other blanks or line ends".to_owned(),
            },
        ],
        ..card(FLU)
    }
}

/// Cards whose texts stand in their threads.
pub fn wholes() -> Vec<Sample> {
    let whole = |of, card: CardView| {
        let CardView { number, revision, parts, pictures, .. } = card;
        sample(of, View::Whole { number, revision, parts, pictures })
    };
    vec![whole("one", card(FLU)), whole("longest", longest())]
}

/// Drafts before they are sent for signature.
pub fn drafts() -> Vec<Sample> {
    let none = CardView {
        revision: 0,
        hash: String::new(),
        slot: String::new(),
        window: String::new(),
        standing: String::new(),
        parts: vec![part("Practice page", "")],
        pictures: vec![picture("")],
        ..card("")
    };
    let one = CardView {
        revision: 0,
        hash: String::new(),
        sample: true,
        window: String::new(),
        standing: String::new(),
        findings: vec!["\u{201c}no appointment\u{201d}: is that so for new patients?".to_owned()],
        ..card(FLU)
    };
    let not_so = CardView {
        blocking: vec!["this pays for referrals: leave the offer out".to_owned()],
        ..one.clone()
    };
    let held = CardView {
        blocked: "held: an edit looked like patient information and was not kept".to_owned(),
        ..one.clone()
    };
    let long = CardView { standing: String::new(), sign_offs: Vec::new(), ..longest() };
    let sent = CardView { standing: "in review".to_owned(), ..one.clone() };
    vec![
        sample("sent for signature", View::Draft(sent)),
        sample("none", View::Draft(none)),
        sample("one", View::Draft(one)),
        sample("not to be sent", View::Draft(not_so)),
        sample("held", View::Draft(held)),
        sample("longest", View::Draft(long)),
    ]
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
        at: 1_795_532_400,
        window: "Mon 23 Nov 2026, 09:05 to Wed 25 Nov 2026, 09:00 America/Chicago".to_owned(),
        audience: "patients".to_owned(),
        source: String::new(),
        blocking: Vec::new(),
        findings: Vec::new(),
        standing: "needs 1 of: Dr. Rao, Dr. Kim".to_owned(),
        sign_offs: Vec::new(),
        blocked: String::new(),
        replaced_by: 0,
        changes: Vec::new(),
        signable: true,
        cut: false,
    }
}

fn published() -> CardView {
    let out = PartView {
        outcome: "Is live".to_owned(),
        url: "http://127.0.0.1:7421/practice-page#41".to_owned(),
        ..part("Practice page", FLU)
    };
    let failed = PartView { outcome: format!("Was {SIGN_IN}"), ..part("Dr. Rao", FLU) };
    CardView {
        parts: vec![out, failed],
        standing: "published in part".to_owned(),
        slot: String::new(),
        signable: false,
        sign_offs: vec!["Signed by Dr. Kim, Mon 23 Nov 2026, 09:12 America/Chicago".to_owned()],
        ..card(FLU)
    }
}

fn longest() -> CardView {
    let text = "Wash hands. ".repeat(41) + "Rest 8 h";
    let long = PartView {
        cut: "readers see the first 280 characters, then \"more\"".to_owned(),
        ..part(LONG_NAME, &text)
    };
    CardView {
        number: 123_456,
        revision: 99,
        sample: true,
        author: LONG_NAME.to_owned(),
        parts: vec![long.clone(), long],
        pictures: vec![picture(&"A poster with five steps. ".repeat(38)); 4],
        source: format!("https://example.org/{}", "hygiene/".repeat(30)),
        findings: vec!["\u{201c}Wash hands\u{201d} is said often: is it needed?".to_owned(); 5],
        standing: format!("needs 3 of: {LONG_NAME}, Dr. Rao, Dr. Kim, Dr. Diaz"),
        sign_offs: vec![
            format!("Signed by {LONG_NAME}, Mon 23 Nov 2026, 09:12 America/Chicago"),
            "Signed by Dr. Rao, Mon 23 Nov 2026, 10:12 America/Chicago, own words".to_owned(),
        ],
        blocked: "stopped: nothing leaves until it is released".to_owned(),
        ..card(FLU)
    }
}
