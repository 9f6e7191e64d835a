//! Which message stands for what.

use countersign::domain::ids::{MemberId, PostId};
use countersign::ports::intake::FileRef;
use countersign::ports::store::{Card, Change, Idea, Pictured, Store, Word};
use jiff::Timestamp;

use super::bench::{Bench, promises};
use super::values::{card, conflict, message};

promises!(
    a_card_is_found_by_its_message,
    a_new_card_closes_the_older_ones,
    a_new_revision_closes_the_cards_of_older_ones,
    a_card_that_is_gone_is_forgotten,
    an_idea_is_found_by_its_message_and_by_its_answer,
    an_idea_becomes_one_post_only,
    an_answer_that_was_shown_is_not_forgotten,
);

async fn a_card_is_found_by_its_message(bench: &Bench) {
    let post = bench.submitted().await;
    let shown = card("m1", &post);

    bench.commit(showing(bench, shown.clone())).await;

    let find = |id| {
        let at = message(id);
        async move { bench.store.card(&bench.northside, &at).await }
    };
    assert_eq!(find("m1").await.expect("read"), Some(shown));
    assert_eq!(find("m2").await.expect("read"), None);
}

async fn a_new_card_closes_the_older_ones(bench: &Bench) {
    let post = bench.submitted().await;
    let draft = Card { revision: 0, hash: String::new(), ..card("m1", &post) };

    for card in [draft, card("m2", &post), card("m3", &post)] {
        bench.commit(showing(bench, card)).await;
    }

    assert_eq!(open(bench).await, ["m3"]);
    let whose = bench.store.with_open_cards().await.expect("read");
    assert_eq!(whose, std::slice::from_ref(&bench.northside), "and not harbor");
    let all = bench.store.cards(&bench.northside, &post.id).await;
    let all = all.expect("read").into_iter().map(|card| card.at.message);
    assert_eq!(all.collect::<Vec<_>>(), ["m1", "m2", "m3"]);
}

async fn a_new_revision_closes_the_cards_of_older_ones(bench: &Bench) {
    let post = bench.submitted().await;
    bench.commit(showing(bench, card("m1", &post))).await;
    bench.commit(bench.draft(2)).await;
    let other = bench.load(2).await;
    bench.commit(showing(bench, card("m2", &other))).await;

    bench.commit(bench.revision(&post)).await;

    assert_eq!(open(bench).await, ["m2"]);
}

async fn a_card_that_is_gone_is_forgotten(bench: &Bench) {
    let post = bench.submitted().await;
    bench.commit(showing(bench, card("m1", &post))).await;

    let gone = Change { card_gone: Some(message("m1")), ..bench.change() };
    bench.commit(gone).await;

    let cards = bench.store.cards(&bench.northside, &post.id).await;
    assert_eq!(cards.expect("read"), []);
}

async fn an_idea_is_found_by_its_message_and_by_its_answer(bench: &Bench) {
    let post = bench.post().await;
    let idea = Idea { answer: Some(message("answer")), post: Some(post.id.clone()), ..idea() };

    bench.commit(noting(bench, idea.clone())).await;

    for id in ["idea", "answer"] {
        let found = bench.store.idea(&bench.northside, &message(id)).await;
        assert_eq!(found.expect("read"), Some(idea.clone()), "by {id}");
    }
    let found = bench.store.idea_of(&bench.northside, &post.id).await;
    assert_eq!(found.expect("read"), Some(idea));
    let none = bench.store.idea(&bench.northside, &message("m1")).await;
    assert_eq!(none.expect("read"), None);
}

async fn an_idea_becomes_one_post_only(bench: &Bench) {
    for number in [1, 2] {
        bench.commit(bench.draft(number)).await;
    }
    let made = |id: &str| Idea { post: Some(PostId::new(id)), ..idea() };

    bench.commit(noting(bench, idea())).await;
    bench.commit(noting(bench, made("post-1"))).await;

    conflict(&bench.store.commit(noting(bench, made("post-2"))).await);
}

async fn an_answer_that_was_shown_is_not_forgotten(bench: &Bench) {
    let answered = Idea { answer: Some(message("answer")), ..idea() };
    bench.commit(noting(bench, answered)).await;

    let dismissed = Idea { dismissed: true, ..idea() };
    bench.commit(noting(bench, dismissed)).await;

    let found = bench.store.idea(&bench.northside, &message("answer")).await;
    assert!(found.expect("read").is_some_and(|idea| idea.dismissed));
}

fn showing(bench: &Bench, card: Card) -> Change {
    Change { card: Some(card), ..bench.change() }
}

fn noting(bench: &Bench, idea: Idea) -> Change {
    Change { idea: Some(idea), ..bench.change() }
}

fn idea() -> Idea {
    Idea {
        at: message("idea"),
        member: MemberId::new("maya"),
        text: "Something about flu shots".to_owned(),
        files: vec![FileRef {
            id: "f1".to_owned(),
            name: "shot.png".to_owned(),
            alt: String::new(),
        }],
        typed: Timestamp::UNIX_EPOCH,
        answer: None,
        post: None,
        dismissed: false,
        offered: None,
        pictured: Some(Pictured {
            files: vec!["f1".to_owned()],
            by: MemberId::new("maya"),
            word: Word::Consent { codes: vec!["KDRM-4Q7X".to_owned()] },
        }),
    }
}

async fn open(bench: &Bench) -> Vec<String> {
    let open = bench.store.open_cards(&bench.northside).await;
    let open = open.expect("read").into_iter();
    open.map(|card| card.at.message).collect()
}
