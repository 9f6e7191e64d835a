//! What the fields of the form say when they come back.

use jiff::Timestamp;

use super::asked::{Asked, Said};
use super::form::typed;
use crate::domain::content::normalized;
use crate::domain::draft::Draft;
use crate::domain::practice::Practice;
use crate::domain::slot::{self, Edge, Meant, NotASlot, Slot};
use crate::ports::intake::Field;

/// The draft as the form says it; fields that are absent, or as they stood, stay.
pub(super) fn filled(asked: &Asked<'_>, draft: &Draft, fields: &[Field]) -> Result<Draft, Said> {
    let (practice, now) = (asked.practice, asked.at);
    let mut made = draft.clone();
    for Field { name, value } in fields {
        let value = normalized(value);
        match name.as_str() {
            "text" => made.text = value,
            "disclosure" => made.disclosure = value,
            "slot" if value == typed(practice, draft.slot) => {}
            "slot" => set_slot(&mut made, slot::read(&value, &practice.zone, now)?),
            "opens" if value == typed(practice, draft.opens) => {}
            "opens" => made.opens = edge(practice, &value, Edge::Opens, now)?,
            "closes" if value == typed(practice, draft.closes) => {}
            "closes" => made.closes = edge(practice, &value, Edge::Closes, now)?,
            alt => {
                let nth = alt.strip_prefix("alt").and_then(|n| n.parse::<usize>().ok());
                let picture = nth.and_then(|n| made.pictures.get_mut(n.wrapping_sub(1)));
                let unknown = || Said::Sentence("that form has a field nobody knows".to_owned());
                picture.ok_or_else(unknown)?.alt = value;
            }
        }
    }
    Ok(made)
}

fn set_slot(draft: &mut Draft, meant: Meant) {
    match meant {
        Meant::Soonest => draft.slot = None,
        Meant::Then(slot) => draft.slot = Some(slot),
        Meant::Between(opens, closes) => {
            (draft.slot, draft.opens, draft.closes) = (None, Some(opens), Some(closes));
        }
    }
}

fn edge(
    practice: &Practice,
    value: &str,
    edge: Edge,
    now: Timestamp,
) -> Result<Option<Slot>, NotASlot> {
    if value.is_empty() {
        return Ok(None);
    }
    slot::read_edge(value, edge, &practice.zone, now).map(Some)
}
