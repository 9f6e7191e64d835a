//! What a person is told at once: why nothing came of what they did.

use serde_json::{Value, json};

use super::envelope::{Ears, Reply};
use super::show;
use crate::domain::member::Identity;
use crate::domain::practice::ChannelRef;
use crate::ports::chat::MessageRef;
use crate::ports::intake::{Happening, Receipt};
use crate::ports::notice::View;

/// Who is told, and where.
#[derive(Debug, Clone)]
pub struct Told {
    /// Who.
    pub who: Identity,
    /// The message that they acted on.
    pub message: MessageRef,
    /// Opens a modal, once and within 3 s.
    pub trigger: String,
}

impl Told {
    /// Whoever did this.
    pub fn of(who: Identity, what: &Happening, trigger: &str) -> Self {
        Self { who, message: what.message().clone(), trigger: trigger.to_owned() }
    }
}

/// What is said of an event that nobody will say anything of; nothing when somebody will.
pub fn of(ears: &Ears, channel: &ChannelRef, receipt: &Receipt) -> Option<View> {
    match receipt {
        Receipt::NotRecorded => Some(View::NotRecorded),
        Receipt::Ignored => Some(unbound(ears, channel)),
        Receipt::TooMany => {
            Some(because("you sent more in a minute than is kept: wait a minute, and do it again"))
        }
        Receipt::Stored(_) | Receipt::Blocked(_) | Receipt::Unscreened(_) | Receipt::Known(_) => {
            None
        }
    }
}

/// The channel is nobody's.
pub fn unbound(ears: &Ears, channel: &ChannelRef) -> View {
    let install = ears.api.install(&channel.workspace);
    let known = install.is_some_and(|install| !install.installer.is_empty());
    let founder = if known {
        "Whoever installed the app in this workspace"
    } else {
        "An owner or admin of this workspace"
    };
    View::Unbound { channel: channel.to_string(), founder: founder.to_owned() }
}

/// A form that could not be opened.
pub fn not_opened() -> View {
    because("the form could not be opened in time: do it again")
}

/// Nothing came of it, and why.
pub fn because(why: &str) -> View {
    View::Refused { number: 0, why: why.to_owned() }
}

/// The words of a view.
pub fn words(ears: &Ears, view: &View) -> String {
    ears.words.render(view).unwrap_or_else(|error| {
        tracing::error!(%error, "A person is not told in words: {error}");
        "Nothing came of it.".to_owned()
    })
}

/// Words as one line without any mark.
pub fn bare(words: &str) -> String {
    let text = show::pages(words, show::BLOCKS).swap_remove(0).text.replace('\n', " ");
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// A command's answer, for whoever typed it alone.
pub fn in_words(ears: &Ears, view: &View) -> Reply {
    let page = show::pages(&words(ears, view), show::BLOCKS).swap_remove(0);
    Reply::With(json!({
        "response_type": "ephemeral", "text": page.text, "blocks": page.blocks,
    }))
}

/// A message in a channel that one person sees.
pub fn for_eyes_of(ears: &Ears, (channel, user): (&str, &str), view: &View) -> Value {
    let page = show::pages(&words(ears, view), show::BLOCKS).swap_remove(0);
    json!({ "channel": channel, "user": user, "text": page.text, "blocks": page.blocks })
}

/// Tells somebody where they acted; in a modal where the bot can't speak. Where neither can be done,
/// Slack says that something failed.
pub async fn privately(ears: &Ears, told: &Told, view: &View) -> Reply {
    let (team, channel) = (&told.message.channel.workspace, &told.message.channel.channel);
    let body = for_eyes_of(ears, (channel, &told.who.user), view);
    if ears.api.post(team, "chat.postEphemeral", &body).await.is_ok() {
        return Reply::Ack;
    }
    let body = json!({ "trigger_id": told.trigger, "view": show::note(&words(ears, view)) });
    match ears.api.post(team, "views.open", &body).await {
        Ok(_) => Reply::Ack,
        Err(failed) => {
            tracing::warn!(slack.error = %failed, "A person is not told: {failed}");
            Reply::Not
        }
    }
}
