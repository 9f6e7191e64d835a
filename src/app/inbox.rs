//! Works off the inbox: each event becomes one change, committed with the mark "handled".
//!
//! A crash before the commit repeats the event harmlessly; after it the event is done. When
//! somebody else changed the post in between, the event is decided again.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, StreamExt};
use jiff::SignedDuration;

use super::asked::{Asked, Said};
use super::desk::answer::answer;
use super::office::{Office, Sender};
use super::outbox::leftover;
use super::wish::{Wish, for_eyes_of, plain, wish};
use super::{ask, blocked, founder, other_client};
use crate::domain::agency::Others;
use crate::domain::ids::{MemberId, PracticeId};
use crate::domain::member::{Member, Role};
use crate::domain::practice::Practice;
use crate::ports::intake::{ChatEvent, Happening};
use crate::ports::notice::View;
use crate::ports::store::{Change, Inboxed, Screened, StoreError, Stored};

/// How often an event is decided again when somebody else was faster.
const CONFLICTS: usize = 20;
/// After so many failures an event is put aside, and its author told.
const GIVE_UP: i64 = 5;
/// So long until an event that failed is tried again.
const AGAIN: SignedDuration = SignedDuration::from_secs(1);
/// So many events are loaded at once.
const PAGE: usize = 100;

/// Handles what waits in the inbox, each practice's events in their order; returns how many.
///
/// Practices do not wait for each other; but the instance's events, which are about several, come
/// after what came before them. While an event fails for its own reasons, later ones of the same
/// person wait, so that a ✅ that was taken back does not come after its end; those of everybody
/// else do not.
pub async fn drain(office: &Office) -> Stored<usize> {
    let at_once = usize::try_from(office.pace.at_once).unwrap_or(1).max(1);
    let (mut handled, mut after) = (0, 0);
    loop {
        let limit = i64::try_from(PAGE).unwrap_or(i64::MAX);
        let waiting = office.store.unhandled(after, limit).await?;
        for run in waiting.chunk_by(|a, b| a.practice.is_instance() == b.practice.is_instance()) {
            let each =
                by_practice(run).into_values().map(|events| in_order(office, events).boxed());
            let each: Vec<BoxFuture<'_, Stored<usize>>> = each.collect();
            let done: Vec<Stored<usize>> = stream::iter(each).buffered(at_once).collect().await;
            for done in done {
                handled += done?;
            }
        }
        match waiting.last() {
            Some(last) if handled == 0 && waiting.len() == PAGE => after = last.seq,
            _ => return Ok(handled),
        }
    }
}

fn by_practice(events: &[Inboxed]) -> BTreeMap<&PracticeId, Vec<&Inboxed>> {
    let mut all: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for event in events {
        all.entry(&event.practice).or_default().push(event);
    }
    all
}

async fn in_order(office: &Office, events: Vec<&Inboxed>) -> Stored<usize> {
    let mut handled = 0;
    for event in events {
        let sender = sender(event);
        if office.rests(&sender) {
            continue;
        }
        match attempt(office, event).await? {
            None => handled += 1,
            Some(why) => {
                set_back(office, event, &why).await?;
                office.rest(sender, AGAIN);
            }
        }
    }
    Ok(handled)
}

fn sender(event: &Inboxed) -> Sender {
    (event.practice.clone(), event.event.as_ref().map(|event| event.who().clone()))
}

/// Handles an event; `Some` is why it could not be. Fails only when no other could be handled
/// either.
async fn attempt(office: &Office, event: &Inboxed) -> Stored<Option<String>> {
    let seq = event.seq;
    tracing::debug!(practice.id = %event.practice, event.seq = seq, "Event {seq} is next");
    let why = match AssertUnwindSafe(handle(office, event)).catch_unwind().await {
        Ok(Ok(())) => return Ok(None),
        Ok(Err(StoreError::Conflict)) => {
            let first = office.store.unhandled(event.seq - 1, 1).await?;
            if first.first().is_none_or(|first| first.seq != event.seq) {
                // Another worker was faster.
                return Ok(None);
            }
            StoreError::Conflict.to_string()
        }
        Ok(Err(StoreError::Damaged(why))) => why,
        Ok(Err(failed @ StoreError::Failed(_))) => return Err(failed),
        // Where it was is said by the panic hook.
        Err(_) => "a part of Countersign failed".to_owned(),
    };
    Ok(Some(why))
}

/// Counts the failure; after too many the event is put aside, and its author told.
async fn set_back(office: &Office, event: &Inboxed, why: &str) -> Stored<()> {
    let seq = event.seq;
    tracing::error!(event.seq = seq, why, "Event {seq} was not handled: {why}");
    if event.failures + 1 >= GIVE_UP
        && let Err(error) = own_up(office, event).await
    {
        tracing::error!(event.seq = seq, %error, "The author of {seq} is not told: {error}");
    }
    office.store.failed(&event.practice, seq, GIVE_UP).await
}

async fn own_up(office: &Office, event: &Inboxed) -> Stored<()> {
    let Some(said) = &event.event else {
        return Ok(());
    };
    let seq = event.seq;
    let why = format!(
        "something went wrong here; whoever runs Countersign finds it in the log as event {seq}"
    );
    let place = for_eyes_of(said.who(), said.channel(), None);
    let say = Wish::Say { place, notice: plain(View::Refused { number: 0, why }) };
    let mut change = Change::new(event.practice.clone(), office.now());
    change.outbox.push(wish(office, &event.practice, format!("private/{seq}"), say, false));
    office.store.commit(change).await.map(drop)
}

async fn handle(office: &Office, event: &Inboxed) -> Stored<()> {
    for _ in 0..CONFLICTS {
        let mut change = decide(office, event).await?;
        change.handled = Some(event.seq);
        match office.commit(change).await {
            Ok(_) => return Ok(()),
            Err(StoreError::Conflict) => {}
            Err(failed) => return Err(failed),
        }
    }
    Err(StoreError::Conflict)
}

async fn decide(office: &Office, event: &Inboxed) -> Stored<Change> {
    let practice = office.store.practice(&event.practice).await?;
    let practice = practice.ok_or_else(|| StoreError::Damaged("a practice is gone".to_owned()))?;
    let unreadable = || StoreError::Damaged("inbox.payload can't be read".to_owned());
    match event.event.as_ref().ok_or_else(unreadable)? {
        Screened::Clean(said) => {
            let mut change = if practice.id.is_instance() {
                match founder::sent(said) {
                    Some(fields) => founder::found(office, (said, fields), event.seq).await?,
                    None => answer(office, said, event.seq).await?,
                }
            } else {
                clean(office, &practice, said, event).await?
            };
            change.outbox.extend(leftover::mended(said));
            Ok(change)
        }
        Screened::Blocked { shell, rules, .. } => {
            blocked::blocked(office, &practice, (shell, rules), event.seq).await
        }
        Screened::Unscreened { shell } => {
            Ok(blocked::unscreened(office, &practice, shell, event.seq))
        }
    }
}

async fn clean(
    office: &Office,
    practice: &Practice,
    event: &ChatEvent,
    stored: &Inboxed,
) -> Stored<Change> {
    let nobody = Member::new(MemberId::new(""), "", Role::Staff, true);
    let acting = |member: &Member| member.acting_from(&event.from, office.now());
    let member = practice.who(&event.from).map(acting);
    let message = event.what.message();
    // A reaction is about what was sent, whose words were looked at.
    let others = match &event.what {
        Happening::Reacted { .. } | Happening::Deleted { .. } => Others::default(),
        _ => office.store.others(&practice.id).await?,
    };
    let asked = Asked {
        practice,
        others: &others,
        member: member.as_ref().unwrap_or(&nobody),
        from: &event.from,
        channel: &event.channel,
        message: &message.message,
        // A platform's clock may be ahead of ours.
        at: event.at.min(stored.received),
        typed: event.at,
        seq: stored.seq,
    };
    if member.is_none() {
        return ask::stranger(office, &asked, &event.what).await;
    }
    let answer = ask::ask(office, &asked, &event.what).await?;
    Ok(match answer {
        Ok(mut change) => {
            change.outbox.extend(other_client::told(office, &asked, &change).await?);
            change
        }
        Err(Said::Refused(refusal)) => asked.refused(office, None, refusal),
        Err(Said::Sentence(why)) => asked.told(office, plain(View::Refused { number: 0, why })),
    })
}
