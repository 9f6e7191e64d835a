//! Samples of what is said of slots that are gone, and before they come.

use super::{LONG_NAME, Sample, sample};
use crate::ports::notice::View;

const SLOT: &str = "Tue 24 Nov 2026, 09:00 America/Chicago";

/// Posts that missed their window.
pub fn missed() -> Vec<Sample> {
    vec![sample("one", View::Missed { number: 41 })]
}

/// Posts that were signed off after their slot.
pub fn late() -> Vec<Sample> {
    let late = |of, who: &str| {
        let (who, slot) = (who.to_owned(), SLOT.to_owned());
        sample(of, View::Late { number: 41, who, slot })
    };
    vec![late("none", ""), late("one", "Dr. Rao"), late("longest", LONG_NAME)]
}

/// Posts that do not fit any more.
pub fn no_fit() -> Vec<Sample> {
    let no_fit = |of, author: &str| {
        let author = author.to_owned();
        let why = "the text has 412 characters and Practice page takes 300: shorten it with Edit";
        sample(of, View::NoFit { number: 41, author, why: why.to_owned() })
    };
    vec![no_fit("one", "Maya"), no_fit("longest", LONG_NAME)]
}

/// Posts that a rule blocks.
pub fn ruled_out() -> Vec<Sample> {
    let ruled_out = |of, author: &str, rules: usize| {
        let author = author.to_owned();
        let why = "this promises results (say what usually happens instead)".to_owned();
        sample(of, View::RuledOut { number: 41, author, why: vec![why; rules] })
    };
    vec![ruled_out("one", "Maya", 1), ruled_out("many", LONG_NAME, 3)]
}

/// Sign-offs that will be too old.
pub fn sign_again() -> Vec<Sample> {
    let again = |of, who: &str| {
        let (who, slot) = (who.to_owned(), SLOT.to_owned());
        sample(of, View::SignAgain { number: 41, who, slot })
    };
    vec![again("one", "Dr. Rao"), again("many", "Dr. Rao, Dr. Kim")]
}
