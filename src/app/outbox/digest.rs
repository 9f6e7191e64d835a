//! Makes a practice's digest when it is due, and shows it while its date lasts.
//!
//! One row a practice plans them all, day after day. When the hour is there, one commit writes down
//! that the date has its digest, wishes that it be shown, and puts the row off until the next: who
//! dies before it begins again, and who is late finds the date taken.

use jiff::civil::Date;

use super::held::{end, moved};
use super::showing::{Ready, Showing};
use crate::app::digest;
use crate::app::office::Office;
use crate::app::wish::{Wish, plain, wish};
use crate::domain::daily::Due;
use crate::domain::outbox::{Row, RowState};
use crate::ports::chat::Place;
use crate::ports::digests::Made;
use crate::ports::notice::View;
use crate::ports::store::{Change, Stored};

/// Makes what is due, and waits for what is due next.
pub(super) async fn plan(office: &Office, row: Row) -> Stored<()> {
    let Some(practice) = office.store.practice(&row.practice).await? else {
        return end(office, &row, RowState::Cancelled, None).await;
    };
    let (now, daily) = (office.now(), practice.daily());
    let mut change = Change::new(practice.id.clone(), now);
    let newest = office.store.newest_digest(&practice.id).await?;
    let last = newest.map_or_else(|| daily.before_first(now), |newest| newest.date);
    let due = daily.after(last, now);
    let date = match (newest, due) {
        (_, Due::Now(date)) => Some(date),
        // What was before the first digest is not told of.
        (None, Due::At(_)) => Some(last),
        (Some(_), Due::At(_)) => None,
    };
    if let Some(date) = date {
        let seq = office.store.head(&practice.id).await?.seq;
        change.digest = Some(Made { date, at: now, seq, shown: newest.is_none() });
    }
    let mut next = due;
    if let Due::Now(date) = due {
        let subject = format!("digest/{date}");
        change.outbox.push(wish(office, &practice.id, subject, Wish::Digest { date }, false));
        next = daily.after(date, now);
    }
    let due = match next {
        Due::Now(_) => now,
        Due::At(at) => at,
    };
    let to = Row { state: RowState::Ready, due, attempts: 0, lease_until: None, ..row.clone() };
    change.outbox.push(moved(&row, to));
    office.commit(change).await.map(drop)
}

/// The digest of this date as it stands now; nothing once the date is over, unless it may stand
/// there already.
pub(super) async fn ready(office: &Office, row: &Row, date: Date) -> Stored<Ready> {
    let practice = office.store.practice(&row.practice).await?;
    let made = office.store.digest(&row.practice, date).await?;
    let (Some(practice), Some(made)) = (practice, made) else { return Ok(Ready::Nothing) };
    let is_over = date < practice.daily().date(office.now());
    let Some(channel) = practice.digest_channel().cloned() else { return Ok(Ready::Nothing) };
    if is_over && row.state != RowState::Resolving {
        return Ok(Ready::Nothing);
    }
    let since = office.store.shown_before(&practice.id, date).await?;
    let view = digest::view(office, &practice, (since.as_ref(), &made)).await?;
    let place = Place { channel, thread: None, only: None, instead_of: None };
    let showing = Showing::of(place, plain(View::Digest(Box::new(view))));
    Ok(Ready::Show(Box::new(Showing { digest: Some(made), ..showing })))
}
