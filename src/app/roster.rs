//! What the screen knows of a practice.

use jiff::Timestamp;

use crate::domain::practice::Practice;
use crate::screen::packs::{FEDERAL, PACKS};
use crate::screen::{KnownBy, Roster};

/// What the practice itself is known by, so that it is not taken for a patient, and whose rules
/// count for it now.
pub fn roster(practice: &Practice, now: Timestamp) -> Roster {
    Roster::new(&KnownBy {
        people: practice.members.iter().map(|m| m.name.clone()).collect(),
        practice: vec![practice.name.clone()],
        states: practice.states(now).map(ToOwned::to_owned).collect(),
        ..KnownBy::default()
    })
}

/// The states that have a pack of rules, each in two small letters.
pub fn states() -> impl Iterator<Item = &'static str> {
    PACKS.iter().map(|pack| pack.name.as_str()).filter(|name| *name != FEDERAL)
}
