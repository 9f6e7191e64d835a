//! `countersign serve` killed with -9 where Discord and it know different things: nothing is lost, and
//! nothing counts or stands there twice.

use std::path::Path;
use std::time::Duration;

use countersign::cli::world::RealClock;
use countersign::ports::clock::Clock;
use rusqlite::Connection;
use tempfile::TempDir;

use crate::discord::{At, Discord, How, Id};
use crate::program::{Program, applies};

const EVENTS: &str = "SELECT COUNT(*) FROM inbox WHERE practice_id = 'northside'";
const SIGNED: &str = "SELECT COUNT(*) FROM ledger WHERE entry LIKE '%\"kind\":\"signed\"%'";
const WORDS: &str = "Flu shots this Saturday, no appointment needed.";

/// The simulator, and the process that serves on it.
struct House {
    discord: Discord,
    data: TempDir,
    program: Option<Program>,
}

impl House {
    /// A practice that is served.
    async fn open() -> Self {
        let discord = Discord::start();
        discord.without_limits();
        // The program looks at the real clock, and for its messages from then on.
        let now = u64::try_from(RealClock.now().as_second()).expect("after 1970");
        discord.with(|world| world.is_not_before(now));
        let data = TempDir::new().expect("a folder");
        let mut house = Self { discord, data, program: None };
        house.serves().await;
        house.discord.until(|world| world.apps[0].commands.len() == 2).await;
        let code = applies(house.data.path(), &house.discord);
        let rao = house.discord.person("dr-rao");
        rao.runs("approvals", "/post confirm", &[("code", &code)]).await.expect("answered");
        house
    }

    async fn serves(&mut self) {
        let mut program = Program::serve(self.data.path(), &self.discord);
        program.says("Discord is connected").await;
        self.program = Some(program);
    }

    /// Kills it with -9; another one serves what it left.
    async fn is_killed(&mut self) {
        drop(self.program.take());
        // waits for the world: what it had sent before it died comes to nothing too
        tokio::time::sleep(Duration::from_millis(100)).await;
        self.discord.with(|world| world.faults.clear());
        self.serves().await;
    }

    fn count(&self, count: &str) -> i64 {
        count_in(self.data.path(), count)
    }

    /// Waits until this many of these are stored.
    async fn stored(&self, count: &str, many: i64) {
        while self.count(count) < many {
            // waits for the world: another process tells nobody what it stores
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// A card in review.
    async fn card(&self) -> At {
        let maya = self.discord.person("maya");
        maya.runs("ideas", "/post new", &[("text", WORDS)]).await.expect("answered");
        let draft = self.discord.sees("ideas", "Draft of post 1").await;
        maya.presses(&draft, "Send for signature").await.expect("answered");
        self.discord.sees("approvals", "Content:").await
    }

    /// Messages that stand in a channel and say this.
    fn all(&self, channel: &str, words: &str) -> Vec<Id> {
        let channel = self.discord.channel_id(channel);
        self.discord.with(|world| {
            let all = &world.channel(channel).expect("there").messages;
            let says = all.iter().filter(|message| !message.gone && message.says(words));
            says.map(|message| message.id).collect()
        })
    }
}

fn count_in(data: &Path, count: &str) -> i64 {
    let file = Connection::open(data.join("countersign.db")).expect("opens");
    file.query_row(count, [], |row| row.get(0)).expect("a count")
}

/// What is done with a message is neither done nor answered, or done and not answered.
fn nothing_is_shown(discord: &Discord, how: &How) {
    for route in ["POST /channels/*/messages", "PATCH /channels/*/messages/*"] {
        discord.fault(route, 1_000, how.clone());
    }
}

#[tokio::test]
async fn an_act_that_was_stored_and_not_answered_is_done_once() {
    let mut house = House::open().await;
    house.discord.fault("POST /interactions/*/*/callback", 1_000, How::Hangs);
    nothing_is_shown(&house.discord, &How::Hangs);
    let stored = house.count(EVENTS);
    let maya = house.discord.person("maya");

    let options = [("text", WORDS)];
    let runs = maya.runs("ideas", "/post new", &options);
    let kills = async {
        house.stored(EVENTS, stored + 1).await;
        house.is_killed().await;
    };
    let (said, ()) = tokio::join!(runs, kills);
    house.discord.sees("ideas", "Draft of post 1").await;

    assert!(said.is_err(), "nobody answered: {said:?}");
    // One more, so that whatever is still to come for the first came before it.
    maya.runs("ideas", "/post new", &[("text", "And on Sunday.")]).await.expect("answered");
    house.discord.sees("ideas", "Draft of post 2").await;
    assert_eq!(house.all("ideas", "Draft of post").len(), 2);
}

#[tokio::test]
async fn a_sign_off_that_was_stored_and_not_shown_counts_once() {
    for how in [How::Hangs, How::HangsAfter] {
        let mut house = House::open().await;
        let card = house.card().await;
        nothing_is_shown(&house.discord, &how);

        house.discord.person("dr-rao").reacts(&card, "✅");
        house.stored(SIGNED, 1).await;
        house.is_killed().await;
        let signed = house.discord.sees("approvals", "Signed by Dr. Rao").await;

        assert_eq!(signed, card, "{how:?}");
        assert_eq!(house.count(SIGNED), 1, "{how:?}");
        assert_eq!(house.all("approvals", "Content:"), [card.1], "one card, {how:?}");
    }
}

#[tokio::test]
async fn a_card_whose_answer_was_lost_stands_once() {
    let mut house = House::open().await;
    let maya = house.discord.person("maya");
    maya.runs("ideas", "/post new", &[("text", WORDS)]).await.expect("answered");
    let draft = house.discord.sees("ideas", "Draft of post 1").await;
    house.discord.fault("POST /channels/*/messages", 1_000, How::HangsAfter);

    maya.presses(&draft, "Send for signature").await.expect("answered");
    let card = house.discord.sees("approvals", "Content:").await;
    house.is_killed().await;
    // It is known which card this is, and so that it is signed.
    house.discord.person("dr-rao").reacts(&card, "✅");

    assert_eq!(house.discord.sees("approvals", "Signed by Dr. Rao").await, card);
    assert_eq!(house.all("approvals", "Content:"), [card.1]);
    assert_eq!(house.count(SIGNED), 1);
}

/// Nobody hears again of what is not stored, so whoever did it is told in time.
#[tokio::test]
async fn while_nothing_can_be_stored_people_are_told_in_time() {
    let house = House::open().await;
    let file = Connection::open(house.data.path().join("countersign.db")).expect("opens");
    file.execute_batch("BEGIN IMMEDIATE").expect("the only writer");
    let maya = house.discord.person("maya");

    let said = maya.runs("ideas", "/post new", &[("text", WORDS)]).await;
    file.execute_batch("ROLLBACK").expect("no writer any more");

    assert!(said.is_ok(), "within 3 s: {said:?}");
    let seen = house.discord.transcript("ideas", "maya");
    assert!(seen.contains("Not recorded"), "{seen}");
}
