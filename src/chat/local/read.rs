//! Acts of the local world to chat events. Pure.

use jiff::Timestamp;

use super::messages::{Attached, Standing};
use super::people::{Kind, Person, channel};
use super::transcript;
use crate::domain::ids::EventId;
use crate::domain::practice::ChannelRef;
use crate::ports::chat::MessageRef;
use crate::ports::intake::{ChatEvent, Field, FileRef, Happening};

/// Who does something, when, and under which number; a number makes one event.
#[derive(Debug, Clone, Copy)]
pub(super) struct Act<'a> {
    pub(super) number: i64,
    pub(super) at: Timestamp,
    pub(super) person: &'a Person,
}

/// Words and files as somebody typed them; the gate has not looked yet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Typed<'a> {
    pub(super) text: &'a str,
    pub(super) files: &'a [Attached],
}

impl Act<'_> {
    /// Wrote a message.
    pub(super) fn says(
        self,
        message: MessageRef,
        thread: Option<i64>,
        typed: Typed<'_>,
    ) -> ChatEvent {
        let thread = thread.map(|number| MessageRef {
            channel: message.channel.clone(),
            message: transcript::id(number),
        });
        self.event(Happening::Said {
            message,
            thread,
            text: typed.text.to_owned(),
            files: refs(typed.files),
        })
    }

    /// Changed a message.
    pub(super) fn edits(self, message: &Standing, typed: Typed<'_>) -> ChatEvent {
        self.event(Happening::Edited {
            message: at(message),
            thread: message.thread.map(|root| MessageRef {
                channel: channel(&message.channel),
                message: transcript::id(root),
            }),
            text: typed.text.to_owned(),
            files: refs(typed.files),
        })
    }

    /// Deleted a message.
    pub(super) fn deletes(self, message: &Standing) -> ChatEvent {
        self.event(Happening::Deleted { message: at(message) })
    }

    /// Put a reaction on a message, or took it away.
    pub(super) fn reacts(self, message: &Standing, emoji: &str, on: bool) -> ChatEvent {
        self.event(Happening::Reacted { message: at(message), emoji: emoji.to_owned(), on })
    }

    /// Pressed a button.
    pub(super) fn presses(self, message: &Standing, button: &str, fields: Vec<Field>) -> ChatEvent {
        self.event(Happening::Pressed { message: at(message), button: button.to_owned(), fields })
    }

    /// Sent a form that no message opened.
    pub(super) fn sends(self, at: ChannelRef, button: &str, fields: Vec<Field>) -> ChatEvent {
        let message = MessageRef { channel: at, message: String::new() };
        self.event(Happening::Pressed { message, button: button.to_owned(), fields })
    }

    fn event(self, what: Happening) -> ChatEvent {
        ChatEvent {
            id: EventId::new(format!("local:{}", self.number)),
            at: self.at,
            from: self.person.identity(),
            is_bot: self.person.kind == Kind::Robot,
            channel: what.message().channel.clone(),
            what,
        }
    }
}

fn at(message: &Standing) -> MessageRef {
    MessageRef { channel: channel(&message.channel), message: message.id() }
}

fn refs(files: &[Attached]) -> Vec<FileRef> {
    let file = |file: &Attached| FileRef {
        id: format!("f{}", file.number),
        name: file.name.clone(),
        alt: file.alt.clone(),
    };
    files.iter().map(file).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn robot() -> Person {
        Person {
            id: "robot".to_owned(),
            name: "Robot".to_owned(),
            what: "a program".to_owned(),
            kind: Kind::Robot,
        }
    }

    fn card() -> Standing {
        Standing {
            number: 4,
            channel: "approvals".to_owned(),
            thread: None,
            author: "countersign".to_owned(),
            only_for: None,
            buttons: "[]".to_owned(),
            deleted: false,
        }
    }

    #[test]
    fn an_event_says_who_where_and_what() {
        let person = robot();
        let act = Act { number: 7, at: Timestamp::UNIX_EPOCH, person: &person };

        let event = act.reacts(&card(), "✅", true);

        assert_eq!(event.id.as_str(), "local:7");
        assert!(event.is_bot);
        assert_eq!(event.from, person.identity());
        assert_eq!(event.channel, channel("approvals"));
        assert_eq!(
            event.what,
            Happening::Reacted { message: at(&card()), emoji: "✅".to_owned(), on: true }
        );
    }

    #[test]
    fn what_people_type_reaches_the_gate_whole() {
        let person = robot();
        let files =
            [Attached { number: 9, name: "clinic.jpg".to_owned(), alt: "Our door".to_owned() }];
        let typed = Typed { text: "Flu shots", files: &files };
        let message = MessageRef { channel: channel("ideas"), message: "m8".to_owned() };
        let act = Act { number: 8, at: Timestamp::UNIX_EPOCH, person: &person };

        let event = act.says(message.clone(), Some(4), typed);

        assert_eq!(
            event.what,
            Happening::Said {
                thread: Some(MessageRef { message: "m4".to_owned(), ..message.clone() }),
                message,
                text: "Flu shots".to_owned(),
                files: vec![FileRef {
                    id: "f9".to_owned(),
                    name: "clinic.jpg".to_owned(),
                    alt: "Our door".to_owned(),
                }],
            }
        );
    }
}
