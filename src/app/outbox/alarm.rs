//! The one message without an outbox row: the ledger can't be written, so nothing is published.
//!
//! Whether it is so is found out by writing something as large as an entry, not by what failed: a
//! row can fail for its own reasons, and small writes find room on a disk that is full.

use std::time::Duration;

use futures_util::future::join_all;
use jiff::SignedDuration;

use crate::app::hearer::hearers;
use crate::app::office::Office;
use crate::app::wish::{Wish, plain, wish};
use crate::domain::ids::PracticeId;
use crate::domain::practice::Purpose;
use crate::ports::chat::{Place, Shown};
use crate::ports::notice::View;
use crate::ports::store::{Change, Stored};

const WORDS: &str = "The ledger can't be written, so nothing is published and nothing you do \
                     here is recorded. Whoever runs Countersign has to look at its disk and log.";
const OVER: &str = "The ledger can be written again. Do once more what was not recorded meanwhile; \
                    what was signed leaves at its time.";
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
    } else if let Some(told) = office.trouble.is_over() {
        tracing::info!("The ledger can be written again");
        for practice in told {
            if let Err(error) = say_over(office, &practice).await {
                tracing::error!(%error, "{practice} was not told that it is over: {error}");
            }
        }
    }
}

/// Who was told of it is told that it is over; now that can be written down.
async fn say_over(office: &Office, practice: &PracticeId) -> Stored<()> {
    let now = office.now();
    let mut change = Change::new(practice.clone(), now);
    for (n, place) in places(office, practice).await?.into_iter().enumerate() {
        let notice = plain(View::Noted { what: OVER.to_owned() });
        let subject = format!("over/{}/{n}", now.as_microsecond());
        change.outbox.push(wish(office, practice, subject, Wish::Say { place, notice }, false));
    }
    office.store.commit(change).await.map(drop)
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
    let notice = plain(View::Noted { what: WORDS.to_owned() });
    let mut stands = false;
    for (n, place) in places(office, practice).await.unwrap_or_default().iter().enumerate() {
        let Some(chat) = office.chat(place.channel.platform) else { continue };
        let key = format!("alarm/{practice}/{}/{n}", now.as_microsecond());
        let shown = tokio::time::timeout(PATIENCE, chat.show(&key, place, &notice)).await;
        // What may stand there is not said again: nothing can be written down about it.
        stands |= !matches!(shown, Ok(Shown::TryLater | Shown::Refused(_)));
    }
    if !stands {
        office.trouble.untold(practice);
    }
}

/// The approvals channel, and those who look after the practice, privately.
async fn places(office: &Office, practice: &PracticeId) -> Stored<Vec<Place>> {
    let Some(practice) = office.store.practice(practice).await? else {
        return Ok(Vec::new());
    };
    let channel = practice.channel(Purpose::Approvals).cloned();
    let everybody =
        channel.map(|channel| Place { channel, thread: None, only: None, instead_of: None });
    let hearers = hearers(&practice);
    let privately = hearers.iter().filter_map(|hearer| hearer.place(&practice));
    Ok(everybody.into_iter().chain(privately).collect())
}
