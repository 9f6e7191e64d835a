//! What somebody writes to the bot alone: it goes where their practice has its ideas. Whoever is of
//! several practices is asked for which it is, and nothing of it is kept until they say so: the
//! button names the message, which is read again then.
//!
//! Nobody looks at these conversations again later, so whoever wrote what could not be stored is told
//! so at once.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use serenity::http::Route;

use super::answer::{self, First, because};
use super::came::Came;
use super::ears::Ears;
use crate::chat::discord::api::Failed;
use crate::chat::discord::directory::{channel_id, number};
use crate::chat::discord::mark::nonce;
use crate::chat::discord::read::{Asked, Direct, stands};
use crate::chat::discord::seen::Looker;
use crate::chat::discord::{patience, show};
use crate::domain::command::{self, ROOT};
use crate::domain::member::Platform;
use crate::ports::intake::{Alone, ChatEvent, Happening, Receipt, Theirs};
use crate::ports::notice::View;

/// Whoever is of no practice.
const NOBODYS: &str =
    "you belong to no practice that uses Countersign here: ask the manager of yours to add you";
/// Whoever is asked for which of theirs it is.
const WHICH: &str = "For which practice is this?";

/// Somebody wrote to the bot alone, or changed what they had written.
pub async fn direct(ears: &Ears, direct: Direct) -> Came {
    let directory = &ears.wires.directory;
    let Some(all) = theirs(ears, &direct).await else {
        tell(ears, &direct, (&View::NotRecorded, &[])).await;
        return Came::Done;
    };
    let known: Vec<&Theirs> = all.iter().filter(|one| one.knows).collect();
    match (&all[..], &known[..]) {
        // It stands in their question how it is now.
        ([_, _, ..], []) if direct.changed => {}
        ([], _) if directory.is_stranger(&direct.user) => {}
        ([], _) => {
            directory.note_stranger(&direct.user);
            tell(ears, &direct, (&because(NOBODYS), &[])).await;
        }
        (_, [_, ..]) if direct.changed => {
            for one in known {
                receive(ears, direct.clone(), one).await;
            }
        }
        ([one], _) => receive(ears, direct, one).await,
        (several, _) => {
            let which = View::Noted { what: WHICH.to_owned() };
            let buttons = show::whose_buttons(several, &direct.id);
            tell(ears, &direct, (&which, &buttons)).await;
        }
    }
    Came::Done
}

/// Every practice of theirs in whose server they are: to write to the bot they need to be in any.
async fn theirs(ears: &Ears, direct: &Direct) -> Option<Vec<Theirs>> {
    let (user, message) = (direct.user.clone(), direct.name());
    let mut all = ears.intake.theirs(&Alone { platform: Platform::Discord, user, message }).await?;
    let looker = Looker::new(ears.wires.api.clone(), ears.wires.directory.clone());
    let servers: BTreeSet<_> = all.iter().map(|one| one.from.clone()).collect();
    for from in servers {
        if !looker.is_there(&from).await.ok()? {
            all.retain(|one| one.from != from);
        }
    }
    Some(all)
}

/// Has it stored for this practice; what else there is to say of it is said by whoever handles it.
async fn receive(ears: &Ears, direct: Direct, of: &Theirs) {
    let why = if let Err(why) = goes(&direct, of) {
        Some(because(&why))
    } else {
        let changed = direct.changed;
        let receipt = ears.intake.receive(event(ears, (direct.clone(), changed), of)).await;
        (receipt == Receipt::NotRecorded).then_some(View::NotRecorded)
    };
    if let Some(why) = why {
        tell(ears, &direct, (&why, &[])).await;
    }
}

/// A practice whose ideas are elsewhere takes commands alone.
fn goes(direct: &Direct, of: &Theirs) -> Result<(), String> {
    let is_asked = command::read(&direct.text).is_some();
    if of.ideas || is_asked || command::is_stop_everything(&direct.text) {
        return Ok(());
    }
    let name = &of.name;
    Err(format!("{name} has no channel for ideas here: write {ROOT} new and your words behind it"))
}

fn event(ears: &Ears, (direct, changed): (Direct, bool), of: &Theirs) -> ChatEvent {
    let event = direct.event(of.from.clone(), of.channel.clone(), changed);
    ChatEvent { what: ears.wires.directory.without_addresses(event.what), ..event }
}

/// Somebody said for which practice a message of theirs is.
pub async fn chosen(ears: &Ears, asked: &Asked, pressed: ChatEvent) {
    let first = match settled(ears, pressed).await {
        Ok(name) => First::Settles(Box::new(View::Noted { what: format!("This is for {name}.") })),
        Err(why) => First::words(why),
    };
    if let Err(failed) = answer::first(ears, asked, first).await {
        tracing::warn!(discord.error = %failed, "A person is not answered: {failed}");
    }
}

async fn settled(ears: &Ears, pressed: ChatEvent) -> Result<String, View> {
    let Happening::Pressed { message, button, .. } = &pressed.what else {
        return Err(View::NotRecorded);
    };
    let gone =
        || because("that message is not there any more, or is somebody else's: write it anew");
    let direct = match read(ears, (stands(message).0, button)).await {
        Ok(Some(direct)) if direct.user == pressed.from.user => direct,
        Ok(_) | Err(Failed::Refused(_)) => return Err(gone()),
        Err(_) => return Err(View::NotRecorded),
    };
    let all = theirs(ears, &direct).await.ok_or(View::NotRecorded)?;
    let chosen = all.into_iter().find(|one| one.channel == pressed.channel);
    let of = chosen.ok_or_else(|| because(NOBODYS))?;
    goes(&direct, &of).map_err(|why| because(&why))?;
    // However often it was changed before, nobody has heard of it there.
    let changed = direct.changed && of.knows;
    match ears.intake.receive(event(ears, (direct, changed), &of)).await {
        Receipt::NotRecorded => Err(View::NotRecorded),
        _ => Ok(of.name),
    }
}

async fn read(ears: &Ears, (stands_in, id): (&str, &str)) -> Result<Option<Direct>, Failed> {
    let (channel_id, message_id) = (channel_id(stands_in)?, number(id)?.into());
    let route = Route::ChannelMessage { channel_id, message_id };
    let said = ears.wires.api.get(route, &[]).await?;
    let own = &ears.wires.directory.own().await?.user;
    Ok(Direct::read(own, &said))
}

/// Answers in their conversation; heard twice, it is answered once.
async fn tell(ears: &Ears, direct: &Direct, (view, components): (&View, &[Value])) {
    let mut body = answer::said(ears, view, components);
    body["nonce"] = json!(nonce(&direct.name(), 0));
    body["enforce_nonce"] = json!(true);
    let told = match channel_id(&direct.stands_in) {
        Ok(channel_id) => {
            let route = Route::ChannelMessages { channel_id };
            patience::send(&ears.wires.api, (Method::POST, route), &body).await.map(drop)
        }
        Err(failed) => Err(failed),
    };
    if let Err(failed) = told {
        tracing::warn!(discord.error = %failed, "Somebody is not answered: {failed}");
    }
}
