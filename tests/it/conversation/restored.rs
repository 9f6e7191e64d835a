//! A database that is put back: nothing goes out twice, and nothing leaves before a person looked.

use countersign::cli::found::Found;
use countersign::cli::heads::Outside;
use countersign::cli::verify;
use countersign::domain::outbox::{Certainty, RowState};
use countersign::domain::state::State;
use insta::assert_snapshot;
use jiff::SignedDuration;

use super::signed;
use crate::support::{TestPractice, ledger_key};

/// Puts the database back as it was before the post went out.
async fn put_back_before_it_left(practice: &mut TestPractice) {
    signed(practice).await;
    let backup = practice.is_backed_up().await;
    practice.waits(SignedDuration::from_hours(2)).await;
    assert_eq!(practice.network.texts(), ["Flu shots this Saturday."]);
    practice.transcript();

    practice.is_put_back(&backup).await;
    practice.settle().await;
}

async fn releases(practice: &TestPractice) {
    practice.person("dr-kim").says("approvals", "/post release").await;
    practice.settle().await;
    practice.waits(SignedDuration::from_hours(1)).await;
}

#[tokio::test]
async fn last_nights_backup_publishes_nothing_again() {
    let mut practice = TestPractice::open_on_a_file(|_| {}).await;

    put_back_before_it_left(&mut practice).await;
    practice.waits(SignedDuration::from_secs(60)).await;
    releases(&practice).await;

    assert_snapshot!(practice.transcript(), @r#"
    -- restart
    countersign now card 1.1 "Flu shots this Saturday." | published | stopped: nothing leaves until it is released | Is live [Take it down]
    countersign put back, without entries #28 to #30 of the former run; held: post 1 [Release]
    countersign 1 on Practice page: is live.
    -- 1m
    dr-kim      says: /post release
    countersign released by Dr. Kim, in flight: 0
    -- 1h
    "#);
    assert_eq!(practice.network.texts(), ["Flu shots this Saturday."]);
    assert_eq!(practice.network.requests(), 1);
    assert_eq!(practice.post(1).await.state, State::Published);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_network_that_cannot_tell_leaves_it_to_a_person() {
    let mut practice = TestPractice::open_on_a_file(|_| {}).await;
    practice.network.certainty_is(Certainty::Neither);

    put_back_before_it_left(&mut practice).await;
    releases(&practice).await;

    assert_eq!(practice.post(1).await.publications[0].state, RowState::Parked);
    assert_eq!(practice.network.requests(), 1);
    practice.person("dr-rao").presses("It is live").await;
    practice.settle().await;
    assert_eq!(practice.post(1).await.state, State::Published);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_post_that_was_signed_after_the_copy_does_not_go_out_again() {
    let mut practice = TestPractice::open_on_a_file(|_| {}).await;
    practice.person("maya").submits("Flu shots this Saturday.").await;
    let backup = practice.is_backed_up().await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;
    practice.transcript();

    // The ✅ stands on the card, and no row of the copy knows of the publication.
    practice.is_put_back(&backup).await;
    practice.settle().await;
    releases(&practice).await;

    assert_snapshot!(practice.transcript(), @r#"
    -- restart
    countersign put back, without entries #26 to #29 of the former run; held: post 1 [Release]
    countersign now card 1.1 "Flu shots this Saturday." | signed off | stopped: nothing leaves until it is released [Sign] [Take my sign-off back] [Decline] [Lift the hold] [Edit] [Withdraw]
    countersign (to lena) alarm: 1  is held: it may have been published or changed after the copy that was put back [Lift the hold] [Edit]
    dr-kim      says: /post release
    countersign now card 1.1 "Flu shots this Saturday." | signed off | held: it may have been published or changed after the copy that was put back [Sign] [Take my sign-off back] [Decline] [Lift the hold] [Edit] [Withdraw]
    countersign released by Dr. Kim, in flight: 0
    -- 1h
    "#);
    assert_eq!(practice.network.requests(), 1);
    assert!(practice.post(1).await.hold.is_some());
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn what_never_left_goes_out_once_a_manager_has_looked() {
    let mut practice = TestPractice::open_on_a_file(|_| {}).await;
    signed(&practice).await;
    let backup = practice.is_backed_up().await;
    practice.is_put_back(&backup).await;
    practice.settle().await;
    practice.waits(SignedDuration::from_hours(1)).await;
    releases(&practice).await;
    assert!(practice.network.live().is_empty());
    practice.transcript();

    practice.person("lena").presses("Lift the hold").await;
    practice.settle().await;
    practice.waits(SignedDuration::from_mins(1)).await;

    assert_snapshot!(practice.transcript(), @r#"
    lena        [Lift the hold]
    network     p1 is live: "Flu shots this Saturday."
    countersign now card 1.1 "Flu shots this Saturday." | published | Is live [Take it down]
    countersign (to lena) now all is mended
    countersign 1 on Practice page: is live.
    -- 1m
    "#);
    assert_eq!(practice.network.texts(), ["Flu shots this Saturday."]);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_file_that_was_copied_back_by_hand_is_recognised() {
    let mut practice = TestPractice::open_on_a_file(|_| {}).await;
    signed(&practice).await;
    let copy = practice.is_copied_by_hand().await;
    practice.waits(SignedDuration::from_hours(2)).await;

    practice.is_put_back(&copy).await;
    practice.settle().await;
    releases(&practice).await;

    assert_eq!(practice.network.requests(), 1);
    assert!(practice.ledger().await.contains(&"restored".to_owned()));
    // The log's lines of the former run are no news at the next start, and those of this run are.
    practice.restarts().await;
    practice.person("maya").submits("Closed on Monday.").await;
    practice.is_put_back(&copy).await;
    let restored = practice.ledger().await.iter().filter(|kind| *kind == "restored").count();
    assert_eq!(restored, 1);
    practice.restarts().await;
    let again = practice.ledger().await.iter().filter(|kind| *kind == "restored").count();
    assert_eq!(again, 1);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn an_older_copy_of_a_restored_database_is_recognised_too() {
    let mut practice = TestPractice::open_on_a_file(|_| {}).await;
    signed(&practice).await;
    let backup = practice.is_backed_up().await;
    practice.waits(SignedDuration::from_hours(2)).await;
    practice.is_put_back(&backup).await;
    practice.settle().await;
    let copy = practice.is_copied_by_hand().await;
    // Its end is not beyond that of the first run.
    practice.person("dr-kim").says("approvals", "/post release").await;
    practice.settle().await;

    practice.is_put_back(&copy).await;

    let restored = practice.ledger().await.iter().filter(|kind| *kind == "restored").count();
    assert_eq!(restored, 2);
}

#[tokio::test]
async fn what_was_entered_after_the_copy_is_named_by_verify() {
    let mut practice = TestPractice::open_on_a_file(|_| {}).await;
    signed(&practice).await;
    let backup = practice.is_backed_up().await;
    let end = practice.ledger().await.len();
    practice.waits(SignedDuration::from_hours(2)).await;
    let former = practice.ledger().await.len();
    let head = practice.office.store.head(&practice.id()).await.expect("a head").short();
    practice.is_put_back(&backup).await;
    practice.settle().await;

    let log = std::fs::read_to_string(practice.folder.path().join("heads.log")).expect("a log");
    let key = ledger_key().verifying_key();
    let log = Outside::read_file(&log, &key).expect("signed");
    let chat = [Outside::read(&head).expect("a head")];
    let forged = [Outside::read(&format!("{end}:00000000")).expect("a head")];

    for outside in [&log[..], &chat[..], &[]] {
        let mut said = Vec::new();
        let store = practice.office.store.as_ref();
        let found = verify::run(store, &key, outside, &mut said).await.expect("looks");
        let said = String::from_utf8(said).expect("words");
        assert_eq!(found, Found::Intact, "{said}");
        let words = format!(
            "restored at #{end} from a copy of Mon 23 Nov 2026, 15:00 UTC; entries #{} to #{former} \
             of the former run are not here",
            end + 1
        );
        assert!(said.contains(&words), "{said}");
    }
    let mut said = Vec::new();
    let found = verify::run(practice.office.store.as_ref(), &key, &forged, &mut said).await;
    assert_eq!(found.expect("looks"), Found::Broken);
}
