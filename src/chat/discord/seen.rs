//! Looking: at messages, at who is in a channel, at files, and for a notice that may stand there.

use jiff::Timestamp;
use serde_json::Value;
use serenity::http::Route;
use serenity::model::Permissions;
use serenity::model::id::{GuildId, UserId};

use super::api::{Api, Failed};
use super::directory::{Directory, channel_id, number};
use super::mark::{UNFINISHED, ids, mark, one, take_away};
use super::may::may;
use super::means::unreachable;
use super::{history, read};
use crate::domain::emoji;
use crate::domain::member::Identity;
use crate::domain::practice::ChannelRef;
use crate::ports::chat::{MessageRef, Place, Seen, Unreachable};

/// What Discord answers of somebody who is not in a server, or not on Discord at all.
const NOBODY: [u64; 2] = [10_007, 10_013];
/// So many people of a server are looked at for one channel.
const PEOPLE: usize = 10_000;

/// Looks at what stands on Discord.
pub struct Looker {
    api: Api,
    directory: Directory,
}

impl Looker {
    /// Looks through `api`.
    pub fn new(api: Api, directory: Directory) -> Self {
        Self { api, directory }
    }

    /// The message as it stands now.
    pub async fn message(&self, at: &MessageRef) -> Result<Option<Seen>, Unreachable> {
        let said = match self.api.get(one(at).map_err(|f| unreachable(&f))?, &[]).await {
            Ok(said) => said,
            Err(Failed::Refused(10_003 | 10_008)) => return Ok(None),
            Err(failed) => return Err(unreachable(&failed)),
        };
        self.seen(at, &said).await.map(Some).map_err(|failed| unreachable(&failed))
    }

    async fn seen(&self, at: &MessageRef, said: &Value) -> Result<Seen, Failed> {
        let own = &self.directory.own().await?.user;
        let mut seen = Seen::default();
        for reaction in said["reactions"].as_array().into_iter().flatten() {
            let name = read::emoji(&reaction["emoji"]).unwrap_or_default();
            // Nobody has to be looked up for what means nothing, or for the bot itself.
            let mine = u64::from(reaction["me"] == true) + u64::from(reaction["me_burst"] == true);
            if emoji::read(&name).is_none() || reaction["count"].as_u64() == Some(mine) {
                continue;
            }
            // Super reactions are a list of their own.
            for kind in ["0", "1"] {
                for user in self.users(at, &name, kind).await? {
                    if user["bot"] != true && user["id"] != own.as_str() {
                        let user = user["id"].as_str().unwrap_or_default();
                        let who = read::identity(&at.channel.workspace, user);
                        seen.reactions.push((who, name.clone()));
                    }
                }
            }
        }
        Ok(seen)
    }

    /// Whether it is a message of the bot's that stands.
    pub async fn is_own(&self, at: &MessageRef) -> Result<bool, Failed> {
        let own = &self.directory.own().await?.user;
        match self.api.get(one(at)?, &[]).await {
            Ok(said) => Ok(said["author"]["id"] == own.as_str()),
            // Where the bot can't look it shows nothing either.
            Err(Failed::Refused(_)) => Ok(false),
            Err(failed) => Err(failed),
        }
    }

    /// Whether somebody's reaction stands there, of this kind: `1` for super reactions, else `0`.
    pub async fn stands(
        &self,
        at: &MessageRef,
        user: &str,
        (reaction, kind): (&str, &str),
    ) -> Result<bool, Failed> {
        match self.users(at, reaction, kind).await {
            Ok(users) => Ok(users.iter().any(|known| known["id"] == user)),
            Err(Failed::Refused(_)) => Ok(false),
            Err(failed) => Err(failed),
        }
    }

    /// Who put this emoji on.
    async fn users(
        &self,
        at: &MessageRef,
        reaction: &str,
        kind: &str,
    ) -> Result<Vec<Value>, Failed> {
        let (channel_id, message_id) = ids(at)?;
        let (mut all, mut after) = (Vec::new(), "0".to_owned());
        loop {
            let route = Route::ChannelMessageReactionEmoji { channel_id, message_id, reaction };
            let page = [("limit", "100"), ("after", after.as_str()), ("type", kind)];
            let said = self.api.get(route, &page).await?;
            let Value::Array(users) = said else { return Ok(all) };
            let last = users.last().and_then(|user| user["id"].as_str()).map(ToOwned::to_owned);
            let is_last = users.len() < 100;
            all.extend(users);
            match last {
                Some(last) if !is_last => after = last,
                _ => return Ok(all),
            }
        }
    }

    /// What the bot itself may do in a channel.
    pub async fn own_may(&self, channel: &ChannelRef) -> Result<Permissions, Failed> {
        let own = &self.directory.own().await?.user;
        self.may(own, channel).await
    }

    /// The server's owner, and whoever may manage it.
    pub async fn may_found(&self, who: &Identity, at: &ChannelRef) -> Result<bool, Unreachable> {
        if who.workspace != at.workspace {
            return Ok(false);
        }
        match self.may(&who.user, at).await {
            Ok(may) => Ok(may.contains(Permissions::MANAGE_GUILD)),
            Err(failed) => Err(unreachable(&failed)),
        }
    }

    /// Whether somebody is in their server still. Where the bot is not in it, nobody can say.
    pub async fn is_there(&self, who: &Identity) -> Result<bool, Unreachable> {
        let look = async {
            let guild_id = GuildId::new(number(&who.workspace)?);
            let user_id = UserId::new(number(&who.user)?);
            self.api.get(Route::GuildMember { guild_id, user_id }, &[]).await
        };
        match look.await {
            Ok(_) => Ok(true),
            Err(Failed::Refused(code)) if NOBODY.contains(&code) => Ok(false),
            Err(failed) => Err(unreachable(&failed)),
        }
    }

    /// What somebody may do in a channel.
    async fn may(&self, user: &str, channel: &ChannelRef) -> Result<Permissions, Failed> {
        let guild_id = GuildId::new(number(&channel.workspace)?);
        let place = Route::Channel { channel_id: channel_id(&channel.channel)? };
        let place = self.api.get(place, &[]).await?;
        let guild = self.api.get(Route::Guild { guild_id }, &[]).await?;
        let roles = self.api.get(Route::GuildRoles { guild_id }, &[]).await?;
        let user_id = UserId::new(number(user)?);
        let member = self.api.get(Route::GuildMember { guild_id, user_id }, &[]).await?;
        Ok(may(&member, user, (&guild, &roles, &place)))
    }

    /// Every person who can read a channel. Discord lists a server's people only to an app whose
    /// owner allowed it.
    pub async fn people(&self, channel: &ChannelRef) -> Result<Vec<Identity>, Unreachable> {
        match self.readers(channel).await {
            Ok(people) => Ok(people),
            Err(Failed::Refused(code @ (403 | 50_001))) => Err(Unreachable(format!(
                "Discord does not say who is in the channel ({code}): switch on Server Members \
                 Intent for the app, or let it see the channel"
            ))),
            Err(failed) => Err(unreachable(&failed)),
        }
    }

    async fn readers(&self, channel: &ChannelRef) -> Result<Vec<Identity>, Failed> {
        let guild_id = GuildId::new(number(&channel.workspace)?);
        let place = Route::Channel { channel_id: channel_id(&channel.channel)? };
        let place = self.api.get(place, &[]).await?;
        let guild = self.api.get(Route::Guild { guild_id }, &[]).await?;
        let roles = self.api.get(Route::GuildRoles { guild_id }, &[]).await?;
        let (mut found, mut after, mut looked_at) = (Vec::new(), "0".to_owned(), 0);
        loop {
            let page = [("limit", "1000"), ("after", after.as_str())];
            let said = self.api.get(Route::GuildMembers { guild_id }, &page).await?;
            let members = said.as_array().map(Vec::as_slice).unwrap_or_default();
            looked_at += members.len();
            if looked_at > PEOPLE {
                return Err(Failed::Away(format!("more than {PEOPLE} are in the server")));
            }
            for member in members.iter().filter(|member| member["user"]["bot"] != true) {
                let user = member["user"]["id"].as_str().unwrap_or_default();
                let all = (&guild, &roles, &place);
                if may(member, user, all).contains(Permissions::VIEW_CHANNEL) {
                    found.push(read::identity(&channel.workspace, user));
                }
            }
            match members.last().and_then(|member| member["user"]["id"].as_str()) {
                Some(last) if members.len() == 1000 => last.clone_into(&mut after),
                _ => return Ok(found),
            }
        }
    }

    /// The bytes of a file: `CHANNEL/MESSAGE/FILE`. Its address is good for a day; then, or after a
    /// new start, the message says it anew, where the app may read it.
    pub async fn file(&self, file: &str, limit: usize) -> Result<Vec<u8>, Unreachable> {
        if let Some(url) = self.directory.address(file)
            && let Ok(bytes) = self.api.file(&url, limit).await
        {
            return Ok(bytes);
        }
        let unknown = || Unreachable("no such file".to_owned());
        let mut parts = file.split('/');
        let (Some(stands_in), Some(message), Some(id)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(unknown());
        };
        let fetch = async {
            let message_id = number(message)?.into();
            let route = Route::ChannelMessage { channel_id: channel_id(stands_in)?, message_id };
            let said = self.api.get(route, &[]).await?;
            let mut files = said["attachments"].as_array().into_iter().flatten();
            let found = files.find(|known| known["id"] == id).ok_or(Failed::Refused(404))?;
            if found["size"].as_u64().is_some_and(|size| size > limit as u64) {
                return Err(Failed::Refused(413));
            }
            let url = found["url"].as_str().ok_or(Failed::Refused(404))?;
            self.api.file(url, limit).await
        };
        fetch.await.map_err(|failed| unreachable(&failed))
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
        let stands_in = match &place.thread {
            // There are no threads in threads.
            Some(root) => root.split('/').next().unwrap_or(root),
            None => &place.channel.channel,
        };
        let (mark, since) = (mark(key), read::first_of(since).to_string());
        let own = &self.directory.own().await.map_err(|f| unreachable(&f))?.user;
        let is_it = |message: &Value| {
            let said = read::mark(message).and_then(|said| said.strip_prefix(&mark));
            message["author"]["id"] == own.as_str() && matches!(said, Some("" | UNFINISHED))
        };
        match history::find(&self.api, (stands_in, &since), is_it).await {
            Ok(Some(found)) => self.finished((place, stands_in), &found).await,
            Ok(None) => Ok(None),
            Err(Failed::Refused(10_003)) if place.thread.is_some() => Ok(None),
            Err(failed) => Err(unreachable(&failed)),
        }
    }

    /// The first hundred messages after this one, oldest first.
    pub async fn after(&self, stands_in: &str, after: &str) -> Result<Vec<Value>, Failed> {
        history::after(&self.api, stands_in, after).await
    }

    async fn finished(
        &self,
        (place, stands_in): (&Place, &str),
        found: &Value,
    ) -> Result<Option<MessageRef>, Unreachable> {
        let id = found["id"].as_str().unwrap_or_default();
        let at = read::message_at(&place.channel, stands_in, id);
        if !read::mark(found).is_some_and(|mark| mark.ends_with(UNFINISHED)) {
            return Ok(Some(at));
        }
        take_away(&self.api, &at).await.map_err(|failed| unreachable(&failed))?;
        Ok(None)
    }
}
