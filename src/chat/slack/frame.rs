//! What comes over a socket, as text, and what is answered there: pure, and proof against anything
//! that can be in a text.
//!
//! [Socket Mode](https://docs.slack.dev/apis/events-api/using-socket-mode/) wraps each thing into
//! an envelope with an id; the answer repeats the id.

use serde_json::{Value, json};

use super::envelope::{Envelope, Kind, Reply};

/// Longer words than this are none of Slack's.
const LONGEST_WORD: usize = 64;

/// One text that came.
#[derive(Debug, PartialEq)]
pub enum Frame {
    /// The connection stands; it is this app's.
    Hello {
        /// The app's id; empty if it was not said.
        app: String,
    },
    /// The connection is to be left.
    Disconnect(Leave),
    /// Something to hear and to acknowledge.
    Heard(Wrapped),
    /// Nothing that is known here, or not as it should be.
    Odd {
        /// What it says it is, in letters that a log can take.
        kind: String,
        /// By what it is acknowledged, if it said.
        id: Option<String>,
    },
}

/// An envelope as it came over a socket.
#[derive(Debug, PartialEq)]
pub struct Wrapped {
    /// By what it is acknowledged.
    pub id: String,
    /// The person sees what the acknowledgment says.
    pub takes_answer: bool,
    /// The how manieth time it is sent, from 0.
    pub attempt: u64,
    /// What is in it.
    pub envelope: Envelope,
}

/// Why a connection is to be left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leave {
    /// It will be closed soon, and another one may be opened before.
    Soon,
    /// Socket Mode was switched off for this app.
    Disabled,
    /// The app has more connections than Slack allows.
    TooMany,
}

/// Reads a text.
pub fn read(text: &str) -> Frame {
    let Ok(Value::Object(mut fields)) = serde_json::from_str(text) else {
        return Frame::Odd { kind: "no JSON object".to_owned(), id: None };
    };
    let said = |name: &str| fields.get(name).and_then(Value::as_str);
    let id = said("envelope_id").map(ToOwned::to_owned);
    let kind = match said("type") {
        Some("hello") => {
            let app = fields.get("connection_info").and_then(|info| info.get("app_id")?.as_str());
            return Frame::Hello { app: app.unwrap_or_default().to_owned() };
        }
        Some("disconnect") => {
            return Frame::Disconnect(match said("reason") {
                Some("link_disabled") => Leave::Disabled,
                Some("too_many_websockets") => Leave::TooMany,
                _ => Leave::Soon,
            });
        }
        Some("events_api") => Kind::Event,
        Some("slash_commands") => Kind::Command,
        Some("interactive") => Kind::Interaction,
        other => return Frame::Odd { kind: plain(other.unwrap_or("no type")), id },
    };
    let takes_answer = fields.get("accepts_response_payload") == Some(&Value::Bool(true));
    let attempt = fields.get("retry_attempt").and_then(Value::as_u64).unwrap_or(0);
    match (id, fields.remove("payload")) {
        (Some(id), Some(payload @ Value::Object(_))) => Frame::Heard(Wrapped {
            id,
            takes_answer,
            attempt,
            envelope: Envelope { kind, payload },
        }),
        (id, _) => Frame::Odd { kind: format!("{kind:?} without what it holds"), id },
    }
}

/// What Slack is sent back; nothing where it is not to take it as heard.
pub fn answer(id: &str, takes_answer: bool, reply: Reply) -> Option<String> {
    match reply {
        Reply::Not => None,
        Reply::With(payload) if takes_answer => {
            Some(json!({ "envelope_id": id, "payload": payload }).to_string())
        }
        Reply::With(_) | Reply::Ack => Some(json!({ "envelope_id": id }).to_string()),
    }
}

/// A word that a log can take: letters of names, and not too many.
pub fn plain(word: &str) -> String {
    let fine = |c: &char| c.is_ascii_alphanumeric() || "_-.".contains(*c);
    let mut plain: String = word.chars().take(LONGEST_WORD).filter(fine).collect();
    if plain.is_empty() {
        plain.push('?');
    }
    plain
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wrapped(kind: &str, more: &Value) -> Frame {
        let mut frame = json!({
            "envelope_id": "e-1", "type": kind, "accepts_response_payload": kind != "events_api",
            "payload": { "team_id": "T1" },
        });
        for (name, value) in more.as_object().expect("fields") {
            frame[name] = value.clone();
        }
        read(&frame.to_string())
    }

    #[test]
    fn each_kind_of_envelope_is_told_from_the_others() {
        let kinds = [
            ("events_api", Kind::Event, false),
            ("slash_commands", Kind::Command, true),
            ("interactive", Kind::Interaction, true),
        ];
        for (name, kind, takes_answer) in kinds {
            let Frame::Heard(heard) = wrapped(name, &json!({ "retry_attempt": 2 })) else {
                panic!("{name}");
            };
            let payload = json!({ "team_id": "T1" });
            assert_eq!(heard.envelope, Envelope { kind, payload });
            assert_eq!(
                (heard.id.as_str(), heard.attempt, heard.takes_answer),
                ("e-1", 2, takes_answer)
            );
        }
    }

    #[test]
    fn what_is_about_the_connection_is_read() {
        let hello = json!({ "type": "hello", "connection_info": { "app_id": "A1" } }).to_string();
        assert_eq!(read(&hello), Frame::Hello { app: "A1".to_owned() });
        assert_eq!(read(r#"{"type":"hello"}"#), Frame::Hello { app: String::new() });
        let table = [
            ("warning", Leave::Soon),
            ("refresh_requested", Leave::Soon),
            ("of its own making", Leave::Soon),
            ("link_disabled", Leave::Disabled),
            ("too_many_websockets", Leave::TooMany),
        ];
        for (reason, leave) in table {
            let text = json!({ "type": "disconnect", "reason": reason }).to_string();
            assert_eq!(read(&text), Frame::Disconnect(leave), "{reason}");
        }
    }

    #[test]
    fn what_is_odd_keeps_its_id_and_loses_its_words() {
        let odd = |kind: &str, id: Option<&str>| Frame::Odd {
            kind: kind.to_owned(),
            id: id.map(ToOwned::to_owned),
        };

        assert_eq!(wrapped("spell\n\u{1b}[31m it", &json!({})), odd("spell31mit", Some("e-1")));
        assert_eq!(
            wrapped("events_api", &json!({ "payload": "text" })),
            odd("Event without what it holds", Some("e-1"))
        );
        assert_eq!(
            wrapped("interactive", &json!({ "envelope_id": 7 })),
            odd("Interaction without what it holds", None)
        );
        assert_eq!(read("[]"), odd("no JSON object", None));
        assert_eq!(read(&"[".repeat(100_000)), odd("no JSON object", None));
    }

    #[test]
    fn an_answer_goes_only_where_slack_shows_it() {
        let with = || Reply::With(json!({ "text": "Kept." }));
        let acknowledged = Some(r#"{"envelope_id":"e\"1"}"#.to_owned());

        assert_eq!(answer("e\"1", true, Reply::Ack), acknowledged);
        assert_eq!(answer("e\"1", false, with()), acknowledged);
        assert_eq!(answer("e", true, Reply::Not), None);
        let full = answer("e", true, with()).expect("an answer");
        assert_eq!(full, r#"{"envelope_id":"e","payload":{"text":"Kept."}}"#);
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "[a-z_]{0,12}|.{0,20}".prop_map(Value::from),
            prop::sample::select(vec!["hello", "disconnect", "events_api", "interactive"])
                .prop_map(Value::from),
        ];
        let names = prop_oneof![
            prop::sample::select(vec![
                "type",
                "envelope_id",
                "payload",
                "reason",
                "retry_attempt",
                "connection_info",
                "accepts_response_payload",
            ])
            .prop_map(ToOwned::to_owned),
            ".{0,6}",
        ];
        leaf.prop_recursive(4, 32, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(names.clone(), inner, 0..6)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_json_whatever_is_in_it_breaks_the_reading(value in any_json()) {
            let frame = read(&value.to_string());
            if let Frame::Heard(heard) = &frame {
                prop_assert_eq!(Some(heard.id.as_str()), value["envelope_id"].as_str());
                prop_assert!(heard.envelope.payload.is_object());
            }
            if let Frame::Odd { kind, id } = frame {
                prop_assert!(kind.len() <= LONGEST_WORD && !kind.contains(char::is_control));
                prop_assert!(!value.is_object() || id.as_deref() == value["envelope_id"].as_str());
            }
        }

        #[test]
        fn no_text_breaks_the_reading(text in ".{0,200}", cut in 0usize..120) {
            read(&text);
            let sound = r#"{"envelope_id":"é","type":"events_api","payload":{"a":[1,{"b":"ü"}]}}"#;
            let end = (0..=cut.min(sound.len())).rev().find(|at| sound.is_char_boundary(*at));
            read(&sound[..end.unwrap_or(0)]);
        }

        #[test]
        fn nothing_of_a_payload_is_ever_printed(words in "[a-z]{12,20}") {
            let payload = json!({ "text": words, "token": words });
            let text = json!({ "envelope_id": "e", "type": "events_api", "payload": payload });
            let printed = format!("{:?}", read(&text.to_string()));
            prop_assert!(!printed.contains(&words));
        }
    }
}
