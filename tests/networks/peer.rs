//! A real server of a network on this machine, a process of its own for as long as it is held.
//!
//! `.ci/run networks` installs what they need, and says in `COUNTERSIGN_PEERS` where. Without it
//! nothing is installed and nothing is run, which is said; under `CI` it has to be there, or to
//! say `none`, as the stage does whose matter they are not.

use std::env;
use std::io::{self, BufRead, BufReader, Write, stderr};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Once;
use std::thread;
use std::time::Duration;

use reqwest::{Client, RequestBuilder};
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::oneshot;

use crate::database::TestDatabase;

/// Where the peers are installed.
const PEERS: &str = "COUNTERSIGN_PEERS";

/// How long one may take until it serves, on a machine that does much else.
const PATIENCE: Duration = Duration::from_mins(2);

/// What can be started; each has a folder in `tests/networks/peers`.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Bluesky's PDS and PLC, and its AppView where there is a PostgreSQL for it.
    Bluesky,
    /// The same with the limits that Bluesky sets to those who ask often.
    LimitedBluesky,
    /// `mastodon_mock`, and what makes it fail.
    Mastodon,
    WordPress,
}

/// One that serves. When it is dropped it is killed, and what it stored is gone.
pub struct Peer {
    told: Value,
    process: Child,
    _database: Option<TestDatabase>,
    _folder: TempDir,
}

impl Peer {
    /// Starts one, and waits until it serves; none where none is installed.
    pub async fn start(kind: Kind) -> Option<Self> {
        let installed = installed()?;
        let folder = tempfile::tempdir().expect("a folder");
        let database = match kind {
            Kind::Bluesky => TestDatabase::on_server().await,
            _ => None,
        };
        let process = kind
            .command(&installed)
            .env("PEER_POSTGRES", database.as_ref().map_or(String::new(), TestDatabase::url))
            .env("TMPDIR", folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .expect("what is installed can be started");
        let mut peer = Self { told: Value::Null, process, _database: database, _folder: folder };
        peer.told = peer.tells(kind).await;
        Some(peer)
    }

    /// What it told of itself, by JSON pointer.
    #[track_caller]
    pub fn told(&self, pointer: &str) -> &str {
        self.says(pointer).unwrap_or_else(|| panic!("it tells no {pointer}: {}", self.told))
    }

    /// The same of what it may lack.
    pub fn says(&self, pointer: &str) -> Option<&str> {
        self.told.pointer(pointer)?.as_str()
    }

    /// Its one line.
    async fn tells(&mut self, kind: Kind) -> Value {
        let output = self.process.stdout.take().expect("it is piped");
        let (tell, told) = oneshot::channel();
        thread::spawn(move || {
            let (mut output, mut line) = (BufReader::new(output), String::new());
            let _ = output.read_line(&mut line);
            let _ = tell.send(line);
            // Nobody ends because nobody reads what else it says.
            let _ = io::copy(&mut output, &mut io::sink());
        });
        let line = tokio::time::timeout(PATIENCE, told).await;
        let line =
            line.unwrap_or_else(|_| panic!("{kind:?} does not come up")).expect("it is read");
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("{kind:?} ended: {line}"))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let group = i32::try_from(self.process.id()).ok().and_then(Pid::from_raw);
        let _ = kill_process_group(group.expect("a process"), Signal::KILL);
        let _ = self.process.wait();
    }
}

impl Kind {
    fn command(self, installed: &Path) -> Command {
        let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/networks/peers");
        let (program, script) = match self {
            Kind::Bluesky | Kind::LimitedBluesky => (PathBuf::from("node"), "bluesky/serve.mjs"),
            Kind::Mastodon => (installed.join("mastodon/bin/python"), "mastodon/serve.py"),
            Kind::WordPress => (PathBuf::from("python3"), "wordpress/serve.py"),
        };
        let mut command = Command::new(program);
        command.arg(scripts.join(script));
        match self {
            Kind::LimitedBluesky => command.env("PEER_RATE_LIMITS", "1"),
            Kind::WordPress => command.arg(installed.join("wordpress")),
            Kind::Bluesky | Kind::Mastodon => &mut command,
        };
        // It warns of what its packages do.
        command.env("NODE_NO_WARNINGS", "1");
        command
    }
}

/// A client that talks to this machine only.
pub fn client() -> Client {
    // It asks for one though it never speaks TLS; whoever comes second finds it there.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().no_proxy().tls_certs_only([]).timeout(Duration::from_secs(30));
    client.build().expect("a client")
}

/// The status and the JSON that come back; null where it is none.
pub async fn asks(request: RequestBuilder) -> (u16, Value) {
    #[expect(clippy::disallowed_methods, reason = "the network as it is, not our way to it")]
    let answer = request.send().await.expect("an answer");
    let status = answer.status().as_u16();
    (status, answer.json().await.unwrap_or_default())
}

fn installed() -> Option<PathBuf> {
    static SAID: Once = Once::new();
    match env::var_os(PEERS) {
        Some(folder) if folder != "none" => return Some(PathBuf::from(folder)),
        None if env::var_os("CI").is_some() => {
            panic!("{PEERS} names no folder, and CI must not pass without")
        }
        _ => {}
    }
    // Past the test's own output, which is shown only when it fails.
    SAID.call_once(|| {
        let _ = writeln!(stderr(), "\nNOT TESTED ON REAL NETWORKS: {PEERS} names no folder");
    });
    None
}
