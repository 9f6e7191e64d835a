//! A change is committed whole or not at all, under what it was decided under.

use countersign::domain::entry::What;
use countersign::domain::neighbor::Neighbor;
use countersign::domain::post::{Cause, Draft, Hold, State};
use countersign::domain::slot::Slot;
use countersign::ports::store::{Change, MediaBytes, Store};

use super::bench::{Bench, promises};
use super::values::{at, card, conflict, entry, message, picture, practice, put, shift, signed};

promises!(
    a_practice_comes_back_as_it_was,
    a_practice_is_founded_once,
    a_post_comes_back_as_it_was,
    open_posts_are_those_on_their_way,
    the_newest_posts_beside_one_come_first,
    a_revision_comes_back_as_it_was_signed,
    a_revision_never_changes,
    decisions_about_older_revisions_do_not_count,
    what_was_decided_under_an_old_version_is_not_written,
    two_posts_do_not_share_a_number,
    a_practice_that_changed_is_decided_about_again,
    a_practice_that_another_process_changed_is_read_anew,
    a_stop_is_a_new_version_of_the_practice,
    an_event_is_handled_once,
    two_processes_commit_side_by_side,
    of_two_changes_at_once_one_is_committed,
    nothing_of_a_conflicted_change_stays,
    a_change_that_nobody_waits_for_is_whole_or_not_at_all,
);

async fn a_practice_comes_back_as_it_was(bench: &Bench) {
    let back = bench.store.practice(&bench.northside).await.expect("read");

    assert_eq!(back, Some(practice(&bench.northside)));
    let all = bench.store.practices().await.expect("read");
    assert_eq!(all, [bench.harbor.clone(), bench.northside.clone()]);
}

async fn a_practice_is_founded_once(bench: &Bench) {
    let same = practice(&bench.northside);

    conflict(&bench.store.found(&same, at(1), &[]).await);
}

async fn a_post_comes_back_as_it_was(bench: &Bench) {
    let mut post = bench.submitted().await;
    post.decisions = vec![signed("rao", 20), signed("kim", 20)];
    post.hold = Some(Hold { by: None, cause: Some(Cause::Limits) });
    post.draft =
        Draft { pictures: vec![picture("aa")], slot: Some(Slot::At(at(150))), ..post.draft };

    bench.save(&post).await;

    post.version += 1;
    assert_eq!(bench.load(1).await, post);
    let same = bench.store.post(&bench.northside, &post.id).await;
    assert_eq!(same.expect("read"), Some(post.clone()));
    let all = bench.store.posts(&bench.northside).await.expect("read");
    assert_eq!(all, [post]);
}

async fn open_posts_are_those_on_their_way(bench: &Bench) {
    let all = State::ALL.iter().zip(1..);
    for (state, number) in all {
        let mut change = bench.draft(number);
        change.post.as_mut().expect("a post").state = *state;
        bench.commit(change).await;
    }

    let open = bench.store.open_posts(&bench.northside).await.expect("read");

    let states: Vec<State> = open.iter().map(|post| post.state).collect();
    let (on_their_way, missed) = (&State::ALL[..4], State::Missed);
    assert_eq!(states, [on_their_way, &[missed]].concat());
}

async fn the_newest_posts_beside_one_come_first(bench: &Bench) {
    for number in 1..=4 {
        bench.commit(bench.draft(number)).await;
    }
    let mut third = bench.load(3).await;
    (third.state, third.slot) = (State::Published, Some(at(150)));
    bench.save(&third).await;
    let fourth = bench.load(4).await;

    let newest = bench.store.newest(&bench.northside, &fourth.id, 2).await.expect("read");

    let numbers: Vec<i64> = newest.iter().map(|one| one.number).collect();
    assert_eq!(numbers, [3, 2]);
    let draft = third.draft;
    assert_eq!(newest[0], Neighbor { number: 3, state: third.state, draft, slot: third.slot });
}

async fn a_revision_comes_back_as_it_was_signed(bench: &Bench) {
    let post = bench.submitted().await;

    let content = bench.store.content(&bench.northside, &post.id, 1).await;

    let content = content.expect("read").expect("a content");
    assert_eq!(Some(content.hash()), post.hash);
    let none = bench.store.content(&bench.northside, &post.id, 2).await;
    assert_eq!(none.expect("read"), None);
}

async fn a_revision_never_changes(bench: &Bench) {
    let post = bench.submitted().await;
    let mut change = bench.revision(&post);
    change.content.as_mut().expect("a content").revision = 1;

    conflict(&bench.store.commit(change).await);
}

async fn decisions_about_older_revisions_do_not_count(bench: &Bench) {
    let mut post = bench.submitted().await;
    post.decisions = vec![signed("rao", 20)];
    bench.save(&post).await;

    bench.commit(bench.revision(&bench.load(1).await)).await;

    assert_eq!(bench.load(1).await.decisions, []);
}

async fn what_was_decided_under_an_old_version_is_not_written(bench: &Bench) {
    let post = bench.post().await;
    bench.save(&post).await;

    let late = Change { post: Some(post), ..bench.change() };

    conflict(&bench.store.commit(late).await);
}

async fn two_posts_do_not_share_a_number(bench: &Bench) {
    let next = || bench.store.next_number(&bench.northside);
    assert_eq!(next().await.expect("read"), 1);
    bench.post().await;
    assert_eq!(next().await.expect("read"), 2);
    let mut other = bench.draft(2);
    other.post.as_mut().expect("a post").number = 1;

    conflict(&bench.store.commit(other).await);
}

async fn a_practice_that_changed_is_decided_about_again(bench: &Bench) {
    let decided_under = |version| Change { practice_version: Some(version), ..bench.draft(1) };

    conflict(&bench.store.commit(decided_under(2)).await);
    bench.commit(decided_under(1)).await;
}

/// It was read before, and is not taken for what it was then.
async fn a_practice_that_another_process_changed_is_read_anew(bench: &Bench) {
    let other = bench.another().await;
    let read = async || bench.store.practice(&bench.northside).await.expect("read").expect("there");
    let mut practice = read().await;
    "Northside".clone_into(&mut practice.name);
    "Thomas".clone_into(&mut practice.members[0].name);
    let change = Change { practice_after: Some(practice.clone()), ..bench.change() };

    other.commit(change).await.expect("committed");

    let after = read().await;
    assert_eq!((after.name, after.members), (practice.name, practice.members));
    let stop = Change { stopped: Some(true), ..bench.change() };
    other.commit(stop).await.expect("committed");
    assert!(read().await.stopped);
}

async fn a_stop_is_a_new_version_of_the_practice(bench: &Bench) {
    let stopped = |stopped| Change { stopped: Some(stopped), ..bench.change() };
    let load = || bench.store.practice(&bench.northside);

    bench.commit(stopped(true)).await;
    let halted = load().await.expect("read").expect("a practice");
    bench.commit(stopped(false)).await;
    let released = load().await.expect("read").expect("a practice");

    assert_eq!((halted.stopped, halted.version), (true, 2));
    assert_eq!((released.stopped, released.version), (false, 3));
}

async fn an_event_is_handled_once(bench: &Bench) {
    let seq = bench.receive("ev-1").await;
    let handle = || Change { handled: Some(seq), ..bench.change() };

    bench.commit(handle()).await;

    assert_eq!(bench.store.unhandled(0, 9).await.expect("read"), []);
    conflict(&bench.store.commit(handle()).await);
}

async fn two_processes_commit_side_by_side(bench: &Bench) {
    let other = bench.another().await;
    for round in 0..30 {
        let wish = |who: &str| {
            let row = bench.notice(&format!("{who} {round}"));
            bench.outbox(put(row, false))
        };

        let (one, two) = tokio::join!(bench.store.commit(wish("one")), other.commit(wish("two")));

        one.and(two).expect("both committed");
    }
}

async fn of_two_changes_at_once_one_is_committed(bench: &Bench) {
    let other = bench.another().await;
    bench.post().await;
    for _ in 0..20 {
        let change = bench.revision(&bench.load(1).await);

        let (one, two) = tokio::join!(bench.store.commit(change.clone()), other.commit(change));

        let lost = if one.is_ok() { two } else { one };
        conflict(&lost);
    }
    assert_eq!(bench.load(1).await.revision, 20);
}

async fn nothing_of_a_conflicted_change_stays(bench: &Bench) {
    let post = bench.post().await;
    let seq = bench.receive("ev-1").await;
    let before = bench.seq().await;
    let mut change = Change {
        handled: Some(seq),
        stopped: Some(true),
        media: vec![MediaBytes {
            sha256: "aa".to_owned(),
            media_type: "image/png".to_owned(),
            bytes: vec![1, 2, 3],
        }],
        outbox: vec![put(bench.notice("row-1"), false)],
        card: Some(card("m1", &post)),
        ..bench.revision(&post)
    };
    // The last of all writes is the one that conflicts.
    change.outbox.push(shift(&bench.notice("no such row")));

    let result = bench.store.commit(change).await;

    conflict(&result);
    let store = &bench.store;
    assert_eq!(bench.load(1).await, post);
    assert_eq!(bench.seq().await, before);
    assert_eq!(bench.row("row-1").await, None);
    let media = store.media(&bench.northside, "aa").await;
    assert_eq!(media.expect("read"), None);
    let content = store.content(&bench.northside, &post.id, 1).await;
    assert_eq!(content.expect("read"), None);
    let card = store.card(&bench.northside, &message("m1")).await;
    assert_eq!(card.expect("read"), None);
    assert_eq!(store.unhandled(0, 9).await.expect("read").len(), 1);
    let practice = store.practice(&bench.northside).await.expect("read");
    assert!(!practice.expect("a practice").stopped);
}

async fn a_change_that_nobody_waits_for_is_whole_or_not_at_all(bench: &Bench) {
    let before = bench.seq().await;
    let mut committed = 0;
    for patience in 0..60 {
        let id = format!("row-{patience}");
        let change = Change {
            entries: vec![entry(What::Stopped, None)],
            ..bench.outbox(put(bench.notice(&id), false))
        };

        tokio::select! {
            biased;
            () = turns(patience) => {}
            head = bench.store.commit(change) => drop(head.expect("committed")),
        }

        // A commit of its own shows that the store goes on.
        bench.commit(bench.change()).await;
        committed += i64::from(bench.row(&id).await.is_some());
        assert_eq!(bench.seq().await, before + committed, "{id}");
    }
}

/// Lets others run so many times.
async fn turns(count: usize) {
    for _ in 0..count {
        tokio::task::yield_now().await;
    }
}
