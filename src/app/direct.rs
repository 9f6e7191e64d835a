//! Whose somebody is who tells Countersign something alone: there no channel says for which of
//! their practices it is. Reads only.

use super::office::Office;
use crate::domain::member::{Identity, Platform};
use crate::domain::practice::{ChannelRef, Practice, Purpose};
use crate::ports::chat::MessageRef;
use crate::ports::intake::{Alone, Theirs};
use crate::ports::store::Stored;

/// Every practice of somebody's that has a channel where they are.
pub(super) async fn theirs(office: &Office, alone: &Alone) -> Stored<Vec<Theirs>> {
    let mut all = Vec::new();
    for id in office.store.practices_of(alone.platform, &alone.user).await? {
        let Some(practice) = office.store.practice(&id).await? else { continue };
        let Some((from, channel, ideas)) = place(&practice, (alone.platform, &alone.user)) else {
            continue;
        };
        let at = MessageRef { channel: channel.clone(), message: alone.message.clone() };
        let knows = office.store.idea(&practice.id, &at).await?.is_some();
        all.push(Theirs { name: practice.name, from, channel, ideas, knows });
    }
    Ok(all)
}

/// As whom they act in a practice, and where: where its ideas are, before any other channel of its.
fn place(
    practice: &Practice,
    (platform, user): (Platform, &str),
) -> Option<(Identity, ChannelRef, bool)> {
    let accounts = practice.members.iter().flat_map(|member| &member.identities);
    let theirs = accounts.filter(|is| is.platform == platform && is.user == user);
    let places = theirs.flat_map(|from| {
        let here = practice.channels.iter();
        let here = here.filter(|(_, at)| at.platform == platform && at.workspace == from.workspace);
        here.map(move |(purpose, at)| (from.clone(), at.clone(), *purpose == Purpose::Ideas))
    });
    places.max_by_key(|(.., ideas)| *ideas)
}
