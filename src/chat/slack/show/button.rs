//! Buttons to blocks of Block Kit. Pure.

use serde_json::{Value, json};

use crate::chat::slack::origin::{ABOUT, ASKS, DOES};
use crate::ports::notice::{Button, Weight};
use crate::render::pieces::length;

/// Most buttons in one block.
const ROW: usize = 25;
/// The longest label of a button.
const LABEL: usize = 75;
/// The longest label in a question.
const ANSWER: usize = 30;
/// The longest id of a button.
const VALUE: usize = 2_000;

/// The blocks of these buttons; where they stand outside the channel that they are about, they say
/// which that is.
pub fn rows(buttons: &[Button], about: Option<&str>) -> Vec<Value> {
    // A button whose id is cut would do something else.
    let able = buttons.iter().filter(|button| length(&button.id) <= VALUE);
    let all: Vec<Value> = able.enumerate().map(|(nth, button)| self::button(nth, button)).collect();
    let rows = all.chunks(ROW).enumerate().map(|(nth, row)| {
        let mut block = json!({ "type": "actions", "elements": row });
        if let Some(channel) = about {
            block["block_id"] = json!(format!("{ABOUT}{channel}:{nth}"));
        }
        block
    });
    rows.collect()
}

fn button(nth: usize, button: &Button) -> Value {
    let verb = if button.form.is_empty() { DOES } else { ASKS };
    let mut made = json!({
        "type": "button", "action_id": format!("{verb}:{nth}"), "value": button.id,
        "text": plain(&button.label, LABEL),
    });
    match button.weight {
        Weight::Primary => made["style"] = json!("primary"),
        Weight::Plain => {}
        Weight::Danger => {
            made["style"] = json!("danger");
            made["confirm"] = json!({
                "title": plain(&format!("{}?", button.label), 100),
                "text": plain("This can't be taken back.", 300),
                "confirm": plain(&button.label, ANSWER), "deny": plain("Cancel", ANSWER),
                "style": "danger",
            });
        }
    }
    made
}

/// A plain text of Block Kit: shown as it is, and cut where it is too long.
pub fn plain(text: &str, most: usize) -> Value {
    json!({ "type": "plain_text", "text": cut(text, most), "emoji": false })
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

    #[test]
    fn a_button_says_what_it_does_and_whether_it_asks_first() {
        let button = |id: &str, label: &str, weight| Button {
            id: id.to_owned(),
            label: label.to_owned(),
            weight,
            form: Vec::new(),
        };
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
            button(&"x".repeat(2_001), "Too long", Weight::Plain),
        ];

        let rows = rows(&all, None);

        let label = |text: &str| json!({ "type": "plain_text", "text": text, "emoji": false });
        assert_eq!(
            rows,
            [json!({ "type": "actions", "elements": [
                { "type": "button", "action_id": "does:0", "value": "sign:1",
                  "text": label("Sign"), "style": "primary" },
                { "type": "button", "action_id": "asks:1", "value": "decline:1",
                  "text": label("Decline") },
                { "type": "button", "action_id": "does:2", "value": "withdraw:1",
                  "text": label("Withdraw"), "style": "danger", "confirm": {
                    "title": label("Withdraw?"), "text": label("This can't be taken back."),
                    "confirm": label("Withdraw"), "deny": label("Cancel"), "style": "danger",
                  } },
            ]})]
        );
    }

    #[test]
    fn buttons_elsewhere_say_which_channel_they_are_about() {
        let button = Button {
            id: "slot:1".to_owned(),
            label: "Now".to_owned(),
            weight: Weight::Plain,
            form: Vec::new(),
        };

        let rows = rows(&vec![button; 26], Some("C1"));

        let ids: Vec<&Value> = rows.iter().map(|row| &row["block_id"]).collect();
        assert_eq!(ids, ["about:C1:0", "about:C1:1"]);
    }

    #[test]
    fn a_text_that_is_too_long_ends_in_dots() {
        assert_eq!(cut("Sign", 4), "Sign");
        assert_eq!(cut("Signs", 4), "Sig…");
        assert_eq!(cut("👩👩👩", 4), "👩…");
    }
}
