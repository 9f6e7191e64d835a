//! Files of messages: how they come, and the signed addresses under which they are found for a day.

use serde_json::Value;

use super::call::Upload;
use super::fail::{Fail, Wrong};
use super::id::Id;
use super::world::{File, World};

/// The largest file of a guild without boosts.
pub const LARGEST: usize = 10 * 1024 * 1024;

/// So many seconds is an address good.
const GOOD_FOR: u64 = 24 * 60 * 60;

impl World {
    /// Keeps the files of a request for a channel: what the form says of them, and those of the
    /// message that it names.
    pub fn keep_files(
        &mut self,
        channel: Id,
        (files, had): (&[Upload], &[Id]),
        said: &Value,
    ) -> Result<Vec<Id>, Fail> {
        if files.iter().any(|file| file.bytes.len() > LARGEST) {
            return Err(Fail::code(40005));
        }
        // Who does not speak of them keeps them.
        let keeps_all = said.is_null();
        let said = said.as_array().cloned().unwrap_or_default();
        let mut wrong = Wrong::default();
        wrong.at_most(&["attachments"], said.len().max(files.len()), 10);
        for (at, one) in said.iter().enumerate() {
            let length = one["description"].as_str().unwrap_or_default().chars().count();
            wrong.at_most(&["attachments", &at.to_string(), "description"], length, 1024);
        }
        wrong.check()?;
        let stays = |id: &&Id| keeps_all || said.iter().any(|one| Id::of(&one["id"]) == Some(**id));
        let mut kept: Vec<Id> = had.iter().filter(stays).copied().collect();
        for file in files {
            let about = said.iter().find(|one| text(&one["id"]) == file.at);
            let named = about.and_then(|about| about["filename"].as_str());
            let name = named.unwrap_or(&file.name).replace([' ', '/'], "_");
            let id = self.id();
            self.files.push(File {
                id,
                channel,
                kind: kind(&name).map(ToOwned::to_owned).or_else(|| file.kind.clone()),
                name,
                about: about.and_then(|about| Some(about["description"].as_str()?.to_owned())),
                bytes: file.bytes.to_vec(),
            });
            kept.push(id);
        }
        Ok(kept)
    }

    /// What makes the address of a file good for a day.
    pub fn file_query(&self, id: Id) -> String {
        let now = self.now() / 1000;
        let until = now + GOOD_FOR;
        format!("ex={until:x}&is={now:x}&hm={}&", sign(id, until))
    }

    /// The kind and the bytes of a file, if its address is still good.
    pub fn fetch(&self, id: Id, until: &str, signed: &str) -> Option<(String, Vec<u8>)> {
        let until = u64::from_str_radix(until, 16).ok()?;
        let good = until > self.now() / 1000 && sign(id, until) == signed;
        let file = self.file(id).filter(|_| good)?;
        let kind = file.kind.clone().unwrap_or_else(|| "application/octet-stream".to_owned());
        Some((kind, file.bytes.clone()))
    }
}

/// Not a secret: it only has to differ where the file or the time does.
fn sign(id: Id, until: u64) -> String {
    format!("{:016x}", id.0.rotate_left(17).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ until)
}

/// An id that a form gives as a number or as text.
fn text(id: &Value) -> String {
    id.as_str().map_or_else(|| id.to_string(), ToOwned::to_owned)
}

/// What a name says of the kind, which Discord believes before what the sender says.
fn kind(name: &str) -> Option<&'static str> {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("png") => Some("image/png"),
        Some("jpg" | "jpeg") => Some("image/jpeg"),
        Some("txt") => Some("text/plain; charset=utf-8"),
        _ => None,
    }
}
