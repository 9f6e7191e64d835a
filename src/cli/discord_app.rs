//! `discord invite`: where the app is brought into a server.

use std::io::Write;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};

use crate::chat::discord::invite::invite;
use crate::chat::discord::{Api, Wires};
use crate::config::Settings;

/// Things about the app on Discord.
#[derive(Debug, Args)]
pub struct Command {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Invite(Invite),
}

/// Prints the address at which somebody brings the app into a server, with the least that it needs.
#[derive(Debug, Args)]
struct Invite {
    /// The app's id; without it Discord is asked whose the token of the settings is.
    #[arg(long, value_name = "ID")]
    app: Option<String>,
}

impl Command {
    /// Does it; the settings are read only where they are needed.
    pub async fn run(
        &self,
        settings: impl FnOnce() -> anyhow::Result<Settings>,
    ) -> anyhow::Result<()> {
        let What::Invite(Invite { app }) = &self.what;
        let app = match app {
            Some(app) => app.clone(),
            None => own(&settings()?).await?,
        };
        if app.is_empty() || !app.bytes().all(|byte| byte.is_ascii_digit()) {
            bail!("--app must be the app's id: digits alone, under General Information");
        }
        let mut out = std::io::stdout().lock();
        writeln!(out, "{}", invite(&app)).context("writing to the output")
    }
}

async fn own(settings: &Settings) -> anyhow::Result<String> {
    let missing = "discord.token is missing in the settings: name the app with --app ID";
    let discord = settings.discord.as_ref().context(missing)?;
    let token = discord.token.clone().context(missing)?;
    let wires = Wires::new(Api::new(&discord.api_url, token)?);
    let own = wires.directory.own().await.context("asking Discord whose the token is")?;
    Ok(own.app.clone())
}
