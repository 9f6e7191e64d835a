//! The parts of a practice that have a form each, and what a form makes of them.

use crate::domain::member::{Identity, Member};
use crate::domain::practice::{ChannelRef, Practice};
use crate::ports::intake::Problem;

/// What can be changed by one form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Zone, quiet hours and the digest's hour.
    Hours,
    /// Who must sign.
    Policy,
    /// Somebody joins.
    Add,
    /// Somebody changes or leaves.
    Person,
    /// What a channel is for.
    Channel,
    /// Own words.
    OwnWords,
    /// The states whose rules count.
    Rules,
    /// Its numbers, addresses and watched words.
    Lists,
    /// The agency's people.
    Agency,
}

impl Part {
    /// Every part, in the order of its buttons.
    pub(super) const ALL: [Self; 9] = [
        Self::Hours,
        Self::Policy,
        Self::Add,
        Self::Person,
        Self::Channel,
        Self::OwnWords,
        Self::Rules,
        Self::Lists,
        Self::Agency,
    ];

    /// Its word in a button's id, and what people read on the button.
    pub(super) const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Hours => ("hours", "Zone, quiet hours"),
            Self::Policy => ("policy", "Who signs"),
            Self::Add => ("add", "Add a person"),
            Self::Person => ("person", "Change a person"),
            Self::Channel => ("channel", "Channels"),
            Self::OwnWords => ("own-words", "Own words"),
            Self::Rules => ("rules", "Rules of states"),
            Self::Lists => ("lists", "Numbers, words"),
            Self::Agency => ("agency", "Agency"),
        }
    }

    /// The part with this word.
    pub(super) fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.names().0 == word)
    }
}

/// Who acts, in which practice and where.
#[derive(Debug, Clone, Copy)]
pub struct At<'a> {
    /// The practice as it is now.
    pub practice: &'a Practice,
    /// As which they act.
    pub member: &'a Member,
    /// From which account.
    pub from: &'a Identity,
    /// Where.
    pub channel: &'a ChannelRef,
}

/// What a form says.
#[derive(Debug)]
pub(super) struct Wanted {
    /// The practice as it should be.
    pub(super) practice: Practice,
    /// Accounts that get a new code.
    pub(super) codes: Vec<Identity>,
    /// What could not be read.
    pub(super) problems: Vec<Problem>,
}

pub(super) fn problem(field: &str, why: String) -> Problem {
    Problem { field: field.to_owned(), why, blocked: false }
}
