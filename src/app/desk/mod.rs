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
use crate::ports::store::Stored;

/// The desks of the agencies that work for this practice.
pub async fn of(office: &Office, practice: &PracticeId) -> Stored<Vec<ChannelRef>> {
    let agencies = office.store.agencies().await?;
    let serving = agencies.into_iter().filter(|agency| agency.practices.contains(practice));
    Ok(serving.flat_map(|agency| agency.desks).collect())
}
