//! Somebody asked in chat whether an account's sign-in is good: its network is asked, and they are
//! told.

use super::held::{end, moved};
use super::publish::allowed;
use crate::app::failures;
use crate::app::network_words;
use crate::app::office::Office;
use crate::app::wish::{Wish, plain, wish};
use crate::domain::outbox::{Row, RowState};
use crate::ports::chat::Place;
use crate::ports::notice::View;
use crate::ports::publisher::On;
use crate::ports::store::{Change, Stored};

/// Asks the network, and says what came of it.
pub(super) async fn test(office: &Office, row: Row) -> Stored<()> {
    let practice = office.store.practice(&row.practice).await?;
    let account = practice.as_ref().zip(row.account.as_ref()).and_then(|(p, id)| p.account(id));
    let place = serde_json::from_str::<Place>(&row.payload).ok();
    let (Some(practice), Some(account), Some(place)) = (&practice, account, place) else {
        return end(office, &row, RowState::Cancelled, None).await;
    };
    let on = On { practice: &practice.id, account, now: office.now() };
    let tested = match &office.accounts {
        Some(accounts) => tokio::time::timeout(allowed(office), accounts.test(on))
            .await
            .unwrap_or_else(|_| Err("its network did not answer in time".to_owned())),
        None => Err("this program was started without its network".to_owned()),
    };
    let what = match tested {
        Ok(()) => format!("{}: fine, it signs in and may publish.", account.name),
        Err(why) => {
            format!("{}: {}.", account.name, network_words::kept(office, practice, &why))
        }
    };
    let mut change = Change::new(practice.id.clone(), office.now());
    change
        .outbox
        .push(moved(&row, Row { state: RowState::Done, lease_until: None, ..row.clone() }));
    let say = Wish::Say { place, notice: plain(View::Noted { what }) };
    let subject = format!("account-test/{}", row.subject);
    change.outbox.push(wish(office, &practice.id, subject, say, false));
    // It may be out by now, or be good again.
    change.outbox.extend(failures::shown(office, practice));
    office.commit(change).await.map(drop)
}
