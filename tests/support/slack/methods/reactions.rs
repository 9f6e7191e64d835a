//! `reactions.*`.

use serde_json::json;

use super::super::fail::{Answer, Fail};
use super::Call;

/// `reactions.add`.
pub fn add(call: &mut Call<'_>) -> Answer {
    let (channel, ts, name) = item(call)?;
    let user = call.install.bot_user.clone();
    if !call.world.reacts(&user, &name, (&channel, &ts), true) {
        return Err(Fail::new("already_reacted"));
    }
    Ok(json!({}))
}

/// `reactions.remove`.
pub fn remove(call: &mut Call<'_>) -> Answer {
    let (channel, ts, name) = item(call)?;
    let user = call.install.bot_user.clone();
    if !call.world.reacts(&user, &name, (&channel, &ts), false) {
        return Err(Fail::new("no_reaction"));
    }
    Ok(json!({}))
}

/// `reactions.get`: a few people of each, or all with `full`.
pub fn get(call: &mut Call<'_>) -> Answer {
    call.args.need("channel", "no_item_specified")?;
    let channel = call.channel()?;
    let ts = stamp(call)?;
    let message = call.world.message(&channel, &ts).filter(|message| message.only.is_none());
    let message = message.ok_or_else(|| Fail::new("message_not_found"))?;
    let shown = call.world.message_json(&channel, message, call.args.flag("full"));
    Ok(json!({ "type": "message", "channel": channel, "message": shown }))
}

fn item(call: &Call<'_>) -> Result<(String, String, String), Fail> {
    call.args.need("channel", "no_item_specified")?;
    let channel = call.channel()?;
    let ts = stamp(call)?;
    let name = call.args.need("name", "invalid_name")?.trim_matches(':').to_owned();
    if !is_name(&name) {
        return Err(Fail::new("invalid_name"));
    }
    let message = call.world.message(&channel, &ts).filter(|message| message.only.is_none());
    message.ok_or_else(|| Fail::new("message_not_found"))?;
    Ok((channel, ts, name))
}

fn stamp(call: &Call<'_>) -> Result<String, Fail> {
    let ts = call.args.need("timestamp", "no_item_specified")?;
    match ts.split_once('.') {
        Some((left, right)) if left.len() == 10 && right.len() == 6 => Ok(ts.to_owned()),
        _ => Err(Fail::new("bad_timestamp")),
    }
}

/// Whether it can be the name of an emoji, with a skin tone or without.
pub fn is_name(name: &str) -> bool {
    let (base, tone) = name.split_once("::").unwrap_or((name, "skin-tone-2"));
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_+-'".contains(c);
    let tones = ["skin-tone-2", "skin-tone-3", "skin-tone-4", "skin-tone-5", "skin-tone-6"];
    !base.is_empty() && base.chars().all(known) && tones.contains(&tone)
}
