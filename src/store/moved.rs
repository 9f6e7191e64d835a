//! A channel that has another id: what stands there is found under the new one, and what waits to
//! be shown or handled there names the new one.

use serde_json::Value;
use sqlx::FromRow;

use super::db::{Tx, sql, statements};
use super::row::{InTable, json, one_spelling};
use crate::domain::ids::PracticeId;
use crate::domain::practice::ChannelRef;
use crate::ports::store::Stored;

statements! {
    CARD_PLACES = "SELECT message AS id, message AS words, NULL AS more FROM cards
        WHERE practice_id = $1";
    MOVE_CARD = "UPDATE cards SET message = $3 WHERE practice_id = $1 AND message = $2";
    IDEA_PLACES = "SELECT message AS id, message AS words, answer AS more FROM ideas
        WHERE practice_id = $1";
    MOVE_IDEA = "UPDATE ideas SET message = $3, answer = $4
        WHERE practice_id = $1 AND message = $2";
    NOTICES_THAT_WAIT = "SELECT id, payload AS words, next_payload AS more FROM outbox
        WHERE practice_id = $1 AND kind = 'notice'
            AND state IN ('ready', 'leased', 'sending', 'unknown', 'resolving')";
    MOVE_NOTICE = "UPDATE outbox SET payload = $3, next_payload = $4
        WHERE practice_id = $1 AND id = $2";
    EVENTS_THAT_WAIT = "SELECT event_id AS id, payload AS words, NULL AS more FROM inbox
        WHERE practice_id = $1 AND state = 'waiting'";
    MOVE_EVENT = "UPDATE inbox SET payload = $3
        WHERE practice_id = $1 AND event_id = $2 AND state = 'waiting'";
}

#[derive(FromRow)]
struct Told {
    id: String,
    words: String,
    more: Option<String>,
}

impl InTable for Told {
    const TABLE: &'static str = "cards, ideas, outbox or inbox";
}

/// What stands or waits in the first channel does in the second.
pub(super) async fn channel(
    tx: &mut Tx,
    whose: &PracticeId,
    (from, to): (&ChannelRef, &ChannelRef),
) -> Stored<()> {
    let names = Names::of(from, to)?;
    let whose = whose.as_str();
    for Told { id, words, .. } in sql!(tx.fetch_all as Told: CARD_PLACES, whose)? {
        if let Some(words) = names.place(&words)? {
            sql!(tx.execute: MOVE_CARD, whose, id, words)?;
        }
    }
    for Told { id, words, more } in sql!(tx.fetch_all as Told: IDEA_PLACES, whose)? {
        let there = names.place(&words)?;
        let answer = match &more {
            Some(answer) => names.place(answer)?.or(more),
            None => None,
        };
        if let Some(words) = there {
            sql!(tx.execute: MOVE_IDEA, whose, id, words, answer)?;
        }
    }
    for Told { id, words, more } in sql!(tx.fetch_all as Told: NOTICES_THAT_WAIT, whose)? {
        let (words, more) = (names.payload(&words)?, more.map(|m| names.payload(&m)).transpose()?);
        sql!(tx.execute: MOVE_NOTICE, whose, id, words, more)?;
    }
    for Told { id, words, .. } in sql!(tx.fetch_all as Told: EVENTS_THAT_WAIT, whose)? {
        sql!(tx.execute: MOVE_EVENT, whose, id, names.payload(&words)?)?;
    }
    Ok(())
}

struct Names {
    from: Value,
    to: Value,
}

impl Names {
    fn of(from: &ChannelRef, to: &ChannelRef) -> Stored<Self> {
        let value =
            |channel: &ChannelRef| -> Stored<Value> { Told::json("channel", &json(channel)?) };
        Ok(Self { from: value(from)?, to: value(to)? })
    }

    /// A place that has one spelling; `None` when it is in another channel.
    fn place(&self, place: &str) -> Stored<Option<String>> {
        let mut value: Value = Told::json("message", place)?;
        if value["channel"] != self.from {
            return Ok(None);
        }
        self.replace(&mut value);
        one_spelling(&value).map(Some)
    }

    /// A payload with the second channel wherever it names the first.
    fn payload(&self, payload: &str) -> Stored<String> {
        let mut value: Value = Told::json("payload", payload)?;
        self.replace(&mut value);
        json(&value)
    }

    fn replace(&self, value: &mut Value) {
        if *value == self.from {
            *value = self.to.clone();
            return;
        }
        match value {
            Value::Array(all) => all.iter_mut().for_each(|one| self.replace(one)),
            Value::Object(fields) => fields.values_mut().for_each(|one| self.replace(one)),
            _ => {}
        }
    }
}
