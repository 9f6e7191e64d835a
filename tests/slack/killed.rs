//! `countersign serve` killed with -9 where Slack and it know different things: nothing is lost, and
//! nothing counts or stands there twice.

use std::path::PathBuf;
use std::time::Duration;

use countersign::cli::world::RealClock;
use countersign::ports::clock::Clock;
use rusqlite::Connection;

use crate::program::{Ground, KEYS, Program, run};
use crate::slack::{At, How, Slack, Timing, World};

const PRACTICE: &str = r#"
id = "northside"
name = "Northside Family Practice"
zone = "America/Chicago"

[[policy.normal]]
needed = 1

[[member]]
id = "dr-rao"
name = "Dr. Rao"
role = "approver"
identities = ["slack:TNORTHSIDE/UDRRAO"]

[[member]]
id = "maya"
name = "Maya"
role = "staff"
identities = ["slack:TNORTHSIDE/UMAYA"]

[[account]]
id = "page"
network = "local"
name = "Practice page"
server = "http://127.0.0.1:9"
remote_id = "page"

[[channel]]
purpose = "ideas"
at = "slack:TNORTHSIDE/CIDEAS"

[[channel]]
purpose = "approvals"
at = "slack:TNORTHSIDE/CAPPROVALS"
"#;

/// A practice on Slack, and the process that serves it.
struct House {
    ground: Ground,
    settings: Vec<(&'static str, String)>,
    program: Option<Program>,
}

impl House {
    /// Serves; the practice comes while it does.
    fn open() -> Self {
        let ground = Ground::start();
        let slack = &ground.slack;
        // The program looks at the real clock, and for its messages from then on.
        let now = u64::try_from(RealClock.now().as_second()).expect("after 1970");
        slack.with(|world| world.is_not_before(now));
        // Again and again, so that whoever comes back soon hears it.
        let again = vec![Duration::from_millis(200); 200];
        let deadline = Duration::from_secs(3);
        slack.timing(Timing { deadline, again, latency: Duration::ZERO });
        let settings = vec![
            ("COUNTERSIGN_SLACK_API_URL", format!("{}/api", slack.url())),
            ("COUNTERSIGN_SLACK_APP_TOKEN", slack.app().socket_token),
            ("COUNTERSIGN_SLACK_BOT_TOKEN", slack.install().token),
            // What a killed process had begun is taken over so soon.
            ("COUNTERSIGN_OUTBOX_LEASE_MS", "3000".to_owned()),
            ("COUNTERSIGN_OUTBOX_REQUEST_MS", "1000".to_owned()),
            ("COUNTERSIGN_OUTBOX_AGAIN_MS", "200".to_owned()),
        ];
        let mut house = Self { ground, settings, program: None };
        let mut program = Program::serve(&house.settings());
        program.says("Slack is connected");
        house.program = Some(program);
        let file = house.data().join("practice.toml");
        std::fs::write(&file, PRACTICE).expect("a file");
        let file = file.display().to_string();
        let applied = run(&house.data(), &house.settings(), &["practice", "apply", "--yes", &file]);
        let (_, code) = applied.split_once("/post confirm ").expect("a code");
        let code = code.split_whitespace().next().expect("a code").to_owned();
        let rao = house.slack().person("dr-rao");
        let confirm = format!("confirm {code}");
        house.ground.wait(rao.runs("approvals", "/post", &confirm)).expect("answered");
        house
    }

    fn settings(&self) -> Vec<(&'static str, &str)> {
        self.settings.iter().map(|(name, value)| (*name, value.as_str())).collect()
    }

    fn slack(&self) -> &Slack {
        &self.ground.slack
    }

    fn data(&self) -> PathBuf {
        self.program.as_ref().expect("it serves").data()
    }

    /// Kills it with -9; another one serves what it left.
    fn is_killed(&mut self) {
        let program = self.program.take().expect("it serves");
        self.slack().with(|world| world.faults.clear());
        let mut next = program.again_with(&KEYS, &self.settings());
        self.slack().with(|world| world.sockets.deaf = false);
        next.says("Slack is connected");
        self.program = Some(next);
    }

    /// Waits until this many of these are stored.
    fn stored(&self, count: &str, many: i64) {
        while self.count(count) < many {
            // waits for the world: another process tells nobody what it stores
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    fn count(&self, count: &str) -> i64 {
        let file = Connection::open(self.data().join("countersign.db")).expect("opens");
        file.query_row(count, [], |row| row.get(0)).expect("a count")
    }

    /// Waits until a message with these words stands there.
    fn stands(&self, channel: &str, words: &str) -> At {
        self.ground.wait(self.slack().until(|world| !found(world, channel, words).is_empty()));
        self.all(channel, words).swap_remove(0)
    }

    fn all(&self, channel: &str, words: &str) -> Vec<At> {
        self.slack().with(|world| found(world, channel, words))
    }

    /// Somebody acts, in the simulator's own runtime.
    fn acts<T>(&self, act: impl FnOnce(&Slack) -> T) -> T {
        self.ground.wait(async { act(self.slack()) })
    }

    fn settles(&self) {
        self.ground.wait(self.slack().settled());
    }

    fn presses(&self, who: &str, at: &At, label: &str) {
        let who = self.slack().person(who);
        self.ground.wait(who.presses(at, label)).expect("acknowledged");
    }

    /// A card in review.
    fn card(&self) -> At {
        has_an_idea(self);
        self.presses("maya", &self.stands("CIDEAS", "Make a post"), "Make a post");
        let draft = self.stands("CIDEAS", "Send for signature");
        self.presses("maya", &draft, "Send for signature");
        self.stands("CAPPROVALS", "Content:")
    }
}

fn found(world: &World, channel: &str, words: &str) -> Vec<At> {
    let all = &world.channel(channel).expect("known").messages;
    let found = all.iter().filter(|message| message.bot.is_some() && message.says(words));
    found.map(|message| (channel.to_owned(), message.ts.clone())).collect()
}

const EVENTS: &str = "SELECT COUNT(*) FROM inbox WHERE practice_id = 'northside'";
const SIGNED: &str = "SELECT COUNT(*) FROM ledger WHERE entry LIKE '%\"kind\":\"signed\"%'";

/// Slack hears no acknowledgment any more, as if it had died right before that.
fn before_it_is_acknowledged(house: &mut House, acts: impl Fn(&House), count: &str) {
    let stored = house.count(count);
    house.slack().with(|world| world.sockets.deaf = true);
    acts(house);
    house.stored(count, stored + 1);
    house.is_killed();
    house.settles();
    assert_eq!(house.slack().given_up(), 0, "it is acknowledged in the end");
}

/// It acknowledges, and whatever it does then is neither done nor answered.
fn before_it_acts(house: &mut House, acts: impl Fn(&House), how: &How) {
    for method in ["chat.postMessage", "chat.update"] {
        house.slack().fault(method, 1_000, how.clone());
    }
    acts(house);
    house.settles();
    house.is_killed();
}

fn has_an_idea(house: &House) {
    house.acts(|slack| slack.person("maya").says("ideas", "Flu shots this Saturday."));
}

fn signs(house: &House, card: &At) {
    house.acts(|slack| slack.person("dr-rao").reacts(card, "white_check_mark"));
}

#[test]
fn an_idea_that_was_stored_and_not_acknowledged_is_answered_once() {
    let mut house = House::open();

    before_it_is_acknowledged(&mut house, has_an_idea, EVENTS);
    house.stands("CIDEAS", "Make a post");
    // One more, so that whatever is still to come for the first came before it.
    house.acts(|slack| slack.person("maya").says("ideas", "And on Sunday."));
    house.ground.wait(house.slack().until(|w| found(w, "CIDEAS", "Make a post").len() > 1));

    assert_eq!(house.all("CIDEAS", "Make a post").len(), 2);
}

#[test]
fn a_sign_off_that_was_stored_and_not_acknowledged_counts_once() {
    let mut house = House::open();
    let card = house.card();

    let signs = |house: &House| signs(house, &card);
    before_it_is_acknowledged(&mut house, signs, SIGNED);
    house.stands("CAPPROVALS", "Signed by Dr. Rao");

    assert_eq!(house.count(SIGNED), 1);
    assert_eq!(house.all("CAPPROVALS", "Content:").len(), 1, "one card");
}

#[test]
fn what_was_acknowledged_and_not_done_is_done_once() {
    for how in [How::Hangs, How::HangsAfter] {
        let mut house = House::open();

        before_it_acts(&mut house, has_an_idea, &how);
        house.stands("CIDEAS", "Make a post");
        let card = house.card();
        let signs = |house: &House| signs(house, &card);
        before_it_acts(&mut house, signs, &how);
        house.stands("CAPPROVALS", "Signed by Dr. Rao");

        assert_eq!(house.count(SIGNED), 1, "{how:?}");
        assert_eq!(house.all("CAPPROVALS", "Content:").len(), 1, "one card, {how:?}");
        assert_eq!(house.slack().given_up(), 0, "{how:?}");
    }
}

/// Slack waits 3 s: what is not stored is not acknowledged, and whoever can't be heard again is told.
#[test]
fn while_nothing_can_be_stored_nothing_is_acknowledged_and_people_are_told_in_time() {
    let house = House::open();
    let file = Connection::open(house.data().join("countersign.db")).expect("opens");
    file.execute_batch("BEGIN IMMEDIATE").expect("the only writer");

    has_an_idea(&house);
    let maya = house.slack().person("maya");
    let said = house.ground.wait(maya.runs("ideas", "/post", "new Flu shots on Sunday."));
    let stored = house.count(EVENTS);
    file.execute_batch("ROLLBACK").expect("no writer any more");
    house.settles();
    house.stands("CIDEAS", "Make a post");

    let said = said.expect("within 3 s").to_string();
    assert!(said.contains("Not recorded"), "{said}");
    assert_eq!(house.slack().given_up(), 0);
    assert_eq!(house.count(EVENTS), stored + 1, "the idea alone, and once");
}
