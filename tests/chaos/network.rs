//! The network: what it is asked, what becomes of that, and how it is started.
//!
//! It is a process of its own, so that its log outlives whoever publishes. Its listener comes as
//! its standard input, so that who starts it knows the address before it runs.

use std::env;
use std::fs;
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde::{Deserialize, Serialize};

/// Where the log is; a process with this variable is the network.
pub const LOG: &str = "COUNTERSIGN_CHAOS_NETWORK_LOG";
/// Whether the same key twice is one post.
pub const KEYS: &str = "COUNTERSIGN_CHAOS_NETWORK_KEYS";
/// What its chance begins with.
pub const SEED: &str = "COUNTERSIGN_CHAOS_NETWORK_SEED";

/// How the network lets one find out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    LookUp,
    Key,
    Neither,
}

impl Certainty {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LookUp => "look-up",
            Self::Key => "key",
            Self::Neither => "neither",
        }
    }
}

/// What becomes of a request to post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// Taken, and said so.
    Taken,
    /// Taken, and answered with 500.
    TakenThenError,
    /// Taken, and never answered.
    TakenThenSilent,
    /// Not taken, and never answered.
    Lost,
    /// Known by its key, so that nothing new was taken.
    Known,
}

/// A line of the log: one request to post.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Line {
    pub fate: Fate,
    /// The publication.
    pub key: String,
    /// The network's id of it.
    pub id: String,
    /// Which process asked.
    pub worker: u32,
    /// When, in microseconds since 1970.
    pub at: i64,
}

impl Line {
    /// There is a post more.
    pub fn is_post(&self) -> bool {
        matches!(self.fate, Fate::Taken | Fate::TakenThenError | Fate::TakenThenSilent)
    }
}

/// The running network.
pub struct Network {
    child: Child,
    port: u16,
    log: PathBuf,
}

impl Network {
    /// Starts it.
    pub fn start(folder: &Path, certainty: Certainty, seed: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let log = folder.join("network.log");
        let child = Command::new(env::current_exe().expect("this binary"))
            .args(["--exact", "as_the_network", "--nocapture"])
            .env(LOG, &log)
            .env(KEYS, (certainty == Certainty::Key).to_string())
            .env(SEED, seed.to_string())
            .stdin(Stdio::from(OwnedFd::from(listener)))
            .stdout(Stdio::null())
            .spawn()
            .expect("the network starts");
        Self { child, port, log }
    }

    /// Where this process finds it.
    pub fn url(&self, worker: u32) -> String {
        format!("http://127.0.0.1:{}/{worker}", self.port)
    }

    /// What it was asked, in order. A line that it is at now is none yet.
    pub fn lines(&self) -> Vec<Line> {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
        whole.lines().map(|line| serde_json::from_str(line).expect("a line of the log")).collect()
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
