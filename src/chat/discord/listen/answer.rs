//! The first answer to what somebody did: once, and within 3 s.

use reqwest::Method;
use serde_json::{Value, json};
use serenity::http::Route;
use serenity::model::id::InteractionId;

use super::ears::Ears;
use crate::chat::discord::api::{Body, Failed};
use crate::chat::discord::directory::number;
use crate::chat::discord::read::Asked;
use crate::chat::discord::show;
use crate::domain::practice::ChannelRef;
use crate::ports::intake::Receipt;
use crate::ports::notice::View;

/// Only one person sees it.
const EPHEMERAL: u64 = 1 << 6;

/// A first answer.
#[derive(Debug, Clone, PartialEq)]
pub enum First {
    /// These words, for their eyes alone, with what can be pressed.
    Says(Box<View>, Vec<Value>),
    /// That something will be said, for their eyes alone.
    Promises,
    /// That it was heard, and nothing is seen of that.
    Hears,
    /// These words in the place of the message, whose buttons are gone with that.
    Settles(Box<View>),
    /// A form.
    Opens(Value),
    /// What can be chosen.
    Offers(Value),
}

impl First {
    /// These words alone.
    pub fn words(view: View) -> Self {
        Self::Says(Box::new(view), Vec::new())
    }
}

/// Gives the first answer.
pub async fn first(ears: &Ears, asked: &Asked, first: First) -> Result<(), Failed> {
    let body = match first {
        First::Says(view, components) => {
            let mut data = said(ears, &view, &components);
            data["flags"] = json!(EPHEMERAL);
            json!({ "type": 4, "data": data })
        }
        First::Settles(view) => {
            json!({ "type": 7, "data": said(ears, &view, &[]) })
        }
        First::Promises => json!({ "type": 5, "data": { "flags": EPHEMERAL } }),
        First::Hears => json!({ "type": 6 }),
        First::Offers(choices) => json!({ "type": 8, "data": { "choices": choices } }),
        First::Opens(modal) => json!({ "type": 9, "data": modal }),
    };
    let interaction_id = InteractionId::new(number(&asked.id)?);
    let route = Route::InteractionResponse { interaction_id, token: asked.token.reveal() };
    ears.wires.api.send(Method::POST, route, Body::Json(&body)).await.map(drop)
}

/// What is said of an act that nobody will say anything of; nothing when somebody will.
pub fn of(channel: &ChannelRef, receipt: &Receipt) -> Option<View> {
    match receipt {
        Receipt::NotRecorded => Some(View::NotRecorded),
        Receipt::Ignored => Some(View::Unbound {
            channel: channel.to_string(),
            founder: "The server's owner, or whoever may manage it,".to_owned(),
        }),
        Receipt::TooMany => {
            Some(because("you sent more in a minute than is kept: wait a minute, and do it again"))
        }
        Receipt::Stored(_) | Receipt::Blocked(_) | Receipt::Unscreened(_) | Receipt::Known(_) => {
            None
        }
    }
}

/// Nothing came of it, and why.
pub fn because(why: &str) -> View {
    View::Refused { number: 0, why: why.to_owned() }
}

/// A message that says this, with what can be pressed.
pub fn said(ears: &Ears, view: &View, components: &[Value]) -> Value {
    let page = show::pages(&words(ears, view), show::PAGE).swap_remove(0);
    json!({
        "embeds": [show::embed(&page, "", None)], "components": components,
        "allowed_mentions": show::nobody(),
    })
}

/// A view in words.
fn words(ears: &Ears, view: &View) -> String {
    ears.words.render(view).unwrap_or_else(|error| {
        tracing::error!(%error, "A person is not told in words: {error}");
        "Nothing came of it.".to_owned()
    })
}

/// A form goes on behind what was filled in of it.
pub fn more(title: &str) -> View {
    View::Noted { what: format!("{title}: there is more to fill in.") }
}

/// A form is too long for one modal.
pub fn which_part(title: &str) -> View {
    View::Noted { what: format!("{title}: which part of it?") }
}
