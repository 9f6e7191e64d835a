//! `chat.*`: messages of bots.

use serde_json::{Value, json};

use super::super::args::Args;
use super::super::blocks;
use super::super::fail::{Answer, Fail};
use super::super::message::Message;
use super::Call;

/// What is cut off a text.
const LONGEST: usize = 40_000;

/// `chat.postMessage`. The same twice is two messages: Slack knows no key.
pub fn post(call: &mut Call<'_>) -> Answer {
    let channel = call.own_channel()?;
    let message = written(call, &channel)?;
    let shown = call.world.put(&channel, message);
    Ok(json!({ "channel": channel, "ts": shown["ts"], "message": shown }))
}

/// `chat.postEphemeral`: only one person sees it, for as long as their client remembers.
pub fn post_ephemeral(call: &mut Call<'_>) -> Answer {
    let channel = call.own_channel()?;
    let user = call.args.need("user", "user_not_in_channel")?.to_owned();
    if !call.world.channel(&channel).is_some_and(|known| known.members.contains(&user)) {
        return Err(Fail::new("user_not_in_channel"));
    }
    let mut message = written(call, &channel)?;
    message.only = Some(user);
    let ts = message.ts.clone();
    call.world.channel_mut(&channel).expect("found").messages.push(message);
    Ok(json!({ "message_ts": ts }))
}

/// `chat.update`: blocks that are not sent again are gone.
pub fn update(call: &mut Call<'_>) -> Answer {
    let channel = call.channel()?;
    let before = own_message(call, &channel, "cant_update_message")?;
    let mut after = before.clone();
    let content = Content::read(call.args)?;
    after.text = content.text;
    after.blocks = content.blocks;
    after.attachments = content.attachments.or(after.attachments);
    after.metadata = content.metadata.or(after.metadata);
    after.edited = Some((call.install.bot_user.clone(), call.world.ts()));
    let shown = call.world.message_json(&channel, &after, true);
    call.world.change(&channel, &before, Some(after));
    Ok(json!({
        "channel": channel, "ts": before.ts, "text": shown["text"], "message": shown,
    }))
}

/// `chat.delete`.
pub fn delete(call: &mut Call<'_>) -> Answer {
    let channel = call.channel()?;
    let message = own_message(call, &channel, "cant_delete_message")?;
    call.world.delete(&channel, &message);
    Ok(json!({ "channel": channel, "ts": message.ts }))
}

/// `chat.getPermalink`.
pub fn permalink(call: &mut Call<'_>) -> Answer {
    let channel = call.channel()?;
    let ts = call.args.need("message_ts", "message_not_found")?;
    let known = call.world.message(&channel, ts).filter(|message| message.only.is_none());
    known.ok_or_else(|| Fail::new("message_not_found"))?;
    let link = format!("{}/archives/{channel}/p{}", call.world.base, ts.replace('.', ""));
    Ok(json!({ "channel": channel, "permalink": link }))
}

/// What a message says.
pub struct Content {
    pub text: String,
    pub blocks: Option<Value>,
    pub attachments: Option<Value>,
    pub metadata: Option<Value>,
}

impl Content {
    /// Reads and checks it.
    pub fn read(args: &Args) -> Result<Self, Fail> {
        let mut blocks =
            args.json("blocks")?.filter(|b| b.as_array().is_none_or(|b| !b.is_empty()));
        if let Some(blocks) = &mut blocks {
            let wrong = blocks::of_message(blocks);
            if !wrong.is_empty() {
                return Err(Fail::because("invalid_blocks", &wrong));
            }
            name_blocks(blocks);
        }
        let attachments =
            args.json("attachments")?.filter(|a| a.as_array().is_some_and(|a| !a.is_empty()));
        let text: String = args.text("text").unwrap_or_default().chars().take(LONGEST).collect();
        if text.is_empty() && blocks.is_none() && attachments.is_none() {
            return Err(Fail::new("no_text"));
        }
        Ok(Self { text, blocks, attachments, metadata: args.json("metadata")? })
    }
}

/// Gives an id to each block and each element that has none.
pub fn name_blocks(blocks: &mut Value) {
    for (n, block) in blocks.as_array_mut().into_iter().flatten().enumerate() {
        if block["block_id"].is_null() {
            block["block_id"] = json!(format!("b{n}"));
        }
        let fields = block.as_object_mut().expect("checked");
        let within = fields.iter_mut().filter(|(name, _)| HOLDS.contains(&name.as_str()));
        let elements = within.flat_map(|(_, held)| match held {
            Value::Array(list) => list.iter_mut().collect(),
            one => vec![one],
        });
        for (m, element) in elements.enumerate() {
            let acts = element["type"].as_str().is_some_and(|kind| !STILL.contains(&kind));
            if acts && element["action_id"].is_null() {
                element["action_id"] = json!(format!("a{m}"));
            }
        }
    }
}

/// The fields of a block that hold elements.
const HOLDS: &[&str] = &["elements", "element", "accessory"];

/// The elements that nobody can press.
const STILL: &[&str] = &["mrkdwn", "plain_text", "image", "rich_text_section"];

fn written(call: &mut Call<'_>, channel: &str) -> Result<Message, Fail> {
    if call.world.channel(channel).is_some_and(|channel| channel.archived) {
        return Err(Fail::new("is_archived"));
    }
    let content = Content::read(call.args)?;
    let thread = call.args.text("thread_ts").map(ToOwned::to_owned);
    if let Some(thread) = &thread
        && call.world.message(channel, thread).is_none()
    {
        return Err(Fail::new("thread_not_found"));
    }
    Ok(Message {
        ts: call.world.ts(),
        thread,
        user: call.install.bot_user.clone(),
        team: call.install.team.clone(),
        bot: Some((call.install.bot.clone(), call.install.app.clone())),
        text: content.text,
        blocks: content.blocks,
        attachments: content.attachments,
        metadata: content.metadata,
        broadcast: call.args.flag("reply_broadcast"),
        ..Message::default()
    })
}

fn own_message(call: &Call<'_>, channel: &str, not_own: &str) -> Result<Message, Fail> {
    let ts = call.args.need("ts", "message_not_found")?;
    let message = call.world.message(channel, ts).filter(|message| message.only.is_none());
    let message = message.ok_or_else(|| Fail::new("message_not_found"))?;
    if message.user != call.install.bot_user {
        return Err(Fail::new(not_own));
    }
    Ok(message.clone())
}
