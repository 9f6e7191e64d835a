//! The form that changes a post: its fields as they stand, and what they say when they come back.

use jiff::Timestamp;

use super::asked::{Asked, Said};
use crate::domain::content::normalized;
use crate::domain::draft::Draft;
use crate::domain::post::Post;
use crate::domain::practice::Practice;
use crate::domain::slot::{self, Edge, Meant, NotASlot, Slot};
use crate::ports::intake::Field;
use crate::ports::notice::FormField;

/// A field, with what stands in it at first.
pub(super) fn field(name: &str, label: &str, value: String, multiline: bool) -> FormField {
    FormField { name: name.to_owned(), label: label.to_owned(), value, multiline }
}

/// The fields of the form, as the post stands.
pub(super) fn fields(practice: &Practice, post: &Post) -> Vec<FormField> {
    let draft = &post.draft;
    let mut form = vec![field("text", "Text", draft.text.clone(), true)];
    let one = draft.pictures.len() == 1;
    for (i, picture) in draft.pictures.iter().enumerate() {
        let which = if one { "the picture".to_owned() } else { format!("picture {}", i + 1) };
        let label = format!("What {which} shows, for people who can't see it");
        form.push(field(&format!("alt{}", i + 1), &label, picture.alt.clone(), true));
    }
    form.push(field(
        "disclosure",
        "Disclosure that must go with it, if any",
        draft.disclosure.clone(),
        false,
    ));
    let zone = practice.zone.iana_name().unwrap_or("UTC");
    let slot = format!(
        "Slot in {zone}: +2h, 17:30, tomorrow 9:00, Saturday 9am or 2026-11-24 09:00; empty: as \
         soon as it is signed"
    );
    form.push(field("slot", &slot, typed(practice, draft.slot), false));
    let opens = "Not before, if it should wait for a day: 2026-11-24 or 2026-11-24 09:00";
    form.push(field("opens", opens, typed(practice, draft.opens), false));
    let closes = "Not after; empty: a day after its slot";
    form.push(field("closes", closes, typed(practice, draft.closes), false));
    form
}

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

fn typed(practice: &Practice, slot: Option<Slot>) -> String {
    slot.map(|slot| slot.typed(&practice.zone)).unwrap_or_default()
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
