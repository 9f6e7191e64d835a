//! A notice and its words to a message of Slack. Pure.
//!
//! The words come as `CommonMark`, once for all platforms. What a person typed stays exactly that
//! (see `rich`), and what does not fit is never dropped without a word: a message that is not
//! [whole](Message::whole) says so.

mod button;
mod modal;
mod page;
mod rich;

pub use modal::{home, modal, note};
pub use page::{Page, as_line, pages};

use serde_json::{Value, json};

use crate::ports::notice::{CardView, Notice, PictureView, View};

/// Most blocks of a message.
pub const BLOCKS: usize = 50;
/// The longest description of a picture.
const ALT: usize = 2_000;
/// How much of a text a card shows when the whole does not fit.
const BEGINNING: usize = 200;
/// What stands where words are missing.
const REST: &str = "**… and more, which does not fit here.**";

/// What Slack is given to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// For notifications and screen readers.
    pub text: String,
    /// As it is shown.
    pub blocks: Vec<Value>,
    /// All words are there.
    pub whole: bool,
}

/// Where a message stands, and what is in it beside its words.
#[derive(Debug, Clone, Copy, Default)]
pub struct Around<'a> {
    /// The uploads of its pictures, in order.
    pub uploads: &'a [String],
    /// The channel that it is about, where it stands elsewhere.
    pub about: Option<&'a str>,
}

/// The message that shows a notice, in these words.
pub fn message(words: &str, notice: &Notice, around: Around<'_>) -> Message {
    let mut after: Vec<Value> = pictures(&notice.view)
        .iter()
        .zip(around.uploads)
        .map(|(picture, upload)| image(picture, upload))
        .collect();
    after.extend(button::rows(&notice.buttons, around.about));
    let most = BLOCKS.saturating_sub(after.len() + 1).max(1);
    let mut pages = pages(words, most);
    let whole = pages.len() == 1;
    let Page { mut blocks, text } = pages.swap_remove(0);
    if !whole {
        blocks.extend(self::pages(REST, 1).swap_remove(0).blocks);
    }
    blocks.extend(after);
    blocks.truncate(BLOCKS);
    Message { text, blocks, whole }
}

/// The pictures that stand under these words; a draft that is none any more is only words.
pub fn pictures(view: &View) -> &[PictureView] {
    match view {
        View::Card(card) => &card.pictures,
        View::Draft(card) if card.standing.is_empty() => &card.pictures,
        View::AtDesk { shows, .. } => pictures(shows),
        _ => &[],
    }
}

/// A card that shows only how its texts begin, and says so; they stand whole in its thread.
pub fn beginning(card: &CardView) -> CardView {
    let mut short = CardView { cut: true, ..card.clone() };
    short.parts.iter_mut().for_each(|part| part.text = button::cut(&part.text, BEGINNING));
    for picture in &mut short.pictures {
        picture.alt = button::cut(&picture.alt, BEGINNING);
    }
    short
}

/// All that is signed of a card, for its thread.
pub fn whole(card: &CardView) -> View {
    View::Whole {
        number: card.number,
        revision: card.revision,
        parts: card.parts.clone(),
        pictures: card.pictures.clone(),
    }
}

fn image(picture: &PictureView, upload: &str) -> Value {
    let alt = button::cut(&picture.alt, ALT);
    let alt = if alt.is_empty() { "A picture without alt text".to_owned() } else { alt };
    json!({ "type": "image", "slack_file": { "id": upload }, "alt_text": alt })
}
