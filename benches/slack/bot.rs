//! A bot in a process of its own: ours, or the peer.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

use crate::house;
use crate::place;
use crate::slack::Slack;
use countersign::domain::canonical::hex;

/// Which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Ours,
    Peer,
}

/// The peer's database.
const SIGN_OFFS: &str = "sign-offs.db";

/// How often one looks into a database.
const LOOK: Duration = Duration::from_millis(50);

/// What is not counted by then never will be.
const LOST: Duration = Duration::from_mins(5);

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
    let modules = peer_folder().join("node_modules/better-sqlite3");
    if !modules.exists() {
        return Some("`npm ci --prefix benches/slack` was not run".to_owned());
    }
    let node = Command::new("node").arg("--version").stdout(Stdio::null()).status();
    node.is_err().then(|| "there is no Node".to_owned())
}

fn peer_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/slack")
}

impl Bot {
    /// Starts it where so many cards wait, and waits until it is connected.
    pub async fn start(kind: Kind, slack: &Slack, cards: usize) -> Self {
        let folder = TempDir::new().expect("a folder");
        let mut command = match kind {
            Kind::Ours => {
                place::data(folder.path(), slack, cards).await;
                ours(slack, folder.path())
            }
            Kind::Peer => peer(slack, folder.path()),
        };
        let began = Instant::now();
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("starts");
        slack.connected(1).await;
        Self { child, kind, folder, start: began.elapsed() }
    }

    /// Waits until so many sign-offs count in its database, each once.
    pub async fn counts(&self, wanted: usize) {
        let (file, sql) = match self.kind {
            Kind::Ours => ("countersign.db", "SELECT COUNT(*) FROM decisions"),
            Kind::Peer => (SIGN_OFFS, "SELECT COUNT(*) FROM sign_offs"),
        };
        let file = SqliteConnectOptions::new().filename(self.folder.path().join(file));
        let mut on = file.read_only(true).connect().await.expect("a connection");
        let wanted = i64::try_from(wanted).expect("not that many");
        let lost = Instant::now() + LOST;
        loop {
            let count: i64 = sqlx::query_scalar(sql).fetch_one(&mut on).await.expect("read");
            assert!(count <= wanted, "{count} of {wanted} sign-offs count");
            if count == wanted {
                break;
            }
            assert!(Instant::now() < lost, "{:?} counts {count} of {wanted}", self.kind);
            sleep(LOOK).await;
        }
    }

    /// The processor's time that it took so far, in seconds.
    pub fn processor(&self) -> f64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("Linux");
        let (_, after_name) = stat.rsplit_once(") ").expect("a name");
        let ticks = after_name.split(' ').skip(11).take(2);
        ticks.map(|ticks| ticks.parse::<f64>().expect("a number")).sum::<f64>() / 100.0
    }

    /// What it holds in memory now, and at its highest, in MiB.
    pub fn memory(&self) -> (f64, f64) {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.expect("Linux");
        let of = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name)).expect("a line");
            let kib = line.split_whitespace().nth(1).and_then(|kib| kib.parse::<f64>().ok());
            kib.expect("a number") / 1024.0
        };
        (of("VmRSS:"), of("VmHWM:"))
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn ours(slack: &Slack, data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    command
        .env_clear()
        .env("COUNTERSIGN_KEY_VAULT", hex::encode(&house::key().to_bytes()))
        .env("COUNTERSIGN_WEB_LISTEN", "127.0.0.1:0")
        .env("COUNTERSIGN_SLACK_API_URL", format!("{}/api", slack.url()))
        .env("COUNTERSIGN_SLACK_APP_TOKEN", slack.app().socket_token)
        .env("COUNTERSIGN_SLACK_BOT_TOKEN", slack.install().token)
        .arg("--data")
        .arg(data)
        .arg("serve");
    command
}

fn peer(slack: &Slack, data: &Path) -> Command {
    let mut command = Command::new("node");
    command
        .env("NODE_ENV", "production")
        .env("SLACK_URL", slack.url())
        .env("APP_TOKEN", slack.app().socket_token)
        .env("BOT_TOKEN", slack.install().token)
        .arg(peer_folder().join("peer.mjs"))
        .arg(data.join(SIGN_OFFS));
    command
}
