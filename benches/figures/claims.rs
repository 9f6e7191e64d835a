//! From a post that is due to the worker that has it, with many more that are not due yet.

use countersign::ports::store::{Kinds, Store};
use tokio::time::Instant;

use crate::database::{BackDoor, TestDatabase};
use crate::house::{House, at};
use crate::measure::{Times, say};

/// How often.
const TIMES: usize = 500;

/// Claims one due row at a time out of so many.
pub async fn of(database: &TestDatabase, engine: &str, rows: i64) {
    let house = House::with(&database.place, 10).await;
    fill(&mut database.opens().await, rows).await;
    let (mut idle, mut claims) = (Times::default(), Times::default());
    for n in 0..TIMES {
        let now = at(i64::try_from(n).expect("few"));
        let began = Instant::now();
        let none = house.store.claim(now, at(90_000), (8, Kinds::All)).await.expect("claimed");
        idle.since(began);
        let began = Instant::now();
        let later = at(100_000 + i64::try_from(n).expect("few"));
        let one = house.store.claim(later, at(900_000), (1, Kinds::All)).await.expect("claimed");
        claims.since(began);
        assert_eq!((none.len(), one.len()), (0, 1));
    }
    let says = |times: &mut Times| {
        format!("p50 {:.2} ms, p99 {:.2} ms", times.percentile(50), times.percentile(99))
    };
    let what = format!("{engine}, {rows} scheduled: look for what is due");
    say(&what, &says(&mut idle), "flat");
    let what = format!("{engine}, {rows} scheduled: claim one that is due");
    say(&what, &says(&mut claims), "p99 < 100 ms, flat");
}

/// Rows that are due later, spread over the practices.
pub async fn fill(on: &mut BackDoor, rows: i64) {
    let first = at(100_000).as_microsecond();
    let numbers = match on {
        BackDoor::Sqlite(_) => format!(
            "WITH RECURSIVE numbers (n) AS (
                SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {rows})"
        ),
        BackDoor::Postgres(_) => {
            format!("WITH numbers (n) AS (SELECT * FROM generate_series(0, {rows} - 1))")
        }
    };
    let insert = format!(
        "INSERT INTO outbox (practice_id, id, kind, subject, state, due, fence, attempts, look_ups,
            payload)
        {numbers}
        SELECT 'practice-0000' || n % 10, 'row-' || n, 'publication', 'post ' || n, 'ready',
            {first} + n, 0, 0, 0, '{{}}' FROM numbers"
    );
    on.runs(&insert).await.expect("filled");
    on.runs("ANALYZE").await.expect("known");
}
