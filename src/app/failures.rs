//! Failures are raised at once: one message a day to each who looks after the practice, kept as it
//! stands, which says so when all is mended.

use jiff::Timestamp;

use super::buttons;
use super::hearer::{Hearer, hearers};
use super::office::Office;
use super::views;
use super::wish::{Wish, plain, wish};
use crate::domain::failure::{Failure, LONG, failures};
use crate::domain::outbox::Row;
use crate::domain::post::Post;
use crate::domain::practice::Practice;
use crate::ports::chat::Place;
use crate::ports::notice::{Button, FailureView, Notice, View};
use crate::ports::store::{OutboxWrite, Stored};

/// So many failures stand in a message; the others are counted.
const LINES: usize = 12;
/// So many of them get their buttons there; the others are mended on their cards.
const WITH_BUTTONS: usize = 3;

/// What has to be shown again when this changed a post: nothing, unless a failure came or went.
pub(super) fn raised(
    office: &Office,
    practice: &Practice,
    (before, after): (&Post, &Post),
) -> Vec<OutboxWrite> {
    // What merely is not known yet is no failure; it is one more reason to look when it is over.
    if failures(before) == failures(after) || is_new_doubt(before, after) {
        return Vec::new();
    }
    shown(office, practice)
}

fn is_new_doubt(before: &Post, after: &Post) -> bool {
    let known = failures(before);
    let mut new = failures(after).into_iter().filter(|failure| !known.contains(failure));
    failures(after).len() > known.len() && new.all(|failure| matches!(failure, Failure::Unknown(_)))
}

/// Today's message of everyone who looks after the practice, as it stands when it is shown.
pub fn shown(office: &Office, practice: &Practice) -> Vec<OutboxWrite> {
    let all = hearers(practice).into_iter();
    let today = day(practice, office.now());
    let message = |hearer: Hearer| {
        let subject = format!("alarm/{}/{today}", hearer.name());
        wish(office, &practice.id, subject, Wish::Failures { hearer }, true)
    };
    all.map(message).collect()
}

fn day(practice: &Practice, at: Timestamp) -> jiff::civil::Date {
    practice.zone.to_datetime(at).date()
}

/// The message as it stands now, and where; nothing when there is nothing to say.
pub(super) async fn message(
    office: &Office,
    practice: &Practice,
    row: &Row,
    hearer: &Hearer,
) -> Stored<Option<(Place, Notice)>> {
    let Some(place) = hearer.place(practice) else { return Ok(None) };
    let notice = notice(office, practice).await?;
    let mended = matches!(&notice.view, View::Failures { failures, .. } if failures.is_empty());
    let stands = match (&row.remote, mended) {
        (None, true) => {
            let begins = format!("alarm/{}/", hearer.name());
            let earlier = office.store.notices(&practice.id, &begins).await?;
            match earlier.into_iter().find_map(|row| row.remote) {
                Some(message) => Some(message),
                None => return Ok(None),
            }
        }
        (message, _) => message.clone(),
    };
    Ok(Some((Place { instead_of: stands, ..place }, notice)))
}

async fn notice(office: &Office, practice: &Practice) -> Stored<Notice> {
    let posts = office.store.troubled(&practice.id).await?;
    let (mut lines, mut menders) = (Vec::new(), Vec::new());
    for post in &posts {
        let mut is_failing = false;
        for failure in failures(post) {
            let line = line(office, practice, post, &failure).await?;
            is_failing |= line.is_some();
            lines.extend(line);
        }
        if is_failing && menders.len() < WITH_BUTTONS {
            menders.push((post.number, buttons::mending(practice, post, office.now())));
        }
    }
    let more = lines.len().saturating_sub(LINES);
    lines.truncate(LINES);
    let more = if more == 0 { String::new() } else { format!("and {more} more") };
    let mut notice = plain(View::Failures { failures: lines, more });
    let several = menders.len() > 1;
    notice.buttons = menders.into_iter().flat_map(|(n, all)| named(n, all, several)).collect();
    Ok(notice)
}

/// Among several posts a button says which it is about.
fn named(number: i64, buttons: Vec<Button>, several: bool) -> impl Iterator<Item = Button> {
    buttons.into_iter().map(move |button| Button {
        label: if several { format!("{} (post {number})", button.label) } else { button.label },
        ..button
    })
}

/// A failure in words; nothing while it is none yet.
async fn line(
    office: &Office,
    practice: &Practice,
    post: &Post,
    failure: &Failure,
) -> Stored<Option<FailureView>> {
    let said = |account, what: String| Some(FailureView { number: post.number, account, what });
    let row = match failure {
        Failure::Held => {
            let why = views::held_by_itself(post.hold.as_ref());
            return Ok(said(String::new(), format!("is {why}")));
        }
        Failure::Missed => return Ok(said(String::new(), views::MISSED.to_owned())),
        Failure::Refused(row) | Failure::Parked(row) | Failure::Unknown(row) => row,
    };
    let Some(row) = office.store.row(&practice.id, row).await? else { return Ok(None) };
    if matches!(failure, Failure::Unknown(_)) && row.look_ups < LONG {
        return Ok(None);
    }
    let account = practice.name_of_account(row.account.as_ref());
    Ok(said(account, views::outcome(practice, &row)))
}
