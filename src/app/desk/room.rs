//! What may be seen in a channel: a practice's things in its own channels, and at a desk only
//! while everybody there is the agency's for that practice.

use std::collections::BTreeSet;

use crate::app::office::Office;
use crate::domain::ids::{AgencyId, PracticeId};
use crate::domain::member::Identity;
use crate::domain::practice::{ChannelRef, Purpose};
use crate::ports::chat::Unreachable;
use crate::ports::store::Stored;

/// What of a practice may be shown in a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// Everything: the channel is its own.
    Own,
    /// Everything, in its name: the channel is a desk.
    AtDesk,
    /// Nothing, as somebody is at the desk who must not see it.
    Silent,
    /// Nothing: the channel is another's, or nobody's.
    Nothing,
}

/// What of this practice may be seen in this channel now.
pub async fn view(
    office: &Office,
    practice: &PracticeId,
    channel: &ChannelRef,
) -> Stored<Result<Sight, Unreachable>> {
    let Some(binding) = office.store.binding(channel).await? else {
        return Ok(Ok(Sight::Nothing));
    };
    if binding.practice == *practice {
        return Ok(Ok(Sight::Own));
    }
    if binding.purpose != Purpose::Desk {
        return Ok(Ok(Sight::Nothing));
    }
    let shown = shown_at(office, channel).await?;
    Ok(shown.map(|shown| if shown.contains(practice) { Sight::AtDesk } else { Sight::Silent }))
}

/// The practices that may be shown at this desk now: those for which everybody in the channel is
/// the agency's. None when the platform can't say who is there.
pub async fn shown_at(
    office: &Office,
    channel: &ChannelRef,
) -> Stored<Result<BTreeSet<PracticeId>, Unreachable>> {
    let Some(agency) = office.store.desk(channel).await? else {
        return Ok(Ok(BTreeSet::new()));
    };
    match people(office, channel).await {
        Ok(people) => served_by_all(office, &agency, &people).await.map(Ok),
        Err(unreachable) => Ok(Err(unreachable)),
    }
}

/// The agency's practices for which each of these people is the agency's; none for nobody.
pub async fn served_by_all(
    office: &Office,
    agency: &AgencyId,
    people: &[Identity],
) -> Stored<BTreeSet<PracticeId>> {
    let mut shown: Option<BTreeSet<PracticeId>> = None;
    for person in people {
        let theirs = office.store.served(agency, person).await?;
        let theirs: BTreeSet<PracticeId> = theirs.into_iter().map(|(id, _)| id).collect();
        shown = Some(match shown {
            Some(shown) => shown.intersection(&theirs).cloned().collect(),
            None => theirs,
        });
    }
    Ok(shown.unwrap_or_default())
}

/// Who is in the channel, as the platform says now: whoever came in a moment ago counts.
async fn people(office: &Office, channel: &ChannelRef) -> Result<Vec<Identity>, Unreachable> {
    let chat = office.chat(channel.platform);
    let chat = chat.ok_or_else(|| Unreachable("the platform is not connected".to_owned()))?;
    chat.who_is_in(channel).await
}
