//! Reads cards again, and lets what happened unseen take effect.
//!
//! Events are hints: the platform is the truth. A ✅ that vanished while nobody listened unsigns;
//! one that appeared signs, and is marked as found later; a card that is gone comes back.

use jiff::Timestamp;

use super::asked::{Asked, found};
use super::office::Office;
use super::{ask, review, stop};
use crate::domain::agency::Others;
use crate::domain::emoji::{self, Reaction};
use crate::domain::entry::What;
use crate::domain::ids::{PostId, PracticeId};
use crate::domain::member::{Identity, Member};
use crate::domain::post::Post;
use crate::domain::practice::Practice;
use crate::domain::refusal::Refusal;
use crate::domain::state::{Source, Verdict};
use crate::ports::chat::{Connection, Seen, Unreachable};
use crate::ports::store::{Card, Change, StoreError, Stored};

/// How often a card is looked at again because something had an effect, or somebody was faster.
const LOOKS: usize = 50;

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
    for practice in office.store.with_open_cards().await? {
        for card in office.store.open_cards(&practice).await? {
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
    practice: &PracticeId,
    post: &PostId,
) -> Stored<Result<(), Unreachable>> {
    let cards = office.store.cards(practice, post).await?;
    let open: Vec<Card> = cards.into_iter().filter(|card| card.open).collect();
    if open.is_empty() {
        return Ok(Err(Unreachable("its card is not shown yet".to_owned())));
    }
    for card in open {
        if let Err(unreachable) = read(office, practice, &card).await? {
            return Ok(Err(unreachable));
        }
    }
    Ok(Ok(()))
}

/// Reads one card until nothing on it has an effect any more.
///
/// The post is loaded before each look at the card, and the effect is committed under the loaded
/// version: whoever signs between the two is not taken for somebody whose ✅ vanished.
async fn read(
    office: &Office,
    practice: &PracticeId,
    card: &Card,
) -> Stored<Result<(), Unreachable>> {
    let Some(chat) = office.chat(card.at.channel.platform) else {
        return Ok(Err(Unreachable("not connected".to_owned())));
    };
    if chat.connection() == Connection::Down {
        return Ok(Err(Unreachable("nothing comes in from it now".to_owned())));
    }
    for _ in 0..LOOKS {
        let loaded = office.store.practice(practice).await?;
        let Some((practice, post)) = loaded.zip(office.store.post(practice, &card.post).await?)
        else {
            return Ok(Ok(()));
        };
        let seen = match chat.look(&card.at).await {
            Err(unreachable) => return Ok(Err(unreachable)),
            Ok(seen) => seen,
        };
        let Some(change) = effect(office, (&practice, &post), card, seen.as_ref()).await? else {
            return Ok(Ok(()));
        };
        match office.commit(change).await {
            // A card that is gone is not looked at again.
            Ok(_) if seen.is_none() => return Ok(Ok(())),
            Ok(_) | Err(StoreError::Conflict) => {}
            Err(failed) => return Err(failed),
        }
    }
    Err(StoreError::Conflict)
}

/// The first effect that what was seen has on the post.
async fn effect(
    office: &Office,
    (practice, post): (&Practice, &Post),
    card: &Card,
    seen: Option<&Seen>,
) -> Stored<Option<Change>> {
    // Nobody in particular took a card away; the act is Countersign's own.
    let anybody = practice.members.first();
    let gone = || anybody.map(|member| (member, None, Sight::Gone)).into_iter().collect();
    let sights = seen.map_or_else(gone, |seen| sights(practice, seen));
    for (member, from, sight) in sights {
        let Some(from) = from.or_else(|| member.on(card.at.channel.platform)) else { continue };
        let member = &member.acting_from(from, office.now());
        let decided = decide(office, (practice, post), (member, from), card, sight).await?;
        if decided.is_some() {
            return Ok(decided);
        }
    }
    Ok(None)
}

/// What each member's reactions show: what vanished first, then what is there.
fn sights<'a>(
    practice: &'a Practice,
    seen: &'a Seen,
) -> Vec<(&'a Member, Option<&'a Identity>, Sight)> {
    let mut sights = Vec::new();
    for member in &practice.members {
        let theirs = seen.reactions.iter().filter(|(who, _)| member.identities.contains(who));
        let there = theirs.filter_map(|(who, emoji)| Some((who, emoji::read(emoji)?)));
        let there: Vec<(&Identity, Reaction)> = there.collect();
        if !there.iter().any(|(_, reaction)| *reaction == Reaction::Sign) {
            sights.push((member, None, Sight::NoSign));
        }
        let there = there.into_iter();
        sights.extend(there.map(|(from, reaction)| (member, Some(from), Sight::There(reaction))));
    }
    sights
}

async fn decide(
    office: &Office,
    (practice, post): (&Practice, &Post),
    (member, from): (&Member, &Identity),
    card: &Card,
    sight: Sight,
) -> Stored<Option<Change>> {
    let others = Others::default();
    let asked = found((practice, &others), (member, from), (card, office.now()));
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
    let known = match reaction {
        Reaction::Sign => !may_sign(asked) || decided(Verdict::Signed),
        Reaction::Decline => !may_sign(asked) || decided(Verdict::Declined),
        Reaction::Hold => post.hold.is_some(),
        Reaction::Stop => false,
    };
    if known || counted(office, asked, post, reaction).await? {
        return Ok(None);
    }
    let Ok(ballot) = review::ballot(card, Source::Reaction, true) else { return Ok(None) };
    let change = match reaction {
        Reaction::Sign => review::sign(office, asked, post, ballot),
        Reaction::Decline => review::decline(office, asked, post, ballot, ""),
        Reaction::Hold => review::hold(office, asked, post),
        Reaction::Stop => return Ok(Some(stop::stop(office, asked, Some(post)).await?)),
    };
    // Who may sign from another account, and not from here, is told so once.
    Ok(Some(change).filter(|change| has_effect(change) || is_told(change)))
}

/// The member may sign, from this account or another.
fn may_sign(asked: &Asked<'_>) -> bool {
    let member = asked.practice.member(&asked.member.id);
    member.is_some_and(|member| member.is_approver() || member.is_compliance())
}

/// The person is told that the account is not known to be theirs.
fn is_told(change: &Change) -> bool {
    change.entries.iter().any(|entry| {
        matches!(&entry.fact.what, What::NoEffect { refusal, .. } if is_of_the_identity(refusal))
    })
}

fn is_of_the_identity(refusal: &str) -> bool {
    let waits = Refusal::IdentityWaits { from: Timestamp::UNIX_EPOCH };
    [Refusal::Unconfirmed, waits].iter().any(|of| refusal == of.code())
}

/// Refusals are for people who just acted; nobody did.
fn has_effect(change: &Change) -> bool {
    change.post.is_some()
}

/// The member's reaction on this revision had its effect before, and was taken back or lifted
/// since: only a new tap counts, not the sight of the old one.
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
            What::Unsigned { .. } => reaction == Reaction::Sign,
            What::NoEffect { ref refusal, .. } => {
                matches!(reaction, Reaction::Sign | Reaction::Decline)
                    && is_of_the_identity(refusal)
            }
            What::Stopped => reaction == Reaction::Stop,
            What::Held { .. } => reaction == Reaction::Hold,
            _ => false,
        };
        same && kind && entry.actor == asked.member.id.as_str()
    }))
}
