//! Commits that wait at the same time: what becomes of one is not the others' affair.

use countersign::ports::store::{Change, MediaBytes, Store, StoreError};
use futures_util::future::join_all;

use super::bench::{Bench, promises};
use super::values::{at, conflict, put, said};
use crate::database::BackDoor;

promises!(
    of_many_that_wait_only_the_one_that_conflicts_is_not_kept,
    heads_of_all_that_waited_are_written_outside_in_their_order,
    events_and_changes_that_wait_are_all_kept,
);

async fn of_many_that_wait_only_the_one_that_conflicts_is_not_kept(bench: &Bench) {
    let post = bench.post().await;
    bench.save(&post).await;
    let late = Change {
        post: Some(post),
        outbox: vec![put(bench.notice("of the late one"), false)],
        ..bench.change()
    };
    let wish = |n| bench.outbox(put(bench.notice(&format!("row-{n}")), false));
    let mut changes: Vec<Change> = (0..100).map(wish).collect();
    changes.insert(50, late);

    let results = join_all(changes.into_iter().map(|change| bench.store.commit(change))).await;

    conflict(&results[50]);
    let kept = results.iter().filter(|result| result.is_ok()).count();
    assert_eq!(kept, 100);
    assert_eq!(bench.row("of the late one").await, None);
    for n in 0..100 {
        assert!(bench.row(&format!("row-{n}")).await.is_some(), "{n}");
    }
}

async fn heads_of_all_that_waited_are_written_outside_in_their_order(bench: &Bench) {
    let before = bench.seq().await;
    let drafts = (1..=40).map(|number| bench.store.commit(bench.draft(number)));

    let heads = join_all(drafts).await;

    let mut seqs: Vec<i64> = heads.into_iter().map(|head| head.expect("committed").seq).collect();
    seqs.sort_unstable();
    assert_eq!(seqs, (before + 1..=before + 40).collect::<Vec<_>>());
    let log = std::fs::read_to_string(bench.heads_log()).expect("a log");
    let mut logged: Vec<i64> = log
        .lines()
        .filter_map(|line| line.strip_prefix("northside "))
        .map(|line| line.split(' ').next().and_then(|seq| seq.parse().ok()).expect("a number"))
        .filter(|seq| *seq > before)
        .collect();
    if !bench.database.is_on_server() {
        assert!(logged.is_sorted(), "{logged:?}");
    }
    logged.sort_unstable();
    assert_eq!(logged, seqs);
}

async fn events_and_changes_that_wait_are_all_kept(bench: &Bench) {
    let event =
        async |n: usize| bench.store.receive(&bench.northside, &said(&n.to_string()), at(5)).await;
    let wish = async |n: usize| {
        bench.store.commit(bench.outbox(put(bench.notice(&format!("row-{n}")), false))).await
    };

    let (events, changes) = tokio::join!(join_all((0..30).map(event)), join_all((0..30).map(wish)));

    assert!(changes.iter().all(Result::is_ok));
    let mut numbers: Vec<i64> = events.into_iter().map(|event| event.expect("stored").0).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 30, "each has its own");
    let waiting = bench.store.unhandled(0, 99).await.expect("readable");
    assert_eq!(waiting.iter().map(|event| event.seq).collect::<Vec<_>>(), numbers);
}

/// Whoever gave up while another process held the file was told that it was not recorded.
#[tokio::test]
async fn an_event_that_nobody_waits_for_is_not_stored_later() {
    let bench = Bench::sqlite().await;
    let mut door = bench.connect().await;
    door.runs("BEGIN IMMEDIATE").await.expect("the only writer");
    let (first, second) = (said("given up"), said("waited for"));
    let mut given_up = Box::pin(bench.store.receive(&bench.northside, &first, at(5)));
    let mut waiting = Box::pin(bench.store.receive(&bench.northside, &second, at(5)));
    for _ in 0..100 {
        tokio::select! {
            biased;
            _ = &mut given_up => panic!("told too early"),
            _ = &mut waiting => panic!("told too early"),
            () = tokio::task::yield_now() => {}
        }
    }

    drop(given_up);
    door.runs("ROLLBACK").await.expect("free");
    waiting.await.expect("stored");

    let stored = bench.store.unhandled(0, 9).await.expect("readable");
    let stored: Vec<_> = stored.into_iter().filter_map(|stored| stored.event).collect();
    assert_eq!(stored, [second]);
}

/// The file has room for some, and not for the one with the picture.
#[tokio::test]
async fn one_that_is_too_large_for_the_disk_fails_alone() {
    let bench = Bench::sqlite().await;
    let BackDoor::Sqlite(mut on) = bench.connect().await else { panic!("a file") };
    let pages: u32 =
        sqlx::query_scalar("PRAGMA page_count").fetch_one(&mut on).await.expect("a number");
    let picture = MediaBytes {
        sha256: "aa".to_owned(),
        media_type: "image/png".to_owned(),
        bytes: vec![0; 400_000],
    };
    let large = Change { media: vec![picture], ..bench.outbox(put(bench.notice("large"), false)) };
    let wish = |n| bench.outbox(put(bench.notice(&format!("row-{n}")), false));
    let mut changes: Vec<Change> = (0..20).map(wish).collect();
    changes.insert(10, large);
    bench.store.limit_pages(Some(pages + 40)).await.expect("limited");

    let results = join_all(changes.into_iter().map(|change| bench.store.commit(change))).await;

    assert!(matches!(results[10], Err(StoreError::Failed(_))), "{:?}", results[10]);
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 20);
    assert_eq!(bench.row("large").await, None);
    assert!(bench.row("row-19").await.is_some());
}

/// Nothing is acknowledged while another process holds the file, and all is when it lets go.
#[tokio::test]
async fn nobody_is_told_before_the_shared_commit() {
    let bench = Bench::sqlite().await;
    let mut door = bench.connect().await;
    door.runs("BEGIN IMMEDIATE").await.expect("the only writer");
    let wish = |n| bench.store.commit(bench.outbox(put(bench.notice(&format!("row-{n}")), false)));
    let mut waiting = Box::pin(join_all((0..10).map(wish)));

    // The others' task has its turn, and nobody has an answer.
    for _ in 0..100 {
        tokio::select! {
            biased;
            _ = &mut waiting => panic!("told too early"),
            () = tokio::task::yield_now() => {}
        }
    }
    door.runs("ROLLBACK").await.expect("free");

    assert!(waiting.await.into_iter().all(|result| result.is_ok()));
}

/// The number of an entry that would be one too large breaks whoever counts.
#[tokio::test]
async fn what_breaks_is_not_acknowledged_and_the_next_ones_are_stored() {
    let bench = Bench::sqlite().await;
    let mut door = bench.connect().await;
    let last = format!("UPDATE heads SET seq = {} WHERE practice_id = 'northside'", i64::MAX);
    door.runs(&last).await.expect("changed");
    let wish = || Change::new(bench.harbor.clone(), bench.change().at);

    let (broken, beside) =
        tokio::join!(bench.store.commit(bench.draft(1)), bench.store.commit(wish()));

    assert!(matches!(broken, Err(StoreError::Failed(_))), "{broken:?}");
    assert!(matches!(beside, Ok(_) | Err(StoreError::Failed(_))), "{beside:?}");
    assert_eq!(bench.store.posts(&bench.northside).await.expect("readable"), []);
    bench.store.commit(wish()).await.expect("goes on");
}
