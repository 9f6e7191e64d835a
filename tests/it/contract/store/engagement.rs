//! How publications are received is kept as it changed, with the time in which nobody looked.

use countersign::domain::engagement::{Category, Counts, next_look};
use countersign::domain::ids::{AccountId, RowId};
use countersign::domain::outbox::RowState;
use countersign::ports::engagement::{Engaged, KeepsEngagement, Look, Noted, Remark, Span, Told};
use jiff::Timestamp;

use super::bench::{Bench, promises};
use super::values::at;

promises!(
    counts_are_kept_as_they_changed,
    looks_that_were_missed_are_told_from_counts_that_did_not_change,
    what_a_network_does_not_tell_changes_nothing,
    remarks_are_kept_once,
    engagement_stays_inside_its_practice,
);

fn likes(likes: i64) -> Counts {
    Counts { likes: Some(likes), reposts: Some(0), ..Counts::default() }
}

fn span(since: Timestamp, until: Timestamp, late: bool, counts: Counts) -> Span {
    Span { since, until, late, counts }
}

/// A publication of northside's first post that went out at the hundredth second.
async fn published(bench: &Bench) -> Look {
    let post = bench.post().await;
    bench.bring(bench.publication("row-1", &post), RowState::Done).await;
    Look {
        publication: RowId::new("row-1"),
        post: post.id,
        account: AccountId::new("page"),
        published: at(100),
        at: at(100),
        told: Told::Nothing,
    }
}

/// The planned looks.
fn planned(look: &Look) -> Vec<Timestamp> {
    let next = |last: &Timestamp| next_look(look.published, *last, look.publication.as_str());
    std::iter::successors(next(&look.published), next).collect()
}

async fn keep(bench: &Bench, look: &Look, at: Timestamp, told: Told) {
    let look = Look { at, told, ..look.clone() };
    bench.store.keep_look(&bench.northside, &look).await.expect("kept");
}

async fn spans(bench: &Bench) -> Vec<Span> {
    let spans = bench.store.spans(&bench.northside, &RowId::new("row-1")).await;
    spans.expect("readable")
}

async fn engaged(bench: &Bench) -> Engaged {
    let store = bench.another().await;
    let all = store.engaged(&bench.northside, at(100), at(101)).await.expect("readable");
    let [one] = &all[..] else { panic!("{all:?}") };
    let of_post = store.engaged_of(&bench.northside, &one.post).await;
    assert_eq!(of_post.as_deref(), Ok(&all[..]));
    one.clone()
}

async fn counts_are_kept_as_they_changed(bench: &Bench) {
    let look = published(bench).await;
    let times = planned(&look);

    for (time, count) in times.iter().zip([1, 1, 1, 4, 3, 3]) {
        keep(bench, &look, *time, Told::Counts(likes(count))).await;
    }

    assert_eq!(
        spans(bench).await,
        [
            span(times[0], times[2], false, likes(1)),
            span(times[3], times[3], false, likes(4)),
            span(times[4], times[5], false, likes(3)),
        ]
    );
    let last = engaged(bench).await;
    assert_eq!((last.counts, last.looked, last.gone), (likes(3), Some(times[5]), None));
    // Somebody who was slow changes nothing.
    keep(bench, &look, times[4], Told::Counts(likes(9))).await;
    assert_eq!(engaged(bench).await.counts, likes(3));
}

async fn looks_that_were_missed_are_told_from_counts_that_did_not_change(bench: &Bench) {
    let look = published(bench).await;
    let times = planned(&look);

    for time in [times[1], times[2], times[4], times[5]] {
        keep(bench, &look, time, Told::Counts(likes(1))).await;
    }

    assert_eq!(
        spans(bench).await,
        [span(times[1], times[2], true, likes(1)), span(times[4], times[5], true, likes(1)),]
    );
}

async fn what_a_network_does_not_tell_changes_nothing(bench: &Bench) {
    let look = published(bench).await;
    let times = planned(&look);

    keep(bench, &look, times[0], Told::Nothing).await;
    let never = engaged(bench).await;
    keep(bench, &look, times[1], Told::Counts(likes(2))).await;
    keep(bench, &look, times[2], Told::Nothing).await;
    let told = engaged(bench).await;
    keep(bench, &look, times[3], Told::Gone).await;
    keep(bench, &look, times[4], Told::Gone).await;
    keep(bench, &look, times[5], Told::Nothing).await;
    let gone = engaged(bench).await;

    assert_eq!((never.looked, never.counts), (None, Counts::default()));
    assert_eq!((told.looked, told.counts), (Some(times[1]), likes(2)));
    assert_eq!((gone.looked, gone.gone), (Some(times[4]), Some(times[3])));
    assert_eq!(gone.counts, likes(2), "as they were last seen");
}

fn remark(remote: &str, category: Category, about: Option<&str>) -> Remark {
    Remark {
        remote: remote.to_owned(),
        url: format!("https://social.example/{remote}"),
        at: at(150),
        category,
        about: about.map(str::to_owned),
    }
}

async fn remarks_are_kept_once(bench: &Bench) {
    let look = published(bench).await;
    let page = AccountId::new("page");
    let comment = remark("r1", Category::Comment, Some("remote-1"));
    let quote = remark("r2", Category::Quote, Some("another's"));
    let mention = remark("r3", Category::Mention, None);
    let keep = async |remarks: &[&Remark], second| {
        let all: Vec<Remark> = remarks.iter().map(|one| (*one).clone()).collect();
        let kept = bench.store.keep_remarks(&bench.northside, &page, &all, at(second)).await;
        kept.expect("kept")
    };

    assert_eq!(keep(&[&comment, &quote], 200).await, 2);
    assert_eq!(keep(&[&mention, &quote, &comment], 300).await, 1);
    assert_eq!(keep(&[&mention, &comment], 400).await, 0);

    let read = async |from, until, limit| {
        let seen = (at(from), at(until));
        bench.store.remarks(&bench.northside, seen, limit).await.expect("readable")
    };
    let noted = |publication: Option<&RowId>, remark: &Remark, second| Noted {
        account: page.clone(),
        publication: publication.cloned(),
        remark: Remark { about: None, ..remark.clone() },
        seen: at(second),
    };
    let all = [
        noted(Some(&look.publication), &comment, 200),
        noted(None, &quote, 200),
        noted(None, &mention, 300),
    ];
    assert_eq!(read(200, 301, 9).await, all);
    assert_eq!(read(200, 301, 1).await, all[..1]);
    assert_eq!(read(301, 500, 9).await, []);
}

async fn engagement_stays_inside_its_practice(bench: &Bench) {
    let look = published(bench).await;
    keep(bench, &look, at(500), Told::Counts(likes(1))).await;
    let page = AccountId::new("page");

    let theirs = bench.store.keep_look(&bench.harbor, &look).await;
    let under_ours = [remark("r1", Category::Comment, Some("remote-1"))];
    bench.store.keep_remarks(&bench.harbor, &page, &under_ours, at(500)).await.expect("kept");

    assert!(theirs.is_err(), "it is not their publication");
    let noted = bench.store.remarks(&bench.harbor, (at(0), at(900)), 9).await.expect("readable");
    assert_eq!(noted.iter().map(|noted| &noted.publication).collect::<Vec<_>>(), [&None]);
    let engaged = bench.store.engaged(&bench.harbor, at(0), at(1000)).await;
    assert_eq!(engaged, Ok(Vec::new()));
    assert_eq!(bench.store.spans(&bench.harbor, &look.publication).await, Ok(Vec::new()));
}
