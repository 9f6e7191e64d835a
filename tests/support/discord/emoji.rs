//! Emoji, of everyone and of a guild, as paths and events have them.

use serde_json::{Value, json};

use super::fail::Fail;
use super::id::Id;
use super::world::World;

/// An emoji; a guild's own has an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emoji {
    pub id: Option<Id>,
    pub name: String,
}

impl Emoji {
    /// As messages and events show it.
    pub fn json(&self) -> Value {
        json!({ "id": self.id, "name": self.name })
    }
}

impl World {
    /// The emoji of a path: the character itself, or `name:id`.
    pub fn emoji(&self, text: &str) -> Result<Emoji, Fail> {
        if let Some((_, id)) = text.rsplit_once(':') {
            let id = id.parse().map_err(|_| Fail::code(10014))?;
            let known = self.guilds.iter().flat_map(|guild| &guild.emojis);
            let found = known.into_iter().find(|emoji| emoji.0 == id);
            let name = found.map(|(_, name)| name.clone()).ok_or_else(|| Fail::code(10014))?;
            return Ok(Emoji { id: Some(id), name });
        }
        if looks_like_one(text) {
            Ok(Emoji { id: None, name: text.to_owned() })
        } else {
            Err(Fail::code(10014))
        }
    }
}

/// No table of all emoji: what holds a letter, or nothing beyond ASCII but digits, is none.
fn looks_like_one(text: &str) -> bool {
    let letter = |c: char| c.is_alphabetic() && !('\u{1F1E6}'..='\u{1F1FF}').contains(&c);
    !text.is_empty()
        && text.chars().count() <= 12
        && !text.chars().any(|c| letter(c) || c.is_whitespace())
        && !text.is_ascii()
}
