//! Reads cards again, and lets what happened unseen take effect.
//!
//! Events are hints: the platform is the truth. A ✅ that vanished while nobody listened unsigns;
//! one that appeared signs, and is marked as found later; a card that is gone comes back.

use super::asked::{Asked, found};
use super::office::Office;
use super::{ask, review, stop};
use crate::domain::emoji::{self, Reaction};
use crate::domain::entry::What;
use crate::domain::ids::PostId;
use crate::domain::member::{Identity, Member};
use crate::domain::post::Post;
use crate::domain::practice::Practice;
use crate::domain::state::{Source, Verdict};
use crate::ports::chat::{Seen, Unreachable};
use crate::ports::store::{Card, Change, StoreError, Stored};

/// How often a decision is made again when somebody else was faster.
const CONFLICTS: usize = 20;

/// What a look at a card shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sight {
    /// The card is gone.
    Gone,
    /// The member's ✅ is not there.
    NoSign,
    /// The member's reaction is there.
    There(Reaction),
}

/// Reads every open card again; returns how many could not be read.
pub async fn all(office: &Office) -> Stored<usize> {
    let mut unread = 0;
    for practice in office.store.practices().await? {
        let Some(practice) = office.store.practice(&practice).await? else { continue };
        for card in office.store.open_cards(&practice.id).await? {
            if read(office, &practice, &card).await?.is_err() {
                unread += 1;
            }
        }
    }
    Ok(unread)
}

/// Reads the open cards of one post again, so that it may leave.
pub async fn cards_of(
    office: &Office,
    practice: &Practice,
    post: &PostId,
) -> Stored<Result<(), Unreachable>> {
    for card in office.store.cards(&practice.id, post).await? {
        if card.open
            && let Err(unreachable) = read(office, practice, &card).await?
        {
            return Ok(Err(unreachable));
        }
    }
    office.note_read(post);
    Ok(Ok(()))
}

async fn read(
    office: &Office,
    practice: &Practice,
    card: &Card,
) -> Stored<Result<(), Unreachable>> {
    let Some(chat) = office.chat(card.at.channel.platform) else {
        return Ok(Err(Unreachable("not connected".to_owned())));
    };
    match chat.look(&card.at).await {
        Err(unreachable) => return Ok(Err(unreachable)),
        Ok(None) => {
            // Nobody in particular did it; the act is Countersign's own.
            if let Some(member) = practice.members.first() {
                take_effect(office, card, member, Sight::Gone).await?;
            }
        }
        Ok(Some(seen)) => {
            for (member, sight) in sights(practice, &seen) {
                take_effect(office, card, member, sight).await?;
            }
        }
    }
    office.note_read(&card.post);
    Ok(Ok(()))
}

/// What each member's reactions show: what vanished first, then what is there.
fn sights<'a>(practice: &'a Practice, seen: &Seen) -> Vec<(&'a Member, Sight)> {
    let mut sights = Vec::new();
    for member in &practice.members {
        let theirs = seen.reactions.iter().filter(|(who, _)| member.identities.contains(who));
        let there: Vec<Reaction> = theirs.filter_map(|(_, emoji)| emoji::read(emoji)).collect();
        if !there.contains(&Reaction::Sign) {
            sights.push((member, Sight::NoSign));
        }
        sights.extend(there.into_iter().map(|reaction| (member, Sight::There(reaction))));
    }
    sights
}

/// Loads, decides, commits, and again if somebody else was faster.
async fn take_effect(office: &Office, card: &Card, member: &Member, sight: Sight) -> Stored<()> {
    let Some(from) = member.on(card.at.channel.platform) else { return Ok(()) };
    let Some(binding) = office.store.binding(&card.at.channel).await? else { return Ok(()) };
    for _ in 0..CONFLICTS {
        let practice = office.store.practice(&binding.practice).await?;
        let post = office.store.post(&binding.practice, &card.post).await?;
        let Some((practice, post)) = practice.zip(post) else { return Ok(()) };
        let Some(member) = practice.member(&member.id) else { return Ok(()) };
        let Some(change) = decide(office, (&practice, &post), (member, from), card, sight).await?
        else {
            return Ok(());
        };
        match office.commit(change).await {
            Err(StoreError::Conflict) => {}
            other => return other.map(drop),
        }
    }
    Err(StoreError::Conflict)
}

async fn decide(
    office: &Office,
    (practice, post): (&Practice, &Post),
    (member, from): (&Member, &Identity),
    card: &Card,
    sight: Sight,
) -> Stored<Option<Change>> {
    let asked = found(practice, member, from, card);
    if sight == Sight::Gone {
        return Ok(Some(ask::card_deleted(office, &asked, card, post)));
    }
    if card.revision != post.revision {
        return Ok(None);
    }
    match sight {
        Sight::There(reaction) => there(office, &asked, post, card, reaction).await,
        Sight::NoSign | Sight::Gone => {
            let decision = post.decision_of(&member.id);
            let signed = decision.is_some_and(|d| d.verdict == Verdict::Signed && !d.by_button);
            let unsigned = signed.then(|| review::unsign(office, &asked, post, true));
            Ok(unsigned.filter(has_effect))
        }
    }
}

/// A reaction that stands there; nothing when it is known.
async fn there(
    office: &Office,
    asked: &Asked<'_>,
    post: &Post,
    card: &Card,
    reaction: Reaction,
) -> Stored<Option<Change>> {
    let member = asked.member;
    let decided =
        |verdict| post.decisions.iter().any(|d| d.member == member.id && d.verdict == verdict);
    let Ok(ballot) = review::ballot(card, Source::Reaction, true) else { return Ok(None) };
    let change = match reaction {
        Reaction::Sign if member.is_approver() && !decided(Verdict::Signed) => {
            review::sign(office, asked, post, ballot)
        }
        Reaction::Decline if member.is_approver() && !decided(Verdict::Declined) => {
            review::decline(office, asked, post, ballot, "")
        }
        Reaction::Hold
            if post.hold.is_none() && !counted(office, asked, post, reaction).await? =>
        {
            review::hold(office, asked, post)
        }
        Reaction::Stop
            if !asked.practice.stopped && !counted(office, asked, post, reaction).await? =>
        {
            return Ok(Some(stop::stop(office, asked, Some(post)).await?));
        }
        _ => return Ok(None),
    };
    Ok(Some(change).filter(has_effect))
}

/// Refusals are for people who just acted; nobody did.
fn has_effect(change: &Change) -> bool {
    change.post.is_some()
}

/// The member's ✋ or 🛑 on this revision had its effect before, and was lifted since.
async fn counted(
    office: &Office,
    asked: &Asked<'_>,
    post: &Post,
    reaction: Reaction,
) -> Stored<bool> {
    let entries = office.store.entries_of(&post.practice, &post.id).await?;
    Ok(entries.iter().any(|(sealed, _)| {
        let entry = &sealed.entry;
        let same = entry.fact.subject.as_ref().is_some_and(|s| s.revision == post.revision);
        let kind = match entry.fact.what {
            What::Stopped => reaction == Reaction::Stop,
            What::Held { .. } => reaction == Reaction::Hold,
            _ => false,
        };
        same && kind && entry.actor == asked.member.id.as_str()
    }))
}
