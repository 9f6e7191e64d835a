//! Payloads as Discord sends them, and what they say.

use jiff::Timestamp;
use serde_json::{Value, json};
use serenity::model::event::Event;

use super::*;
use crate::domain::member::{Identity, Platform};
use crate::domain::practice::ChannelRef;
use crate::ports::chat::MessageRef;
use crate::ports::intake::{Field, FileRef, Happening};

const ID: &str = "1574351873991770120";

fn now() -> Timestamp {
    "2026-11-23T15:00:00Z".parse().expect("a time")
}

fn heard_in(parent: Option<&str>, kind: &str, payload: &Value) -> Heard {
    read(&Known { own: "9", parent, now: now(), nth: 1 }, kind, payload)
}

fn heard(kind: &str, payload: &Value) -> Heard {
    heard_in(None, kind, payload)
}

fn did(heard: Heard) -> Did {
    match heard {
        Heard::Did(mut all) if all.len() == 1 => all.swap_remove(0),
        other => panic!("nobody did one thing: {other:?}"),
    }
}

fn at(message: &str) -> MessageRef {
    let channel = ChannelRef {
        platform: Platform::Discord,
        workspace: "1".to_owned(),
        channel: "20".to_owned(),
    };
    MessageRef { channel, message: message.to_owned() }
}

fn who(user: &str) -> Identity {
    Identity { platform: Platform::Discord, workspace: "1".to_owned(), user: user.to_owned() }
}

fn user(id: &str) -> Value {
    json!({ "id": id, "username": "maya", "global_name": "Maya", "discriminator": "0",
        "avatar": null, "bot": false })
}

fn member(id: &str) -> Value {
    json!({ "user": user(id), "nick": null, "roles": [], "joined_at": "2026-01-01T00:00:00Z",
        "deaf": false, "mute": false, "flags": 0, "avatar": null })
}

fn merge(into: &mut Value, fields: &Value) {
    for (name, value) in fields.as_object().expect("fields") {
        into[name] = value.clone();
    }
}

fn message(fields: &Value) -> Value {
    let mut message = json!({
        "id": ID, "channel_id": "20", "guild_id": "1", "type": 0, "author": user("2"),
        "content": "Flu shots", "timestamp": "2026-11-23T15:00:00.000000+00:00",
        "edited_timestamp": null, "tts": false, "mention_everyone": false, "mentions": [],
        "mention_roles": [], "attachments": [], "embeds": [], "pinned": false, "flags": 0,
        "components": [],
    });
    merge(&mut message, fields);
    message
}

fn interaction(kind: u64, data: &Value, fields: &Value) -> Value {
    let mut event = json!({
        "id": ID, "application_id": "9", "type": kind, "token": "s3cret", "version": 1,
        "data": data, "guild_id": "1", "channel_id": "20", "member": member("2"),
        "channel": { "id": "20", "type": 0, "name": "ideas", "permissions": "0" },
        "locale": "en-US", "guild_locale": "en-US", "entitlements": [], "app_permissions": "0",
        "authorizing_integration_owners": { "0": "1" }, "context": 0,
        "attachment_size_limit": 10_485_760,
    });
    merge(&mut event, fields);
    event
}

/// As it comes through the library that keeps the connection.
fn through(kind: &str, payload: &Value) -> Value {
    let event: Event = serde_json::from_value(json!({ "t": kind, "d": payload })).expect("read");
    assert!(!matches!(event, Event::Unknown(_)), "{kind} is unknown");
    let mut said = serde_json::to_value(&event).expect("JSON")["d"].take();
    if kind == "INTERACTION_CREATE" {
        said["type"] = payload["type"].clone();
    }
    said
}

#[test]
fn a_message_says_who_where_when_and_what() {
    for payload in [message(&json!({})), through("MESSAGE_CREATE", &message(&json!({})))] {
        let did = did(heard("MESSAGE_CREATE", &payload));

        assert_eq!(did.id.as_str(), format!("discord:20/{ID}/"));
        assert_eq!(Some(did.at), field::made(ID));
        assert_eq!((did.from, did.is_bot), (who("2"), false));
        assert_eq!(did.channel, at("").channel);
        let (thread, files) = (None, Vec::new());
        let text = "Flu shots".to_owned();
        assert_eq!(did.what, Happening::Said { message: at(ID), thread, text, files });
        assert_eq!(did.way, Way::Seen);
    }
}

#[test]
fn threads_and_answers_are_about_a_message() {
    let reference = |kind: u64, channel: &str| {
        json!({ "message_reference": {
            "type": kind, "message_id": "7", "channel_id": channel, "guild_id": "1" } })
    };
    let thread = |parent, fields: &Value| match did(heard_in(
        parent,
        "MESSAGE_CREATE",
        &through("MESSAGE_CREATE", &message(fields)),
    ))
    .what
    {
        Happening::Said { message, thread, .. } => (message.message, thread.map(|at| at.message)),
        other => panic!("{other:?}"),
    };
    let here =
        |message: &str, thread: Option<&str>| (message.to_owned(), thread.map(ToOwned::to_owned));

    assert_eq!(thread(None, &reference(0, "20")), here(ID, Some("7")));
    assert_eq!(thread(None, &reference(0, "21")), here(ID, None));
    // A thread has the id of the message under which it hangs.
    let in_thread = json!({ "channel_id": "30" });
    assert_eq!(thread(Some("20"), &in_thread), here(&format!("30/{ID}"), Some("30")));
}

#[test]
fn files_come_with_their_names_and_alt_texts() {
    let file = json!({ "id": "8", "filename": "shots.png", "description": "Our door", "size": 5,
        "url": "https://cdn.example/a?ex=1", "proxy_url": "https://cdn.example/a",
        "content_type": "image/png", "width": 8, "height": 8, "ephemeral": false });
    let payload =
        through("MESSAGE_CREATE", &message(&json!({ "content": "", "attachments": [file] })));

    let Happening::Said { files, text, .. } = did(heard("MESSAGE_CREATE", &payload)).what else {
        panic!("said")
    };

    let id = format!("20/{ID}/8 https://cdn.example/a?ex=1");
    let (name, alt) = ("shots.png".to_owned(), "Our door".to_owned());
    assert_eq!((files, text), (vec![FileRef { id, name, alt }], String::new()));
}

#[test]
fn what_is_not_said_by_a_person_here_is_nothing() {
    let table = [
        json!({ "author": user("9") }),
        json!({ "author": { "id": "3", "username": "robot", "bot": true } }),
        json!({ "webhook_id": "5" }),
        json!({ "type": 7 }),
        json!({ "content": "" }),
    ];

    for fields in table {
        let alone = json!({ "guild_id": null });
        let mut direct = message(&fields);
        merge(&mut direct, &alone);
        for payload in [message(&fields), direct] {
            assert_eq!(heard("MESSAGE_CREATE", &payload), Heard::Nothing, "{fields}");
        }
    }
}

#[test]
fn what_is_written_to_the_bot_alone_is_for_a_channel_that_others_name() {
    let edited = "2026-11-23T15:05:00.120000+00:00";
    let payload = message(&json!({ "guild_id": null, "channel_id": "30" }));
    let mut changed = payload.clone();
    changed["edited_timestamp"] = json!(edited);
    let ideas = at("").channel;

    let event = |kind, payload| match heard(kind, payload) {
        Heard::Direct(direct) => {
            let is_changed = direct.changed;
            direct.event(who("2"), ideas.clone(), is_changed)
        }
        other => panic!("nobody wrote to the bot alone: {other:?}"),
    };
    let (said, edit) = (event("MESSAGE_CREATE", &payload), event("MESSAGE_UPDATE", &changed));

    let message = at(&format!("30/{ID}"));
    let (thread, files, text) = (None, Vec::new(), "Flu shots".to_owned());
    assert_eq!((said.channel, said.from), (ideas, who("2")));
    assert_eq!(said.id.as_str(), format!("discord:20/30/{ID}/"));
    assert_eq!(edit.id.as_str(), format!("discord:20/30/{ID}/1795446300120000"));
    let same = message.clone();
    assert_eq!(
        edit.what,
        Happening::Edited { message: same, thread: None, text: text.clone(), files: Vec::new() }
    );
    assert_eq!(said.what, Happening::Said { message, thread, text, files });
    assert_eq!(heard("MESSAGE_UPDATE", &payload), Heard::Nothing);
}

#[test]
fn an_edit_is_what_its_author_typed_anew() {
    let edited = "2026-11-23T15:05:00.120000+00:00";
    let payload = message(&json!({ "edited_timestamp": edited, "content": "Flu jabs" }));
    let nothing = message(&json!({ "flags": 32 }));

    for payload in [payload.clone(), through("MESSAGE_UPDATE", &payload)] {
        let did = did(heard("MESSAGE_UPDATE", &payload));
        assert_eq!(did.at.to_string(), "2026-11-23T15:05:00.12Z");
        assert_eq!(did.id.as_str(), format!("discord:20/{ID}/1795446300120000"));
        let (thread, files, text) = (None, Vec::new(), "Flu jabs".to_owned());
        assert_eq!(did.what, Happening::Edited { message: at(ID), thread, text, files });
    }
    assert_eq!(heard("MESSAGE_UPDATE", &nothing), Heard::Nothing);
}

#[test]
fn what_is_deleted_is_gone_by_its_own_name() {
    let one = json!({ "id": "7", "channel_id": "20", "guild_id": "1" });
    let many = json!({ "ids": ["7", "8"], "channel_id": "20", "guild_id": "1" });

    let one = did(heard("MESSAGE_DELETE", &through("MESSAGE_DELETE", &one)));
    let Heard::Did(many) = heard("MESSAGE_DELETE_BULK", &through("MESSAGE_DELETE_BULK", &many))
    else {
        panic!("gone")
    };

    assert_eq!(one.id.as_str(), "discord:20/7/gone");
    assert_eq!(
        (one.from.clone(), one.what.clone()),
        (who("9"), Happening::Deleted { message: at("7") })
    );
    assert_eq!((many.len(), &many[0]), (2, &one));
}

fn reaction(fields: &Value) -> Value {
    let mut event = json!({
        "user_id": "2", "channel_id": "20", "message_id": "7", "guild_id": "1",
        "emoji": { "id": null, "name": "✅" }, "member": member("2"), "burst": false, "type": 0,
    });
    merge(&mut event, fields);
    event
}

#[test]
fn reactions_say_which_and_whose() {
    let added = through("MESSAGE_REACTION_ADD", &reaction(&json!({})));
    let burst = through("MESSAGE_REACTION_ADD", &reaction(&json!({ "burst": true, "type": 1 })));
    // Others say less, and their events are kept as they came.
    let bare = reaction(&json!({ "member": null }));
    let custom = reaction(&json!({ "emoji": { "id": "77", "name": "white_check_mark" } }));
    let robot = reaction(&json!({ "member": { "user": { "id": "2", "bot": true } } }));
    let emoji = |payload: &Value| match did(heard("MESSAGE_REACTION_ADD", payload)).what {
        Happening::Reacted { emoji, on, message } => (emoji, on, message.message),
        other => panic!("{other:?}"),
    };
    let sign = ("✅".to_owned(), true, "7".to_owned());

    assert_eq!([&added, &burst, &bare].map(emoji), [sign.clone(), sign.clone(), sign]);
    assert_eq!(emoji(&custom).0, "white_check_mark:77");
    let custom = through(
        "MESSAGE_REACTION_ADD",
        &reaction(&json!({ "emoji": { "id": "77", "name": "x", "animated": false } })),
    );
    assert_eq!(emoji(&custom).0, "x:77");
    assert!(did(heard("MESSAGE_REACTION_ADD", &robot)).is_bot);
    assert_eq!(
        heard("MESSAGE_REACTION_ADD", &reaction(&json!({ "user_id": "9" }))),
        Heard::Nothing
    );
    // The other kind may stand all the same.
    for (removed, other) in [(bare.clone(), "1"), (burst.clone(), "0")] {
        let heard = heard("MESSAGE_REACTION_REMOVE", &removed);
        let Heard::TookBack(gone, of) = heard else { panic!("{heard:?}") };
        assert!(matches!(gone.what, Happening::Reacted { on: false, .. }));
        assert_eq!(of, other);
    }
    assert!(!did(heard("MESSAGE_REACTION_REMOVE", &custom)).is_bot);
    let cleared = Heard::Cleared(at("7"));
    assert_eq!(heard("MESSAGE_REACTION_REMOVE_ALL", &bare), cleared);
}

#[test]
fn a_command_is_what_could_have_been_typed() {
    let data = json!({ "id": "5", "name": "post", "type": 1, "options": [
        { "name": "edit", "type": 1, "options": [
            { "name": "number", "type": 4, "value": 12 },
            { "name": "text", "type": 3, "value": " On Sunday. " },
            { "name": "practice", "type": 3, "value": "northside" },
        ] },
    ] });
    let payload = interaction(2, &data, &json!({}));

    for payload in [payload.clone(), through("INTERACTION_CREATE", &payload)] {
        let did = did(heard("INTERACTION_CREATE", &payload));
        assert_eq!(did.id.as_str(), format!("discord:{ID}"));
        assert_eq!((&did.from, &did.channel), (&who("2"), &at("").channel));
        let Happening::Said { message, text, .. } = &did.what else { panic!("said") };
        assert_eq!(
            (message.message.as_str(), text.as_str()),
            ("", "/post edit northside 12 On Sunday.")
        );
        let Way::Command(asked) = &did.way else { panic!("a command") };
        assert_eq!((asked.id.as_str(), asked.token.reveal()), (ID, "s3cret"));
        assert!(!format!("{did:?}").contains("s3cret"));
    }
}

#[test]
fn a_message_is_picked_with_its_author() {
    let chosen = message(&json!({ "id": "7" }));
    let data = json!({ "id": "5", "name": "Make a post from this", "type": 3, "target_id": "7",
        "resolved": { "messages": { "7": chosen } } });
    let payload = through("INTERACTION_CREATE", &interaction(2, &data, &json!({})));

    let did = did(heard("INTERACTION_CREATE", &payload));

    let (text, files) = ("Flu shots".to_owned(), Vec::new());
    let author = Some(who("2"));
    assert_eq!(did.what, Happening::Picked { message: at("7"), author, text, files });
}

#[test]
fn a_button_says_what_it_does_and_where() {
    let press = |id: &str, fields: &Value| {
        let data = json!({ "custom_id": id, "component_type": 2 });
        let card = message(&json!({ "id": "7", "author": user("9") }));
        let mut event = interaction(3, &data, &json!({ "message": card }));
        merge(&mut event, fields);
        heard("INTERACTION_CREATE", &through("INTERACTION_CREATE", &event))
    };
    let pressed = |message: &str, button: &str| Happening::Pressed {
        message: at(message),
        button: button.to_owned(),
        fields: Vec::new(),
    };

    let does = did(press("d0:sign:1", &json!({})));
    assert_eq!((&does.what, matches!(does.way, Way::Press(_))), (&pressed("7", "sign:1"), true));
    let asks = did(press("a1:edit:1", &json!({})));
    assert!(matches!(asks.way, Way::Asks(_)));
    assert!(matches!(did(press("p1:edit:1", &json!({}))).way, Way::Part(_, 1)));
    // In a direct conversation the button says which channel it is about.
    let alone = json!({ "guild_id": null, "member": null, "user": user("2"), "channel_id": "50",
        "channel": { "id": "50", "type": 1 } });
    let there = did(press("d0@1.k:retry:1", &alone));
    assert_eq!((there.what, there.from), (pressed("50/7", "retry:1"), who("2")));
    assert!(matches!(press("somebody's", &json!({})), Heard::Odd { .. }));
}

#[test]
fn a_form_brings_its_fields() {
    let row = |name: &str, value: &str| json!({ "type": 1, "components": [{ "type": 4, "custom_id": name, "value": value }] });
    let data = json!({ "custom_id": "f:edit:1:9f", "components": [row("text", "Flu\njabs"), row("slot", "")] });
    let payload = through("INTERACTION_CREATE", &interaction(5, &data, &json!({})));

    let did = did(heard("INTERACTION_CREATE", &payload));

    let field = |name: &str, value: &str| Field { name: name.to_owned(), value: value.to_owned() };
    let fields = vec![field("text", "Flu\njabs"), field("slot", "")];
    let button = "edit:1:9f".to_owned();
    assert_eq!(did.what, Happening::Pressed { message: at(""), button, fields });
    assert!(matches!(did.way, Way::Form(_)));
}

#[test]
fn what_can_not_be_read_leaves_its_type_and_id() {
    let odd = |kind: &str, id: &str| Heard::Odd { kind: kind.to_owned(), id: id.to_owned() };
    let words = json!({ "id": "7", "content": "secret words" });

    assert_eq!(heard("MESSAGE_SPARKLE", &words), odd("MESSAGE_SPARKLE", "7"));
    assert_eq!(heard("INTERACTION_CREATE", &words), odd("INTERACTION_CREATE/null", "7"));
    let bare = json!({ "guild_id": "1", "message_id": "7" });
    assert_eq!(heard("MESSAGE_REACTION_ADD", &bare), odd("MESSAGE_REACTION_ADD", "7"));
    assert_eq!(heard("GUILD_CREATE", &words), Heard::Nothing);
    assert_eq!(heard("TYPING_START", &words), Heard::Nothing);
}

#[test]
fn a_session_says_who_the_bot_is() {
    let ready = json!({ "user": { "id": "9" }, "application": { "id": "10", "flags": 0 } });

    let (own, app) = ("9".to_owned(), "10".to_owned());
    assert_eq!(heard("READY", &ready), Heard::Ready { own, app });
    assert_eq!(heard("RESUMED", &json!({})), Heard::Resumed);
    let thread = json!({ "id": "30", "parent_id": "20", "type": 11 });
    let (id, of) = ("30".to_owned(), "20".to_owned());
    assert_eq!(heard("THREAD_CREATE", &thread), Heard::Thread { id, of });
}
