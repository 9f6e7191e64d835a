//! Whether the program does its work: one judgement for `/healthz`, the metrics and the heartbeat.
//!
//! It is not well only when nothing leaves or nobody is heard: then somebody has to come. What is
//! odd but keeps nothing from being done is said beside it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::app::office::Office;
use crate::ports::chat::Connection;
use crate::ports::tally::Tally;

/// What should have happened so long ago means that the work stands still.
const LATE_SECONDS: i64 = 300;
/// Less room than this is soon none.
const LOW_MEGABYTES: u64 = 200;
/// A clock that is kept right moves by less in one go.
const JUMP: SignedDuration = SignedDuration::from_secs(2);
/// So long a jump is told of.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(1);

/// What can be seen of the program at work.
pub struct Vitals {
    office: Arc<Office>,
    folder: Option<PathBuf>,
    steps: Mutex<Steps>,
}

/// How it is: what `/healthz` answers. The names of its fields stay as they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Health {
    /// `ok`, or the first of what keeps it from working: `database`, `ledger`, `late`, `unheard`.
    pub status: &'static str,
    /// What is wrong or odd, a sentence each with what to do.
    pub notes: Vec<String>,
    /// For how many seconds the oldest overdue row of the outbox has been due, or the oldest event
    /// has waited; 0 when there is none.
    pub oldest_overdue_seconds: i64,
    /// `ok`, or `failed` when it can't be read.
    pub database: &'static str,
    /// `ok`, or `failed` when it can't be written: then nothing is published.
    pub ledger: &'static str,
    /// `ok`, `low` or `full`; `unknown` where it can't be seen.
    pub disk: &'static str,
    /// Room in the data folder.
    pub disk_free_megabytes: Option<u64>,
    /// `ok`, or `jumped` when it was set, or the machine slept, within the last hour.
    pub clock: &'static str,
    /// By how many seconds it jumped.
    pub clock_jump_seconds: i64,
    /// Each chat platform with `connected` or `away`; why is among the notes.
    pub platforms: std::collections::BTreeMap<&'static str, &'static str>,
    /// How many practices there are.
    pub practices: i64,
    /// How many of them are stopped, by people.
    pub stopped: i64,
    /// Whoever runs Countersign stopped everything.
    pub all_stopped: bool,
}

/// How the wall clock moved, compared with one that nobody sets.
#[derive(Debug)]
struct Steps {
    last: (Timestamp, SignedDuration),
    /// When it jumped last, by the steady clock, and by how much.
    jump: Option<(SignedDuration, SignedDuration)>,
}

impl Health {
    /// It does its work.
    pub fn is_well(&self) -> bool {
        self.status == "ok"
    }
}

impl Vitals {
    /// What can be seen of this office, and of the room in the folder where its data are.
    pub fn new(office: Arc<Office>, folder: Option<PathBuf>) -> Self {
        let last = (office.now(), office.clock.steady());
        Self { office, folder, steps: Mutex::new(Steps { last, jump: None }) }
    }

    /// The office.
    pub fn office(&self) -> &Office {
        &self.office
    }

    /// How it is now.
    pub async fn judge(&self) -> Health {
        let tally = self.office.store.tally().await;
        self.judge_by(tally.as_ref().ok())
    }

    /// How it is, given what waits; `None` when that could not be read.
    pub fn judge_by(&self, tally: Option<&Tally>) -> Health {
        let trouble = &self.office.trouble;
        let overdue = tally.map_or(0, |tally| overdue(tally, self.office.now()));
        let free = self.free_bytes().map(|bytes| bytes / 1_000_000);
        let jump = self.jump();
        let chats = self.office.chats.iter();
        let platforms = chats.map(|chat| (chat.platform().as_str(), word(chat.connection())));
        let mut health = Health {
            status: "ok",
            notes: Vec::new(),
            oldest_overdue_seconds: overdue,
            database: if tally.is_some() { "ok" } else { "failed" },
            ledger: if trouble.since().is_some() { "failed" } else { "ok" },
            disk: match free {
                _ if trouble.is_full() => "full",
                None => "unknown",
                Some(0) => "full",
                Some(free) if free < LOW_MEGABYTES => "low",
                Some(_) => "ok",
            },
            disk_free_megabytes: free,
            clock: if jump == 0 { "ok" } else { "jumped" },
            clock_jump_seconds: jump,
            platforms: platforms.collect(),
            practices: tally.map_or(0, |tally| tally.practices),
            stopped: tally.map_or(0, |tally| tally.stopped),
            all_stopped: tally.is_some_and(|tally| tally.all_stopped),
        };
        health.sum_up();
        for chat in &self.office.chats {
            let name = chat.platform().as_str();
            health.notes.extend(chat.troubles().iter().map(|trouble| format!("{name}: {trouble}")));
        }
        health
    }

    /// Room for the data, in bytes; `None` where it can't be seen.
    pub fn free_bytes(&self) -> Option<u64> {
        free_bytes(self.folder.as_ref()?)
    }

    /// By how many seconds the clock jumped within the last hour.
    fn jump(&self) -> i64 {
        let now = (self.office.now(), self.office.clock.steady());
        let mut steps = self.steps.lock().unwrap_or_else(PoisonError::into_inner);
        steps.look(now);
        steps.jump.map_or(0, |(_, by)| by.as_secs())
    }
}

/// Room in the file system of this folder, for who is not its owner.
pub fn free_bytes(folder: &std::path::Path) -> Option<u64> {
    let room = rustix::fs::statvfs(folder).ok()?;
    Some(room.f_bavail.saturating_mul(room.f_frsize))
}

/// For how many seconds the oldest of what waits should have been done.
fn overdue(tally: &Tally, now: Timestamp) -> i64 {
    let since = tally.next_due.into_iter().chain(tally.first_event).min();
    since.map_or(0, |since| now.duration_since(since).as_secs()).max(0)
}

fn word(connection: Connection) -> &'static str {
    match connection {
        Connection::Up => "connected",
        Connection::Down => "away",
    }
}

impl Health {
    /// From what is seen to what it comes to.
    fn sum_up(&mut self) {
        let away = |health: &Self| health.platforms.values().filter(|is| **is == "away").count();
        let unheard = !self.platforms.is_empty() && away(self) == self.platforms.len();
        let wrong = [
            (self.database != "ok", "database", "the database can't be read: look at the log"),
            (self.ledger != "ok", "ledger", "the ledger can't be written, so nothing is published"),
            (
                self.oldest_overdue_seconds > LATE_SECONDS,
                "late",
                "what should have happened minutes ago has not: look at the log",
            ),
            (unheard, "unheard", "no chat platform can be reached, so nobody is heard"),
        ];
        let there = wrong.into_iter().filter(|(is, ..)| *is);
        for (_, status, note) in there {
            if self.status == "ok" {
                self.status = status;
            }
            self.notes.push(note.to_owned());
        }
        match self.disk {
            "full" => self.notes.push("the disk is full: make room for the data".to_owned()),
            "low" => self.notes.push("the disk is nearly full: make room for the data".to_owned()),
            _ => {}
        }
        if self.all_stopped {
            let note = "everything is stopped: countersign release --all releases it";
            self.notes.push(note.to_owned());
        }
        if self.clock_jump_seconds != 0 {
            self.notes.push(format!(
                "the clock jumped by {} s: windows and slots go by it, so see that it is right",
                self.clock_jump_seconds
            ));
        }
        let away = self.platforms.iter().filter(|(_, is)| **is == "away" && !unheard);
        let away: Vec<String> = away.map(|(name, _)| format!("{name} can't be reached")).collect();
        self.notes.extend(away);
    }
}

impl Steps {
    fn look(&mut self, (now, steady): (Timestamp, SignedDuration)) {
        let passed = steady.saturating_sub(self.last.1);
        let by = now.duration_since(self.last.0).saturating_sub(passed);
        self.last = (now, steady);
        if by.abs() >= JUMP {
            self.jump = Some((steady, by));
        }
        self.jump = self.jump.filter(|(at, _)| steady.saturating_sub(*at) < REMEMBERED);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_set_is_told_from_one_that_goes() {
        let at = |s: i64| Timestamp::from_second(1_800_000_000 + s).expect("a time");
        let second = SignedDuration::from_secs;
        let mut steps = Steps { last: (at(0), second(0)), jump: None };

        steps.look((at(600), second(600)));
        assert_eq!(steps.jump, None);
        steps.look((at(601), second(600)));
        assert_eq!(steps.jump, None, "it was only put right");
        steps.look((at(-2999), second(600)));
        assert_eq!(steps.jump, Some((second(600), second(-3600))));
        steps.look((at(-2999), second(600)));
        steps.look((at(600), second(4199)));
        assert_eq!(steps.jump, Some((second(600), second(-3600))), "it is told of for an hour");
        steps.look((at(601), second(4200)));
        assert_eq!(steps.jump, None);
    }
}
