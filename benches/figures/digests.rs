//! The digests of very many practices, due at the same moment, with few and with very many posts.

use countersign::domain::daily::Hour;
use countersign::domain::ids::RowId;
use countersign::domain::outbox::{Row, RowKind, RowState};
use countersign::domain::practice::Practice;
use countersign::ports::digests::Made;
use countersign::ports::store::{Change, OutboxWrite, Store};
use jiff::{SignedDuration, Timestamp};

use crate::catch_up::{count, until_quiet};
use crate::database::{BackDoor, TestDatabase};
use crate::house::{House, at, with_channels};
use crate::measure::{Figure, many};
use crate::platform::Open;

const PRACTICES: usize = 1_000;
const FEW: i64 = 1_000;
const MANY: i64 = 1_000_000;

/// The two that are compared, one after the other.
pub async fn of(engine: &str, few: &TestDatabase, full: &TestDatabase) {
    let few = all_at_once(few, FEW).await;
    let (seconds, processor) = all_at_once(full, many(MANY, 2_000)).await;
    let flat = seconds / few.0;
    Figure {
        what: &format!("{engine}: {PRACTICES} digests due at once, 1,000,000 posts"),
        goal: "< 1 s of own time, flat",
        measured: format!("{processor:.2} s of the processor, {seconds:.2} s in all"),
        beside: format!("1,000 posts: {:.2} s, {:.2} s; x {flat:.2}", few.1, few.0),
        met: Some(processor < 1.0 && flat < 1.5),
    }
    .say();
}

/// How long until all are shown, and the processor's time that it takes.
async fn all_at_once(database: &TestDatabase, posts: i64) -> (f64, f64) {
    let practices = many(PRACTICES, 20);
    let mut house = House::with(&database.place, 0).await;
    house.store.found(&Practice::instance(), at(0), &[]).await.expect("founded");
    for n in 0..practices {
        let digest = Hour::read("00:00").expect("a time");
        house.founds(Practice { digest, ..with_channels(&format!("practice-{n:05}")) }).await;
    }
    let mut door = database.opens().await;
    fill(&mut door, posts, practices).await;
    let open = Open::over(&house);
    for practice in &house.practices {
        let change = due(&house, practice, open.office.now()).await;
        house.store.commit(change).await.expect("committed");
    }

    let took = until_quiet(&open).await;

    let shown = "SELECT COUNT(*) FROM digests WHERE shown AND made_at > 0";
    let shown = count(&mut door, shown).await;
    assert_eq!(usize::try_from(shown), Ok(2 * practices), "each was shown, after one of yesterday");
    took
}

/// Yesterday's digest was shown, and today's is due.
async fn due(house: &House, practice: &Practice, now: Timestamp) -> Change {
    let yesterday = practice.daily().date(now).yesterday().expect("a day");
    let seq = house.store.head(&practice.id).await.expect("readable").seq;
    let ago = now - SignedDuration::from_hours(24);
    let made = Made { date: yesterday, at: ago, seq, shown: true };
    let row = Row {
        practice: practice.id.clone(),
        id: RowId::new("digest"),
        kind: RowKind::Digest,
        subject: "daily".to_owned(),
        post: None,
        revision: None,
        account: None,
        state: RowState::Ready,
        due: now,
        fence: 0,
        attempts: 0,
        look_ups: 0,
        lease_until: None,
        first_sent: None,
        remote: None,
        url: None,
        payload: String::new(),
        trouble: None,
    };
    Change {
        digest: Some(made),
        outbox: vec![OutboxWrite::Put { row: Box::new(row), again: true }],
        ..Change::new(practice.id.clone(), now)
    }
}

/// Posts that went out long ago, spread over the practices.
async fn fill(on: &mut BackDoor, posts: i64, practices: usize) {
    let numbers = match on {
        BackDoor::Sqlite(_) => format!(
            "WITH RECURSIVE numbers (n) AS (
                SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {posts})"
        ),
        BackDoor::Postgres(_) => {
            format!("WITH numbers (n) AS (SELECT * FROM generate_series(0, {posts} - 1))")
        }
    };
    let insert = format!(
        "INSERT INTO posts (practice_id, id, number, author, drafter, state, revision, risk, names,
            writers, draft, held, version)
        {numbers}
        SELECT id, 'post-' || n, n + 1, 'tomas', 'tomas', 'published', 1, 'normal', '[]',
            '[\"tomas\"]', '{{}}', FALSE, 1
        FROM numbers JOIN (
            SELECT id, ROW_NUMBER() OVER (ORDER BY id) - 1 AS place FROM practices
            WHERE id <> 'instance') AS each ON each.place = n % {practices}"
    );
    on.runs(&insert).await.expect("filled");
    on.runs("ANALYZE").await.expect("known");
}
