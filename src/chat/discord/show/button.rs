//! Buttons to rows of Discord's. Pure.

use serde_json::{Value, json};
use serenity::builder::{CreateActionRow, CreateButton};
use serenity::model::application::ButtonStyle;

use crate::chat::discord::origin::{Origin, Verb};
use crate::domain::practice::ChannelRef;
use crate::ports::intake::Theirs;
use crate::ports::notice::{Button, Weight};
use crate::render::pieces::length;

/// Most buttons in one row, and most rows.
const ROW: usize = 5;
/// The longest label of a button.
const LABEL: usize = 80;

/// The rows of these buttons; where they stand outside the channel that they are about, they say
/// which that is. A button whose id has no room is left out: cut, it would do something else.
pub fn rows(buttons: &[Button], about: Option<&ChannelRef>) -> Vec<Value> {
    let all: Vec<CreateButton> = buttons
        .iter()
        .enumerate()
        .filter_map(|(nth, button)| self::button(nth, button, about))
        .collect();
    in_rows(&all)
}

/// A button for each of these parts, from one on, of a form that is too long for one.
pub fn parts(
    (labels, from): (&[String], usize),
    button: &str,
    about: Option<&ChannelRef>,
) -> Vec<Value> {
    let made = labels.iter().enumerate().skip(from).filter_map(|(part, label)| {
        let (about, button) = (about.cloned(), button.to_owned());
        let id = Origin { verb: Verb::Part(part), about, button }.write(part)?;
        let button = CreateButton::new(id).label(cut(label, LABEL));
        Some(button.style(ButtonStyle::Secondary))
    });
    in_rows(&made.collect::<Vec<_>>())
}

/// A button for each of these practices, which says that a message is for it.
pub fn whose(all: &[Theirs], message: &str) -> Vec<Value> {
    let made = all.iter().enumerate().filter_map(|(nth, of)| {
        let (about, button) = (Some(of.channel.clone()), message.to_owned());
        let id = Origin { verb: Verb::Whose, about, button }.write(nth)?;
        let button = CreateButton::new(id).label(cut(&of.name, LABEL));
        Some(button.style(ButtonStyle::Secondary))
    });
    in_rows(&made.collect::<Vec<_>>())
}

fn in_rows(buttons: &[CreateButton]) -> Vec<Value> {
    let rows = buttons.chunks(ROW).take(ROW).map(|row| CreateActionRow::Buttons(row.to_vec()));
    rows.map(|row| json!(row)).collect()
}

fn button(nth: usize, button: &Button, about: Option<&ChannelRef>) -> Option<CreateButton> {
    let verb = if button.form.is_empty() { Verb::Does } else { Verb::Asks };
    let (about, id) = (about.cloned(), button.id.clone());
    let id = Origin { verb, about, button: id }.write(nth)?;
    let style = match button.weight {
        Weight::Primary => ButtonStyle::Primary,
        Weight::Plain => ButtonStyle::Secondary,
        Weight::Danger => ButtonStyle::Danger,
    };
    Some(CreateButton::new(id).label(cut(&button.label, LABEL)).style(style))
}

/// As much of the text as fits.
pub fn cut(text: &str, most: usize) -> String {
    if length(text) <= most {
        return text.to_owned();
    }
    let mut long = 1;
    let fits = text.chars().take_while(|c| {
        long += c.len_utf16();
        long <= most
    });
    fits.chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::notice::{FieldKind, FormField};

    fn button(id: &str, label: &str, weight: Weight) -> Button {
        Button { id: id.to_owned(), label: label.to_owned(), weight, form: Vec::new() }
    }

    #[test]
    fn a_button_says_what_it_does_and_whether_it_asks_first() {
        let mut decline = button("decline:1", "Decline", Weight::Plain);
        decline.form.push(FormField {
            name: "reason".to_owned(),
            label: "Why?".to_owned(),
            hint: String::new(),
            value: String::new(),
            leads: false,
            kind: FieldKind::Lines,
        });
        let all = [
            button("sign:1", "Sign", Weight::Primary),
            decline,
            button("withdraw:1", "Withdraw", Weight::Danger),
            button(&"x".repeat(101), "Too long", Weight::Plain),
        ];

        let rows = rows(&all, None);

        let seen: Vec<_> = rows[0]["components"]
            .as_array()
            .expect("buttons")
            .iter()
            .map(|b| (b["custom_id"].as_str(), b["label"].as_str(), b["style"].as_u64()))
            .collect();
        assert_eq!((rows.len(), &rows[0]["type"]), (1, &json!(1)));
        assert_eq!(
            seen,
            [
                (Some("d0:sign:1"), Some("Sign"), Some(1)),
                (Some("a1:decline:1"), Some("Decline"), Some(2)),
                (Some("d2:withdraw:1"), Some("Withdraw"), Some(4)),
            ]
        );
    }

    #[test]
    fn rows_hold_five_and_there_are_five() {
        let rows = rows(&vec![button("slot:1", "Now", Weight::Plain); 30], None);

        let many = |row: &Value| row["components"].as_array().map(Vec::len);
        assert_eq!(rows.iter().map(many).collect::<Vec<_>>(), [Some(5); 5]);
    }
}
