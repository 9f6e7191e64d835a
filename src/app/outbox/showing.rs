//! What the wish of a notice comes to when it is worked off.

use crate::ports::chat::Place;
use crate::ports::digests::Made;
use crate::ports::notice::Notice;
use crate::ports::store::{Card, OutboxWrite};

/// What is shown, where, and the card it is.
pub(super) struct Showing {
    pub(super) place: Place,
    pub(super) notice: Notice,
    pub(super) card: Option<Card>,
    /// The digest that it is.
    pub(super) digest: Option<Made>,
    /// Somebody at a desk who must not see it only delays it.
    pub(super) waits: bool,
}

impl Showing {
    /// What is neither a card nor a digest.
    pub(super) fn of(place: Place, notice: Notice) -> Self {
        Self { place, notice, card: None, digest: None, waits: false }
    }

    /// The same, to be shown now.
    pub(super) fn ready(place: Place, notice: Notice) -> Ready {
        Ready::Show(Box::new(Self::of(place, notice)))
    }
}

/// What a wish comes to.
pub(super) enum Ready {
    Show(Box<Showing>),
    Nothing,
    NotYet,
    /// Not now, and why.
    Later(String),
    /// Other rows in place of this one.
    Instead(Vec<OutboxWrite>),
}
