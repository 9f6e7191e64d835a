//! Questions at a terminal, answered as a person does.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};
use serde_json::json;
use tempfile::TempDir;

use crate::workspace::{House, Workspace};

/// Longer than anything here may take; only a failure waits so long.
const PATIENCE: Duration = Duration::from_mins(1);

/// A program at a terminal of its own, and the person there.
struct Terminal {
    program: Child,
    typing: File,
    shown: Receiver<Vec<u8>>,
    read: String,
}

impl Terminal {
    /// Starts a command there.
    fn runs(mut command: Command) -> Self {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&ours).expect("ours");
        unlockpt(&ours).expect("open");
        let name = ptsname(&ours, Vec::new()).expect("its name");
        let flags = OFlags::RDWR | OFlags::NOCTTY;
        let theirs = || rustix::fs::open(&name, flags, Mode::empty()).expect("its other end");
        command.stdin(theirs()).stdout(theirs()).stderr(theirs());
        let program = command.spawn().expect("it starts");
        // It has the other end as well, and the terminal is there as long as anybody has.
        drop(command);
        let typing = File::from(ours);
        let mut screen = typing.try_clone().expect("the same");
        let (show, shown) = channel();
        std::thread::spawn(move || {
            let mut some = [0; 4096];
            // When nobody has the other end any more, it ends with an error.
            while let Ok(read @ 1..) = screen.read(&mut some) {
                if show.send(some[..read].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self { program, typing, shown, read: String::new() }
    }

    /// Waits until this is asked, and types a line. What was shown until then.
    fn answers(&mut self, question: &str, line: &str) -> String {
        while !self.read.contains(question) {
            let some = self.shown.recv_timeout(PATIENCE);
            let some = some.unwrap_or_else(|_| panic!("no {question:?} in {:?}", self.read));
            self.read.push_str(&String::from_utf8_lossy(&some));
        }
        let at = self.read.find(question).expect("it is there") + question.len();
        let rest = self.read.split_off(at);
        writeln!(self.typing, "{line}").expect("typed");
        std::mem::replace(&mut self.read, rest)
    }

    /// Waits until it ends: its exit code, and what was shown since the last answer.
    fn ends(mut self) -> (Option<i32>, String) {
        while let Ok(some) = self.shown.recv_timeout(PATIENCE) {
            self.read.push_str(&String::from_utf8_lossy(&some));
        }
        let status = self.program.wait().expect("it ended");
        (status.code(), self.read.replace("\r\n", "\n"))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

#[test]
fn init_asks_again_for_what_it_can_not_take() {
    let folder = TempDir::new().expect("a folder");
    let here = folder.path().join("northside");
    let mut init = Command::new(env!("CARGO_BIN_EXE_countersign"));
    init.env_clear().arg("init").arg(&here);
    let mut terminal = Terminal::runs(init);

    terminal.answers("The practice's name: ", "Northside Family Practice");
    terminal.answers("a city in it [UTC]: ", "Atlantis");
    let why = terminal.answers("a city in it [UTC]: ", "Chicago");
    terminal.answers("slack or discord [slack]: ", "telegram");
    let other = terminal.answers("slack or discord [slack]: ", "");
    terminal.answers("Person: ", "Dr. Rao");
    let role = terminal.answers("Person: ", "approver:Dr. Rao:slack:T0123/U0456");
    terminal.answers("Person: ", "");
    terminal.answers("HOST/NAME [sqlite]: ", "");
    let (code, said) = terminal.ends();

    assert_eq!(code, Some(0), "{said}");
    assert!(why.contains("no zone is called Atlantis"), "{why}");
    assert!(other.contains("telegram is neither slack nor discord"), "{other}");
    assert!(role.contains("say a role first, as in approver:Dr. Rao"), "{role}");
    assert!(said.contains("Next: countersign --config "), "{said}");
    let practice = fs::read_to_string(here.join("practice.toml")).expect("a file");
    let practice: toml::Table = practice.parse().expect("TOML");
    assert_eq!(practice["zone"].as_str(), Some("America/Chicago"));
    assert_eq!(practice["member"].as_array().map(Vec::len), Some(1));
    assert!(here.join("countersign.toml").exists());
}

// Ctrl-C while a secret was typed left a terminal that showed nothing any more.
#[test]
fn a_terminal_shows_what_is_typed_again_after_a_secret_was_broken_off() {
    let setsid = Command::new("setsid").arg("--version").output();
    if !setsid.is_ok_and(|out| out.status.success()) {
        eprintln!("skipped: setsid, which gives a program its own terminal, is not there");
        return;
    }
    let house = Arc::new(House::new().with("COUNTERSIGN_KEY_VAULT", &"3".repeat(64)));
    let workspace = Workspace::open_in(&house);
    let add = ["account", "add", "northside", "mastodon", "x", "--server", "http://127.0.0.1:9"];
    let told = house.command(&add);
    let mut command = Command::new("setsid");
    command.env_clear().envs(told.get_envs().filter_map(|(name, is)| Some((name, is?))));
    command.args(["--ctty", "--wait"]).arg(told.get_program()).args(told.get_args());
    let mut terminal = Terminal::runs(command);
    let screen = terminal.typing.try_clone().expect("the same");

    terminal.answers("(it is not shown): ", "secret\u{3}");
    let (code, said) = terminal.ends();

    assert_eq!(code, Some(1), "{said}");
    assert!(!said.contains("secret"), "{said}");
    let modes = tcgetattr(&screen).expect("a terminal").local_modes;
    assert!(modes.contains(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG), "{modes:?}");
    drop(workspace);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_practice_is_changed_beside_the_program_that_serves_it() {
    let house = Arc::new(House::new());
    let workspace = Workspace::open_in(&house);
    let file = house.data().join("practice.toml");
    let shown = house.runs(&["practice", "show", "northside"]).stdout();
    fs::write(&file, shown.replace("needed = 1", "needed = 2")).expect("written");
    let apply = ["practice", "apply", file.to_str().expect("a path")];
    let applies = |answer: &'static str| {
        let mut terminal = Terminal::runs(house.command(&apply));
        let asked = terminal.answers("Do this? [y/N] ", answer);
        (asked, terminal.ends())
    };

    let (asked, (no, kept)) = tokio::task::block_in_place(|| applies("n"));
    let before = workspace.messages("approvals", "dr-rao").await;
    let (_, (yes, done)) = tokio::task::block_in_place(|| applies("y"));
    workspace.get("/local/api/settled").await;
    let told = workspace.newest("approvals", "dr-rao", "changed").await;
    let said = json!({ "as": "maya", "channel": "ideas", "text": "/post new Flu shots." });
    workspace.does("POST", "messages", &said).await;
    let draft = workspace.newest("ideas", "maya", "draft").await;
    workspace.presses("maya", &draft, "Send for signature", json!({})).await;
    let card = workspace.newest("approvals", "dr-rao", "card").await;
    workspace.signs("dr-rao", &card).await;
    let card = workspace.newest("approvals", "dr-rao", "card").await;

    assert!(asked.contains("every post needs 2 of Dr. Rao, Dr. Kim"), "{asked}");
    assert_eq!((no, yes), (Some(0), Some(0)), "{kept}{done}");
    assert!(kept.contains("nothing was changed") && done.contains("changed"), "{kept}{done}");
    assert!(!before.iter().any(|message| message["view"] == "changed"));
    let words = told["text"].as_str().expect("words");
    assert!(words.contains("every post needs 2 of Dr. Rao, Dr. Kim"), "{words}");
    let words = card["text"].as_str().expect("words");
    assert!(words.contains("1 of 2 signed, needs 1 of: Dr. Kim"), "{words}");
    workspace.stops().await;
    assert_eq!(house.runs(&["verify"]).code, Some(0));
}
