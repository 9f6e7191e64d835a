//! What has to be asked of Slack before a payload can be read whole: who somebody is, how they are
//! called, what a file is called, which emoji a name means. Never waits for long.

use std::time::Duration;

use serde_json::Value;
use tokio::time::timeout;

use super::api::Failed;
use super::directory::Directory;
use super::envelope::{Ears, Kind};
use super::read::{self, Did, Names, Own, Who};
use crate::domain::emoji;
use crate::domain::member::{Identity, Platform};
use crate::ports::intake::{FileRef, Happening};

/// Names and the like are asked for so long.
const PATIENCE: Duration = Duration::from_millis(400);
/// So many people of one message are asked for by name.
const NAMES: usize = 10;

/// The app in the workspace through which something was heard.
pub fn own(ears: &Ears, kind: Kind, payload: &Value) -> Option<Own> {
    let install = ears.api.install(read::heard_in(kind, payload)?)?;
    Some(Own { team: install.team, user: install.bot_user, bot: install.bot })
}

/// How those are called whom the words of a payload name.
pub async fn names(ears: &Ears, own: &Own, payload: &Value) -> Names {
    let mut names = Names::new();
    let ask = async {
        for user in read::named(payload).into_iter().take(NAMES) {
            if let Ok(Some(person)) = ears.directory.person(&own.team, &user).await {
                names.insert(user, person.name);
            }
        }
    };
    let _ = timeout(PATIENCE, ask).await;
    names
}

/// Somebody, with the workspace that they belong to.
pub async fn identity(directory: &Directory, own: &Own, who: &Who) -> Result<Identity, Failed> {
    let workspace = if let Some(team) = &who.team {
        team.clone()
    } else {
        let person = directory.person(&own.team, &who.user).await?;
        person.map_or_else(|| own.team.clone(), |person| person.team)
    };
    Ok(Identity { platform: Platform::Slack, workspace, user: who.user.clone() })
}

/// It is a program: Slack says so of messages, but not of reactions. Taken for a person while
/// nobody knows.
pub async fn is_program(ears: &Ears, own: &Own, did: &Did) -> bool {
    if !matches!(did.what, Happening::Reacted { .. }) {
        return false;
    }
    let person = timeout(PATIENCE, ears.directory.person(&own.team, &did.who.user)).await;
    matches!(person, Ok(Ok(Some(person))) if person.program)
}

/// What somebody did, with what Slack left open: names of files, and emoji of a workspace's own.
pub async fn completed(ears: &Ears, own: &Own, what: Happening) -> Happening {
    match what {
        Happening::Reacted { message, emoji, on } if emoji::read(&emoji).is_none() => {
            let meant = timeout(PATIENCE, ears.directory.emoji(&own.team, &emoji)).await;
            let meant = meant.ok().filter(|meant| emoji::read(meant).is_some());
            Happening::Reacted { message, emoji: meant.unwrap_or(emoji), on }
        }
        Happening::Said { message, thread, text, files } => {
            Happening::Said { message, thread, text, files: named(ears, own, files).await }
        }
        Happening::Edited { message, thread, text, files } => {
            Happening::Edited { message, thread, text, files: named(ears, own, files).await }
        }
        Happening::Picked { message, author, text, files } => {
            let author = match author {
                Some(author) => written_by(ears, own, author).await,
                None => None,
            };
            Happening::Picked { message, author, text, files: named(ears, own, files).await }
        }
        other => other,
    }
}

/// Who wrote a message, with the workspace that they belong to; nobody where Slack does not say it.
async fn written_by(ears: &Ears, own: &Own, author: Identity) -> Option<Identity> {
    let team = Some(author.workspace).filter(|team| !team.is_empty());
    let who = Who { user: author.user, team };
    timeout(PATIENCE, identity(&ears.directory, own, &who)).await.ok()?.ok()
}

async fn named(ears: &Ears, own: &Own, files: Vec<FileRef>) -> Vec<FileRef> {
    let mut all = Vec::with_capacity(files.len());
    for file in files {
        let id = file.id.split_once('/').map_or(file.id.as_str(), |(_, id)| id);
        if !file.name.is_empty() {
            all.push(file);
            continue;
        }
        let args = [("file", id)];
        let said = timeout(PATIENCE, ears.api.get(&own.team, "files.info", &args)).await;
        let said = said.ok().and_then(Result::ok).unwrap_or_default();
        let text = |name: &str| said["file"][name].as_str().unwrap_or_default().to_owned();
        all.push(FileRef { name: text("name"), alt: text("alt_txt"), ..file });
    }
    all
}
