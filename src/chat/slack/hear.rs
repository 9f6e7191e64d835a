//! What becomes of an envelope: an event is stored, a form is opened, or a person is told why not.
//!
//! Slack waits 3 s, and brings again only what happened in a channel. So whoever pressed, typed or
//! sent something that was not stored is told so at once, and nothing else is.

use serde_json::{Value, json};

use super::answer::{self, Told};
use super::api::Failed;
use super::envelope::{Ears, Envelope, Reply};
use super::known::{self, identity};
use super::origin::Origin;
use super::read::{self, Did, Heard, Way};
use super::show;
use crate::domain::member::Identity;
use crate::domain::practice::ChannelRef;
use crate::ports::intake::{By, ChatEvent, Happening, Invited, Problem, Receipt, Wanted};
use crate::ports::notice::Form;

/// Has an envelope stored, and says what Slack is to be answered. Whoever brings it looks after
/// Slack's deadline: what is begun here ends here, as it may be stored any moment.
pub async fn hear(ears: &Ears, envelope: Envelope) -> Reply {
    let Envelope { kind, payload } = envelope;
    let Some(own) = known::own(ears, kind, &payload) else {
        tracing::warn!(slack.kind = ?kind, "Slack tells of a workspace that has no install");
        return Reply::Ack;
    };
    let names = known::names(ears, &own, &payload).await;
    let now = ears.clock.now();
    let heard = read::read(&read::Known { own: &own, names: &names, now }, kind, &payload);
    match heard {
        Heard::Did(did) => act(ears, &own, *did).await,
        Heard::Odd { kind, id } => {
            tracing::warn!(slack.kind = kind, slack.id = id, "Slack's {kind} {id} can't be read");
            Reply::Ack
        }
        Heard::Nothing => Reply::Ack,
        Heard::Invited { channel, by } => invited(ears, &channel, by).await,
        Heard::Left(who) => {
            ears.directory.forget(&who.user);
            match identity(&ears.directory, &own, &who).await {
                Ok(who) => stored(ears.intake.left(&who).await),
                Err(_) => Reply::Not,
            }
        }
        Heard::Moved { from, to } => stored(ears.intake.moved(&from, &to).await),
        Heard::Uninstalled(team) => {
            ears.api.installs().lose(&team, None, "app_uninstalled");
            Reply::Ack
        }
        Heard::Home(who) => home(ears, &own, &who).await,
    }
}

fn stored(stored: bool) -> Reply {
    if stored { Reply::Ack } else { Reply::Not }
}

/// The app was brought into a channel. Where the channel is nobody's its id is what is needed
/// next, so whoever brought the app there sees it.
async fn invited(ears: &Ears, channel: &ChannelRef, by: Option<read::Who>) -> Reply {
    match (ears.intake.invited(channel).await, by) {
        (Invited::NotRecorded, _) => Reply::Not,
        (Invited::Unbound, Some(by)) => {
            let view = answer::unbound(ears, channel);
            let body = answer::for_eyes_of(ears, (&channel.channel, &by.user), &view);
            if let Err(failed) =
                ears.api.post(&channel.workspace, "chat.postEphemeral", &body).await
            {
                tracing::info!(slack.error = %failed, "Nobody is told that {channel} is free: {failed}");
            }
            Reply::Ack
        }
        (Invited::Unbound | Invited::Greeted, _) => Reply::Ack,
    }
}

/// Somebody looks at the app's home; what they see there is as it is now.
async fn home(ears: &Ears, own: &read::Own, who: &read::Who) -> Reply {
    let Ok(from) = identity(&ears.directory, own, who).await else { return Reply::Not };
    let shown = ears.intake.home(&from).await;
    if !shown.is_empty() {
        let words: Vec<_> =
            shown.iter().map(|part| answer::words(ears, &part.notice.view)).collect();
        let parts = shown.iter().zip(&words).map(|(part, words)| {
            let about = part.about.as_ref().map(|channel| channel.channel.as_str());
            (words.as_str(), &part.notice.buttons[..], about)
        });
        let body = json!({ "user_id": who.user, "view": show::home(parts) });
        if let Err(failed) = ears.api.post(&own.team, "views.publish", &body).await {
            tracing::warn!(slack.error = %failed, "A home is not shown: {failed}");
        }
    }
    Reply::Ack
}

/// Somebody did something.
async fn act(ears: &Ears, own: &read::Own, did: Did) -> Reply {
    let from = match identity(&ears.directory, own, &did.who).await {
        Ok(from) => from,
        Err(failed) => {
            tracing::warn!(slack.error = %failed, "It can't be told who did something: {failed}");
            return Reply::Not;
        }
    };
    let is_bot = known::is_program(ears, own, &did).await;
    let Did { id, at, channel, what, way, .. } = did;
    let what = known::completed(ears, own, what).await;
    let event = ChatEvent { id, at, from, is_bot, channel, what };
    match way {
        Way::Seen => match ears.intake.receive(event).await {
            Receipt::NotRecorded => Reply::Not,
            _ => Reply::Ack,
        },
        Way::Command { trigger } => command(ears, &trigger, event).await,
        Way::Press { trigger, asks } => press(ears, (&trigger, asks), event).await,
        Way::Shortcut { trigger } => {
            let told = Told::of(event.from.clone(), &event.what, &trigger);
            let receipt = ears.intake.receive(event).await;
            told_of(ears, &told, &receipt).await
        }
        Way::Form { fields } => filled(ears, &fields, event).await,
    }
}

async fn command(ears: &Ears, trigger: &str, event: ChatEvent) -> Reply {
    let Happening::Said { text, .. } = &event.what else { return Reply::Ack };
    if let Some(form) = form(ears, &event, By::Command(text.clone())).await {
        return match open(ears, trigger, &event, &form).await {
            Ok(()) => Reply::Ack,
            Err(failed) => {
                not_opened(&failed);
                answer::in_words(ears, &answer::not_opened())
            }
        };
    }
    let channel = event.channel.clone();
    match answer::of(ears, &channel, &ears.intake.receive(event).await) {
        Some(view) => answer::in_words(ears, &view),
        None => Reply::Ack,
    }
}

async fn press(ears: &Ears, (trigger, asks): (&str, bool), event: ChatEvent) -> Reply {
    let told = Told::of(event.from.clone(), &event.what, trigger);
    if let (true, Happening::Pressed { message, button, .. }) = (asks, &event.what)
        && let Some(form) = form(ears, &event, By::Button(message.clone(), button.clone())).await
    {
        return match open(ears, trigger, &event, &form).await {
            Ok(()) => Reply::Ack,
            Err(failed) => {
                not_opened(&failed);
                answer::privately(ears, &told, &answer::not_opened()).await
            }
        };
    }
    let receipt = ears.intake.receive(event).await;
    told_of(ears, &told, &receipt).await
}

/// A form that came back: what is wrong is said at its fields, and it stays as it was filled in.
async fn filled(ears: &Ears, fields: &[String], event: ChatEvent) -> Reply {
    let problems = ears.intake.look_over(&event).await;
    let channel = event.channel.clone();
    if !problems.is_empty() {
        // What looks like patient information is entered without its text, and holds its post.
        if problems.iter().any(|problem| problem.blocked) {
            let receipt = ears.intake.receive(event).await;
            if receipt == Receipt::NotRecorded {
                return not_taken(ears, fields, &channel, &receipt);
            }
        }
        return errors(ears, fields, &problems);
    }
    match ears.intake.receive(event).await {
        receipt @ (Receipt::NotRecorded
        | Receipt::TooMany
        | Receipt::Ignored
        | Receipt::Unscreened(_)) => not_taken(ears, fields, &channel, &receipt),
        Receipt::Stored(_) | Receipt::Blocked(_) | Receipt::Known(_) => Reply::Ack,
    }
}

/// The form was brought and is not kept: it stays as it was filled in, and says why.
fn not_taken(ears: &Ears, fields: &[String], channel: &ChannelRef, receipt: &Receipt) -> Reply {
    let view = match receipt {
        Receipt::Unscreened(_) => Some(answer::because(
            "this could not be looked at, and was not kept: shorten it, or send it again",
        )),
        receipt => answer::of(ears, channel, receipt),
    };
    let why = view.map(|view| answer::words(ears, &view));
    let field = fields.first().cloned().unwrap_or_default();
    let why = why.as_deref().map(answer::bare).unwrap_or_default();
    errors(ears, fields, &[Problem { field, why, blocked: false }])
}

/// Problems at their fields; one about no field that is there stands at the first.
fn errors(ears: &Ears, fields: &[String], problems: &[Problem]) -> Reply {
    let Some(first) = fields.first() else {
        let why = problems.iter().map(|problem| problem.why.as_str()).collect::<Vec<_>>();
        let view = answer::because(&why.join("; "));
        let note = show::note(&answer::words(ears, &view));
        return Reply::With(json!({ "response_action": "update", "view": note }));
    };
    let mut said = serde_json::Map::new();
    for Problem { field, why, .. } in problems {
        let at = if fields.contains(field) { field } else { first };
        let before = said.get(at).and_then(Value::as_str).map(|before| format!("{before}; "));
        said.insert(at.clone(), json!(before.unwrap_or_default() + why));
    }
    Reply::With(json!({ "response_action": "errors", "errors": said }))
}

async fn form(ears: &Ears, event: &ChatEvent, by: By) -> Option<Form> {
    let (from, channel): (Identity, _) = (event.from.clone(), event.channel.clone());
    ears.intake.form(&Wanted { from, channel, by }).await
}

async fn open(ears: &Ears, trigger: &str, event: &ChatEvent, form: &Form) -> Result<(), Failed> {
    let origin = Origin {
        channel: event.channel.channel.clone(),
        message: event.what.message().message.clone(),
        button: form.button.clone(),
    };
    let body = json!({ "trigger_id": trigger, "view": show::modal(form, &origin) });
    ears.api.post(&event.channel.workspace, "views.open", &body).await.map(drop)
}

fn not_opened(failed: &Failed) {
    tracing::warn!(slack.error = %failed, "A form was not opened: {failed}");
}

/// Tells whoever acted what became of it, if they would not see it otherwise.
async fn told_of(ears: &Ears, told: &Told, receipt: &Receipt) -> Reply {
    match answer::of(ears, &told.message.channel, receipt) {
        Some(view) => answer::privately(ears, told, &view).await,
        None => Reply::Ack,
    }
}
