//! Samples of the daily digest.

use super::{Sample, owned, sample};
use crate::ports::notice::{DeskDigestView, DigestLine, DigestPart, DigestView, OfPractice, View};

/// Digests of a practice.
pub fn digests() -> Vec<Sample> {
    let quiet = DigestView { quiet: true, ..one_day() };
    let one = DigestView {
        published: part(1, vec![published(41)], 0),
        waiting: part(
            1,
            vec![post(43, "needs 1 of: Dr. Rao, Dr. Kim, until Tue 24 Nov 2026, 17:30")],
            0,
        ),
        ..one_day()
    };
    let kept = "on Practice page was refused: the account's sign-in is not accepted: a manager has \
                to connect it again";
    let known = "the sign-off of Dr. Rao was found after Countersign was away";
    let many = DigestView {
        sample: true,
        stopped: "Everything of this practice is stopped.".to_owned(),
        unwatched: owned(&["Mon 23 Nov 2026, 22:00 to Tue 24 Nov 2026, 06:10 America/Chicago"]),
        published: part(20, vec![published(41), published(42)], 18),
        troubled: part(3, vec![post(38, kept), post(39, "is held by Ana")], 1),
        waiting: part(2, vec![post(43, "declined by Dr. Kim: an edit makes a new revision"); 2], 0),
        today: part(3, vec![planned("09:00", 44), planned("17:30", 45)], 1),
        accounts: part(
            1,
            vec![DigestLine {
                text: "Practice page has to be connected again, and its posts wait".to_owned(),
                ..DigestLine::default()
            }],
            0,
        ),
        notes: part(3, vec![post(40, known), post(41, "Ana overrode the rule claims.cure")], 1),
        ..one_day()
    };
    let first = DigestView {
        since: String::new(),
        today: part(1, vec![planned("09:00", 1)], 0),
        ..one_day()
    };
    vec![
        sample("none", View::Digest(Box::new(quiet))),
        sample("one", View::Digest(Box::new(one))),
        sample("many", View::Digest(Box::new(many))),
        sample("before the first", View::Digest(Box::new(first))),
    ]
}

/// Digests of all practices of a desk.
pub fn desk_digests() -> Vec<Sample> {
    let risk = DigestLine { at: "09:00".to_owned(), ..post(41, "⚠️ not signed off") };
    let northside = OfPractice {
        practice: "northside".to_owned(),
        risks: part(2, vec![risk], 1),
        published: part(1, Vec::new(), 0),
        waiting: part(1, Vec::new(), 0),
        troubled: part(1, Vec::new(), 0),
        ..OfPractice::default()
    };
    let lakeside = OfPractice {
        practice: "lakeside".to_owned(),
        stopped: "Everything of this practice is stopped.".to_owned(),
        published: part(0, Vec::new(), 0),
        waiting: part(2, Vec::new(), 0),
        troubled: part(3, Vec::new(), 0),
        accounts: part(2, Vec::new(), 0),
        ..OfPractice::default()
    };
    let desk = |of, practices, quiet: &str, more: &str| {
        let (quiet, more) = (quiet.to_owned(), more.to_owned());
        sample(of, View::DeskDigest(DeskDigestView { practices, quiet, more }))
    };
    vec![
        desk("none", Vec::new(), "hillcrest, lakeside, northside", ""),
        desk("many", vec![northside, lakeside], "hillcrest", "3"),
    ]
}

fn one_day() -> DigestView {
    DigestView {
        practice: "Northside Family Practice".to_owned(),
        day: "Tue 24 Nov 2026".to_owned(),
        since: "Mon 23 Nov 2026, 07:30 America/Chicago".to_owned(),
        head: "#128 1f3a9c07".to_owned(),
        next: "Wed 25 Nov 2026, 07:30 America/Chicago".to_owned(),
        ..DigestView::default()
    }
}

fn part(count: usize, lines: Vec<DigestLine>, more: usize) -> DigestPart {
    let more = if more == 0 { String::new() } else { more.to_string() };
    DigestPart { count: count.to_string(), any: count > 0, one: count == 1, lines, more }
}

fn post(number: i64, text: &str) -> DigestLine {
    DigestLine { number, text: text.to_owned(), ..DigestLine::default() }
}

fn published(number: i64) -> DigestLine {
    let links = vec![format!("http://127.0.0.1:7421/practice-page#{number}")];
    DigestLine { links, ..post(number, "Flu shots this Saturday, 9 to 12") }
}

fn planned(at: &str, number: i64) -> DigestLine {
    DigestLine { at: at.to_owned(), ..post(number, "signed off: Small steps count.") }
}
