//! Pictures of cards: brought to Slack before the card that shows them, so that no card stands
//! there without them.
//!
//! Slack looks at a file for a moment before a message may show it; until then the card waits.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};

use super::api::{Api, Failed};
use super::{means, show};
use crate::domain::ids::PracticeId;
use crate::ports::chat::{Place, Shown};
use crate::ports::notice::{Notice, PictureView, View};
use crate::ports::pictures::Pictures;

/// The longest description that a file takes.
const ALT: usize = 1_000;
/// So many uploads are kept in mind.
const KNOWN: usize = 1_000;

/// Brings pictures to Slack, each once a workspace as long as that is known.
pub struct Uploads {
    api: Api,
    pictures: Arc<dyn Pictures>,
    /// The file of a picture, by workspace and hash.
    known: Mutex<HashMap<(String, String), String>>,
}

impl Uploads {
    /// Takes them from `pictures`.
    pub fn new(api: Api, pictures: Arc<dyn Pictures>) -> Self {
        Self { api, pictures, known: Mutex::default() }
    }

    /// The files of the pictures that this notice shows there, in order.
    pub async fn of(&self, place: &Place, notice: &Notice) -> Result<Vec<String>, Shown> {
        let mut files = Vec::new();
        for picture in show::pictures(&notice.view) {
            match self.file(place, &notice.view, picture).await {
                Ok(Some(file)) => files.push(file),
                Ok(None) if can_be_signed(&notice.view) => {
                    return Err(Shown::Refused("a picture of it is gone".to_owned()));
                }
                // What was kept long enough is only words.
                Ok(None) => return Ok(Vec::new()),
                Err(failed) => {
                    return Err(means::not_yet("its pictures can't be brought to Slack", &failed));
                }
            }
        }
        Ok(files)
    }

    /// What it means that a message with these blocks failed: Slack refuses blocks with a file that
    /// it has not looked at yet.
    pub async fn why(&self, team: &str, blocks: &[Value], failed: Failed) -> Shown {
        let files: Vec<&str> =
            blocks.iter().filter_map(|block| block["slack_file"]["id"].as_str()).collect();
        if files.is_empty() || failed != Failed::Refused("invalid_blocks".to_owned()) {
            return means::shown(failed);
        }
        for file in files {
            let said = self.api.get(team, "files.info", &[("file", file)]).await;
            let is_looked_at = said.as_ref().is_ok_and(|said| {
                said["file"]["mimetype"].as_str().is_some_and(|kind| kind.starts_with("image/"))
            });
            if !is_looked_at {
                if matches!(said, Err(Failed::Refused(_))) {
                    self.known().retain(|_, known| known != file);
                }
                return Shown::TryLater("Slack has not looked at its pictures yet".to_owned());
            }
        }
        means::shown(failed)
    }

    /// The file of a picture; `None` when its bytes are gone.
    async fn file(
        &self,
        place: &Place,
        view: &View,
        picture: &PictureView,
    ) -> Result<Option<String>, Failed> {
        let team = &place.channel.workspace;
        let key = (team.clone(), picture.sha256.clone());
        if let Some(file) = self.known().get(&key) {
            return Ok(Some(file.clone()));
        }
        let whose = match view {
            View::AtDesk { practice, .. } => Some(PracticeId::new(practice.clone())),
            _ => None,
        };
        let found = self.pictures.picture(whose.as_ref(), &place.channel, &picture.sha256).await;
        let Some(media) = found else { return Ok(None) };
        let kind = if media.media_type == "image/png" { "png" } else { "jpg" };
        let name = format!("picture.{kind}");
        let (length, alt) = (media.bytes.len().to_string(), cut(&picture.alt));
        let args = [("filename", name.as_str()), ("length", &length), ("alt_txt", &alt)];
        let said = self.api.get(team, "files.getUploadURLExternal", &args).await?;
        let broken = || Failed::Away("no address for a file".to_owned());
        let url = said["upload_url"].as_str().ok_or_else(broken)?;
        let file = said["file_id"].as_str().ok_or_else(broken)?.to_owned();
        self.api.upload(url, media.bytes).await?;
        let body = json!({ "files": [{ "id": file, "title": name }] });
        self.api.post(team, "files.completeUploadExternal", &body).await?;
        let mut known = self.known();
        if known.len() >= KNOWN {
            known.clear();
        }
        known.insert(key, file.clone());
        Ok(Some(file))
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<(String, String), String>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn can_be_signed(view: &View) -> bool {
    matches!(view, View::Card(card) if card.signable)
}

fn cut(alt: &str) -> String {
    alt.chars().take(ALT).collect()
}
