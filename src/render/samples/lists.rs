//! Samples of lists and of what is looked up.

use super::{Sample, owned, sample};
use crate::ports::notice::{
    AccountView, AccountsView, CodeView, ConsentView, Group, LinkedLine, SaidView, View,
};

const ZONE: &str = "America/Chicago";

/// Posts on the way.
pub fn queues() -> Vec<Sample> {
    let queue = |of, lines: &[&str]| {
        let lines = owned(lines);
        sample(of, View::Queue { lines, stopped: String::new() })
    };
    let stopped = "Everything is stopped by whoever runs Countersign.".to_owned();
    let one =
        "41 in review, Tue 24 Nov 2026, 09:00 America/Chicago: Flu shots this Saturday, 9 to 12";
    vec![
        queue("none", &[]),
        queue("one", &[one]),
        sample("stopped", View::Queue { lines: owned(&[one]), stopped }),
        queue(
            "many",
            &[
                one,
                "42 signed off, held, Wed 25 Nov 2026, 17:30 America/Chicago: Small steps count.",
                "43 draft: A walk after lunch",
            ],
        ),
    ]
}

/// Consents to be seen in pictures.
pub fn consents() -> Vec<Sample> {
    let consent = |code: &str, revoked: &str| ConsentView {
        code: code.to_owned(),
        terms: "for before and after; everywhere; until 2027-11-30".to_owned(),
        revoked: revoked.to_owned(),
    };
    let view = |of, consents, one, more: &str| {
        let (live, waiting, more) = (Vec::new(), Vec::new(), more.to_owned());
        sample(of, View::Consents { consents, one, live, waiting, more })
    };
    let two = vec![consent("KDRM-4Q7X", ""), consent("BCDF-6789", "")];
    let line = |line: &str, link: &str| LinkedLine { line: line.to_owned(), link: link.to_owned() };
    let still_there = vec![
        line("post 41 on Practice page", "https://page.example/41"),
        line("post 42 on Practice page", ""),
    ];
    let revoked = View::Consents {
        consents: vec![consent("KDRM-4Q7X", "2026-11-24")],
        one: true,
        live: still_there,
        waiting: owned(&["43 signed off, held: Small steps count."]),
        more: String::new(),
    };
    vec![
        view("none", Vec::new(), false, ""),
        view("many", two, false, "and 3 more: /post consent CODE shows one"),
        view("one", vec![consent("KDRM-4Q7X", "")], true, ""),
        sample("revoked", revoked),
    ]
}

/// The next days.
pub fn calendars() -> Vec<Sample> {
    let calendar = |of, groups| {
        let (zone, more) = (ZONE.to_owned(), String::new());
        sample(of, View::Calendar { zone, groups, more })
    };
    let more = "and 3 more: /post calendar PRACTICE shows them".to_owned();
    let of_several = vec![
        group("Slot gone", &["northside 40 (America/Chicago), signed off: Small steps count."]),
        group(
            "Tue 24 Nov 2026",
            &[
                "09:00 America/New_York, lakeside 3, signed off: Flu shots at the lake.",
                "09:00 America/Chicago, northside 41, \u{26a0}\u{fe0f} not signed off: Flu shots",
            ],
        ),
    ];
    let tuesday = group(
        "Tue 24 Nov 2026",
        &[
            "09:00, post 41, \u{26a0}\u{fe0f} not signed off: Flu shots this Saturday, 9 to 12",
            "17:30, post 42, signed off: Small steps count.",
        ],
    );
    let soonest = group(
        "As soon as it is signed",
        &["post 43, \u{26a0}\u{fe0f} not signed off: A walk after lunch"],
    );
    vec![
        calendar("none", Vec::new()),
        calendar("one", vec![soonest.clone()]),
        calendar(
            "many",
            vec![
                group("Slot gone", &["post 40, signed off: Small steps count."]),
                tuesday,
                soonest,
            ],
        ),
        sample("of several", View::Calendar { zone: String::new(), groups: of_several, more }),
    ]
}

/// What was published.
pub fn said() -> Vec<Sample> {
    let post = |number, taken_down, urls: &[&str]| SaidView {
        number,
        day: "Tue 24 Nov 2026".to_owned(),
        words: "Flu shots this Saturday, 9 to 12".to_owned(),
        taken_down,
        urls: owned(urls),
    };
    let said =
        |of, posts, narrow| sample(of, View::Said { words: "flu shots".to_owned(), posts, narrow });
    let url = "http://127.0.0.1:7421/practice-page#41";
    vec![
        said("none", Vec::new(), false),
        said("one", vec![post(41, false, &[url])], false),
        said("many", vec![post(41, false, &[url, url]), post(12, true, &[url])], true),
    ]
}

/// Proofs.
pub fn certificates() -> Vec<Sample> {
    let certificate = |of, sample_practice, left: &[&str], urls: &[&str]| {
        let view = View::Certificate {
            number: 41,
            sample: sample_practice,
            left: owned(left),
            state: "signed off".to_owned(),
            urls: owned(urls),
            head: "#128 1f3a9c07".to_owned(),
            fingerprint: "3f9a 07c1 88d2 41be".to_owned(),
            text: "{\n  \"form\": \"countersign.certificate.v1\"\n}\n".to_owned(),
        };
        sample(of, view)
    };
    vec![
        certificate("none left", false, &[], &[]),
        certificate(
            "one left, of a sample practice",
            true,
            &[
                "revision 2 (9f86d081) left to Practice page on Tue 24 Nov 2026, 09:00 America/Chicago, is live",
                "signed by Dr. Rao on Mon 23 Nov 2026, 09:12 America/Chicago",
            ],
            &["http://127.0.0.1:7421/practice-page#41"],
        ),
    ]
}

/// How practices are set up.
pub fn setups() -> Vec<Sample> {
    let setup = |of, sample_practice, groups| {
        let name = "Northside Family Practice".to_owned();
        let may_change = sample_practice;
        sample(of, View::Setup { name, sample: sample_practice, groups, may_change })
    };
    let settings = group(
        "Settings",
        &[
            "Zone: America/Chicago",
            "Quiet hours: 21:00 to 07:00, nothing leaves then",
            "Signatures: 1 of Dr. Rao, Dr. Kim",
        ],
    );
    let people = group("People", &["Dr. Rao: approver", "Maya: staff of an agency"]);
    vec![setup("none", false, vec![settings.clone()]), setup("many", true, vec![settings, people])]
}

/// Accounts on networks.
pub fn accounts() -> Vec<Sample> {
    let account = |name: &str, place: &str, state: &str| AccountView {
        name: name.to_owned(),
        place: place.to_owned(),
        state: state.to_owned(),
        fits: "300 characters, 4 pictures".to_owned(),
    };
    let connect = owned(&[
        "northside bluesky HANDLE",
        "northside mastodon HANDLE --server https://SERVER",
        "northside wordpress USER --server https://SITE",
    ]);
    let out = "out since Mon 23 Nov 2026, 10:00 America/Chicago: the access token was revoked; its \
               posts wait until it is connected again";
    let unknown = "connected since Mon 2 Nov 2026, 09:00 America/Chicago; nobody knows how long that \
                   is good for";
    let two = vec![
        account("Bluesky northside.bsky.social", "Bluesky, https://bsky.social", unknown),
        account("Mastodon @northside", "Mastodon, https://social.example", out),
    ];
    let view = |of, accounts| {
        sample(of, View::Accounts(AccountsView { accounts, connect: connect.clone() }))
    };
    vec![view("none", Vec::new()), view("many", two)]
}

/// One-time codes.
pub fn codes() -> Vec<Sample> {
    let code = |of, name: &str| {
        let account = "slack:T0123/U0456".to_owned();
        let code = "BCDFG-HJKLM".to_owned();
        let until = "Mon 30 Nov 2026, 09:00 America/Chicago".to_owned();
        sample(of, View::Code(CodeView { name: name.to_owned(), account, code, until }))
    };
    vec![code("one", "Dr. Singh"), code("longest", super::LONG_NAME)]
}

/// What can be asked.
pub fn help() -> Vec<Sample> {
    let lines = owned(&[
        "/post new TEXT: begins a draft",
        "/post queue: shows what is on its way",
        "/post hold NUMBER: keeps a post from leaving",
        "/post stop: stops everything of this practice",
    ]);
    let help =
        |of, meant: &str| sample(of, View::Help { meant: meant.to_owned(), lines: lines.clone() });
    vec![help("many", ""), help("what was meant", "/post hold NUMBER")]
}

fn group(title: &str, lines: &[&str]) -> Group {
    Group { title: title.to_owned(), lines: owned(lines) }
}

/// What people see when they open Countersign itself.
pub fn homes() -> Vec<Sample> {
    let linked =
        |line: &str, link: &str| LinkedLine { line: line.to_owned(), link: link.to_owned() };
    let home = |of, practice: &str, waits: &[(&str, &str)], lines: &[&str], stopped: &str| {
        let view = View::Home {
            practice: practice.to_owned(),
            sample: false,
            account: "slack:T012AB3CD/U045EF6GH".to_owned(),
            stopped: stopped.to_owned(),
            waits: waits.iter().map(|(line, link)| linked(line, link)).collect(),
            lines: owned(lines),
        };
        sample(of, view)
    };
    let northside = "Northside Family Practice";
    let waits = "41 in review: Flu shots this Saturday, 9 to 12, no appointment needed.";
    let card = "https://northside.example/archives/C045EF6GH/p1795424301000200";
    let line = "42 signed off, Tue 24 Nov 2026, 09:00 America/Chicago: Small steps count.";
    vec![
        home("somebody whom no practice knows", "", &[], &[], ""),
        home("none", northside, &[], &[], ""),
        home("one", northside, &[(waits, card)], &[], ""),
        home(
            "many",
            northside,
            &[(waits, card), (waits, "")],
            &[line, line],
            "Everything of this practice is stopped.",
        ),
    ]
}
