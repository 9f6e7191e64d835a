//! A notice that may have been shown: found out before it is shown again, or never shown again.

use jiff::{SignedDuration, Timestamp};

use super::held::{end, move_row, put_back};
use crate::app::office::Office;
use crate::domain::outbox::{Certainty, Resolve, Row, RowState, back_off, resolve as next};
use crate::ports::chat::{Chat, MessageRef, Place};
use crate::ports::store::Stored;

/// A platform's clock may be behind ours by so much.
const BEHIND: SignedDuration = SignedDuration::from_mins(5);

/// Before it is shown, so that whoever finds it in this state knows that it may have been, and since
/// when: it is looked for from there on, however late that is.
pub(super) async fn mark(office: &Office, row: Row) -> Stored<Row> {
    let first_sent = row.first_sent.or(Some(office.now()));
    let to = Row { state: RowState::Sending, first_sent, ..row.clone() };
    move_row(office, &row, to.clone()).await?;
    Ok(to)
}

/// It got no answer: it is looked for where one can, and otherwise not shown twice.
pub(super) async fn begin(office: &Office, row: &Row, certainty: Certainty) -> Stored<()> {
    let Certainty::LookUp { delay } = certainty else {
        return park(office, row).await;
    };
    let due = office.now().saturating_add(delay).unwrap_or(row.due);
    doubted(office, row, due, 0).await
}

/// Looks for it; where it stands, or nothing when there is no more to do for now.
pub(super) async fn resolve(
    office: &Office,
    chat: &dyn Chat,
    row: &Row,
    (key, place): (&str, &Place),
) -> Stored<Option<MessageRef>> {
    let first_sent = row.first_sent.unwrap_or(row.due);
    if next(chat.certainty(place), first_sent, office.now(), row.look_ups) != Resolve::LookUp {
        return park(office, row).await.map(|()| None);
    }
    let since = first_sent.saturating_sub(BEHIND).unwrap_or(Timestamp::MIN);
    match chat.find(key, place, since).await {
        Ok(Some(at)) => Ok(Some(at)),
        Ok(None) => put_back(office, row, office.now(), None).await.map(|()| None),
        Err(_) => {
            let look_ups = row.look_ups + 1;
            let due = office.now().saturating_add(back_off(look_ups)).unwrap_or(row.due);
            doubted(office, row, due, look_ups).await.map(|()| None)
        }
    }
}

async fn doubted(office: &Office, row: &Row, due: Timestamp, look_ups: i64) -> Stored<()> {
    let trouble = Some("it may have been shown".to_owned());
    let state = RowState::Unknown;
    let to = Row { state, due, look_ups, lease_until: None, trouble, ..row.clone() };
    move_row(office, row, to).await
}

async fn park(office: &Office, row: &Row) -> Stored<()> {
    let why = "it may have been shown, and is not shown twice".to_owned();
    end(office, row, RowState::Parked, Some(why)).await
}
