//! A network's own words, before they are kept and shown: they may repeat anything.

use super::office::Office;
use super::roster::roster;
use crate::domain::practice::Practice;
use crate::screen::Finding;

/// The words, unless the screen keeps them out like everybody else's.
pub(super) fn kept(office: &Office, practice: &Practice, words: &str) -> String {
    let found = office.screen.check(words, &roster(practice, office.now()));
    if found.iter().any(Finding::keeps_out) {
        "the network gave a reason that is not kept".to_owned()
    } else {
        words.to_owned()
    }
}
