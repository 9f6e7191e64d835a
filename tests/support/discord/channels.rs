//! Channels, threads, direct conversations, and who is in a guild, as apps ask for them.

use serde_json::{Value, json};

use super::call::Call;
use super::events::{GUILD_MEMBERS, Place};
use super::fail::{Answer, Done, Fail, Wrong};
use super::id::Id;
use super::message::{HAS_THREAD, Message};
use super::permissions as may;
use super::world::{Channel, Guild, Thread, User, World};

/// Hours of silence after which a thread may archive itself, in minutes.
const SILENCES: &[u64] = &[60, 1440, 4320, 10080];

impl World {
    /// Tells of a thread as each app sees it.
    pub fn tell_thread(&mut self, event: &'static str, thread: Id) {
        let of = self.channel(thread).and_then(|channel| channel.parent).unwrap_or(thread);
        self.tell(event, Place::Channel(of), |world, session| {
            let channel = world.channel(thread).expect("known");
            let mut json = world.channel_json(channel, session.app);
            if event == "THREAD_CREATE" {
                json["newly_created"] = json!(true);
            }
            json
        });
    }

    /// A thread in which somebody writes is archived no more.
    pub fn wake(&mut self, channel: Id) {
        let thread = self.channel_mut(channel).and_then(|channel| channel.thread.as_mut());
        if let Some(thread) = thread.filter(|thread| thread.archived) {
            thread.archived = false;
            self.tell_thread("THREAD_UPDATE", channel);
        }
    }

    /// The direct conversation of two; made when there is none.
    pub fn direct(&mut self, one: Id, other: Id) -> Id {
        let is_it = |channel: &&Channel| {
            channel.guild.is_none() && [one, other].iter().all(|id| channel.recipients.contains(id))
        };
        if let Some(known) = self.channels.iter().find(is_it) {
            return known.id;
        }
        let id = self.id();
        self.channels.push(Channel {
            id,
            kind: 1,
            guild: None,
            name: String::new(),
            parent: None,
            recipients: vec![one, other],
            overwrites: Vec::new(),
            thread: None,
            messages: Vec::new(),
        });
        id
    }

    /// A channel is deleted, with all in it.
    pub fn delete_channel(&mut self, channel: Id) {
        let known = self.channel(channel).expect("known").clone();
        self.tell("CHANNEL_DELETE", Place::Channel(channel), |world, session| {
            world.channel_json(&known, session.app)
        });
        self.channels.retain(|channel| channel.id != known.id && channel.parent != Some(known.id));
    }

    /// Someone is not in a guild any more; a bot hears that of itself.
    pub fn leave(&mut self, guild: Id, user: Id) {
        let members = &mut self.guild_mut(guild).expect("known").members;
        members.retain(|member| member.user != user);
        let gone = json!({ "guild_id": guild, "user": self.user(user).map(User::json) });
        self.tell("GUILD_MEMBER_REMOVE", Place::Guild(guild), |_, _| gone.clone());
        let gone = json!({ "id": guild });
        self.tell("GUILD_DELETE", Place::App(user, Some(guild)), |_, _| gone.clone());
    }

    /// Begins a thread in a channel; one on a message has the message's id.
    pub fn begin_thread(&mut self, channel: Id, on: Option<Id>, owner: Id, name: &str) -> Id {
        let id = on.unwrap_or_else(|| self.id());
        let parent = self.channel(channel).expect("known");
        let (guild, silence) = (parent.guild, 4320);
        let thread = Thread {
            owner,
            archived: false,
            locked: false,
            members: vec![owner],
            archives_after: silence,
        };
        self.channels.push(Channel {
            id,
            kind: 11,
            guild,
            name: name.to_owned(),
            parent: Some(channel),
            recipients: Vec::new(),
            overwrites: Vec::new(),
            thread: Some(thread),
            messages: Vec::new(),
        });
        self.tell_thread("THREAD_CREATE", id);
        if let Some(message) = on.and_then(|on| self.message(channel, on)).cloned() {
            let flags = message.flags | HAS_THREAD;
            self.change(&Message { flags, ..message });
        }
        id
    }
}

/// Reads a channel.
pub fn get(world: &World, call: &Call, channel: Id) -> Answer {
    let app = call.app()?;
    world.must(app, channel, 0)?;
    Ok(Done::Said(world.channel_json(world.channel(channel).expect("seen"), app)))
}

/// Begins a thread, on a message or by itself.
pub fn begin_thread(world: &mut World, call: &Call, channel: Id, on: Option<Id>) -> Answer {
    let app = call.app()?;
    world.must(app, channel, may::CREATE_PUBLIC_THREADS)?;
    let mut wrong = Wrong::default();
    let name = call.body["name"].as_str().unwrap_or_default().to_owned();
    wrong.between(&["name"], name.chars().count(), (1, 100));
    let silence = call.body["auto_archive_duration"].as_u64();
    if silence.is_some_and(|silence| !SILENCES.contains(&silence)) {
        let message = "Value must be one of (60, 1440, 4320, 10080).";
        wrong.add(&["auto_archive_duration"], "BASE_TYPE_CHOICES", message);
    }
    wrong.check()?;
    if let Some(on) = on {
        let message = world.must_stand(channel, on)?;
        if message.flags & HAS_THREAD != 0 {
            return Err(Fail::code(160_004));
        }
    }
    let id = world.begin_thread(channel, on, app, &name);
    let made = world.channel_mut(id).expect("made");
    if let (Some(thread), Some(silence)) = (&mut made.thread, silence) {
        thread.archives_after = silence;
    }
    Ok(Done::Made(world.channel_json(world.channel(id).expect("made"), app)))
}

/// Archives, locks or renames a thread.
pub fn change_thread(world: &mut World, call: &Call, channel: Id) -> Answer {
    let app = call.app()?;
    world.must(app, channel, 0)?;
    let known = world.channel(channel).expect("seen");
    let Some(thread) = &known.thread else { return Err(Fail::code(50013)) };
    let locks = call.body.get("locked").is_some();
    if locks || thread.owner != app {
        world.must(app, channel, may::MANAGE_THREADS)?;
    }
    let body = &call.body;
    let channel_now = world.channel_mut(channel).expect("seen");
    if let Some(name) = body["name"].as_str() {
        name.clone_into(&mut channel_now.name);
    }
    if let Some(thread) = &mut channel_now.thread {
        thread.archived = body["archived"].as_bool().unwrap_or(thread.archived);
        thread.locked = body["locked"].as_bool().unwrap_or(thread.locked);
    }
    world.tell_thread("THREAD_UPDATE", channel);
    get(world, call, channel)
}

/// An app goes into a thread, or out of it.
pub fn join_thread(world: &mut World, call: &Call, channel: Id, goes_in: bool) -> Answer {
    let app = call.app()?;
    world.must(app, channel, 0)?;
    let thread = world.channel_mut(channel).and_then(|channel| channel.thread.as_mut());
    let thread = thread.ok_or_else(|| Fail::code(50013))?;
    thread.members.retain(|member| *member != app);
    if goes_in {
        thread.members.push(app);
    }
    Ok(Done::Nothing)
}

/// The direct conversation with someone.
pub fn direct(world: &mut World, call: &Call) -> Answer {
    let app = call.app()?;
    let id = Id::of(&call.body["recipient_id"]);
    let user = id.and_then(|id| world.user(id)).ok_or_else(|| Fail::code(10013))?;
    if user.bot {
        return Err(Fail::code(50007));
    }
    let channel = world.direct(app, user.id);
    Ok(Done::Said(world.channel_json(world.channel(channel).expect("made"), app)))
}

/// A guild that an app is in.
fn guild(world: &World, app: Id, id: Id) -> Result<&Guild, Fail> {
    let found = world.guild(id).ok_or_else(|| Fail::code(10004))?;
    world.member(id, app).map(|_| found).ok_or_else(|| Fail::code(50001))
}

/// Reads something of a guild: itself, or its channels, roles, threads.
pub fn of_guild(world: &World, call: &Call, id: Id, what: Option<&str>) -> Answer {
    let app = call.app()?;
    let guild = guild(world, app, id)?;
    let seen =
        |c: &&Channel| c.guild == Some(id) && world.permissions(app, c) & may::VIEW_CHANNEL != 0;
    let channels = world.channels.iter().filter(seen);
    let is_open = |c: &&Channel| c.thread.as_ref().is_some_and(|thread| !thread.archived);
    let said = match what {
        None => guild.json(),
        Some("channels") => {
            let plain = channels.filter(|c| c.thread.is_none());
            plain.map(|c| world.channel_json(c, app)).collect()
        }
        Some("roles") => guild.roles.iter().map(|role| role.json(id)).collect(),
        Some("threads") => {
            let threads = channels.filter(is_open).map(|c| world.channel_json(c, app));
            json!({ "threads": threads.collect::<Value>(), "members": [], "has_more": false })
        }
        Some(_) => return Err(Fail::nowhere()),
    };
    Ok(Done::Said(said))
}

/// Someone in a guild.
pub fn member(world: &World, call: &Call, of: Id, user: Id) -> Answer {
    guild(world, call.app()?, of)?;
    let member = world.member(of, user).ok_or_else(|| Fail::code(10007))?;
    Ok(Done::Said(world.member_json(member, true)))
}

/// All in a guild, for who may see them.
pub fn members(world: &World, call: &Call, of: Id) -> Answer {
    let app = call.app()?;
    let guild = guild(world, app, of)?;
    if world.app(app).is_none_or(|app| app.privileged & GUILD_MEMBERS == 0) {
        return Err(Fail::code(50001));
    }
    let (limit, after) = (call.asked("limit")?.unwrap_or(1), call.asked::<Id>("after")?);
    let mut members: Vec<_> = guild.members.iter().collect();
    members.sort_by_key(|member| member.user);
    let later = members.into_iter().filter(|member| after.is_none_or(|after| member.user > after));
    Ok(Done::Said(later.take(limit).map(|member| world.member_json(member, true)).collect()))
}
