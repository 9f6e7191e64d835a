//! What whoever runs Countersign does from the command line: stops and releases, one practice or
//! all of them.
//!
//! A stop for all is one entry of the instance, and counts for every practice with its commit.
//! Telling the practices comes after it; done again, it tells those that were not told yet.

use super::effects::{Doer, entry};
use super::office::Office;
use super::stop::{announcement, cards};
use super::wish::plain;
use crate::domain::entry::{Fact, What};
use crate::domain::ids::PracticeId;
use crate::domain::ledger::{NewEntry, OPERATOR};
use crate::domain::post::{Post, State};
use crate::domain::practice::Practice;
use crate::ports::notice::View;
use crate::ports::store::{Change, OutboxWrite, StoreError, Stored};

/// How chat names whoever runs Countersign.
const WHO: &str = "Whoever runs Countersign";
/// How often it is decided again when somebody else was faster.
const CONFLICTS: usize = 20;
/// How many entries are read at once.
const PAGE: i64 = 500;

/// An entry by whoever runs Countersign; `name` is what goes into its body.
pub fn by_operator(office: &Office, what: What, name: &str) -> NewEntry {
    let mut new = entry(office, Doer::default(), Fact { what, subject: None });
    OPERATOR.clone_into(&mut new.actor);
    name.clone_into(&mut new.body.name);
    new
}

/// Stops every practice, or releases that; returns whether that changed anything. It counts with
/// this commit; [`tell_all`] tells people.
pub async fn stop_all(office: &Office, stopped: bool) -> Stored<bool> {
    let what = if stopped { What::StoppedAll } else { What::ReleasedAll };
    set(office, &PracticeId::instance(), stopped, what, |_| Vec::new()).await
}

/// Tells every practice of the last stop or release for all that was not told of it; returns what
/// is leaving right now, a line each.
pub async fn tell_all(office: &Office) -> Stored<Vec<String>> {
    let mut in_flight = Vec::new();
    let Some((seq, stopped)) = last_for_all(office).await? else {
        return Ok(in_flight);
    };
    for practice in office.store.practices().await? {
        let posts = office.store.open_posts(&practice).await?;
        let lines = leaving(&posts);
        in_flight.extend(lines.iter().map(|line| format!("{practice}: {line}")));
        let Some(now) = office.store.practice(&practice).await? else {
            continue;
        };
        let still = now.stopped;
        let notice = plain(View::StopAll { stopped, still, in_flight: lines });
        let mut change = Change::new(practice, office.now());
        if !stopped {
            change.outbox.push(OutboxWrite::Wake);
        }
        let subject = format!("stop-all/{seq}");
        change.outbox.extend(announcement(office, &now, subject, (notice, false)));
        change.outbox.extend(cards(office, &posts));
        office.commit(change).await?;
    }
    Ok(in_flight)
}

/// Stops one practice, or releases it; returns whether that changed anything, and what is leaving
/// right now, a line each.
pub async fn stop_one(
    office: &Office,
    practice: &PracticeId,
    stopped: bool,
) -> Stored<(bool, Vec<String>)> {
    let posts = office.store.open_posts(practice).await?;
    let in_flight = leaving(&posts);
    let what = if stopped { What::Stopped } else { What::Released };
    let told = |now: &Practice| {
        let in_flight = if stopped { in_flight.clone() } else { Vec::new() };
        let notice = plain(View::Stop { who: WHO.to_owned(), stopped, in_flight });
        let mut outbox = cards(office, &posts);
        if !stopped {
            outbox.push(OutboxWrite::Wake);
        }
        let subject = format!("stop/operator/{}", now.version);
        outbox.extend(announcement(office, now, subject, (notice, false)));
        outbox
    };
    let changed = set(office, practice, stopped, what, told).await?;
    Ok((changed, in_flight))
}

/// Commits the stop or release, unless it stands already.
async fn set(
    office: &Office,
    whose: &PracticeId,
    stopped: bool,
    what: What,
    told: impl Fn(&Practice) -> Vec<OutboxWrite>,
) -> Stored<bool> {
    for _ in 0..CONFLICTS {
        let gone = || StoreError::Damaged(format!("{whose} is not in the tables"));
        let now = office.store.practice(whose).await?.ok_or_else(gone)?;
        if now.stopped == stopped {
            return Ok(false);
        }
        let mut change = Change::new(whose.clone(), office.now());
        change.entries.push(by_operator(office, what.clone(), ""));
        change.stopped = Some(stopped);
        change.practice_version = Some(now.version);
        change.outbox = told(&now);
        match office.commit(change).await {
            Ok(_) => return Ok(true),
            Err(StoreError::Conflict) => {}
            Err(error) => return Err(error),
        }
    }
    Err(StoreError::Conflict)
}

/// The last stop or release for all: which entry, and whether it stopped.
async fn last_for_all(office: &Office) -> Stored<Option<(i64, bool)>> {
    let (instance, mut after, mut last) = (PracticeId::instance(), 0, None);
    loop {
        let page = office.store.entries(&instance, after, PAGE).await?;
        let Some((end, _)) = page.last() else {
            return Ok(last);
        };
        after = end.entry.seq;
        for (sealed, _) in page {
            match sealed.entry.fact.what {
                What::StoppedAll => last = Some((sealed.entry.seq, true)),
                What::ReleasedAll => last = Some((sealed.entry.seq, false)),
                _ => {}
            }
        }
    }
}

fn leaving(posts: &[Post]) -> Vec<String> {
    let leaving = posts.iter().filter(|post| post.state == State::Publishing);
    leaving.map(|p| format!("post {} is leaving and can't be called back", p.number)).collect()
}
