//! The processes of Countersign that share a database, and what is done to them.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus};

use countersign::cli::world::RealClock;
use countersign::ports::clock::Clock;
use jiff::{SignedDuration, Timestamp};
use rustix::process::{Pid, Signal, kill_process};

use crate::chance::Dice;
use crate::network::{Certainty, Network};
use crate::practice::Home;

/// How many work at the same time.
pub const SIZE: usize = 3;
/// How long a worker holds a row, in milliseconds.
pub const LEASE: i64 = 1_000;
/// How long a request may take, in milliseconds.
pub const REQUEST: i64 = 300;
/// After the last moment of a request, a look-up waits so long, in milliseconds.
const LOOK_UP_DELAY: i64 = 500;

/// How long a process is stopped, in milliseconds: longer than it holds a row.
const SHORTEST_STOP: i64 = 1_500;
pub const LONGEST_STOP: i64 = 1_900;

/// Something was done to a process.
#[derive(Debug, Clone, Copy)]
pub struct Disturbance {
    pub worker: u32,
    pub at: Timestamp,
    pub killed: bool,
}

/// The processes.
pub struct Crew<'a> {
    home: &'a Home,
    network: &'a Network,
    certainty: Certainty,
    workers: Vec<Worker>,
    started: u32,
    pub disturbances: Vec<Disturbance>,
}

struct Worker {
    number: u32,
    child: Child,
    stopped_until: Option<Timestamp>,
}

impl<'a> Crew<'a> {
    /// Starts them all.
    pub fn start(home: &'a Home, network: &'a Network, certainty: Certainty) -> Self {
        let (workers, disturbances) = (Vec::new(), Vec::new());
        let mut crew = Self { home, network, certainty, workers, started: 0, disturbances };
        while crew.workers.len() < SIZE {
            crew.hire();
        }
        crew
    }

    /// Kills one and starts another, or stops one; what comes is the dice's to say.
    pub fn disturb(&mut self, dice: &mut Dice) {
        let which = dice.below(SIZE);
        if dice.between(0, 10) < 8 {
            let mut worker = self.workers.remove(which);
            self.note(worker.number, true);
            worker.child.kill().expect("was there");
            worker.child.wait().expect("was there");
            self.hire();
        } else if self.workers[which].stopped_until.is_none() {
            let spread = u64::try_from(LONGEST_STOP - SHORTEST_STOP).expect("is longer");
            let how_long = SHORTEST_STOP + i64::try_from(dice.between(0, spread)).expect("short");
            self.note(self.workers[which].number, false);
            self.workers[which].send(Signal::STOP);
            let until = RealClock.now() + SignedDuration::from_millis(how_long);
            self.workers[which].stopped_until = Some(until);
        }
    }

    /// Wakes those who were stopped long enough.
    pub fn wake(&mut self) {
        let now = RealClock.now();
        self.wake_if(|until| until <= now);
    }

    /// Wakes all.
    pub fn wake_all(&mut self) {
        self.wake_if(|_| true);
    }

    /// Those who ended though nobody told them to, in words.
    pub fn deserters(&mut self) -> Vec<String> {
        let mut gone = Vec::new();
        for worker in &mut self.workers {
            if let Some(status) = worker.child.try_wait().expect("is ours") {
                gone.push(format!("process {} ended by itself: {status}", worker.number));
            }
        }
        gone
    }

    /// What each said when it was ready.
    pub fn greetings(&self) -> Vec<String> {
        let logs = (1..=self.started).map(|number| self.read_log(number));
        logs.filter_map(|log| log.lines().find(|line| is_greeting(line)).map(str::to_owned))
            .collect()
    }

    /// Tells them to stop.
    pub fn dismiss(&self) {
        self.workers.iter().for_each(|worker| worker.send(Signal::TERM));
    }

    /// How they ended, once all have.
    pub fn ended(&mut self) -> Option<Vec<ExitStatus>> {
        let ended = self.workers.iter_mut().map(|worker| worker.child.try_wait().expect("is ours"));
        ended.collect()
    }

    /// Lines of all logs that tell of trouble. That many posts due at once are late is none: they
    /// were due before the processes were there.
    pub fn troubles(&self) -> Vec<String> {
        let mut troubles = Vec::new();
        for number in 1..=self.started {
            let text = self.read_log(number);
            let lines = text.lines().filter(|line| !line.contains("INFO") && !is_greeting(line));
            let lines = lines.filter(|line| !line.contains("health.status=\"late\""));
            troubles.extend(lines.map(|line| format!("process {number}: {line}")));
        }
        troubles
    }

    fn note(&mut self, worker: u32, killed: bool) {
        self.disturbances.push(Disturbance { worker, at: RealClock.now(), killed });
    }

    fn wake_if(&mut self, is_over: impl Fn(Timestamp) -> bool) {
        for worker in &mut self.workers {
            if worker.stopped_until.is_some_and(&is_over) {
                worker.send(Signal::CONT);
                worker.stopped_until = None;
            }
        }
    }

    fn hire(&mut self) {
        self.started += 1;
        let number = self.started;
        let log = File::create(self.log(number)).expect("a log");
        let child = Command::new(env!("CARGO_BIN_EXE_countersign"))
            .arg("--data")
            .arg(self.home.data())
            .env("COUNTERSIGN_DATABASE_URL", self.home.database.url())
            .env("COUNTERSIGN_WEB_LISTEN", "127.0.0.1:0")
            .env("COUNTERSIGN_LOCAL_LISTEN", "127.0.0.1:0")
            .env("COUNTERSIGN_LOCAL_NETWORK_URL", self.network.url(number))
            .env("COUNTERSIGN_LOCAL_NETWORK_CERTAINTY", self.certainty.as_str())
            .env("COUNTERSIGN_OUTBOX_LEASE_MS", LEASE.to_string())
            .env("COUNTERSIGN_OUTBOX_REQUEST_MS", REQUEST.to_string())
            .env("COUNTERSIGN_OUTBOX_AGAIN_MS", "200")
            .env("COUNTERSIGN_GATE_SUBMISSIONS_A_MINUTE", "1000000")
            .env("COUNTERSIGN_OUTBOX_LOOK_UP_DELAY_MS", LOOK_UP_DELAY.to_string())
            .stdout(log.try_clone().expect("a log"))
            .stderr(log)
            .spawn()
            .expect("starts");
        self.workers.push(Worker { number, child, stopped_until: None });
    }

    fn read_log(&self, number: u32) -> String {
        std::fs::read_to_string(self.log(number)).unwrap_or_default()
    }

    fn log(&self, number: u32) -> PathBuf {
        self.home.data().join(format!("process-{number}.log"))
    }
}

fn is_greeting(line: &str) -> bool {
    line.starts_with("Countersign is running")
}

impl Worker {
    fn send(&self, signal: Signal) {
        let id = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        kill_process(id.expect("a process"), signal).expect("is ours");
    }
}

impl Drop for Crew<'_> {
    fn drop(&mut self) {
        for worker in &mut self.workers {
            let _ = worker.child.kill();
            let _ = worker.child.wait();
        }
    }
}
