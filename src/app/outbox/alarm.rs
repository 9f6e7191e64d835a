//! The one message without an outbox row: the ledger can't be written, so nothing is published.
//!
//! Whether it is so is found out by writing something as large as an entry, not by what failed: a
//! row can fail for its own reasons, and small writes find room on a disk that is full.

use std::time::Duration;

use futures_util::future::join_all;
use jiff::SignedDuration;

use crate::app::office::Office;
use crate::app::wish::plain;
use crate::domain::ids::PracticeId;
use crate::domain::practice::Purpose;
use crate::ports::chat::{Place, Shown};
use crate::ports::notice::View;
use crate::ports::store::Stored;

const WORDS: &str = "The ledger can't be written, so nothing is published and nothing you do \
                     here is recorded. Whoever runs Countersign has to look at its disk and log.";
/// At most so often.
const EVERY: SignedDuration = SignedDuration::from_hours(1);
/// A platform may take so long; the work waits for it.
const PATIENCE: Duration = Duration::from_secs(5);

/// After a write failed: tries whether the ledger can be written, and says so if it can't.
pub async fn look(office: &Office) {
    let Some(doubt) = office.trouble.doubted() else {
        return;
    };
    if office.store.probe().await.is_err() {
        raise(office, &doubt).await;
    } else if office.trouble.is_over() {
        tracing::info!("The ledger can be written again");
    }
}

/// Says in every approvals channel, and on the error output, that nothing is recorded.
async fn raise(office: &Office, why: &str) {
    let now = office.now();
    office.trouble.is_there(now);
    if office.trouble.tell(None, now, EVERY) {
        tracing::error!("The ledger can't be written, so nothing is published: {why}");
    }
    let practices = office.store.practices().await.unwrap_or_default();
    join_all(practices.iter().map(|practice| tell(office, practice))).await;
}

async fn tell(office: &Office, practice: &PracticeId) {
    let now = office.now();
    if !office.trouble.tell(Some(practice), now, EVERY) {
        return;
    }
    let place = place(office, practice).await.ok().flatten();
    let chat = place.as_ref().and_then(|place| office.chat(place.channel.platform));
    let Some((chat, place)) = chat.zip(place.as_ref()) else {
        return office.trouble.untold(practice);
    };
    let notice = plain(View::Noted { what: WORDS.to_owned() });
    let key = format!("alarm/{practice}/{}", now.as_microsecond());
    let shown = tokio::time::timeout(PATIENCE, chat.show(&key, place, &notice)).await;
    // What may stand there is not said again: nothing can be written down about it.
    if let Ok(Shown::TryLater | Shown::Refused(_)) = shown {
        office.trouble.untold(practice);
    }
}

async fn place(office: &Office, practice: &PracticeId) -> Stored<Option<Place>> {
    let practice = office.store.practice(practice).await?;
    let channel = practice.and_then(|p| p.channel(Purpose::Approvals).cloned());
    Ok(channel.map(|channel| Place { channel, thread: None, only: None, instead_of: None }))
}
