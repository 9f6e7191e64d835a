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
use crate::measure::{Figure, Times, many, median, whole};

/// How often it is started.
const STARTS: usize = 21;
/// How many practices more.
const MORE: u16 = 2_000;
/// How often with so many.
const STARTS_WITH_MORE: usize = 5;

/// Starts it over a database that is there, with one practice and with many, in turns.
pub async fn starts() {
    let more = many(MORE, 20);
    let (one, full) = (data_folder(1).await, data_folder(more + 1).await);
    let (mut clock, mut clock_many) = (Times::default(), Times::default());
    let (mut own, mut helps, mut own_many) = (Vec::new(), Vec::new(), Vec::new());
    let (mut memory, mut memory_many) = (Vec::new(), Vec::new());
    for n in 0..many(STARTS, 2) {
        let began = Instant::now();
        let program = Program::start(one.path());
        clock.since(began);
        own.push(program.own_time());
        memory.push(program.memory());
        drop(program);
        helps.push(help());
        if n < many(STARTS_WITH_MORE, 1) {
            let began = Instant::now();
            let program = Program::start(full.path());
            clock_many.since(began);
            own_many.push(program.own_time());
            memory_many.push(program.memory());
        }
    }
    say_times((own, own_many, helps), (clock, clock_many), more);
    say_memory(memory, memory_many, more);
}

fn say_times(
    (own, own_many, helps): (Vec<f64>, Vec<f64>, Vec<f64>),
    (mut clock, mut clock_many): (Times, Times),
    more: u16,
) {
    let (own, own_many, help) = (median(own), median(own_many), median(helps));
    Figure {
        what: "cold start until it is ready, own time",
        goal: "< 50 ms",
        measured: format!("{own:.0} ms"),
        beside: format!(
            "by the clock: p50 {:.0} ms; `countersign help`: {help:.0} ms",
            clock.median()
        ),
        met: Some(own < 50.0),
    }
    .say();
    Figure {
        what: &format!("the same with {} practices more", whole(more.into())),
        goal: "",
        measured: format!("{own_many:.0} ms"),
        beside: format!("by the clock: p50 {:.0} ms", clock_many.median()),
        met: None,
    }
    .say();
}

fn say_memory(memory: Vec<f64>, memory_many: Vec<f64>, more: u16) {
    let (memory, memory_many) = (median(memory), median(memory_many));
    let each = (memory_many - memory) / f64::from(more);
    Figure {
        what: "memory once it is ready, with the local platform",
        goal: "< 30 MiB",
        measured: format!("{:.1} MiB", memory / 1024.0),
        beside: format!(
            "with {} practices more: {:.1} MiB",
            whole(more.into()),
            memory_many / 1024.0
        ),
        met: Some(memory < 30.0 * 1024.0),
    }
    .say();
    Figure {
        what: "memory for each further practice",
        goal: "< 5 KiB",
        measured: format!("{each:.1} KiB"),
        beside: String::new(),
        met: Some(each < 5.0),
    }
    .say();
}

async fn data_folder(practices: u16) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    make_keys(folder.path());
    let place = Place::File(folder.path().join("countersign.db"));
    House::logged(&place, practices.into(), Some(folder.path().join("heads.log"))).await;
    // The first start makes what is not there yet.
    drop(Program::start(folder.path()));
    folder
}

fn make_keys(data: &Path) {
    fs::create_dir(data.join("keys")).expect("a folder");
    for name in ["ledger", "trace"] {
        let key = hex::encode(&house::key().to_bytes());
        fs::write(data.join("keys").join(name), key).expect("a key");
    }
}

/// What the processor does at least: the program is loaded, and says what it can.
fn help() -> f64 {
    let program = Command::new(env!("CARGO_BIN_EXE_countersign"));
    let mut program = Program(quiet(program).arg("help").spawn().expect("starts"));
    // Its output ends when it does; its times can be read until it is waited for.
    let out = program.0.stdout.take().expect("its output");
    let _ = std::io::read_to_string(out);
    program.own_time()
}

fn quiet(mut program: Command) -> Command {
    program.env_clear().stdout(Stdio::piped()).stderr(Stdio::null());
    program
}

/// The program as it runs.
struct Program(Child);

impl Program {
    /// Starts it, and waits until it says that it is ready.
    fn start(data: &Path) -> Self {
        let mut child = quiet(Command::new(env!("CARGO_BIN_EXE_countersign")))
            .env("COUNTERSIGN_WEB_LISTEN", "127.0.0.1:0")
            .env("COUNTERSIGN_LOCAL_LISTEN", "127.0.0.1:0")
            .arg("--data")
            .arg(data)
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
