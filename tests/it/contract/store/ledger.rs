//! The chain: every entry in its place, signed, and its end written outside too.

use countersign::domain::canonical::hex;
use countersign::domain::entry::What;
use countersign::domain::ids::{PostId, PracticeId};
use countersign::domain::ledger::{Entry, Head, Walk};
use countersign::ports::store::{Change, Store, StoreError};

use super::bench::{Bench, promises};
use super::values::{at, conflict, entry, key, practice, put};

promises!(
    a_chain_walks_after_many_commits,
    a_chain_walks_after_two_processes_wrote_it,
    a_commit_returns_the_new_head,
    a_change_without_entries_leaves_the_head,
    entries_come_in_pages,
    entries_about_a_post_are_found,
    each_chain_is_found_with_its_first_entry,
    a_practice_without_a_chain_commits_nothing,
    heads_are_written_outside_too,
);

async fn a_chain_walks_after_many_commits(bench: &Bench) {
    for number in 1..=20 {
        bench.commit(bench.draft(number)).await;
        let post = bench.load(number).await;
        bench.commit(bench.revision(&post)).await;
    }

    walk(bench, 41).await;
}

async fn a_chain_walks_after_two_processes_wrote_it(bench: &Bench) {
    let other = bench.another().await;
    let entry = || Change {
        entries: vec![entry(What::Stopped, None), entry(What::Released, None)],
        ..bench.change()
    };

    for _ in 0..20 {
        let (one, two) = tokio::join!(bench.store.commit(entry()), other.commit(entry()));
        one.and(two).expect("both committed");
    }

    walk(bench, 81).await;
}

async fn a_commit_returns_the_new_head(bench: &Bench) {
    let change = Change {
        entries: vec![entry(What::Stopped, None), entry(What::Released, None)],
        ..bench.change()
    };

    let head = bench.store.commit(change).await.expect("committed");

    let stored = bench.store.head(&bench.northside).await.expect("read");
    assert_eq!((head, head.seq), (stored, 3));
    let entries = bench.store.entries(&bench.northside, 2, 9).await;
    let (last, body) = entries.expect("read").pop().expect("an entry");
    assert_eq!(last.hash, head.hash);
    let body = body.expect("a body");
    assert_eq!((body.hash(), body.name.as_str()), (last.entry.body_hash, "Tomas"));
}

async fn a_change_without_entries_leaves_the_head(bench: &Bench) {
    let before = bench.store.head(&bench.northside).await.expect("read");

    let put = put(bench.notice("row-1"), false);
    let after = bench.store.commit(bench.outbox(put)).await;

    assert_eq!(after.expect("committed"), before);
}

async fn entries_come_in_pages(bench: &Bench) {
    for number in 1..=4 {
        bench.commit(bench.draft(number)).await;
    }

    let page = bench.store.entries(&bench.northside, 1, 3).await;

    let page = page.expect("read").into_iter();
    let seqs: Vec<i64> = page.map(|(sealed, _)| sealed.entry.seq).collect();
    assert_eq!(seqs, [2, 3, 4]);
}

async fn entries_about_a_post_are_found(bench: &Bench) {
    bench.commit(bench.draft(1)).await;
    bench.commit(bench.draft(2)).await;
    bench.commit(bench.revision(&bench.load(1).await)).await;

    let about = bench.store.entries_of(&bench.northside, &PostId::new("post-1")).await;

    let about = about.expect("read").into_iter();
    let seqs: Vec<i64> = about.map(|(sealed, _)| sealed.entry.seq).collect();
    assert_eq!(seqs, [2, 4]);
}

async fn each_chain_is_found_with_its_first_entry(bench: &Bench) {
    let first = async |after, limit| {
        let page = bench.store.first_entries(after, limit).await.expect("read");
        let what = |entry: Option<Entry>| entry.map(|entry| (entry.seq, entry.fact.what));
        let page = page.into_iter().map(|(practice, entry)| (practice.to_string(), what(entry)));
        page.collect::<Vec<_>>()
    };
    bench.commit(bench.draft(1)).await;
    let made = Some((1, What::PracticeMade { sample: true }));
    let (harbor, northside) = (("harbor".to_owned(), made.clone()), ("northside".to_owned(), made));

    assert_eq!(first("", 1).await, std::slice::from_ref(&harbor));
    assert_eq!(first("", 9).await, [harbor, northside.clone()]);
    assert_eq!(first("harbor", 9).await, [northside]);
    assert_eq!(first("northside", 9).await, []);
}

async fn a_practice_without_a_chain_commits_nothing(bench: &Bench) {
    let nobody = PracticeId::new("nobody");
    let change = Change {
        practice: nobody.clone(),
        entries: vec![entry(What::Stopped, None)],
        ..bench.change()
    };

    let result = bench.store.commit(change).await;

    assert!(matches!(result, Err(StoreError::Damaged(_))), "{result:?}");
    let new = practice(&nobody);
    let same_channels = bench.store.found(&new, at(1), &[]).await;
    same_channels.expect("channels of its own");
    let head = bench.store.head(&nobody).await;
    assert_eq!(head.expect("read"), Head::NONE);
}

async fn heads_are_written_outside_too(bench: &Bench) {
    bench.commit(bench.draft(1)).await;
    let late = bench.draft(1);
    conflict(&bench.store.commit(late).await);

    let log = std::fs::read_to_string(bench.heads_log()).expect("a log");

    let entries = bench.store.entries(&bench.northside, 0, 9).await;
    let expected = entries.expect("read").into_iter().map(|(sealed, _)| {
        let (hash, signature) = (hex::encode(&sealed.hash), hex::encode(&sealed.signature));
        format!("northside {} {hash} {signature}", sealed.entry.seq)
    });
    let northside = log.lines().filter(|line| line.starts_with("northside "));
    assert_eq!(northside.map(str::to_owned).collect::<Vec<_>>(), expected.collect::<Vec<_>>());
}

async fn walk(bench: &Bench, length: i64) {
    let mut walk = Walk::new(bench.northside.clone());
    let entries = bench.store.entries(&bench.northside, 0, 999).await;
    for (sealed, body) in entries.expect("read") {
        let step = walk.step(&sealed, &key().verifying_key());
        assert_eq!(step, Ok(()));
        let body = body.map(|body| body.hash());
        assert_eq!(body, Some(sealed.entry.body_hash));
    }
    assert_eq!(walk.head().seq, length);
    let head = bench.store.head(&bench.northside).await;
    assert_eq!(head.expect("read"), walk.head());
}
