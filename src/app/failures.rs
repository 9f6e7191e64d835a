//! Failures are raised at once: one message a day to each who looks after the practice and at each
//! desk of its agencies, kept as it stands, which says so when all is mended.

use jiff::Timestamp;

use super::buttons;
use super::desk;
use super::hearer::{Hearer, hearers};
use super::network_words;
use super::office::Office;
use super::views;
use super::wish::{Wish, plain, wish};
use crate::domain::failure::{Failure, LONG, failures};
use crate::domain::outbox::Row;
use crate::domain::post::Post;
use crate::domain::practice::Practice;
use crate::ports::chat::Place;
use crate::ports::notice::{Button, FailureView, Notice, View};
use crate::ports::publisher::{On, Readiness};
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

/// Today's message of everyone who looks after the practice, as it stands when it is shown; which
/// desks there are is looked up then.
pub fn shown(office: &Office, practice: &Practice) -> Vec<OutboxWrite> {
    let all = hearers(practice).into_iter().map(|hearer| todays(office, practice, hearer));
    let desks = Wish::FailuresAtDesks;
    let desks = wish(office, &practice.id, "alarm-at-desks".to_owned(), desks, true);
    all.chain([desks]).collect()
}

/// Today's message at each desk of the agencies that work for the practice.
pub(super) async fn at_desks(office: &Office, practice: &Practice) -> Stored<Vec<OutboxWrite>> {
    let desks = desk::of(office, &practice.id).await?.into_iter();
    Ok(desks.map(|channel| todays(office, practice, Hearer::Desk { channel })).collect())
}

fn todays(office: &Office, practice: &Practice, hearer: Hearer) -> OutboxWrite {
    let subject = format!("alarm/{}/{}", hearer.name(), day(practice, office.now()));
    wish(office, &practice.id, subject, Wish::Failures { hearer }, true)
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
    let notice = notice(office, practice, hearer).await?;
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

async fn notice(office: &Office, practice: &Practice, hearer: &Hearer) -> Stored<Notice> {
    let posts = office.store.troubled(&practice.id).await?;
    let (mut lines, mut menders) = (out(office, practice).await, Vec::new());
    for post in &posts {
        let mut is_failing = false;
        for failure in failures(post) {
            let line = line(office, practice, post, &failure).await?;
            is_failing |= line.is_some();
            lines.extend(line);
        }
        if is_failing && menders.len() < WITH_BUTTONS {
            let mut mend = buttons::mending(practice, post, office.now());
            if hearer.is_agency() {
                mend.retain(|button| !desk::is_own(button) && may_lift(post, button));
            }
            menders.push((post.number, mend));
        }
    }
    let more = lines.len().saturating_sub(LINES);
    lines.truncate(LINES);
    let more = if more == 0 { String::new() } else { format!("and {more} more") };
    let mut notice = plain(View::Failures { failures: lines, more });
    let several = menders.len() > 1;
    let called = if hearer.is_agency() { practice.id.as_str() } else { "post" };
    let named = |(number, buttons): (i64, Vec<Button>)| {
        let called = several.then(|| format!("{called} {number}"));
        buttons.into_iter().map(move |button| named(called.as_deref(), button))
    };
    notice.buttons = menders.into_iter().flat_map(named).collect();
    Ok(notice)
}

/// Accounts that somebody has to connect again.
pub(super) async fn out(office: &Office, practice: &Practice) -> Vec<FailureView> {
    let mut all = Vec::new();
    for account in &practice.accounts {
        let on = On { practice: &practice.id, account, now: office.now() };
        let Some(publisher) = office.publisher(account.network) else { continue };
        if let Readiness::Out(why) = publisher.readiness(on).await {
            let why = network_words::kept(office, practice, &why);
            let what = format!("has to be connected again, and its posts wait: {why}");
            all.push(FailureView { number: None, account: account.name.clone(), what });
        }
    }
    all
}

/// Among several posts a button says which it is about.
fn named(which: Option<&str>, button: Button) -> Button {
    let label = match which {
        Some(which) => format!("{} ({which})", button.label),
        None => button.label,
    };
    Button { label, ..button }
}

/// A hold of Countersign itself is lifted by the practice's manager alone.
fn may_lift(post: &Post, button: &Button) -> bool {
    !button.id.starts_with("unhold:") || post.hold.as_ref().is_some_and(|hold| hold.by.is_some())
}

/// A failure in words; nothing while it is none yet.
pub(super) async fn line(
    office: &Office,
    practice: &Practice,
    post: &Post,
    failure: &Failure,
) -> Stored<Option<FailureView>> {
    let said =
        |account, what: String| Some(FailureView { number: Some(post.number), account, what });
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
