//! Sign-ins that end: whoever looks after a practice hears of it two weeks, a week and a day before
//! and once it is over, each once, with the posts that would wait.
//!
//! What was said is a row under a name of its own, so that a restart says nothing twice, and a new
//! end begins anew. Of several that were slept through, only the last is said.

use jiff::{SignedDuration, Timestamp};

use super::office::Office;
use super::raised;
use super::views::numbers;
use crate::domain::expiry::Expiry;
use crate::domain::practice::{Account, Practice};
use crate::domain::window::shown;
use crate::ports::notice::View;
use crate::ports::publisher::On;
use crate::ports::store::{Change, Stored};

/// So many days before.
const BEFORE: [i64; 3] = [1, 7, 14];

/// Says what is to be said now of every account; returns how many accounts that were.
pub async fn warn(office: &Office) -> Stored<usize> {
    let mut told = 0;
    for id in office.store.practices().await? {
        let Some(practice) = office.store.practice(&id).await? else { continue };
        for account in &practice.accounts {
            told += usize::from(of_one(office, &practice, account).await?);
        }
    }
    if told > 0 {
        office.ring();
    }
    Ok(told)
}

async fn of_one(office: &Office, practice: &Practice, account: &Account) -> Stored<bool> {
    let on = On { practice: &practice.id, account, now: office.now() };
    let Some(accounts) = &office.accounts else { return Ok(false) };
    let ends = accounts.state(on).await?.expiry.and_then(Expiry::ends);
    let Some((ends, days)) = ends.and_then(|ends| Some((ends, soon(ends, on.now)?))) else {
        return Ok(false);
    };
    let what = words(office, practice, (account, ends, days)).await?;
    let subject = format!("expires/{}/{}/{days}", account.id, ends.as_microsecond());
    let mut change = Change::new(practice.id.clone(), on.now);
    let view = View::Noted { what };
    change.outbox = raised::raise(office, practice, &subject, &view).await?;
    office.commit(change).await?;
    Ok(true)
}

/// How many days before is now; 0 once it is over, nothing while that is long.
fn soon(ends: Timestamp, now: Timestamp) -> Option<i64> {
    let left = ends.duration_since(now);
    if left <= SignedDuration::ZERO {
        return Some(0);
    }
    BEFORE.into_iter().find(|days| left <= SignedDuration::from_hours(24 * days))
}

async fn words(
    office: &Office,
    practice: &Practice,
    (account, ends, days): (&Account, Timestamp, i64),
) -> Stored<String> {
    let (name, when) = (&account.name, shown(ends, &practice.zone));
    let posts = office.store.open_posts(&practice.id).await?;
    let waits = posts.iter().filter(|post| {
        let there = post.draft.accounts.contains(&account.id) && !post.is_out_on(&account.id);
        there && post.slot.is_none_or(|slot| slot >= ends)
    });
    let waits = match numbers(waits).as_str() {
        "" => String::new(),
        posts => format!(" Planned after that or without a time, and would wait: {posts}."),
    };
    Ok(match days {
        0 => format!(
            "{name}: its sign-in ended at {when}. Nothing goes out there until it is connected \
             again: /post accounts says how.{waits}"
        ),
        days => format!(
            "{name}: its sign-in ends at {when}, in {} at most. Connect it again before: /post \
             accounts says how.{waits}",
            if days == 1 { "a day".to_owned() } else { format!("{days} days") }
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_two_weeks_a_week_and_a_day_before_and_when_it_is_over() {
        let ends: Timestamp = "2026-12-01T12:00:00Z".parse().expect("a time");
        let table = [
            ("2026-11-17T11:59:59Z", None),
            ("2026-11-17T12:00:00Z", Some(14)),
            ("2026-11-24T11:00:00Z", Some(14)),
            ("2026-11-24T12:00:00Z", Some(7)),
            ("2026-11-30T12:00:00Z", Some(1)),
            ("2026-12-01T11:59:59Z", Some(1)),
            ("2026-12-01T12:00:00Z", Some(0)),
        ];
        for (now, expected) in table {
            assert_eq!(soon(ends, now.parse().expect("a time")), expected, "{now}");
        }
    }
}
