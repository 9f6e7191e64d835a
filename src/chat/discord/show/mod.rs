//! A notice and its words to a message of Discord. Pure.
//!
//! The words come as `CommonMark`, once for all platforms, and stand in an embed. What a person
//! typed stays exactly that (see `rich`), and what does not fit is never dropped without a word: a
//! message that is not [whole](Message::whole) says so.

mod button;
pub mod command;
mod modal;
mod page;
mod rich;

pub use button::{cut, parts as part_buttons, whose as whose_buttons};
pub use modal::{chosen, labels, modal, parts};
pub use page::{PAGE, pages};

use serde_json::{Value, json};
use serenity::builder::{CreateAllowedMentions, CreateEmbed, CreateEmbedFooter};

use crate::domain::practice::ChannelRef;
use crate::ports::notice::{CardView, Notice, PictureView, View};

/// Most pictures of a message, whose words take an embed as well.
pub const PICTURES: usize = 9;
/// How much of a text a card shows when the whole does not fit.
const BEGINNING: usize = 200;
/// What stands where words are missing.
const REST: &str = "**… and more, which does not fit here.**";

/// What Discord is given to show.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// As it is shown.
    pub embeds: Vec<Value>,
    /// What can be pressed.
    pub components: Vec<Value>,
    /// All words are there.
    pub whole: bool,
}

/// What a message has beside its words.
#[derive(Debug, Clone, Copy, Default)]
pub struct Around<'a> {
    /// The names of the files of its pictures, in order.
    pub files: &'a [String],
    /// The channel that it is about, where it stands elsewhere.
    pub about: Option<&'a ChannelRef>,
    /// By what it is known again; nothing when empty.
    pub mark: &'a str,
}

/// The message that shows a notice, in these words.
pub fn message(words: &str, notice: &Notice, around: Around<'_>) -> Message {
    let mut pages = pages(words, PAGE);
    let whole = pages.len() == 1;
    let mut text = pages.swap_remove(0);
    if !whole {
        text = format!("{text}\n\n{REST}");
    }
    let mut embeds = vec![embed(&text, around.mark, color(&notice.view))];
    embeds.extend(around.files.iter().take(PICTURES).map(|file| picture(file)));
    Message { embeds, components: button::rows(&notice.buttons, around.about), whole }
}

/// A message as Discord takes it; what it does not say any more is taken away.
pub fn body(message: &Message) -> Value {
    json!({
        "embeds": message.embeds, "components": message.components,
        "allowed_mentions": nobody(),
    })
}

/// An embed with this text, and a mark in small under it.
pub fn embed(text: &str, mark: &str, color: Option<u32>) -> Value {
    let mut embed = CreateEmbed::new().description(text);
    if let Some(color) = color {
        embed = embed.color(color);
    }
    if !mark.is_empty() {
        embed = embed.footer(CreateEmbedFooter::new(mark));
    }
    json!(embed)
}

/// Nobody is called, whatever the words say.
pub fn nobody() -> Value {
    json!(CreateAllowedMentions::new())
}

fn picture(file: &str) -> Value {
    json!(CreateEmbed::new().attachment(file))
}

/// What a card's color says beside its words: it waits, it is signed, it goes nowhere.
fn color(view: &View) -> Option<u32> {
    const WAITS: u32 = 0x00F0_B232;
    const OVER: u32 = 0x0080_848E;
    const STANDS: u32 = 0x0023_A55A;
    const STOPPED: u32 = 0x00F2_3F43;
    match view {
        View::Card(card) if card.replaced_by > 0 => Some(OVER),
        View::Card(card) if !card.blocked.is_empty() => Some(STOPPED),
        View::Card(card) if card.signable => Some(WAITS),
        View::Card(_) => Some(STANDS),
        View::Draft(_) => Some(OVER),
        View::AtDesk { shows, .. } => color(shows),
        _ => None,
    }
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
    short.parts.iter_mut().for_each(|part| part.text = cut(&part.text, BEGINNING));
    for picture in &mut short.pictures {
        picture.alt = cut(&picture.alt, BEGINNING);
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
