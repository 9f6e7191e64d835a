//! The one message without an outbox row: the ledger can't be written, so nothing is published.

use jiff::SignedDuration;

use crate::app::office::Office;
use crate::app::wish::plain;
use crate::domain::practice::Purpose;
use crate::ports::chat::Place;
use crate::ports::notice::View;
use crate::ports::store::Stored;

const WORDS: &str = "The ledger can't be written, so nothing is published and nothing you do \
                     here is recorded. Whoever runs Countersign has to look at its disk and log.";
/// At most so often.
const EVERY: SignedDuration = SignedDuration::from_hours(1);

/// Says in every approvals channel, and on the error output, that nothing is recorded.
pub async fn raise(office: &Office, why: &str) {
    if !office.may_alarm(EVERY) {
        return;
    }
    tracing::error!("The ledger can't be written, so nothing is published: {why}");
    let at = office.now();
    for place in places(office).await.unwrap_or_default() {
        let Some(chat) = office.chat(place.channel.platform) else {
            continue;
        };
        let notice = plain(View::Noted { what: WORDS.to_owned() });
        let key = format!("alarm/{}", at.as_microsecond());
        // Nothing can be written down about how this went, so nothing is done about it.
        let _ = chat.show(&key, &place, &notice).await;
    }
}

async fn places(office: &Office) -> Stored<Vec<Place>> {
    let mut places = Vec::new();
    for id in office.store.practices().await? {
        let practice = office.store.practice(&id).await?;
        let channel = practice.and_then(|p| p.channel(Purpose::Approvals).cloned());
        places.extend(channel.map(|channel| Place {
            channel,
            thread: None,
            only: None,
            instead_of: None,
        }));
    }
    Ok(places)
}
