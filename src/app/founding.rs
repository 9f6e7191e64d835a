//! Makes a practice: its chain begins with everything that is set in it.

use crate::domain::differences::founding;
use crate::domain::entry::{Fact, Former, What};
use crate::domain::ids::MemberId;
use crate::domain::ledger::{Body, NewEntry, OPERATOR};
use crate::domain::practice::Practice;
use crate::domain::setting::Named;
use crate::ports::clock::Chance;

/// The first entries of a practice's chain.
pub fn entries(practice: &Practice, public_key: &str, chance: &dyn Chance) -> Vec<NewEntry> {
    opening(practice, (public_key, None), chance)
}

/// The same where one of its members made it.
pub fn entries_by(
    practice: &Practice,
    member: &MemberId,
    public_key: &str,
    chance: &dyn Chance,
) -> Vec<NewEntry> {
    let mut all = entries(practice, public_key, chance);
    for entry in &mut all {
        member.as_str().clone_into(&mut entry.actor);
    }
    all
}

/// The first entries of a practice's chain, which may go on from one of another installation.
pub fn opening(
    practice: &Practice,
    (public_key, former): (&str, Option<Former>),
    chance: &dyn Chance,
) -> Vec<NewEntry> {
    let opened = What::Opened { key: public_key.to_owned(), former };
    let made = What::PracticeMade { sample: practice.sample };
    let unnamed = [opened, made].map(|what| (what, String::new()));
    let set = founding(practice).into_iter();
    let set = set.map(|Named { setting, called }| (What::Set(setting), called));
    let all = unnamed.into_iter().chain(set);
    all.map(|(what, called)| entry(what, &called, chance)).collect()
}

fn entry(what: What, called: &str, chance: &dyn Chance) -> NewEntry {
    let body = Body { salt: chance.bytes(), note: called.to_owned(), ..Body::default() };
    NewEntry { actor: OPERATOR.to_owned(), fact: Fact { what, subject: None }, body }
}
