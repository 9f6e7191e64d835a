//! `slack manifest`: the app as Slack is told of it.

use std::io::Write;

use anyhow::{Context, bail};
use clap::{Args, Subcommand, ValueEnum};
use reqwest::Url;

use crate::chat::slack::manifest::{Way, manifest};

/// Things about the app on Slack.
#[derive(Debug, Args)]
pub struct Command {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Manifest(Manifest),
}

/// Prints the app's manifest, to paste where Slack makes an app of it.
#[derive(Debug, Args)]
struct Manifest {
    /// How Slack brings what happens: over sockets, or by requests to a public address.
    #[arg(long, value_name = "MODE", default_value = "socket")]
    mode: Mode,
    /// The public address, `web.public_url`: for requests, and where workspaces install the app.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Mode {
    Socket,
    Http,
}

impl Command {
    /// Does it.
    pub fn run(&self) -> anyhow::Result<()> {
        let What::Manifest(Manifest { mode, url }) = &self.what;
        let url = url.as_deref();
        if let Some(url) = url {
            let url = Url::parse(url).context("--url must be https://HOST")?;
            if url.scheme() != "https" {
                bail!("--url must begin with https://, as Slack asks for that");
            }
        }
        let way = match (mode, url) {
            (Mode::Socket, url) => Way::Socket(url),
            (Mode::Http, Some(url)) => Way::Http(url),
            (Mode::Http, None) => bail!("--mode http needs --url https://HOST, the public address"),
        };
        let mut out = std::io::stdout().lock();
        writeln!(out, "{}", serde_json::to_string_pretty(&manifest(way))?)?;
        Ok(())
    }
}
