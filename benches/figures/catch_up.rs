//! After a downtime: everything is due at once.

use countersign::domain::outbox::{Row, RowState};
use countersign::ports::store::{Change, Kinds, OutboxWrite, Store};
use futures_util::future::join_all;
use tokio::time::Instant;

use crate::database::TestDatabase;
use crate::house::{House, at};
use crate::measure::{rate, say};

const ROWS: usize = 20_000;
const BATCH: i64 = 100;

/// Claims all in batches, and commits each row's end by itself.
pub async fn of(database: &TestDatabase, engine: &str) {
    let house = House::with(&database.place, 10).await;
    crate::claims::fill(&mut database.opens().await, 20_000).await;
    let began = Instant::now();
    let mut done = 0;
    loop {
        let claimed = house.store.claim(at(900_000), at(990_000), (BATCH, Kinds::All)).await;
        let claimed = claimed.expect("claimed");
        if claimed.is_empty() {
            break;
        }
        done += claimed.len();
        let ends = claimed.into_iter().map(|row| house.store.commit(ended(row)));
        for end in join_all(ends).await {
            end.expect("committed");
        }
    }
    assert_eq!(done, ROWS);
    let what = format!("{engine}, catch-up: {ROWS} rows that are due at once, rows a second");
    say(&what, &format!("{:.0}", rate(ROWS, began)), ">= 5,000");
}

fn ended(row: Row) -> Change {
    let to = Row { state: RowState::Missed, lease_until: None, ..row.clone() };
    let write = OutboxWrite::Move {
        id: row.id,
        from: RowState::Leased,
        fence: row.fence,
        to: Box::new(to),
    };
    Change { outbox: vec![write], ..Change::new(row.practice, at(900_000)) }
}
