//! Finds out about a publication that may have left, before anything else happens to it.

use super::held::{Loaded, end, load, still_unknown};
use super::parking;
use super::publish::{NOT_OPEN, allowed, job, leave, prepare, record};
use crate::app::network_words;
use crate::app::office::Office;
use crate::domain::outbox::{
    LookedUp, NOT_SEEN, Outcome, Resolve, Row, RowState, back_off, resolve as next,
};
use crate::ports::publisher::Publisher;
use crate::ports::store::Stored;

/// Works off a publication that may have left.
pub(super) async fn resolve(office: &Office, row: Row) -> Stored<()> {
    let Some(loaded) = load(office, &row).await? else {
        return end(office, &row, RowState::Parked, Some("what it carried is gone".to_owned()))
            .await;
    };
    let Some(publisher) = office.publisher(loaded.account.network) else {
        return cant_tell(office, &row, NOT_OPEN).await;
    };
    let first_sent = row.first_sent.unwrap_or(row.due);
    match next(publisher.certainty(), first_sent, office.now(), row.look_ups) {
        Resolve::Again => Box::pin(again(office, publisher, row, &loaded)).await,
        Resolve::LookUp => look_up(office, publisher, &row, &loaded).await,
        Resolve::Park => parking::park(office, &row).await,
    }
}

/// The same thing under the same key, through the gate.
async fn again(
    office: &Office,
    publisher: &dyn Publisher,
    row: Row,
    loaded: &Loaded,
) -> Stored<()> {
    match prepare(office, publisher, &job(&row, loaded, office.now())).await {
        Ok(prepared) => Box::pin(leave(office, publisher, row, &prepared)).await,
        Err(_) => cant_tell(office, &row, "the network is away").await,
    }
}

async fn look_up(
    office: &Office,
    publisher: &dyn Publisher,
    row: &Row,
    loaded: &Loaded,
) -> Stored<()> {
    let job = job(row, loaded, office.now());
    let looking = tokio::time::timeout(allowed(office), publisher.look_up(&job));
    match looking.await.unwrap_or(LookedUp::CantTell) {
        LookedUp::Found { remote, url } => {
            record(office, row, &Outcome::Published { remote, url }, publisher.certainty()).await
        }
        LookedUp::Absent => {
            record(office, row, &Outcome::TryLater(office.now()), publisher.certainty()).await
        }
        LookedUp::NotYet(why) => {
            let why = network_words::kept(office, &loaded.practice, &why);
            cant_tell(office, row, &format!("{NOT_SEEN}{why}")).await
        }
        LookedUp::CantTell => cant_tell(office, row, "the network can't tell yet").await,
    }
}

async fn cant_tell(office: &Office, row: &Row, why: &str) -> Stored<()> {
    let due = office.now().saturating_add(back_off(row.look_ups + 1)).unwrap_or(row.due);
    still_unknown(office, row, due, why.to_owned()).await
}
