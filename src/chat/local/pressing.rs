//! What people press, and the forms that come before it.
//!
//! A form is asked for when it is opened, so that it shows what stands now. What is wrong with one
//! that was filled in is said beside its fields, and it is not brought; but what looks like patient
//! information is, so that it is entered without its text.

use super::acts::{Done, Hearing, NotDone, act, find, heard, listening, who};
use super::people::{Person, channel};
use crate::domain::practice::ChannelRef;
use crate::ports::chat::MessageRef;
use crate::ports::intake::{By, ChatEvent, Field, Receipt, Wanted};
use crate::ports::notice::Form;

/// What may open a form.
#[derive(Debug, Clone)]
pub enum Opens {
    /// This button of this message.
    Button {
        /// Which message.
        message: String,
        /// Which button.
        button: String,
    },
    /// A command without its words.
    Command {
        /// Where.
        channel: String,
        /// As it was typed.
        command: String,
    },
}

/// The form that this opens for somebody, as it stands now.
pub async fn opened(to: &Hearing, person: &str, opens: &Opens) -> Result<Option<Form>, NotDone> {
    let world = &to.world;
    let person = who(world, person)?;
    match opens {
        Opens::Button { message, button } => {
            let standing = find(world, person, message).await?;
            let under = standing.button(button).ok_or(NotDone::NoSuchButton)?;
            let at = MessageRef { channel: channel(&standing.channel), message: standing.id() };
            Ok(form(to, person, at.channel.clone(), By::Button(at, under.id)).await)
        }
        Opens::Command { channel, command } => {
            let at = room(to, person, channel)?;
            Ok(form(to, person, at, By::Command(command.clone())).await)
        }
    }
}

/// Presses a button, with the form it opened if it has one.
pub async fn press(
    to: &Hearing,
    person: &str,
    message: &str,
    (button, fields): (&str, Vec<Field>),
) -> Done {
    let world = &to.world;
    let person = who(world, person)?;
    let standing = find(world, person, message).await?;
    let under = standing.button(button).ok_or(NotDone::NoSuchButton)?;
    if !fields.is_empty() {
        let at = MessageRef { channel: channel(&standing.channel), message: standing.id() };
        let now = form(to, person, at.channel.clone(), By::Button(at, under.id)).await;
        let now = now.map(|form| form.fields).unwrap_or_default();
        let known = |field: &Field| under.form.iter().chain(&now).any(|f| f.name == field.name);
        if !fields.iter().all(known) {
            return Err(NotDone::NoSuchField);
        }
    }
    listening(world).await?;

    let _turn = world.order(standing.number).await;
    let event = act(world, person).await?.presses(&standing, button, fields);
    bring(to, standing.id(), event).await
}

/// Sends a form that a command opened.
pub async fn send(
    to: &Hearing,
    person: &str,
    channel: &str,
    (button, fields): (&str, Vec<Field>),
) -> Done {
    let world = &to.world;
    let person = who(world, person)?;
    let at = room(to, person, channel)?;
    let nowhere = MessageRef { channel: at.clone(), message: String::new() };
    let by = By::Button(nowhere, button.to_owned());
    let form = form(to, person, at.clone(), by).await.ok_or(NotDone::NoSuchButton)?;
    let known = |field: &Field| form.fields.iter().any(|known| known.name == field.name);
    if !fields.iter().all(known) {
        return Err(NotDone::NoSuchField);
    }
    listening(world).await?;

    let event = act(world, person).await?.sends(at, button, fields);
    bring(to, String::new(), event).await
}

async fn form(to: &Hearing, person: &Person, channel: ChannelRef, by: By) -> Option<Form> {
    to.intake.form(&Wanted { from: person.identity(), channel, by }).await
}

fn room(to: &Hearing, person: &Person, id: &str) -> Result<ChannelRef, NotDone> {
    let room = to.world.channel(id).filter(|channel| channel.admits(person));
    room.map(|_| channel(id)).ok_or(NotDone::NoSuchChannel)
}

async fn bring(to: &Hearing, id: String, event: ChatEvent) -> Done {
    let problems = to.intake.look_over(&event).await;
    if problems.iter().any(|problem| problem.blocked) || problems.is_empty() {
        match to.intake.receive(event).await {
            Receipt::NotRecorded => return Err(NotDone::NotRecorded),
            receipt if problems.is_empty() => return Ok(heard(id, &receipt)),
            _ => {}
        }
    }
    Err(NotDone::Problems(problems))
}
