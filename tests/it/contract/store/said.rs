//! What was published is found by its words, in pages, and only by the practice that said it.

use countersign::domain::ids::PostId;
use countersign::domain::post::Post;
use countersign::domain::said::SaidWords;
use countersign::ports::store::{Change, Page, Store};

use super::bench::{Bench, promises};
use super::values::at;

promises!(posts_are_found_by_all_their_words, pages_follow_each_other, nobody_else_finds_them);

const ALL: Page = Page { after: 0, limit: 10 };

async fn says(bench: &Bench, post: &Post, words: &str, second: i64) {
    let words = words.split(' ').map(str::to_owned).collect();
    let said = Some(SaidWords { post: post.id.clone(), words });
    bench.commit(Change { said, at: at(second), ..bench.change() }).await;
}

async fn finds(bench: &Bench, words: &str, page: Page) -> Vec<PostId> {
    let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
    bench.store.said(&bench.northside, &words, page).await.expect("found")
}

/// Two posts; the second was said later.
async fn two(bench: &Bench) -> [Post; 2] {
    bench.commit(bench.draft(1)).await;
    bench.commit(bench.draft(2)).await;
    let (one, two) = (bench.load(1).await, bench.load(2).await);
    says(bench, &one, "flu shots saturday", 30).await;
    says(bench, &two, "flu walk", 40).await;
    [one, two]
}

async fn posts_are_found_by_all_their_words(bench: &Bench) {
    let [one, two] = two(bench).await;
    // The same post goes out on a second account.
    says(bench, &one, "flu shots saturday", 50).await;

    assert_eq!(finds(bench, "flu", ALL).await, [two.id.clone(), one.id.clone()]);
    assert_eq!(finds(bench, "flu shots", ALL).await, [one.id]);
    assert_eq!(finds(bench, "walk flu", ALL).await, [two.id]);
    assert_eq!(finds(bench, "shots walk", ALL).await, []);
    assert_eq!(finds(bench, "a b c d e f g h", ALL).await, []);
    assert_eq!(bench.store.said(&bench.northside, &[], ALL).await.expect("found"), []);
}

async fn pages_follow_each_other(bench: &Bench) {
    let [one, two] = two(bench).await;

    assert_eq!(finds(bench, "flu", Page { after: 0, limit: 1 }).await, [two.id]);
    assert_eq!(finds(bench, "flu", Page { after: 1, limit: 1 }).await, [one.id]);
    assert_eq!(finds(bench, "flu", Page { after: 2, limit: 1 }).await, []);
}

async fn nobody_else_finds_them(bench: &Bench) {
    two(bench).await;

    let words = ["flu".to_owned()];
    assert_eq!(bench.store.said(&bench.harbor, &words, ALL).await.expect("found"), []);
}
