//! Settings of Discord: which app, and how it is reached.

use std::path::PathBuf;

use anyhow::{Context, bail};
use reqwest::Url;
use serde::Deserialize;

use super::file::held;
use super::outside::is_here;
use crate::domain::secret::Secret;

/// Discord; there is none unless some setting of it is set.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Discord {
    /// The token of the app's bot.
    pub token: Option<Secret>,
    /// The file that holds it.
    pub token_file: Option<PathBuf>,
    /// Where Discord is: for a proxy, or a test.
    pub api_url: String,
    /// Whatever people write in a channel is heard, and not only what calls the bot. Discord wants
    /// Message Content Intent switched on for that.
    pub message_content: bool,
}

impl Default for Discord {
    fn default() -> Self {
        let api_url = "https://discord.com".to_owned();
        Self { token: None, token_file: None, api_url, message_content: false }
    }
}

impl Discord {
    /// Reads the secret that lies in a file.
    pub(super) fn fill(&mut self) -> anyhow::Result<()> {
        let Some(file) = &self.token_file else { return Ok(()) };
        if self.token.is_some() {
            bail!("discord.token and discord.token_file are two ways to say it: set one of them");
        }
        self.token = Some(held(file).context("reading discord.token_file")?);
        Ok(())
    }

    /// What could not work. What is wrong with a secret is said without repeating any of it.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        let url = Url::parse(&self.api_url).context("discord.api_url is no address")?;
        if url.scheme() != "https" && !(url.scheme() == "http" && is_here(&url)) {
            bail!("discord.api_url must begin with https://, as the token is sent there");
        }
        if url.path() != "/" || url.query().is_some() || !url.username().is_empty() {
            bail!("discord.api_url must be https://HOST and no more");
        }
        let Some(token) = &self.token else {
            bail!("discord.token is missing: it is the app's, under Bot");
        };
        let token = token.reveal();
        let is_one = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        if token.split('.').count() != 3 || !token.chars().all(is_one) {
            bail!("discord.token must be the app's token under Bot, without Bot before it");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound(text: &str) -> Result<Discord, String> {
        let mut discord: Discord = toml::from_str(text).map_err(|error| error.to_string())?;
        let checked = discord.fill().and_then(|()| discord.check());
        checked.map(|()| discord).map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn what_can_not_work_is_refused_at_the_start() {
        let token = "token = 'MTA.s3cret.y_-z'\n";
        assert!(sound(token).is_ok_and(|discord| !discord.message_content));
        assert!(sound(&format!("{token}api_url = 'http://127.0.0.1:4000'")).is_ok());

        let wrong = [
            ("message_content = true".to_owned(), "discord.token is missing"),
            ("token = 'Bot MTA.s3cret.y'".to_owned(), "must be the app's token"),
            ("token = 's3cret'".to_owned(), "must be the app's token"),
            (format!("{token}api_url = 'http://discord.com'"), "must begin with https://"),
            (format!("{token}api_url = 'https://discord.com/api'"), "https://HOST and no more"),
            (format!("{token}api_url = 'here'"), "is no address"),
        ];
        for (text, says) in wrong {
            let said = sound(&text).expect_err(&text);
            assert!(said.contains(says) && !said.contains("s3cret"), "{text}: {said}");
        }
    }

    #[test]
    fn the_token_may_lie_in_a_file_and_is_never_said() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("bot");
        std::fs::write(&file, "MTA.s3cret.y\n").expect("written");
        let text = format!("token_file = '{}'", file.display());

        let discord = sound(&text).expect("sound");

        assert_eq!(discord.token.as_ref().map(Secret::reveal), Some("MTA.s3cret.y"));
        assert!(!format!("{discord:?}").contains("s3cret"), "{discord:?}");
        let twice = sound(&format!("{text}\ntoken = 'MTA.x.y'")).expect_err("twice");
        assert!(twice.contains("set one of them"), "{twice}");
    }
}
