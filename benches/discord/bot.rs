//! A bot in a process of its own: ours, or the peer.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use tokio::time::Instant;

use crate::discord::{At, Discord};
use crate::house;
use crate::place;
use crate::process;
use countersign::domain::canonical::hex;

/// Which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Ours,
    Peer,
}

/// The peer's database.
const SIGN_OFFS: &str = "sign-offs.db";

/// A bot, for as long as it is held.
pub struct Bot {
    child: Child,
    kind: Kind,
    folder: TempDir,
    /// From its start until it was connected.
    pub start: Duration,
}

/// Why the peer can't run here, if so.
pub fn why_no_peer() -> Option<String> {
    if !peer_folder().join("node_modules/discord.js").exists() {
        return Some("`npm ci --prefix benches/discord` was not run".to_owned());
    }
    let node = Command::new("node").arg("--version").stdout(Stdio::null()).status();
    node.is_err().then(|| "there is no Node".to_owned())
}

fn peer_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/discord")
}

impl Bot {
    /// Starts it where these cards wait, and waits until it is connected.
    pub async fn start(kind: Kind, discord: &Discord, cards: &[At]) -> Self {
        Self::with(kind, discord, cards, |_| {}).await
    }

    /// The same, with more said to ours.
    pub async fn with(
        kind: Kind,
        discord: &Discord,
        cards: &[At],
        more: impl FnOnce(&mut Command),
    ) -> Self {
        let folder = TempDir::new().expect("a folder");
        let mut command = match kind {
            Kind::Ours => {
                place::data(folder.path(), discord, cards).await;
                ours(discord, folder.path())
            }
            Kind::Peer => peer(discord, folder.path()),
        };
        more(&mut command);
        let began = Instant::now();
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("starts");
        discord.connected(1).await;
        Self { child, kind, folder, start: began.elapsed() }
    }

    /// Waits until so many sign-offs count in its database, each once.
    pub async fn counts(&self, wanted: usize) {
        let (file, sql) = match self.kind {
            Kind::Ours => ("countersign.db", "SELECT COUNT(*) FROM decisions"),
            Kind::Peer => (SIGN_OFFS, "SELECT COUNT(*) FROM sign_offs"),
        };
        process::counts((&self.folder.path().join(file), sql), wanted).await;
    }

    /// The processor's time that it took so far, in seconds.
    pub fn processor(&self) -> f64 {
        process::processor(&self.child)
    }

    /// What it holds in memory now, and at its highest, in MiB.
    pub fn memory(&self) -> (f64, f64) {
        process::memory(&self.child)
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn ours(discord: &Discord, data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    command
        .env_clear()
        .env("COUNTERSIGN_KEY_VAULT", hex::encode(&house::key().to_bytes()))
        .env("COUNTERSIGN_WEB_LISTEN", "127.0.0.1:0")
        // All cards are read once, at the start.
        .env("COUNTERSIGN_OUTBOX_SWEEP_MS", "3600000")
        .env("COUNTERSIGN_DISCORD_API_URL", discord.url())
        .env("COUNTERSIGN_DISCORD_TOKEN", discord.app().token)
        .arg("--data")
        .arg(data)
        .arg("serve");
    command
}

fn peer(discord: &Discord, data: &Path) -> Command {
    let mut command = Command::new("node");
    command
        .env("NODE_ENV", "production")
        .env("DISCORD_URL", discord.url())
        .env("BOT_TOKEN", discord.app().token)
        .arg(peer_folder().join("peer.mjs"))
        .arg(data.join(SIGN_OFFS));
    command
}
