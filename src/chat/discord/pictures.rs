//! Pictures of cards: they go out with the message that shows them, so that no card stands there
//! without them.

use std::sync::Arc;

use serde_json::{Value, json};

use super::api::File;
use super::show;
use crate::domain::ids::PracticeId;
use crate::ports::chat::{Place, Shown};
use crate::ports::notice::{Notice, View};
use crate::ports::pictures::Pictures;

/// The longest description of a picture.
const ALT: usize = 1_024;

/// The pictures of one message.
#[derive(Debug, Clone, Default)]
pub struct Shots {
    /// Their bytes.
    pub files: Vec<File>,
    /// What each shows, as Discord is told of it.
    pub about: Vec<Value>,
}

impl Shots {
    /// What they are called.
    pub fn names(&self) -> Vec<String> {
        self.files.iter().map(|file| file.name.clone()).collect()
    }
}

/// The pictures that this notice shows there, in order.
pub async fn of(
    pictures: &Arc<dyn Pictures>,
    place: &Place,
    notice: &Notice,
) -> Result<Shots, Shown> {
    let whose = match &notice.view {
        View::AtDesk { practice, .. } => Some(PracticeId::new(practice.clone())),
        _ => None,
    };
    let mut shots = Shots::default();
    for (nth, picture) in show::pictures(&notice.view).iter().take(show::PICTURES).enumerate() {
        let found = pictures.picture(whose.as_ref(), &place.channel, &picture.sha256).await;
        let Some(media) = found else {
            if matches!(&notice.view, View::Card(card) if card.signable) {
                return Err(Shown::Refused("a picture of it is gone".to_owned()));
            }
            // What was kept long enough is only words.
            return Ok(Shots::default());
        };
        let kind = if media.media_type == "image/png" { "png" } else { "jpg" };
        let name = format!("picture-{}.{kind}", nth + 1);
        let alt = show::cut(&picture.alt, ALT);
        shots.about.push(json!({ "id": nth, "filename": name, "description": alt }));
        shots.files.push(File { name, kind: media.media_type, bytes: media.bytes });
    }
    Ok(shots)
}
