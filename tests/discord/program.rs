//! The real program, run against the simulator, and what it says.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::discord::Discord;

/// 64 hexadecimal digits, as any key.
const KEY: &str = "5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f";

/// The program, for as long as it is held; then it is killed.
pub struct Program {
    child: Child,
    lines: UnboundedReceiver<String>,
    said: Vec<String>,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Program {
    pub fn serve(data: &Path, discord: &Discord) -> Self {
        let mut child = command(data, discord)
            .env("COUNTERSIGN_LOG", "trace")
            .arg("serve")
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("it starts");
        let (tell, lines) = unbounded_channel();
        let stderr = BufReader::new(child.stderr.take().expect("piped"));
        thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                let _ = tell.send(line);
            }
        });
        Self { child, lines, said: Vec::new() }
    }

    /// Waits until it says a line with these words.
    pub async fn says(&mut self, words: &str) {
        loop {
            let line = self.lines.recv().await;
            let line = line.unwrap_or_else(|| panic!("it ended: {}", self.said.join("\n")));
            let found = line.contains(words);
            self.said.push(line);
            if found {
                return;
            }
        }
    }

    /// All that it said until now.
    pub fn said(&mut self) -> String {
        while let Ok(line) = self.lines.try_recv() {
            self.said.push(line);
        }
        self.said.join("\n")
    }
}

fn command(data: &Path, discord: &Discord) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    command
        .env_clear()
        .envs(["LEDGER", "TRACE"].map(|key| (format!("COUNTERSIGN_KEY_{key}"), KEY)))
        .env("COUNTERSIGN_WEB_LISTEN", "127.0.0.1:0")
        // It may be killed before it knows that a card stands there, and looks once that is over.
        .env("COUNTERSIGN_OUTBOX_LEASE_MS", "2000")
        .env("COUNTERSIGN_OUTBOX_REQUEST_MS", "1500")
        .env("COUNTERSIGN_DISCORD_TOKEN", discord.app().token)
        .env("COUNTERSIGN_DISCORD_API_URL", discord.url())
        .arg("--data")
        .arg(data);
    command
}

/// Applies the practice's file beside the program that serves; the code of its approver.
pub fn applies(data: &Path, discord: &Discord) -> String {
    let guild = discord.guild();
    let [rao, maya] = ["dr-rao", "maya"].map(|name| discord.user_id(name));
    let [ideas, approvals] = ["ideas", "approvals"].map(|name| discord.channel_id(name));
    let file = data.join("practice.toml");
    let text = format!(
        r#"
id = "northside"
name = "Northside"
zone = "America/Chicago"

[[policy.normal]]
needed = 1

[[member]]
id = "dr-rao"
name = "Dr. Rao"
role = "approver"
identities = ["discord:{guild}/{rao}"]

[[member]]
id = "maya"
name = "Maya"
role = "staff"
identities = ["discord:{guild}/{maya}"]

[[account]]
id = "page"
network = "local"
name = "Practice page"
server = "http://127.0.0.1:9"
remote_id = "page"

[[channel]]
purpose = "ideas"
at = "discord:{guild}/{ideas}"

[[channel]]
purpose = "approvals"
at = "discord:{guild}/{approvals}"
"#
    );
    std::fs::write(&file, text).expect("a file");
    let mut apply = command(data, discord);
    let done = apply.args(["practice", "apply", "--yes"]).arg(&file).output().expect("it runs");
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    let (_, code) = said.split_once("/post confirm ").expect("a code");
    code.split_whitespace().next().expect("a code").to_owned()
}
