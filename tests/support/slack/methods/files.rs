//! `files.*`: a file goes up in three steps, and is shared without a word of where.

use serde_json::json;

use super::super::fail::{Answer, Fail};
use super::super::message::Message;
use super::super::world::File;
use super::Call;

/// `files.getUploadURLExternal`.
pub fn upload_url(call: &mut Call<'_>) -> Answer {
    let name = call.args.need("filename", "invalid_arguments")?.to_owned();
    let length = call.args.number("length").filter(|length| *length > 0);
    let length = length.ok_or_else(|| Fail::new("invalid_arguments"))?;
    let alt = call.args.text("alt_txt").unwrap_or_default().to_owned();
    if alt.chars().count() > 1000 {
        return Err(Fail::new("alt_txt_too_large"));
    }
    let id = call.world.id("F");
    call.world.files.push(File {
        id: id.clone(),
        team: call.install.team.clone(),
        user: call.install.bot_user.clone(),
        name,
        alt,
        bytes: Vec::new(),
        complete: false,
        shares: Vec::new(),
        length,
    });
    let url = format!("{}/upload/v1/{id}", call.world.base);
    Ok(json!({ "upload_url": url, "file_id": id }))
}

/// `files.completeUploadExternal`: the answer has no `shares` yet, and no `ts` at all.
pub fn complete(call: &mut Call<'_>) -> Answer {
    let asked = call.args.json("files")?.ok_or_else(|| Fail::new("invalid_arguments"))?;
    let wanted = asked.as_array().into_iter().flatten();
    let ids: Vec<String> = wanted.filter_map(|f| Some(f["id"].as_str()?.to_owned())).collect();
    for id in &ids {
        let file = call.world.files.iter_mut().find(|file| file.id == *id);
        let file = file.filter(|file| file.bytes.len() == file.length);
        file.ok_or_else(|| Fail::new("file_not_found"))?.complete = true;
    }
    let channel = call.args.text("channel_id").or(call.args.text("channels"));
    if let Some(channel) = channel.map(ToOwned::to_owned) {
        share(call, &channel, &ids)?;
    }
    let shown = ids
        .iter()
        .filter_map(|id| call.world.file(id))
        .map(|file| json!({ "id": file.id, "title": file.name, "name": file.name }));
    Ok(json!({ "files": shown.collect::<Vec<_>>() }))
}

/// `files.info`: it tells where the file was shared.
pub fn info(call: &mut Call<'_>) -> Answer {
    let id = call.args.need("file", "file_not_found")?;
    let file = call.world.file(id).filter(|file| file.complete);
    let file = file.ok_or_else(|| Fail::new("file_not_found"))?;
    Ok(json!({ "file": call.world.file_json(file), "comments": [] }))
}

fn share(call: &mut Call<'_>, channel: &str, files: &[String]) -> Result<(), Fail> {
    let known = call.world.channel(channel).ok_or_else(|| Fail::new("channel_not_found"))?;
    if !known.members.contains(&call.install.bot_user) {
        return Err(Fail::new("not_in_channel"));
    }
    let message = Message {
        ts: call.world.ts(),
        thread: call.args.text("thread_ts").map(ToOwned::to_owned),
        user: call.install.bot_user.clone(),
        team: call.install.team.clone(),
        bot: Some((call.install.bot.clone(), call.install.app.clone())),
        text: call.args.text("initial_comment").unwrap_or_default().to_owned(),
        files: files.to_vec(),
        ..Message::default()
    };
    call.world.put(channel, message);
    Ok(())
}
