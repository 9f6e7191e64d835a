//! Looks whether a message that was not kept is gone from its platform: its author is reminded
//! once, then compliance is told where it stands, every day until it is gone, or 30 days are over.
//! Of what was written at a desk, which is no practice's, its author alone is told.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::held::{end, moved, put_back};
use crate::app::hearer::watchers;
use crate::app::office::Office;
use crate::app::wish::{Wish, for_eyes_of, plain, row, wish};
use crate::domain::canonical::{self, hex};
use crate::domain::ids::RowId;
use crate::domain::member::Identity;
use crate::domain::outbox::{Row, RowKind, RowState};
use crate::domain::practice::Practice;
use crate::domain::window::shown;
use crate::ports::chat::{Chat, MessageRef, Place};
use crate::ports::intake::{ChatEvent, Happening};
use crate::ports::notice::View;
use crate::ports::store::{Change, OutboxWrite, Shell, Stored};

/// When its author is reminded.
const REMINDER: SignedDuration = SignedDuration::from_mins(10);
/// When others are told, from the beginning.
const REPORT: SignedDuration = SignedDuration::from_hours(2);
/// How often they are told again, and how often at most.
const AGAIN: SignedDuration = SignedDuration::from_hours(24);
const REPORTS: i64 = 30;

/// A message that should not stand there; nothing of what it says.
#[derive(Debug, Serialize, Deserialize)]
struct Leftover {
    message: MessageRef,
    from: Identity,
    since: Timestamp,
}

/// What is to be done about a message that stands there as it came. Where it is followed as it was
/// typed later, or by its author and now only chosen by somebody else, that stays.
pub async fn follow(
    office: &Office,
    practice: &Practice,
    shell: &Shell,
) -> Stored<Option<OutboxWrite>> {
    let known = followed(office, practice, &shell.message).await?;
    if known.is_some_and(|known| known.since > shell.at || known.from != shell.from) {
        return Ok(None);
    }
    let left =
        Leftover { message: shell.message.clone(), from: shell.from.clone(), since: shell.at };
    let id = id(&left.message);
    let row = Row {
        due: office.now().saturating_add(REMINDER).unwrap_or(office.now()),
        payload: serde_json::to_string(&left).expect("plain data"),
        subject: id.to_string(),
        id,
        ..row(office, &practice.id, RowKind::Leftover, String::new())
    };
    Ok(shell.still_there.then(|| OutboxWrite::Put { row: Box::new(row), again: true }))
}

/// As what a message is followed now.
async fn followed(
    office: &Office,
    practice: &Practice,
    message: &MessageRef,
) -> Stored<Option<Leftover>> {
    let row = office.store.row(&practice.id, &id(message)).await?;
    let waits = row.filter(|row| row.state.is_waiting());
    Ok(waits.and_then(|row| serde_json::from_str(&row.payload).ok()))
}

/// A message that was changed, and may be kept now, or that is gone, is followed no more.
pub fn mended(event: &ChatEvent) -> Option<OutboxWrite> {
    match &event.what {
        Happening::Edited { message, .. } | Happening::Deleted { message } => {
            Some(is_no_more(message))
        }
        _ => None,
    }
}

/// Somebody says that it may stand there.
pub fn is_no_more(message: &MessageRef) -> OutboxWrite {
    OutboxWrite::End { id: id(message), state: RowState::Cancelled }
}

/// It is followed still as it came: nobody changed it or deleted it since, as far as was heard.
pub async fn stands(office: &Office, practice: &Practice, shell: &Shell) -> Stored<bool> {
    let known = followed(office, practice, &shell.message).await?;
    // Who only chose it since has it as its author had written it by then.
    let is_same = |known: Leftover| {
        known.since == shell.at || known.from != shell.from && known.since < shell.at
    };
    Ok(known.is_some_and(is_same))
}

/// One row a message, so that it is found by it.
fn id(message: &MessageRef) -> RowId {
    let hash = canonical::hash("countersign.leftover.v1", message).expect("names");
    RowId::new(format!("leftover-{}", hex::encode(&hash[..16])))
}

/// Looks whether it is gone.
pub(super) async fn look(office: &Office, row: Row) -> Stored<()> {
    let Ok(left) = serde_json::from_str::<Leftover>(&row.payload) else {
        return end(office, &row, RowState::Cancelled, Some("it can't be read".to_owned())).await;
    };
    let practice = office.store.practice(&row.practice).await?;
    let (Some(chat), Some(practice)) = (office.chat(left.message.channel.platform), practice)
    else {
        let why = "its platform is not connected";
        return end(office, &row, RowState::Cancelled, Some(why.to_owned())).await;
    };
    match chat.look(&left.message).await {
        Ok(None) => end(office, &row, RowState::Done, None).await,
        Ok(Some(_)) => still_there(office, &row, chat, (&practice, &left)).await,
        Err(_) => {
            let due = office.now().saturating_add(REMINDER).unwrap_or(row.due);
            put_back(office, &row, due, Some("its platform can't be reached".to_owned())).await
        }
    }
}

async fn still_there(
    office: &Office,
    row: &Row,
    chat: &dyn Chat,
    (practice, left): (&Practice, &Leftover),
) -> Stored<()> {
    let link = chat.link(&left.message).await.unwrap_or_default();
    let mut change = Change::new(row.practice.clone(), office.now());
    for (place, who) in told(practice, left, row.look_ups) {
        let view = View::Leftover {
            who,
            channel: practice.channel_name(&left.message.channel),
            since: shown(left.since, &practice.zone),
            link: link.clone(),
        };
        let reader = place.only.as_ref().map(|only| only.user.as_str()).unwrap_or_default();
        let subject = format!("{}/{reader}", row.id);
        let say = Wish::Say { place, notice: plain(view) };
        change.outbox.push(wish(office, &row.practice, subject, say, true));
    }
    let looks = row.look_ups + 1;
    let state = if looks > REPORTS { RowState::Done } else { RowState::Ready };
    let next = if looks == 1 { left.since + REPORT } else { office.now() + AGAIN };
    let due = next.max(office.now() + REMINDER);
    let to = Row { state, due, look_ups: looks, lease_until: None, ..row.clone() };
    change.outbox.push(moved(row, to));
    office.commit(change).await.map(drop)
}

/// Who is told where, and whose message it is as they read it: first its author, then those who
/// look after such things, or its author again where there is nobody else.
fn told(practice: &Practice, left: &Leftover, looks: i64) -> Vec<(Place, String)> {
    let author = || {
        let place = for_eyes_of(&left.from, &left.message.channel, None);
        vec![(place, String::new())]
    };
    if looks == 0 {
        return author();
    }
    let who = practice.who(&left.from).map(|member| member.name.clone());
    let who = who.unwrap_or_else(|| "somebody who is no member".to_owned());
    let others = watchers(practice);
    let places = others.iter().filter_map(|hearer| hearer.place(practice));
    let told: Vec<_> = places.map(|place| (place, who.clone())).collect();
    if told.is_empty() { author() } else { told }
}
