//! A form to modals of Discord. Pure.
//!
//! A modal has five fields, in which text is typed. A longer form comes in parts, and what can be
//! chosen is typed as well: one of what stands in the field or is offered there. What a modal can't
//! hold is not cut: a field that is too long is left out, and stays as it is.

use serde_json::{Value, json};
use serenity::builder::{CreateActionRow, CreateInputText, CreateModal};
use serenity::model::application::InputTextStyle;

use super::button::cut;
use crate::chat::discord::origin::{Origin, Verb};
use crate::domain::practice::ChannelRef;
use crate::ports::intake::Field;
use crate::ports::notice::{Choice, FieldKind, Form, FormField};
use crate::render::pieces::length;

/// Most fields of a modal.
const FIELDS: usize = 5;
/// The longest text that can be typed.
const TYPED: usize = 4_000;
/// The longest title, and label of a field.
const LABEL: usize = 45;
/// The longest hint in an empty field.
const HINT: usize = 100;

/// The fields of each part of a form; what it is about goes with each.
pub fn parts(form: &Form) -> Vec<Vec<&FormField>> {
    let (leads, others): (Vec<_>, Vec<_>) = form.fields.iter().partition(|field| field.leads);
    let room = FIELDS.saturating_sub(leads.len()).max(1);
    others.chunks(room).map(|part| [&leads, part].concat()).collect()
}

/// What each part of a form is called: by the fields that no other part has.
pub fn labels(form: &Form) -> Vec<String> {
    let label = |field: &FormField| field.label.split(',').next().unwrap_or_default().to_owned();
    let of = |part: Vec<&FormField>| {
        let own = part.into_iter().filter(|field| !field.leads);
        own.map(label).collect::<Vec<_>>().join(" · ")
    };
    parts(form).into_iter().map(of).collect()
}

/// The modal of a part of a form; `None` where there is nothing to fill in, or no room for its id.
pub fn modal(form: &Form, part: usize, about: Option<&ChannelRef>) -> Option<Value> {
    let (about, button) = (about.cloned(), form.button.clone());
    let id = Origin { verb: Verb::Sends, about, button }.write(0)?;
    let fields = parts(form).into_iter().nth(part).unwrap_or_default();
    // What a later part is about is chosen anew: nobody sees there what was chosen in the first.
    let bare = |field: &FormField| {
        let keeps = !field.leads || part == 0;
        let value = if keeps { field.value.clone() } else { String::new() };
        FormField { value, ..field.clone() }
    };
    let inputs = fields.into_iter().filter_map(|field| input(&bare(field)));
    let rows: Vec<CreateActionRow> = inputs.map(CreateActionRow::InputText).collect();
    if rows.is_empty() {
        return None;
    }
    Some(json!(CreateModal::new(id, cut(&form.title, LABEL)).components(rows)))
}

fn input(field: &FormField) -> Option<CreateInputText> {
    let (style, value, hint) = match &field.kind {
        FieldKind::Line => (InputTextStyle::Short, field.value.clone(), field.hint.clone()),
        FieldKind::Lines => (InputTextStyle::Paragraph, field.value.clone(), field.hint.clone()),
        FieldKind::One { of } | FieldKind::Many { of } if of.is_empty() => return None,
        FieldKind::One { of } => (InputTextStyle::Short, shown(of, &field.value), offered(of)),
        FieldKind::Many { of } => (InputTextStyle::Paragraph, shown(of, &field.value), offered(of)),
    };
    let max = u16::try_from(TYPED).expect("a small number");
    if length(&value) > TYPED || length(&field.name) > 100 {
        return None;
    }
    let input = CreateInputText::new(style, cut(&field.label, LABEL), &field.name);
    let input = input.required(false).max_length(max);
    let input = if hint.is_empty() { input } else { input.placeholder(cut(&hint, HINT)) };
    Some(if value.is_empty() { input } else { input.value(value) })
}

/// What is chosen, as people read it, a line each.
fn shown(of: &[Choice], value: &str) -> String {
    let chosen = value.lines().filter_map(|id| of.iter().find(|choice| choice.id == id));
    chosen.map(|choice| choice.label.as_str()).collect::<Vec<_>>().join("\n")
}

fn offered(of: &[Choice]) -> String {
    of.iter().map(|choice| choice.label.as_str()).collect::<Vec<_>>().join(" | ")
}

/// What was typed where something is chosen, as the form knows it; what it does not offer stays as
/// it was typed, and is no choice.
pub fn chosen(form: &Form, fields: Vec<Field>) -> Vec<Field> {
    let field = |Field { name, value }: Field| {
        let known = form.fields.iter().find(|field| field.name == name);
        let value = match known.map(|field| &field.kind) {
            Some(FieldKind::One { of } | FieldKind::Many { of }) => ids(of, &value),
            _ => value,
        };
        Field { name, value }
    };
    fields.into_iter().map(field).collect()
}

fn ids(of: &[Choice], typed: &str) -> String {
    let lines = typed.lines().map(str::trim).filter(|line| !line.is_empty());
    let id = |line: &str| {
        let is = |name: &str| name.to_lowercase() == line.to_lowercase();
        let begins =
            |choice: &Choice| is(choice.label.split([':', ',']).next().unwrap_or_default());
        let whole = of.iter().find(|choice| is(&choice.label) || is(&choice.id));
        // Its beginning is enough where nothing else begins so.
        let mut short = of.iter().filter(|choice| begins(choice));
        let alone = short.next().filter(|_| short.next().is_none());
        whole.or(alone).map_or_else(|| line.to_owned(), |choice| choice.id.clone())
    };
    lines.map(id).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str, value: &str, kind: FieldKind) -> FormField {
        FormField {
            name: name.to_owned(),
            label: format!("The {name}"),
            hint: String::new(),
            value: value.to_owned(),
            leads: false,
            kind,
        }
    }

    fn choices() -> Vec<Choice> {
        let choice = |id: &str, label: &str| Choice { id: id.to_owned(), label: label.to_owned() };
        vec![choice("patients", "Patients, and so anybody"), choice("peers", "Colleagues: others")]
    }

    fn form(fields: Vec<FormField>) -> Form {
        Form {
            title: "Edit post 41".to_owned(),
            send: "Save".to_owned(),
            button: "edit:p1:9f86".to_owned(),
            fields,
        }
    }

    #[test]
    fn every_kind_of_field_is_typed() {
        let form = form(vec![
            FormField {
                hint: "In your words".to_owned(),
                ..field("text", "Flu\nshots", FieldKind::Lines)
            },
            field("slot", "", FieldKind::Line),
            field("which", "peers", FieldKind::One { of: choices() }),
            field("where", "patients\npeers", FieldKind::Many { of: choices() }),
            field("none", "", FieldKind::One { of: Vec::new() }),
        ]);

        let modal = modal(&form, 0, None).expect("a modal");

        assert_eq!(
            (&modal["custom_id"], &modal["title"]),
            (&json!("f:edit:p1:9f86"), &json!("Edit post 41"))
        );
        let rows = modal["components"].as_array().expect("rows");
        let of = |name: &str| -> Vec<Value> {
            rows.iter().map(|row| row["components"][0][name].clone()).collect()
        };
        assert_eq!(of("custom_id"), ["text", "slot", "which", "where"]);
        assert_eq!(of("style"), [2, 1, 1, 2]);
        assert_eq!(of("value")[0], "Flu\nshots");
        assert_eq!(of("value")[2], "Colleagues: others");
        assert_eq!(of("value")[3], "Patients, and so anybody\nColleagues: others");
        assert_eq!(of("placeholder")[0], "In your words");
        assert_eq!(of("placeholder")[2], "Patients, and so anybody | Colleagues: others");
        assert!(of("required").iter().all(|required| *required == false));
    }

    #[test]
    fn a_long_form_comes_in_parts() {
        let names = ["a", "b", "c", "d", "e", "f", "g"];
        let form = form(names.map(|name| field(name, "", FieldKind::Line)).to_vec());

        assert_eq!(labels(&form), ["The a · The b · The c · The d · The e", "The f · The g"]);
        let second = modal(&form, 1, None).expect("a modal");
        assert_eq!(second["components"].as_array().map(Vec::len), Some(2));
        assert_eq!(modal(&form, 2, None), None);
    }

    #[test]
    fn what_a_form_is_about_goes_with_each_part_and_is_chosen_anew() {
        let names = ["a", "b", "c", "d", "e", "f"];
        let mut fields = names.map(|name| field(name, "x", FieldKind::Line)).to_vec();
        fields[0].leads = true;
        let form = form(fields);

        let part = |nth| {
            let modal = modal(&form, nth, None).expect("a modal");
            let rows = modal["components"].as_array().expect("rows").clone();
            let of = |row: &Value| {
                let input = &row["components"][0];
                let value = input["value"].as_str().unwrap_or_default();
                format!("{}={value}", input["custom_id"].as_str().unwrap_or_default())
            };
            rows.iter().map(of).collect::<Vec<_>>()
        };
        assert_eq!(part(0), ["a=x", "b=x", "c=x", "d=x", "e=x"]);
        assert_eq!(part(1), ["a=", "f=x"]);
        assert_eq!(labels(&form), ["The b · The c · The d · The e", "The f"]);
    }

    #[test]
    fn what_is_too_long_stays_as_it_is() {
        let form = form(vec![field("text", &"x".repeat(4_001), FieldKind::Lines)]);

        assert_eq!(modal(&form, 0, None), None);
    }

    #[test]
    fn a_choice_is_known_by_what_people_read() {
        let form = form(vec![field("where", "", FieldKind::Many { of: choices() })]);
        let typed = |value: &str| {
            let field = Field { name: "where".to_owned(), value: value.to_owned() };
            chosen(&form, vec![field]).swap_remove(0).value
        };

        assert_eq!(typed("patients, and so anybody\n\n Colleagues "), "patients\npeers");
        assert_eq!(typed("peers"), "peers");
        assert_eq!(typed("the dog"), "the dog");
    }
}
