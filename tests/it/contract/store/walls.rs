//! One practice never sees or touches what is another's, whatever ids it guesses.

use countersign::domain::ids::{PostId, PracticeId, RowId};
use countersign::domain::member::Platform;
use countersign::domain::outbox::RowState;
use countersign::domain::post::Post;
use countersign::ports::store::{Change, Idea, MediaBytes, OutboxWrite, Store, StoreError};
use jiff::Timestamp;

use super::bench::{Bench, promises};
use super::values::{at, card, channel, conflict, message, practice, put, said, shift, shift_to};

promises!(
    nothing_can_be_read_by_guessing_ids,
    nothing_can_be_written_by_guessing_ids,
    a_change_names_no_other_practice,
    the_same_ids_in_two_practices_are_two_things,
    a_channel_is_one_practices,
    an_account_is_found_in_each_practice_that_knows_it,
);

async fn nothing_can_be_read_by_guessing_ids(bench: &Bench) {
    let post = furnish(bench).await;
    let (store, other) = (&bench.store, &bench.harbor);

    assert_eq!(store.post(other, &post.id).await.expect("read"), None);
    assert_eq!(store.post_by_number(other, 1).await.expect("read"), None);
    assert_eq!(store.posts(other).await.expect("read"), []);
    assert_eq!(store.open_posts(other).await.expect("read"), []);
    assert_eq!(store.newest(other, &PostId::new("none"), 9).await.expect("read"), []);
    assert_eq!(store.next_number(other).await.expect("read"), 1);
    assert_eq!(store.content(other, &post.id, 1).await.expect("read"), None);
    assert_eq!(store.media(other, "aa").await.expect("read"), None);
    assert_eq!(store.card(other, &message("m1")).await.expect("read"), None);
    assert_eq!(store.cards(other, &post.id).await.expect("read"), []);
    assert_eq!(store.open_cards(other).await.expect("read"), []);
    assert_eq!(store.idea(other, &message("idea")).await.expect("read"), None);
    assert_eq!(store.idea_of(other, &post.id).await.expect("read"), None);
    let row = store.row(other, &RowId::new("row-1")).await;
    assert_eq!(row.expect("read"), None);
    assert_eq!(store.entries_of(other, &post.id).await.expect("read"), []);
    let entries = store.entries(other, 0, 99).await.expect("read");
    assert!(entries.iter().all(|(one, _)| one.entry.practice == *other));
    assert_eq!(store.head(other).await.expect("read").seq, 1);
}

async fn nothing_can_be_written_by_guessing_ids(bench: &Bench) {
    let mut post = furnish(bench).await;
    let row = bench.row("row-1").await.expect("a row");
    let seq = bench.receive("ev-1").await;
    let from_harbor = || Change::new(bench.harbor.clone(), at(20));

    post.practice = bench.harbor.clone();
    let steals_post = Change { post: Some(post.clone()), ..from_harbor() };
    let mut theirs = row.clone();
    theirs.practice = bench.harbor.clone();
    let moves_row = Change { outbox: vec![shift_to(&row, theirs)], ..from_harbor() };
    let handles = Change { handled: Some(seq), ..from_harbor() };
    for change in [steals_post, moves_row, handles] {
        conflict(&bench.store.commit(change).await);
    }
    let without_effect = Change {
        outbox: vec![
            OutboxWrite::Wake,
            OutboxWrite::End { id: row.id.clone(), state: RowState::Cancelled },
        ],
        card_gone: Some(message("m1")),
        stopped: Some(true),
        ..from_harbor()
    };
    bench.commit(without_effect).await;
    bench.store.failed(&bench.harbor, seq, 1).await.expect("no effect");

    assert_eq!(bench.row("row-1").await, Some(row));
    let card = bench.store.card(&bench.northside, &message("m1")).await;
    assert!(card.expect("read").is_some());
    assert_eq!(bench.store.unhandled(0, 9).await.expect("read").len(), 1);
    let practice = bench.store.practice(&bench.northside).await;
    assert!(!practice.expect("read").expect("a practice").stopped);
}

async fn an_account_is_found_in_each_practice_that_knows_it(bench: &Bench) {
    let of = async |user: &str, on| bench.store.practices_of(on, user).await.expect("read");
    let is = practice(&bench.northside).members[0].identities[0].clone();

    assert_eq!(of(&is.user, is.platform).await, [bench.harbor.clone(), bench.northside.clone()]);
    assert_eq!(of("nobody", is.platform).await, []);
    assert_eq!(of(&is.user, Platform::Discord).await, []);
}

async fn a_change_names_no_other_practice(bench: &Bench) {
    let post = bench.post().await;
    let of_northside = bench.revision(&post);
    let row = bench.notice("row-1");
    let harbor = || Change::new(bench.harbor.clone(), at(20));
    let changes = [
        Change { post: of_northside.post, ..harbor() },
        Change { content: of_northside.content, ..harbor() },
        Change { outbox: vec![put(row.clone(), false)], ..harbor() },
        Change { outbox: vec![shift(&row)], ..harbor() },
    ];

    for change in changes {
        let result = bench.store.commit(change).await;
        assert!(matches!(result, Err(StoreError::Damaged(_))), "{result:?}");
    }
}

async fn the_same_ids_in_two_practices_are_two_things(bench: &Bench) {
    let ours = bench.submitted().await;
    let mut theirs = bench.draft(1);
    theirs.practice = bench.harbor.clone();
    theirs.post.as_mut().expect("a post").practice = bench.harbor.clone();

    bench.commit(theirs).await;
    let event = said("ev-1");
    let one = bench.store.receive(&bench.northside, &event, at(5)).await;
    let two = bench.store.receive(&bench.harbor, &event, at(5)).await;

    assert_eq!(bench.load(1).await, ours);
    let theirs = bench.store.post(&bench.harbor, &ours.id).await;
    assert_eq!(theirs.expect("read").expect("a post").revision, 0);
    assert!(one.expect("stored").1 && two.expect("stored").1);
}

async fn a_channel_is_one_practices(bench: &Bench) {
    let binding = |workspace| {
        let ideas = channel(workspace, "ideas");
        async move { bench.store.binding(&ideas).await.expect("read") }
    };

    let northside = binding("northside").await.expect("bound");
    let harbor = binding("harbor").await.expect("bound");

    assert_eq!(northside.practice, bench.northside);
    assert_eq!(harbor.practice, bench.harbor);
    assert_eq!(binding("elsewhere").await, None);
    let mut thief = practice(&PracticeId::new("thief"));
    thief.channels[0].1 = channel("northside", "ideas");
    conflict(&bench.store.found(&thief, at(1), &[]).await);
}

/// Gives northside one of everything.
async fn furnish(bench: &Bench) -> Post {
    let post = bench.submitted().await;
    let media = MediaBytes {
        sha256: "aa".to_owned(),
        media_type: "image/png".to_owned(),
        bytes: vec![1, 2, 3],
    };
    let idea = Idea {
        at: message("idea"),
        member: post.author.clone(),
        text: "Flu shots".to_owned(),
        files: Vec::new(),
        typed: Timestamp::UNIX_EPOCH,
        answer: None,
        post: Some(post.id.clone()),
        dismissed: false,
        offered: None,
        pictured: None,
    };
    let everything = Change {
        media: vec![media],
        card: Some(card("m1", &post)),
        idea: Some(idea),
        outbox: vec![put(bench.publication("row-1", &post), false)],
        ..bench.change()
    };
    bench.commit(everything).await;
    let media = bench.store.media(&bench.northside, "aa").await;
    assert!(media.expect("read").is_some());
    post
}
