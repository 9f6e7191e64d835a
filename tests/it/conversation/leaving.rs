//! Leaving: exactly once, in its window, never by surprise.

use countersign::app::outbox;
use countersign::app::sweep;
use countersign::domain::outbox::Certainty;
use countersign::domain::state::State;
use countersign::ports::store::Kinds;
use insta::assert_snapshot;
use jiff::SignedDuration;

use super::signed;
use crate::support::{Does, TestPractice};

#[tokio::test]
async fn an_answer_that_never_came_is_looked_up() {
    let practice = TestPractice::open().await;
    signed(&practice).await;
    practice.network.next(&[Does::TakesSilently]);

    practice.waits(SignedDuration::from_hours(1)).await;
    practice.waits(SignedDuration::from_mins(2)).await;

    assert_snapshot!(practice.transcript(), @r#"
    -- 1h
    network     p1 is live: "Flu shots this Saturday."
    countersign now card 1.1 "Flu shots this Saturday." | publishing | May be live; finding out before anything is sent again [Hold]
    -- 2m
    countersign now card 1.1 "Flu shots this Saturday." | published | Is live [Take it down]
    countersign 1 on Practice page: is live.
    "#);
    assert_eq!(practice.network.requests(), 1);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_network_that_can_not_tell_is_asked_again_then_a_person_is() {
    let practice = TestPractice::open().await;
    signed(&practice).await;
    practice.network.next(&[Does::TakesSilently]);
    practice.network.blind(true);

    practice.waits(SignedDuration::from_hours(1)).await;
    for _ in 0..20 {
        practice.waits(SignedDuration::from_mins(16)).await;
    }
    practice.transcript();
    practice.person("lena").presses("It is live").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    lena        [It is live]
    countersign now card 1.1 "Flu shots this Saturday." | published | Is live [Take it down]
    countersign (to lena) now all is mended
    countersign 1 on Practice page: is live.
    "#);
    assert_eq!(practice.network.requests(), 1);
    practice.ledger_equals_tables().await;
}

/// It once sent what somebody else had found absent by then.
#[tokio::test]
async fn a_worker_that_sleeps_past_its_lease_sends_nothing_any_more() {
    let practice = TestPractice::open().await;
    signed(&practice).await;
    practice.passes(SignedDuration::from_hours(1));

    let sleeps = practice.network.while_connecting(async {
        practice.passes(practice.office.pace.lease);
    });
    let ((), worked) = tokio::join!(sleeps, outbox::drain(&practice.office, Kinds::All));
    worked.expect("works");
    assert_eq!(practice.network.requests(), 0);
    practice.waits(SignedDuration::from_mins(2)).await;
    practice.waits(SignedDuration::from_mins(2)).await;
    practice.waits(SignedDuration::from_mins(2)).await;

    assert_eq!(practice.network.texts(), ["Flu shots this Saturday."]);
    assert_eq!(practice.network.requests(), 1);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn what_surely_did_not_arrive_is_sent_again() {
    let practice = TestPractice::open().await;
    signed(&practice).await;
    practice.network.next(&[Does::LosesSilently]);

    practice.waits(SignedDuration::from_hours(1)).await;
    practice.waits(SignedDuration::from_mins(2)).await;
    practice.waits(SignedDuration::from_mins(2)).await;

    assert_eq!(practice.network.texts(), ["Flu shots this Saturday."]);
    assert_eq!(practice.network.requests(), 2);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_network_with_keys_is_sent_the_same_key_again() {
    let practice = TestPractice::open().await;
    practice.network.certainty_is(Certainty::Key { lifetime: SignedDuration::from_hours(1) });
    signed(&practice).await;
    practice.network.next(&[Does::TakesSilently, Does::LosesSilently]);

    practice.waits(SignedDuration::from_hours(1)).await;
    practice.waits(SignedDuration::from_mins(2)).await;
    assert_eq!(practice.network.requests(), 2);
    practice.waits(SignedDuration::from_mins(2)).await;

    assert_eq!(practice.network.texts(), ["Flu shots this Saturday."]);
    assert_eq!(practice.network.requests(), 3);
    assert_eq!(practice.post(1).await.state, State::Published);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn where_nobody_can_find_out_a_person_is_asked() {
    let practice = TestPractice::open().await;
    practice.network.certainty_is(Certainty::Neither);
    signed(&practice).await;
    practice.network.next(&[Does::LosesSilently]);

    practice.waits(SignedDuration::from_hours(1)).await;
    practice.waits(SignedDuration::from_mins(10)).await;
    practice.person("maya").presses("It is not").await;
    practice.settle().await;
    practice.person("lena").presses("It is not").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    -- 1h
    countersign now card 1.1 "Flu shots this Saturday." | publishing | May be live; finding out before anything is sent again [Hold]
    countersign now card 1.1 "Flu shots this Saturday." | publishing | May be live; somebody has to look [It is live] [It is not] [Hold]
    countersign 1: is it live on Practice page? [It is live] [It is not]
    countersign (to lena) alarm: 1 Practice page may be live; somebody has to look [It is live] [It is not]
    -- 10m
    maya        [It is not]
    countersign (to maya) no effect on 1: only a member of the practice itself can do that
    lena        [It is not]
    network     p1 is live: "Flu shots this Saturday."
    countersign now card 1.1 "Flu shots this Saturday." | published | Is live [Take it down]
    countersign (to lena) now all is mended
    countersign 1 on Practice page: is live.
    "#);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_person_can_say_that_it_is_live() {
    let practice = TestPractice::open().await;
    practice.network.certainty_is(Certainty::Neither);
    signed(&practice).await;
    practice.network.next(&[Does::TakesSilently]);

    practice.waits(SignedDuration::from_hours(1)).await;
    practice.person("dr-rao").presses("It is live").await;
    practice.settle().await;

    assert_eq!(practice.post(1).await.state, State::Published);
    assert_eq!(practice.network.requests(), 1);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn later_means_later_and_no_means_no() {
    let practice = TestPractice::open().await;
    signed(&practice).await;
    practice.network.next(&[Does::Later(600), Does::Refuses]);

    practice.waits(SignedDuration::from_hours(1)).await;
    practice.waits(SignedDuration::from_mins(9)).await;
    practice.waits(SignedDuration::from_mins(2)).await;

    assert_snapshot!(practice.transcript(), @r#"
    -- 1h
    countersign now card 1.1 "Flu shots this Saturday." | signed off | Waits until Mon 23 Nov 2026, 10:10 America/Chicago: the network asked to wait [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    countersign 1 on Practice page: waits until Mon 23 Nov 2026, 10:10 America/Chicago: the network asked to wait.
    -- 9m
    -- 2m
    countersign now card 1.1 "Flu shots this Saturday." | missed | Was refused: it does not like the words [Edit] [Withdraw]
    countersign 1 on Practice page: was refused: it does not like the words.
    countersign (to lena) alarm: 1 Practice page was refused: it does not like the words [Now] [Today 17:00] [Tomorrow 9:00] [Withdraw]
    "#);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_post_without_signature_misses_its_window() {
    let practice = TestPractice::open().await;
    practice.person("maya").submits("Flu shots this Saturday.").await;
    practice.transcript();

    practice.waits(SignedDuration::from_hours(25)).await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    -- 25h
    countersign now card 1.1 "Flu shots this Saturday." | missed [Edit] [Withdraw]
    countersign 1 missed its window [Now] [Today 17:00] [Tomorrow 9:00] [Withdraw]
    countersign (to lena) alarm: 1  did not go out: its window closed first [Now] [Today 17:00] [Tomorrow 9:00] [Withdraw]
    dr-rao      ✅ on card 1.1
    countersign (to dr-rao) no effect on 1: this post missed its window: choose a new slot first [Now] [Today 17:00] [Tomorrow 9:00]
    "#);
    assert!(practice.network.live().is_empty());
    practice.ledger_equals_tables().await;
}

/// The sweep once took such a ✅ for one that had vanished, and held the post.
#[tokio::test]
async fn a_reaction_made_while_its_card_is_read_counts() {
    let practice = TestPractice::open().await;
    practice.person("maya").submits("Flu shots this Saturday.").await;
    practice.transcript();

    let signs = practice.chat.between_look_and_answer(async {
        practice.person("dr-rao").signs().await;
        practice.handles_events().await;
    });
    let ((), swept) = tokio::join!(signs, sweep::all(&practice.office));
    swept.expect("swept");
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    dr-rao      ✅ on card 1.1
    network     p1 is live: "Flu shots this Saturday."
    countersign now card 1.1 "Flu shots this Saturday." | published | Is live [Take it down]
    countersign 1 on Practice page: is live.
    "#);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_stop_keeps_everything_in_until_it_is_released() {
    let practice = TestPractice::open().await;
    signed(&practice).await;
    let card = practice.chat.card(1, 1);

    practice.person("tomas").reacts("🛑", &card).await;
    practice.waits(SignedDuration::from_hours(2)).await;
    practice.person("maya").says("approvals", "/post release").await;
    practice.settle().await;
    assert!(practice.network.live().is_empty());
    practice.person("lena").presses("Release").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    tomas       🛑 on card 1.1
    -- 2h
    countersign now card 1.1 "Flu shots this Saturday." | signed off | stopped: nothing leaves until it is released [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    countersign stopped by Tomas, in flight: 0 [Release]
    maya        says: /post release
    countersign (to maya) no effect on 0: only an approver or manager of the practice releases a stop
    lena        [Release]
    network     p1 is live: "Flu shots this Saturday."
    countersign now card 1.1 "Flu shots this Saturday." | published | Is live [Take it down]
    countersign released by Lena, in flight: 0
    countersign 1 on Practice page: is live.
    "#);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_withdrawn_post_does_not_leave() {
    let practice = TestPractice::open().await;
    signed(&practice).await;

    practice.person("maya").presses("Withdraw").await;
    practice.waits(SignedDuration::from_hours(2)).await;

    assert_snapshot!(practice.transcript(), @r#"
    maya        [Withdraw]
    -- 2h
    countersign now card 1.1 "Flu shots this Saturday." | withdrawn
    "#);
    assert!(practice.network.live().is_empty());
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn the_same_event_twice_has_one_effect() {
    let practice = TestPractice::open().await;
    practice.person("maya").submits("Flu shots this Saturday.").await;
    practice.transcript();

    practice.again(true);
    practice.person("dr-rao").signs().await;
    practice.settle().await;

    assert_eq!(practice.network.texts(), ["Flu shots this Saturday."]);
    assert_eq!(practice.ledger().await.iter().filter(|kind| *kind == "signed").count(), 1);
    practice.ledger_equals_tables().await;
}
