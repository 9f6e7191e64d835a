//! What a platform tells of itself: channels that it was brought into or that have another id, and
//! people who are no more.
//!
//! Nobody in particular did it, so Countersign changes the practice itself, with an entry in the
//! ledger and a word to its people as for any other change.

use super::agency;
use super::office::Office;
use super::practice::changed_by_itself;
use super::wish::{Wish, plain, wish};
use crate::domain::agency::Agency;
use crate::domain::change::{self, By};
use crate::domain::ids::PracticeId;
use crate::domain::member::Identity;
use crate::domain::practice::{ChannelRef, Practice, Purpose};
use crate::domain::setting::{Named, Setting};
use crate::ports::chat::Place;
use crate::ports::notice::View;
use crate::ports::store::{Binding, Change, StoreError, Stored};

/// How often it is decided again when somebody else was faster.
const CONFLICTS: usize = 20;

/// Whose channel it is, and where: what happens in a shared channel is known from each of its
/// workspaces, and the channel is bound in one of them.
pub async fn home(office: &Office, channel: &ChannelRef) -> Stored<Option<(ChannelRef, Binding)>> {
    if let Some(binding) = office.store.binding(channel).await? {
        return Ok(Some((channel.clone(), binding)));
    }
    let Some(home) = office.store.bound_elsewhere(channel).await? else { return Ok(None) };
    let binding = office.store.binding(&home).await?;
    Ok(binding.map(|binding| (home, binding)))
}

/// Countersign was brought into a channel, which is greeted once; false where it is nobody's.
pub async fn invited(office: &Office, channel: &ChannelRef) -> Stored<bool> {
    let Some((channel, binding)) = home(office, channel).await? else { return Ok(false) };
    let Some(view) = welcome(office, &channel, &binding.practice).await? else { return Ok(false) };
    let subject = format!("welcome/{channel}");
    let place = Place { channel, thread: None, only: None, instead_of: None };
    let mut change = Change::new(binding.practice.clone(), office.now());
    let say = Wish::Say { place, notice: plain(view) };
    change.outbox.push(wish(office, &binding.practice, subject, say, false));
    office.commit(change).await?;
    office.ring();
    Ok(true)
}

async fn welcome(
    office: &Office,
    channel: &ChannelRef,
    whose: &PracticeId,
) -> Stored<Option<View>> {
    if whose.is_instance() {
        let all = office.store.agencies().await?;
        let agency = all.into_iter().find(|agency| agency.desks.contains(channel));
        let view = |agency: Agency| View::Welcome {
            whose: agency.name,
            desk: true,
            ideas: false,
            approvals: false,
        };
        return Ok(agency.map(view));
    }
    let practice = office.store.practice(whose).await?;
    Ok(practice.map(|practice| {
        let is_for = |purpose| practice.channels.contains(&(purpose, channel.clone()));
        View::Welcome {
            desk: false,
            ideas: is_for(Purpose::Ideas),
            approvals: is_for(Purpose::Approvals),
            whose: practice.name,
        }
    }))
}

/// A channel has another id: bindings, cards, ideas and what waits go along.
pub async fn moved(office: &Office, from: &ChannelRef, to: &ChannelRef) -> Stored<()> {
    let Some((from, binding)) = home(office, from).await? else { return Ok(()) };
    let to = ChannelRef { channel: to.channel.clone(), ..from.clone() };
    if binding.practice.is_instance() {
        return desk_moved(office, &from, &to).await;
    }
    again(office, &binding.practice, |practice| {
        let used = practice.channels.iter().filter(|(_, channel)| *channel == from);
        let wanted = used.flat_map(|(purpose, _)| {
            let (purpose, from, to) = (*purpose, from.clone(), to.clone());
            [
                Setting::ChannelUnbound { purpose, channel: from },
                Setting::ChannelBound { purpose, channel: to },
            ]
        });
        let mut change = change(office, practice, wanted.collect())?;
        change.channel_moved = Some((from.clone(), to.clone()));
        Some(change)
    })
    .await
}

/// Somebody's account is no more: nobody acts from there, and who acted from nowhere else has left.
pub async fn left(office: &Office, who: &Identity) -> Stored<()> {
    for id in office.store.practices().await? {
        again(office, &id, |practice| {
            let member = practice.who(who)?;
            let (member, only) = (member.id.clone(), member.identities.len() == 1);
            let gone = if only {
                Setting::MemberLeft { member }
            } else {
                Setting::IdentityRemoved { member, identity: who.clone() }
            };
            change(office, practice, vec![gone])
        })
        .await?;
    }
    Ok(())
}

/// Decides and commits, and decides again when somebody else was faster.
async fn again(
    office: &Office,
    id: &PracticeId,
    decide: impl Fn(&Practice) -> Option<Change>,
) -> Stored<()> {
    for _ in 0..CONFLICTS {
        let Some(practice) = office.store.practice(id).await? else { return Ok(()) };
        let Some(change) = decide(&practice) else { return Ok(()) };
        match office.commit(change).await {
            Err(StoreError::Conflict) => {}
            done => {
                office.ring();
                return done.map(drop);
            }
        }
    }
    Err(StoreError::Conflict)
}

/// The change in which these are set; nothing where they can't be.
fn change(office: &Office, practice: &Practice, wanted: Vec<Setting>) -> Option<Change> {
    if wanted.is_empty() {
        return None;
    }
    let wanted = wanted.into_iter().map(|setting| Named { setting, called: String::new() });
    match change::decide(practice, wanted.collect(), By::Operator, office.now()) {
        Ok(decided) => Some(changed_by_itself(office, practice, decided)),
        Err(why) => {
            let id = &practice.id;
            tracing::error!("What a platform tells can't be so in {id}: {why}");
            None
        }
    }
}

async fn desk_moved(office: &Office, from: &ChannelRef, to: &ChannelRef) -> Stored<()> {
    let all = office.store.agencies().await?;
    let Some(agency) = all.into_iter().find(|agency| agency.desks.contains(from)) else {
        return Ok(());
    };
    let kept = agency.desks.iter().filter(|desk| *desk != from).cloned();
    let desks = kept.chain([to.clone()]).collect();
    match agency::plan(office, Agency { desks, ..agency }).await? {
        Ok(plan) => agency::apply(office, plan).await,
        Err(why) => Err(StoreError::Failed(format!("a desk could not go along: {why}"))),
    }
}
