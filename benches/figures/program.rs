//! The program itself: how soon it is ready, and how much memory it needs.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use countersign::domain::canonical::hex;
use countersign::store::Place;
use tempfile::TempDir;
use tokio::time::Instant;

use crate::house::{self, House};
use crate::measure::{Times, median, say};

/// How often it is started.
const STARTS: usize = 21;
/// How many practices more.
const MORE: u16 = 2_000;

/// Starts it over a database that is there, with one practice and with many.
pub async fn starts() {
    let one = data_folder(1).await;
    let mut clock = Times::default();
    let (mut own, mut memory) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let began = Instant::now();
        let program = Program::start(one.path());
        clock.since(began);
        own.push(program.own_time());
        memory.push(program.memory());
    }
    let clock = format!("p50 {:.0} ms, p99 {:.0} ms", clock.percentile(50), clock.percentile(99));
    say("start of the program until it is ready, by the clock", &clock, "-");
    let own = format!("{:.0} ms", median(own));
    say("the same, own time of all its threads", &own, "< 50 ms");
    let memory = median(memory);
    say("memory once it is ready", &format!("{:.1} MiB", memory / 1024.0), "< 30 MiB");

    let many = data_folder(MORE + 1).await;
    let with_many = median((0..5).map(|_| Program::start(many.path()).memory()).collect());
    let each = (with_many - memory) / f64::from(MORE);
    say("memory for each further practice", &format!("{each:.1} KiB"), "< 5 KiB");
}

async fn data_folder(practices: u16) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    make_keys(folder.path());
    let place = Place::File(folder.path().join("countersign.db"));
    House::with(&place, practices.into()).await;
    folder
}

fn make_keys(data: &Path) {
    fs::create_dir(data.join("keys")).expect("a folder");
    for name in ["ledger", "trace"] {
        let key = hex::encode(&house::key().to_bytes());
        fs::write(data.join("keys").join(name), key).expect("a key");
    }
}

/// The program as it runs.
struct Program(Child);

impl Program {
    /// Starts it, and waits until it says that it is ready.
    fn start(data: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_countersign"))
            .env_clear()
            .env("COUNTERSIGN_WEB_LISTEN", "127.0.0.1:0")
            .env("COUNTERSIGN_LOCAL_LISTEN", "127.0.0.1:0")
            .arg("--data")
            .arg(data)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        let mut said = String::new();
        let out = child.stdout.as_mut().expect("its output");
        BufReader::new(out).read_line(&mut said).expect("a line");
        assert!(said.starts_with("Countersign is running"), "{said}");
        Self(child)
    }

    /// The processor's time that it took, in milliseconds.
    fn own_time(&self) -> f64 {
        let tasks = format!("/proc/{}/task", self.0.id());
        let nanos = |text: String| -> f64 {
            text.split(' ').next().and_then(|first| first.parse().ok()).expect("a number")
        };
        let all = fs::read_dir(tasks).expect("threads").filter_map(|task| {
            fs::read_to_string(task.expect("a thread").path().join("schedstat")).ok()
        });
        let sum: f64 = all.map(nanos).sum();
        sum / 1e6
    }

    /// What it holds in memory, in KiB.
    fn memory(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id())).expect("Linux");
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("a line");
        line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("a number")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
