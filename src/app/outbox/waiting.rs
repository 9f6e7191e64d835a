//! A publication that must wait although nobody holds it: the hour is quiet, or a sign-off is too
//! old. Its card says so, and until when.

use jiff::Timestamp;

use super::held::{CONFLICTS, end, moved, post_of, still_mine};
use super::look::sign_again;
use crate::app::effects::refresh;
use crate::app::office::Office;
use crate::domain::outbox::{Row, RowState};
use crate::domain::plan::out_of_quiet;
use crate::domain::post::Post;
use crate::domain::practice::Practice;
use crate::domain::refusal::Refusal;
use crate::ports::store::{Change, StoreError, Stored};

/// Puts it back until it may go on; a window that closes first makes it missed.
pub(super) async fn wait(office: &Office, row: &Row, why: Refusal) -> Stored<()> {
    for _ in 0..CONFLICTS {
        let Some((practice, post)) = post_of(office, &row.practice, row.post.as_ref()).await?
        else {
            return end(office, row, RowState::Cancelled, None).await;
        };
        let mut change = Change::new(practice.id.clone(), office.now());
        let trouble = Some(why.to_string());
        if row.trouble != trouble {
            change.outbox.push(refresh(office, &post, post.revision));
        }
        if why == Refusal::Stale {
            change.outbox.extend(sign_again(office, &practice, &post));
        }
        let due = until(office, &practice, &post, why);
        let state = RowState::Ready;
        let to = Row { state, due, lease_until: None, trouble, ..row.clone() };
        change.outbox.push(moved(row, to));
        match office.commit(change).await {
            Err(StoreError::Conflict) if still_mine(office, row).await?.is_some() => {}
            other => return other.map(drop),
        }
    }
    Err(StoreError::Conflict)
}

fn until(office: &Office, practice: &Practice, post: &Post, why: Refusal) -> Timestamp {
    let now = office.now();
    let again = now.saturating_add(office.pace.again).unwrap_or(now);
    if why != Refusal::Quiet {
        return again;
    }
    let closes = post.window.map_or(Timestamp::MAX, |window| window.closes);
    out_of_quiet(practice, now).min(closes).max(again)
}
