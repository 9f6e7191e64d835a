//! Workers: who claims what, until when, and what becomes of it when they die.

use std::collections::BTreeSet;

use countersign::domain::outbox::{Row, RowKind, RowState};
use countersign::ports::store::{Change, Kinds, Store};

use super::bench::{Bench, promises};
use super::values::{at, conflict, put, shift_to};

promises!(
    a_claim_takes_what_is_due_and_no_more,
    a_claim_tells_what_may_be_live_from_what_is_not,
    what_was_claimed_is_not_claimed_again,
    two_workers_never_share_a_row,
    a_worker_that_died_is_found_out,
    a_worker_that_lives_keeps_its_rows,
    a_row_taken_back_is_not_its_old_holders,
    the_next_due_time_is_the_soonest_of_all,
    notices_looks_and_all_else_are_worked_off_apart,
);

async fn a_claim_takes_what_is_due_and_no_more(bench: &Bench) {
    for (id, due) in [("late", 12), ("early", 11), ("now", 20), ("not yet", 21)] {
        let row = Row { due: at(due), ..bench.notice(id) };
        bench.write(put(row, false)).await;
    }

    let first = bench.store.claim(at(20), at(80), (2, Kinds::All)).await.expect("claimed");
    let rest = bench.store.claim(at(20), at(80), (9, Kinds::All)).await.expect("claimed");

    assert_eq!(ids(&first), ["early", "late"]);
    assert_eq!(ids(&rest), ["now"]);
}

async fn a_claim_tells_what_may_be_live_from_what_is_not(bench: &Bench) {
    let mut ready = bench.row_in("ready", RowState::Ready).await;
    let mut unknown = bench.row_in("unknown", RowState::Unknown).await;

    let claimed = bench.store.claim(at(20), at(80), (9, Kinds::All)).await.expect("claimed");

    ready = Row {
        state: RowState::Leased,
        attempts: ready.attempts + 1,
        fence: ready.fence + 1,
        lease_until: Some(at(80)),
        ..ready
    };
    unknown = Row {
        state: RowState::Resolving,
        fence: unknown.fence + 1,
        lease_until: Some(at(80)),
        ..unknown
    };
    assert_eq!(claimed, [ready.clone(), unknown.clone()]);
    assert_eq!(bench.row("ready").await, Some(ready));
    assert_eq!(bench.row("unknown").await, Some(unknown));
}

async fn what_was_claimed_is_not_claimed_again(bench: &Bench) {
    for state in RowState::ALL {
        bench.row_in(state.as_str(), *state).await;
    }

    let claimed = bench.store.claim(at(20), at(80), (99, Kinds::All)).await;
    let again = bench.store.claim(at(20), at(80), (99, Kinds::All)).await;

    assert_eq!(ids(&claimed.expect("claimed")), ["ready", "unknown"]);
    assert_eq!(again.expect("claimed"), []);
}

async fn two_workers_never_share_a_row(bench: &Bench) {
    let rows = (0..400).map(|n| put(bench.notice(&format!("row-{n:03}")), false));
    let change = Change { outbox: rows.collect(), ..bench.change() };
    bench.commit(change).await;
    let other = bench.another().await;

    let (mut one, mut two) = (Vec::new(), Vec::new());
    loop {
        let (by_one, by_two) = tokio::join!(
            bench.store.claim(at(20), at(80), (3, Kinds::All)),
            other.claim(at(20), at(80), (3, Kinds::All)),
        );
        let (by_one, by_two) = (by_one.expect("claimed"), by_two.expect("claimed"));
        if by_one.is_empty() && by_two.is_empty() {
            break;
        }
        one.extend(ids(&by_one));
        two.extend(ids(&by_two));
    }

    let all: BTreeSet<&String> = one.iter().chain(&two).collect();
    assert_eq!(all.len(), 400, "every row was claimed");
    assert_eq!(one.len() + two.len(), 400, "no row has two holders");
    assert!(one.len() > 150 && two.len() > 150, "both worked");
}

async fn a_worker_that_died_is_found_out(bench: &Bench) {
    for (state, becomes, due) in [
        (RowState::Leased, RowState::Ready, at(10)),
        (RowState::Sending, RowState::Unknown, at(90)),
        (RowState::Resolving, RowState::Unknown, at(90)),
    ] {
        let before = bench.row_in(state.as_str(), state).await;

        let expired = bench.store.expire(at(60), at(90)).await;

        assert_eq!(expired.expect("expired"), 1, "{state}");
        let after = Row { state: becomes, due, lease_until: None, ..before };
        assert_eq!(bench.row(state.as_str()).await, Some(after), "{state}");
    }
}

async fn a_worker_that_lives_keeps_its_rows(bench: &Bench) {
    for state in RowState::ALL {
        bench.row_in(state.as_str(), *state).await;
    }

    let expired = bench.store.expire(at(59), at(90)).await;

    assert_eq!(expired.expect("expired"), 0);
}

async fn a_row_taken_back_is_not_its_old_holders(bench: &Bench) {
    let old = bench.row_in("row-1", RowState::Leased).await;
    bench.store.expire(at(60), at(90)).await.expect("expired");
    let new = bench.store.claim(at(61), at(121), (9, Kinds::All)).await;

    let late = bench.outbox(shift_to(&old, Row { state: RowState::Sending, ..old.clone() }));

    conflict(&bench.store.commit(late).await);
    let row = bench.row("row-1").await;
    assert_eq!(row.as_ref(), new.expect("claimed").first());
}

async fn the_next_due_time_is_the_soonest_of_all(bench: &Bench) {
    let next = || async { bench.store.next_due(Kinds::All).await.expect("read") };
    assert_eq!(next().await, None);

    bench.row_in("done", RowState::Done).await;
    bench.row_in("parked", RowState::Parked).await;
    assert_eq!(next().await, None);

    let sending = bench.row_in("sending", RowState::Sending).await;
    assert_eq!(next().await, sending.lease_until);

    for due in [70, 40] {
        let row = Row { due: at(due), ..bench.notice(&format!("due {due}")) };
        bench.write(put(row, false)).await;
    }
    assert_eq!(next().await, Some(at(40)));

    bench.row_in("unknown", RowState::Unknown).await;
    assert_eq!(next().await, Some(at(10)));
}

async fn notices_looks_and_all_else_are_worked_off_apart(bench: &Bench) {
    for (id, kind, due) in [
        ("close", RowKind::WindowClose, 11),
        ("look", RowKind::Look, 12),
        ("received", RowKind::Engagement, 9),
        ("notice", RowKind::Notice, 13),
        ("another", RowKind::Notice, 14),
    ] {
        let row = Row { kind, due: at(due), ..bench.notice(id) };
        bench.write(put(row, false)).await;
    }
    let next = async |kinds| bench.store.next_due(kinds).await.expect("read");
    let claim = async |limit, kinds| {
        ids(&bench.store.claim(at(20), at(80), (limit, kinds)).await.expect("claimed"))
    };

    assert_eq!(next(Kinds::Notices).await, Some(at(13)));
    assert_eq!(next(Kinds::Engagement).await, Some(at(9)));
    assert_eq!(next(Kinds::Others).await, Some(at(11)));
    assert_eq!(claim(1, Kinds::Notices).await, ["notice"]);
    assert_eq!(claim(9, Kinds::Others).await, ["close", "look"]);
    assert_eq!(next(Kinds::Others).await, Some(at(80)), "the leases");
    assert_eq!(claim(9, Kinds::All).await, ["received", "another"]);
}

fn ids(rows: &[Row]) -> Vec<String> {
    rows.iter().map(|row| row.id.to_string()).collect()
}
