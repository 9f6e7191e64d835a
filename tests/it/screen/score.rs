//! The sums of `tests/it/data/screen/score.py`: a text is found when it has one finding that counts.

use std::collections::BTreeSet;
use std::fmt;

use countersign::screen::{Category, Kind, Roster, Screen};
use serde::Deserialize;

/// A text, and what a person found in it.
#[derive(Clone, Deserialize)]
pub struct Labelled {
    pub id: String,
    pub text: String,
    pub kind: Kind,
    labels: BTreeSet<String>,
    spans: Vec<Span>,
    source: String,
}

#[derive(Clone, Deserialize)]
struct Span {
    category: Category,
}

/// Hits, false alerts and misses.
#[derive(Default)]
pub struct Sum {
    hits: u32,
    wrong: u32,
    missed: u32,
}

/// The figures of a set of texts.
#[derive(Default)]
pub struct Score {
    /// Texts with patient information.
    pub phi: Sum,
    /// All claims, each by its own name.
    pub claims: Sum,
    /// Replies that confirm that somebody is a patient.
    pub confirming: Sum,
    clean: u32,
    clean_with_alert: u32,
}

/// The texts of a file.
pub fn texts(name: &str) -> Vec<Labelled> {
    let path = format!("{}/tests/it/data/screen/{name}", env!("CARGO_MANIFEST_DIR"));
    let file = std::fs::read_to_string(path).expect("a file");
    file.lines().map(|line| serde_json::from_str(line).expect("a labelled text")).collect()
}

impl Labelled {
    /// The number of the sentence that it was made of.
    pub fn base(&self) -> usize {
        let number = self.source.rsplit('/').nth(1).and_then(|number| number.parse().ok());
        number.expect("a source with a number")
    }

    fn confirms(&self) -> bool {
        let is = |span: &Span| span.category == Category::PatientConfirm;
        self.kind == Kind::Reply && self.spans.iter().any(is)
    }
}

impl Sum {
    fn count(&mut self, is_wanted: bool, is_found: bool) {
        let which = match (is_wanted, is_found) {
            (true, true) => &mut self.hits,
            (false, true) => &mut self.wrong,
            (true, false) => &mut self.missed,
            (false, false) => return,
        };
        *which += 1;
    }

    pub fn recall(&self) -> f64 {
        share(self.hits, self.hits + self.missed)
    }

    pub fn precision(&self) -> f64 {
        share(self.hits, self.hits + self.wrong)
    }

    pub fn f1(&self) -> f64 {
        share(2 * self.hits, 2 * self.hits + self.wrong + self.missed)
    }
}

fn share(part: u32, all: u32) -> f64 {
    if all == 0 { 1.0 } else { f64::from(part) / f64::from(all) }
}

impl Score {
    /// Screens texts without knowing anything of a practice.
    pub fn of(screen: &Screen, texts: &[Labelled]) -> Score {
        let mut score = Score::default();
        for text in texts {
            score.add(text, &found(screen, text));
        }
        score
    }

    /// False alerts in a hundred clean texts.
    pub fn false_alerts(&self) -> f64 {
        100.0 * share(self.clean_with_alert, self.clean.max(1))
    }

    fn add(&mut self, text: &Labelled, found: &BTreeSet<String>) {
        let is_phi = found.contains("phi");
        self.phi.count(text.labels.contains("phi"), is_phi);
        for label in text.labels.union(found).filter(|label| *label != "phi") {
            self.claims.count(text.labels.contains(label), found.contains(label));
        }
        if text.confirms() {
            self.confirming.count(true, is_phi);
        }
        if text.labels.is_empty() {
            self.clean += 1;
            self.clean_with_alert += u32::from(!found.is_empty());
        }
    }
}

/// The labels that the screen gives a text.
fn found(screen: &Screen, text: &Labelled) -> BTreeSet<String> {
    let findings = screen.check_as(text.kind, &text.text, &Roster::default());
    let label = |category: Category| match category {
        _ if category.is_patient_information() => Some("phi".to_owned()),
        _ if category.is_claim() => {
            let name = serde_json::to_value(category).expect("a name");
            name.as_str().map(str::to_owned)
        }
        _ => None,
    };
    findings.iter().filter_map(|finding| label(finding.category)).collect()
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (phi, claims) = (&self.phi, &self.claims);
        write!(
            f,
            "phi recall {:.3} precision {:.3} F1 {:.3}, claims F1 {:.3}, confirming replies {:.3}, \
             {:.1} false alerts in 100 clean texts",
            phi.recall(),
            phi.precision(),
            phi.f1(),
            claims.f1(),
            self.confirming.recall(),
            self.false_alerts(),
        )
    }
}
