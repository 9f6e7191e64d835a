//! The form that changes a post: its fields as they stand.

use crate::domain::post::Post;
use crate::domain::practice::Practice;
use crate::domain::slot::Slot;
use crate::ports::notice::{FieldKind, FormField};

/// A field, with what stands in it at first.
pub(super) fn field(name: &str, label: &str, value: String, multiline: bool) -> FormField {
    let kind = if multiline { FieldKind::Lines } else { FieldKind::Line };
    FormField { name: name.to_owned(), label: label.to_owned(), hint: String::new(), value, kind }
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

/// A slot as it stands in its field.
pub(super) fn typed(practice: &Practice, slot: Option<Slot>) -> String {
    slot.map(|slot| slot.typed(&practice.zone)).unwrap_or_default()
}
