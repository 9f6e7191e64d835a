//! A message as it stands in a channel, and as Slack shows it to an app.

use serde_json::{Value, json};

use super::world::{File, User, World};

/// A message.
#[derive(Debug, Clone, Default)]
pub struct Message {
    pub ts: String,
    pub thread: Option<String>,
    pub user: String,
    pub team: String,
    /// The bot and its app, if one wrote it.
    pub bot: Option<(String, String)>,
    pub text: String,
    pub blocks: Option<Value>,
    pub metadata: Option<Value>,
    pub attachments: Option<Value>,
    pub files: Vec<String>,
    pub edited: Option<(String, String)>,
    /// Each name, and who put it there, in order.
    pub reactions: Vec<(String, Vec<String>)>,
    /// Only this person sees it.
    pub only: Option<String>,
    pub gone: bool,
    /// Deleted, but replies hang on it.
    pub tombstone: bool,
    pub broadcast: bool,
}

impl Message {
    /// Whether some words stand in it.
    pub fn says(&self, words: &str) -> bool {
        let in_blocks = self.blocks.as_ref().is_some_and(|b| b.to_string().contains(words));
        !self.gone && (self.text.contains(words) || in_blocks)
    }

    /// Puts a reaction on; false if it was there.
    pub fn react(&mut self, name: &str, user: &str) -> bool {
        match self.reactions.iter_mut().find(|(known, _)| known == name) {
            Some((_, users)) if users.iter().any(|known| known == user) => false,
            Some((_, users)) => {
                users.push(user.to_owned());
                true
            }
            None => {
                self.reactions.push((name.to_owned(), vec![user.to_owned()]));
                true
            }
        }
    }

    /// Takes a reaction away; false if there was none.
    pub fn unreact(&mut self, name: &str, user: &str) -> bool {
        let Some((_, users)) = self.reactions.iter_mut().find(|(known, _)| known == name) else {
            return false;
        };
        let before = users.len();
        users.retain(|known| known != user);
        let gone = users.len() < before;
        self.reactions.retain(|(_, users)| !users.is_empty());
        gone
    }
}

impl World {
    /// A message as the Web API and the events show it.
    pub fn message_json(&self, channel: &str, message: &Message, full: bool) -> Value {
        let mut shown = json!({
            "type": "message", "user": message.user, "ts": message.ts, "text": message.text,
            "team": message.team,
        });
        if message.tombstone {
            shown["subtype"] = json!("tombstone");
            shown["hidden"] = json!(true);
        } else if let Some((bot, app)) = &message.bot {
            shown["bot_id"] = json!(bot);
            shown["app_id"] = json!(app);
            shown["bot_profile"] = json!({
                "id": bot, "app_id": app, "name": self.app(app).name, "deleted": false,
                "updated": 0, "team_id": message.team,
                "icons": { "image_36": "", "image_48": "", "image_72": "" },
            });
        } else {
            shown["client_msg_id"] = json!(format!("client-{}", message.ts));
        }
        let optional = [("blocks", &message.blocks), ("attachments", &message.attachments)];
        for (name, value) in optional {
            if let Some(value) = value {
                shown[name] = value.clone();
            }
        }
        if let Some(metadata) = &message.metadata {
            shown["metadata"] = metadata.clone();
        }
        if let Some((user, ts)) = &message.edited {
            shown["edited"] = json!({ "user": user, "ts": ts });
        }
        if !message.files.is_empty() {
            let files = message.files.iter().filter_map(|id| self.file(id));
            shown["files"] = files.map(|file| self.file_json(file)).collect();
            shown["upload"] = json!(false);
        }
        if !message.reactions.is_empty() {
            shown["reactions"] = message.reactions.iter().map(|r| reaction(r, full)).collect();
        }
        self.thread_json(channel, message, &mut shown);
        shown
    }

    fn thread_json(&self, channel: &str, message: &Message, shown: &mut Value) {
        if let Some(thread) = &message.thread {
            shown["thread_ts"] = json!(thread);
            if let Some(parent) = self.message(channel, thread) {
                shown["parent_user_id"] = json!(parent.user);
            }
            return;
        }
        let replies: Vec<&Message> = self
            .channel(channel)
            .into_iter()
            .flat_map(|channel| &channel.messages)
            .filter(|m| m.thread.as_deref() == Some(&message.ts) && !m.gone && m.only.is_none())
            .collect();
        if let Some(last) = replies.last() {
            shown["thread_ts"] = json!(message.ts);
            shown["reply_count"] = json!(replies.len());
            shown["latest_reply"] = json!(last.ts);
        }
    }

    /// A file by its id.
    pub fn file(&self, id: &str) -> Option<&File> {
        self.files.iter().find(|file| file.id == id)
    }

    /// A file as Slack shows it.
    pub fn file_json(&self, file: &File) -> Value {
        let url = format!("{}/files-pri/{}-{}/{}", self.base, file.team, file.id, file.name);
        let kind = file.name.rsplit('.').next().unwrap_or_default();
        let mime = match kind {
            "png" => "image/png",
            "jpg" | "jpeg" => "image/jpeg",
            _ => "application/octet-stream",
        };
        let mut shares = json!({});
        for (channel, ts) in &file.shares {
            shares["public"][channel] = json!([{ "ts": ts, "reply_users": [], "reply_count": 0 }]);
        }
        json!({
            "id": file.id, "created": self.now(), "timestamp": self.now(), "name": file.name,
            "title": file.name, "mimetype": mime, "filetype": kind, "pretty_type": kind,
            "user": file.user, "user_team": file.team, "editable": false,
            "size": file.bytes.len(), "mode": "hosted", "is_external": false,
            "external_type": "", "is_public": true, "public_url_shared": false,
            "display_as_bot": false, "username": "", "url_private": url,
            "url_private_download": url, "permalink": url, "alt_txt": file.alt,
            "has_rich_preview": false, "file_access": "visible", "shares": shares,
            "channels": file.shares.iter().map(|(channel, _)| channel).collect::<Vec<_>>(),
        })
    }

    /// Someone as `users.info` shows them to a workspace.
    pub fn user_json(&self, user: &User, seen_from: &str) -> Value {
        json!({
            "id": user.id, "team_id": user.team, "name": user.name, "deleted": user.deleted,
            "real_name": user.name, "tz": user.zone, "tz_label": user.zone, "tz_offset": 0,
            "color": "9f69e7", "is_admin": user.is_admin, "is_owner": false,
            "is_primary_owner": false, "is_restricted": false, "is_ultra_restricted": false,
            "is_bot": user.is_bot, "is_app_user": false, "updated": self.now(),
            "is_stranger": user.team != seen_from,
            "profile": {
                "real_name": user.name, "display_name": user.name,
                "real_name_normalized": user.name, "display_name_normalized": user.name,
                "email": format!("{}@example.org", user.name), "team": user.team,
            },
        })
    }
}

/// A reaction; unless all is asked for, only its first people are named.
fn reaction((name, users): &(String, Vec<String>), full: bool) -> Value {
    let shown = if full { users.len() } else { users.len().min(SHOWN) };
    json!({ "name": name, "users": users[..shown], "count": users.len() })
}

/// So many people of a reaction are named when nobody asks for all.
const SHOWN: usize = 3;
