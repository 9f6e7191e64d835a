//! A publication that must wait although nobody holds it: the hour is quiet, a sign-off is too old,
//! or its account is out. Its card says so, and until when.

use jiff::Timestamp;

use super::held::{CONFLICTS, end, moved, post_of, still_mine};
use super::look::sign_again;
use crate::app::effects::refresh;
use crate::app::failures;
use crate::app::network_words;
use crate::app::office::Office;
use crate::app::wish::{Wish, wish};
use crate::domain::outbox::{Row, RowState};
use crate::domain::plan::out_of_quiet;
use crate::domain::post::Post;
use crate::domain::practice::Practice;
use crate::domain::refusal::Refusal;
use crate::ports::store::{Change, StoreError, Stored};

/// Puts it back until it may go on; a window that closes first makes it missed.
pub(super) async fn wait(office: &Office, row: &Row, why: Refusal) -> Stored<()> {
    put_back(office, row, (Some(why), &why.to_string())).await
}

/// Puts it back until its account is connected again. Who looks after the practice is told of it
/// once.
pub(super) async fn account(office: &Office, row: &Row, why: &str) -> Stored<()> {
    put_back(office, row, (None, &out(why))).await
}

/// Puts it back until then, as its network is waited for; the card says until when, and its thread
/// the first time.
pub(super) async fn network(office: &Office, row: &Row, due: Timestamp, why: &str) -> Stored<()> {
    let trouble = Some(why.to_owned());
    let to = Row { state: RowState::Ready, due, lease_until: None, trouble, ..row.clone() };
    let mut change = Change::new(row.practice.clone(), office.now());
    change.outbox.push(moved(row, to));
    if let Some((_, post)) = post_of(office, &row.practice, row.post.as_ref()).await? {
        change.outbox.push(refresh(office, &post, post.revision));
        if row.trouble.is_none() {
            let state = RowState::Ready;
            let said = Wish::Outcome { post: post.id.clone(), row: row.id.clone(), state };
            let subject = format!("outcome/{}/{state}", row.id);
            change.outbox.push(wish(office, &row.practice, subject, said, true));
        }
    }
    office.commit(change).await.map(drop)
}

/// What stands on the card of a post whose account is out.
pub(super) fn out(why: &str) -> String {
    format!("its account has to be connected again ({why})")
}

/// Puts it back because of a refusal, or of an account that is out.
async fn put_back(office: &Office, row: &Row, (why, said): (Option<Refusal>, &str)) -> Stored<()> {
    for _ in 0..CONFLICTS {
        let Some((practice, post)) = post_of(office, &row.practice, row.post.as_ref()).await?
        else {
            return end(office, row, RowState::Cancelled, None).await;
        };
        let mut change = Change::new(practice.id.clone(), office.now());
        let trouble = Some(network_words::kept(office, &practice, said));
        if row.trouble != trouble {
            change.outbox.push(refresh(office, &post, post.revision));
            if why.is_none() {
                change.outbox.extend(failures::shown(office, &practice));
            }
        }
        if why == Some(Refusal::Stale) {
            change.outbox.extend(sign_again(office, &practice, &post));
        }
        let (state, due) = (RowState::Ready, until(office, &practice, &post, why));
        let to = Row { state, due, lease_until: None, trouble, ..row.clone() };
        change.outbox.push(moved(row, to));
        match office.commit(change).await {
            Err(StoreError::Conflict) if still_mine(office, row).await?.is_some() => {}
            other => return other.map(drop),
        }
    }
    Err(StoreError::Conflict)
}

fn again(office: &Office) -> Timestamp {
    office.now().saturating_add(office.pace.again).unwrap_or(Timestamp::MAX)
}

fn until(office: &Office, practice: &Practice, post: &Post, why: Option<Refusal>) -> Timestamp {
    if why != Some(Refusal::Quiet) {
        return again(office);
    }
    let closes = post.window.map_or(Timestamp::MAX, |window| window.closes);
    out_of_quiet(practice, office.now()).min(closes).max(again(office))
}
