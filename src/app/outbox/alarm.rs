//! The one message without an outbox row: the ledger can't be written, so nothing is published.
//!
//! Whether it is so is found out by writing something as large as an entry, not by what failed: a
//! row can fail for its own reasons, and small writes find room on a disk that is full.

use std::time::Duration;

use futures_util::future::join_all;
use jiff::SignedDuration;

use crate::app::desk::room;
use crate::app::hearer::hearers;
use crate::app::office::Office;
use crate::app::trouble::Whom;
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
        for whom in told {
            if let Err(error) = say_over(office, &whom).await {
                tracing::error!(%error, "{whom:?} was not told that it is over: {error}");
            }
        }
    }
}

/// Who was told of it is told that it is over; now that can be written down.
async fn say_over(office: &Office, whom: &Whom) -> Stored<()> {
    let now = office.now();
    let whose = match whom {
        Whom::Log => return Ok(()),
        Whom::Practice(practice) => practice.clone(),
        Whom::Desk(_) => PracticeId::instance(),
    };
    let mut change = Change::new(whose.clone(), now);
    for place in places(office, whom).await? {
        let notice = plain(View::Noted { what: OVER.to_owned() });
        let subject = format!("over/{}", office.new_id());
        change.outbox.push(wish(office, &whose, subject, Wish::Say { place, notice }, false));
    }
    office.store.commit(change).await.map(drop)
}

/// Says in every approvals channel, at every desk and on the error output that nothing is recorded.
async fn raise(office: &Office, why: &str) {
    let now = office.now();
    office.trouble.is_there(now);
    if office.trouble.tell(&Whom::Log, now, EVERY) {
        tracing::error!("The ledger can't be written, so nothing is published: {why}");
    }
    let practices = office.store.practices().await.unwrap_or_default();
    let agencies = office.store.agencies().await.unwrap_or_default();
    let desks = agencies.into_iter().flat_map(|agency| agency.desks).map(Whom::Desk);
    let all: Vec<Whom> = practices.into_iter().map(Whom::Practice).chain(desks).collect();
    join_all(all.iter().map(|whom| tell(office, whom))).await;
}

async fn tell(office: &Office, whom: &Whom) {
    let now = office.now();
    if !office.trouble.tell(whom, now, EVERY) {
        return;
    }
    let notice = plain(View::Noted { what: WORDS.to_owned() });
    let mut stands = false;
    for place in places(office, whom).await.unwrap_or_default() {
        let Some(chat) = office.chat(place.channel.platform) else { continue };
        let key = format!("alarm/{}", office.new_id());
        let shown = tokio::time::timeout(PATIENCE, chat.show(&key, &place, &notice)).await;
        // What may stand there is not said again: nothing can be written down about it.
        stands |= !matches!(shown, Ok(Shown::TryLater(_) | Shown::Refused(_)));
    }
    if !stands {
        office.trouble.untold(whom);
    }
}

/// The approvals channel, and those who look after the practice, privately; or the desk, while the
/// agency's people are alone there.
async fn places(office: &Office, whom: &Whom) -> Stored<Vec<Place>> {
    let everybody = |channel| Place { channel, thread: None, only: None, instead_of: None };
    match whom {
        Whom::Log => Ok(Vec::new()),
        Whom::Practice(practice) => {
            let Some(practice) = office.store.practice(practice).await? else {
                return Ok(Vec::new());
            };
            let channel = practice.channel(Purpose::Approvals).cloned();
            let hearers = hearers(&practice);
            let privately = hearers.iter().filter_map(|hearer| hearer.place(&practice));
            Ok(channel.map(everybody).into_iter().chain(privately).collect())
        }
        Whom::Desk(channel) => {
            let asked = tokio::time::timeout(PATIENCE, room::shown_at(office, channel)).await;
            let alone = matches!(asked, Ok(Ok(Ok(shown))) if !shown.is_empty());
            Ok(alone.then(|| everybody(channel.clone())).into_iter().collect())
        }
    }
}
