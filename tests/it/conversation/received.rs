//! How what went out is received is looked at by a plan that holds, whatever happens meanwhile.

use countersign::domain::engagement::{Category, Counts, next_look};
use countersign::domain::outbox::{Outcome, RowKind, RowState};
use countersign::ports::engagement::{Engaged, Remark, Seen};
use countersign::ports::store::Change;
use jiff::{SignedDuration, Timestamp};

use crate::support::TestPractice;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

fn seen(likes: i64) -> Seen {
    let counts = Counts { likes: Some(likes), ..Counts::default() };
    Seen { counts, remarks: Vec::new() }
}

fn remark(remote: &str, category: Category, about: Option<&str>) -> Remark {
    Remark {
        remote: remote.to_owned(),
        url: format!("https://page.test/{remote}"),
        at: "2026-11-23T15:00:00Z".parse().expect("a time"),
        category,
        about: about.map(str::to_owned),
    }
}

/// One post is live, on a network that tells of likes.
async fn published() -> TestPractice {
    let practice = TestPractice::open().await;
    practice.network.tells(Ok(seen(0)));
    let maya = practice.person("maya");
    maya.says("ideas", "/post new Flu shots this Saturday.").await;
    practice.settle().await;
    maya.presses("Send for signature").await;
    practice.settle().await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;
    assert_eq!(practice.network.live().len(), 1, "{}", practice.transcript());
    practice
}

async fn engaged(practice: &TestPractice) -> Vec<Engaged> {
    let all = practice.office.store.engaged(&practice.id(), Timestamp::MIN, Timestamp::MAX).await;
    all.expect("readable")
}

/// Minutes pass one by one.
async fn minutes(practice: &TestPractice, many: i64) {
    for _ in 0..many {
        practice.waits(SignedDuration::from_mins(1)).await;
    }
}

#[tokio::test]
async fn the_plan_goes_on_where_it_was_after_a_restart() {
    let mut practice = published().await;
    minutes(&practice, 20).await;
    practice.network.tells(Ok(seen(3)));
    practice.restarts().await;
    minutes(&practice, 50).await;

    let one = &engaged(&practice).await[0];
    let key = one.publication.as_str();
    let next = |last: &Timestamp| next_look(one.published, *last, key);
    let planned: Vec<Timestamp> =
        std::iter::successors(next(&one.published), next).take(5).collect();

    let looks = practice.network.looks();
    assert_eq!(looks.len(), 5, "{looks:?}");
    for (look, planned) in looks.iter().zip(&planned) {
        let late = look.duration_since(*planned);
        assert!((0..60).contains(&late.as_secs()), "{look} instead of {planned}");
    }
    assert_eq!(one.counts, seen(3).counts);
    let spans = practice.office.store.spans(&practice.id(), &one.publication).await;
    let spans = spans.expect("readable");
    let likes: Vec<_> = spans.iter().map(|span| (span.counts.likes, span.late)).collect();
    assert_eq!(likes, [(Some(0), false), (Some(3), false)]);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn time_in_which_nobody_looked_is_known() {
    let practice = published().await;
    minutes(&practice, 20).await;
    practice.waits(HOUR * 50).await;

    let publication = engaged(&practice).await[0].publication.clone();
    let spans = practice.office.store.spans(&practice.id(), &publication).await;
    let late: Vec<bool> = spans.expect("readable").iter().map(|span| span.late).collect();

    assert_eq!(late, [false, true], "nothing changed, and yet nobody knows");
    assert_eq!(practice.network.looks().len(), 3, "what was missed is not made up for");
}

#[tokio::test]
async fn a_network_that_asks_to_wait_is_not_asked_before() {
    let practice = published().await;
    let until = practice.office.now().saturating_add(HOUR).expect("soon");
    practice.network.tells(Err(Outcome::TryLater(until)));

    minutes(&practice, 59).await;
    assert_eq!(practice.network.looks().len(), 1);
    assert_eq!(engaged(&practice).await[0].looked, None, "it has told nothing yet");
    practice.network.tells(Ok(seen(1)));
    minutes(&practice, 2).await;

    assert_eq!(practice.network.looks().len(), 2);
    assert_eq!(engaged(&practice).await[0].counts.likes, Some(1));
}

#[tokio::test]
async fn what_was_taken_down_is_not_looked_at_any_more() {
    let practice = published().await;
    minutes(&practice, 10).await;
    let before = practice.network.looks().len();
    practice.person("lena").presses("Take it down").await;
    practice.settle().await;

    minutes(&practice, 60).await;

    assert_eq!(practice.network.looks().len(), before);
    let rows = practice.office.store.tally().await.expect("readable").rows;
    let looks = rows
        .iter()
        .filter(|(kind, state, _)| (*kind, *state) == (RowKind::Engagement, RowState::Ready));
    assert_eq!(looks.map(|(.., many)| *many).sum::<i64>(), 1, "the account's mentions");
}

#[tokio::test]
async fn an_account_that_was_removed_is_not_asked_any_more() {
    let practice = published().await;
    minutes(&practice, 10).await;
    let before = practice.network.looks().len();
    let store = &practice.office.store;
    let mut after = store.practice(&practice.id()).await.expect("readable").expect("there");
    after.former_accounts.append(&mut after.accounts);
    let change = Change::new(practice.id(), practice.office.now());
    store.commit(Change { practice_after: Some(after), ..change }).await.expect("removed");

    minutes(&practice, 60).await;

    assert_eq!((before, practice.network.looks().len()), (1, 1));
    let rows = practice.office.store.tally().await.expect("readable").rows;
    assert!(rows.iter().all(|(kind, ..)| *kind != RowKind::Engagement), "{rows:?}");
}

#[tokio::test]
async fn who_says_something_is_noted_once_and_without_a_word() {
    let practice = published().await;
    let id = practice.network.live()[0].id.clone();
    let (comment, mention) =
        (remark("r1", Category::Comment, Some(&id)), remark("r2", Category::Mention, None));
    practice.network.tells(Ok(Seen { remarks: vec![comment.clone()], ..seen(1) }));
    practice.network.is_named(vec![mention.clone(), comment.clone()]);

    minutes(&practice, 90).await;

    let seen = (Timestamp::MIN, Timestamp::MAX);
    let noted = practice.office.store.remarks(&practice.id(), seen, 9).await.expect("readable");
    let mut noted: Vec<_> =
        noted.into_iter().map(|one| (one.remark.remote, one.publication)).collect();
    noted.sort();
    let publication = engaged(&practice).await[0].publication.clone();
    assert_eq!(noted, [("r1".to_owned(), Some(publication)), ("r2".to_owned(), None)]);
}
