//! People, guilds, channels, roles and files as Discord shows them.

use serde_json::{Value, json};

use super::id::{Id, written};
use super::permissions;
use super::world::{App, Channel, File, Guild, Member, Role, Thread, User, World};

impl User {
    /// Someone.
    pub fn json(&self) -> Value {
        let mut json = json!({
            "id": self.id, "username": self.name, "discriminator": "0", "avatar": null,
            "global_name": if self.bot { None } else { Some(&self.name) },
            "public_flags": 0, "flags": 0, "banner": null, "accent_color": null,
            "avatar_decoration_data": null, "collectibles": null, "primary_guild": null,
        });
        if self.bot {
            json["bot"] = json!(true);
        }
        json
    }
}

impl Role {
    /// A self.
    pub fn json(&self, everyone: Id) -> Value {
        json!({
            "id": self.id, "name": self.name, "permissions": self.permissions.to_string(),
            "position": i32::from(self.id != everyone), "color": 0, "hoist": false,
            "colors": { "primary_color": 0, "secondary_color": null, "tertiary_color": null },
            "managed": false, "mentionable": false, "icon": null, "unicode_emoji": null, "flags": 0,
        })
    }
}

impl Guild {
    /// A guild without what hangs on it.
    pub fn json(&self) -> Value {
        let roles = self.roles.iter().map(|role| role.json(self.id));
        let emojis = self.emojis.iter().map(|(id, name)| {
            json!({
                "id": id, "name": name, "roles": [], "require_colons": true, "managed": false,
                "animated": false, "available": true,
            })
        });
        json!({
            "id": self.id, "name": self.name, "owner_id": self.owner, "icon": null,
            "description": null, "home_header": null, "splash": null, "discovery_splash": null,
            "features": [], "banner": null, "application_id": null, "region": "deprecated",
            "afk_channel_id": null, "afk_timeout": 300, "system_channel_id": null,
            "system_channel_flags": 0, "widget_enabled": false, "widget_channel_id": null,
            "verification_level": 1, "default_message_notifications": 1, "mfa_level": 0,
            "explicit_content_filter": 0, "max_presences": null, "max_members": 500_000,
            "max_stage_video_channel_users": 50, "max_video_channel_users": 25,
            "vanity_url_code": null, "premium_tier": 0, "premium_subscription_count": 0,
            "preferred_locale": "en-US", "rules_channel_id": null, "safety_alerts_channel_id": null,
            "public_updates_channel_id": null, "premium_progress_bar_enabled": false,
            "nsfw": false, "nsfw_level": 0, "incidents_data": null, "hub_type": null,
            "roles": roles.collect::<Value>(), "emojis": emojis.collect::<Value>(), "stickers": [],
        })
    }
}

impl World {
    /// Someone in a guild, with the user if an event does not have it beside.
    pub fn member_json(&self, member: &Member, with_user: bool) -> Value {
        let mut json = json!({
            "roles": member.roles, "nick": member.nick, "avatar": null, "banner": null,
            "joined_at": written(member.user.millisecond()), "premium_since": null,
            "communication_disabled_until": null, "flags": 0, "pending": false,
            "deaf": false, "mute": false, "avatar_decoration_data": null, "collectibles": null,
        });
        if with_user {
            json["user"] = json!(self.user(member.user).map(User::json));
        }
        json
    }

    /// A guild as an app hears of it when it has begun to listen.
    pub fn guild_create_json(&self, guild: &Guild, app: Id) -> Value {
        let of_guild = |c: &&Channel| c.guild == Some(guild.id);
        let seen = |c: &&Channel| self.permissions(app, c) & permissions::VIEW_CHANNEL != 0;
        let channels = self.channels.iter().filter(of_guild).filter(seen);
        let (threads, channels): (Vec<_>, Vec<_>) = channels.partition(|c| c.thread.is_some());
        let open = |c: &&&Channel| c.thread.as_ref().is_some_and(|thread| !thread.archived);
        let threads = threads.iter().filter(open).map(|c| self.channel_json(c, app));
        let own = guild.members.iter().filter(|member| member.user == app);
        let mut json = guild.json();
        let more = json!({
            "joined_at": written(app.millisecond()), "large": false, "unavailable": false,
            "member_count": guild.members.len(), "voice_states": [], "presences": [],
            "stage_instances": [], "guild_scheduled_events": [], "soundboard_sounds": [],
            "members": own.map(|member| self.member_json(member, true)).collect::<Value>(),
            "channels": channels.iter().map(|c| self.channel_json(c, app)).collect::<Value>(),
            "threads": threads.collect::<Value>(),
        });
        let more = more.as_object().expect("an object").clone();
        json.as_object_mut().expect("an object").extend(more);
        json
    }

    /// A channel as an app sees it.
    pub fn channel_json(&self, channel: &Channel, app: Id) -> Value {
        let last = channel.messages.iter().rev().find(|m| !m.gone && m.only.is_none());
        let mut json = json!({
            "id": channel.id, "type": channel.kind, "last_message_id": last.map(|m| m.id),
            "flags": 0,
        });
        let mut add = |more: Value| {
            let more = more.as_object().expect("an object").clone();
            json.as_object_mut().expect("an object").extend(more);
        };
        let Some(guild) = channel.guild else {
            let others = channel.recipients.iter().filter(|id| **id != app);
            let others = others.filter_map(|id| self.user(*id)).map(User::json);
            add(json!({ "recipients": others.collect::<Value>() }));
            return json;
        };
        add(json!({
            "guild_id": guild, "name": channel.name, "parent_id": channel.parent,
            "rate_limit_per_user": 0, "last_pin_timestamp": null,
        }));
        match &channel.thread {
            Some(thread) => add(thread_json(channel, thread, app)),
            None => add(json!({
                "position": 0, "nsfw": false, "topic": null,
                "permission_overwrites": overwrites(channel),
            })),
        }
        json
    }

    /// An attachment; its address is good for a day.
    pub fn file_json(&self, file: &File) -> Value {
        let query = self.file_query(file.id);
        let url =
            format!("{}/attachments/{}/{}/{}?{query}", self.base, file.channel, file.id, file.name);
        let mut json = json!({
            "id": file.id, "filename": file.name, "size": file.bytes.len(), "url": url,
            "proxy_url": url, "content_scan_version": 0,
        });
        if let Some(kind) = &file.kind {
            json["content_type"] = json!(kind);
        }
        if let Some(about) = &file.about {
            json["description"] = json!(about);
        }
        json
    }

    /// An app as itself sees it.
    pub fn app_json(&self, app: &App) -> Value {
        let bot = self.user(app.id).expect("every app has its bot");
        let owner = self.users.iter().find(|user| !user.bot).expect("somebody");
        let bot = bot.json();
        json!({
            "id": app.id, "name": app.name, "icon": null, "description": "", "type": null,
            "flags": app.flags(), "flags_new": app.flags().to_string(), "bot": bot,
            "bot_public": true, "bot_require_code_grant": false, "verify_key": "0".repeat(64),
            "owner": owner.json(), "team": null, "redirect_uris": [],
            "interactions_endpoint_url": null, "role_connections_verification_url": null,
            "approximate_guild_count": self.guilds.len(), "approximate_user_install_count": 0,
            "approximate_user_authorization_count": 0, "explicit_content_filter": 0,
            "summary": "", "eligible_oauth2_scopes": [], "integration_types_config": { "0": {} },
        })
    }
}

impl App {
    /// Which privileged intents it has, as flags of an app that few use.
    pub fn flags(&self) -> u64 {
        let has = |intent: u64, flag: u64| if self.privileged & intent == 0 { 0 } else { flag };
        has(1 << 15, 1 << 19) | has(1 << 1, 1 << 15) | has(1 << 8, 1 << 13)
    }
}

fn thread_json(channel: &Channel, thread: &Thread, app: Id) -> Value {
    let count = channel.messages.iter().filter(|message| !message.gone).count();
    let began = written(channel.id.millisecond());
    let mut json = json!({
        "owner_id": thread.owner, "message_count": count, "total_message_sent": count,
        "member_count": thread.members.len(),
        "thread_metadata": {
            "archived": thread.archived, "locked": thread.locked, "archive_timestamp": began,
            "auto_archive_duration": thread.archives_after, "create_timestamp": began,
        },
    });
    if thread.members.contains(&app) {
        json["member"] =
            json!({ "id": channel.id, "user_id": app, "join_timestamp": began, "flags": 1 });
    }
    json
}

fn overwrites(channel: &Channel) -> Value {
    let all = channel.overwrites.iter().map(|o| {
        json!({
            "id": o.id, "type": u8::from(o.of_member), "allow": o.allow.to_string(),
            "deny": o.deny.to_string(),
        })
    });
    all.collect()
}
