//! What a platform says of the channel in which a practice is set up.

use std::time::Duration;

use super::part::{At, problem};
use crate::app::elsewhere::home;
use crate::app::office::Office;
use crate::app::telling::there;
use crate::domain::member::{Identity, Platform};
use crate::domain::practice::ChannelRef;
use crate::ports::intake::{Field, Problem};
use crate::ports::store::Stored;

/// A platform is waited for so long: others wait behind whoever asks.
const PATIENCE: Duration = Duration::from_millis(700);

/// Where a form is opened.
#[derive(Debug)]
pub(super) struct Around {
    /// The channel.
    pub(super) channel: ChannelRef,
    /// Whom one can choose from; typed where nobody says.
    pub(super) people: Option<Vec<Identity>>,
}

impl Around {
    /// The local workspace is small enough to choose from.
    pub(super) async fn of(office: &Office, at: At<'_>) -> Self {
        let channel = at.channel.clone();
        let chat = office.chat(channel.platform).filter(|_| channel.platform == Platform::Local);
        let people = match chat {
            Some(chat) => chat.who_is_in(&channel).await.ok(),
            None => None,
        };
        let is_new = |person: &Identity| at.practice.who(person).is_none();
        let people = people.map(|people| people.into_iter().filter(is_new).collect());
        Self { channel, people }
    }
}

/// Why a channel can't be the practice's by this member's word: it is another's, of another
/// workspace, or they are not in it. Else anybody could have a practice listen anywhere.
pub(super) async fn not_theirs(
    office: &Office,
    at: At<'_>,
    filled: &[Field],
) -> Stored<Option<Problem>> {
    let typed = filled.iter().find(|field| field.name == "at");
    let named = typed.and_then(|field| field.value.trim().parse::<ChannelRef>().ok());
    let channel = named.unwrap_or_else(|| at.channel.clone());
    let why = |why: &str| Ok(Some(problem("at", why.to_owned())));
    let own = (at.from.platform, &at.from.workspace) == (channel.platform, &channel.workspace);
    if !own {
        return why("that channel is of another workspace than the one you act from");
    }
    let bound = home(office, &channel).await?;
    if bound.is_some_and(|(_, bound)| bound.practice != at.practice.id) {
        return why("that channel is used for something else already");
    }
    let Some(chat) = office.chat(channel.platform) else {
        return why("the chat platform is away: try again");
    };
    match tokio::time::timeout(PATIENCE, chat.who_is_in(&channel)).await {
        Ok(Ok(people)) if people.contains(at.from) => Ok(None),
        Ok(Ok(_)) => why("you are not in that channel: go there first"),
        Ok(Err(_)) | Err(_) => why("nobody can say who is in that channel: look at it again"),
    }
}

/// How the channel's field is filled in at first.
pub(super) fn written(around: &Around) -> String {
    there(&around.channel)
}
