//! Desks: an agency's channels over several practices.
//!
//! What somebody asks of a practice at a desk is asked in that practice's own inbox, in the words
//! that its own channel would take, and the practice answers in its own name; it never learns
//! whom else was asked. What is about all of them is answered by the instance. A person sees at a
//! desk only practices of which they are an agency's member, and nothing of a practice is shown
//! there while anybody in the channel is not.
//!
//! Architecture invariant: a practice's data reach a desk only through [`room::view`], and who is
//! in the channel is asked of the platform before each notice, never taken from a table or from
//! what it said before: as many questions as messages, which a platform limits more strictly.

pub mod answer;
pub mod master;
pub mod room;
pub mod route;

use super::office::Office;
use crate::domain::ids::PracticeId;
use crate::domain::practice::ChannelRef;
use crate::domain::review::Act;
use crate::ports::notice::Button;
use crate::ports::store::Stored;

/// Only the practice's own people press it: it is not shown at a desk, and refused there.
pub fn is_own(button: &Button) -> bool {
    own_act(button.id.split(':').next().unwrap_or_default()).is_some()
}

/// What a button of the practice's own people does; nothing for one that an agency's may press.
pub fn own_act(verb: &str) -> Option<Act> {
    Some(match verb {
        "sign" | "sign-own" => Act::Sign,
        "unsign" => Act::Unsign,
        "decline" => Act::Decline,
        "risk" => Act::SetRisk,
        "override" => Act::Override,
        "live" => Act::Live,
        "not-live" => Act::NotLive,
        "takedown" => Act::Takedown,
        _ => return None,
    })
}

/// The desks of the agencies that work for this practice.
pub async fn of(office: &Office, practice: &PracticeId) -> Stored<Vec<ChannelRef>> {
    let agencies = office.store.agencies().await?;
    let serving = agencies.into_iter().filter(|agency| agency.practices.contains(practice));
    Ok(serving.flat_map(|agency| agency.desks).collect())
}
