//! What fails for its own reasons is put aside, and keeps nobody else waiting.

use countersign::domain::state::State;
use countersign::ports::store::Kinds;
use insta::assert_snapshot;
use jiff::SignedDuration;

use crate::support::{Does, TestPractice};

const SECOND: SignedDuration = SignedDuration::from_secs(1);

/// Damages what is stored.
async fn damages(practice: &TestPractice, sql: &'static str) {
    practice.database.opens().await.runs(sql).await.expect("damaged");
}

#[tokio::test]
async fn an_event_that_breaks_keeps_nobody_waiting() {
    let practice = TestPractice::open().await;
    practice.person("maya").shows("Our new waiting room.", "Eight chairs.").await;
    practice.settle().await;
    practice.chat.breaks(true);

    practice.person("maya").presses("Make a post").await;
    practice.person("maya").has_idea("Later, as it is hers too.").await;
    practice.person("tomas").has_idea("Flu shots this Saturday.").await;
    practice.settle().await;
    practice.note("-- the others were heard");
    for _ in 0..5 {
        practice.passes(SECOND);
        practice.settle().await;
    }

    assert_snapshot!(practice.transcript(), @"
    maya        says: Our new waiting room.
    countersign (to maya) asks whether a patient is in the picture [No] [Yes] [Not sure]
    countersign idea by Maya [Make a post] [Not a post]
    maya        presses pictured
    countersign (to maya) notes: the picture will go with the post that is made of your message
    maya        [Make a post]
    maya        says: Later, as it is hers too.
    tomas       says: Flu shots this Saturday.
    countersign idea by Tomas [Make a post] [Not a post]
    -- the others were heard
    -- 1s
    -- 1s
    -- 1s
    -- 1s
    countersign (to maya) no effect on 0: something went wrong here; whoever runs Countersign finds it in the log as event 3
    -- 1s
    countersign idea by Maya [Make a post] [Not a post]
    ");
}

#[tokio::test]
async fn an_event_that_breaks_for_a_while_is_handled_after_it() {
    let practice = TestPractice::open().await;
    practice.person("maya").shows("Our new waiting room.", "Eight chairs.").await;
    practice.settle().await;
    practice.chat.breaks(true);
    practice.person("maya").presses("Make a post").await;
    practice.settle().await;
    practice.chat.breaks(false);

    practice.waits(SECOND).await;

    assert_eq!(practice.post(1).await.state, State::Draft);
}

#[tokio::test]
async fn an_event_that_nobody_can_read_keeps_nobody_waiting() {
    let practice = TestPractice::open().await;
    practice.person("maya").has_idea("Unreadable in a moment.").await;
    damages(&practice, "UPDATE inbox SET payload = '{'").await;

    practice.person("tomas").has_idea("Flu shots this Saturday.").await;
    practice.settle().await;
    for _ in 0..5 {
        practice.waits(SECOND).await;
    }

    let waiting = practice.office.store.unhandled(0, 10).await.expect("readable");
    assert_eq!(waiting, []);
    assert_snapshot!(practice.transcript(), @r"
    maya        says: Unreadable in a moment.
    tomas       says: Flu shots this Saturday.
    countersign idea by Tomas [Make a post] [Not a post]
    -- 1s
    -- 1s
    -- 1s
    -- 1s
    -- 1s
    ");
}

#[tokio::test]
async fn many_events_that_wait_hide_no_other() {
    let practice = TestPractice::open().await;
    for _ in 0..120 {
        practice.person("maya").has_idea("Unreadable in a moment.").await;
    }
    damages(&practice, "UPDATE inbox SET payload = '{'").await;
    practice.person("tomas").has_idea("Flu shots this Saturday.").await;
    practice.transcript();

    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"
    countersign (to maya) keeps no more than 20 a minute
    countersign idea by Tomas [Make a post] [Not a post]
    ");
}

#[tokio::test]
async fn a_row_that_nobody_can_read_keeps_no_other_from_leaving() {
    let practice = TestPractice::open().await;
    practice.person("maya").has_idea("Unreadable in a moment.").await;
    practice.handles_events().await;
    damages(&practice, "UPDATE outbox SET kind = 'dream'").await;
    practice.person("tomas").has_idea("Flu shots this Saturday.").await;
    practice.transcript();

    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r"
    countersign idea by Tomas [Make a post] [Not a post]
    ");
}

#[tokio::test]
async fn a_network_that_breaks_keeps_no_other_from_leaving() {
    let practice = TestPractice::open().await;
    for text in ["Flu shots this Saturday.", "Now also on Sunday."] {
        practice.person("maya").submits(text).await;
    }
    practice.network.next(&[Does::Breaks]);

    for number in [1, 2] {
        let card = practice.chat.card(number, 1);
        practice.person("dr-rao").reacts("✅", &card).await;
    }
    practice.settle().await;
    assert_eq!(practice.network.texts(), ["Now also on Sunday."]);
    for _ in 0..3 {
        practice.waits(SignedDuration::from_mins(3)).await;
    }

    assert_eq!(practice.network.texts(), ["Now also on Sunday.", "Flu shots this Saturday."]);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn notices_do_not_wait_for_publications() {
    let practice = TestPractice::open().await;
    practice.person("maya").submits("Flu shots this Saturday.").await;
    practice.person("dr-rao").signs().await;
    practice.handles_events().await;
    practice.transcript();

    while practice.works_on(Kinds::Notices).await > 0 {}

    assert_eq!(practice.network.requests(), 0);
    assert_snapshot!(practice.transcript(), @r#"
    countersign now card 1.1 "Flu shots this Saturday." | signed off [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    "#);
}
