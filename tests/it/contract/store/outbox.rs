//! What must leave: wishes, the holder's writes, and wishes that come while something is in flight.

use std::slice::from_ref;

use countersign::domain::ids::RowId;
use countersign::domain::outbox::{Row, RowKind, RowState};
use countersign::domain::post::Publication;
use countersign::ports::store::{Change, OutboxWrite, Store, StoreError};

use super::bench::{Bench, promises};
use super::values::{at, conflict, put, shift_to};

promises!(
    a_row_waits_as_it_was_put,
    what_waits_or_ended_starts_again_when_put_again,
    a_leased_publication_starts_again_when_put_again,
    a_leased_notice_starts_again_when_its_worker_is_done,
    a_refresh_never_brings_older_words_back,
    what_is_done_starts_again_only_when_asked_to,
    what_may_be_live_does_not_start_again,
    a_refresh_waits_for_the_end_of_the_flight,
    a_refresh_waits_through_a_look_up,
    a_refresh_waits_as_long_as_the_platform_says,
    a_stale_fence_has_no_effect,
    a_stale_state_has_no_effect,
    only_what_has_not_left_is_ended,
    a_row_does_not_end_unsent_as_done,
    waking_makes_publications_due_whose_slot_has_come,
    a_post_has_its_publications,
);

async fn a_row_waits_as_it_was_put(bench: &Bench) {
    let post = bench.submitted().await;
    let wish = Row {
        state: RowState::Sending,
        fence: 7,
        attempts: 7,
        payload: "{\"n\":1}".to_owned(),
        remote: Some("remote-1".to_owned()),
        url: Some("https://example.org/1".to_owned()),
        ..bench.publication("row-1", &post)
    };

    bench.write(put(wish.clone(), false)).await;

    let waits = Row { state: RowState::Ready, fence: 0, attempts: 0, ..wish };
    assert_eq!(bench.row("row-1").await, Some(waits));
}

async fn what_waits_or_ended_starts_again_when_put_again(bench: &Bench) {
    for state in [RowState::Ready, RowState::Refused, RowState::Missed, RowState::Cancelled] {
        let id = state.as_str();
        let before = bench.row_in(id, state).await;

        bench.write(put(newer(&before), false)).await;

        let after = bench.row(id).await.expect("a row");
        assert_eq!(after, started_again(&before), "{state}");
    }
}

async fn a_leased_publication_starts_again_when_put_again(bench: &Bench) {
    let post = bench.submitted().await;
    let leased = bench.bring(bench.publication("row-1", &post), RowState::Leased).await;

    bench.write(put(newer(&leased), false)).await;

    assert_eq!(bench.row("row-1").await, Some(started_again(&leased)));
}

async fn a_leased_notice_starts_again_when_its_worker_is_done(bench: &Bench) {
    for again in [false, true] {
        let id = format!("again {again}");
        let leased = bench.row_in(&id, RowState::Leased).await;

        bench.write(put(newer(&leased), again)).await;
        assert_eq!(bench.row(&id).await, Some(leased.clone()), "{id}");
        let sending = bench.moved(&leased, RowState::Sending).await;
        let after = bench.moved(&sending, RowState::Done).await;

        assert_eq!(after, started_again(&leased), "{id}");
    }
}

async fn a_refresh_never_brings_older_words_back(bench: &Bench) {
    let leased = bench.row_in("row-1", RowState::Leased).await;
    bench.write(put(newer(&leased), true)).await;
    bench.store.expire(at(60), at(90)).await.expect("expired");
    let newest = Row { payload: "{\"newest\":true}".to_owned(), ..leased };

    bench.write(put(newest.clone(), true)).await;
    let ready = bench.row("row-1").await.expect("a row");
    let done = bench.moved(&ready, RowState::Done).await;

    assert_eq!((done.state, done.payload), (RowState::Done, newest.payload));
}

async fn what_is_done_starts_again_only_when_asked_to(bench: &Bench) {
    let done = bench.row_in("row-1", RowState::Done).await;

    bench.write(put(newer(&done), false)).await;
    let without = bench.row("row-1").await.expect("a row");
    bench.write(put(newer(&done), true)).await;
    let with = bench.row("row-1").await.expect("a row");

    assert_eq!(without, done);
    assert_eq!(with, started_again(&done));
}

async fn what_may_be_live_does_not_start_again(bench: &Bench) {
    let post = bench.submitted().await;
    let may_be_live = RowState::ALL.iter().filter(|state| state.may_be_live());
    for (state, again) in may_be_live.flat_map(|state| [(*state, false), (*state, true)]) {
        let id = format!("{state} {again}");
        let row = bench.publication(&id, &post);
        let before = bench.bring(row, state).await;

        bench.write(put(newer(&before), again)).await;
        let after = bench.row(&id).await.expect("a row");
        assert_eq!(after, before, "{id}");

        let done = Row { state: RowState::Done, ..before };
        bench.write(shift_to(&after, done.clone())).await;
        assert_eq!(bench.row(&id).await, Some(done), "{id}");
    }
}

async fn a_refresh_waits_for_the_end_of_the_flight(bench: &Bench) {
    for end in [RowState::Done, RowState::Refused, RowState::Ready] {
        let id = end.as_str();
        let sending = bench.row_in(id, RowState::Sending).await;

        bench.write(put(newer(&sending), true)).await;
        assert_eq!(bench.row(id).await, Some(sending.clone()), "in flight");
        let landed = Row { state: end, ..sending.clone() };
        bench.write(shift_to(&sending, landed)).await;

        let after = bench.row(id).await.expect("a row");
        assert_eq!(after, started_again(&sending), "{end}");
        let ready = shift_to(&after, after.clone());
        bench.write(ready).await;
        assert_eq!(bench.row(id).await, Some(after), "it starts again once");
    }
}

async fn a_refresh_waits_through_a_look_up(bench: &Bench) {
    let sending = bench.row_in("row-1", RowState::Sending).await;
    bench.write(put(newer(&sending), true)).await;

    let unknown = bench.moved(&sending, RowState::Unknown).await;
    let resolving = bench.moved(&unknown, RowState::Resolving).await;
    assert_eq!(resolving.payload, sending.payload);
    let started = bench.moved(&resolving, RowState::Done).await;

    assert_eq!(started, started_again(&sending));
}

async fn a_refresh_waits_as_long_as_the_platform_says(bench: &Bench) {
    let sending = bench.row_in("row-1", RowState::Sending).await;
    bench.write(put(newer(&sending), true)).await;

    let later = Row { state: RowState::Ready, due: at(90), ..sending.clone() };
    bench.write(shift_to(&sending, later)).await;

    let row = bench.row("row-1").await.expect("a row");
    assert_eq!((row.due, row.payload.as_str()), (at(90), "{\"newer\":true}"));
}

async fn a_stale_fence_has_no_effect(bench: &Bench) {
    let leased = bench.row_in("row-1", RowState::Leased).await;
    let stale = Row { fence: leased.fence - 1, ..leased.clone() };
    let sending = Row { state: RowState::Sending, ..leased.clone() };

    let write = shift_to(&stale, sending);

    conflict(&bench.store.commit(bench.outbox(write)).await);
    assert_eq!(bench.row("row-1").await, Some(leased));
}

async fn a_stale_state_has_no_effect(bench: &Bench) {
    let leased = bench.row_in("row-1", RowState::Leased).await;
    let sending = bench.moved(&leased, RowState::Sending).await;

    let again = shift_to(&leased, sending.clone());

    conflict(&bench.store.commit(bench.outbox(again)).await);
    assert_eq!(bench.row("row-1").await, Some(sending));
}

async fn only_what_has_not_left_is_ended(bench: &Bench) {
    for state in RowState::ALL {
        let id = state.as_str();
        let before = bench.row_in(id, *state).await;

        let end = OutboxWrite::End { id: before.id.clone(), state: RowState::Missed };
        bench.write(end).await;

        let after = bench.row(id).await.expect("a row").state;
        let ended = if state.is_waiting() { RowState::Missed } else { *state };
        assert_eq!(after, ended, "{state}");
    }
}

async fn a_row_does_not_end_unsent_as_done(bench: &Bench) {
    let row = bench.row_in("row-1", RowState::Ready).await;
    let end = OutboxWrite::End { id: row.id.clone(), state: RowState::Done };

    let result = bench.store.commit(bench.outbox(end)).await;

    assert!(matches!(result, Err(StoreError::Damaged(_))), "{result:?}");
    assert_eq!(bench.row("row-1").await, Some(row));
}

async fn waking_makes_publications_due_whose_slot_has_come(bench: &Bench) {
    let mut post = bench.submitted().await;
    post.slot = Some(at(50));
    bench.save(&post).await;
    let later = |row| Row { due: at(100), ..row };
    for id in ["waits", "asked to wait"] {
        bench.write(put(later(bench.publication(id, &post)), false)).await;
    }
    let waits = bench.row("asked to wait").await.expect("a row");
    let asked = Row { trouble: Some("slow".to_owned()), ..waits.clone() };
    bench.write(shift_to(&waits, asked)).await;
    bench.write(put(later(bench.notice("notice")), false)).await;
    bench.write(put(bench.publication("overdue", &post), false)).await;
    bench.bring(later(bench.publication("unknown", &post)), RowState::Unknown).await;
    let rows = [("notice", 100), ("asked to wait", 100), ("overdue", 10), ("unknown", 100)];

    for (now, due) in [(49, 100), (50, 50)] {
        let wake = Change { at: at(now), ..bench.outbox(OutboxWrite::Wake) };
        bench.commit(wake).await;

        for (id, due) in rows.iter().chain(&[("waits", due)]) {
            assert_eq!(bench.row(id).await.expect("a row").due, at(*due), "{id} at {now}");
        }
    }
}

async fn a_post_has_its_publications(bench: &Bench) {
    let post = bench.submitted().await;
    bench.bring(bench.publication("pub-1", &post), RowState::Sending).await;
    let read_back = Row { kind: RowKind::ReadBack, ..bench.publication("back-1", &post) };
    bench.write(put(read_back, false)).await;

    let loaded = bench.load(1).await;

    let expected = Publication {
        id: bench.publication("pub-1", &post).id,
        account: post.draft.accounts[0].clone(),
        revision: 1,
        state: RowState::Sending,
    };
    assert_eq!(loaded.publications, [expected]);
    let all = bench.store.posts(&bench.northside).await.expect("read");
    assert_eq!(all, from_ref(&loaded));
    let open = bench.store.open_posts(&bench.northside).await;
    assert_eq!(open.expect("read"), [loaded]);
}

/// The same wish with newer words, from somebody who does not know the row's id.
fn newer(row: &Row) -> Row {
    Row {
        id: RowId::new(format!("another {}", row.id)),
        payload: "{\"newer\":true}".to_owned(),
        due: at(30),
        remote: None,
        url: None,
        ..row.clone()
    }
}

/// The row, as it waits with the newer wish.
fn started_again(row: &Row) -> Row {
    Row {
        id: row.id.clone(),
        state: RowState::Ready,
        fence: row.fence + 1,
        attempts: 0,
        look_ups: 0,
        lease_until: None,
        // A publication keeps since when it may have left: a lost request may land later.
        first_sent: row.first_sent.filter(|_| row.kind == RowKind::Publication),
        // A notice keeps where it stands, a publication its draft.
        remote: row.remote.clone(),
        url: None,
        trouble: None,
        ..newer(row)
    }
}
