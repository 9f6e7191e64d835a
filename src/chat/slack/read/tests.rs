//! Payloads as Slack sends them, and what they say.

mod acts;

use serde_json::{Value, json};

use super::*;
use crate::domain::member::Platform;
use crate::domain::practice::ChannelRef;
use crate::ports::chat::MessageRef;
use crate::ports::intake::{FileRef, Happening};

fn own() -> Own {
    Own { team: "T1".to_owned(), user: "UBOT".to_owned(), bot: "B1".to_owned() }
}

fn heard(kind: Kind, payload: &Value) -> Heard {
    let names = Names::from([("U2".to_owned(), "Dr. Rao".to_owned())]);
    let now = "2026-11-23T15:00:00Z".parse().expect("a time");
    let own = own();
    read(&Known { own: &own, names: &names, now }, kind, payload)
}

/// As the Events API wraps it.
fn wrapped(event: &Value, shared: bool) -> Value {
    json!({
        "token": "x", "team_id": "T1", "context_team_id": "T1", "context_enterprise_id": null,
        "api_app_id": "A1", "event": event, "type": "event_callback", "event_id": "Ev1",
        "event_time": 1_795_424_301,
        "authorizations": [{ "enterprise_id": null, "team_id": "T1", "user_id": "UBOT",
            "is_bot": true, "is_enterprise_install": false }],
        "is_ext_shared_channel": shared, "event_context": "4-x",
    })
}

#[expect(clippy::needless_pass_by_value, reason = "a payload is written where it is read")]
fn event(event: Value) -> Heard {
    heard(Kind::Event, &wrapped(&event, false))
}

fn did(heard: Heard) -> Did {
    match heard {
        Heard::Did(did) => *did,
        other => panic!("nobody did anything: {other:?}"),
    }
}

fn at(ts: &str) -> MessageRef {
    let channel = ChannelRef {
        platform: Platform::Slack,
        workspace: "T1".to_owned(),
        channel: "C1".to_owned(),
    };
    MessageRef { channel, message: ts.to_owned() }
}

fn said(text: &str) -> Happening {
    let (thread, files) = (None, Vec::new());
    Happening::Said { message: at("1795424301.000100"), thread, text: text.to_owned(), files }
}

fn message(fields: Value) -> Value {
    let mut message = json!({
        "type": "message", "user": "U1", "ts": "1795424301.000100", "team": "T1",
        "channel": "C1", "channel_type": "channel", "event_ts": "1795424301.000100",
        "client_msg_id": "c1", "text": "Flu shots &amp; more",
    });
    merge(&mut message, fields);
    message
}

fn merge(into: &mut Value, fields: Value) {
    let Value::Object(fields) = fields else { panic!("fields") };
    for (name, value) in fields {
        into[name] = value;
    }
}

#[test]
fn a_message_says_who_where_when_and_what() {
    let did = did(event(message(json!({}))));

    assert_eq!(did.id.as_str(), "slack:C1/1795424301.000100/");
    assert_eq!(did.at.as_microsecond(), 1_795_424_301_000_100);
    assert_eq!(did.who, Who { user: "U1".to_owned(), team: Some("T1".to_owned()) });
    assert_eq!(did.channel, at("").channel);
    assert_eq!(did.what, said("Flu shots & more"));
    assert_eq!(did.way, Way::Seen);
}

#[test]
fn every_way_in_which_people_write_is_read() {
    let thread = |thread: &str| Happening::Said {
        thread: Some(at(thread)),
        message: at("1795424301.000100"),
        text: "Flu shots & more".to_owned(),
        files: Vec::new(),
    };
    let table = [
        (json!({ "subtype": "me_message" }), said("Flu shots & more")),
        (json!({ "text": "thank <@U2>" }), said("thank @Dr. Rao")),
        (
            json!({ "thread_ts": "1795424300.000100", "parent_user_id": "U3" }),
            thread("1795424300.000100"),
        ),
        (
            json!({ "subtype": "thread_broadcast", "thread_ts": "1795424300.000100",
            "root": { "ts": "1795424300.000100" } }),
            thread("1795424300.000100"),
        ),
        // The first message of a thread says so of itself.
        (json!({ "thread_ts": "1795424301.000100", "reply_count": 1 }), said("Flu shots & more")),
    ];

    for (fields, expected) in table {
        assert_eq!(did(event(message(fields.clone()))).what, expected, "{fields}");
    }
}

#[test]
fn files_come_with_their_names_and_alt_texts() {
    let shared = message(json!({ "subtype": "file_share", "upload": false, "files": [
        { "id": "F1", "name": "shots.png", "title": "Shots", "alt_txt": "Our door",
          "mode": "hosted", "file_access": "visible" },
        { "id": "F2", "mode": "tombstone" },
        { "id": "F3", "file_access": "check_file_info" },
    ]}));

    let Happening::Said { files, .. } = did(event(shared)).what else { panic!("said") };

    let file = |id: &str, name: &str, alt: &str| FileRef {
        id: id.to_owned(),
        name: name.to_owned(),
        alt: alt.to_owned(),
    };
    assert_eq!(files, [file("T1/F1", "shots.png", "Our door"), file("T1/F3", "", "")]);
}

#[test]
fn programs_slack_itself_and_what_is_hidden_say_nothing() {
    let table = [
        json!({ "user": "UBOT", "bot_id": "B1", "app_id": "A1" }),
        json!({ "user": "UBOT" }),
        json!({ "bot_id": "B7", "bot_profile": { "id": "B7" } }),
        json!({ "subtype": "bot_message", "user": null, "bot_id": "B7", "username": "RSS" }),
        json!({ "subtype": "channel_join" }),
        json!({ "subtype": "channel_topic" }),
        json!({ "subtype": "message_replied" }),
        json!({ "hidden": true }),
        json!({ "user": "USLACKBOT" }),
        json!({ "user": null }),
    ];

    for fields in table {
        assert_eq!(event(message(fields.clone())), Heard::Nothing, "{fields}");
    }
}

fn changed(now: Value, before: Value) -> Value {
    json!({
        "type": "message", "subtype": "message_changed", "hidden": true, "channel": "C1",
        "ts": "1795424309.000100", "event_ts": "1795424309.000100", "channel_type": "channel",
        "message": message(now), "previous_message": message(before),
    })
}

#[test]
fn only_what_somebody_typed_anew_is_an_edit() {
    let edited =
        json!({ "text": "Flu shots", "edited": { "user": "U1", "ts": "1795424309.000000" } });
    let unfurled = json!({ "attachments": [{ "title": "A page" }] });
    let mut both = edited.clone();
    merge(&mut both, unfurled.clone());

    let did = did(event(changed(edited.clone(), json!({}))));

    let expected = Happening::Edited {
        thread: None,
        message: at("1795424301.000100"),
        text: "Flu shots".to_owned(),
        files: Vec::new(),
    };
    assert_eq!(did.what, expected);
    assert_eq!((did.who.user.as_str(), did.who.team.as_deref()), ("U1", Some("T1")));
    assert_eq!(did.at.as_microsecond(), 1_795_424_309_000_000);
    assert_eq!(event(changed(unfurled, json!({}))), Heard::Nothing);
    // An address of a message that was edited before is shown.
    assert_eq!(event(changed(both, edited)), Heard::Nothing);
    let own = json!({ "user": "UBOT", "edited": { "user": "UBOT", "ts": "1.000001" } });
    assert_eq!(event(changed(own, json!({}))), Heard::Nothing);
}

#[test]
fn a_message_that_is_gone_was_its_authors_and_a_card_the_bots() {
    let gone = |previous: Value| {
        event(json!({
            "type": "message", "subtype": "message_deleted", "hidden": true, "channel": "C1",
            "ts": "1795424310.000100", "event_ts": "1795424310.000100",
            "deleted_ts": "1795424301.000100", "previous_message": message(previous),
        }))
    };
    let tombstone = changed(
        json!({ "subtype": "tombstone", "user": "USLACKBOT", "hidden": true, "text": "gone" }),
        json!({}),
    );

    for (heard, user) in [
        (gone(json!({})), "U1"),
        (gone(json!({ "user": "UBOT", "bot_id": "B1" })), "UBOT"),
        (event(tombstone), "U1"),
    ] {
        let did = did(heard);
        assert_eq!(did.what, Happening::Deleted { message: at("1795424301.000100") });
        assert_eq!(did.who.user, user);
    }
}

fn reaction(fields: Value) -> Value {
    let mut event = json!({
        "type": "reaction_added", "user": "U2", "reaction": "white_check_mark",
        "item": { "type": "message", "channel": "C1", "ts": "1795424301.000100" },
        "item_user": "UBOT", "event_ts": "1795424302.000100",
    });
    merge(&mut event, fields);
    event
}

#[test]
fn what_is_found_in_a_channel_is_the_event_that_was_not_brought() {
    let own = own();
    let names = Names::new();
    let known = Known { own: &own, names: &names, now: "2026-11-23T15:00:00Z".parse().expect("t") };
    let channel = at("").channel;
    let edited = json!({ "text": "Flu", "edited": { "user": "U1", "ts": "1795424309.000000" } });
    let gone = json!({
        "type": "message", "subtype": "message_deleted", "channel": "C1", "ts": "1.000001",
        "deleted_ts": "1795424301.000100", "previous_message": message(json!({})),
    });

    let said = did(found(&known, &channel, &message(json!({})), false));
    let changed_since = did(found(&known, &channel, &message(edited.clone()), true));
    let vanished = did(missing(&known, &channel, "1795424301.000100"));

    assert_eq!(said, did(event(message(json!({})))));
    assert_eq!(changed_since, did(event(changed(edited, json!({})))));
    assert_eq!(vanished.id, did(event(gone)).id);
    assert_eq!(found(&known, &channel, &message(json!({})), true), Heard::Nothing);
    assert_eq!(found(&known, &channel, &message(json!({ "bot_id": "B7" })), false), Heard::Nothing);
}

#[test]
fn reactions_keep_slacks_name_and_tone() {
    let reacted = |emoji: &str, on| Happening::Reacted {
        message: at("1795424301.000100"),
        emoji: emoji.to_owned(),
        on,
    };
    let table = [
        (json!({}), reacted("white_check_mark", true)),
        (json!({ "type": "reaction_removed" }), reacted("white_check_mark", false)),
        (json!({ "reaction": "hand::skin-tone-3" }), reacted("hand::skin-tone-3", true)),
        // A message without an author.
        (json!({ "item_user": null }), reacted("white_check_mark", true)),
    ];

    for (fields, expected) in table {
        assert_eq!(did(event(reaction(fields.clone()))).what, expected, "{fields}");
    }
    let other = [json!({ "user": "UBOT" }), json!({ "item": { "type": "file", "file": "F1" } })];
    for fields in other {
        assert_eq!(event(reaction(fields.clone())), Heard::Nothing, "{fields}");
    }
    assert!(matches!(event(reaction(json!({ "item": { "type": "message" } }))), Heard::Odd { .. }));
}

#[test]
fn in_a_shared_channel_only_what_a_payload_says_names_a_workspace() {
    let team = |payload: &Value| did(heard(Kind::Event, payload)).who.team;
    let told = message(json!({ "user_team": "T2", "source_team": "T2", "team": "T1" }));
    let silent = message(json!({ "team": null }));

    assert_eq!(team(&wrapped(&told, true)).as_deref(), Some("T2"));
    assert_eq!(team(&wrapped(&silent, true)), None);
    assert_eq!(team(&wrapped(&silent, false)).as_deref(), Some("T1"));
    assert_eq!(team(&wrapped(&reaction(json!({})), true)), None);
    assert_eq!(team(&wrapped(&reaction(json!({})), false)).as_deref(), Some("T1"));
}

fn interaction(fields: Value) -> Value {
    let mut payload = json!({
        "token": "x", "api_app_id": "A1", "team": { "id": "T1", "domain": "northside" },
        "user": { "id": "U2", "username": "dr-rao", "name": "dr-rao", "team_id": "T2" },
        "enterprise": null, "is_enterprise_install": false, "trigger_id": "7.8.9",
    });
    merge(&mut payload, fields);
    payload
}

#[test]
fn what_happens_to_workspaces_is_read() {
    let who = Who { user: "U1".to_owned(), team: Some("T1".to_owned()) };
    let gone = Heard::Uninstalled("T1".to_owned());
    let table = [
        (
            json!({ "type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home" }),
            Heard::Home(who.clone()),
        ),
        (
            json!({ "type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "messages" }),
            Heard::Nothing,
        ),
        (
            json!({ "type": "channel_id_changed", "old_channel_id": "G1", "new_channel_id": "C1" }),
            Heard::Moved {
                from: ChannelRef { channel: "G1".to_owned(), ..at("").channel },
                to: at("").channel,
            },
        ),
        (
            json!({ "type": "tokens_revoked", "tokens": { "oauth": ["U1"], "bot": [] } }),
            Heard::Nothing,
        ),
        (
            json!({ "type": "tokens_revoked", "tokens": { "oauth": [], "bot": ["UBOT"] } }),
            gone.clone(),
        ),
        (json!({ "type": "app_uninstalled" }), gone),
        (
            json!({ "type": "user_change", "user": { "id": "U1", "team_id": "T1", "deleted": true } }),
            Heard::Left(who),
        ),
        (json!({ "type": "user_change", "user": { "id": "U1", "team_id": "T1" } }), Heard::Nothing),
        (
            json!({ "type": "member_joined_channel", "user": "UBOT", "channel": "C1", "team": "T1",
            "inviter": "U1" }),
            Heard::Invited {
                channel: at("").channel,
                by: Some(Who { user: "U1".to_owned(), team: None }),
            },
        ),
        (json!({ "type": "member_joined_channel", "user": "U1", "channel": "C1" }), Heard::Nothing),
        (json!({ "type": "channel_archive", "channel": "C1" }), Heard::Nothing),
    ];

    for (fields, expected) in table {
        assert_eq!(event(fields.clone()), expected, "{fields}");
    }
}

#[test]
fn what_can_not_be_read_names_its_type_and_id_alone() {
    let odd = |kind: &str, id: &str| Heard::Odd { kind: kind.to_owned(), id: id.to_owned() };
    let new = interaction(json!({ "type": "hologram", "text": "Jane Roe" }));

    assert_eq!(event(json!({ "type": "hologram", "text": "Jane Roe" })), odd("hologram", "Ev1"));
    let message = message(json!({ "subtype": "hologram" }));
    assert_eq!(event(message), odd("message/hologram", "slack:Ev1"));
    assert_eq!(
        heard(Kind::Event, &json!({ "type": "app_rate_limited" })),
        odd("app_rate_limited", "")
    );
    assert_eq!(heard(Kind::Interaction, &new), odd("hologram", "7.8.9"));
    assert_eq!(heard(Kind::Command, &json!({ "text": "Jane Roe" })), odd("command", ""));
    assert_eq!(heard(Kind::Event, &Value::Null), odd("nothing", ""));
}

#[test]
fn it_is_known_through_which_install_something_was_heard() {
    let through = |kind, payload: Value| heard_in(kind, &payload).map(ToOwned::to_owned);

    let mut event = wrapped(&json!({}), true);
    event["team_id"] = json!("T2");
    assert_eq!(through(Kind::Event, event).as_deref(), Some("T1"));
    let payload = interaction(json!({ "type": "block_actions" }));
    assert_eq!(through(Kind::Interaction, payload).as_deref(), Some("T1"));
    assert_eq!(through(Kind::Command, json!({ "team_id": "T1" })).as_deref(), Some("T1"));
    assert_eq!(through(Kind::Event, json!({})), None);
}
