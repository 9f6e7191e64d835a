//! What the screen knows of a practice.

use crate::domain::practice::Practice;
use crate::screen::{KnownBy, Roster};

/// What the practice itself is known by, so that it is not taken for a patient.
pub fn roster(practice: &Practice) -> Roster {
    Roster::new(&KnownBy {
        people: practice.members.iter().map(|m| m.name.clone()).collect(),
        practice: vec![practice.name.clone()],
        ..KnownBy::default()
    })
}
