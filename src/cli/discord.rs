//! Discord, wired: the settings to calls, a connection, and a face.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;

use super::world::{RealChance, RealClock};
use crate::app::door::Door;
use crate::app::office::Office;
use crate::app::pictures::StoredPictures;
use crate::chat::discord::health::Standing;
use crate::chat::discord::listen::{Bring, Ears, Gateway, Patience};
use crate::chat::discord::{Api, DiscordChat, Wires};
use crate::config::Settings;
use crate::render::Words;

/// Discord as the settings want it: there, or not.
pub struct Discord(Option<Parts>);

struct Parts {
    message_content: bool,
    wires: Wires,
    words: Arc<Words>,
    standing: Arc<Standing>,
}

impl Discord {
    /// Prepares it, and brings it into the office if the settings name it; nobody is called yet.
    pub fn open(settings: &Settings, office: &mut Office) -> anyhow::Result<Self> {
        let Some(discord) = &settings.discord else { return Ok(Self(None)) };
        let token = discord.token.clone().context("discord.token is missing")?;
        let longest = Duration::from_millis(settings.outbox.request_ms.into());
        let api = Api::within(&discord.api_url, token, longest);
        let wires = Wires::new(api.context("preparing to call Discord")?);
        let words = Arc::new(Words::built_in().context("compiling the templates")?);
        let standing = Arc::<Standing>::default();
        let pictures = Arc::new(StoredPictures(office.store.clone()));
        let chat = DiscordChat::new(&wires, words.clone(), pictures, standing.watch());
        office.chats.push(Arc::new(chat));
        let message_content = discord.message_content;
        Ok(Self(Some(Parts { message_content, wires, words, standing })))
    }

    /// Hears Discord until it is dropped.
    pub async fn go_on(&self, office: &Arc<Office>) {
        let Some(parts) = &self.0 else { return };
        let intake = Arc::new(Door(office.clone()));
        let (wires, words) = (parts.wires.clone(), parts.words.clone());
        let ears = Ears::new(intake, wires.clone(), words, Arc::new(RealClock));
        let bring = Bring::to(ears, parts.standing.clone());
        let gateway = Gateway {
            wires,
            message_content: parts.message_content,
            standing: parts.standing.clone(),
            patience: Patience::default(),
            chance: Arc::new(RealChance),
        };
        gateway.go_on(&bring).await;
    }
}
