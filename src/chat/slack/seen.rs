//! Looking: at messages, at who is in a channel, at files, and for a notice that may stand there.

use jiff::Timestamp;
use serde_json::Value;

use super::api::{Api, Failed};
use super::directory::Directory;
use super::means::unreachable;
use super::post::{NOTICE, UNFINISHED, take_away};
use crate::domain::emoji;
use crate::domain::member::{Identity, Platform};
use crate::domain::practice::ChannelRef;
use crate::ports::chat::{MessageRef, Place, Seen, Unreachable};

/// So many pages of a channel are looked through for one notice.
const PAGES: usize = 25;
/// So many people in a channel are looked up.
const PEOPLE: usize = 1_000;

/// Looks at what stands on Slack.
pub struct Looker {
    api: Api,
    directory: Directory,
}

impl Looker {
    /// Looks through `api`.
    pub fn new(api: Api, directory: Directory) -> Self {
        Self { api, directory }
    }

    /// Where whoever may read the message finds it.
    pub async fn link(&self, at: &MessageRef) -> Option<String> {
        let args = [("channel", at.channel.channel.as_str()), ("message_ts", &at.message)];
        let said = self.api.get(&at.channel.workspace, "chat.getPermalink", &args).await;
        said.ok()?["permalink"].as_str().map(ToOwned::to_owned)
    }

    /// The message as it stands now.
    pub async fn message(&self, at: &MessageRef) -> Result<Option<Seen>, Unreachable> {
        let team = &at.channel.workspace;
        let args = [("channel", at.channel.channel.as_str()), ("timestamp", &at.message)];
        let said = match self
            .api
            .get(team, "reactions.get", &[&args[..], &[("full", "true")]].concat())
            .await
        {
            Ok(said) => said,
            Err(Failed::Refused(code)) if code == "message_not_found" => return Ok(None),
            Err(failed) => return Err(unreachable(&failed)),
        };
        let message = &said["message"];
        if message["subtype"] == "tombstone" {
            return Ok(None);
        }
        let own = self.api.install(team).map(|install| install.bot_user);
        let mut seen = Seen::default();
        for reaction in message["reactions"].as_array().into_iter().flatten() {
            let name = reaction["name"].as_str().unwrap_or_default();
            let name = match emoji::read(name) {
                Some(_) => name.to_owned(),
                None => self.directory.emoji(team, name).await,
            };
            // Nobody has to be looked up for what means nothing.
            if emoji::read(&name).is_none() {
                continue;
            }
            let users = reaction["users"].as_array().into_iter().flatten();
            for user in users.filter_map(Value::as_str) {
                if own.as_deref() != Some(user)
                    && let Some(who) = self.identity(team, user).await?
                {
                    seen.reactions.push((who, name.clone()));
                }
            }
        }
        Ok(Some(seen))
    }

    /// Every person in a channel.
    pub async fn people(&self, channel: &ChannelRef) -> Result<Vec<Identity>, Unreachable> {
        let team = &channel.workspace;
        let (mut found, mut looked_up, mut cursor) = (Vec::new(), 0, String::new());
        loop {
            let args =
                [("channel", channel.channel.as_str()), ("limit", "200"), ("cursor", &cursor)];
            let said = self.api.get(team, "conversations.members", &args).await;
            let said = said.map_err(|failed| unreachable(&failed))?;
            for user in said["members"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                looked_up += 1;
                if looked_up > PEOPLE {
                    return Err(Unreachable(format!("more than {PEOPLE} are in the channel")));
                }
                found.extend(self.identity(team, user).await?);
            }
            cursor = next(&said);
            if cursor.is_empty() {
                return Ok(found);
            }
        }
    }

    /// Whoever installed the app; where Slack did not say who, an owner or admin of the workspace.
    pub async fn may_found(&self, who: &Identity, at: &ChannelRef) -> Result<bool, Unreachable> {
        let installs = self.api.installs();
        let Some(install) = installs.of(&at.workspace) else { return Ok(false) };
        if !install.installer.is_empty() {
            // Of the same install: an organisation has one for many workspaces.
            let own = installs.of(&who.workspace).map(|own| own.installer);
            return Ok(install.installer == who.user && own.as_deref() == Some(&who.user));
        }
        let person = self.directory.person(&at.workspace, &who.user).await;
        let person = person.map_err(|failed| unreachable(&failed))?;
        Ok(person.is_some_and(|person| {
            let own = person.team == at.workspace && who.workspace == at.workspace;
            own && person.runs && !person.program && !person.gone
        }))
    }

    /// Who this is; `None` for a program, and for nobody.
    async fn identity(&self, team: &str, user: &str) -> Result<Option<Identity>, Unreachable> {
        let person = self.directory.person(team, user).await.map_err(|f| unreachable(&f))?;
        let person = person.filter(|person| !person.program && !person.gone);
        Ok(person.map(|person| Identity {
            platform: Platform::Slack,
            workspace: person.team,
            user: user.to_owned(),
        }))
    }

    /// The bytes of a file, `WORKSPACE/FILE`.
    pub async fn file(&self, file: &str, limit: usize) -> Result<Vec<u8>, Unreachable> {
        let unknown = || Unreachable("no such file".to_owned());
        let (team, id) = file.split_once('/').ok_or_else(unknown)?;
        let said = self.api.get(team, "files.info", &[("file", id)]).await;
        let said = said.map_err(|failed| unreachable(&failed))?;
        let about = &said["file"];
        if about["size"].as_u64().is_some_and(|size| size > limit as u64) {
            return Err(Unreachable("the file is too large".to_owned()));
        }
        let url = ["url_private_download", "url_private"].iter().find_map(|n| about[*n].as_str());
        let bytes = self.api.file(team, url.ok_or_else(unknown)?, limit).await;
        bytes.map_err(|failed| unreachable(&failed))
    }

    /// The notice that was shown there under this key. One that was left unfinished is taken away
    /// first: then it surely is not there.
    pub async fn notice(
        &self,
        key: &str,
        place: &Place,
        since: Timestamp,
    ) -> Result<Option<MessageRef>, Unreachable> {
        if place.only.is_some() {
            return Err(Unreachable("what one person sees can't be looked for".to_owned()));
        }
        let team = &place.channel.workspace;
        let oldest = stamp(since);
        let mut cursor = String::new();
        for _ in 0..PAGES {
            let mut args = vec![
                ("channel", place.channel.channel.as_str()),
                ("oldest", &oldest),
                ("limit", "200"),
                ("cursor", &cursor),
                ("include_all_metadata", "true"),
            ];
            let method = match &place.thread {
                Some(thread) => {
                    args.push(("ts", thread));
                    "conversations.replies"
                }
                None => "conversations.history",
            };
            let said = match self.api.get(team, method, &args).await {
                Ok(said) => said,
                Err(Failed::Refused(code)) if code == "thread_not_found" => return Ok(None),
                Err(failed) => return Err(unreachable(&failed)),
            };
            let all = said["messages"].as_array().into_iter().flatten();
            if let Some(found) = all.into_iter().find(|message| self.is_it(team, key, message)) {
                return self.finished(place, found).await;
            }
            cursor = next(&said);
            if cursor.is_empty() {
                return Ok(None);
            }
        }
        Err(Unreachable("there are too many messages to look through".to_owned()))
    }

    fn is_it(&self, team: &str, key: &str, message: &Value) -> bool {
        let metadata = &message["metadata"];
        let ours = self.api.install(team).is_some_and(|own| {
            message["bot_id"] == own.bot.as_str() || message["user"] == own.bot_user.as_str()
        });
        ours && metadata["event_type"] == NOTICE && metadata["event_payload"]["key"] == key
    }

    async fn finished(
        &self,
        place: &Place,
        found: &Value,
    ) -> Result<Option<MessageRef>, Unreachable> {
        let message = found["ts"].as_str().unwrap_or_default().to_owned();
        let at = MessageRef { channel: place.channel.clone(), message };
        if found["blocks"][0]["block_id"] != UNFINISHED {
            return Ok(Some(at));
        }
        take_away(&self.api, &at).await.map_err(|failed| unreachable(&failed))?;
        Ok(None)
    }
}

/// A time as Slack's methods take it.
pub fn stamp(at: Timestamp) -> String {
    let micros = at.as_microsecond().max(0);
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

/// Where the next page begins; empty after the last one.
pub fn next(said: &Value) -> String {
    said["response_metadata"]["next_cursor"].as_str().unwrap_or_default().to_owned()
}
