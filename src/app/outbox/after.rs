//! After it is live: compare what is there with what was signed; take it down.

use super::held::{Loaded, end, load, moved, note, put_back};
use crate::app::office::Office;
use crate::app::wish::{Wish, plain, wish};
use crate::domain::content::{Part, normalized};
use crate::domain::entry::{Fact, Subject, What};
use crate::domain::ids::RowId;
use crate::domain::outbox::{Outcome, Row, RowState, back_off};
use crate::domain::state::State;
use crate::ports::notice::View;
use crate::ports::publisher::ReadBack;
use crate::ports::store::{Change, Stored};

/// After so many tries a read-back is left alone.
const TRIES: i64 = 8;

/// Compares what is live with what was signed; a difference is an alarm in the card's thread.
pub(super) async fn read_back(office: &Office, row: Row) -> Stored<()> {
    let loaded = load(office, &row).await?;
    let remote = row.remote.clone();
    let (Some(loaded), Some(remote)) = (loaded, remote) else {
        return end(office, &row, RowState::Cancelled, None).await;
    };
    if row.attempts > TRIES || loaded.post.state == State::TakenDown {
        return end(office, &row, RowState::Cancelled, Some("not read back".to_owned())).await;
    }
    let Some(publisher) = office.publisher(loaded.account.network) else {
        return again(office, &row).await;
    };
    let Some(part) = loaded.content.part(&loaded.account) else {
        return end(office, &row, RowState::Cancelled, None).await;
    };
    let (same, what) = match publisher.read_back(loaded.on(office.now()), &remote).await {
        ReadBack::There { text, alts, media } => {
            let same = is_same(part, &text, &alts, &media);
            (same, "is live but differs from what was signed: look at it now.")
        }
        ReadBack::Gone => (false, "was published and is not there any more: look at it now."),
        ReadBack::CantTell => return again(office, &row).await,
    };
    let post = &loaded.post;
    let publication = RowId::new(row.subject.clone());
    let subject = Subject { post: post.id.clone(), revision: post.revision, state: post.state };
    let fact = Fact { what: What::ReadBack { publication, same }, subject: Some(subject) };
    let mut change = note(office, &row.practice, fact);
    change.practice_version = Some(loaded.practice.version);
    change.post = Some(post.clone());
    change
        .outbox
        .push(moved(&row, Row { state: RowState::Done, lease_until: None, ..row.clone() }));
    if !same {
        let notice = plain(View::Outcome {
            number: loaded.post.number,
            account: loaded.practice.name_of_account(row.account.as_ref()),
            what: what.to_owned(),
            url: String::new(),
            head: String::new(),
        });
        let alarm = Wish::InThread { post: post.id.clone(), notice };
        let subject = format!("differs/{}", row.subject);
        change.outbox.push(wish(office, &row.practice, subject, alarm, false));
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
    let Some(loaded) = load(office, &row).await? else {
        return end(office, &row, RowState::Cancelled, None).await;
    };
    let by_hand = "could not be taken down: remove it there by hand.";
    let Some(remote) = row.remote.clone() else {
        // A person said it is live, so nobody knows its id there.
        return taken(office, &row, &loaded, (RowState::Parked, by_hand)).await;
    };
    let Some(publisher) = office.publisher(loaded.account.network) else {
        return again(office, &row).await;
    };
    match publisher.take_down(loaded.on(office.now()), &remote).await {
        Outcome::Published { .. } => {
            taken(office, &row, &loaded, (RowState::Done, "was taken down.")).await
        }
        Outcome::TryLater(_) | Outcome::SignedOut(_) | Outcome::Unknown(_)
            if row.attempts < TRIES =>
        {
            again(office, &row).await
        }
        Outcome::TryLater(_)
        | Outcome::SignedOut(_)
        | Outcome::Unknown(_)
        | Outcome::Refused(_) => taken(office, &row, &loaded, (RowState::Refused, by_hand)).await,
    }
}

/// What came of a takedown, in the card's thread; and in the ledger when it is gone.
async fn taken(
    office: &Office,
    row: &Row,
    loaded: &Loaded,
    (state, what): (RowState, &str),
) -> Stored<()> {
    let post = &loaded.post;
    let mut change = Change::new(row.practice.clone(), office.now());
    if state == RowState::Done {
        let publication = RowId::new(row.subject.clone());
        let subject = Subject { post: post.id.clone(), revision: post.revision, state: post.state };
        let fact = Fact { what: What::Removed { publication }, subject: Some(subject) };
        change = note(office, &row.practice, fact);
        change.post = Some(post.clone());
    }
    change.outbox.push(moved(row, Row { state, lease_until: None, ..row.clone() }));
    let notice = plain(View::Outcome {
        number: post.number,
        account: loaded.practice.name_of_account(row.account.as_ref()),
        what: what.to_owned(),
        url: if state == RowState::Done {
            String::new()
        } else {
            row.url.clone().unwrap_or_default()
        },
        head: String::new(),
    });
    let said = Wish::InThread { post: post.id.clone(), notice };
    let subject = format!("removed/{}", row.subject);
    change.outbox.push(wish(office, &row.practice, subject, said, false));
    office.commit(change).await.map(drop)
}
