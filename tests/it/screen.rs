//! How well the screen finds what it must, on labelled texts, with a floor for each figure.

mod properties;
mod score;

use std::sync::LazyLock;

use countersign::screen::{Roster, Screen};

use score::{Score, texts};

static SCREEN: LazyLock<Screen> = LazyLock::new(Screen::new);

/// The least that is accepted, and for false alerts the most.
struct Floors {
    recall: f64,
    precision: f64,
    claims: f64,
    confirming: f64,
    false_alerts: f64,
}

impl Floors {
    #[track_caller]
    fn hold(&self, score: &Score) {
        let least = [
            ("phi recall", score.phi.recall(), self.recall),
            ("phi precision", score.phi.precision(), self.precision),
            ("claims F1", score.claims.f1(), self.claims),
            ("confirming replies", score.confirming.recall(), self.confirming),
        ];
        for (what, is, floor) in least {
            assert!(is >= floor, "{what} is {is:.3}, not {floor}: {score}");
        }
        let alerts = score.false_alerts();
        assert!(alerts <= self.false_alerts, "{alerts:.1} false alerts in a hundred: {score}");
    }
}

#[test]
fn the_texts_of_our_own_are_judged_well() {
    let score = Score::of(&SCREEN, &texts("own.jsonl"));
    let floors = OWN;
    floors.hold(&score);
}

#[test]
fn each_fifth_of_our_own_texts_is_judged_well() {
    let all = texts("own.jsonl");
    for fold in 0..5 {
        let fifth: Vec<_> = all.iter().filter(|text| text.base() % 5 == fold).cloned().collect();
        FOLD.hold(&Score::of(&SCREEN, &fifth));
    }
}

#[test]
fn the_texts_of_others_are_judged_well() {
    DEV.hold(&Score::of(&SCREEN, &texts("dev.jsonl")));
}

#[test]
fn every_finding_points_into_its_text() {
    for text in texts("own.jsonl") {
        for finding in SCREEN.check_as(text.kind, &text.text, &Roster::default()) {
            let units = finding.span_in_utf16(&text.text);
            let written: Vec<u16> = text.text.encode_utf16().collect();
            let there = String::from_utf16(&written[units]).expect("whole characters");
            assert_eq!(there, text.text[finding.span], "{}", text.id);
        }
    }
}

const OWN: Floors =
    Floors { recall: 0.96, precision: 0.985, claims: 0.955, confirming: 0.98, false_alerts: 0.6 };

/// A fifth has few texts, so that one weighs much.
const FOLD: Floors =
    Floors { recall: 0.94, precision: 0.97, claims: 0.93, confirming: 0.9, false_alerts: 2.0 };

const DEV: Floors =
    Floors { recall: 0.965, precision: 0.99, claims: 0.98, confirming: 0.97, false_alerts: 0.5 };
