//! Another post, as far as a draft is compared with it.

use jiff::Timestamp;

use super::draft::Draft;
use super::state::State;

/// Another post, of the same practice or of another of its agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbor {
    /// Its practice's number for it.
    pub number: i64,
    /// Where it is.
    pub state: State,
    /// What it says, and where.
    pub draft: Draft,
    /// When it is planned to go out, or was.
    pub slot: Option<Timestamp>,
}

impl Neighbor {
    /// It is live, or was on its way when last looked at.
    pub fn is_published(&self) -> bool {
        matches!(self.state, State::Publishing | State::Published | State::PartPublished)
    }

    /// Nobody will read it any more.
    pub fn is_gone(&self) -> bool {
        matches!(self.state, State::Withdrawn | State::TakenDown)
    }
}
