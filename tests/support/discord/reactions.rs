//! Reactions: put on and taken away by people and apps, and who did.

use serde_json::{Value, json};

use super::call::Call;
use super::emoji::Emoji;
use super::events::Place;
use super::fail::{Answer, Done, Fail};
use super::id::Id;
use super::message::Reaction;
use super::permissions as may;
use super::world::{User, World};

/// The most emoji on one message.
const MOST: usize = 20;

/// Where a message stands.
pub type At = (Id, Id);

impl World {
    /// Puts a reaction on, a super reaction or a plain one; false if it was there.
    pub fn react(&mut self, at: At, user: Id, emoji: &Emoji, burst: bool) -> Result<bool, Fail> {
        let message = self.message_mut(at.0, at.1).ok_or_else(|| Fail::code(10008))?;
        let known = message.reactions.iter().position(|reaction| reaction.emoji == *emoji);
        if known.is_none() && message.reactions.len() == MOST {
            return Err(Fail::code(30010));
        }
        let place = known.unwrap_or_else(|| {
            let (users, burst) = (Vec::new(), Vec::new());
            message.reactions.push(Reaction { emoji: emoji.clone(), users, burst });
            message.reactions.len() - 1
        });
        let reaction = &mut message.reactions[place];
        let users = if burst { &mut reaction.burst } else { &mut reaction.users };
        if users.contains(&user) {
            return Ok(false);
        }
        users.push(user);
        let author = message.author;
        self.tell_reaction("MESSAGE_REACTION_ADD", at, |world, guild, json| {
            json["user_id"] = json!(user);
            json["emoji"] = emoji.json();
            json["message_author_id"] = json!(author);
            json["burst"] = json!(burst);
            json["type"] = json!(u8::from(burst));
            if let Some(member) = guild.and_then(|guild| world.member(guild, user)) {
                json["member"] = world.member_json(member, true);
            }
        });
        Ok(true)
    }

    /// Takes a reaction away, a super reaction or a plain one; false if there was none.
    pub fn unreact(&mut self, at: At, user: Id, emoji: &Emoji, burst: bool) -> Result<bool, Fail> {
        let message = self.message_mut(at.0, at.1).ok_or_else(|| Fail::code(10008))?;
        let meant = |reaction: &&mut Reaction| reaction.emoji == *emoji;
        let Some(reaction) = message.reactions.iter_mut().find(meant) else { return Ok(false) };
        let users = if burst { &mut reaction.burst } else { &mut reaction.users };
        let before = users.len();
        users.retain(|known| *known != user);
        let is_gone = users.len() < before;
        message.reactions.retain(|left| !left.users.is_empty() || !left.burst.is_empty());
        if is_gone {
            // Unlike the other one, this event does not say who somebody is in the guild.
            self.tell_reaction("MESSAGE_REACTION_REMOVE", at, |_, _, json| {
                json["user_id"] = json!(user);
                json["emoji"] = emoji.json();
                json["burst"] = json!(burst);
                json["type"] = json!(u8::from(burst));
            });
        }
        Ok(is_gone)
    }

    /// Takes all reactions away, or all with one emoji.
    pub fn clear(&mut self, at: At, only: Option<&Emoji>) -> Result<(), Fail> {
        let message = self.message_mut(at.0, at.1).ok_or_else(|| Fail::code(10008))?;
        message.reactions.retain(|left| only.is_some_and(|emoji| left.emoji != *emoji));
        match only {
            None => self.tell_reaction("MESSAGE_REACTION_REMOVE_ALL", at, |_, _, _| {}),
            Some(emoji) => self.tell_reaction("MESSAGE_REACTION_REMOVE_EMOJI", at, |_, _, json| {
                json["emoji"] = emoji.json();
            }),
        }
        Ok(())
    }

    fn tell_reaction(
        &mut self,
        event: &'static str,
        at: At,
        add: impl Fn(&Self, Option<Id>, &mut Value),
    ) {
        let guild = self.channel(at.0).and_then(|channel| channel.guild);
        self.tell(event, Place::Channel(at.0), |world, _| {
            let mut json = json!({ "channel_id": at.0, "message_id": at.1 });
            if let Some(guild) = guild {
                json["guild_id"] = json!(guild);
            }
            add(world, guild, &mut json);
            json
        });
    }
}

/// An app puts its reaction on.
pub fn put(world: &mut World, call: &Call, at: At, emoji: &str) -> Answer {
    let app = call.app()?;
    world.must(app, at.0, may::READ_MESSAGE_HISTORY)?;
    let emoji = world.emoji(emoji)?;
    let message = world.must_stand(at.0, at.1)?;
    // Who may not add reactions may still join one that is there.
    if !message.reactions.iter().any(|reaction| reaction.emoji == emoji) {
        world.must(app, at.0, may::ADD_REACTIONS)?;
    }
    world.react(at, app, &emoji, false)?;
    Ok(Done::Nothing)
}

/// An app takes its reaction away, or someone's.
pub fn remove(world: &mut World, call: &Call, at: At, (emoji, user): (&str, &str)) -> Answer {
    let app = call.app()?;
    world.must(app, at.0, 0)?;
    let emoji = world.emoji(emoji)?;
    world.must_stand(at.0, at.1)?;
    let user = if user == "@me" { app } else { super::call::id(user)? };
    if user != app {
        world.must(app, at.0, may::MANAGE_MESSAGES)?;
    }
    let was_there =
        world.unreact(at, user, &emoji, false)? | world.unreact(at, user, &emoji, true)?;
    if was_there { Ok(Done::Nothing) } else { Err(Fail::code(10014)) }
}

/// An app takes all reactions away, or all with one emoji.
pub fn clear(world: &mut World, call: &Call, at: At, emoji: Option<&str>) -> Answer {
    world.must(call.app()?, at.0, may::MANAGE_MESSAGES)?;
    world.must_stand(at.0, at.1)?;
    let emoji = emoji.map(|emoji| world.emoji(emoji)).transpose()?;
    world.clear(at, emoji.as_ref())?;
    Ok(Done::Nothing)
}

/// Who reacted with an emoji; super reactions are a list of their own.
pub fn list(world: &World, call: &Call, at: At, emoji: &str) -> Answer {
    world.must(call.app()?, at.0, may::READ_MESSAGE_HISTORY)?;
    let emoji = world.emoji(emoji)?;
    let message = world.must_stand(at.0, at.1)?;
    let (limit, after) = (call.limit(25)?, call.asked::<Id>("after")?);
    let burst = call.asked::<u8>("type")? == Some(1);
    let found = message.reactions.iter().find(|reaction| reaction.emoji == emoji);
    let users = found.map(|reaction| if burst { &reaction.burst } else { &reaction.users });
    let mut users: Vec<Id> = users.cloned().unwrap_or_default();
    users.sort_unstable();
    users.retain(|user| after.is_none_or(|after| *user > after));
    let shown = users.iter().take(limit).filter_map(|id| world.user(*id));
    Ok(Done::Said(shown.map(User::json).collect()))
}
