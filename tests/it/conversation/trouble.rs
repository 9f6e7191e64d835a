//! A ledger that can't be written: nothing leaves, people are told, and it goes on by itself.

use std::sync::Arc;
use std::time::Duration;

use countersign::app::office::Lane;
use countersign::app::rounds::{self, Turn};
use countersign::domain::ids::PracticeId;
use countersign::domain::state::State;
use countersign::web::health;
use countersign::web::vitals::Vitals;
use insta::assert_snapshot;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::database::BackDoor;
use crate::local_support::{Answer, Ask};
use crate::support::{Counted, TestPractice, sample};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// What PostgreSQL does to whoever writes to the ledger when its disk is full.
const FULL: &str = "
    CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
    END $$;
    CREATE TRIGGER no_room BEFORE INSERT ON ledger EXECUTE FUNCTION no_room();
    CREATE TRIGGER no_room BEFORE INSERT ON bodies EXECUTE FUNCTION no_room();";
const ROOM: &str = "DROP FUNCTION no_room CASCADE";

/// The disk on which a practice's database is.
struct Disk(BackDoor);

impl Disk {
    async fn of(practice: &TestPractice) -> Self {
        Self(practice.database.opens().await)
    }

    /// There is no room for an entry any more; for smaller things there may be.
    async fn fills(&mut self, practice: &TestPractice) {
        if practice.database.is_on_server() {
            self.runs(FULL).await.expect("full");
        } else {
            practice.sql.limit_pages(Some(1)).await.expect("limited");
            self.runs("PRAGMA max_page_count = 1").await.expect("limited");
            let fill = "INSERT INTO ledger (practice_id, seq, hash, signature, entry, body_hash)
                SELECT 'northside', 1000000 + COUNT(*), '', '', '', '' FROM ledger";
            while self.runs(fill).await.is_ok() {}
        }
        practice.note("-- the disk is full");
    }

    /// There is room again.
    async fn has_room(&mut self, practice: &TestPractice) {
        if practice.database.is_on_server() {
            self.runs(ROOM).await.expect("there is room");
        } else {
            let empty = "DELETE FROM ledger WHERE seq >= 1000000";
            self.runs(empty).await.expect("there is room");
            practice.sql.limit_pages(None).await.expect("unlimited");
        }
        practice.note("-- there is room again");
    }

    /// Nobody else can store an event.
    async fn is_taken(&mut self) {
        let taken = match self.0 {
            BackDoor::Sqlite(_) => "BEGIN IMMEDIATE",
            BackDoor::Postgres(_) => "BEGIN; UPDATE counters SET last_event = last_event",
        };
        self.runs(taken).await.expect("the only writer");
    }

    async fn runs(&mut self, sql: &str) -> sqlx::Result<()> {
        self.0.runs(sql).await
    }
}

/// A post that dr-rao signed, with its slot in an hour.
async fn signed(practice: &TestPractice) {
    let maya = practice.person("maya");
    maya.says("ideas", "/post new Flu shots this Saturday.").await;
    practice.settle().await;
    maya.fills("Edit", &[("slot", "+1h")]).await;
    practice.settle().await;
    maya.presses("Send for signature").await;
    practice.settle().await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;
    practice.transcript();
}

/// What a watchdog sees.
async fn health(practice: &TestPractice) -> (u16, Value) {
    let answer = asks(practice, "GET", "/healthz").await;
    let all = answer.json();
    let said =
        ["status", "oldest_overdue_seconds"].map(|name| (name.to_owned(), all[name].clone()));
    (answer.status, said.into_iter().collect())
}

async fn asks(practice: &TestPractice, method: &str, path: &str) -> Answer {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let vitals = Arc::new(Vitals::new(practice.office.clone(), None));
    let router = health::router(vitals);
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let answer = Ask::bare(port, method, path).header("host", "here").send().await;
    server.abort();
    answer
}

async fn turns(practice: &TestPractice) -> [Turn; 3] {
    let office = &practice.office;
    let others = rounds::turn(office, Lane::Others).await;
    let notices = rounds::turn(office, Lane::Notices).await;
    [rounds::turn(office, Lane::Events).await, notices, others]
}

#[tokio::test]
async fn with_a_full_disk_nothing_leaves_until_there_is_room() {
    let practice = TestPractice::open().await;
    signed(&practice).await;
    let mut disk = Disk::of(&practice).await;
    disk.fills(&practice).await;

    practice.passes(HOUR);
    assert_eq!(turns(&practice).await, [Turn::Nothing, Turn::Nothing, Turn::Failed]);
    let full = health(&practice).await;
    for _ in 0..6 {
        practice.passes(SignedDuration::from_mins(11));
        turns(&practice).await;
    }
    assert_eq!(practice.network.requests(), 0);
    disk.has_room(&practice).await;
    practice.passes(SignedDuration::from_mins(2));
    turns(&practice).await;
    let well = health(&practice).await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    -- the disk is full
    -- 1h
    countersign notes: The ledger can't be written, so nothing is published and nothing you do here is recorded. Whoever runs Countersign has to look at its disk and log.
    countersign (to lena) notes: The ledger can't be written, so nothing is published and nothing you do here is recorded. Whoever runs Countersign has to look at its disk and log.
    -- 11m
    -- 11m
    -- 11m
    -- 11m
    -- 11m
    -- 11m
    countersign notes: The ledger can't be written, so nothing is published and nothing you do here is recorded. Whoever runs Countersign has to look at its disk and log.
    countersign (to lena) notes: The ledger can't be written, so nothing is published and nothing you do here is recorded. Whoever runs Countersign has to look at its disk and log.
    -- there is room again
    -- 2m
    network     p1 is live: "Flu shots this Saturday."
    countersign now card 1.1 "Flu shots this Saturday." | published | Is live [Take it down]
    countersign 1 on Practice page: is live.
    countersign notes: The ledger can be written again. Do once more what was not recorded meanwhile; what was signed leaves at its time.
    countersign (to lena) notes: The ledger can be written again. Do once more what was not recorded meanwhile; what was signed leaves at its time.
    "#);
    assert_eq!(full.0, 503);
    assert_eq!(full.1["status"], "ledger");
    assert_eq!(well, (200, json!({"status": "ok", "oldest_overdue_seconds": 0})));
    assert_eq!(practice.network.requests(), 1);
    assert_eq!(practice.post(1).await.state, State::Published);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn an_alarm_ends_without_anything_else_to_do() {
    let practice = TestPractice::open().await;
    let mut disk = Disk::of(&practice).await;
    disk.fills(&practice).await;
    practice.office.trouble.doubt("something could not be stored");
    turns(&practice).await;
    assert_eq!(health(&practice).await.1["status"], "ledger");

    disk.has_room(&practice).await;
    turns(&practice).await;

    assert_eq!(health(&practice).await.1["status"], "ok");
}

#[tokio::test]
async fn a_sign_off_that_was_stored_outlasts_a_full_disk() {
    let practice = TestPractice::open().await;
    practice.person("maya").submits("Flu shots this Saturday.").await;
    practice.person("dr-rao").signs().await;
    let mut disk = Disk::of(&practice).await;
    disk.fills(&practice).await;

    for _ in 0..10 {
        assert_eq!(rounds::turn(&practice.office, Lane::Events).await, Turn::Failed);
        practice.passes(SignedDuration::from_secs(2));
    }
    disk.has_room(&practice).await;
    practice.settle().await;

    assert_eq!(practice.network.texts(), ["Flu shots this Saturday."]);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_desk_is_told_once_for_all_its_practices_and_not_before_a_stranger() {
    let agency = TestPractice::open_agency().await;
    let mut disk = Disk::of(&agency).await;
    disk.fills(&agency).await;
    let said_there = || {
        let words = agency.chat.words_since_last().into_iter();
        words.filter(|(channel, _)| channel == "desk").count()
    };
    agency.chat.are_in("desk", &["maya", "guest"]);

    agency.office.trouble.doubt("something could not be stored");
    turns(&agency).await;
    assert_eq!(said_there(), 0);
    agency.chat.are_in("desk", &["maya"]);
    turns(&agency).await;
    turns(&agency).await;
    assert_eq!(said_there(), 1);
    disk.has_room(&agency).await;
    turns(&agency).await;
    agency.settle().await;

    assert_eq!(said_there(), 1);
}

#[tokio::test]
async fn every_practice_hears_the_alarm_once_its_platform_is_there() {
    let practice = TestPractice::open().await;
    let mut other = sample::practice();
    other.id = PracticeId::new("southside");
    for (_, channel) in &mut other.channels {
        channel.channel = format!("south-{}", channel.channel);
    }
    let entries = sample::entries(&other, "", &Counted::default());
    practice.office.store.found(&other, practice.office.now(), &entries).await.expect("founded");
    let mut disk = Disk::of(&practice).await;
    disk.fills(&practice).await;
    practice.chat.away(true);

    practice.office.trouble.doubt("something could not be stored");
    turns(&practice).await;
    practice.note("-- the platform is back");
    practice.chat.away(false);
    turns(&practice).await;
    turns(&practice).await;

    let transcript = practice.transcript();
    // Nobody hears of it before the platform is back; the practices hear in either order.
    let (before, after) = transcript.split_once("-- the platform is back\n").expect("it came back");
    assert_eq!(before, "-- the disk is full\n");
    let mut lines: Vec<&str> = after.lines().collect();
    lines.sort_unstable();
    assert_snapshot!(lines.join("\n"), @"
    countersign (to lena) notes: The ledger can't be written, so nothing is published and nothing you do here is recorded. Whoever runs Countersign has to look at its disk and log.
    countersign (to lena) notes: The ledger can't be written, so nothing is published and nothing you do here is recorded. Whoever runs Countersign has to look at its disk and log.
    countersign notes: The ledger can't be written, so nothing is published and nothing you do here is recorded. Whoever runs Countersign has to look at its disk and log.
    countersign notes: The ledger can't be written, so nothing is published and nothing you do here is recorded. Whoever runs Countersign has to look at its disk and log.
    ");
}

#[tokio::test]
async fn a_person_is_told_in_time_that_nothing_was_recorded() {
    let practice = TestPractice::open().await;
    let mut disk = Disk::of(&practice).await;
    disk.is_taken().await;

    let tomas = practice.person("tomas");
    let idea = tomas.has_idea("Flu shots this Saturday.");
    tokio::time::timeout(Duration::from_millis(2500), idea).await.expect("in time");
    disk.runs("ROLLBACK").await.expect("others may write");
    tomas.has_idea("Flu shots this Saturday.").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r"
    tomas       says: Flu shots this Saturday.
                [not recorded]
    tomas       says: Flu shots this Saturday.
    countersign idea by Tomas [Make a post] [Not a post]
    ");
    assert_eq!(health(&practice).await.1["status"], "ok");
}

#[tokio::test]
async fn what_should_have_happened_long_ago_is_late() {
    let practice = TestPractice::open().await;
    signed(&practice).await;

    practice.passes(HOUR);
    assert_eq!(
        health(&practice).await,
        (200, json!({"status": "ok", "oldest_overdue_seconds": 0}))
    );
    practice.passes(SignedDuration::from_mins(6));
    let late = json!({"status": "late", "oldest_overdue_seconds": 360});
    assert_eq!(health(&practice).await, (503, late));

    practice.settle().await;
    practice.person("tomas").has_idea("Now also on Sunday.").await;
    practice.passes(SignedDuration::from_mins(7));
    let late = json!({"status": "late", "oldest_overdue_seconds": 420});
    assert_eq!(health(&practice).await, (503, late));
}

#[tokio::test]
async fn a_database_that_cannot_be_read_is_said() {
    let practice = TestPractice::open().await;
    Disk::of(&practice).await.runs("ALTER TABLE outbox RENAME TO lost").await.expect("gone");

    let (code, answer) = health(&practice).await;

    assert_eq!((code, answer["status"].as_str()), (503, Some("database")));
}

#[tokio::test]
async fn the_houses_own_address_says_where_things_are_and_no_more() {
    let practice = TestPractice::open().await;

    let hint = asks(&practice, "GET", "/").await;
    let elsewhere = ["/local/api", "/local/api/people", "/practice-page", "/page.js", "/healthz/x"];
    for path in elsewhere {
        assert_eq!(asks(&practice, "GET", path).await.status, 404, "{path}");
    }
    for method in ["POST", "PUT", "DELETE"] {
        assert_eq!(asks(&practice, method, "/healthz").await.status, 405, "{method}");
    }

    assert_eq!(hint.status, 200);
    let words = String::from_utf8(hint.body).expect("words");
    assert_eq!(words.lines().count(), 1);
    assert!(words.contains("/healthz") && !words.contains("token"), "{words}");
}
