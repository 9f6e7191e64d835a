//! What becomes of what Discord brings: an event is stored, a form is opened, or a person is told
//! why not.
//!
//! Discord tells of nothing twice. What happened in a channel is looked at again by the sweep;
//! whoever pressed, typed or sent something that was not stored is told so at once. It is stored
//! first, then answered, and only then something is shown.

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::Value;
use tokio::time::timeout;

use super::answer::{self, First, because};
use super::came::Came;
use super::direct::{chosen, direct};
use super::ears::Ears;
use crate::chat::discord::api::Failed;
use crate::chat::discord::directory::Own;
use crate::chat::discord::private::Private;
use crate::chat::discord::read::{self, Asked, Did, Heard, Known, Way};
use crate::chat::discord::seen::Looker;
use crate::chat::discord::{show, wires::Wires};
use crate::domain::practice::ChannelRef;
use crate::ports::intake::{By, ChatEvent, Happening, Problem, Receipt, Typing, Wanted};
use crate::ports::notice::Form;

/// What was promised is there by then, or is taken back.
const PROMISED: Duration = Duration::from_mins(1);

/// Discord waits 3 s for choices; when nobody says any by now, there are none.
const OFFERED: Duration = Duration::from_secs(2);

/// Has an event of this type heard. What is begun here ends here, as it may be stored any moment.
pub async fn hear(ears: &Ears, kind: &str, payload: &Value) -> Came {
    let directory = &ears.wires.directory;
    let parent = match read::happened_in(kind, payload) {
        None => Ok(None),
        Some(channel) => directory.channel_of(channel).await,
    };
    let parent = match parent {
        Ok(parent) => parent,
        // Where the bot can't look it hears nothing of a thread either.
        Err(Failed::Refused(_)) => None,
        Err(_) => return Came::NotStored,
    };
    let own = match kind {
        "READY" | "RESUMED" | "THREAD_CREATE" | "THREAD_UPDATE" => None,
        _ => match directory.own().await {
            Ok(own) => Some(own),
            Err(_) => return Came::NotStored,
        },
    };
    let known = Known {
        own: own.map_or("", |own| own.user.as_str()),
        parent: parent.as_deref(),
        now: ears.clock.now(),
        nth: ears.nth.fetch_add(1, Ordering::Relaxed),
    };
    let heard = read::read(&known, kind, payload);
    come(ears, heard).await
}

/// Has what was read done.
async fn come(ears: &Ears, heard: Heard) -> Came {
    let directory = &ears.wires.directory;
    match heard {
        Heard::Did(all) => {
            let mut came = Came::Done;
            for did in all {
                if act(ears, did).await == Came::NotStored {
                    came = Came::NotStored;
                }
            }
            came
        }
        Heard::Ready { own, app } => {
            directory.is_own(Own { user: own, app });
            Came::Ready
        }
        Heard::Resumed => Came::Resumed,
        Heard::Types(asked, typing) => offers(ears, &asked, &typing).await,
        Heard::Direct(said) => direct(ears, *said).await,
        Heard::TookBack(did, other) => took_back(ears, *did, other).await,
        Heard::Cleared(at) => match looker(ears).is_own(&at).await {
            Ok(true) => Came::LeftOut,
            Ok(false) => Came::Done,
            Err(_) => Came::NotStored,
        },
        Heard::Thread { id, of } => {
            directory.is_thread(&id, &of);
            Came::Done
        }
        Heard::Nothing => Came::Done,
        Heard::Odd { kind, id } => {
            tracing::warn!(
                discord.kind = kind,
                discord.id = id,
                "Discord's {kind} {id} can't be read"
            );
            Came::Done
        }
    }
}

fn looker(ears: &Ears) -> Looker {
    Looker::new(ears.wires.api.clone(), ears.wires.directory.clone())
}

/// Who puts an emoji on in both ways and takes one back has it on all the same.
async fn took_back(ears: &Ears, did: Did, other: &str) -> Came {
    let Happening::Reacted { message, emoji, .. } = &did.what else { return Came::Done };
    match looker(ears).stands(message, &did.from.user, (emoji, other)).await {
        Ok(true) => Came::Done,
        Ok(false) => act(ears, did).await,
        Err(_) => Came::NotStored,
    }
}

/// Whoever types is never left without an answer; without choices they type on.
async fn offers(ears: &Ears, asked: &Asked, typing: &Typing) -> Came {
    let choices = timeout(OFFERED, ears.intake.choices(typing)).await.unwrap_or_default();
    let offers = First::Offers(show::command::choices(typing.blank, &choices));
    answered(answer::first(ears, asked, offers).await);
    Came::Done
}

/// Somebody did something.
async fn act(ears: &Ears, did: Did) -> Came {
    let Did { id, at, from, is_bot, channel, what, way } = did;
    let what = ears.wires.directory.without_addresses(what);
    let event = ChatEvent { id, at, from, is_bot, channel, what };
    match way {
        Way::Seen => {
            return match ears.intake.receive(event).await {
                Receipt::NotRecorded => Came::NotStored,
                _ => Came::Done,
            };
        }
        Way::Command(asked) => command(ears, &asked, event).await,
        Way::Pick(asked) => stored(ears, &asked, event, First::Promises).await,
        Way::Press(asked) => stored(ears, &asked, event, First::Hears).await,
        Way::Asks(asked) => asks(ears, &asked, None, event).await,
        Way::Part(asked, part) => asks(ears, &asked, Some(part), event).await,
        Way::Form(asked) => filled(ears, &asked, event).await,
        Way::Whose(asked) => chosen(ears, &asked, event).await,
    }
    // Whoever did it was told what came of it, and does it again.
    Came::Done
}

/// Has it stored, and gives this first answer; or says why not.
async fn stored(ears: &Ears, asked: &Asked, event: ChatEvent, first: First) {
    let opening = ears.wires.whispers.open(asked, &event.from, &event.channel);
    let channel = event.channel.clone();
    let goes_on = goes_on(&event);
    let receipt = ears.intake.receive(event).await;
    let first = match answer::of(&channel, &receipt) {
        Some(view) => First::words(view),
        None => first,
    };
    let promises = first == First::Promises;
    match answer::first(ears, asked, first).await {
        Ok(()) => opening.answered(promises),
        Err(failed) => not_answered(&failed),
    }
    if promises {
        keeps(ears, (asked.clone(), goes_on), receipt);
    }
}

/// A promise is kept by whatever is shown for it, or by what the form has more; else it is taken
/// back once all is shown.
fn keeps(ears: &Ears, (asked, goes_on): (Asked, Option<Wanted>), receipt: Receipt) {
    let ears = ears.clone();
    tokio::spawn(async move {
        if let Receipt::Stored(seq) | Receipt::Known(seq) | Receipt::Blocked(seq) = receipt {
            let _ = timeout(PROMISED, ears.intake.settled(seq)).await;
        }
        let more = match goes_on {
            Some(wanted) => more(&ears, &wanted).await,
            None => None,
        };
        let Wires { api, directory, whispers } = ears.wires;
        Private::new(api, directory, whispers).give_up(&asked, more.as_ref()).await;
    });
}

/// The form that goes on behind one that a command opened, which stands under no message.
fn goes_on(event: &ChatEvent) -> Option<Wanted> {
    let Happening::Pressed { message, button, .. } = &event.what else { return None };
    let (from, channel) = (event.from.clone(), event.channel.clone());
    let by = By::Sent(button.clone());
    message.message.is_empty().then_some(Wanted { from, channel, by })
}

/// A button for each part that was not open yet; nothing where there is none.
async fn more(ears: &Ears, wanted: &Wanted) -> Option<Value> {
    let form = ears.intake.form(wanted).await?;
    let rows = show::part_buttons((&show::labels(&form), 1), &form.button, None);
    let is_more = !rows.is_empty();
    is_more.then(|| answer::said(ears, &answer::more(&form.title), &rows))
}

async fn command(ears: &Ears, asked: &Asked, event: ChatEvent) {
    let Happening::Said { text, .. } = &event.what else { return };
    match form(ears, &event, By::Command(text.clone())).await {
        Some(form) => open(ears, asked, &event, (&form, 0)).await,
        None => stored(ears, asked, event, First::Promises).await,
    }
}

/// A button that asks for something first. Of a form that is too long for one modal its parts are
/// offered, where the button says what it is about: then each opens it as it stands by then.
async fn asks(ears: &Ears, asked: &Asked, part: Option<usize>, event: ChatEvent) {
    let Happening::Pressed { message, button, .. } = &event.what else { return };
    let by = By::Button(message.clone(), button.clone());
    let Some(form) = form(ears, &event, by).await else {
        return stored(ears, asked, event, First::Hears).await;
    };
    let labels = show::labels(&form);
    match part {
        None if labels.len() > 1 && button.contains(':') => {
            let rows = show::part_buttons((&labels, 0), button, about(&event));
            let view = answer::which_part(&form.title);
            answered(answer::first(ears, asked, First::Says(Box::new(view), rows)).await);
        }
        part => open(ears, asked, &event, (&form, part.unwrap_or_default())).await,
    }
}

async fn form(ears: &Ears, event: &ChatEvent, by: By) -> Option<Form> {
    let (from, channel) = (event.from.clone(), event.channel.clone());
    ears.intake.form(&Wanted { from, channel, by }).await
}

/// The channel that an act is about, where the message does not stand there itself.
fn about(event: &ChatEvent) -> Option<&ChannelRef> {
    event.what.message().message.contains('/').then_some(&event.channel)
}

async fn open(ears: &Ears, asked: &Asked, event: &ChatEvent, (form, part): (&Form, usize)) {
    let first = match show::modal(form, part, about(event)) {
        Some(modal) => First::Opens(modal),
        None => First::words(because("what it asks for does not fit into a form here")),
    };
    answered(answer::first(ears, asked, first).await);
}

/// A form that came back: what is wrong with it is said, and it has to be filled in again.
async fn filled(ears: &Ears, asked: &Asked, event: ChatEvent) {
    let event = with_choices(ears, event).await;
    let problems = ears.intake.look_over(&event).await;
    if !problems.is_empty() {
        // What looks like patient information is entered without its text, and holds its post.
        if problems.iter().any(|problem| problem.blocked) {
            let channel = event.channel.clone();
            let receipt = ears.intake.receive(event).await;
            if let (Receipt::NotRecorded, Some(view)) = (&receipt, answer::of(&channel, &receipt)) {
                let first = First::words(view);
                return answered(answer::first(ears, asked, first).await);
            }
        }
        let first = First::words(because(&sentences(&problems)));
        return answered(answer::first(ears, asked, first).await);
    }
    // A form that a command opened stands under no message.
    let alone = event.what.message().message.is_empty();
    let first = if alone { First::Promises } else { First::Hears };
    stored(ears, asked, event, first).await;
}

/// What was typed where something is chosen, as the form knows it.
async fn with_choices(ears: &Ears, event: ChatEvent) -> ChatEvent {
    let Happening::Pressed { message, button, fields } = &event.what else { return event };
    let by = By::Button(message.clone(), button.clone());
    let Some(form) = form(ears, &event, by).await else { return event };
    let (message, button) = (message.clone(), button.clone());
    let fields = show::chosen(&form, fields.clone());
    ChatEvent { what: Happening::Pressed { message, button, fields }, ..event }
}

/// Sentences as one, without the full stop that the words put there.
fn sentences(problems: &[Problem]) -> String {
    let all: Vec<&str> = problems.iter().map(|problem| problem.why.trim_end_matches('.')).collect();
    all.join("; ")
}

fn answered(answered: Result<(), Failed>) {
    if let Err(failed) = answered {
        not_answered(&failed);
    }
}

fn not_answered(failed: &Failed) {
    tracing::warn!(discord.error = %failed, "A person is not answered: {failed}");
}
