//! After it is live: compare what is there with what was signed; take it down.

use super::held::{Loaded, end, load, moved, note, post_of, put_back};
use super::publish::allowed;
use crate::app::office::Office;
use crate::app::raised;
use crate::app::wish::{Wish, plain, wish};
use crate::domain::content::{Part, normalized};
use crate::domain::entry::{Fact, Subject, What};
use crate::domain::ids::RowId;
use crate::domain::outbox::{Outcome, Row, RowKind, RowState, back_off};
use crate::domain::post::Post;
use crate::domain::practice::Practice;
use crate::domain::state::State;
use crate::ports::notice::View;
use crate::ports::publisher::{On, ReadBack};
use crate::ports::store::{Change, OutboxWrite, Stored};

/// After so many tries it is left to people.
const TRIES: i64 = 8;

const BY_HAND: &str = "could not be taken down: remove it there by hand.";
const NO_ACCOUNT: &str =
    "could not be taken down, as its account is disconnected: remove it there by hand.";
const UNREAD: &str =
    "was published, and could not be read there to compare it with what was signed: look at it.";

/// Compares what is live with what was signed; a difference is an alarm.
pub(super) async fn read_back(office: &Office, row: Row) -> Stored<()> {
    let Some((practice, post)) = post_of(office, &row.practice, row.post.as_ref()).await? else {
        return end(office, &row, RowState::Cancelled, None).await;
    };
    if post.state == State::TakenDown {
        return end(office, &row, RowState::Cancelled, Some("not read back".to_owned())).await;
    }
    let (loaded, remote) = (load(office, &row).await?, row.remote.clone());
    let (Some(loaded), Some(remote), 0..=TRIES) = (loaded, remote, row.attempts) else {
        let left = (RowState::Cancelled, UNREAD);
        return leave_to_people(office, &row, (&practice, &post), left).await;
    };
    let (Some(publisher), Some(part)) =
        (office.publisher(loaded.account.network), loaded.content.part(&loaded.account))
    else {
        return again(office, &row).await;
    };
    let reading = publisher.read_back(loaded.on(office.now()), &remote);
    let read = tokio::time::timeout(allowed(office), reading).await;
    let (same, what) = match read.unwrap_or(ReadBack::CantTell) {
        ReadBack::There { text, alts, media } => {
            let same = is_same(part, &text, &alts, &media);
            (same, "is live but differs from what was signed: look at it now.")
        }
        ReadBack::Gone => (false, "was published and is not there any more: look at it now."),
        ReadBack::CantTell => return again(office, &row).await,
    };
    compared(office, &row, &loaded, (same, what)).await
}

/// What came of the comparison, in the ledger; a difference in the card's thread, and to everyone
/// who looks after the practice.
async fn compared(
    office: &Office,
    row: &Row,
    loaded: &Loaded,
    (same, what): (bool, &str),
) -> Stored<()> {
    let post = &loaded.post;
    let publication = RowId::new(row.subject.clone());
    let subject = Subject { post: post.id.clone(), revision: post.revision, state: post.state };
    let fact = Fact { what: What::ReadBack { publication, same }, subject: Some(subject) };
    let mut change = note(office, &row.practice, fact);
    change.practice_version = Some(loaded.practice.version);
    change.post = Some(post.clone());
    change.outbox.push(moved(row, Row { state: RowState::Done, lease_until: None, ..row.clone() }));
    if !same {
        let view =
            told(&loaded.practice, post, row, (what, row.url.as_deref().unwrap_or_default()));
        let subject = format!("differs/{}", row.subject);
        change.outbox.extend(raised::raise(office, &loaded.practice, &subject, &view).await?);
        change.outbox.push(in_thread(office, post, subject, view));
    }
    office.commit(change).await.map(drop)
}

fn is_same(part: &Part, text: &str, alts: &[String], media: &[String]) -> bool {
    let signed = part.media.iter();
    normalized(text) == normalized(&part.words())
        && signed.clone().map(|p| &p.alt).eq(alts)
        && (media.is_empty() || signed.map(|p| &p.sha256).eq(media))
}

async fn again(office: &Office, row: &Row) -> Stored<()> {
    let due = office.now().saturating_add(back_off(row.attempts)).unwrap_or(row.due);
    put_back(office, row, due, Some("no answer yet".to_owned())).await
}

/// Removes what is live; twice is harmless, so silence is simply tried again.
pub(super) async fn take_down(office: &Office, row: Row) -> Stored<()> {
    let Some((practice, post)) = post_of(office, &row.practice, row.post.as_ref()).await? else {
        return end(office, &row, RowState::Cancelled, None).await;
    };
    let of = (&practice, &post);
    let Some(account) = row.account.as_ref().and_then(|id| practice.account(id)) else {
        return leave_to_people(office, &row, of, (RowState::Parked, NO_ACCOUNT)).await;
    };
    let Some(remote) = &row.remote else {
        // A person said it is live, so nobody knows its id there.
        return leave_to_people(office, &row, of, (RowState::Parked, BY_HAND)).await;
    };
    let Some(publisher) = office.publisher(account.network) else {
        return again(office, &row).await;
    };
    let on = On { practice: &practice.id, account, now: office.now() };
    let taking = tokio::time::timeout(allowed(office), publisher.take_down(on, remote));
    match taking.await.unwrap_or(Outcome::TryLater(on.now)) {
        Outcome::Published { .. } => removed(office, &row, of).await,
        Outcome::TryLater(_) | Outcome::SignedOut(_) | Outcome::Unknown(_)
            if row.attempts < TRIES =>
        {
            again(office, &row).await
        }
        Outcome::TryLater(_)
        | Outcome::SignedOut(_)
        | Outcome::Unknown(_)
        | Outcome::Refused(_) => {
            leave_to_people(office, &row, of, (RowState::Refused, BY_HAND)).await
        }
    }
}

/// It is gone: in the card's thread, and in the ledger.
async fn removed(office: &Office, row: &Row, (practice, post): (&Practice, &Post)) -> Stored<()> {
    let publication = RowId::new(row.subject.clone());
    let subject = Subject { post: post.id.clone(), revision: post.revision, state: post.state };
    let fact = Fact { what: What::Removed { publication }, subject: Some(subject) };
    let mut change = note(office, &row.practice, fact);
    change.post = Some(post.clone());
    change.outbox.push(moved(row, Row { state: RowState::Done, lease_until: None, ..row.clone() }));
    let view = told(practice, post, row, ("was taken down.", ""));
    change.outbox.push(in_thread(office, post, format!("removed/{}", row.subject), view));
    office.commit(change).await.map(drop)
}

/// It can't be done: in the card's thread, and to everyone who looks after the practice.
async fn leave_to_people(
    office: &Office,
    row: &Row,
    (practice, post): (&Practice, &Post),
    (state, what): (RowState, &str),
) -> Stored<()> {
    let mut change = Change::new(row.practice.clone(), office.now());
    let trouble = Some(what.trim_end_matches('.').to_owned());
    change.outbox.push(moved(row, Row { state, lease_until: None, trouble, ..row.clone() }));
    let view = told(practice, post, row, (what, row.url.as_deref().unwrap_or_default()));
    let verb = if row.kind == RowKind::Takedown { "removed" } else { "unread" };
    let subject = format!("{verb}/{}", row.subject);
    change.outbox.extend(raised::raise(office, practice, &subject, &view).await?);
    change.outbox.push(in_thread(office, post, subject, view));
    office.commit(change).await.map(drop)
}

fn told(practice: &Practice, post: &Post, row: &Row, (what, url): (&str, &str)) -> View {
    View::Outcome {
        number: post.number,
        account: practice.name_of_account(row.account.as_ref()),
        what: what.to_owned(),
        url: url.to_owned(),
        head: String::new(),
    }
}

fn in_thread(office: &Office, post: &Post, subject: String, view: View) -> OutboxWrite {
    let said = Wish::InThread { post: post.id.clone(), notice: plain(view) };
    wish(office, &post.practice, subject, said, false)
}
