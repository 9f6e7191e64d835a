//! What time alone causes: the work goes round, cards are read again, and one can wait for quiet.

use std::time::Duration;

use super::inbox::{self, found};
use super::office::Office;
use super::{ask, outbox, review, stop};
use crate::domain::emoji::{self, Reaction};
use crate::domain::entry::What;
use crate::domain::ids::PostId;
use crate::domain::member::{Identity, Member};
use crate::domain::post::{Post, Source, Verdict};
use crate::domain::practice::Practice;
use crate::ports::chat::{Seen, Unreachable};
use crate::ports::store::{Card, Change, StoreError, Stored};

/// Works off everything that waits and is due now; returns whether there was anything.
pub async fn go_round(office: &Office) -> Stored<bool> {
    let events = inbox::drain(office).await?;
    let rows = outbox::drain(office).await?;
    Ok(events + rows > 0)
}

/// Goes round until told to stop: as soon as the bell rings, or when the next row is due.
pub async fn go_on(office: &Office) {
    loop {
        match go_round(office).await {
            Ok(true) => office.all_is_well(),
            Ok(false) => idle(office).await,
            Err(error) => {
                outbox::alarm::raise(office, &error.to_string()).await;
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

async fn idle(office: &Office) {
    let now = office.now();
    let due = office.store.next_due().await.ok().flatten();
    let wait = due.map_or(1_000, |due| due.duration_since(now).as_millis());
    // Another process may put rows in, so never longer than a second.
    let wait = Duration::from_millis(u64::try_from(wait.clamp(5, 1_000)).unwrap_or(1_000));
    let _ = tokio::time::timeout(wait, office.bell.notified()).await;
}

/// Waits until events up to this number are handled and nothing is due.
pub async fn settled(office: &Office, after: i64) {
    loop {
        if is_settled(office, after).await.unwrap_or(false) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn is_settled(office: &Office, after: i64) -> Stored<bool> {
    let waiting = office.store.unhandled(1).await?;
    if waiting.first().is_some_and(|event| event.seq <= after) {
        return Ok(false);
    }
    let due = office.store.next_due().await?;
    Ok(due.is_none_or(|due| due > office.now()))
}

/// Reads every open card again; returns how many could not be read.
pub async fn sweep(office: &Office) -> Stored<usize> {
    let mut unread = 0;
    for practice in office.store.practices().await? {
        let Some(practice) = office.store.practice(&practice).await? else {
            continue;
        };
        for card in office.store.open_cards(&practice.id).await? {
            if read_card(office, &practice, &card).await?.is_err() {
                unread += 1;
            }
        }
    }
    Ok(unread)
}

/// Reads the open cards of one post again, so that it may leave.
pub async fn read_cards_of(
    office: &Office,
    practice: &Practice,
    post: &PostId,
) -> Stored<Result<(), Unreachable>> {
    for card in office.store.cards(&practice.id, post).await? {
        if card.open {
            if let Err(unreachable) = read_card(office, practice, &card).await? {
                return Ok(Err(unreachable));
            }
        }
    }
    office.note_read(post);
    Ok(Ok(()))
}

/// Reads one card and lets what changed unseen take effect.
async fn read_card(
    office: &Office,
    practice: &Practice,
    card: &Card,
) -> Stored<Result<(), Unreachable>> {
    let Some(chat) = office.chat(card.at.channel.platform) else {
        return Ok(Err(Unreachable("not connected".to_owned())));
    };
    let seen = match chat.look(&card.at).await {
        Ok(seen) => seen,
        Err(unreachable) => return Ok(Err(unreachable)),
    };
    match seen {
        None => gone(office, practice, card).await?,
        Some(seen) => compare(office, practice, card, &seen).await?,
    }
    office.note_read(&card.post);
    Ok(Ok(()))
}

async fn gone(office: &Office, practice: &Practice, card: &Card) -> Stored<()> {
    let nobody = Identity {
        platform: card.at.channel.platform,
        workspace: card.at.channel.workspace.clone(),
        user: String::new(),
    };
    let Some(someone) = practice.members.first() else {
        return Ok(());
    };
    retry(office, practice, card, async |office, practice, post| {
        let asked = found(practice, someone, &nobody, card);
        Ok(Some(ask::card_deleted(office, &asked, card, post)))
    })
    .await
}

/// What stands on the card against what is known: a vanished ✅ first, then what is new.
async fn compare(office: &Office, practice: &Practice, card: &Card, seen: &Seen) -> Stored<()> {
    for member in &practice.members {
        let on: Vec<Reaction> = seen
            .reactions
            .iter()
            .filter(|(who, _)| member.identities.contains(who))
            .filter_map(|(_, emoji)| emoji::read(emoji))
            .collect();
        let Some(from) = member.on(card.at.channel.platform) else {
            continue;
        };
        retry(office, practice, card, async |office, practice, post| {
            let member = practice.member(&member.id).unwrap_or(member);
            one(office, practice, post, (member, from, card), &on).await
        })
        .await?;
        for reaction in &on {
            retry(office, practice, card, async |office, practice, post| {
                let member = practice.member(&member.id).unwrap_or(member);
                new(office, practice, post, (member, from, card), *reaction).await
            })
            .await?;
        }
    }
    Ok(())
}

/// A sign-off whose ✅ is gone.
async fn one(
    office: &Office,
    practice: &Practice,
    post: &Post,
    (member, from, card): (&Member, &Identity, &Card),
    on: &[Reaction],
) -> Stored<Option<Change>> {
    let asked = found(practice, member, from, card);
    let signed = post.decision_of(&member.id).is_some_and(|d| d.verdict == Verdict::Signed);
    if !signed || on.contains(&Reaction::Sign) || card.revision != post.revision {
        return Ok(None);
    }
    let _ = office;
    Ok(review::unsign(office, &asked, post, true).ok())
}

/// A reaction that nobody told us of.
async fn new(
    office: &Office,
    practice: &Practice,
    post: &Post,
    (member, from, card): (&Member, &Identity, &Card),
    reaction: Reaction,
) -> Stored<Option<Change>> {
    let asked = found(practice, member, from, card);
    let known = post.decisions.iter().filter(|d| d.member == member.id);
    let decided = |verdict| known.clone().any(|d| d.verdict == verdict);
    if card.revision != post.revision {
        return Ok(None);
    }
    let Ok(ballot) = review::ballot(card, Source::Reaction, true) else {
        return Ok(None);
    };
    Ok(match reaction {
        Reaction::Sign if member.is_approver() && !decided(Verdict::Signed) => {
            review::sign(office, &asked, post, ballot).ok().filter(|c| c.post.is_some())
        }
        Reaction::Decline if member.is_approver() && !decided(Verdict::Declined) => {
            review::decline(office, &asked, post, ballot, "").ok().filter(|c| c.post.is_some())
        }
        Reaction::Hold if post.hold.is_none() && !counted(office, post, member, false).await? => {
            review::hold(office, &asked, post).ok().filter(|c| c.post.is_some())
        }
        Reaction::Stop if !practice.stopped && !counted(office, post, member, true).await? => {
            Some(stop::stop(office, &asked, Some(post)).await?)
        }
        _ => None,
    })
}

/// The member's ✋ or 🛑 on this revision had its effect before, and was lifted since.
async fn counted(office: &Office, post: &Post, member: &Member, stop: bool) -> Stored<bool> {
    let entries = office.store.entries_of(&post.practice, &post.id).await?;
    Ok(entries.iter().any(|(sealed, _)| {
        let entry = &sealed.entry;
        let same = entry.fact.subject.as_ref().is_some_and(|s| s.revision == post.revision);
        let kind = match entry.fact.what {
            What::Stopped => stop,
            What::Held { .. } => !stop,
            _ => false,
        };
        same && kind && entry.actor == member.id.as_str()
    }))
}

/// Loads, decides, commits, and again if somebody else was faster.
async fn retry(
    office: &Office,
    practice: &Practice,
    card: &Card,
    decide: impl AsyncFn(&Office, &Practice, &Post) -> Stored<Option<Change>>,
) -> Stored<()> {
    for _ in 0..20 {
        let Some(practice) = office.store.practice(&practice.id).await? else {
            return Ok(());
        };
        let Some(post) = office.store.post(&practice.id, &card.post).await? else {
            return Ok(());
        };
        let Some(change) = decide(office, &practice, &post).await? else {
            return Ok(());
        };
        match office.store.commit(change).await {
            Err(StoreError::Conflict) => {}
            other => return other.map(drop),
        }
    }
    Err(StoreError::Conflict)
}

/// Sweeps at the start, then every so often.
pub async fn sweep_on(office: &Office) {
    loop {
        match sweep(office).await {
            Ok(0) => {}
            Ok(unread) => tracing::warn!(unread, "{unread} cards could not be read again"),
            Err(error) => tracing::error!(%error, "Cards could not be read again: {error}"),
        }
        let wait = Duration::try_from(office.pace.sweep).unwrap_or(Duration::from_secs(300));
        tokio::time::sleep(wait).await;
    }
}
