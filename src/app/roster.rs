//! What the screen knows of a practice.

use jiff::Timestamp;

use crate::domain::agency::Others;
use crate::domain::listing::List;
use crate::domain::practice::Practice;
use crate::screen::packs::{FEDERAL, PACKS};
use crate::screen::{KnownBy, Roster};

/// A practice, and the others for which an agency of it works.
pub type Among<'a> = (&'a Practice, &'a Others);

/// What the practice itself is known by, so that it is not taken for a patient, and whose rules
/// count for it now.
pub fn roster(practice: &Practice, now: Timestamp) -> Roster {
    Roster::new(&known_by(practice, now))
}

/// The same with what it wrote down about itself, and with what the other practices are known by for which an agency of it works.
pub fn roster_among((practice, others): Among<'_>, now: Timestamp) -> Roster {
    Roster::new(&KnownBy { others: others.clone(), ..listed(practice, now) })
}

/// What it is known by, with what it wrote down about itself. At the gate that does not count: one
/// person could let a patient's number in by it.
pub fn listed(practice: &Practice, now: Timestamp) -> KnownBy {
    KnownBy {
        phones: practice.listed(List::Phones).to_vec(),
        addresses: practice.listed(List::Addresses).to_vec(),
        watched: practice.listed(List::Watched).to_vec(),
        ..known_by(practice, now)
    }
}

/// What it is known by at the gate, before it is prepared, for whoever adds to it.
pub fn known_by(practice: &Practice, now: Timestamp) -> KnownBy {
    KnownBy {
        people: practice.members.iter().map(|m| m.name.clone()).collect(),
        practice: vec![practice.name.clone()],
        states: practice.states(now).map(ToOwned::to_owned).collect(),
        ..KnownBy::default()
    }
}

/// The states that have a pack of rules, each in two small letters.
pub fn states() -> impl Iterator<Item = &'static str> {
    PACKS.iter().map(|pack| pack.name.as_str()).filter(|name| *name != FEDERAL)
}
