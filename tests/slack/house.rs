//! A house: the simulator, the real program that serves on it, and its data.

use std::path::PathBuf;
use std::time::Duration;

use countersign::cli::world::RealClock;
use countersign::ports::clock::Clock;
use rusqlite::Connection;

use crate::program::{Ground, KEYS, Program, run};
use crate::slack::{At, Slack, Timing, World};

/// The simulator, and the process that serves on it.
pub struct House {
    pub ground: Ground,
    settings: Vec<(&'static str, String)>,
    program: Option<Program>,
}

impl House {
    /// Serves with these settings beside those that every test here needs.
    pub fn serve(settings: impl FnOnce(&Slack) -> Vec<(&'static str, String)>) -> Self {
        let ground = Ground::start();
        let slack = &ground.slack;
        // The program looks at the real clock, and for its messages from then on.
        let now = u64::try_from(RealClock.now().as_second()).expect("after 1970");
        slack.with(|world| world.is_not_before(now));
        // Again and again, so that whoever comes back soon hears it.
        let again = vec![Duration::from_millis(200); 200];
        let deadline = Duration::from_secs(3);
        slack.timing(Timing { deadline, again, latency: Duration::ZERO });
        let mut settings = settings(slack);
        settings.extend([
            ("COUNTERSIGN_SLACK_API_URL", format!("{}/api", slack.url())),
            ("COUNTERSIGN_SLACK_APP_TOKEN", slack.app().socket_token),
            // What a killed process had begun is taken over so soon.
            ("COUNTERSIGN_OUTBOX_LEASE_MS", "3000".to_owned()),
            ("COUNTERSIGN_OUTBOX_REQUEST_MS", "1000".to_owned()),
            ("COUNTERSIGN_OUTBOX_AGAIN_MS", "200".to_owned()),
        ]);
        let mut house = Self { ground, settings, program: None };
        let mut program = Program::serve(&house.settings());
        program.says("Slack is connected");
        house.program = Some(program);
        house
    }

    /// Applies a practice's file beside the program that serves; the code of its approver.
    pub fn applies(&self, practice: &str) -> String {
        let file = self.data().join("practice.toml");
        std::fs::write(&file, practice).expect("a file");
        let file = file.display().to_string();
        let applied = run(&self.data(), &self.settings(), &["practice", "apply", "--yes", &file]);
        let (_, code) = applied.split_once("/post confirm ").expect("a code");
        code.split_whitespace().next().expect("a code").to_owned()
    }

    /// Runs the program's own command on these data.
    pub fn runs(&self, what: &[&str]) -> String {
        run(&self.data(), &self.settings(), what)
    }

    fn settings(&self) -> Vec<(&'static str, &str)> {
        self.settings.iter().map(|(name, value)| (*name, value.as_str())).collect()
    }

    pub fn slack(&self) -> &Slack {
        &self.ground.slack
    }

    pub fn data(&self) -> PathBuf {
        self.program.as_ref().expect("it serves").data()
    }

    /// Kills it with -9; another one serves what it left.
    pub fn is_killed(&mut self) {
        let program = self.program.take().expect("it serves");
        self.slack().with(|world| world.faults.clear());
        let mut next = program.again_with(&KEYS, &self.settings());
        self.slack().with(|world| world.sockets.deaf = false);
        next.says("Slack is connected");
        self.program = Some(next);
    }

    /// Waits until this many of these are stored.
    pub fn stored(&self, count: &str, many: i64) {
        while self.count(count) < many {
            // waits for the world: another process tells nobody what it stores
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    pub fn count(&self, count: &str) -> i64 {
        let file = Connection::open(self.data().join("countersign.db")).expect("opens");
        file.query_row(count, [], |row| row.get(0)).expect("a count")
    }

    /// Waits until a message with these words stands there.
    pub fn stands(&self, channel: &str, words: &str) -> At {
        self.ground.wait(self.slack().until(|world| !found(world, channel, words).is_empty()));
        self.all(channel, words).swap_remove(0)
    }

    pub fn all(&self, channel: &str, words: &str) -> Vec<At> {
        self.slack().with(|world| found(world, channel, words))
    }

    /// Somebody acts, in the simulator's own runtime.
    pub fn acts<T>(&self, act: impl FnOnce(&Slack) -> T) -> T {
        self.ground.wait(async { act(self.slack()) })
    }

    pub fn settles(&self) {
        self.ground.wait(self.slack().settled());
    }

    pub fn presses(&self, who: &str, at: &At, label: &str) {
        let who = self.slack().person(who);
        self.ground.wait(who.presses(at, label)).expect("acknowledged");
    }
}

/// A practice on Slack with one approver, and where it is.
pub struct Practice {
    pub id: String,
    pub team: String,
    pub ideas: String,
    pub approvals: String,
    pub maya: String,
    pub rao: String,
}

impl Practice {
    /// Its file.
    pub fn file(&self) -> String {
        let Self { id, team, ideas, approvals, maya, rao } = self;
        format!(
            r#"
id = "{id}"
name = "Practice {id}"
zone = "America/Chicago"

[[policy.normal]]
needed = 1

[[member]]
id = "dr-rao"
name = "Dr. Rao"
role = "approver"
identities = ["slack:{team}/{rao}"]

[[member]]
id = "maya"
name = "Maya"
role = "staff"
identities = ["slack:{team}/{maya}"]

[[account]]
id = "page"
network = "local"
name = "Practice page"
server = "http://127.0.0.1:9"
remote_id = "{id}"

[[channel]]
purpose = "ideas"
at = "slack:{team}/{ideas}"

[[channel]]
purpose = "approvals"
at = "slack:{team}/{approvals}"
"#
        )
    }
}

/// The messages of the program with these words.
pub fn found(world: &World, channel: &str, words: &str) -> Vec<At> {
    let all = &world.channel(channel).expect("known").messages;
    let found = all.iter().filter(|message| message.bot.is_some() && message.says(words));
    found.map(|message| (channel.to_owned(), message.ts.clone())).collect()
}
