//! A form to a modal of Slack. Pure.
//!
//! What a modal can't hold is not cut: a field that is too long is left out, says so, and stays as
//! it is.

use serde_json::{Value, json};

use super::REST;
use super::button::{cut, plain, rows};
use super::page::pages;
use crate::chat::slack::origin::{FORM, Origin};
use crate::ports::notice::{Button, Choice, FieldKind, Form, FormField};
use crate::render::pieces::length;

/// The longest text that can be typed.
const TYPED: usize = 3_000;
/// The longest title of a modal, and label of its buttons.
const TITLE: usize = 24;
/// The longest label or hint of a field.
const LABEL: usize = 2_000;
/// Most blocks of a view.
pub const BLOCKS: usize = 100;
/// Most boxes to tick.
const BOXES: usize = 10;
/// Most options in one group of a list.
const OPTIONS: usize = 100;

/// The modal of a form.
pub fn modal(form: &Form, origin: &Origin) -> Value {
    let mut blocks: Vec<Value> = form.fields.iter().map(block).collect();
    if blocks.len() > BLOCKS {
        blocks.truncate(BLOCKS - 1);
        let left = form.fields.len() - blocks.len();
        let why =
            format!("{left} more fields do not fit in a form of Slack's. They stay as they are.");
        blocks.push(json!({ "type": "section", "text": plain(&why, TYPED) }));
    }
    json!({
        "type": "modal", "callback_id": FORM, "private_metadata": origin.write(),
        "title": plain(&form.title, TITLE), "submit": plain(&form.send, TITLE),
        "close": plain("Cancel", TITLE), "blocks": blocks,
    })
}

/// A modal that only says something.
pub fn note(words: &str) -> Value {
    let page = pages(words, BLOCKS).swap_remove(0);
    json!({
        "type": "modal", "title": plain("Countersign", TITLE), "close": plain("Close", TITLE),
        "blocks": page.blocks,
    })
}

/// The home tab: words with their buttons, which act in this channel, one under the other. What
/// does not fit is said not to.
pub fn home<'a>(parts: impl Iterator<Item = (&'a str, &'a [Button], Option<&'a str>)>) -> Value {
    let rest = pages(REST, 1).swap_remove(0).blocks;
    let mut blocks: Vec<Value> = Vec::new();
    for (words, buttons, about) in parts {
        let mut words = pages(words, BLOCKS);
        let mut part = words.swap_remove(0).blocks;
        if !words.is_empty() {
            part.extend(rest.clone());
        }
        part.extend(rows(buttons, about));
        if !blocks.is_empty() {
            part.insert(0, json!({ "type": "divider" }));
        }
        if blocks.len() + part.len() + rest.len() > BLOCKS {
            blocks.extend(rest);
            break;
        }
        blocks.extend(part);
    }
    json!({ "type": "home", "blocks": blocks })
}

fn block(field: &FormField) -> Value {
    let Some(element) = element(field) else { return stays(field) };
    let mut block = json!({
        "type": "input", "block_id": field.name, "optional": true,
        "label": plain(&field.label, LABEL), "element": element,
    });
    if !field.hint.is_empty() {
        block["hint"] = plain(&field.hint, LABEL);
    }
    block
}

/// What is typed or chosen; `None` where the field can't be shown whole.
fn element(field: &FormField) -> Option<Value> {
    let mut element = match &field.kind {
        FieldKind::Line | FieldKind::Lines => {
            if length(&field.value) > TYPED {
                return None;
            }
            let many = field.kind == FieldKind::Lines;
            let mut typed = json!({ "type": "plain_text_input", "multiline": many });
            if !field.value.is_empty() {
                typed["initial_value"] = json!(field.value);
            }
            typed
        }
        FieldKind::One { of } | FieldKind::Many { of } if of.is_empty() => return None,
        FieldKind::One { of } => {
            let chosen = of.iter().find(|choice| choice.id == field.value);
            let mut list = list("static_select", of);
            if let Some(chosen) = chosen {
                list["initial_option"] = option(chosen);
            }
            list
        }
        FieldKind::Many { of } => {
            let ids: Vec<&str> = field.value.lines().collect();
            let chosen = of.iter().filter(|choice| ids.contains(&choice.id.as_str()));
            let chosen: Vec<Value> = chosen.map(option).collect();
            let mut list = if of.len() <= BOXES {
                json!({ "type": "checkboxes", "options": of.iter().map(option).collect::<Vec<_>>() })
            } else {
                list("multi_static_select", of)
            };
            if !chosen.is_empty() {
                list["initial_options"] = json!(chosen);
            }
            list
        }
    };
    element["action_id"] = json!("v");
    Some(element)
}

fn list(kind: &str, of: &[Choice]) -> Value {
    let groups: Vec<Value> = of
        .chunks(OPTIONS)
        .map(|some| {
            let label = some.first().map_or("", |choice| choice.label.as_str());
            let options: Vec<Value> = some.iter().map(option).collect();
            json!({ "label": plain(label, 75), "options": options })
        })
        .collect();
    match &groups[..] {
        [only] => json!({ "type": kind, "options": only["options"] }),
        _ => json!({ "type": kind, "option_groups": groups }),
    }
}

fn option(choice: &Choice) -> Value {
    json!({ "text": plain(&choice.label, 75), "value": cut(&choice.id, 150) })
}

/// What stands in the place of a field that can't be shown.
fn stays(field: &FormField) -> Value {
    let why = if field.value.is_empty() {
        "there is nothing to choose from."
    } else {
        "too long to be changed in a form of Slack's. It stays as it is."
    };
    json!({ "type": "section", "text": plain(&format!("{}: {why}", field.label), TYPED) })
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

    fn choices(many: usize) -> Vec<Choice> {
        (0..many).map(|n| Choice { id: format!("c{n}"), label: format!("Choice {n}") }).collect()
    }

    fn origin() -> Origin {
        let (channel, message) = ("C1".to_owned(), "1.000001".to_owned());
        Origin { channel, message, button: "edit:p1".to_owned() }
    }

    #[test]
    fn every_kind_of_field_has_its_element() {
        let form = Form {
            title: "Edit post 41".to_owned(),
            send: "Save".to_owned(),
            button: "edit:p1".to_owned(),
            fields: vec![
                FormField {
                    hint: "In your words".to_owned(),
                    ..field("text", "Flu\nshots", FieldKind::Lines)
                },
                field("slot", "", FieldKind::Line),
                field("which", "c1", FieldKind::One { of: choices(2) }),
                field("where", "c0\nc2", FieldKind::Many { of: choices(3) }),
            ],
        };

        let modal = modal(&form, &origin());

        let plain = |text: &str| json!({ "type": "plain_text", "text": text, "emoji": false });
        let option =
            |n: usize| json!({ "text": plain(&format!("Choice {n}")), "value": format!("c{n}") });
        let input = |name: &str, element: Value| {
            json!({ "type": "input", "block_id": name, "optional": true,
                "label": plain(&format!("The {name}")), "element": element })
        };
        let mut text = input(
            "text",
            json!({ "type": "plain_text_input", "multiline": true,
            "initial_value": "Flu\nshots", "action_id": "v" }),
        );
        text["hint"] = plain("In your words");
        assert_eq!(
            modal,
            json!({
                "type": "modal", "callback_id": "form", "title": plain("Edit post 41"),
                "private_metadata":
                    r#"{"channel":"C1","message":"1.000001","button":"edit:p1"}"#,
                "submit": plain("Save"), "close": plain("Cancel"),
                "blocks": [
                    text,
                    input("slot", json!({ "type": "plain_text_input", "multiline": false,
                        "action_id": "v" })),
                    input("which", json!({ "type": "static_select", "action_id": "v",
                        "options": [option(0), option(1)], "initial_option": option(1) })),
                    input("where", json!({ "type": "checkboxes", "action_id": "v",
                        "options": [option(0), option(1), option(2)],
                        "initial_options": [option(0), option(2)] })),
                ],
            })
        );
        assert_eq!(Origin::read(modal["private_metadata"].as_str().expect("text")), Some(origin()));
    }

    #[test]
    fn what_a_form_can_not_hold_stays_and_says_so() {
        let long = block(&field("text", &"x".repeat(3_001), FieldKind::Lines));
        let none = block(&field("which", "", FieldKind::One { of: Vec::new() }));

        assert_eq!((&long["type"], &none["type"]), (&json!("section"), &json!("section")));
        let said = long["text"]["text"].as_str().expect("a text");
        assert!(said.contains("It stays as it is."), "{said}");
        assert!(!said.contains("xxx"));
    }

    #[test]
    fn fields_that_have_no_room_are_counted() {
        let fields = (0..102).map(|n| field(&format!("f{n}"), "", FieldKind::Line)).collect();
        let [title, send, button] = ["Edit", "Save", "edit:p1"].map(ToOwned::to_owned);

        let modal = modal(&Form { title, send, button, fields }, &origin());

        let blocks = modal["blocks"].as_array().expect("a list");
        assert_eq!((blocks.len(), &blocks[98]["block_id"]), (BLOCKS, &json!("f98")));
        let said = blocks[99]["text"]["text"].as_str().expect("a text");
        assert!(said.starts_with("3 more fields do not fit"), "{said}");
    }

    #[test]
    fn long_lists_are_groups() {
        let element = block(&field("which", "c150", FieldKind::One { of: choices(201) }));
        let groups = element["element"]["option_groups"].as_array().expect("groups");

        assert_eq!(groups.len(), 3);
        assert_eq!(element["element"]["initial_option"]["value"], "c150");
    }
}
