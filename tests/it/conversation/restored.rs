//! A database that is put back: nothing goes out twice, and nothing leaves before a person looked.

use countersign::app::operator;
use countersign::cli::found::Found;
use countersign::cli::heads::Outside;
use countersign::cli::{origin, verify};
use countersign::domain::canonical::hex;
use countersign::domain::entry::What;
use countersign::domain::ids::PracticeId;
use countersign::domain::outbox::{Certainty, RowState};
use countersign::domain::practice::Practice;
use countersign::domain::state::{Cause, State};
use insta::assert_snapshot;
use jiff::SignedDuration;

use super::signed;
use crate::support::{Counted, Does, TestPractice, ledger_key, sample};

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

#[tokio::test]
async fn a_release_that_waited_in_the_copy_does_not_lift_the_stop() {
    let mut practice = TestPractice::open_on_a_file(|_| {}).await;
    signed(&practice).await;
    practice.person("dr-kim").says("approvals", "/post stop").await;
    practice.settle().await;
    practice.person("dr-kim").says("approvals", "/post release").await;
    let backup = practice.is_backed_up().await;
    practice.waits(SignedDuration::from_hours(2)).await;
    assert_eq!(practice.network.texts(), ["Flu shots this Saturday."]);
    practice.transcript();

    practice.is_put_back(&backup).await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    -- restart
    countersign now card 1.1 "Flu shots this Saturday." | published | stopped: nothing leaves until it is released | Is live [Take it down]
    countersign put back, without entries #29 to #32 of the former run; held: post 1 [Release]
    countersign (to dr-kim) no effect on 0: you did that before the database was put back from a copy, so it has no effect now: look at the accounts, and do it again
    countersign 1 on Practice page: is live.
    "#);
    assert!(is_stopped(&practice).await);
    assert!(practice.ledger().await.contains(&"no-effect".to_owned()));
    releases(&practice).await;
    assert!(!is_stopped(&practice).await);
    assert_eq!(practice.network.requests(), 1);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_hold_that_was_to_be_lifted_before_the_copy_stays() {
    let mut practice = TestPractice::open_on_a_file(|_| {}).await;
    signed(&practice).await;
    practice.person("maya").presses("Hold").await;
    practice.settle().await;
    practice.person("lena").presses("Lift the hold").await;
    let backup = practice.is_backed_up().await;
    practice.passes(SignedDuration::from_mins(5));

    practice.is_put_back(&backup).await;
    practice.settle().await;
    releases(&practice).await;
    practice.waits(SignedDuration::from_hours(1)).await;

    let hold = practice.post(1).await.hold.expect("held");
    assert_eq!((hold.by, hold.cause), (None, Some(Cause::Restored)));
    assert_eq!(practice.network.requests(), 0);
    practice.person("lena").presses("Lift the hold").await;
    practice.waits(SignedDuration::from_mins(1)).await;
    assert_eq!(practice.network.texts(), ["Flu shots this Saturday."]);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn it_is_not_live_that_was_said_before_the_copy_lets_nothing_out() {
    let mut practice = TestPractice::open_on_a_file(|_| {}).await;
    practice.network.certainty_is(Certainty::Neither);
    practice.network.next(&[Does::LosesSilently]);
    signed(&practice).await;
    practice.waits(SignedDuration::from_hours(2)).await;
    assert_eq!(practice.post(1).await.publications[0].state, RowState::Parked);
    practice.person("dr-rao").presses("It is not").await;
    let backup = practice.is_backed_up().await;
    practice.waits(SignedDuration::from_mins(5)).await;
    let sent = practice.network.requests();

    practice.is_put_back(&backup).await;
    practice.settle().await;
    releases(&practice).await;

    assert_eq!(practice.post(1).await.publications[0].state, RowState::Parked);
    assert_eq!(practice.network.requests(), sent);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn an_edit_after_a_restore_lets_nothing_out_before_a_manager_has_looked() {
    let mut practice = TestPractice::open_on_a_file(|_| {}).await;
    put_back_before_it_was_signed(&mut practice).await;

    practice.person("maya").fills("Edit", &[("text", "Flu shots this Sunday.")]).await;
    practice.settle().await;
    practice.person("dr-rao").signs().await;
    practice.waits(SignedDuration::from_hours(1)).await;
    assert_eq!(practice.post(1).await.state, State::SignedOff);
    assert_eq!(practice.network.texts(), ["Flu shots this Saturday."]);

    practice.person("lena").presses("Lift the hold").await;
    practice.waits(SignedDuration::from_mins(1)).await;
    assert_eq!(practice.network.texts(), ["Flu shots this Saturday.", "Flu shots this Sunday."]);
    practice.ledger_equals_tables().await;
}

/// Puts the database back as it was before the post was signed and went out.
async fn put_back_before_it_was_signed(practice: &mut TestPractice) {
    practice.person("maya").submits("Flu shots this Saturday.").await;
    let backup = practice.is_backed_up().await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;
    assert_eq!(practice.network.texts(), ["Flu shots this Saturday."]);
    practice.is_put_back(&backup).await;
    practice.settle().await;
    releases(practice).await;
}

async fn is_stopped(practice: &TestPractice) -> bool {
    let now = practice.office.store.practice(&practice.id()).await.expect("readable");
    now.expect("a practice").stopped
}

/// A start that dies in the middle leaves lines of its own at the log's end, where the next one
/// looked and saw nothing that it did not know.
#[tokio::test]
async fn of_many_practices_none_is_forgotten_when_starts_die() {
    let mut practice = TestPractice::open_on_a_file(|_| {}).await;
    let others: Vec<PracticeId> =
        (0..360).map(|n| PracticeId::new(format!("practice-{n}"))).collect();
    let key = hex::encode(ledger_key().verifying_key().as_bytes());
    for id in &others {
        let new = Practice::new(id.clone(), true);
        let entries = sample::entries(&new, &key, &Counted::default());
        practice.office.store.found(&new, practice.office.now(), &entries).await.expect("founded");
    }
    let copy = practice.is_copied_by_hand().await;
    for id in &others {
        let (changed, _) = operator::stop_one(&practice.office, id, true).await.expect("stopped");
        assert!(changed);
        operator::stop_one(&practice.office, id, false).await.expect("released");
    }

    let deaths = practice.is_put_back_and_dies(&copy, 10).await;

    assert!(deaths > 3, "{deaths}");
    for id in &others {
        let now = practice.office.store.practice(id).await.expect("readable");
        assert!(now.expect("a practice").stopped, "{id}");
        let origin = practice.office.store.origin(id).await.expect("readable");
        assert_eq!(origin.copied, None, "{id}");
        let told = practice.office.store.entries(id, 0, 99).await.expect("readable");
        let restored = told.iter().filter_map(|(sealed, _)| match &sealed.entry.fact.what {
            What::Restored { former, .. } => Some(*former),
            _ => None,
        });
        let last = i64::try_from(told.len()).expect("small") + 1;
        assert_eq!(restored.collect::<Vec<_>>(), [Some(last)], "{id}");
    }
}

/// A command that writes before the first start hid the former run's lines behind its own.
#[tokio::test]
async fn a_command_before_the_first_start_hides_nothing() {
    let mut practice = TestPractice::open_on_a_file(|_| {}).await;
    signed(&practice).await;
    let copy = practice.is_copied_by_hand().await;
    practice.waits(SignedDuration::from_hours(2)).await;
    assert_eq!(practice.network.requests(), 1);

    practice.is_put_back_unseen(&copy).await;
    let heads = practice.folder.path().join("heads.log");
    let key = ledger_key().verifying_key();
    for stopped in [true, false].repeat(6) {
        let store = practice.office.store.as_ref();
        origin::mark(store, &heads, &key).await.expect("marked");
        operator::stop_one(&practice.office, &practice.id(), stopped).await.expect("done");
    }
    practice.settle().await;
    assert_eq!(practice.network.requests(), 1);
    practice.restarts().await;

    assert!(is_stopped(&practice).await);
    assert!(practice.post(1).await.hold.is_some());
    let restored = practice.ledger().await.iter().filter(|kind| *kind == "restored").count();
    assert_eq!(restored, 1);
}
