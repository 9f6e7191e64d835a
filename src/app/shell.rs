//! What is left of an event that may not be kept: ids and times, and of which post it was an edit.

use uuid::Uuid;

use crate::domain::amend;
use crate::domain::command::{self, Command};
use crate::domain::ids::PostId;
use crate::ports::intake::{ChatEvent, Happening};
use crate::ports::store::{Edits, Shell};

/// The event without anything that a person typed.
pub fn shell(event: &ChatEvent) -> Shell {
    let said = matches!(
        event.what,
        Happening::Edited { .. } | Happening::Said { .. } | Happening::Picked { .. }
    );
    let still_there = said && !event.what.message().message.is_empty();
    Shell {
        id: event.id.clone(),
        at: event.at,
        from: event.from.clone(),
        author: match &event.what {
            Happening::Picked { author, .. } => author.clone(),
            _ => None,
        },
        message: event.what.message().clone(),
        edits: edits(&event.what),
        still_there,
        told: false,
    }
}

/// What it would have changed, if it was an edit. Only ids and numbers: what stands in their place
/// and is none may be words.
pub fn edits(what: &Happening) -> Option<Edits> {
    match what {
        Happening::Edited { message, .. } => Some(Edits::MadeOf { message: message.clone() }),
        Happening::Pressed { button, .. } => {
            // A form comes back with a mark of what it showed.
            let rest = button.strip_prefix("edit:")?;
            let post = rest.split(':').next().unwrap_or_default();
            let post = Uuid::try_parse(post).ok()?;
            Some(Edits::Post { post: PostId::new(post.hyphenated().to_string()) })
        }
        Happening::Said { text, thread, .. } => match (command::read(text), thread) {
            (Some(Ok(Command::Edit(number, _))), _) => Some(Edits::Number { number }),
            (None, Some(card)) if !amend::read(text).is_empty() => {
                Some(Edits::Card { card: card.clone() })
            }
            _ => None,
        },
        Happening::Picked { .. } | Happening::Deleted { .. } | Happening::Reacted { .. } => None,
    }
}
