//! Takes in the pictures that come with a message: fetched, written anew, and no other client's.

use std::collections::BTreeMap;

use super::asked::{Asked, Said};
use super::office::Office;
use super::{picture, pictured};
use crate::domain::canonical::hex;
use crate::domain::consent::Vouched;
use crate::domain::content::{Picture, normalized};
use crate::ports::chat::Chat;
use crate::ports::intake::FileRef;
use crate::ports::store::{MediaBytes, Pictured, Stored, Thing};

/// Most pictures of one post, before any network's limit.
const PICTURES: usize = 10;

const OF_OTHERS: &str = "a picture is of another practice that your agency works for, and was never \
    sent for this one: check which practice this is for; what is for both is sent from the desk";

/// What was taken in.
#[derive(Default)]
pub(super) struct Admitted {
    /// As the draft shows them.
    pub(super) pictures: Vec<Picture>,
    /// Whose word it is that they may be shown.
    pub(super) vouched: BTreeMap<String, Vouched>,
    /// Their bytes.
    pub(super) media: Vec<MediaBytes>,
}

/// The pictures, or why one of them is not taken; none of which nobody has said that they may be
/// shown.
pub(super) async fn admitted(
    office: &Office,
    asked: &Asked<'_>,
    (files, said): (&[FileRef], Option<&Pictured>),
) -> Result<Admitted, Said> {
    let mut all = Admitted::default();
    let holds = |said: &&Pictured| pictured::holds(asked.practice, said, office.now());
    let Some(said) = said.filter(|said| said.is_about(files) && said.lets()).filter(holds) else {
        return Ok(all);
    };
    if files.len() > PICTURES {
        return Err(sentence(format!("a post takes at most {PICTURES} pictures")));
    }
    let chat = office.chat(asked.from.platform);
    let chat = chat.ok_or_else(|| sentence("the chat platform is away: try again"))?;
    let vouched = Vouched { by: said.by.clone(), consents: said.word.consents().to_vec() };
    for file in files {
        let bytes = written_anew(chat, file).await?;
        let (sha256, media_type) = (bytes.sha256.clone(), bytes.media_type.clone());
        all.vouched.insert(sha256.clone(), vouched.clone());
        all.pictures.push(Picture { sha256, media_type, alt: normalized(&file.alt) });
        all.media.push(bytes);
    }
    Ok(all)
}

async fn written_anew(chat: &dyn Chat, file: &FileRef) -> Result<MediaBytes, Said> {
    let bytes = chat.fetch(&file.id, picture::LARGEST_FILE).await;
    let bytes =
        bytes.map_err(|_| sentence("a picture could not be fetched: press the button again"))?;
    let admitted = tokio::task::spawn_blocking(move || picture::admit(&bytes)).await;
    let admitted = admitted.map_err(|_| sentence("a picture could not be read: send another"))?;
    let picture = admitted.map_err(|refusal| sentence(refusal.to_string()))?;
    Ok(MediaBytes {
        sha256: hex::encode(&picture.sha256),
        media_type: picture.media_type.to_owned(),
        bytes: picture.bytes,
    })
}

/// Why pictures that an agency's person brought in a practice's own channel are not for it: another
/// practice of the agency has one of them, and it never had. What comes from a desk is for whomever
/// it names; the practice's own people know nothing of other practices, and are told nothing.
pub(super) async fn of_others(
    office: &Office,
    asked: &Asked<'_>,
    pictures: &[Picture],
) -> Stored<Option<Said>> {
    let own = &asked.practice.id;
    if pictures.is_empty() || asked.at_desk() || !asked.member.agency {
        return Ok(None);
    }
    let agencies = office.store.agencies().await?;
    for agency in agencies.iter().filter(|agency| agency.practices.contains(own)) {
        for picture in pictures {
            let thing = Thing::Picture(picture.sha256.clone());
            let whose = office.store.whose(&agency.id, &thing).await?;
            if !whose.is_empty() && !whose.contains(own) {
                return Ok(Some(sentence(OF_OTHERS)));
            }
        }
    }
    Ok(None)
}

fn sentence(why: impl Into<String>) -> Said {
    Said::Sentence(why.into())
}
