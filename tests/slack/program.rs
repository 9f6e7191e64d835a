//! The real program, run against the simulator, and what it says.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::slack::{Slack, client};

/// 64 hexadecimal digits, as any key.
pub const KEY: &str = "5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f";

/// The keys that a start needs.
pub const KEYS: [&str; 3] = ["LEDGER", "TRACE", "VAULT"];

/// A simulator that can be ended: whoever is connected finds nobody there any more.
pub struct Ground {
    pub slack: Slack,
    runtime: Runtime,
    address: String,
}

impl Ground {
    pub fn start() -> Self {
        Self::at("127.0.0.1:0")
    }

    fn at(address: &str) -> Self {
        let listener = TcpListener::bind(address).expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let runtime = Runtime::new().expect("a runtime");
        let slack = runtime.block_on(async { Slack::on(listener) });
        slack.without_limits();
        Self { slack, runtime, address }
    }

    /// Ends it, and begins anew at the same address.
    pub fn again(self) -> Self {
        let Self { slack, runtime, address } = self;
        drop((slack, runtime));
        Self::at(&address)
    }

    /// Waits for something here.
    pub fn wait<T>(&self, does: impl Future<Output = T>) -> T {
        self.runtime.block_on(does)
    }

    /// Fetches a page, whoever serves it.
    pub fn get(&self, url: &str) -> Value {
        self.wait(async {
            let client = client().build().expect("a client");
            #[expect(clippy::disallowed_methods, reason = "a watchdog, not a network")]
            let answer = client.get(url).send().await.expect("answered");
            answer.json().await.expect("JSON")
        })
    }
}

/// What it writes when it is run with this command.
pub fn run(data: &Path, settings: &[(&str, &str)], what: &[&str]) -> String {
    let done = command(data, &KEYS, settings).args(what).output().expect("it runs");
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{said}");
    String::from_utf8(done.stdout).expect("words")
}

fn command(data: &Path, keys: &[&str], settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    command
        .env_clear()
        .envs(keys.iter().map(|key| (format!("COUNTERSIGN_KEY_{key}"), KEY)))
        .env("COUNTERSIGN_WEB_LISTEN", "127.0.0.1:0")
        .envs(settings.iter().copied())
        .arg("--data")
        .arg(data);
    command
}

/// The program, for as long as it is held.
pub struct Program {
    data: Arc<TempDir>,
    child: Child,
    lines: Receiver<String>,
    pub said: Vec<String>,
}

impl Program {
    /// Serves with these settings beside those that every start needs.
    pub fn serve(settings: &[(&str, &str)]) -> Self {
        Self::serve_in(Arc::new(TempDir::new().expect("a folder")), &KEYS, settings)
    }

    /// Ends it, and serves the same data again, with these of its keys.
    pub fn again_with(self, keys: &[&str], settings: &[(&str, &str)]) -> Self {
        let data = self.data.clone();
        drop(self);
        Self::serve_in(data, keys, settings)
    }

    /// Where its data are.
    pub fn data(&self) -> PathBuf {
        self.data.path().to_owned()
    }

    fn serve_in(data: Arc<TempDir>, keys: &[&str], settings: &[(&str, &str)]) -> Self {
        let mut child = command(data.path(), keys, settings)
            .env("COUNTERSIGN_LOG", "trace")
            .arg("serve")
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("it starts");
        let (tell, lines) = channel();
        let stderr = BufReader::new(child.stderr.take().expect("piped"));
        thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                let _ = tell.send(line);
            }
        });
        Self { data, child, lines, said: Vec::new() }
    }

    /// Waits until it says a line with these words, and tells the whole line.
    pub fn says(&mut self, words: &str) -> String {
        loop {
            let line = self.lines.recv();
            let line = line.unwrap_or_else(|_| panic!("it ended: {}", self.said.join("\n")));
            self.said.push(line.clone());
            if line.contains(words) {
                return line;
            }
        }
    }

    /// What it says until it ends by itself.
    pub fn ends(mut self) -> String {
        self.said.extend(self.lines.iter());
        self.said.join("\n")
    }

    /// Where it tells how it is.
    pub fn health(&mut self) -> String {
        let line = self.says("Whether it works is at ");
        line.split_once(" is at ").expect("an address").1.to_owned()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
