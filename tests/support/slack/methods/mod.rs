//! The methods of the Web API: who may call which, with what scope, and how often.

#![expect(clippy::unnecessary_wraps, reason = "every method answers alike")]

mod chat;
mod conversations;
mod files;
mod reactions;
mod team;
mod tokens;
mod views;

pub use chat::name_blocks;
use serde_json::{Value, json};

use super::args::Args;
use super::fail::{Answer, Fail};
use super::rates::Tier;
use super::world::{Install, World};

/// Whose token a method wants.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    Bots,
    Apps,
    Nobodys,
}

/// A call that may be made.
pub struct Call<'a> {
    pub world: &'a mut World,
    pub args: &'a Args,
    /// Who calls; made up where no token is wanted.
    pub install: Install,
}

type Run = fn(&mut Call<'_>) -> Answer;

struct Method {
    name: &'static str,
    whose: Whose,
    /// Any of these scopes does.
    scopes: &'static [&'static str],
    tier: Tier,
    run: Run,
}

const fn bots(name: &'static str, scopes: &'static [&'static str], tier: Tier, run: Run) -> Method {
    Method { name, whose: Whose::Bots, scopes, tier, run }
}

const READS: &[&str] = &["channels:read", "groups:read", "im:read", "mpim:read"];
const HISTORY: &[&str] = &["channels:history", "groups:history", "im:history", "mpim:history"];
const WRITES: &[&str] = &["chat:write"];
const USERS: &[&str] = &["users:read"];
const FILES: &[&str] = &["files:write"];

const METHODS: &[Method] = &[
    Method {
        name: "api.test",
        whose: Whose::Nobodys,
        scopes: &[],
        tier: Tier::Free,
        run: tokens::test,
    },
    Method {
        name: "oauth.v2.access",
        whose: Whose::Nobodys,
        scopes: &[],
        tier: Tier::Four,
        run: tokens::access,
    },
    Method {
        name: "apps.connections.open",
        whose: Whose::Apps,
        scopes: &[],
        tier: Tier::Three,
        run: tokens::open,
    },
    bots("auth.test", &[], Tier::Free, tokens::auth),
    bots("auth.teams.list", &[], Tier::Two, tokens::teams),
    bots("auth.revoke", &[], Tier::Three, tokens::revoke),
    bots("chat.postMessage", WRITES, Tier::Posting, chat::post),
    bots("chat.postEphemeral", WRITES, Tier::Four, chat::post_ephemeral),
    bots("chat.update", WRITES, Tier::Three, chat::update),
    bots("chat.delete", WRITES, Tier::Three, chat::delete),
    bots("chat.getPermalink", &[], Tier::Free, chat::permalink),
    bots("reactions.add", &["reactions:write"], Tier::Three, reactions::add),
    bots("reactions.remove", &["reactions:write"], Tier::Two, reactions::remove),
    bots("reactions.get", &["reactions:read"], Tier::Three, reactions::get),
    bots("conversations.history", HISTORY, Tier::Three, conversations::history),
    bots("conversations.replies", HISTORY, Tier::Three, conversations::replies),
    bots("conversations.info", READS, Tier::Three, conversations::info),
    bots("conversations.list", READS, Tier::Two, conversations::list),
    bots("users.conversations", READS, Tier::Three, conversations::of_user),
    bots("conversations.members", READS, Tier::Four, conversations::members),
    bots("conversations.open", &["im:write"], Tier::Three, conversations::open),
    bots("conversations.join", &["channels:join"], Tier::Three, conversations::join),
    bots("users.info", USERS, Tier::Four, team::user),
    bots("users.list", USERS, Tier::Two, team::users),
    bots("bots.info", USERS, Tier::Three, team::bot),
    bots("team.info", &["team:read"], Tier::Three, team::info),
    bots("emoji.list", &["emoji:read"], Tier::Two, team::emoji),
    bots("files.getUploadURLExternal", FILES, Tier::Four, files::upload_url),
    bots("files.completeUploadExternal", FILES, Tier::Four, files::complete),
    bots("files.info", &["files:read"], Tier::Four, files::info),
    bots("views.open", &[], Tier::Four, views::open),
    bots("views.push", &[], Tier::Four, views::push),
    bots("views.update", &[], Tier::Four, views::update),
    bots("views.publish", &[], Tier::Four, views::publish),
];

/// Answers a call.
pub fn call(world: &mut World, name: &str, args: &Args) -> Value {
    world.calls.push_back(name.to_owned());
    let mut said = match allowed(world, name, args) {
        Ok((method, install)) => {
            (method.run)(&mut Call { world, args, install }).unwrap_or_else(|fail| fail.0)
        }
        Err(fail) => fail.0,
    };
    if said["ok"].is_null() {
        said["ok"] = json!(true);
    }
    if args.lacks_charset {
        said["warning"] = json!("missing_charset");
        said["response_metadata"]["warnings"] = json!(["missing_charset"]);
    }
    said
}

/// The answer to one call too many.
pub fn limited(seconds: u64) -> Value {
    json!({ "ok": false, "error": "ratelimited", "retry_after": seconds })
}

fn allowed(world: &mut World, name: &str, args: &Args) -> Result<(&'static Method, Install), Fail> {
    let method = METHODS.iter().find(|method| method.name == name);
    let method = method.ok_or_else(|| Fail::new("unknown_method"))?;
    let install = match method.whose {
        Whose::Nobodys => nobody(),
        Whose::Apps => of_app(world, args)?,
        Whose::Bots => of_bot(world, args)?,
    };
    let lacks = !method.scopes.iter().any(|scope| install.scopes.iter().any(|has| has == scope));
    if lacks && !method.scopes.is_empty() {
        return Err(Fail::lacks_scope(&method.scopes.join(","), &install.scopes));
    }
    let channel = match method.tier {
        Tier::Posting => args.text("channel").unwrap_or_default(),
        _ => "",
    };
    let key = format!("{} {} {name} {channel}", install.app, install.team);
    match world.rates.count(key, method.tier) {
        Some(seconds) => Err(Fail(limited(seconds))),
        None => Ok((method, install)),
    }
}

fn nobody() -> Install {
    Install {
        app: String::new(),
        team: String::new(),
        token: String::new(),
        refresh: String::new(),
        scopes: Vec::new(),
        bot_user: String::new(),
        bot: String::new(),
        revoked: false,
    }
}

fn of_app(world: &World, args: &Args) -> Result<Install, Fail> {
    let token = args.token.as_deref().ok_or_else(|| Fail::new("not_authed"))?;
    if !token.starts_with("xapp-") {
        return Err(Fail::new("not_allowed_token_type"));
    }
    let app = world.apps.iter().find(|app| app.socket_token == token && args.in_header);
    let app = app.ok_or_else(|| Fail::new("invalid_auth"))?;
    Ok(Install { app: app.id.clone(), ..nobody() })
}

fn of_bot(world: &World, args: &Args) -> Result<Install, Fail> {
    let token = args.token.as_deref().ok_or_else(|| Fail::new("not_authed"))?;
    if token.starts_with("xapp-") {
        return Err(Fail::new("not_allowed_token_type"));
    }
    let install = world.installs.iter().find(|install| install.token == token);
    match install {
        Some(install) if install.revoked => Err(Fail::new("token_revoked")),
        Some(install) => Ok(install.clone()),
        None => Err(Fail::new("invalid_auth")),
    }
}

impl Call<'_> {
    /// A channel that the caller can see.
    fn channel(&self) -> Result<String, Fail> {
        let id = self.args.need("channel", "channel_not_found")?;
        let channel = self.world.channel(id).filter(|channel| {
            let is_in = channel.members.contains(&self.install.bot_user);
            channel.teams.contains(&self.install.team) && (is_in || !channel.private)
        });
        channel.map(|channel| channel.id.clone()).ok_or_else(|| Fail::new("channel_not_found"))
    }

    /// A channel that the caller is in.
    fn own_channel(&self) -> Result<String, Fail> {
        let id = self.channel()?;
        let channel = self.world.channel(&id).expect("found");
        if !channel.members.contains(&self.install.bot_user) {
            return Err(Fail::new("not_in_channel"));
        }
        Ok(id)
    }

    /// One page of a list, and the cursor of the next.
    fn page(&self, mut all: Vec<Value>, most: usize) -> (Vec<Value>, Value) {
        let from = self.args.text("cursor").and_then(|c| c.strip_prefix("from:")?.parse().ok());
        let from: usize = from.unwrap_or(0).min(all.len());
        let limit = self.args.number("limit").filter(|n| *n > 0).unwrap_or(most).min(999);
        let mut rest = all.split_off(from);
        let next =
            if rest.len() > limit { format!("from:{}", from + limit) } else { String::new() };
        rest.truncate(limit);
        (rest, json!({ "next_cursor": next }))
    }
}
