//! The daily digest: what happened since the last one, and how things stand now.
//!
//! What happened comes from the ledger, between the entry at which the last digest that was shown
//! ended and the one at which this one does: nothing is told twice, and nothing is left out, also
//! where zone or hour changed or one was never shown. How things stand is read when it is shown.
//! How much is read goes by what happened and is open, never by how many posts there are.

pub(super) mod desk;
mod parts;

use super::asked::{Answer, Asked};
use super::failures::{self, line as failure};
use super::office::Office;
use super::search::first_words;
use super::views;
use super::wish::plain;
use crate::domain::daily::Due;
use crate::domain::digest::{Note, Told};
use crate::domain::failure::failures as failures_of;
use crate::domain::ids::{PostId, RowId};
use crate::domain::outbox::Row;
use crate::domain::post::{Post, State};
use crate::domain::practice::Practice;
use crate::domain::window::{Window, day, shown};
use crate::ports::digests::Made;
use crate::ports::notice::{DigestLine, DigestView, View};
use crate::ports::store::Stored;
use parts::{LINES, Lines, fit};

/// So many entries are read at once.
const PAGE: i64 = 500;
/// So many of the newest entries are read where there was no digest before.
const FIRST: i64 = 1_000;

/// `/post digest`: as it would be now, for whoever asks.
pub(super) async fn asked_for(office: &Office, asked: &Asked<'_>) -> Answer {
    let practice = asked.practice;
    let (since, until) = so_far(office, practice).await?;
    let view = view(office, practice, (since.as_ref(), &until)).await?;
    Ok(Ok(asked.told(office, plain(View::Digest(Box::new(view))))))
}

/// From the last digest that was shown until now.
async fn so_far(office: &Office, practice: &Practice) -> Stored<(Option<Made>, Made)> {
    let since = office.store.shown_before(&practice.id, jiff::civil::Date::MAX).await?;
    let (at, head) = (office.now(), office.store.head(&practice.id).await?);
    let until = Made { date: practice.daily().date(at), at, seq: head.seq, shown: false };
    Ok((since, until))
}

/// The digest that tells what happened after `since` and up to `until`.
pub(super) async fn view(
    office: &Office,
    practice: &Practice,
    (since, until): (Option<&Made>, &Made),
) -> Stored<DigestView> {
    let now = office.now();
    let told = told(office, practice, (since, until)).await?;
    let open = office.store.open_posts(&practice.id).await?;
    let mut all = [
        published(office, practice, &told).await?,
        troubled(office, practice, &open).await?,
        parts::waiting(practice, &open, now),
        parts::today(practice, &open, now),
        accounts(office, practice).await,
        notes(office, practice, &told).await?,
    ];
    fit(&mut all);
    let nothing = all.iter().all(|part| part.count() == 0);
    let [published, troubled, waiting, today, accounts, notes] = all.map(Lines::part);
    let (stopped, unwatched) =
        (views::stopped(practice), unwatched(office, practice, since).await?);
    Ok(DigestView {
        practice: practice.name.clone(),
        sample: practice.sample,
        day: day(now, &practice.zone),
        since: since.map(|since| shown(since.at, &practice.zone)).unwrap_or_default(),
        quiet: nothing && stopped.is_empty() && unwatched.is_empty(),
        stopped,
        unwatched,
        published,
        troubled,
        waiting,
        today,
        accounts,
        notes,
        head: office.store.head(&practice.id).await?.short(),
        next: next(office, practice, until).await?,
    })
}

/// What the ledger tells of that time.
async fn told(
    office: &Office,
    practice: &Practice,
    (since, until): (Option<&Made>, &Made),
) -> Stored<Told> {
    let (mut told, mut after) =
        (Told::default(), since.map_or(until.seq - FIRST, |since| since.seq));
    while after < until.seq {
        let limit = PAGE.min(until.seq - after.max(0));
        let page = office.store.entries(&practice.id, after, limit).await?;
        let Some((last, _)) = page.last() else { break };
        after = last.entry.seq;
        for (sealed, _) in &page {
            told.add(&sealed.entry);
        }
    }
    Ok(told)
}

async fn published(office: &Office, practice: &Practice, told: &Told) -> Stored<Lines> {
    let mut lines = Vec::new();
    for (post, rows) in told.published.iter().take(LINES) {
        lines.extend(went_out(office, practice, (post, rows)).await?);
    }
    Ok(Lines::first(lines, told.published.len()))
}

async fn went_out(
    office: &Office,
    practice: &Practice,
    (post, rows): (&PostId, &[RowId]),
) -> Stored<Option<DigestLine>> {
    let Some(post) = office.store.post(&practice.id, post).await? else { return Ok(None) };
    let mut out: Vec<Row> = Vec::new();
    for row in rows {
        out.extend(office.store.row(&practice.id, row).await?);
    }
    let Some(first) = out.first() else { return Ok(None) };
    let words = first_words(office, &post, first).await?;
    let taken_down = post.state == State::TakenDown;
    let text = if taken_down { format!("taken down since: {words}") } else { words };
    let links = out.into_iter().filter_map(|row| row.url.filter(|_| !taken_down)).collect();
    Ok(Some(DigestLine { links, ..parts::line(&post, text) }))
}

/// What somebody has to mend, and what a member holds.
async fn troubled(office: &Office, practice: &Practice, open: &[Post]) -> Stored<Lines> {
    let mut lines = Vec::new();
    for post in office.store.troubled(&practice.id).await? {
        for of in failures_of(&post) {
            let Some(failed) = failure(office, practice, &post, &of).await? else { continue };
            let on = match failed.account.as_str() {
                "" => String::new(),
                account => format!("on {account} "),
            };
            lines.push(parts::line(&post, format!("{on}{}", failed.what)));
        }
    }
    lines.extend(parts::held(practice, open));
    Ok(Lines::all(lines))
}

async fn accounts(office: &Office, practice: &Practice) -> Lines {
    let out = failures::out(office, practice).await.into_iter();
    let line = |failed: crate::ports::notice::FailureView| DigestLine {
        text: format!("{} {}", failed.account, failed.what),
        ..DigestLine::default()
    };
    Lines::all(out.map(line).collect())
}

async fn notes(office: &Office, practice: &Practice, told: &Told) -> Stored<Lines> {
    let mut lines = Vec::new();
    for note in told.notes.iter().take(LINES) {
        let (post, text) = match note {
            Note::Overridden(post, by, rules) => {
                let what = if rules.len() == 1 { "the rule" } else { "the rules" };
                (post, format!("{} overrode {what} {}", practice.name_of(by), rules.join(", ")))
            }
            Note::Recovered(post, by) => {
                let who = practice.name_of(by);
                (post, format!("the sign-off of {who} was found after Countersign was away"))
            }
            Note::Removed(post) => (post, "was taken down".to_owned()),
        };
        let post = office.store.post(&practice.id, post).await?;
        lines.extend(post.map(|post| parts::line(&post, text)));
    }
    Ok(Lines::first(lines, told.notes.len()))
}

/// From when to when nobody was at work since the last digest.
async fn unwatched(
    office: &Office,
    practice: &Practice,
    since: Option<&Made>,
) -> Stored<Vec<String>> {
    let Some(since) = since else { return Ok(Vec::new()) };
    let gaps = office.store.unwatched(since.at).await?.into_iter();
    let gap = |(opens, closes)| Window { opens, closes }.shown(&practice.zone);
    Ok(gaps.map(gap).collect())
}

/// When the next one is due, after this one and those that were made already.
async fn next(office: &Office, practice: &Practice, this: &Made) -> Stored<String> {
    let newest = office.store.newest_digest(&practice.id).await?.map(|newest| newest.date);
    let last = newest.unwrap_or_else(|| practice.daily().before_first(this.at));
    let at = match practice.daily().after(last, this.at) {
        Due::Now(_) => this.at,
        Due::At(at) => at,
    };
    Ok(shown(at, &practice.zone))
}
