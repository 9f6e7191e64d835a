//! A date has one digest, whoever is faster; and when nobody was at work is written down once.

use countersign::domain::outbox::{Row, RowKind};
use countersign::domain::practice::Practice;
use countersign::ports::digests::{Digests, Made};
use countersign::ports::store::{Change, Store};
use jiff::SignedDuration;
use jiff::civil::Date;

use super::bench::{Bench, promises};
use super::values::{at, conflict, put};

promises!(
    a_date_has_one_digest,
    one_that_was_shown_is_where_the_next_begins,
    who_plans_nothing_yet_is_named,
    when_nobody_was_at_work_is_written_down_once,
);

const PATIENCE: SignedDuration = SignedDuration::from_secs(60);

fn made(date: &str, seq: i64, shown: bool) -> Made {
    Made { date: date.parse().expect("a date"), at: at(seq), seq, shown }
}

async fn makes(bench: &Bench, made: Made) {
    bench.commit(Change { digest: Some(made), ..bench.change() }).await;
}

async fn a_date_has_one_digest(bench: &Bench) {
    let first = made("2026-11-24", 10, false);
    makes(bench, first).await;
    let again = Change { digest: Some(made("2026-11-24", 12, false)), ..bench.change() };
    let row = Row { due: at(11), ..bench.notice("row-1") };
    let again = Change { outbox: vec![put(row, false)], ..again };
    let other = Change { digest: Some(first), ..Change::new(bench.harbor.clone(), at(10)) };

    conflict(&bench.store.commit(again).await);
    bench.commit(other).await;

    assert_eq!(bench.row("row-1").await, None, "all of it or nothing");
    let whose = &bench.northside;
    assert_eq!(bench.store.newest_digest(whose).await.expect("read"), Some(first));
    assert_eq!(bench.store.digest(whose, first.date).await.expect("read"), Some(first));
    let before = "2026-11-23".parse().expect("a date");
    assert_eq!(bench.store.digest(whose, before).await.expect("read"), None);
}

async fn one_that_was_shown_is_where_the_next_begins(bench: &Bench) {
    for (date, seq) in [("2026-11-22", 10), ("2026-11-23", 11), ("2026-11-24", 12)] {
        makes(bench, made(date, seq, false)).await;
    }
    makes(bench, made("2026-11-22", 10, true)).await;
    let before = async |date: &str| {
        let date: Date = date.parse().expect("a date");
        bench.store.shown_before(&bench.northside, date).await.expect("read")
    };

    let shown = Some(made("2026-11-22", 10, true));
    assert_eq!(before("2026-11-24").await, shown, "and not one that never stood there");
    assert_eq!(before("2026-11-22").await, None);
    makes(bench, made("2026-11-24", 12, true)).await;
    assert_eq!(before("2026-11-24").await, shown);
    assert_eq!(before("9999-12-31").await, Some(made("2026-11-24", 12, true)));
    let others = bench.store.shown_before(&bench.harbor, Date::MAX).await;
    assert_eq!(others.expect("read"), None);
}

async fn who_plans_nothing_yet_is_named(bench: &Bench) {
    let unplanned = async || bench.store.unplanned().await.expect("read");
    assert_eq!(unplanned().await, [bench.harbor.clone(), bench.northside.clone()]);

    let row = Row { kind: RowKind::Digest, due: at(99), ..bench.notice("row-1") };
    bench.write(put(row, true)).await;

    assert_eq!(unplanned().await, std::slice::from_ref(&bench.harbor));
}

async fn when_nobody_was_at_work_is_written_down_once(bench: &Bench) {
    bench.store.found(&Practice::instance(), at(1), &[]).await.expect("founded");
    let other = bench.another().await;
    for second in [1000, 1030, 1090] {
        bench.store.watch(at(second), PATIENCE).await.expect("noted");
    }
    let (one, two) =
        tokio::join!(bench.store.watch(at(2000), PATIENCE), other.watch(at(2001), PATIENCE));
    one.expect("noted");
    two.expect("noted");
    // A clock that is behind takes nothing back.
    other.watch(at(1500), PATIENCE).await.expect("noted");
    bench.store.watch(at(2050), PATIENCE).await.expect("noted");

    let gaps = bench.store.unwatched(at(0)).await.expect("read");
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    assert_eq!(gaps[0].0, at(1090));
    assert!([at(2000), at(2001)].contains(&gaps[0].1), "{gaps:?}");
    assert_eq!(bench.store.unwatched(at(2001)).await.expect("read"), []);
}
