//! Makes and changes an agency, for whoever runs Countersign: looked at first, then done.

use std::collections::BTreeSet;

use thiserror::Error;

use super::office::Office;
use super::operator::by_operator;
use crate::domain::agency::Agency;
use crate::domain::entry::What;
use crate::domain::ids::PracticeId;
use crate::domain::practice::{ChannelRef, Practice};
use crate::ports::store::{Change, Stored};

/// What would be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The agency after it.
    pub agency: Agency,
    /// What happens; nothing when it is so already.
    pub changes: Vec<What>,
    /// The instance that it was decided under.
    version: i64,
}

/// Why an agency can't be so.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotSo {
    /// No such practice.
    #[error("there is no practice {0}")]
    NoPractice(PracticeId),
    /// The channel is taken.
    #[error("{0} is a channel of {1} already: a desk needs a channel of its own")]
    Taken(ChannelRef, PracticeId),
    /// The channel is another agency's desk.
    #[error("{0} is another agency's desk already")]
    OthersDesk(ChannelRef),
    /// Nobody can say who is there.
    #[error("nobody can say who is in {0}: {1}")]
    Unreachable(ChannelRef, String),
    /// Somebody is there who must see nothing.
    #[error(
        "{0} can't be a desk: {1} there is an agency's member of none of the practices that all \
         others there work for. A desk is for an agency's people alone"
    )]
    Stranger(ChannelRef, String),
    /// Nobody is there.
    #[error("{0} can't be a desk: nobody is there who works for these practices")]
    Empty(ChannelRef),
}

/// Looks at what an agency would need, and whether it may be so.
pub async fn plan(office: &Office, agency: Agency) -> Stored<Result<Plan, NotSo>> {
    let instance = office.store.practice(&PracticeId::instance()).await?;
    let version = instance.map_or(0, |instance| instance.version);
    let known = office.store.agencies().await?;
    let before = known.iter().find(|known| known.id == agency.id);
    let mut practices = Vec::new();
    for id in &agency.practices {
        match office.store.practice(id).await?.filter(|practice| !practice.id.is_instance()) {
            Some(practice) => practices.push(practice),
            None => return Ok(Err(NotSo::NoPractice(id.clone()))),
        }
    }
    for desk in &agency.desks {
        if let Some(not) = taken(office, &agency, desk).await? {
            return Ok(Err(not));
        }
        if let Err(not) = only_its_people(office, &practices, desk).await {
            return Ok(Err(not));
        }
    }
    let changes = agency.changes_from(before);
    Ok(Ok(Plan { agency, changes, version }))
}

/// Does it; `Conflict` when something changed since it was looked at.
pub async fn apply(office: &Office, plan: Plan) -> Stored<()> {
    if plan.changes.is_empty() {
        return Ok(());
    }
    let mut change = Change::new(PracticeId::instance(), office.now());
    let entries = plan.changes.into_iter().map(|what| {
        let names = matches!(what, What::AgencyMade { .. } | What::AgencyNamed { .. });
        by_operator(office, what, if names { &plan.agency.name } else { "" })
    });
    change.entries = entries.collect();
    change.practice_version = Some(plan.version);
    change.agency = Some(plan.agency);
    office.commit(change).await.map(drop)
}

async fn taken(office: &Office, agency: &Agency, desk: &ChannelRef) -> Stored<Option<NotSo>> {
    let Some(binding) = office.store.binding(desk).await? else {
        return Ok(None);
    };
    if !binding.practice.is_instance() {
        return Ok(Some(NotSo::Taken(desk.clone(), binding.practice)));
    }
    let owner = office.store.desk(desk).await?;
    Ok(owner.filter(|owner| *owner != agency.id).map(|_| NotSo::OthersDesk(desk.clone())))
}

/// Everybody in the channel is an agency's member of at least one practice in common.
async fn only_its_people(
    office: &Office,
    practices: &[Practice],
    desk: &ChannelRef,
) -> Result<(), NotSo> {
    let unreachable = |why: String| NotSo::Unreachable(desk.clone(), why);
    let chat = office.chat(desk.platform);
    let chat = chat.ok_or_else(|| unreachable("the platform is not connected".to_owned()))?;
    let people = chat.who_is_in(desk).await.map_err(|why| unreachable(why.to_string()))?;
    let mut shown: BTreeSet<&PracticeId> = practices.iter().map(|practice| &practice.id).collect();
    for person in &people {
        shown.retain(|id| {
            let practice = practices.iter().find(|practice| practice.id == **id);
            practice.and_then(|p| p.who(person)).is_some_and(|member| member.agency)
        });
        if shown.is_empty() {
            return Err(NotSo::Stranger(desk.clone(), person.user.clone()));
        }
    }
    if people.is_empty() { Err(NotSo::Empty(desk.clone())) } else { Ok(()) }
}
