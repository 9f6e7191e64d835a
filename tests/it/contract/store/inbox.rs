//! Events are stored once, in the order of their numbers, until they are handled.

use std::collections::BTreeMap;

use countersign::domain::ids::EventId;
use countersign::ports::store::{Change, Edits, Screened, Shell, Store};

use super::bench::{Bench, promises};
use super::values::{at, identity, message, said};

promises!(
    an_event_comes_back_as_it_was,
    an_event_delivered_twice_has_one_number,
    an_event_delivered_to_two_processes_has_one_number,
    a_handled_event_keeps_its_number,
    an_event_that_fails_too_often_is_put_aside,
    one_event_that_cannot_be_read_hides_no_other,
    events_wait_in_the_order_of_their_numbers,
    what_was_attested_is_attested_in_its_practice_alone,
);

async fn an_event_comes_back_as_it_was(bench: &Bench) {
    let shell = Shell {
        author: None,
        id: EventId::new("ev-2"),
        at: at(5),
        from: identity("northside", "tomas"),
        message: message("m2"),
        edits: Some(Edits::Number { number: 4 }),
        told: true,
        still_there: true,
    };
    let blocked = Screened::Blocked {
        shell: shell.clone(),
        rules: vec!["phi.name".to_owned()],
        traces: vec!["ab".to_owned()],
    };
    let unscreened = Screened::Unscreened { shell: Shell { id: EventId::new("ev-3"), ..shell } };
    let events = [said("ev-1"), blocked, unscreened];
    for event in &events {
        let stored = bench.store.receive(&bench.northside, event, at(6)).await;
        stored.expect("stored");
    }

    let back = bench.store.unhandled(0, 9).await.expect("read");

    let back: Vec<Screened> = back.into_iter().filter_map(|inboxed| inboxed.event).collect();
    assert_eq!(back, events);
}

async fn what_was_attested_is_attested_in_its_practice_alone(bench: &Bench) {
    let seq = bench.receive("ev-1").await;
    let traces = |of: &[&str]| of.iter().map(|trace| (*trace).to_owned()).collect::<Vec<_>>();
    for _ in 0..2 {
        bench.commit(Change { attested: traces(&["ab", "cd"]), ..bench.change() }).await;
    }

    let knows = async |whose, of: &[&str]| {
        bench.store.attested(whose, &traces(of)).await.expect("readable")
    };

    assert!(knows(&bench.northside, &["cd", "ab"]).await);
    assert!(!knows(&bench.northside, &["ab", "ef"]).await);
    assert!(!knows(&bench.harbor, &["ab"]).await);
    let each = async |whose| bench.store.attestations(whose).await.expect("readable");
    let since = bench.change().at;
    let both = ["ab", "cd"].map(|trace| (trace.to_owned(), since));
    assert_eq!(each(&bench.northside).await, BTreeMap::from(both));
    assert!(each(&bench.harbor).await.is_empty());
    let event = async |whose| bench.store.inboxed(whose, seq).await.expect("readable");
    assert_eq!(event(&bench.northside).await, Some(said("ev-1")));
    assert_eq!(event(&bench.harbor).await, None);
}

async fn an_event_delivered_twice_has_one_number(bench: &Bench) {
    let receive = |id| {
        let event = said(id);
        async move { bench.store.receive(&bench.northside, &event, at(5)).await }
    };

    let first = receive("ev-1").await.expect("stored");
    let again = receive("ev-1").await.expect("known");
    let other = receive("ev-2").await.expect("stored");

    assert_eq!((first.1, again), (true, (first.0, false)));
    assert!(other.1 && other.0 > first.0, "{other:?} after {first:?}");
    assert_eq!(bench.store.unhandled(0, 9).await.expect("read").len(), 2);
}

async fn an_event_delivered_to_two_processes_has_one_number(bench: &Bench) {
    let other = bench.another().await;

    for n in 0..20 {
        let event = said(&format!("ev-{n}"));
        let (one, two) = tokio::join!(
            bench.store.receive(&bench.northside, &event, at(5)),
            other.receive(&bench.northside, &event, at(5)),
        );
        let (one, two) = (one.expect("received"), two.expect("received"));
        assert_eq!(one.0, two.0, "one number");
        assert_ne!(one.1, two.1, "new to one of them");
    }
}

async fn a_handled_event_keeps_its_number(bench: &Bench) {
    let seq = bench.receive("ev-1").await;
    let handled = Change { handled: Some(seq), ..bench.change() };
    bench.commit(handled).await;

    let event = said("ev-1");
    let again = bench.store.receive(&bench.northside, &event, at(9)).await;

    assert_eq!(again.expect("known"), (seq, false));
    assert_eq!(bench.store.unhandled(0, 9).await.expect("read"), []);
}

async fn an_event_that_fails_too_often_is_put_aside(bench: &Bench) {
    let seq = bench.receive("ev-1").await;
    let fail = || bench.store.failed(&bench.northside, seq, 2);

    fail().await.expect("counted");
    let waiting = bench.store.unhandled(0, 9).await.expect("read");
    fail().await.expect("counted");

    assert_eq!(waiting[0].failures, 1);
    assert_eq!(bench.store.unhandled(0, 9).await.expect("read"), []);
}

async fn one_event_that_cannot_be_read_hides_no_other(bench: &Bench) {
    let (first, second) = (bench.receive("ev-1").await, bench.receive("ev-2").await);
    let mut on = bench.connect().await;
    let damage = "UPDATE inbox SET payload = 'Mrs. Doe' WHERE event_id = 'ev-1'";
    on.runs(damage).await.expect("damaged");

    let waiting = bench.store.unhandled(0, 9).await.expect("read");
    let after = bench.store.unhandled(first, 9).await.expect("read");

    let found: Vec<_> = waiting.iter().map(|i| (i.seq, i.event.is_some())).collect();
    assert_eq!(found, [(first, false), (second, true)]);
    assert_eq!(after, waiting[1..]);
}

async fn events_wait_in_the_order_of_their_numbers(bench: &Bench) {
    let mut numbers = Vec::new();
    for n in (0..5).rev() {
        numbers.push(bench.receive(&format!("ev-{n}")).await);
    }

    let waiting = bench.store.unhandled(0, 3).await.expect("read");

    let seqs: Vec<i64> = waiting.iter().map(|inboxed| inboxed.seq).collect();
    assert_eq!(seqs, numbers[..3]);
}
