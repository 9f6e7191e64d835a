//! Payloads of commands, buttons, shortcuts and forms, and what they say.

use serde_json::{Value, json};

use super::super::*;
use super::{at, did, heard, interaction, message};
use crate::ports::intake::{Field, Happening};

#[test]
fn a_command_stands_nowhere() {
    let typed = json!({
        "token": "x", "team_id": "T1", "team_domain": "northside", "channel_id": "C1",
        "channel_name": "ideas", "user_id": "U1", "user_name": "tomas", "command": "/post",
        "text": "new Flu shots :tada: &amp; <https://a.example|a.example>", "api_app_id": "A1",
        "is_enterprise_install": "false", "response_url": "https://x", "trigger_id": "7.8.9",
    });
    let mut bare = typed.clone();
    bare["text"] = json!("");

    let did = did(heard(Kind::Command, &typed));

    assert_eq!((did.id.as_str(), did.who.team.as_deref()), ("slack:7.8.9", Some("T1")));
    let new = Happening::Said {
        message: at(""),
        thread: None,
        text: "/post new Flu shots 🎉 & a.example".to_owned(),
        files: Vec::new(),
    };
    assert_eq!(did.what, new);
    assert_eq!(did.way, Way::Command { trigger: "7.8.9".to_owned() });
    let Happening::Said { text, .. } = self::did(heard(Kind::Command, &bare)).what else {
        panic!("said")
    };
    assert_eq!(text, "/post");
}

#[test]
fn a_press_says_its_button_and_whether_it_asks_first() {
    let press = |action: Value| {
        interaction(json!({
            "type": "block_actions", "channel": { "id": "C1", "name": "approvals" },
            "container": { "type": "message", "message_ts": "1795424301.000100",
                "channel_id": "C1", "is_ephemeral": false },
            "message": message(json!({})), "state": { "values": {} },
            "response_url": "https://x", "actions": [action],
        }))
    };
    let button = |id: &str, value: Value| {
        json!({ "type": "button", "block_id": "b1", "action_id": id, "value": value,
            "text": { "type": "plain_text", "text": "Sign" }, "action_ts": "1795424305.000200" })
    };

    let signed = did(heard(Kind::Interaction, &press(button("does:0", json!("sign:p1")))));
    let asking = did(heard(Kind::Interaction, &press(button("asks:1", json!("decline:p1")))));
    let address = heard(Kind::Interaction, &press(button("does:2", Value::Null)));

    let pressed = Happening::Pressed {
        message: at("1795424301.000100"),
        button: "sign:p1".to_owned(),
        fields: Vec::new(),
    };
    assert_eq!((signed.id.as_str(), &signed.what), ("slack:7.8.9", &pressed));
    assert_eq!(signed.who, Who { user: "U2".to_owned(), team: Some("T2".to_owned()) });
    let way = |asks| Way::Press { trigger: "7.8.9".to_owned(), asks };
    assert_eq!((signed.way, asking.way), (way(false), way(true)));
    assert_eq!(address, Heard::Nothing);

    let mut elsewhere = press(button("does:0", json!("sign:p1")));
    elsewhere["channel"]["id"] = json!("D1");
    elsewhere["actions"][0]["block_id"] = json!("about:C1:0");
    assert_eq!(did(heard(Kind::Interaction, &elsewhere)).what, pressed);
}

#[test]
fn a_message_that_was_chosen_brings_its_words() {
    let chosen = interaction(json!({
        "type": "message_action", "callback_id": "make_post", "action_ts": "1795424305.000200",
        "channel": { "id": "C1", "name": "general" }, "message_ts": "1795424301.000100",
        "message": message(json!({ "bot_id": "B7", "user": "U7" })), "response_url": "https://x",
    }));

    let did = did(heard(Kind::Interaction, &chosen));

    let picked = Happening::Picked {
        message: at("1795424301.000100"),
        author: None,
        text: "Flu shots & more".to_owned(),
        files: Vec::new(),
    };
    assert_eq!(did.what, picked);
    assert_eq!(did.way, Way::Shortcut { trigger: "7.8.9".to_owned() });
}

#[test]
fn a_message_that_was_chosen_says_who_wrote_it() {
    let chosen = |message: Value| {
        let chosen = interaction(json!({
            "type": "message_action", "callback_id": "make_post", "action_ts": "1795424305.000200",
            "channel": { "id": "C1", "name": "general" }, "message_ts": "1795424301.000100",
            "message": message, "response_url": "https://x",
        }));
        match did(heard(Kind::Interaction, &chosen)).what {
            Happening::Picked { author, .. } => author.map(|who| (who.workspace, who.user)),
            other => panic!("{other:?}"),
        }
    };
    let by = |team: &str| Some((team.to_owned(), "U7".to_owned()));

    assert_eq!(chosen(message(json!({ "user": "U7", "team": "T9" }))), by("T9"));
    assert_eq!(chosen(message(json!({ "user": "USLACKBOT" }))), None);
}

#[test]
fn a_form_comes_back_as_its_button_with_all_fields() {
    let origin = r#"{"channel":"C1","message":"1795424301.000100","button":"edit:p1"}"#;
    let input = |name: &str| json!({ "type": "input", "block_id": name });
    let option = |id: &str| json!({ "text": { "type": "plain_text", "text": id }, "value": id });
    let sent = interaction(json!({
        "type": "view_submission", "response_urls": [],
        "view": {
            "id": "V1", "type": "modal", "callback_id": "form", "private_metadata": origin,
            "hash": "1.h2", "app_installed_team_id": "T1",
            "blocks": [{ "type": "section", "block_id": "note" }, input("text"), input("slot"),
                input("which"), input("where"), input("gone")],
            "state": { "values": {
                "text": { "v": { "type": "plain_text_input", "value": "Two\nlines :tada:" } },
                "slot": { "v": { "type": "plain_text_input", "value": null } },
                "which": { "v": { "type": "static_select", "selected_option": option("a") } },
                "where": { "v": { "type": "checkboxes",
                    "selected_options": [option("a"), option("b")] } },
            }},
        },
    }));

    let did = did(heard(Kind::Interaction, &sent));

    let field = |name: &str, value: &str| Field { name: name.to_owned(), value: value.to_owned() };
    let pressed = Happening::Pressed {
        message: at("1795424301.000100"),
        button: "edit:p1".to_owned(),
        fields: vec![
            field("text", "Two\nlines 🎉"),
            field("slot", ""),
            field("which", "a"),
            field("where", "a\nb"),
            field("gone", ""),
        ],
    };
    assert_eq!(did.what, pressed);
    let fields = ["text", "slot", "which", "where", "gone"].map(str::to_owned).to_vec();
    assert_eq!(did.way, Way::Form { fields });
}
